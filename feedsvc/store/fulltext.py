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

    Asked for the newest, it is asked for windows of time, each wider than the one before by as
    much as what was found in it lets expect: the cost goes by what is found, not by what is kept.
    """

    ERAS = range(11, 33, 3)  #: each is 2**era seconds long: from half an hour to 136 years
    _MOST_ERAS = 8  #: in one window
    _WIDER = (4, 64)  #: how much, at least and at most

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
        ends = self._ends(db, limit)
        if ends is None:
            return []
        newest, oldest, span = ends
        oldest = oldest if asked.since is None else max(oldest, asked.since)
        while newest - span > oldest:
            hits = self._found(db, asked, self._eras(newest - span, newest), limit)
            if len(hits) >= limit:
                return hits
            least, most = self._WIDER
            span *= min(max(2 * limit // (len(hits) or 1), least), most)
        rest = () if asked.since is None else self._eras(oldest, newest)
        return self._found(db, asked, rest, limit)

    def within(self, db: Connection, asked: Asked, at: int, limit: int) -> list[Hit]:
        hits = self._found(db, asked, self._eras(at, at), limit, at)
        return [hit for hit in hits if hit.at == at]

    def _ends(self, db: Connection, limit: int) -> tuple[int, int, int] | None:
        """The newest and the oldest moment, and the seconds that hold twice the limit."""
        row = db.exec_driver_sql(
            "SELECT max(at) AS newest, min(at) AS oldest, "
            "(SELECT at FROM texts ORDER BY at DESC OFFSET %s LIMIT 1) AS next FROM texts",
            (2 * limit,),
        ).one()
        if row.newest is None:
            return None
        nearest = row.oldest if row.next is None else row.next
        return row.newest, row.oldest, max(row.newest - nearest, 1)

    def _found(
        self,
        db: Connection,
        asked: Asked,
        eras: Sequence[str],
        limit: int,
        at: int | None = None,
    ) -> list[Hit]:
        """Of these eras, or of all; `at` asks for one second."""
        rows = db.exec_driver_sql(
            # Kept apart from the order, which would have the planner walk through all by date.
            "WITH found AS MATERIALIZED (SELECT at, seq FROM texts WHERE words @@ %s::tsquery) "
            "SELECT at, seq FROM found WHERE at BETWEEN %s AND %s "
            "ORDER BY at DESC, seq DESC LIMIT %s",
            (self._question(asked, eras), *self._bounds(asked, at), limit),
        )
        return [Hit(row.at, row.seq) for row in rows.all()]

    def _bounds(self, asked: Asked, at: int | None) -> tuple[int, int]:
        if at is not None:
            return at, at
        return (-(2**62) if asked.since is None else asked.since), 2**62

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
