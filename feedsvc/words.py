"""A text as the words it is searched by, alike wherever words are compared.

Kernel. Pure, and of no language: case, accents and width are folded away; scripts that put no
blanks between words (Han, Kana, Hangul, Thai and their kin) are cut into overlapping pairs, so
that a phrase is found where its pairs follow one another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST = 40  #: letters of a word; what is longer is several that follow one another

# Hangul puts blanks between phrases rather than words, and its particles cling to their word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
#: vowel signs, which are letters to nobody but the reader
_SIGNS = (
    "\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962-\u0963\u0981-\u0983\u09bc-\u09d7\u09e2-\u09e3"
    "\u0a01-\u0a03\u0a3c-\u0a51\u0a70-\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0ae2-\u0ae3\u0b01-\u0b03"
    "\u0b3c-\u0b57\u0b62-\u0b63\u0b82\u0bbe-\u0bd7\u0c00-\u0c04\u0c3c-\u0c56\u0c62-\u0c63"
    "\u0c81-\u0c83\u0cbc-\u0cd6\u0ce2-\u0ce3\u0d00-\u0d03\u0d3b-\u0d57\u0d62-\u0d63\u0d81-\u0d83"
    "\u0dca-\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f71-\u0f84"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u17b4-\u17d3"
)
_WORD = re.compile(rf"[\w{_SIGNS}]{{1,{LONGEST}}}")
_RUN = re.compile(rf"[\w{_SIGNS}]+")
_PART = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}]{{1,{LONGEST}}}")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
#: accents and points, and what only tells a printer where to break or to join
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u200c\u200d\u2060\ufeff]+"
)
#: the short way through what has no accents
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_PHRASE = re.compile(r'"([^"]*)"|([^\s"]+)')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))


def words_of(text: str) -> Iterable[str]:
    """The words of a text in order, folded; pairs of letters where there are no blanks."""
    if text.isascii():
        words = text.translate(_ASCII).split()
        if not words or len(max(words, key=len)) <= LONGEST:
            return words
    folded = _folded(text).replace("_", " ")
    if not _IS_UNSPACED.search(folded):
        return _WORD.findall(folded)
    return (word for run in _RUN.findall(folded) for word in _cut(run))


def _cut(run: str) -> Iterator[str]:
    for part in _PART.findall(run):
        if len(part) > 1 and _IS_UNSPACED.match(part):
            yield from (part[n : n + 2] for n in range(len(part) - 1))
        else:
            yield part


def spaced(text: str) -> str:
    """The words with a blank between, before and behind: a phrase stands in it as it is."""
    return f" {' '.join(words_of(text))} "


def phrases(question: str) -> tuple[str, ...]:
    """The words of a question, those between quotation marks together; a lone mark means nothing."""
    found = _PHRASE.findall(question.translate(_QUOTES))
    return tuple(quoted.strip() or word for quoted, word in found if quoted.strip() or word)


def _folded(text: str) -> str:
    """Decomposed to part with the accents, then composed again to keep syllables whole."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", bare)
