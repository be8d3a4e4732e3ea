"""Read, normalise, keep; and tell what became of every item.

Room: intake. One transaction a source, the last one shows everything at once. The clock and
the reporter of progress are arguments.
Imports sources, normalise, settle, store, corrections, ledger; called by service, cli and
whoever uses feedsvc as a library.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from threading import Timer
from typing import Any
from zoneinfo import ZoneInfo

from feedsvc import sources
from feedsvc.config import Settings, SourceSettings
from feedsvc.corrections import Correction, Corrections
from feedsvc.errors import SourceError
from feedsvc.ledger import read_ledger, read_settings, write_ledger
from feedsvc.model import How, Judged, RawItem, Refused, Tombstone
from feedsvc.normalise import Context, identity, normalise
from feedsvc.seeds import Input
from feedsvc.settle import Moment, fullest, settle
from feedsvc.sources import records
from feedsvc.store import FeedChanges, Kept, KnownRow, Session, SourceRead, Store

FLOOD = 20  #: more known entries than this, and a quarter of a page, are a slip of settings
PATIENCE_SECONDS = 0.5  #: a longer wait for another process is told
SITE_ID = "site id"  #: the note that keeps what feed ids are made from
_CORRECTIONS = "corrections"  #: note: digest of each correction, as last published
_BY_TITLE = "corrections by title"  #: note: entry -> the correction that found it by its title
_RENAMED = "renamed"  #: note: source -> items that changed settings gave new ids, unpublished


@dataclass(frozen=True, slots=True)
class Rows:
    """An app's own rows as a source: mappings or RawItems."""

    name: str
    rows: Iterable[Mapping[str, object] | RawItem]


@dataclass(slots=True, kw_only=True)
class SourceReport:
    """What became of one source; the item counts add up to `n_items`."""

    name: str
    is_skipped: bool = False  #: unchanged since it was last read
    n_items: int = 0
    n_new: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_duplicates: int = 0  #: further appearances of an entry
    n_withheld: int = 0  #: drafts, and what is due later
    n_removed: int = 0  #: items a person took back
    n_refused: int = 0
    n_vanished: int = 0  #: known, and no longer listed; not among the items
    n_buried: int = 0  #: of these, the ones taken back because the source says `missing = "remove"`
    refused: tuple[Refused, ...] = ()
    problem: str | None = None  #: the source as a whole could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an ingest did, or with a dry run would do."""

    sources: tuple[SourceReport, ...]
    changes: tuple[FeedChanges, ...]  #: what the subscribers of each feed see
    revision: int
    absent: tuple[str, ...] = ()  #: sources read before and not there now; nothing is removed
    unmatched: tuple[Correction, ...] = ()  #: corrections that match no entry
    is_held: bool = False  #: too much would change at once: it waits for a person's yes
    next_due: datetime | None = None  #: when the next withheld entry joins its feeds
    is_unkept: bool = False  #: ids were minted with neither a kept store nor a ledger
    n_weak: int = 0  #: items read now whose date is no claim
    n_seen: int = 0  #: of these, the ones with no date at all but this ingest's

    def total(self, name: str) -> int:
        return sum(getattr(source, name) for source in self.sources)

    @property
    def is_clean(self) -> bool:
        """Nothing was refused and nothing waits."""
        return not (self.is_held or self.total("n_refused") or any(s.problem for s in self.sources))


def now_in_utc() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def ingest(
    store: Store,
    inputs: Iterable[Input | Rows],
    *,
    settings: Settings | None = None,
    corrections: Corrections | None = None,
    ledger: Path | None = None,
    clock: Callable[[], datetime] = now_in_utc,
    again: bool = False,
    yes: bool = False,
    dry_run: bool = False,
    progress: Callable[[SourceReport], None] = lambda _: None,
    waiting: Callable[[], None] = lambda: None,
) -> Report:
    """Read every input, keep what it holds, then show all of it at once.

    A source whose bytes, settings and corrections are unchanged is not read again, unless
    `again`. A dry run reports and rolls everything back. `waiting` is called once, from
    another thread, when another process has the database. Raises StoreError, and ConfigError
    for a broken ledger; a source that cannot be read is told in the report and its neighbours go on.
    """
    with ExitStack() as stack:
        work = _Work(
            session=_enter(stack, store, dry_run=dry_run, waiting=waiting),
            settings=settings or Settings(),
            corrections=corrections or Corrections({}),
            now=clock(),
            again=again,
        )
        started_fresh = work.session.is_fresh
        work.prepare(ledger if started_fresh else None)
        reports = []
        for one in inputs:
            reports.append(work.take(one))
            progress(reports[-1])
        report = work.report(reports, may_slip=yes or started_fresh)
        work.finish(clock(), is_held=report.is_held)
        if ledger and not (dry_run or report.is_held):
            write_ledger(ledger, work.session.memory(), work.settings_by_source())
    is_unkept = started_fresh and ledger is None
    return replace(report, revision=store.revision(), is_unkept=is_unkept)


def _enter(
    stack: ExitStack, store: Store, *, dry_run: bool, waiting: Callable[[], None]
) -> Session:
    timer = Timer(PATIENCE_SECONDS, waiting)
    timer.daemon = True
    timer.start()
    try:
        return stack.enter_context(store.ingesting(dry_run=dry_run))
    finally:
        timer.cancel()


def is_slip(changes: Iterable[FeedChanges], page_size: int, n_renamed: int = 0) -> bool:
    """Whether subscribers would see so much of the old at once that settings must have slipped."""
    at_once = [n_renamed, *(change.redated + change.gone for change in changes)]
    return any(n > FLOOD and n * 4 >= page_size for n in at_once)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One source about to be read."""

    name: str
    digest: str
    settings: SourceSettings
    context: Context
    has_moved: bool  #: its settings are not those of the last reading
    is_asked_for: bool  #: to be judged again, by a person


@dataclass(slots=True)
class _Verdict:
    """What is to be written of one source."""

    report: SourceReport
    ids: set[str] = field(default_factory=set)
    kept: list[Kept] = field(default_factory=list)
    removed: list[Tombstone] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Work:
    """One ingest under way."""

    session: Session
    settings: Settings
    corrections: Corrections
    now: datetime
    again: bool
    changed_corrections: frozenset[str] = frozenset()
    by_title: dict[str, str] = field(default_factory=dict)  #: entry -> correction of another id
    renamed: dict[str, int] = field(default_factory=dict)  #: by source
    remembered: Mapping[str, str] = field(default_factory=dict)  #: source -> digest, of the ledger
    n_weak: int = 0
    n_seen: int = 0

    def prepare(self, ledger: Path | None) -> None:
        """The ledger first, then what is due; which corrections changed decides what is read."""
        if ledger:
            self.remembered = read_settings(ledger)
            self.session.remember(read_ledger(ledger))
        if self.session.recall(SITE_ID) is None:
            self.session.note(SITE_ID, self.settings.site.base_url)
        self.session.release_due(self.now)
        kept, current = self._recalled(_CORRECTIONS), self.corrections.digests()
        self.changed_corrections = frozenset(
            id for id in kept.keys() | current.keys() if kept.get(id) != current.get(id)
        )
        found = self._recalled(_BY_TITLE)
        self.by_title = {id: other for id, other in found.items() if other in current}
        self.renamed = self._recalled(_RENAMED)

    def report(self, sources: Sequence[SourceReport], *, may_slip: bool) -> Report:
        """What was done, and whether it may be shown; `may_slip` where any change is welcome."""
        changes = self.session.changes()
        size, n_renamed = self.settings.site.size, sum(self.renamed.values())
        return Report(
            sources=tuple(sources),
            changes=changes,
            revision=0,  # known once the session is over
            absent=self.absent({source.name for source in sources}),
            unmatched=self.unmatched(),
            is_held=not may_slip and is_slip(changes, size, n_renamed),
            next_due=self.session.next_due(),
            n_weak=self.n_weak,
            n_seen=self.n_seen,
        )

    def finish(self, now: datetime, *, is_held: bool) -> None:
        """Show everything, or hold it back and know that at the next ingest."""
        self._note(_BY_TITLE, self.by_title)
        self._note(_RENAMED, self.renamed if is_held else {})
        if not is_held:
            self._note(_CORRECTIONS, self.corrections.digests())
            self.session.publish(now)

    def _recalled(self, key: str) -> dict[str, Any]:
        return dict(json.loads(self.session.recall(key) or "{}"))

    def _note(self, key: str, value: Mapping[str, object]) -> None:
        if self._recalled(key) != value:
            self.session.note(key, json.dumps(value, sort_keys=True))

    def take(self, one: Input | Rows) -> SourceReport:
        """Read one source and keep what it holds, unless nothing about it changed."""
        settings = self.settings.for_source(one.name)
        try:
            content, items = _open(one, settings, self.settings.site.base_url)
            digest = f"{content}:{settings.digest()}"
            kept = self._kept_digest(one.name)
            if kept == digest and not self.again and not self._is_touched(one.name):
                return SourceReport(name=one.name, is_skipped=True)
            reading = _Reading(
                name=one.name,
                digest=digest,
                settings=settings,
                context=self._context(settings),
                has_moved=bool(kept) and _of_settings(kept) != settings.digest(),
                is_asked_for=self.again,
            )
            return self._read(reading, list(items()))
        except SourceError as error:
            return SourceReport(name=one.name, problem=str(error))

    def _kept_digest(self, name: str) -> str:
        """Of the content and the settings when last read; of the settings alone in a ledger."""
        state = self.session.source(name)
        return state.digest if state else self.remembered.get(name, "")

    def _is_touched(self, name: str) -> bool:
        """Whether a changed correction may speak of this source; one of an unknown id may of any."""
        if not self.changed_corrections:
            return False
        if any(not self.session.is_taken(id) for id in self.changed_corrections):
            return True
        return any(row.id in self.changed_corrections for row in self.session.known_in(name))

    def _read(self, reading: _Reading, items: list[RawItem | Refused]) -> SourceReport:
        refused = [item for item in items if isinstance(item, Refused)]
        raw = [item for item in items if isinstance(item, RawItem)]
        results = normalise(raw, reading.context)
        refused += [result for result in results if isinstance(result, Refused)]
        judged = [result for result in results if isinstance(result, Judged)]
        self.n_weak += sum(not one.published.how.is_claim for one in judged)
        self.n_seen += sum(one.published.how is How.SEEN for one in judged)
        report = SourceReport(
            name=reading.name, n_items=len(items), n_refused=len(refused), refused=tuple(refused)
        )
        self._keep(reading, judged, report)
        if reading.has_moved:
            self.renamed[reading.name] = min(report.n_new, report.n_vanished)
        return report

    def _context(self, settings: SourceSettings) -> Context:
        return Context(
            language=settings.language or "en",
            time_zone=ZoneInfo(settings.time_zone or "UTC"),
            reference=settings.reference_date,
            order=settings.order,
            read_at=self.now,
            base_url=self.settings.site.base_url,
            id_prefix=settings.id_prefix or "",
            section=settings.section,
            author=settings.author.author() if settings.author else None,
        )

    def _keep(self, reading: _Reading, judged: list[Judged], report: SourceReport) -> None:
        """Say who every item is, and keep the whole source in one transaction."""
        here = self.session.known_in(reading.name)
        verdict = self._identify(reading, judged, here, report)
        vanished = [row for row in here if row.id not in verdict.ids and not row.is_removed]
        report.n_vanished = len(vanished)
        # Something refused, or nothing read at all, is a failure as likely as a wish.
        if reading.settings.missing == "remove" and judged and not report.n_refused:
            buried = [_vanished(row, self.now) for row in vanished if _only_in(row, reading.name)]
            report.n_buried = len(buried)
            verdict.removed += buried
        self.session.unbury(verdict.restored)
        self.session.keep(
            SourceRead(
                name=reading.name,
                digest=reading.digest,
                reader=reading.settings.reader or "",
                kept=tuple(verdict.kept),
                refused=report.refused,
                vanished=tuple(row.id for row in vanished),
            )
        )
        self.session.bury(verdict.removed)

    def _identify(
        self,
        reading: _Reading,
        judged: list[Judged],
        here: Sequence[KnownRow],
        report: SourceReport,
    ) -> _Verdict:
        by_key = self.session.known(key for one in judged for key in one.keys.present())
        known = {row.id: row for row in (*here, *by_key)}
        matches = identity.link(judged, [_known(r) for r in by_key], [_known(r) for r in here])
        verdict = _Verdict(report)
        for positions in identity.clusters(matches):
            match = matches[positions[0]]
            row = known.get(match.known_id) if match.known_id else None
            self._settle(reading, verdict, [judged[p] for p in positions], row, match.how)
        return verdict

    def _settle(
        self,
        reading: _Reading,
        verdict: _Verdict,
        cluster: list[Judged],
        row: KnownRow | None,
        how: str,
    ) -> None:
        id = row.id if row else self._mint(fullest(cluster), reading.settings, verdict.ids)
        verdict.ids.add(id)
        correction = self._correction(id, cluster)
        moment = Moment(
            now=self.now,
            zone=reading.context.time_zone,
            rejudge=reading.has_moved or reading.is_asked_for,
        )
        one = settle(cluster, row, id=id, linked_how=how, correction=correction, moment=moment)
        one = self._at_home(one, row, reading.name)
        verdict.kept.append(one)
        is_removed = correction is not None and correction.removed is not None
        if correction and correction.removed:
            verdict.removed.append(_tombstone(one, correction))
        elif row and row.is_removed:
            verdict.restored.append(id)
        _count(verdict.report, one, row, len(cluster), is_removed=is_removed)

    def _at_home(self, kept: Kept, row: KnownRow | None, name: str) -> Kept:
        """A copy in another source adds a place and leaves the entry to the source it lives in."""
        lives_elsewhere = row is not None and row.source != name and row.source in row.appears_in
        return replace(kept, is_copy=True) if lives_elsewhere else kept

    def _mint(self, judged: Judged, settings: SourceSettings, taken: set[str]) -> str:
        own = identity.own_iri(judged.item.guid)
        prefix = settings.id_prefix or ""
        minted = (identity.mint(judged.keys, prefix, attempt) for attempt in count())
        candidates = chain([own] if own else [], minted)
        return next(id for id in candidates if id not in taken and not self.session.is_taken(id))

    def _correction(self, id: str, cluster: list[Judged]) -> Correction | None:
        """By id; else by the title, once, for a file that another database's ids were written to."""
        found = self.corrections.of(id) or self.corrections.of(self.by_title.get(id, ""))
        if found is None:
            found = self.corrections.matching(identity.fold(fullest(cluster).title))
            if found is None or self.session.is_taken(found.id):
                return None
            self.by_title[id] = found.id
        return found

    def unmatched(self) -> tuple[Correction, ...]:
        """Corrections that speak of no entry, read now or before."""
        by_title = set(self.by_title.values())
        return tuple(
            correction
            for id, correction in self.corrections.by_id.items()
            if id not in by_title and not self.session.is_taken(id)
        )

    def settings_by_source(self) -> dict[str, str]:
        return {state.name: _of_settings(state.digest) for state in self.session.sources()}

    def absent(self, names: set[str]) -> tuple[str, ...]:
        """Sources read before that are not among these inputs."""
        return tuple(s.name for s in self.session.sources() if s.name not in names)


def _open(
    one: Input | Rows, settings: SourceSettings, base_url: str
) -> tuple[str, Callable[[], Iterable[RawItem | Refused]]]:
    """A digest of what a source says, relative addresses included, and how to get its items."""
    if isinstance(one, Rows):
        rows = list(records.from_rows(one.name, one.rows))
        return _digest(repr(rows).encode(), base_url), lambda: rows
    data = one.load()
    return _digest(data, base_url), lambda: sources.read(one.name, data, settings.reader)


def _digest(data: bytes, base_url: str) -> str:
    return hashlib.sha256(data + b"\0" + base_url.encode()).hexdigest()


def _of_settings(digest: str) -> str:
    return digest.rpartition(":")[2]


def _known(row: KnownRow) -> identity.Known:
    return identity.Known(
        id=row.id,
        keys=row.keys,
        shingles=row.shingles,
        folded=row.folded,
        group=row.group,
        source=row.source,
    )


def _only_in(row: KnownRow, name: str) -> bool:
    return not set(row.appears_in) - {name}


def _tombstone(kept: Kept, correction: Correction) -> Tombstone:
    assert correction.removed is not None
    return Tombstone(
        id=kept.entry.id,
        slug=kept.entry.slug,
        removed=correction.removed.replace(microsecond=0),
        reason=correction.reason,
    )


def _vanished(row: KnownRow, now: datetime) -> Tombstone:
    return Tombstone(id=row.id, slug=row.slug, removed=now, reason="no longer in its source")


def _count(
    report: SourceReport, kept: Kept, row: KnownRow | None, n_places: int, *, is_removed: bool
) -> None:
    report.n_duplicates += n_places - 1
    if is_removed:
        report.n_removed += 1
    elif kept.hold_until:
        report.n_withheld += 1
    elif row is None or row.is_removed:
        report.n_new += 1
    elif kept.is_copy:
        report.n_duplicates += 1
    elif row.fingerprint != kept.entry.fingerprint:
        report.n_changed += 1
    else:
        report.n_unchanged += 1
