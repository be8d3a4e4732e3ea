"""Messages, mailboxes and archives of lists."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import sources
from feedsvc.model import RawItem, Refused
from feedsvc.sources import mail
from tests.sources.cases import documents, verify

HEAD = b"From: a@b.example\nDate: Mon, 5 May 2025 10:00:00 +0200\nSubject: S\n"


def read(data: bytes) -> list[RawItem | Refused]:
    return list(mail.read("m.eml", data))


@pytest.mark.parametrize("path", documents("mail"), ids=lambda path: path.name)
def test_mail_of_its_kind(path):
    verify(path)


@pytest.mark.parametrize("name, head, expected", [
    ("x", b"From a@b.example Mon May  5 10:00:00 2025\nFrom: a@b.example\n", 0.95),
    ("x", b"Received: by x\nFrom: a@b.example\nSubject: S\n\n", 0.9),
    ("x", b"Subject: S\r\nDate: D\r\nFrom: a\r\n\r\nB", 0.9),
    ("a.eml", b"Whatever", 0.6),
    ("x", b"From here we went on.\nDate: none\n", 0.0),
    ("x", b"Title: T\nDate: 2025-05-05\n\nText", 0.0),
    ("x.eml", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 0.0),
])  # fmt: skip
def test_mail_is_known_by_its_first_lines(name, head, expected):
    assert mail.sniff(name, head) == expected


@pytest.mark.parametrize("sender, expected", [
    ("Ann Lee <ann@b.example>", ("Ann Lee", "ann@b.example")),
    ('"Lee, Ann" <ann@b.example>', ("Lee, Ann", "ann@b.example")),
    ("ann@b.example (Ann Lee)", ("Ann Lee", "ann@b.example")),
    ("ann@b.example", ("ann", "ann@b.example")),
    ("ann at b.example (Ann Lee)", ("Ann Lee", None)),
    ("ann at b.example", ("ann", None)),
    ("Ann Lee", ("Ann Lee", None)),
])  # fmt: skip
def test_authors(sender, expected):
    (item,) = read(f"From: {sender}\nSubject: S\n\nText.\n".encode())

    assert [(a.name, a.email) for a in item.authors] == [expected]


@pytest.mark.parametrize("tail, expected", [
    pytest.param("Text.\n-- \nAnn", "Text.", id="a signature"),
    pytest.param("Text.\n--\nAnn", "Text.", id="its blank stripped by an archive"),
    pytest.param("A.\n-- \n" + "line\n" * 40, "A.\n-- \n" + "line\n" * 39 + "line", id="too long for one"),
    pytest.param("* one\n* two", "* one\n* two", id="a list"),
    pytest.param("One.\n\n\n\nTwo.", "One.\n\n\n\nTwo.", id="paragraphs"),
    pytest.param("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nText.\n"
                 "-----BEGIN PGP SIGNATURE-----\n\nabc=\n-----END PGP SIGNATURE-----\n",
                 "Text.", id="armour"),
])  # fmt: skip
def test_what_of_a_text_is_kept(tail, expected):
    (item,) = read(HEAD + b"\n" + tail.encode())

    assert item.body == expected


def test_nothing_can_be_attached_but_what_has_an_address():
    parts = b"--x\nContent-Type: text/plain\n\nText.\n--x\nContent-Type: text/plain\n"
    parts += b"Content-Disposition: attachment; filename=a.txt\n\nSecret.\n--x--\n"

    (item,) = read(
        HEAD + b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n' + parts
    )

    assert (item.body, item.media) == ("Text.", ())


def test_parts_within_parts_without_end_leave_the_head():
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3000)
    )

    (item,) = read(HEAD + b"MIME-Version: 1.0\n" + nested + b"\nText.\n")

    assert item.title == "S"


@pytest.mark.parametrize("data", [
    HEAD + b"\n" + b"x" * 10_000_000,
    HEAD + b"Subject: " + b"=?utf-8?q?" * 500_000 + b"\n\nText.",
    HEAD + b"\n" + b"begin 644 a\n" * 300_000,
    HEAD + b"\n" + b"-------------- next part --------------\n" * 50_000,
    b"From a 10:00\nSubject: s\n\nx\n\n" * 20_000,
    b"From " * 2_000_000,
], ids=["one line", "encoded words", "uuencode", "scrubbed", "many", "no line"])  # fmt: skip
def test_hostile_mail_is_read_soon(data):
    begun = time.process_time()

    read(data)

    assert time.process_time() - begun < 10


def test_ten_thousand_messages_are_each_read():
    one = (
        b"From a@b.example Mon May  5 10:00:00 2025\n" + HEAD + b"\n" + b"Some text.\n" * 4 + b"\n"
    )

    found = read(one * 10_000)

    assert len(found) == 10_000
    assert (found[9_999].line, found[9_999].position) == (99_992, 9_999)


LINES = st.sampled_from([
    "From a@b Mon May  5 10:00:00 2025", "From: a@b", "Subject: S", "Subject: =?utf-8?b?4pyT?=",
    "Date: Mon, 5 May 2025 10:00:00 +0200", "", "", "Text.", "> quoted", "-- ", "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="x"', "Content-Type: text/html; charset=bogus",
    "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "--x", "--x--", "=?x?b?!!?=",
    "Content-Type: text/plain; format=flowed", "begin 644 a", "end", "é\ud83d", " folded", "\x00",
])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=30))
def test_no_mail_breaks_the_reader(lines):
    data = "\n".join(lines).encode("utf-8", "surrogatepass")

    found = read(data)

    assert found == read(data)
    assert all(piece.source == "m.eml" and piece.line for piece in found)
    items = [piece for piece in found if isinstance(piece, RawItem)]
    assert [item.position for item in items] == list(range(len(items)))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("abc", min_size=1, max_size=12), min_size=1, max_size=60))
def test_no_word_is_lost(words):
    text = " ".join(words)
    wrapped = "\n".join(text[n : n + 60] for n in range(0, len(text), 60))

    (item,) = read(HEAD + b"\n" + wrapped.encode())

    assert item.body.replace("\n", "").replace(" ", "") == text.replace(" ", "")


def test_the_registry_knows_it():
    assert sources.recognise("a", HEAD + b"\nText.").NAME == "mail"
