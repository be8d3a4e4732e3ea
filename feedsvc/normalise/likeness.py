"""How much are two items alike? Words, titles, days and addresses, compared.

Room: normalise. Pure. Imports model and the room's keys, naming and templates; called by
identity, and by settle for what it is to remember.

DATES.md §4: triples of words find what is reworded; what is only near is suggested, never done.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from urllib.parse import unquote, urlsplit

from rapidfuzz import fuzz

from feedsvc.model import Dated, How, Judged, Keys, Markup
from feedsvc.normalise.keys import units_of
from feedsvc.normalise.naming import plain_slug
from feedsvc.normalise.templates import file_slug

SHORT = 15  #: words: a text below it is compared by similarity
JACCARD = 0.5  #: of shingles: a longer text with as much in common is the same, reworded
SIMILARITY = 85  #: per cent: likewise for a short one
CONTAINED = 0.8  #: of the shingles of a teaser, in the article it announces
LONGER = 0.7  #: of the shingles of an article: its teaser has no more
BRIEF = 60  #: words: what is below it may announce or describe a longer text
LEAD = 8  #: words a teaser and its article begin with
SKETCH = 4  #: the least shingles, which likely twins share


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store remembers of an entry's identity."""

    id: str
    keys: Keys
    aliases: frozenset[str] = frozenset()  #: further keys, of its copies
    shingles: frozenset[int] = frozenset()
    folded: str = ""  #: the beginning of its folded title and text
    group: str = ""
    source: str = ""  #: where it lives
    appears_in: frozenset[str] = frozenset()
    link: str | None = None
    published: Dated | None = None
    is_feed: bool = False  #: it lives in a feed


One = Judged | Known


# --- words --------------------------------------------------------------------------------


def headline(one: One) -> str:
    """The folded title, where it was given one."""
    return one.folded.partition("\n")[0]


def is_headline(one: One) -> bool:
    """Whether a title is all there is."""
    return one.folded.endswith("\n")


def is_short(one: One) -> bool:
    return len(units_of(one.folded)) < SHORT


def alike(one: One, other: One) -> bool:
    """Whether the words of one are those of the other, a little reworded at most."""
    if one.folded == other.folded:
        return one.shingles == other.shingles or overlap(one, other) >= JACCARD
    if is_short(one) or is_short(other):
        return fuzz.ratio(one.folded.strip(), other.folded.strip()) >= SIMILARITY
    return overlap(one, other) >= JACCARD


def overlap(one: One, other: One) -> float:
    """Shingles in common, of all that either has: 0 to 1."""
    n_common = len(one.shingles & other.shingles)
    n_all = len(one.shingles) + len(other.shingles) - n_common
    return n_common / n_all if n_all else 0.0


def names(one: One, other: One) -> bool:
    """Whether one is a headline alone and the other the article it names."""
    return headline(one) == headline(other) != "" and is_headline(one) != is_headline(other)


def announces(one: One, other: One) -> bool:
    """Whether one is a teaser of the other: its words stand at the beginning of the other's."""
    part, whole = sorted((one, other), key=lambda each: len(each.shingles))
    n_part, n_whole = len(part.shingles), len(whole.shingles)
    if headline(part) not in ("", headline(whole)) or not LEAD - 2 <= n_part < LONGER * n_whole:
        return False
    return len(part.shingles & whole.shingles) >= CONTAINED * n_part


def begin_alike(one: One, other: One) -> bool:
    """Whether the words of the shorter text are those that the other begins with, three at least."""
    bodies = (_words(each.folded.partition("\n")[2]) for each in (one, other))
    part, whole = sorted(bodies, key=len)
    return len(part) >= 3 and whole[: len(part)] == part


def _words(folded: str) -> list[bytes]:
    """Without marks that stand for what was cut off."""
    return [unit for unit in units_of(folded) if any(map(str.isalnum, unit.decode()))]


def is_brief(one: One) -> bool:
    """Whether it may announce or describe a longer text."""
    return len(one.shingles) < BRIEF


def differ(one: One, other: One) -> bool:
    """Whether their texts have next to nothing in common, and neither may describe the other.

    Of a few words that cannot be said.
    """
    n_of_title = max(0, len(units_of(headline(one))) - 2)
    least, most = sorted(len(each.shingles) - n_of_title for each in (one, other))
    n_common = len(one.shingles & other.shingles) - n_of_title
    describes = least < BRIEF <= most
    return least >= LEAD and not describes and n_common < 0.1 * least


def lead(one: One) -> str:
    """The words its text begins with; "" where there are too few."""
    return _lead(one.folded)


def _lead(folded: str) -> str:
    units = units_of(folded.partition("\n")[2][: LEAD * 20])
    return b" ".join(units[:LEAD]).decode() if len(units) >= LEAD else ""


def is_telling(title: str, n_words: int = 4, n_characters: int = 20) -> bool:
    """Whether a folded title is hardly given twice by chance; numbers say nothing."""
    words = [word for word in (unit.decode() for unit in units_of(title)) if word.isalpha()]
    if all(len(word) == 1 for word in words):
        return len(words) >= 2 * n_words
    return len(words) >= n_words or sum(map(len, words)) >= n_characters


def clues(folded: str, shingles: frozenset[int]) -> frozenset[int]:
    """Hashes that an item likely shares with its twins: of its title, its first words, its shingles.

    Each is below 2**63; those of shingles below 2**32.
    """
    title, opening = folded.partition("\n")[0], _lead(folded)
    words = (f"title {title}" if title else "", opening)
    least = nsmallest(SKETCH, shingles) if len(shingles) > SHORT else ()
    return frozenset((*map(_hashed, filter(None, words)), *least))


def _hashed(words: str) -> int:
    digest = hashlib.blake2b(words.encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1 | 1 << 32


# --- days ---------------------------------------------------------------------------------


def day_of(one: One) -> date | None:
    """When it claims to have been published."""
    return one.published.day if one.published and one.published.how.is_claim else None


def are_near(one: One, other: One) -> bool:
    """Whether both say when, and it is one day or the next."""
    mine, theirs = day_of(one), day_of(other)
    return bool(mine and theirs and abs((mine - theirs).days) <= 1)


def are_apart(one: One, other: One, least: How = How.DERIVED) -> bool:
    """Whether both surely say when, and it is not about the same day."""
    are_sure = all(each.published and each.published.how >= least for each in (one, other))
    return are_sure and not are_near(one, other)


# --- pages --------------------------------------------------------------------------------


def site(one: One) -> str | None:
    """The site of its page; None where it has none of its own."""
    if not one.link:
        return None
    host = urlsplit(one.link).netloc.rpartition("@")[2].lower()
    return host.partition(":")[0].removeprefix("www.")


def are_of_one_site(one: One, other: One) -> bool:
    return site(one) is not None and site(one) == site(other)


def are_of_two_sites(one: One, other: One) -> bool:
    mine, theirs = site(one), site(other)
    return bool(mine and theirs and mine != theirs)


def share_page_name(one: One, other: One) -> bool:
    """Whether the last part of an address is the slug or the file of the other."""
    return bool(_page_names(one) & _page_names(other))


_SUFFIX = re.compile(r"\.(?:x?html?|php|aspx?|md)$", re.IGNORECASE)
_says_nothing = re.compile(
    r"(?:index|feed|rss|atom|posts?|archive|page|[\W\d_]*)[\W\d_]*"
).fullmatch


def _page_names(one: One) -> frozenset[str]:
    found = set()
    if one.link:
        path = unquote(urlsplit(one.link).path).rstrip("/")
        found.add(file_slug(_SUFFIX.sub("", path.rpartition("/")[2])))
    if isinstance(one, Known):
        found.add(file_slug(one.source))
    elif one.item.markup is not Markup.TEXT:
        found |= {file_slug(one.item.source), one.item.slug or ""}
    return frozenset(name for name in map(plain_slug, found) if not _says_nothing(name))
