"""Text hygiene: nothing illegal gets through, nothing right is harmed."""

from __future__ import annotations

import re
import unicodedata

import pytest
from babel import Locale, localedata
from hypothesis import example, given
from hypothesis import strategies as st

from feedsvc.normalise.text import clean, clean_block, fold

LEGAL = re.compile(
    "[\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffc\U00010000-\U0010ffff]*"
)
ANY = st.text() | st.text(st.characters(max_codepoint=0x2122))


def misread(text: str) -> str:
    """UTF-8 read as Latin-1."""
    return text.encode("utf-8", "ignore").decode("latin-1")


@given(ANY | ANY.map(misread))
@example("\ud800\x00\ufeff\ufffe\U0001ffff\x81")
def test_clean_gives_only_legal_characters_and_does_so_once(text):
    for cleaned, again in (
        (clean(text), clean(clean(text))),
        (clean_block(text), clean_block(clean_block(text))),
    ):
        assert LEGAL.fullmatch(cleaned)
        assert not any(ord(char) & 0xFFFE == 0xFFFE for char in cleaned)
        assert unicodedata.is_normalized("NFC", cleaned)
        assert again == cleaned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("  a \t b\n\nc ", "a b c", id="blanks fold"),
        pytest.param("a\x0b b\x00c\x1b", "a bc", id="controls go"),
        pytest.param("don\x92t \x85 \x81", "don’t …", id="C1 controls mean cp1252"),
        pytest.param("cafe\u0301", "café", id="composed"),
        pytest.param("\ufeffa\ufffdb\udc80", "ab", id="BOM, replacement and surrogate go"),
        pytest.param("Qui\u202f? 10\xa0000", "Qui\u202f? 10\xa0000", id="a no-break space stays"),
        pytest.param("a \xa0\xa0 b", "a b", id="a run of them folds"),
        pytest.param("می\u200cخواهم 👩\u200d🚀", "می\u200cخواهم 👩\u200d🚀", id="joiners stay"),
    ],
)
def test_one_line(text, expected):
    assert clean(text) == expected


def test_a_block_keeps_its_line_feeds_and_tabs():
    assert clean_block("a\r\nb\rc\u2028d\x0ce\n\n\tf") == "a\nb\nc\nd\ne\n\n\tf"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PutinâÂ€Â™s", "Putin’s"),
        ("PutinâÂ€™s", "Putin’s"),
        ("Putinâ€™s", "Putin’s"),
        ("Putinâ\x80\x99s", "Putin’s"),
        ("â€œyesâ€\x9d â€” noâ€¦", "“yes” — no…"),
        ("â‚¬50, Acmeâ„¢", "€50, Acme™"),
        ("Ã¢â‚¬â„¢ twice over", "’ twice over"),
        ("ï»¿A start", "A start"),
        ("SÃ£o Paulo, JÃºlio, dÃ©jÃ\xa0, Ã‰tat, MÃœLLER", "São Paulo, Júlio, déjà, État, MÜLLER"),
        ("Ã–sterreich, fÃ¼r, StraÃŸe", "Österreich, für, Straße"),
        ("$6 millionÂ\xa0in UN", "$6 million\xa0in UN"),
        ("voilÃ\xa0 x", "voilà x"),
        ("Å‚Ã³dÅº i Å»ycie", "łódź i Życie"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚ Ð¸ Ð¿Ð¾ÐºÐ°", "привет и пока"),
        ("æ—¥æœ¬èªž", "日本語"),
        ("Ø§Ù„Ø³Ù„Ø§Ù…", "السلام"),
        ("Â£5, Â© 2020, 10Â°", "£5, © 2020, 10°"),
        ("ðŸ˜€!", "😀!"),
    ],
)
def test_text_once_misread_is_put_right(text, expected):
    assert clean(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "“MAÇÔ, “MAÇÃ”, “AMANHÔ, «IRMû",
        "AMANHÃ—disse ele; AMANHÃ…depois; SÃO PAULO; COBORÂ”",
        "Ã é uma letra do guarani; ã e õ também",
        "il est allé…» dit-il. Voilà… » « Évry–École »",
        "guláš“ a „muž“, RÉŽIE, KOLÁŽ, DÍŽ, příšeří",
        "„Straß“ – größer™, ÄÖÜ“, Größe®, Mëß’",
        "İstanbul’un “ÇÖĞ” yağışı",
        "Þór sagði: „Já“, Ætt»",
        "Tallinna „ÕŠ“ Õž",
        "50 €, Ñandú…, ¿Qué? ¡Así! «Ñ»",
        "Привет, мир — «да»…",
        "日本語の「文章」です。",
        "Tiếng Việt: “Ấn Độ”, Ðông",
        "À “Ô…” È’ É’",
    ],
)
def test_right_text_is_left_alone(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Putin’s” aide", "'Putin's\" AIDE"),
        ("a — b\u00a0c", "A - b\n  c"),
        ("cafe\u0301", "CAFÉ"),
        ("dit « oui ».", 'Dit "oui".'),
        ("Straße", "STRASSE"),
        ("Ｆｕｌｌ width", "full width"),
        ("soft\u00adened", "softened"),
        ("can´t", "can't"),
        ("wait…", "wait..."),
    ],
)
def test_folding_ignores_what_does_not_matter(one, other):
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_ignores_blanks_case_and_normal_form(text):
    composed = unicodedata.normalize("NFC", clean(text))

    assert fold(unicodedata.normalize("NFD", composed)) == fold(composed)
    assert fold(f"  {composed}\n") == fold(composed)


def test_different_words_fold_apart():
    assert fold("Kyiv recovers") != fold("Kyiv recovered")


FRAMES = ("{}”", "«{}»", "{}—and", "({}®)")


def test_the_names_of_languages_in_all_languages_are_left_alone():
    harmed = []
    for locale in map(Locale.parse, localedata.locale_identifiers()):
        if locale.territory or locale.script:
            continue
        names = " · ".join(locale.languages.values()).replace("\ufeff", "")
        for shown in (names, names.upper()):
            for frame in FRAMES:
                text = " ".join(frame.format(name) for name in shown.split())
                right = unicodedata.normalize("NFC", text)
                harmed += [right] if clean(right) != right else []

    assert harmed == []
