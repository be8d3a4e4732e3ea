"""The page's own words in the language of its readers, and how that language writes.

Entered by the pages for people. A language is one file of `words/`; what it lacks is said in
English, word by word, and marked as English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from feedsvc.formats._item import language_tag

FALLBACK = "en"

Word = str | Mapping[str, str]  #: a counted one has a form for each plural of its language


class Words:
    """The words for a page: `words("about", date=…)` for its text, `plain` for its attributes."""

    def __init__(self, language: str) -> None:
        self._page_language = language
        self._own_tag = nearest(language)
        self._own = spoken(self._own_tag) if self._own_tag else {}

    def __call__(self, key: str, n: int | None = None, /, **fields: object) -> Markup:
        """A sentence of the page; what English has to fill in for is marked as English."""
        if key in self._own:
            return _filled(self._form(key, n), {k: _isolated(v) for k, v in fields.items()})
        back = _attributes(self._page_language)
        marked = {k: Markup("<span{}>{}</span>").format(back, v) for k, v in fields.items()}
        words = _filled(self._form(key, n), marked)
        return Markup('<span class="ui"{}>{}</span>').format(_attributes(FALLBACK), words)

    def plain(self, key: str, n: int | None = None, /, **fields: object) -> str:
        """The same without any mark."""
        return self._form(key, n).format(**fields)

    def _form(self, key: str, n: int | None) -> str:
        """The word, in its plural for `n`, with the number in it."""
        tag = self._own_tag if self._own_tag and key in self._own else FALLBACK
        word = spoken(tag)[key]
        form = word if isinstance(word, str) else _plural(word, tag, n or 0)
        number = "" if n is None else format_decimal(n, locale=locale_of(self._page_language))
        return form.replace("{n}", number)


@cache
def words_for(language: str) -> Words:
    """The words for a page in this language."""
    return Words(language)


@cache
def spoken(tag: str) -> Mapping[str, Word]:
    """What a language's file holds."""
    file = files(__package__).joinpath("words", f"{tag}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def languages() -> frozenset[str]:
    """The languages that have a file."""
    found = files(__package__).joinpath("words").iterdir()
    return frozenset(file.name.removesuffix(".toml") for file in found)


@cache
def nearest(language: str) -> str | None:
    """Of the languages there are, the one that readers of `language` can read."""
    return next((tag for tag in _generalised(language) if tag in languages()), None)


def _generalised(language: str) -> Iterator[str]:
    """A tag, then less and less of it, never in another script: "zh-TW", "zh-Hant", not "zh"."""
    head, *rest = language.split("-")
    code = str(get_global("language_aliases").get(head.lower(), head.lower()))
    yield "-".join((code, *rest))
    script = _script(code, rest)
    yield f"{code}-{script}"
    if script == _script(code):
        yield code


def _script(code: str, rest: Sequence[str] = ()) -> str:
    """The script a language is written in: "Hans" for "zh", "Hant" for "zh-TW"."""
    likely = get_global("likely_subtags")
    names = (f"{code}_{rest[-1].upper()}" if rest else code, code)
    told = next((str(likely[name]) for name in names if name in likely), "")
    return next((p.title() for p in (*rest, *told.split("_")) if len(p) == 4 and p.isalpha()), "")


def locale_of(language: str) -> Locale:
    """The language's way with dates and numbers; English without a country says 13 May 2025."""
    tag = language_tag(language) or FALLBACK
    try:
        return Locale.parse("en_001" if tag.lower() == "en" else tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_001")


def direction_of(language: str) -> str:
    """`ltr` or `rtl`, by the script of the language."""
    return "rtl" if locale_of(language).character_order == "right-to-left" else "ltr"


def language_name(tag: str) -> str:
    """What a language calls itself; its tag where that is not known."""
    locale, code = locale_of(tag), tag.partition("-")[0].lower()
    if locale.language != code:
        return tag
    name = locale.get_language_name() if code == tag.lower() else locale.get_display_name()
    return name[:1].upper() + name[1:] if name else tag


def _plural(word: Mapping[str, str], tag: str, n: int) -> str:
    """The form for a number; CLDR's editions do not all know the same ones."""
    return word.get(locale_of(tag).plural_form(n), word["other"])


def _attributes(language: str) -> Markup:
    return Markup(' lang="{}" dir="{}"').format(language, direction_of(language))


def _isolated(value: object) -> Markup:
    """A name from outside runs in its own direction; markup and numbers are of the page."""
    if isinstance(value, (Markup, int)):
        return escape(value)
    return Markup("<bdi>{}</bdi>").format(value)


def _filled(form: str, fields: Mapping[str, object]) -> Markup:
    return Markup(escape(form)).format(**fields)
