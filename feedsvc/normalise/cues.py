"""The words around a day that tell a report from an event; cues.toml has them, by language.

Room: normalise. Pure. Imports nothing of ours; called by mentions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files

_WORDS = tomllib.loads(files("feedsvc.normalise").joinpath("cues.toml").read_text("utf-8"))


class Cue(StrEnum):
    """What a word says of the day beside it; of those that fit, the first one counts."""

    FUTURE = "future"
    EVENT = "event"
    REPORT = "report"  #: verbs of telling
    PAST = "past"


_CUES = {cue.value: cue for cue in Cue}


def cues_in(text: str, language: str) -> Iterator[tuple[Cue, int, int]]:
    """Every cue of a language in a stretch of text, with its span, in order."""
    pattern = _pattern(language)
    for found in pattern.finditer(text) if pattern else ():
        yield _CUES[found.lastgroup or ""], *found.span()


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    words = _WORDS.get(language)
    if words is None:
        return None
    kinds = (f"(?P<{cue}>{''.join(words[cue].splitlines())})" for cue in Cue if words.get(cue))
    whole = "|".join(kinds)
    return re.compile(whole if "without_blanks" in words else rf"\b(?:{whole})(?!\w)")
