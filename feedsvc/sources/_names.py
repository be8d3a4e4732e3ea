"""What a record's fields are called, in many languages.

Room: sources, private; for _fields and whoever must know a header. The words are in fields.toml,
both sides of a comparison are folded.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("fields.toml").read_text("utf-8"))


def _letters(unlike: str) -> dict[int, str]:
    pairs = (pair.split("=") for pair in f"{ALIKE} {unlike}".split())
    return {ord(letter): latin for letter, latin in pairs}


ALIKE = (
    "а=a б=b в=v д=d е=e ж=zh з=z к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f ч=ch ш=sh щ=shch"
    " ь= ъ= ы=y э=e ё=e і=i ґ=g"
)
LATIN = tuple(
    map(
        _letters,
        (
            "г=g и=i й=y х=kh ц=ts ю=yu я=ya",
            "г=g и=i й=j х=h ц=c ю=ju я=ja",
            "г=h и=y й=i х=kh ц=ts ю=iu я=ia ї=i є=ie",
            "г=h и=y й=y х=h ц=ts ю=yu я=ya ї=yi є=ye",
        ),
    )
)
WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
PARTICLES = re.compile(r"_(?:de|del|da|do|di|der|des|du|la|el|le|of|van|in|on|am|op|em|il)(?=_|$)")


@lru_cache(maxsize=4096)
def fold(name: object) -> str:
    """A field's name as names are compared: "pub_date", "pub-date", "pubDate", "PubDáte" are one."""
    words = str(name).casefold()
    if not words.isascii():
        words = unicodedata.normalize("NFKD", words).translate(WHOLE)
    return re.sub(r"[\W_]+", "", words)


def _folded(words: str) -> tuple[str, ...]:
    """The names of a table, each also as those write it who have no accents or no patience."""
    written = [form for word in words.split() for form in (word, PARTICLES.sub("", word))]
    written += [form for word in written for form in _in_latin(word)]
    return tuple(dict.fromkeys(fold(f) for form in written for f in (form, form.translate(SPELT))))


def _in_latin(word: str) -> Iterator[str]:
    """A Cyrillic word as programs write it that know ASCII only."""
    if "\u0400" <= word[0] <= "\u04ff":
        yield from (word.translate(letters) for letters in LATIN)


NAMES = {kind: _folded(words) for kind, words in TABLES["names"].items()}
INNER = {
    kind: tuple(words.split()) if kind == "value" else _folded(words)
    for kind, words in TABLES["inner"].items()
}
WRAPPERS = {kind: frozenset(_folded(words)) for kind, words in TABLES["wrappers"].items()}
LISTS = _folded(TABLES["lists"])  #: what a container calls its list of items, the surest first
SURE_LISTS = frozenset(_folded(TABLES["sure_lists"]))


def _ranked() -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for kind, names in NAMES.items():
        for rank, name in enumerate(names):
            found.setdefault(name, []).append((rank, kind))
    return found


KINDS = _ranked()  #: folded name -> the kinds of thing it may tell, each with its rank among them


DATING = {kind: _folded(words) for kind, words in TABLES["dating"].items()}
WORDS_IN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")
BEHIND_DATES = 500  #: the rank of a name that is understood by its parts
N_LETTERS = 60  #: of a name that has parts


@lru_cache(maxsize=4096)
def kinds_named(name: str) -> tuple[tuple[int, str], ...]:
    """The kinds of thing a name may tell, each with its rank; dates also by the parts of the name."""
    known = KINDS.get(fold(name))
    if known is None and len(name) <= N_LETTERS and (kind := _dating(name)):
        return ((BEHIND_DATES, kind),)
    return tuple(known or ())


def _dating(name: str) -> str | None:
    """What a date is of, by its name: "Fecha de alta", "date_added", "Datum vložení", 掲載開始日."""
    whole, parts = fold(name), {fold(part) for part in WORDS_IN.findall(name)}
    if not any(_is_part(word, whole, parts) for word in DATING["day"]):
        return None
    kind = next((kind for kind in ACTIONS if _says(kind, whole, parts)), None)
    return None if kind == "other" else kind


def is_of_event(name: str) -> bool:
    """Whether a name is that of something to come or gone: "Termin", "Deadline", 開催日."""
    return _says("other", fold(name), {fold(part) for part in WORDS_IN.findall(name)})


def _says(kind: str, whole: str, parts: set[str]) -> bool:
    return any(_has(stem, whole, parts) for stem in DATING[kind])


ACTIONS = ("other", "captured", "updated", "published", "created")


def _is_part(word: str, whole: str, parts: set[str]) -> bool:
    if word.isascii():
        return word in parts or (len(word) > 3 and (whole.startswith(word) or whole.endswith(word)))
    return word in whole


def _has(stem: str, whole: str, parts: set[str]) -> bool:
    """Whether a word begins with a stem; where words are not set apart, whether it is in there."""
    if stem.isascii() and len(stem) < 6:
        return any(part.startswith(stem) for part in parts)
    return stem in whole


@lru_cache(maxsize=512)
def plan(names: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """By kind, which of a record's names tell it, the surest first; under "" those unknown."""
    found: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        for rank, kind in kinds_named(name) or ((0, ""),):
            found.setdefault(kind, []).append((rank, name))
    return {kind: _sorted(ranked) for kind, ranked in found.items()}


def _sorted(ranked: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(name for _, name in sorted(ranked, key=lambda pair: pair[0]))
