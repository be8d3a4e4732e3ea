"""The page's own words in the languages of its readers."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest
from babel import Locale
from markupsafe import Markup

import feedsvc.formats
from feedsvc.formats._pages import FIRST, FURTHER
from feedsvc.formats._words import direction_of, languages, nearest, words_for

FOLDER = Path(feedsvc.formats.__file__).parent / "words"
FILES = sorted(FOLDER.glob("*.toml"))
ENGLISH = tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))
DATE = Markup("<time>D</time>")


def fields(word):
    """The places in a word, of whatever form."""
    forms = [word] if isinstance(word, str) else word.values()
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_there_are_at_least_eight_languages():
    assert {"en", "uk", "de", "fr", "es", "ar", "he", "ja"} <= languages()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_language_lacks_a_word(file):
    words = tomllib.loads(file.read_text(encoding="utf-8"))

    assert set(ENGLISH) - set(words) == set()
    assert set(words) - set(ENGLISH) == set()


def test_every_word_is_said_somewhere():
    said = "".join(
        file.read_text(encoding="utf-8")
        for pattern in ("*.py", "templates/*.j2")
        for file in FOLDER.parent.glob(pattern)
    )
    unsaid = {key for key in ENGLISH if f'"{key}"' not in said and f"'{key}'" not in said}
    by_parts = {"all_before", "all_seen", "derived_bare", "inherited_bare"}

    families = {family.value for family in (*FIRST, *FURTHER)}

    assert unsaid - by_parts - families == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_word_has_the_places_that_the_english_one_has(file):
    words = tomllib.loads(file.read_text(encoding="utf-8"))

    assert {key: fields(word) for key, word in words.items()} == {
        key: fields(word) for key, word in ENGLISH.items()
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_counted_has_every_plural_of_its_language(file):
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    plurals = Locale.parse(file.stem, sep="-").plural_form.tags | {"other"}

    counted = {key: set(word) for key, word in words.items() if not isinstance(word, str)}

    assert counted == {"results": plurals}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("DE-at", "de"),
        ("fr-CA", "fr"),
        ("iw", "he"),
        ("zh-CN", "zh"),
        pytest.param("zh-TW", None, id="another script of the same language"),
        ("uk-Cyrl-UA", "uk"),
        pytest.param("uk-Latn", None, id="another script is another reader"),
        pytest.param("sw", None, id="no file"),
        pytest.param("not a language", None, id="no language"),
    ],
)
def test_the_nearest_language_speaks(language, expected):
    assert nearest(language) == expected


@pytest.mark.parametrize(
    ("language", "n", "expected"),
    [
        ("en", 1, "1 entry found"),
        ("en", 1234, "1,234 entries found"),
        ("uk", 2, "Знайдено 2 дописи"),
        ("uk", 11, "Знайдено 11 дописів"),
        ("uk", 21, "Знайдено 21 допис"),
        ("ar", 2, "عُثر على مادتين"),
        ("ar", 11, "عُثر على 11 مادة"),
        ("he", 2, "נמצאו שתי רשומות"),
        ("ja", 3, "3件の記事が見つかりました"),
    ],
)
def test_what_is_counted_agrees_with_its_number(language, n, expected):
    assert words_for(language)("results", n) == expected


def test_a_date_stands_where_its_language_puts_it():
    assert words_for("en")("before", date=DATE) == "before <time>D</time>"
    assert words_for("ja")("before", date=DATE) == "<time>D</time>より前"


def test_a_name_from_outside_is_escaped_and_keeps_its_own_direction():
    assert words_for("en")("untitled", site="<b>") == "An entry of <bdi>&lt;b&gt;</bdi>"


def test_what_a_language_lacks_is_said_in_english_and_marked():
    found = words_for("sw")("before", date=DATE)

    assert found == (
        '<span class="ui" lang="en" dir="ltr">before '
        '<span lang="sw" dir="ltr"><time>D</time></span></span>'
    )
    assert words_for("sw").plain("copied") == "Copied"


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "ltr"), ("ar", "rtl"), ("he-IL", "rtl"), ("ja", "ltr")]
)
def test_a_language_runs_in_its_direction(language, expected):
    assert direction_of(language) == expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sheet_of_styles_can_quote_the_banners(file):
    words = tomllib.loads(file.read_text(encoding="utf-8"))

    assert not re.search(r'["\\\n]', words["feed_banner"] + words["list_banner"])
