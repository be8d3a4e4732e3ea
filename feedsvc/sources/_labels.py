"""Headings of lists, bylines and page furniture, in many languages.

Room: sources, private. The folding both sides of a comparison go through; the words are in labels.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("labels.toml").read_text("utf-8"))
BYLINE = re.compile(
    r"(?:(?:by|written by|von|par|por|di|door|av|od|بقلم|מאת)(?:\s*:\s*|\s+)"
    r"|(?:autore?|auteur|author|автори?|авторы|text|texte|texto|συντάκτης|كاتب|نویسنده|文|作者|记者|記者|기자)"
    r"\s*[:：/／]\s*)(.{2,80})",
    re.IGNORECASE,
)
COUNTS = re.compile(r"\d+ (?:min\w*(?: \w+)?|comments?|shares?|views?)|.* all rights reserved")
LONGEST = 80
MARKS = re.compile(r"[^\w\s]|_")
APOSTROPHES = re.compile("['’‘`´ʼ]")


@lru_cache(maxsize=1024)
def label_key(text: str) -> str:
    """Letters, digits and blanks alone, in one case, without accents: how labels are compared."""
    return " ".join(MARKS.sub("", unicodedata.normalize("NFKD", text).casefold()).split())


def label_group(text: str) -> str:
    """A label as the name of a group: folded, and the same however it is quoted or spaced."""
    return " ".join(APOSTROPHES.sub("'", text).casefold().strip(" :：›»>").split())


def is_known_label(text: str) -> bool:
    """Whether a short line is a heading of a list in one of the languages we know."""
    words = label_key(text).split() if len(text) <= LONGEST else []
    return " ".join(words) in _known() or any(
        " ".join(words[:n]) in _known() and not {words[n - 1], words[n]}.isdisjoint(_linking())
        for n in range(2, min(len(words), 5))
    )


def is_furniture(text: str) -> bool:
    """Whether a line is part of the page and not of what it says: "Read more", "Share"."""
    if len(text) > LONGEST:
        return False
    key = label_key(text)
    return bool(key in _furniture() or text.startswith("©") or COUNTS.fullmatch(key))


@cache
def _known() -> frozenset[str]:
    return frozenset().union(*map(_keys, TABLES["labels"].values()))


@cache
def _linking() -> frozenset[str]:
    return frozenset(label_key(TABLES["linking"]).split())


@cache
def _furniture() -> frozenset[str]:
    return _keys(TABLES["furniture"])


def _keys(table: str) -> frozenset[str]:
    return frozenset(map(label_key, table.split(";")))
