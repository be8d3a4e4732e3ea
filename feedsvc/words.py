"""A text as the words it is searched by, alike wherever words are compared.

Kernel. Pure, and of no language: case, marks and width are folded away; scripts that put no
blanks between words (Han, Kana, Thai and their kin) are cut into overlapping pairs, so that a
phrase is found where its pairs follow one another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


def words_of(text: str) -> Iterator[str]:
    """The words of a text in order, folded; pairs of letters where there are no blanks."""
    for run in _RUN.findall(_folded(text)):
        if _IS_UNSPACED.match(run) and len(run) > 1:
            yield from (run[n : n + 2] for n in range(len(run) - 1))
        else:
            yield run


def spaced(text: str) -> str:
    """The words with a blank between, before and behind: a phrase stands in it as it is."""
    return f" {' '.join(words_of(text))} "


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))
