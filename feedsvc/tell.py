"""What the commands say to people: reports, tables, explanations.

Room: tell. Text out of values; prints nothing itself but through the console it is given.
Imports model, addresses and records of other rooms; called by cli.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from feedsvc import addresses, formats
from feedsvc.intake import Report, SourceReport
from feedsvc.model import Candidate, Dated, Entry, Feed, How, Page, Place, Precision, Refused, Site
from feedsvc.review import Doubt
from feedsvc.store import NEVER, FeedChanges, Story

SHOWN = 5  #: references to files that are not there, a source
MOST_FEEDS = 12  #: whose addresses are told
_COUNTS = (
    ("n_new", "new"),
    ("n_changed", "changed"),
    ("n_unchanged", "unchanged"),
    ("n_duplicates", "further appearances"),
    ("n_withheld", "withheld"),
    ("n_expired", "expired"),
    ("n_removed", "removed by you"),
    ("n_refused", "quarantined"),
)


def report_lines(
    report: Report,
    *,
    dry_run: bool = False,
    whole: bool = True,
    hidden: Collection[str] = (),
) -> Iterator[str]:
    """What became of every item, then what subscribers see, then what a person should do.

    `whole` says that all the seeds were read, so that a source not met is worth telling;
    `hidden` are the paths of feeds that nobody can see.
    """
    for source in report.sources:
        yield from refusal_lines(source)
        yield from _source_lines(source, dry_run=dry_run)
    yield _sum_line(report)
    for change in report.changes:
        is_told = change.path not in hidden
        if is_told and (change.new or change.changed or change.gone or change.redated):
            yield _change_line(change, dry_run=dry_run)
    yield from _advice(report, dry_run=dry_run, whole=whole)


def refusal_lines(source: SourceReport) -> Iterator[str]:
    """What could not be read, or not become an entry."""
    if source.problem:
        yield f"refused: {source.problem}"
    for refused in source.refused:
        yield f"quarantined: {refused}"


def _source_lines(source: SourceReport, *, dry_run: bool) -> Iterator[str]:
    if not (
        source.n_items or source.is_skipped or source.is_aside or source.is_gone or source.problem
    ):
        yield f"{source.name}: holds no items"
    for reference in source.missing[:SHOWN]:
        yield f"{source.name}: {reference} is referred to and not there; put it there"
    if len(source.missing) > SHOWN:
        yield f"{source.name}: … and {len(source.missing) - SHOWN} more that are not there"
    if kept := source.n_vanished - source.n_buried:
        yield f"{source.name}: {kept} no longer listed; kept"
    if source.n_buried:
        removed = "would be removed" if dry_run else "removed"
        yield f"{source.name}: {source.n_buried} no longer listed; {removed}"


def _sum_line(report: Report) -> str:
    skipped = sum(source.is_skipped for source in report.sources)
    n_sources = sum(not (source.is_aside or source.is_gone) for source in report.sources)
    parts = [f"{n} {word}" for name, word in _COUNTS if (n := report.total(name))]
    items = f"{report.total('n_items')} items" + (f": {', '.join(parts)}" if parts else "")
    unchanged = f"; {skipped} unchanged, not read again" if skipped else ""
    noise = sum(source.noise_lines for source in report.sources)
    dropped = f"; {noise} lines of page furniture dropped" if noise else ""
    asides = sum(source.is_aside for source in report.sources)
    beside = (
        f"; {asides} pictures and other files, published where entries refer to them"
        if asides
        else ""
    )
    return f"{n_sources} sources, {items}{unchanged}{dropped}{beside}"


def _change_line(change: FeedChanges, *, dry_run: bool) -> str:
    would = "would see" if dry_run else "see"
    counts = (
        (change.new, "new"),
        (change.changed, "changed"),
        (change.redated, "dated anew"),
        (change.gone, "gone"),
    )
    told = ", ".join(f"{n} {word}" for n, word in counts if n)
    return f"subscribers of /{change.path} {would}: {told}"


def _advice(report: Report, *, dry_run: bool, whole: bool) -> Iterator[str]:
    if not report.sources:
        yield "nothing to read; put a file into the seeds folder, or name one"
    if whole and report.absent:
        yield f"not there any more, nothing removed: {', '.join(report.absent)}"
    for correction in report.unmatched:
        yield f"corrections.toml: {correction.id} matches no entry; correct its id or take it out"
    yield from _suggestion_lines(report)
    if report.n_weak:
        yield f"{report.n_weak} of the items read have only a weak date{_hint(report)}"
    if report.next_due:
        yield f"the next is due {_utc(report.next_due)}; `ingest` or `build` sees to it then"
    if report.is_held:
        yield (
            f"{'would be held back' if dry_run else 'held back'}: more of the known entries would "
            "change at once than an edit explains; the last good documents stay up. "
            "If you mean it, run: feedsvc ingest --yes"
        )


def _suggestion_lines(report: Report) -> Iterator[str]:
    for found in report.suggestions[:SHOWN]:
        yield (
            f"maybe told twice ({found.likeness:.0%} of the words): {found.words} … is "
            f"{found.one_id} and perhaps {found.other_id} as well; if so, remove one of them"
        )
    if (n_more := len(report.suggestions) - SHOWN) > 0:
        yield f"{n_more} more are maybe told twice"


_HELP = {
    "reference_date": "reference_date = YYYY-MM-DD",
    "date_order": 'date_order = "day-first" (or "month-first")',
}


def _hint(report: Report) -> str:
    """The one setting that would help most, and where; else who else can help."""
    ways = Counter(
        {
            (setting, source.name): n
            for source in report.sources
            for setting, n in source.weak_by.items()
            if setting
        }
    )
    if not ways:
        return "; `feedsvc review` walks through them"
    by_setting: Counter[str] = Counter()
    for (setting, _), n in ways.items():
        by_setting[setting] += n
    best = by_setting.most_common(1)[0][0]
    where = next(name for (setting, name), _ in ways.most_common() if setting == best)
    return f"; {_HELP[best]} under [[source]] would help most, first of all for {where}"


def address_lines(site: Site, feeds: Iterable[Feed]) -> Iterator[str]:
    """The feeds' addresses, for a person to copy; of very many the first alone."""
    feeds = tuple(feeds)
    for feed in feeds[:MOST_FEEDS]:
        yield feed.title
        for format in formats.formats_for(Page):
            path = addresses.feed_path(feed, format.FILENAME)
            yield f"  {format.LABEL:9} {addresses.url(site, path)}"
    if len(feeds) > MOST_FEEDS:
        yield f"… and {len(feeds) - MOST_FEEDS} more feeds, of tags, authors and the like"
    yield f"All feeds   {addresses.url(site, addresses.OUTLINE_PATH)}"


def alternate_lines(site: Site, feed: Feed) -> Iterator[str]:
    """The autodiscovery lines to paste into a page's head; the first is the default feed."""
    for format in formats.formats_for(Page):
        if format.FILENAME != addresses.INDEX:
            url = addresses.url(site, addresses.feed_path(feed, format.FILENAME))
            type = format.MEDIA_TYPE.partition(";")[0]
            yield f'<link rel="alternate" type="{type}" title="{html.escape(feed.title)}" href="{url}">'


def entries_table(entries: Iterable[Entry]) -> Table:
    """Entries for people: when, how that is known, section, title."""
    table = Table("published", "known", "section", "title", box=None, pad_edge=False)
    table.add_column("id", no_wrap=True, overflow="fold")
    for entry in entries:
        title = f"[dim]{escape(entry.title)}[/]" if entry.title_is_derived else escape(entry.title)
        day = day_of(entry.published)
        table.add_row(day, entry.published.how.word, escape(entry.section or ""), title, entry.id)
    return table


def places_table(entries: Iterable[Entry]) -> Table:
    """Entries that appear more than once, with every place."""
    table = Table("title", "stands in", "also in", box=None, pad_edge=False)
    for entry in entries:
        first, *others = places_of(entry)
        table.add_row(escape(entry.title), escape(first), escape("\n".join(others)))
    return table


def places_of(entry: Entry) -> list[str]:
    """Where an entry appears, the place it lives in first."""
    home = Place(source=entry.source, line=entry.line, section=entry.section)
    return [_place(place) for place in (home, *entry.also_in)]


def _place(place: Place) -> str:
    where = f"{place.source}:{place.line}" if place.line else place.source
    return where + (f' under "{place.section}"' if place.section else "")


def refused_table(refused: Iterable[Refused]) -> Table:
    """What could not become an entry: where it stands, why, what to do, how it begins."""
    table = Table("source", "reason", "remedy", "words", box=None, pad_edge=False)
    for one in refused:
        where = one.source if one.line is None else f"{one.source}:{one.line}"
        table.add_row(*map(escape, (where, one.reason, one.remedy, one.words)))
    return table


def _utc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def day_of(dated: Dated) -> str:
    """The date as far as the evidence goes."""
    if dated.precision is Precision.MONTH:
        return dated.local.strftime("%Y-%m")
    if dated.precision is Precision.DAY:
        return dated.day.isoformat()
    return dated.local.isoformat(sep=" ", timespec="minutes")


MOST_CANDIDATES = 12  #: of one entry, shown: all of it fits a screen


def explain(console: Console, story: Story, site: Site) -> None:
    """Why this id, this title, this date: every candidate, and which won."""
    entry = story.entry
    console.print(f"[bold]{escape(entry.title)}[/]", soft_wrap=True)
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(story, site):
        facts.add_row(f"[dim]{name}[/]", escape(value))
    console.print(facts)
    console.print(f"\n[bold]date[/]  {escape(_date_sentence(entry.published))}", soft_wrap=True)
    console.print(_candidates_table(story.candidates[:MOST_CANDIDATES]))
    if (more := len(story.candidates) - MOST_CANDIDATES) > 0:
        console.print(f"… and {more} more, none of them stronger")


def about(refused: Iterable[Refused], words: str) -> list[Refused]:
    """What was refused of a source, or with words, of this name; few of them."""
    asked = words.casefold()
    return [one for one in refused if asked in f"{one}\n{one.words}".casefold()][:5]


def doubt_lines(doubt: Doubt, place: str) -> Iterator[str]:
    """An entry whose date a person is asked about: where, what, the date, the other days."""
    entry = doubt.entry
    yield f"{place}: {entry.title}"
    yield f"  {places_of(entry)[0]}"
    if entry.content_text and not entry.title_is_derived:
        yield f"  {entry.content_text[:200]}"
    yield f"  {_date_sentence(entry.published)}"
    for n, one in enumerate(doubt.choices, 1):
        yield f'  {n}  {one.day}  {one.rule}: "{one.evidence}" ({one.verdict})'


def _facts(story: Story, site: Site) -> Iterator[tuple[str, str]]:
    entry = story.entry
    yield "id", f"{entry.id} ({_id_reason(story)})"
    yield "title", f"derived: {story.title_rule}" if entry.title_is_derived else story.title_rule
    yield "address", addresses.entry_url(site, entry)
    first, *others = places_of(entry)
    yield "stands in", first
    for place in others:
        yield "also in", place
    for listing in entry.sections:
        rank = f", number {listing.rank}" if listing.rank else ""
        yield "section", listing.section + rank
    if entry.updated != entry.published.instant:
        yield "updated", _utc(entry.updated)
    if story.hold_until:
        yield "withheld", "a draft" if story.hold_until == NEVER else _utc(story.hold_until)


def _id_reason(story: Story) -> str:
    if story.entry.source_id and story.entry.id == story.entry.source_id:
        return "the item's own"
    keys = story.keys
    made = "its own id" if keys.own else "its address" if keys.link else "its title and first words"
    return f"minted once, from {made}; when last read: {story.linked_how}"


def _date_sentence(dated: Dated) -> str:
    known = {
        How.CORRECTED: "a person said so",
        How.STATED: "stated by the source",
        How.DERIVED: "read from the text",
        How.INHERITED: "inherited from what stands around it",
        How.CAPTURED: "no claim: it was there when its source was captured",
        How.SEEN: "no claim: this is when we first met it",
    }[dated.how]
    words = f', from the words "{dated.evidence}"' if dated.evidence else ""
    return f"{day_of(dated)}, {dated.how.word}: {known}{words} (confidence {dated.confidence:.2f})"


def _candidates_table(candidates: Sequence[Candidate]) -> Table:
    table = Table("", "day", "strength", "rule", "words", "verdict", box=None, pad_edge=False)
    for one in candidates:
        won = one.verdict.startswith("chosen")
        table.add_row(
            "[green]✓[/]" if won else "",
            one.day or "–",
            f"{one.how.word} {one.confidence:.2f}",
            escape(one.rule),
            escape(one.evidence),
            escape(one.verdict),
        )
    return table
