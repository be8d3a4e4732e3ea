"""Where a text opens with place, day and agency: "DOHA, May 14. /TASS/", "新华社北京5月14日电".

Room: normalise. Pure. Imports the room's mentions; called by dates and titles.
"""

from __future__ import annotations

import re

from feedsvc.normalise.mentions import Mention, days_in

_LONGEST = 160  #: characters of a dateline
_PLACE = re.compile(
    r"(?:\([^()\n]{2,30}\)\s[–—-]\s)?"
    r"[^\W\d_a-zа-я][^\n,;:!?\d]{1,38}(?:,\s[^\W\d_][^\n,;:!?\d]{1,25})?(?:[,.،]|\s[–—-]{1,2})\s|【"
)
_FEW_WORDS = re.compile(r"[^\W\d_a-zа-я][^\s,;:!?\d]{1,20}(?:\s[^\s,;:!?\d]{1,20}){0,2}\s")
_AGENCY = re.compile(
    r"[.,]?\s{0,2}(?:/[^/\n]{2,30}/|(?P<brackets>\([^)\n]{2,40}\)\s?[–—-]{1,2})|\([^)\n]{2,40}\)"
    r"|[–—―-]{1,2}\s|\s?[A-ZА-ЯІЇЄҐΑ-Ω]{2,12}[.:]\s|[^\W\d_a-zа-я]\S{1,20}\s[–—-])|(?P<cjk>\s?[电電讯])|\s[^】\n]{2,10}】"
)
_MAY_STAND = re.compile(r"\d[^\n]{0,40}[/(–—―\-电電讯】]")
_DASHES = " -–—―"
_STOPS = _DASHES + ".,:;\n"


def dateline_at(text: str, mention: Mention) -> slice | None:
    """The dateline that a day stands in, or None where it stands in none."""
    start = text.rfind("\n", 0, mention.start) + 1
    before = text[start : mention.start]
    agency = _AGENCY.match(text, mention.end, mention.end + 60) if len(before) <= 80 else None
    return slice(start, agency.end()) if agency and _is_place(before, agency) else None


def _is_place(before: str, agency: re.Match[str]) -> bool:
    if not before:
        return agency["brackets"] is not None
    is_few = agency["brackets"] and _FEW_WORDS.fullmatch(before)
    return bool(_PLACE.fullmatch(before) or is_few or agency["cjk"])


def words_of(text: str, span: slice) -> str:
    """A dateline without the dashes around it."""
    return text[span].strip(_DASHES)


def without_dateline(text: str, language: str) -> str:
    """A text from behind its dateline on; whole where it has none, or nothing else."""
    opening = text[:_LONGEST].partition("\n")[0]
    for mention in days_in(opening, language)[:1] if _MAY_STAND.search(opening) else ():
        if span := dateline_at(text, mention):
            rest = text[span.stop :].lstrip(_STOPS)
            # "Notes from Kyiv, May 14 - what we know" is a sentence of its own.
            return rest if rest and not rest[0].islower() else text
    return text
