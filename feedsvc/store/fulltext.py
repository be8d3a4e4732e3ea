"""The full-text index of each database: words in, numbers of entries out, the newest first.

Room: store. Called by search alone, inside its caller's transaction. Both are handed words that
are folded already, and cut texts at blanks alone, so that they mean the same by a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

Phrase = tuple[str, ...]  #: words that follow one another
GAP = "‖"  #: stands between texts, and is no word: no phrase reaches over it


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question in words of the index."""

    every: tuple[tuple[Phrase, ...], ...]  #: one of each must be there; at least one is given
    none: tuple[Phrase, ...] = ()
    since: int | None = None  #: seconds since 1970


class Hit(NamedTuple):
    """An entry that was found."""

    at: int  #: seconds since 1970
    seq: int


class Text(NamedTuple):
    """What is kept of one entry."""

    seq: int
    at: int
    words: Sequence[str]  #: in order, GAP among them


class Index(Protocol):
    """The entries that the last published revision shows."""

    def is_empty(self, db: Connection) -> bool: ...

    def put(self, db: Connection, texts: Sequence[Text]) -> None: ...

    def drop(self, db: Connection, hits: Iterable[Hit]) -> None: ...

    def settle(self, db: Connection) -> None:
        """All of one renewal is put and dropped."""

    def newest(self, db: Connection, asked: Asked, limit: int) -> list[Hit]: ...

    def within(self, db: Connection, asked: Asked, at: int, limit: int) -> list[Hit]:
        """Those of one second."""


class Fts5:
    """SQLite's: row numbers run with time, so that the newest are read off the end, unsorted."""

    _EPOCH = 62_135_596_800  #: seconds from the year 1 to 1970
    _BITS = 24  #: of a row number, that keep entries of one second apart

    def is_empty(self, db: Connection) -> bool:
        return db.exec_driver_sql("SELECT 1 FROM texts LIMIT 1").first() is None

    def put(self, db: Connection, texts: Sequence[Text]) -> None:
        rows = [(self._row(text.at, text.seq), text.seq, " ".join(text.words)) for text in texts]
        db.exec_driver_sql(
            "INSERT OR REPLACE INTO texts (rowid, seq, words) VALUES (?, ?, ?)", rows
        )

    def drop(self, db: Connection, hits: Iterable[Hit]) -> None:
        rows = [(self._row(*hit),) for hit in hits]
        db.exec_driver_sql("DELETE FROM texts WHERE rowid = ?", rows)

    def settle(self, db: Connection) -> None:
        """Nothing is put off."""

    def newest(self, db: Connection, asked: Asked, limit: int) -> list[Hit]:
        since = -self._EPOCH if asked.since is None else asked.since
        return self._between(db, asked, self._row(since, 0), 2**63 - 1, limit)

    def within(self, db: Connection, asked: Asked, at: int, limit: int) -> list[Hit]:
        return self._between(db, asked, self._row(at, 0), self._row(at + 1, 0) - 1, limit)

    def _between(
        self, db: Connection, asked: Asked, first: int, last: int, limit: int
    ) -> list[Hit]:
        rows = db.exec_driver_sql(
            "SELECT rowid, seq FROM texts WHERE texts MATCH ? AND rowid BETWEEN ? AND ? "
            "ORDER BY rowid DESC LIMIT ?",
            (self._question(asked), first, last, limit),
        )
        return [Hit((row.rowid >> self._BITS) - self._EPOCH, row.seq) for row in rows.all()]

    def _row(self, at: int, seq: int) -> int:
        return (at + self._EPOCH << self._BITS) + seq % (1 << self._BITS)

    def _question(self, asked: Asked) -> str:
        every = " AND ".join(map(self._any, asked.every))
        return f"({every}) NOT {self._any(asked.none)}" if asked.none else every

    def _any(self, phrases: Iterable[Phrase]) -> str:
        quoted = (f'"{" ".join(phrase)}"' for phrase in phrases)
        return f"({' OR '.join(quoted)})"


class TsVector:
    """PostgreSQL's. Its index knows no order, so every text has words for its time as well.

    Asked for the newest, it is asked for windows of time, one behind the other, each as wide as
    what was found in the one before lets expect: the cost goes by what is found, not by what is
    kept. Only where all of a frequent word is old is the way to it as long as what lies before it.
    """

    ERAS = range(11, 33, 3)  #: each is 2**era seconds long: from half an hour to 136 years
    _MOST_ERAS = 8  #: in one window
    _FIRST = 6  #: times the limit, as many entries as the first window holds
    _WIDEST = 64  #: times the one before
    MOST = 4_000  #: entries of one window; where there are more it was too wide

    def is_empty(self, db: Connection) -> bool:
        return db.exec_driver_sql("SELECT 1 FROM texts LIMIT 1").first() is None

    def put(self, db: Connection, texts: Sequence[Text]) -> None:
        rows = [(text.seq, text.at, self._vector(text)) for text in texts]
        db.exec_driver_sql("INSERT INTO texts (seq, at, words) VALUES (%s, %s, %s::tsvector)", rows)

    def drop(self, db: Connection, hits: Iterable[Hit]) -> None:
        seqs = [hit.seq for hit in hits]
        db.exec_driver_sql("DELETE FROM texts WHERE seq = ANY(%s)", (seqs,))

    def settle(self, db: Connection) -> None:
        """What waits to be put in order would be read through by every question."""
        db.exec_driver_sql("SELECT gin_clean_pending_list('texts_words'::regclass)")

    def newest(self, db: Connection, asked: Asked, limit: int) -> list[Hit]:
        upper, oldest, span = self._ends(db, limit)
        oldest = oldest if asked.since is None else max(oldest, asked.since)
        found: list[Hit] = []
        widest = self._WIDEST
        while len(found) < limit and upper >= oldest:
            lower = max(upper - span, oldest)
            most = self.MOST if span >= 1 << self.ERAS[0] else None
            hits = self._window(db, asked, lower, upper, most)
            if hits is None:
                span, widest = span // self._WIDEST, 2
            else:
                found += hits
                upper = lower - 1
                span = (span + 1) * min(max(2 * limit // (len(hits) or 1), 2), widest)
        return found[:limit]

    def within(self, db: Connection, asked: Asked, at: int, limit: int) -> list[Hit]:
        return (self._window(db, asked, at, at, None) or [])[:limit]

    def _ends(self, db: Connection, limit: int) -> tuple[int, int, int]:
        """The newest and the oldest moment, and the seconds that hold some times the limit."""
        row = db.exec_driver_sql(
            # With a limit, the planner would hope to meet what is rare by reading everything.
            "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true), "
            "max(at) AS newest, min(at) AS oldest, "
            "(SELECT at FROM texts ORDER BY at DESC OFFSET %s LIMIT 1) AS next FROM texts",
            (self._FIRST * limit,),
        ).one()
        if row.newest is None:
            return 0, 1, 0
        nearest = row.oldest if row.next is None else row.next
        return row.newest, row.oldest, row.newest - nearest

    def _window(
        self, db: Connection, asked: Asked, lower: int, upper: int, most: int | None
    ) -> list[Hit] | None:
        """Those of a window of time, the newest first; None where there may be more than `most`."""
        rows = db.exec_driver_sql(
            # Kept apart from the dates, along which the planner would walk through all.
            "WITH found AS MATERIALIZED "
            "(SELECT at, seq FROM texts WHERE words @@ %s::tsquery LIMIT %s) "
            "SELECT at, seq FROM found ORDER BY at DESC, seq DESC",
            (self._question(asked, self._eras(lower, upper)), most),
        ).all()
        if len(rows) == most:
            return None
        return [Hit(row.at, row.seq) for row in rows if lower <= row.at <= upper]

    def _vector(self, text: Text) -> str:
        """Words with their places, and words for the eras it falls in."""
        eras = (f"'{self._era(text.at, era)}'" for era in self.ERAS)
        return f"{self.vector_of(text.words)} {' '.join(eras)}"

    def vector_of(self, words: Iterable[str]) -> str:
        """Words with the places where they stand, as PostgreSQL reads them."""
        places: dict[str, list[str]] = {}
        for place, word in enumerate(words, 1):
            if word != GAP:
                places.setdefault(word, []).append(str(place))
        return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())

    def _eras(self, first: int, last: int) -> tuple[str, ...]:
        """The fewest eras, at most so many, that hold every moment from first to last."""
        for era in self.ERAS:
            if (last >> era) - (first >> era) < self._MOST_ERAS:
                return tuple(
                    self._era(at << era, era) for at in range(first >> era, (last >> era) + 1)
                )
        return ()

    def _era(self, at: int, era: int) -> str:
        return f"~{era}/{at >> era}"

    def _question(self, asked: Asked, eras: Sequence[str]) -> str:
        every = (*asked.every, tuple((era,) for era in eras)) if eras else asked.every
        none = f" & !{self._any(asked.none)}" if asked.none else ""
        return " & ".join(map(self._any, every)) + none

    def _any(self, phrases: Iterable[Phrase]) -> str:
        quoted = (f"({' <-> '.join(map(repr, phrase))})" for phrase in phrases)
        return f"({' | '.join(quoted)})"


_INDEXES: Mapping[str, Index] = {"sqlite": Fts5(), "postgresql": TsVector()}


def index_of(db: Connection) -> Index:
    """The index of the database behind a connection."""
    return _INDEXES[db.dialect.name]
