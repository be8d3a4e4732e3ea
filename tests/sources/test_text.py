"""Bytes become text by the order of DATES: mark, UTF-8, declared, guessed, Windows-1252."""

from __future__ import annotations

import pytest

from feedsvc.sources._text import decode, why_binary

RUSSIAN = "Президент сказал, что приедет в столицу.\nОн прибудет завтра утром.\n"


@pytest.mark.parametrize("text, encoding", [
    (RUSSIAN, "utf-8"), (RUSSIAN, "utf-8-sig"), (RUSSIAN, "utf-16"), (RUSSIAN, "utf-32"),
    (RUSSIAN, "utf-16-le"), (RUSSIAN, "utf-16-be"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"),
    ("Größere Züge für Pendler, über die Brücke.\n", "cp1252"),
    ("Władze miasta ogłosiły, że most zamknięto na święta.\n", "iso8859-2"),
    ("Ο πρόεδρος δήλωσε ότι θα έρθει αύριο το πρωί.\n", "iso8859-7"),
    ("市は十四日、改修を終えた図書館を再開した。\n", "shift_jis"),
    ("市は十四日、改修を終えた図書館を再開した。\n", "euc_jp"),
    ("市政府今天宣布，新的地铁线路将于下月开通。\n", "gb18030"),
    ("市政府今天宣布，新的地鐵路線將於下月通車。\n", "big5"),
    ("시는 오늘 새 도서관을 시민에게 공개했다고 밝혔다.\n", "euc_kr"),
])  # fmt: skip
def test_text_is_read_in_its_encoding(text, encoding):
    decoded = decode(text.encode(encoding))

    assert (decoded.text, decoded.note) == (text, None)


def test_utf_8_is_believed_before_a_declaration():
    assert decode("Café".encode(), declared="latin-1").text == "Café"


def test_a_declaration_is_believed_before_a_guess():
    assert decode("łódź".encode("iso8859-2"), declared="iso-8859-2").text == "łódź"


@pytest.mark.parametrize("declared", ["no-such-code", "utf-8", "hex", ""])
def test_a_declaration_that_does_not_decode_is_passed_over(declared):
    assert decode("Größere Züge für Pendler".encode("cp1252"), declared).text == (
        "Größere Züge für Pendler"
    )


@pytest.mark.parametrize("data, expected", [
    (b"a\r\nb\r\n", "a\nb\n"), (b"a\rb\r", "a\nb\n"), (b"a\rb\nc", "a\rb\nc"),
])  # fmt: skip
def test_lines_end_in_one_way(data, expected):
    assert decode(data).text == expected


def test_a_few_pasted_bytes_do_not_spoil_the_rest():
    decoded = decode("Où êtes-vous né ? À l'été, déjà là-bas, très près.".encode() + b" Caf\xe9.")

    assert decoded.text == "Où êtes-vous né ? À l'été, déjà là-bas, très près. Café."
    assert decoded.note == "damaged UTF-8: 1 bytes were read as Windows-1252"


def test_what_a_mark_promised_and_broke_is_noted():
    decoded = decode(b"\xff\xfea\0b\0c")

    assert decoded.text == "ab\ufffd"
    assert decoded.note == "not quite utf-16-le: 1 characters could not be read"


@pytest.mark.parametrize("data", [
    pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", id="a picture"),
    pytest.param(b"PK\x03\x04\x14\0\0\0\x08\0", id="an archive"),
    pytest.param(b"\0" * 100, id="nothing but NUL"),
    pytest.param(bytes(range(1, 32)) * 4, id="nothing but controls"),
])  # fmt: skip
def test_binary_data_is_told_from_text(data):
    assert why_binary(data).startswith("a binary file (")


@pytest.mark.parametrize("data", [
    pytest.param(b"", id="nothing"),
    pytest.param("Text.".encode("utf-16"), id="UTF-16 with a mark"),
    pytest.param("Some more text.\n".encode("utf-16-le") * 3, id="UTF-16 without"),
    pytest.param(b"A page\x0c\tand \x1b[1mbold\x01.", id="a few controls"),
    pytest.param(b"A long text with one stray zero. " * 40 + b"\0", id="one stray NUL"),
    pytest.param(b"title,text\nMast\0 raised,It stands.\n", id="a short one with a stray NUL"),
])  # fmt: skip
def test_text_is_no_binary_data(data):
    assert why_binary(data) is None


def test_lines_of_utf_8_among_others_are_each_read_as_they_are():
    data = "Požár stodoly v Lhotě hasilo pět jednotek.\n".encode()
    data += (
        "Čistička odpadních vod je po měsících hotová, příští týden začne zkušební provoz.\n".encode(
            "cp1250"
        )
        * 3
    )

    decoded = decode(data)

    assert decoded.text.split("\n")[:2] == [
        "Požár stodoly v Lhotě hasilo pět jednotek.",
        "Čistička odpadních vod je po měsících hotová, příští týden začne zkušební provoz.",
    ]
    assert decoded.note == "mixed encodings: 3 lines were read as Windows-1250, the others as UTF-8"
