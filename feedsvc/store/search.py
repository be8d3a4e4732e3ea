"""The search: which entries answer a question, and the index kept as the newest revision shows it.

Room: store. `renew` is called where a revision is published, `fill_empty` where a database is
brought up to date, `found` by snapshot. Imports the kernel's words.

The index changes in the publishing transaction alone, so that every snapshot reads the one of its
own revision. A change of how words are cut goes with a migration that empties it: it is filled anew.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, select

from feedsvc.model import Family, Membership, Query
from feedsvc.store import codec
from feedsvc.store.fulltext import GAP, Asked, Hit, Phrase, Text, index_of
from feedsvc.store.settling import RUN, runs
from feedsvc.store.tables import entries, pending, state, versions, visible
from feedsvc.words import LONGEST, phrases, spaced, words_of

MOST_WORDS = 16_000  #: of one entry; PostgreSQL counts no further
MOST_LETTERS = 200_000  #: of the words of one entry
MOST_AT_ONCE = 1_000  #: entries of one second that are brought into the order of feeds
MOST_RANKED = 1_000  #: of the newest entries found, the best of which come first
RANKED_LETTERS = 2_000  #: of an entry's text, where words are counted
Condition = ColumnElement[bool]
_NAMED = (Family.SECTIONS, Family.TAGS, Family.AUTHORS)
_SHOWN = ("seq", "born", "gone", "is_held", "published", "title", "summary", "content_text")


# ---- the index


def renew(db: Connection, revision: int) -> None:
    """Bring the index to what `revision` shows, from what the one before it showed.

    Called inside the publishing transaction, once all rows of `revision` are written, before
    those gone at it are deleted and before `pending` is emptied: `pending` names every entry
    whose versions or memberships differ.
    """
    index = index_of(db)
    for seqs in _windows(db, select(pending.c.seq)):
        before, after = _texts(db, seqs, revision - 1), _texts(db, seqs, revision)
        stale = [text for seq, text in before.items() if text != after.get(seq)]
        fresh = [text for seq, text in after.items() if text != before.get(seq)]
        if stale:
            index.drop(db, (Hit(text.at, text.seq) for text in stale))
        if fresh:
            index.put(db, fresh)
    index.settle(db)


def fill_empty(db: Connection) -> None:
    """Put all that is shown into the index, where nothing is in it."""
    index = index_of(db)
    if not index.is_empty(db):
        return
    revision = db.scalar(select(state.c.revision)) or 0
    for seqs in _windows(db, select(entries.c.seq)):
        if texts := _texts(db, seqs, revision):
            index.put(db, list(texts.values()))
    index.settle(db)


def _windows(db: Connection, numbers: Select[Any]) -> Iterator[Sequence[int]]:
    """Numbers of entries, ascending, some hundreds at a time."""
    (seq,), last = numbers.selected_columns, 0
    while seqs := db.scalars(numbers.where(seq > last).order_by(seq).limit(RUN)).all():
        yield seqs
        last = seqs[-1]


def _texts(db: Connection, seqs: Collection[int], revision: int) -> dict[int, Text]:
    """What the index has of those entries that a revision shows."""
    v = versions.c
    columns = (*(v[name] for name in _SHOWN), v.memberships)
    query = select(*columns).where(v.seq.in_(seqs), visible(versions, revision))
    rows = db.execute(query.where(v.is_held.is_(False))).mappings()
    return {row["seq"]: _text(row) for row in rows}


def _text(version: RowMapping) -> Text:
    marks = set(chain.from_iterable(map(marks_of, codec.memberships_of(version))))
    summary, content = version["summary"], version["content_text"]
    # Most summaries are the beginning of the text.
    is_told = content.startswith(summary.rstrip("… "))
    words = [ALL, *sorted(marks)]
    for text in (version["title"], "" if is_told else summary, content):
        words.append(GAP)
        words += words_of(text)
    _bound(words)
    return Text(version["seq"], version["published"], words)


def _bound(words: list[str]) -> None:
    """Cut off what is too much for a database."""
    del words[MOST_WORDS:]
    while len(words) * LONGEST > MOST_LETTERS and sum(map(len, words)) > MOST_LETTERS:
        del words[len(words) // 2 :]


# ---- names among the words


def _mark(family: str, name: str) -> str:
    """A word that stands for being in a section, having a tag, … and that no text holds."""
    digest = hashlib.blake2b(f"{family}\n{name}".encode(), digest_size=8)
    return f"x{digest.hexdigest()}x"


ALL = _mark(Family.SITE, "")  #: of every entry


@lru_cache(maxsize=10_000)
def marks_of(membership: Membership) -> tuple[str, ...]:
    """By its name in any case, or as its address has it; "pt" covers "pt-BR"."""
    family, name = membership.family, _folded(membership.name)
    if family in _NAMED:
        slug = membership.path.rpartition("/")[2]
        return tuple(_mark(family, one) for one in {name, slug})
    if family is Family.LANGUAGES:
        parts = name.split("-")
        return tuple(_mark(family, "-".join(parts[:n])) for n in range(1, len(parts) + 1))
    return ()


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


# ---- questions


def found(db: Connection, revision: int, query: Query) -> tuple[int, ...]:
    """The numbers of the entries that answer a question: the newest first, or the best."""
    asked = _asked(query)
    if asked is None:
        return ()
    shown = visible(versions, revision) & versions.c.is_held.is_(False)
    if query.is_ranked and query.words:
        return _best(db, shown, asked, query)
    return _newest(db, shown, asked, query.limit)


def _asked(query: Query) -> Asked | None:
    """A question in words of the index; None where it gives words of which none can be found."""
    every: list[tuple[Phrase, ...]] = [(phrase,) for phrase in _phrases(phrases(query.words))]
    if query.words and not every:
        return None
    for family, names in (
        (Family.SECTIONS, query.sections),
        (Family.TAGS, query.tags),
        (Family.AUTHORS, query.authors),
        (Family.LANGUAGES, query.languages),
    ):
        if names:
            every.append(tuple((_mark(family, _folded(name)),) for name in names))
    since = None if query.since is None else _seconds(query.since)
    none = tuple(_phrases(query.exclude))
    return Asked(every=tuple(every) or (((ALL,),),), none=none, since=since)


def _phrases(texts: Iterable[str]) -> Iterator[Phrase]:
    """Each text as words that follow one another."""
    yield from filter(None, (tuple(words_of(text)) for text in texts))


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _newest(db: Connection, shown: Condition, asked: Asked, limit: int) -> tuple[int, ...]:
    index = index_of(db)
    hits = index.newest(db, asked, limit + 1)
    if len(hits) > limit and hits[limit].at == hits[limit - 1].at:
        last = hits[limit].at
        hits = [hit for hit in hits if hit.at > last]
        hits += index.within(db, asked, last, MOST_AT_ONCE)
    return _in_order(db, shown, hits)[:limit]


def _in_order(db: Connection, shown: Condition, hits: Sequence[Hit]) -> tuple[int, ...]:
    """As feeds have them: within one second by place and id, which the index does not know."""
    n_at = Counter(hit.at for hit in hits)
    tied = [hit.seq for hit in hits if n_at[hit.at] > 1]
    places: dict[int, tuple[int, str]] = {}
    for run in runs(tied):
        v, e = versions.c, entries.c
        query = select(e.seq, e.id, v.place).join(versions, v.seq == e.seq)
        rows = db.execute(query.where(v.seq.in_(run), shown))
        places |= {row.seq: (-row.place, row.id) for row in rows}
    ordered = sorted(hits, key=lambda hit: (-hit.at, *places.get(hit.seq, (0, ""))))
    return tuple(hit.seq for hit in ordered)


# ---- the best


def _best(db: Connection, shown: Condition, asked: Asked, query: Query) -> tuple[int, ...]:
    """Of the newest found, those that say the words most for their length, in the title above all."""
    newest = _newest(db, shown, asked, MOST_RANKED)
    wanted = tuple(f" {' '.join(phrase)} " for phrase in _phrases(phrases(query.words)))
    merits = {seq: _merit(wanted, *texts) for seq, texts in _openings(db, shown, newest)}
    return tuple(sorted(newest, key=lambda seq: -merits[seq]))[: query.limit]


def _openings(
    db: Connection, shown: Condition, seqs: Iterable[int]
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Titles, and how the texts begin."""
    v = versions.c
    query = select(v.seq, v.title, func.substr(v.content_text, 1, RANKED_LETTERS).label("text"))
    for run in runs(seqs):
        for row in db.execute(query.where(v.seq.in_(run), shown)):
            yield row.seq, (spaced(row.title), spaced(row.text))


def _merit(wanted: Sequence[str], title: str, text: str) -> float:
    """As BM25 has it, without the rarity of a word: all of them are there."""
    length = (len(title) + len(text)) / RANKED_LETTERS
    counts = (5 * title.count(phrase) + text.count(phrase) for phrase in wanted)
    return sum(2.2 * n / (n + 1.2 * (0.25 + 0.75 * length)) for n in counts)
