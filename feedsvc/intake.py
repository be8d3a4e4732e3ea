"""Read, normalise, keep; and tell what became of every item.

Room: intake. Small sources share a transaction, the last one shows everything at once. The
clock and the reporter of progress are arguments.
Imports reading, normalise, settle, store, corrections, ledger; called by service, cli and
whoever uses feedsvc as a library.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any
from zoneinfo import ZoneInfo

from feedsvc.config import Settings
from feedsvc.corrections import Correction, Corrections
from feedsvc.ledger import read_ledger, read_settings, write_ledger
from feedsvc.model import How, Judged, Refused, Tombstone
from feedsvc.normalise import identity
from feedsvc.reading import Reading, Rows, Task, has_moved, of_settings, readings
from feedsvc.seeds import Address, Input
from feedsvc.settle import Moment, fullest, known_as, settle
from feedsvc.store import (
    EXPIRED,
    FeedChanges,
    Kept,
    KnownRow,
    Session,
    SourceRead,
    SourceState,
    Store,
)

__all__ = ["FLOOD", "SITE_ID", "Report", "Rows", "SourceReport", "ingest", "is_slip", "now_in_utc"]

FLOOD = 20  #: more known entries than this, and a quarter of a page, are a slip of settings
FEEDS = (".xml", ".rss", ".atom", ".rdf", "feed.json", ".jsonfeed")
#: kinds of files that are one entry each: when such a file goes, so does its entry
OF_ONE = frozenset({"markdown", "webpage", "audio", "mail"})
MOST_SUGGESTIONS = 100
MOST_SECONDS = 43_199  #: that an item without a date is put back, so that it has one of its own
MOST_TOGETHER = 50  #: sources, or items of them, in one transaction
PATIENCE_SECONDS = 0.5  #: a longer wait for another process is told
SITE_ID = "site id"  #: the note that keeps what feed ids are made from
_CORRECTIONS = "corrections"  #: note: digest of each correction, as last published
_BY_TITLE = "corrections by title"  #: note: entry -> the correction that found it by its title
_RENAMED = "renamed"  #: note: source -> items that changed settings gave new ids, unpublished


@dataclass(slots=True, kw_only=True)
class SourceReport:
    """What became of one source; the item counts add up to `n_items`."""

    name: str
    is_skipped: bool = False  #: unchanged since it was last read
    is_aside: bool = False  #: a picture or the like: published where an entry refers to it
    is_gone: bool = False  #: not there any more, and with it what stood in it
    n_items: int = 0
    n_new: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_duplicates: int = 0  #: further appearances of an entry
    n_withheld: int = 0  #: drafts, and what is due later
    n_expired: int = 0  #: items whose time is over
    n_removed: int = 0  #: items a person took back
    n_refused: int = 0
    n_vanished: int = 0  #: known, and no longer listed; not among the items
    n_buried: int = 0  #: of these, the ones taken back because the source says `missing = "remove"`
    refused: tuple[Refused, ...] = ()
    missing: tuple[str, ...] = ()  #: "line 3: pictures/a.png": files referred to and not there
    noise_lines: int = 0  #: that are part of no item
    weak_by: Mapping[str, int] = field(default_factory=dict)  #: setting that would help -> items
    problem: str | None = None  #: the source as a whole could not be read

    @property
    def n_weak(self) -> int:
        return sum(self.weak_by.values())


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
    suggestions: tuple[identity.Suggestion, ...] = ()  #: entries that may be one, likest first

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
    whole: bool = False,
    workers: int = 1,
    wait_seconds: float = 60,
    progress: Callable[[SourceReport], None] = lambda _: None,
    waiting: Callable[[], None] = lambda: None,
) -> Report:
    """Read every input, keep what it holds, then show all of it at once.

    A source whose bytes, settings and corrections are unchanged is not read again, unless
    `again`. A dry run reports and rolls everything back. `whole` says that these inputs are
    all there are: then a file that is gone takes the one entry it was along. `workers`
    processes share the reading of many files. `waiting` is called once, from another thread,
    when another process has the database, for `wait_seconds` at most. Raises StoreError, and ConfigError for a broken
    ledger; a source that cannot be read is told in the report and its neighbours go on.
    """
    inputs = list(inputs)
    in_order = _feeds_first(inputs)
    with ExitStack() as stack:
        work = _Work(
            session=_enter(
                stack, store, dry_run=dry_run, wait_seconds=wait_seconds, waiting=waiting
            ),
            settings=settings or Settings(),
            corrections=corrections or Corrections({}),
            now=clock(),
            again=again,
        )
        started_fresh = work.session.is_fresh
        work.prepare(ledger if started_fresh else None)
        work.names = frozenset(one.name for one in inputs)
        work.absent = frozenset(work.known_sources.keys() - work.names)
        work.is_whole = whole
        reports = []
        for run in _runs(readings(map(work.task, in_order), workers)):
            with work.session.together():
                for reading in run:
                    reports.append(work.take(reading))
                    progress(reports[-1])
        if whole:
            work.let_go()
            reports += work.bury_absent()
        places = {one.name: n for n, one in enumerate(inputs)}
        reports.sort(key=lambda one: places.get(one.name, len(places)))
        report = work.report(reports, may_slip=yes or started_fresh)
        work.finish(clock(), is_held=report.is_held)
        is_idle = not work.n_released and _are_looks(inputs) and all(r.is_skipped for r in reports)
        if ledger and not (dry_run or report.is_held or is_idle):
            write_ledger(ledger, work.session.memory(), work.settings_by_source())
    is_unkept = started_fresh and ledger is None
    return replace(report, revision=store.revision(), is_unkept=is_unkept)


def _are_looks(inputs: Iterable[Input | Rows]) -> bool:
    """Whether nothing but the clock asked for this ingest."""
    return all(isinstance(one, Address) and one.is_timed for one in inputs)


def _runs(found: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Sources that are kept in one transaction: small ones together, a big one by itself."""
    run: list[Reading] = []
    for reading in found:
        run.append(reading)
        if len(run) >= MOST_TOGETHER or sum(len(one.judged) for one in run) >= MOST_TOGETHER:
            yield run
            run = []
    if run:
        yield run


def _feeds_first(inputs: Iterable[Input | Rows]) -> list[Input | Rows]:
    """In the order given, but for feeds: whoever else has their items takes over their ids."""
    return sorted(inputs, key=lambda one: not _is_feed(one.name))


def _is_feed(name: str) -> bool:
    return name.lower().endswith(FEEDS)


def _enter(
    stack: ExitStack,
    store: Store,
    *,
    dry_run: bool,
    wait_seconds: float,
    waiting: Callable[[], None],
) -> Session:
    timer = Timer(PATIENCE_SECONDS, waiting)
    timer.daemon = True
    timer.start()
    try:
        return stack.enter_context(store.ingesting(dry_run=dry_run, wait_seconds=wait_seconds))
    finally:
        timer.cancel()


def is_slip(changes: Iterable[FeedChanges], page_size: int, n_renamed: int = 0) -> bool:
    """Whether subscribers would see so much of the old at once that settings must have slipped."""
    at_once = [n_renamed, *(c.redated + c.gone - c.expired for c in changes)]
    return any(n > FLOOD and n * 4 >= page_size for n in at_once)


@dataclass(slots=True)
class _Verdict:
    """What is to be written of one source."""

    report: SourceReport
    ids: set[str] = field(default_factory=set)
    prefix: str = ""  #: mixed into every minted id
    free: Collection[str] = frozenset()  #: ids wanted for new entries, and not taken
    kept: list[Kept] = field(default_factory=list)
    removed: list[Tombstone] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
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
    names: frozenset[str] = frozenset()  #: of the inputs
    absent: frozenset[str] = frozenset()  #: sources read before and not among these inputs
    is_whole: bool = False  #: these inputs are all there are: what is absent is gone
    n_released: int = 0  #: entries that fell due, or expired
    n_seen: int = 0  #: new items without any date, so far

    def prepare(self, ledger: Path | None) -> None:
        """The ledger first, then what other settings select, then what is due.

        Which corrections changed decides what is read.
        """
        if ledger:
            self.remembered = read_settings(ledger)
            self.session.remember(
                replace(row, clues=identity.clues(row.folded, row.shingles))
                for row in read_ledger(ledger)
            )
        if self.session.recall(SITE_ID) is None:
            self.session.note(SITE_ID, self.settings.site.base_url)
        self.session.reselect()
        self.n_released = self.session.release_due(self.now)
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
            absent=tuple(sorted(self.absent)),
            unmatched=self.unmatched(),
            is_held=not may_slip and is_slip(changes, size, n_renamed),
            next_due=self.session.next_due(),
            n_weak=sum(source.n_weak for source in sources),
            suggestions=tuple(sorted(set(self._suggestions()), reverse=True))[:MOST_SUGGESTIONS],
        )

    def _suggestions(self) -> Iterator[identity.Suggestion]:
        for new, others in self.session.look_alikes():
            yield from identity.suggestions([*map(known_as, new)], [*map(known_as, others)])

    def finish(self, now: datetime, *, is_held: bool) -> None:
        """Show everything, or hold it back and know that at the next ingest."""
        self._note(_BY_TITLE, self.by_title)
        self._note(_RENAMED, self.renamed if is_held else {})
        if not is_held:
            self._note(_CORRECTIONS, self._settled_corrections())
            self.session.publish(now)

    def _settled_corrections(self) -> dict[str, Any]:
        """The digests of the corrections, as before for those whose sources were not looked at."""
        kept, current = self._recalled(_CORRECTIONS), self.corrections.digests()
        rows = self.session.known(self.changed_corrections)
        open_ids = {row.id for row in rows if not self.names.issuperset(row.appears_in)}
        settled = {id: digest for id, digest in current.items() if id not in open_ids}
        return settled | {id: kept[id] for id in open_ids if id in kept}

    def _recalled(self, key: str) -> dict[str, Any]:
        return dict(json.loads(self.session.recall(key) or "{}"))

    def _note(self, key: str, value: Mapping[str, object]) -> None:
        if self._recalled(key) != value:
            self.session.note(key, json.dumps(value, sort_keys=True))

    @cached_property
    def known_sources(self) -> dict[str, SourceState]:
        """What was read before, by name."""
        return {state.name: state for state in self.session.sources()}

    def task(self, one: Input | Rows) -> Task:
        """What is to be done with one input."""
        kept = self.known_sources.get(one.name)
        return Task(
            input=one,
            settings=self.settings.for_source(one.name),
            now=self.now,
            base_url=self.settings.site.base_url,
            kept_digest=kept.digest if kept else self.remembered.get(one.name, ""),
            kept_stamp=kept.stamp if kept else "",
            is_asked_for=self.again or self._is_touched(one.name),
        )

    def take(self, reading: Reading) -> SourceReport:
        """Keep what was read of one source, unless nothing about it changed."""
        name = reading.task.name
        if reading.problem:
            words = reading.problem.removeprefix(f"{name}: ")
            self.session.refuse(name, [Refused(source=name, reason=words)])
            return SourceReport(name=name, problem=reading.problem)
        if reading.is_unchanged:
            known = self.known_sources.get(name)
            if known and reading.stamp != known.stamp:
                self.session.restamp(name, reading.stamp)
            return SourceReport(name=name, is_skipped=True)
        if reading.is_aside:
            return SourceReport(name=name, is_aside=True)
        return self._keep_all(reading)

    def _is_touched(self, name: str) -> bool:
        """Whether a changed correction may speak of this source; one of an unknown id may of any."""
        if not self.changed_corrections:
            return False
        if any(not self.session.is_taken(id) for id in self.changed_corrections):
            return True
        return any(row.id in self.changed_corrections for row in self.session.known_in(name))

    def _keep_all(self, reading: Reading) -> SourceReport:
        judged = reading.judged
        report = SourceReport(
            name=reading.task.name,
            n_items=len(judged) + len(reading.refused),
            n_refused=len(reading.refused),
            refused=reading.refused,
            missing=tuple(_missing(judged)),
            noise_lines=reading.n_noise,
            weak_by=Counter(_help(one) for one in judged if not one.published.how.is_claim),
        )
        self._keep(reading, report)
        if has_moved(reading):
            self.renamed[report.name] = min(report.n_new, report.n_vanished)
        return report

    def _keep(self, reading: Reading, report: SourceReport) -> None:
        """Say who every item is, and keep the whole source in one transaction."""
        here = self.session.known_in(report.name)
        verdict = self._identify(reading, here, report)
        vanished = [row for row in here if row.id not in verdict.ids and not row.is_removed]
        report.n_vanished = len(vanished)
        # Something refused, or nothing read at all, is a failure as likely as a wish.
        is_sound = reading.judged and not report.n_refused
        if is_sound and self._removes(report.name, reading.reader):
            buried = [_vanished(row, self.now) for row in vanished if _only_in(row, report.name)]
            report.n_buried = len(buried)
            verdict.removed += buried
        self.session.unbury(verdict.restored)
        self.session.keep(
            SourceRead(
                name=report.name,
                digest=reading.digest,
                stamp=reading.stamp,
                reader=reading.reader,
                kept=tuple(verdict.kept),
                refused=report.refused,
                vanished=tuple(row.id for row in vanished),
            )
        )
        self.session.bury(verdict.removed)

    def _removes(self, name: str, reader: str) -> bool:
        """Whether what a source lists no longer is taken back."""
        missing = self.settings.for_source(name).missing
        known = self.known_sources.get(name)
        is_of_one = reader in OF_ONE and known is not None and known.n_items == 1
        return missing == "remove" or (missing is None and is_of_one)

    @property
    def gone(self) -> frozenset[str]:
        """Sources that are surely not there any more, by another name at most."""
        return self.absent if self.is_whole else frozenset()

    def let_go(self) -> None:
        """Forget the old names of files that were renamed or moved."""
        for name in sorted(self.absent):
            self.session.vacate(name)
            if not self.session.known_in(name):
                self.session.forget(name)
                self.absent -= {name}

    def bury_absent(self) -> list[SourceReport]:
        """Take back what stood in files that are gone; a folder that is gone takes nothing."""
        folders = {name.rpartition("/")[0] for name in self.names}
        reports = []
        for name in sorted(self.absent):
            state = self.known_sources[name]
            if name.rpartition("/")[0] in folders and self._removes(name, state.reader):
                reports.append(self._bury_source(state))
        self.absent -= {report.name for report in reports}
        return reports

    def _bury_source(self, state: SourceState) -> SourceReport:
        gone = [row for row in self.session.known_in(state.name) if not row.is_removed]
        ids = tuple(row.id for row in gone)
        buried = [_vanished(row, self.now) for row in gone if _only_in(row, state.name)]
        self.session.keep(SourceRead(name=state.name, digest="", vanished=ids))
        self.session.bury(buried)
        self.session.forget(state.name)
        n_gone, n_buried = len(gone), len(buried)
        return SourceReport(name=state.name, is_gone=True, n_vanished=n_gone, n_buried=n_buried)

    def _identify(
        self,
        reading: Reading,
        here: Sequence[KnownRow],
        report: SourceReport,
    ) -> _Verdict:
        judged = reading.judged
        by_key = self.session.known(
            (key for one in judged for key in one.keys.present()),
            (clue for one in judged for clue in one.clues),
            but={row.id for row in here},
        )
        known = {row.id: row for row in (*here, *by_key)}
        near, listed = ([known_as(row) for row in rows] for rows in (by_key, here))
        matches = identity.link(judged, near, listed, self.gone, is_feed=_is_of_feed(reading))
        clusters = [
            ([judged[p] for p in positions], matches[positions[0]])
            for positions in identity.clusters(matches)
        ]
        self._tell_apart([cluster for cluster, match in clusters if not match.known_id])
        prefix = reading.task.settings.id_prefix or ""
        wanted = {next(_ids(cluster, prefix)) for cluster, match in clusters if not match.known_id}
        verdict = _Verdict(report, prefix=prefix, free=wanted - self.session.taken(wanted))
        moment = Moment(
            now=self.now,
            zone=ZoneInfo(reading.task.settings.time_zone or "UTC"),
            rejudge=has_moved(reading) or self.again,
            is_feed=_is_of_feed(reading),
            absent=self.gone,
        )
        for cluster, match in clusters:
            row = known.get(match.known_id) if match.known_id else None
            self._settle(moment, verdict, cluster, row, match.how)
        return verdict

    def _tell_apart(self, clusters: Sequence[list[Judged]]) -> None:
        """Give new items that are only "seen" a second each, downwards, in the order of their source.

        Readers tell entries apart by their times, and sort by them (RFC 4287 §4.2.15).
        """
        seen = [cluster for cluster in clusters if fullest(cluster).published.how is How.SEEN]
        for cluster in sorted(seen, key=lambda cluster: -fullest(cluster).place):
            earlier = timedelta(seconds=min(self.n_seen, MOST_SECONDS))
            self.n_seen += 1
            cluster[:] = [
                replace(
                    one, published=replace(one.published, instant=one.published.instant - earlier)
                )
                if one.published.how is How.SEEN
                else one
                for one in cluster
            ]

    def _settle(
        self,
        moment: Moment,
        verdict: _Verdict,
        cluster: list[Judged],
        row: KnownRow | None,
        how: str,
    ) -> None:
        id = row.id if row else self._mint(cluster, verdict)
        verdict.ids.add(id)
        correction = self._correction(id, cluster)
        one = settle(cluster, row, id=id, linked_how=how, correction=correction, moment=moment)
        verdict.kept.append(one)
        is_removed = correction is not None and correction.removed is not None
        if correction and correction.removed:
            verdict.removed.append(_tombstone(one, correction))
        elif one.is_expired:
            verdict.removed += _expired(row, self.now)
        elif row and row.is_removed:
            verdict.restored.append(id)
        _count(verdict.report, one, row, len(cluster), is_removed=is_removed)

    def _mint(self, cluster: list[Judged], verdict: _Verdict) -> str:
        ids = (id for id in _ids(cluster, verdict.prefix) if id not in verdict.ids)
        return next(id for id in ids if id in verdict.free or not self.session.is_taken(id))

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
        return {state.name: of_settings(state.digest) for state in self.session.sources()}


def _is_of_feed(reading: Reading) -> bool:
    return _is_feed(reading.task.name) or reading.reader == "syndication"


def _ids(cluster: list[Judged], prefix: str) -> Iterator[str]:
    """The ids that a new entry may have, the first of them if no other has it."""
    judged = fullest(cluster)
    if own := identity.own_iri(judged.item.guid):
        yield own
    yield from (identity.mint(judged.keys, prefix, attempt) for attempt in count())


def _missing(judged: Iterable[Judged]) -> Iterator[str]:
    for one in judged:
        where = f"line {one.item.line}: " if one.item.line else ""
        yield from (f"{where}{reference}" for reference in one.missing)


def _help(judged: Judged) -> str:
    """The setting that would most likely give an item its date; empty where none would."""
    verdicts = " ".join(candidate.verdict for candidate in judged.candidates)
    if "ambiguous" in verdicts:
        return "date_order"
    return "reference_date" if judged.published.how is How.SEEN else ""


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


def _expired(row: KnownRow | None, now: datetime) -> Iterator[Tombstone]:
    """Of an entry that showed until it was read now; what is due by itself went before."""
    if row and row.is_published and not row.is_removed:
        yield Tombstone(id=row.id, slug=row.slug, removed=now, reason=EXPIRED)


def _vanished(row: KnownRow, now: datetime) -> Tombstone:
    return Tombstone(id=row.id, slug=row.slug, removed=now, reason="no longer in its source")


def _count(
    report: SourceReport, kept: Kept, row: KnownRow | None, n_places: int, *, is_removed: bool
) -> None:
    report.n_duplicates += n_places - 1
    if is_removed:
        report.n_removed += 1
    elif kept.is_expired:
        report.n_expired += 1
    elif kept.hold_until:
        report.n_withheld += 1
    elif row is None or row.is_removed:
        report.n_new += 1
    elif kept.is_copy or (row.source != kept.entry.source and not row.is_published):
        report.n_duplicates += 1
    elif row.fingerprint != kept.entry.fingerprint:
        report.n_changed += 1
    else:
        report.n_unchanged += 1
