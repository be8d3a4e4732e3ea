"""One ingest after another: what is counted, kept, moved, withheld, removed and held back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from feedsvc.config import Settings
from feedsvc.corrections import Correction, Corrections
from feedsvc.errors import ConfigError
from feedsvc.intake import FLOOD, Report, Rows, ingest, is_slip
from feedsvc.model import Entry, How, Tombstone
from feedsvc.seeds import Bytes, Input, find_inputs
from feedsvc.store import FeedChanges, Store, open_store
from tests.builders import at, raw_item

NOW = at("2025-06-01")
Row = Mapping[str, object]


@dataclass
class Site:
    """A store with its inputs by name; every ingest reads all of them."""

    store: Store
    inputs: dict[str, Rows | Input] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    corrections: dict[str, Correction] = field(default_factory=dict)

    def rows(self, name: str, *rows: Row) -> None:
        self.inputs[name] = Rows(name, rows)

    def text(self, name: str, text: str) -> None:
        self.inputs[name] = Bytes(name, text.encode())

    def correct(self, id: str, **said: Any) -> None:
        self.corrections[id] = Correction(id=id, **said)

    def ingest(self, *, now: datetime = NOW, **options: Any) -> Report:
        return ingest(
            self.store,
            self.inputs.values(),
            settings=Settings.model_validate(self.settings),
            corrections=Corrections(self.corrections),
            clock=lambda: now,
            **options,
        )

    def entries(self) -> dict[str, Entry]:
        with self.store.snapshot() as snapshot:
            return {entry.title: entry for entry in snapshot.all_entries()}

    def tombstones(self) -> tuple[Tombstone, ...]:
        with self.store.snapshot() as snapshot:
            return snapshot.tombstones("", 50)


@pytest.fixture
def new_site() -> Iterator[Callable[..., Site]]:
    stores: list[Store] = []

    def make(url: str = "sqlite://", **fields: Any) -> Site:
        stores.append(open_store(url))
        return Site(stores[-1], **fields)

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    return new_site()


def record(n: int, **fields: object) -> dict[str, object]:
    return {"id": f"r{n}", "title": f"Record {n}", "date": f"2025-05-{n % 28 + 1:02}"} | fields


def records(n: int, **fields: object) -> Iterable[dict[str, object]]:
    return (record(number, **fields) for number in range(n))


def counts(report: Report) -> dict[str, int]:
    """The counts that are not zero; those of items add up."""
    names = [name for name in type(report.sources[0]).__slots__ if name.startswith("n_")]
    found = {name[2:]: report.total(name) for name in names if report.total(name)}
    items = found.pop("items", 0)
    apart = ("vanished", "buried")
    assert items == sum(n for name, n in found.items() if name not in apart)
    return found


# What is read and how it is counted


def test_every_item_is_counted_once(site: Site) -> None:
    site.rows("old", record(1), record(2), record(3))
    site.ingest()
    site.correct(site.entries()["Record 3"].id, removed=NOW)
    site.rows(
        "old",
        record(1),
        record(2, body="Edited."),
        record(3),
        record(4),
        record(4),
        record(5, date="2025-07-01"),
        {},
    )
    site.rows("other", record(1))

    report = site.ingest()

    assert counts(report) == {
        "unchanged": 1,
        "changed": 1,
        "removed": 1,
        "new": 1,
        "duplicates": 2,
        "withheld": 1,
        "refused": 1,
    }


def test_an_apps_own_rows_may_be_mappings_or_raw_items(site: Site) -> None:
    site.inputs["news"] = Rows(
        "news",
        [
            {"id": 7, "title": "A row", "date": "2025-05-14T09:00:00Z", "body": "Text."},
            raw_item("A raw item's text.", title="A raw item", source="news", position=1),
        ],
    )

    report = site.ingest()
    again = site.ingest()

    assert set(site.entries()) == {"A row", "A raw item"}
    assert site.entries()["A row"].published.how is How.STATED
    assert counts(report) == {"new": 2}
    assert again.sources[0].is_skipped


def test_the_same_item_in_two_sources_is_one_entry_and_the_copy_changes_nothing(site: Site) -> None:
    site.rows("a", record(1, body="The first words."))
    site.ingest()
    before = site.entries()["Record 1"]
    site.rows("b", record(1, body="Other words.", section="Elsewhere"))

    report = site.ingest()

    (entry,) = site.entries().values()
    assert (entry.content_text, entry.updated) == (before.content_text, before.updated)
    assert (entry.id, entry.source, [place.source for place in entry.also_in]) == (
        before.id,
        "a",
        ["b"],
    )
    assert counts(report) == {"duplicates": 1}


def test_a_headline_above_its_article_becomes_one_entry_with_the_articles_text(site: Site) -> None:
    site.rows(
        "page",
        {"title": "A bridge opens in Kyiv", "section": "Popular"},
        {
            "title": "A bridge opens in Kyiv",
            "body": "The bridge opened. It is long.",
            "date": "2025-05-02",
        },
    )

    report = site.ingest()

    (entry,) = site.entries().values()
    assert entry.content_text == "The bridge opened. It is long."
    assert counts(report) == {"new": 1, "duplicates": 1}


# When something is read again


def test_changed_settings_judge_dates_again_and_never_ids(site: Site) -> None:
    site.text("dump.txt", "The minister said on May 13 that work went on.\n")
    site.settings["source"] = [{"reference_date": "2025-05-14"}]
    site.ingest()
    (before,) = site.entries().values()
    site.settings["source"] = [{"reference_date": "2024-05-14"}]

    site.ingest()

    (after,) = site.entries().values()
    assert (before.published.day.year, after.published.day.year) == (2025, 2024)
    assert (after.id, after.slug, after.title) == (before.id, before.slug, before.title)


def test_a_key_that_is_not_set_is_no_change_of_settings(site: Site) -> None:
    site.rows("a", record(1))
    site.ingest()
    site.settings["source"] = [{"path": "b", "section": "Other"}]

    assert site.ingest().sources[0].is_skipped


def test_a_new_program_version_reads_nothing_again(site: Site) -> None:
    site.rows("a", record(1))
    site.ingest()
    site.store.present("settings of another version", NOW)

    assert site.ingest().sources[0].is_skipped


def test_again_reads_what_is_unchanged(site: Site) -> None:
    site.rows("a", record(1))
    site.ingest()

    assert counts(site.ingest(again=True)) == {"unchanged": 1}


def test_a_correction_is_read_in_its_source_alone(site: Site) -> None:
    site.rows("a", record(1), record(2))
    site.rows("b", record(3))
    site.ingest()
    id = site.entries()["Record 1"].id
    site.correct(id, published="2025-05-20")

    corrected = site.ingest()
    during = site.entries()["Record 1"].published
    del site.corrections[id]
    deleted = site.ingest()

    assert [source.is_skipped for source in corrected.sources] == [False, True]
    assert [source.is_skipped for source in deleted.sources] == [False, True]
    assert (during.day.isoformat(), during.how) == ("2025-05-20", How.CORRECTED)
    after = site.entries()["Record 1"].published
    assert (after.day.isoformat(), after.how) == ("2025-05-02", How.STATED)


def test_a_correction_judges_no_other_date_of_its_source(site: Site) -> None:
    teaser = "The minister said on May 13 that work went on."
    site.text("dump.txt", f"{teaser}\nA second teaser of another matter stands here today.\n")
    site.settings["source"] = [{"reference_date": "2025-05-14"}]
    site.ingest()
    edited = teaser.replace("May 13", "May 12")
    site.text("dump.txt", f"{edited}\nA second teaser of another matter stands here today.\n")
    (second,) = (e for e in site.entries().values() if e.line == 2)
    site.correct(second.id, title="Told right")

    site.ingest()

    (first,) = (e for e in site.entries().values() if e.line == 1)
    assert first.published.day.isoformat() == "2025-05-13"


def test_a_correction_found_by_its_title_stays_with_the_entry(site: Site) -> None:
    site.correct("urn:uuid:of-another-database", match="record 1", published="2025-05-20")
    site.rows("a", record(1))
    first = site.ingest()
    skipped = site.ingest()
    site.rows("a", record(1, title="Another title"))

    edited = site.ingest()

    assert [len(r.unmatched) for r in (first, skipped, edited)] == [0, 0, 0]
    assert site.entries()["Another title"].published.how is How.CORRECTED


def test_a_correction_of_an_entry_that_is_not_read_now_is_no_stranger(site: Site) -> None:
    site.rows("a", record(1))
    site.ingest()
    site.correct(site.entries()["Record 1"].id, title="Told right")
    site.correct("urn:uuid:nobody", title="x")
    site.ingest()
    site.inputs.clear()
    site.rows("b", record(2))

    assert [one.id for one in site.ingest().unmatched] == ["urn:uuid:nobody"]


# What vanished


def test_a_source_that_is_gone_is_told_and_nothing_is_removed(site: Site) -> None:
    site.rows("a", record(1))
    site.rows("b", record(2))
    site.ingest()
    del site.inputs["a"]

    report = site.ingest()

    assert report.absent == ("a",)
    assert set(site.entries()) == {"Record 1", "Record 2"}


def test_an_item_no_longer_listed_stays_and_is_counted(site: Site) -> None:
    site.rows("a", record(1), record(2))
    site.ingest()
    site.rows("a", record(2))

    report = site.ingest()

    assert counts(report) == {"unchanged": 1, "vanished": 1}
    assert set(site.entries()) == {"Record 1", "Record 2"}


def test_with_missing_remove_it_is_buried_and_comes_back(site: Site) -> None:
    site.settings["source"] = [{"missing": "remove"}]
    site.rows("a", record(1), record(2))
    site.ingest()
    before = site.entries()["Record 1"]
    site.rows("a", record(2))

    gone = site.ingest()
    stones = site.tombstones()
    site.rows("a", record(1), record(2))
    back = site.ingest()

    assert counts(gone) == {"unchanged": 1, "vanished": 1, "buried": 1}
    assert [(stone.id, stone.removed) for stone in stones] == [(before.id, NOW)]
    assert counts(back) == {"new": 1, "unchanged": 1}
    assert site.entries()["Record 1"].id == before.id
    assert site.tombstones() == ()


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="a source with nothing in it"),
        pytest.param([record(2), {}], id="a reading with something refused"),
    ],
)
def test_what_may_be_a_failure_removes_nothing(site: Site, rows: list[Row]) -> None:
    site.settings["source"] = [{"missing": "remove"}]
    site.rows("a", record(1), record(2))
    site.ingest()
    site.rows("a", *rows)

    site.ingest()

    assert set(site.entries()) == {"Record 1", "Record 2"}


def test_what_another_source_still_lists_is_not_buried(site: Site) -> None:
    site.settings["source"] = [{"missing": "remove"}]
    site.rows("a", record(1), record(2))
    site.rows("b", record(1))
    site.ingest()
    site.rows("a", record(2))

    site.ingest()

    assert set(site.entries()) == {"Record 1", "Record 2"}


# A slip of settings


def slipped(site: Site) -> Site:
    """More than FLOOD teasers whose year depends on the reference date, published and slipped."""
    lines = [
        f"Minister number {n} of {chr(97 + n)}land said on May 13 all was well.\n"
        for n in range(FLOOD + 2)
    ]
    site.text("dump.txt", "\n".join(lines))
    site.settings["source"] = [{"reference_date": "2025-05-14"}]
    site.ingest()
    site.settings["source"] = [{"reference_date": "2024-05-14"}]
    return site


def years(site: Site) -> set[int]:
    return {entry.published.day.year for entry in site.entries().values()}


def test_a_slip_is_held_back_until_yes(site: Site) -> None:
    slipped(site)
    revision = site.store.revision()

    held, still_held = site.ingest(), site.ingest()
    kept_up = (site.store.revision(), years(site))
    let_go = site.ingest(yes=True)

    assert (held.is_held, held.is_clean, still_held.is_held) == (True, False, True)
    assert kept_up == (revision, {2025})
    assert (let_go.is_held, let_go.is_clean) == (False, True)
    assert years(site) == {2024}


def test_a_slip_taken_back_leaves_no_trace(site: Site, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    site.ingest(ledger=ledger)
    slipped(site)
    site.settings["source"] = [{"reference_date": "2025-05-14"}]
    site.ingest(ledger=ledger)
    before, revision = ledger.read_bytes(), site.store.revision()
    site.settings["source"] = [{"reference_date": "2024-05-14"}]

    site.ingest(ledger=ledger)
    while_held = ledger.read_bytes()
    site.settings["source"] = [{"reference_date": "2025-05-14"}]
    report = site.ingest(ledger=ledger)

    assert while_held == before
    assert (report.is_held, site.store.revision(), ledger.read_bytes()) == (False, revision, before)


def test_settings_that_make_everything_new_are_held_back_until_yes(site: Site) -> None:
    lines = [f'{{"title": "Headline {chr(97 + n) * 7} number {n}"}}' for n in range(FLOOD + 5)]
    site.text("a.jsonl", "\n".join(lines))
    site.ingest()
    before = site.entries()
    site.settings["source"] = [{"reader": "textdump"}]

    held, still_held = site.ingest(), site.ingest()
    kept_up = site.entries()
    let_go = site.ingest(yes=True)

    assert (held.is_held, still_held.is_held, let_go.is_held) == (True, True, False)
    assert kept_up == before
    assert len(site.entries()) > len(before)


def test_a_prefix_of_ids_changes_none_that_is_known(site: Site) -> None:
    site.rows("a", *records(FLOOD + 5))
    site.ingest()
    before = site.entries()
    site.settings["source"] = [{"id_prefix": "x"}]

    assert site.ingest().is_held is False
    assert site.entries() == before


def test_a_first_ingest_is_exempt(site: Site) -> None:
    site.rows("a", *records(200))

    assert site.ingest().is_held is False


def test_a_correction_of_one_entry_is_never_held(site: Site) -> None:
    site.rows("a", *records(60))
    site.ingest()
    site.correct(site.entries()["Record 1"].id, published="2025-05-20", title="Told right")

    assert site.ingest().is_held is False


@pytest.mark.parametrize(
    ("change", "renamed", "size", "is_held"),
    [
        pytest.param({"redated": 21}, 0, 50, True, id="21 dated anew"),
        pytest.param({"gone": 21}, 0, 50, True, id="21 gone"),
        pytest.param({"gone": 10, "redated": 11}, 0, 50, True, id="21 together"),
        pytest.param({"redated": 20}, 0, 50, False, id="20 are an edit"),
        pytest.param({"redated": 24}, 0, 100, False, id="less than a quarter of a page"),
        pytest.param({"new": 500, "changed": 500}, 0, 50, False, id="news is no slip"),
        pytest.param({}, 21, 50, True, id="21 under new ids"),
    ],
)
def test_what_is_a_slip(change: dict[str, int], renamed: int, size: int, is_held: bool) -> None:
    assert is_slip([FeedChanges(path="", title="", **change)], size, renamed) is is_held


# A dry run, and what falls due


def test_a_dry_run_writes_nothing_at_all(new_site: Callable[..., Site], tmp_path: Path) -> None:
    site = new_site(f"sqlite:///{tmp_path}/news.sqlite3")
    ledger = tmp_path / "ledger.jsonl"
    site.rows("a", record(1), record(2, date="2025-06-03"))
    site.ingest(ledger=ledger)
    site.settings["source"] = [{"missing": "remove"}]
    site.rows("a", record(3))
    site.correct("urn:uuid:nobody", title="x")
    files = {file: file.read_bytes() for file in tmp_path.iterdir()}

    report = site.ingest(ledger=ledger, dry_run=True, now=at("2025-06-05"))

    assert counts(report) == {"new": 1, "vanished": 2, "buried": 2}
    assert [(c.path, c.new, c.gone) for c in report.changes] == [("", 1, 1)]
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == files


def test_a_dry_run_tells_that_it_would_be_held(site: Site) -> None:
    report = slipped(site).ingest(dry_run=True)

    assert report.is_held and years(site) == {2025}
    assert site.ingest().is_held


def test_what_is_scheduled_appears_at_the_next_ingest_after_it_is_due(site: Site) -> None:
    site.rows("a", record(1), record(2, date="2025-06-03"), record(3, status="draft"))

    early = site.ingest()
    before = set(site.entries())
    late = site.ingest(now=at("2025-06-03"))

    assert before == {"Record 1"}
    assert (early.next_due, late.next_due) == (at("2025-06-03T00:00"), None)
    assert late.sources[0].is_skipped
    assert set(site.entries()) == {"Record 1", "Record 2"}


# What ends


def test_what_expires_goes_at_the_next_ingest_after_its_time(site: Site) -> None:
    site.rows("a", record(1), record(2, expires="2025-06-03T09:00:00Z"))

    early = site.ingest()
    before = set(site.entries())
    late = site.ingest(now=at("2025-06-04"))

    assert before == {"Record 1", "Record 2"}
    assert (early.next_due, late.next_due) == (at("2025-06-03T09:00"), None)
    assert late.sources[0].is_skipped
    assert [(c.gone, c.expired) for c in late.changes] == [(1, 1)]
    assert set(site.entries()) == {"Record 1"}
    assert [(t.removed, t.reason) for t in site.tombstones()] == [
        (at("2025-06-03T09:00"), "expired")
    ]


@pytest.mark.parametrize(
    "later",
    [
        pytest.param({"expires": "2025-07-01"}, id="a later end"),
        pytest.param({}, id="no end any more"),
    ],
)
def test_what_expired_shows_again_when_its_end_is_put_off(
    site: Site, later: dict[str, object]
) -> None:
    site.rows("a", record(1), record(2, expires="2025-06-03"))
    site.ingest()
    id = site.entries()["Record 2"].id
    site.ingest(now=at("2025-06-04"))
    site.rows("a", record(1), record(2, **later))

    report = site.ingest(now=at("2025-06-05"))

    assert site.entries()["Record 2"].id == id
    assert site.tombstones() == ()
    assert counts(report) == {"new": 1, "unchanged": 1}


def test_what_is_over_when_first_read_is_counted_and_never_shows(site: Site) -> None:
    site.rows("a", record(1), record(2, expires="2025-05-20"), record(3, expired=True))

    reports = [site.ingest(), site.ingest(again=True)]

    assert [counts(report) for report in reports] == [
        {"new": 1, "expired": 2},
        {"unchanged": 1, "expired": 2},
    ]
    assert set(site.entries()) == {"Record 1"}
    assert site.tombstones() == ()


def test_what_is_marked_as_over_is_withdrawn_at_once_and_stays_so(site: Site) -> None:
    site.rows("a", record(1), record(2))
    site.ingest()
    site.rows("a", record(1), record(2, expired=True))

    site.ingest(now=at("2025-06-05"))
    again = site.ingest(now=at("2025-06-09"), again=True)

    assert set(site.entries()) == {"Record 1"}
    assert [(t.removed, t.reason) for t in site.tombstones()] == [(at("2025-06-05"), "expired")]
    assert counts(again) == {"unchanged": 1, "expired": 1}


def test_many_that_expire_at_once_are_no_slip(site: Site) -> None:
    site.rows("a", *records(30, expires="2025-06-03"), record(40))
    site.ingest()

    report = site.ingest(now=at("2025-06-05"))

    assert not report.is_held
    assert set(site.entries()) == {"Record 40"}


def test_an_end_that_cannot_be_read_loses_nothing(site: Site) -> None:
    site.rows("a", record(1, expires="some day"))

    site.ingest()

    (entry,) = site.entries().values()
    with site.store.snapshot() as snapshot:
        story = snapshot.story(entry.id)
    assert story
    assert "unreadable: it does not expire" in [c.verdict for c in story.candidates]


def test_what_expired_stays_away_in_a_database_made_from_the_ledger(
    new_site: Callable[..., Site], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    first = new_site()
    first.rows("a", record(1), record(2, expires="2025-06-03"))
    first.ingest(ledger=ledger)
    first.ingest(ledger=ledger, now=at("2025-06-05"))

    second = new_site(inputs=first.inputs)
    second.ingest(ledger=ledger, now=at("2025-06-06"))

    assert set(second.entries()) == {"Record 1"}
    assert second.tombstones() == first.tombstones() != ()
    second.rows("a", record(1), record(2))
    second.ingest(ledger=ledger, now=at("2025-06-07"))
    assert set(second.entries()) == {"Record 1", "Record 2"}


def test_a_source_that_grows_changes_none_of_what_was_there(new_site: Callable[..., Site]) -> None:
    site = new_site()
    site.rows("a", record(2), record(3), record(4))
    site.ingest()
    before = site.entries()

    site.rows("a", record(2), record(3), record(4), record(1), record(5))
    report = site.ingest()

    changes = {change.path: (change.new, change.changed) for change in report.changes}
    assert changes[""] == (2, 0)
    assert {title: site.entries()[title] for title in before} == before


# What has no date at all


def test_items_without_any_date_have_a_second_each_in_the_order_of_their_sources(
    new_site: Callable[..., Site],
) -> None:
    site = new_site()
    site.rows("a", *({"title": f"Title {n}", "body": f"Words of {n}."} for n in (1, 2)))
    site.rows("b", {"title": "Title 3", "body": "Words of 3."})
    site.ingest()

    entries = sorted(site.entries().values(), key=lambda one: one.order)

    assert [one.title for one in entries] == ["Title 1", "Title 2", "Title 3"]
    assert len({one.updated for one in entries}) == 3
    site.ingest(again=True)
    assert sorted(site.entries().values(), key=lambda one: one.order) == entries


# The ledger


def test_the_ledger_gives_a_fresh_database_ids_dates_and_removals(
    new_site: Callable[..., Site], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    site = new_site()
    site.settings["source"] = [{"missing": "remove"}]
    site.rows("undated", {"title": "Undated", "body": "First words."})
    site.rows("a", record(2), record(3))
    site.ingest(ledger=ledger)
    site.rows("a", record(2))
    site.ingest(ledger=ledger)
    before, lines = site.entries(), ledger.read_bytes()
    fresh = new_site(inputs=site.inputs, settings=site.settings)

    fresh.ingest(ledger=ledger, now=at("2025-09-01"))

    assert fresh.entries() == before
    assert before["Undated"].published.how is How.SEEN
    assert [stone.slug for stone in fresh.tombstones()] == [
        stone.slug for stone in site.tombstones()
    ]
    assert len(fresh.tombstones()) == 1
    assert ledger.read_bytes() == lines


def test_a_look_that_meets_nothing_new_leaves_the_ledger_alone(
    new_site: Callable[..., Site], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    site = new_site()
    site.rows("a", record(1))
    site.ingest(ledger=ledger)
    ledger.unlink()

    ingest(site.store, [], ledger=ledger)

    assert not ledger.exists()


def test_a_fresh_database_judges_again_what_has_other_settings_than_the_ledger(
    new_site: Callable[..., Site], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    site = new_site()
    site.text("dump.txt", "The minister said on May 13 that work went on.\n")
    site.settings["source"] = [{"reference_date": "2024-05-14"}]
    site.ingest(ledger=ledger)
    fresh = new_site(inputs=site.inputs, settings={"source": [{"reference_date": "2025-05-14"}]})

    fresh.ingest(ledger=ledger)

    (before,), (after,) = site.entries().values(), fresh.entries().values()
    assert (before.published.day.year, after.published.day.year) == (2024, 2025)
    assert after.id == before.id


def test_a_broken_ledger_names_its_line_and_leaves_the_database_fresh(
    new_site: Callable[..., Site], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    site = new_site()
    site.rows("a", record(1), record(2))
    site.ingest(ledger=ledger)
    whole = ledger.read_text()
    ledger.write_text(whole + "<<<<<<< HEAD\n")
    fresh = new_site(inputs=site.inputs)

    with pytest.raises(ConfigError, match=r"ledger\.jsonl:4: not a ledger line"):
        fresh.ingest(ledger=ledger)
    ledger.write_text(whole)
    fresh.ingest(ledger=ledger)

    assert fresh.entries() == site.entries()


# Waiting


def test_a_wait_for_another_process_is_told(new_site: Callable[..., Site], tmp_path: Path) -> None:
    site = new_site(f"sqlite:///{tmp_path}/news.sqlite3")
    site.rows("a", record(1))
    other = FileLock(tmp_path / "news.sqlite3.lock", thread_local=False)
    other.acquire()
    told: list[float] = []

    def wait() -> None:
        told.append(time.monotonic())
        other.release()

    site.ingest(waiting=wait)
    site.ingest(waiting=wait)

    assert len(told) == 1


def test_progress_is_told_source_by_source(site: Site) -> None:
    site.rows("a", record(1))
    site.rows("b", record(2))
    told: list[str] = []

    site.ingest(progress=lambda source: told.append(source.name))

    assert told == ["a", "b"]


# Files that go


def folder_of(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "seeds"
    for name, text in files.items():
        file = folder / name.replace("__", "/")
        file = file.with_name(f"{file.name}.md")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def ingest_folder(site: Site, folder: Path, **options: Any) -> Report:
    site.inputs = {one.name: one for one in find_inputs([folder])}
    return site.ingest(whole=True, **options)


def test_a_file_that_is_one_entry_takes_it_along_when_it_goes(site: Site, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, one="# One\n\nRain fell.", two="# Two\n\nSnow fell.")
    ingest_folder(site, folder)
    (folder / "two.md").unlink()

    report = ingest_folder(site, folder)

    assert list(site.entries()) == ["One"]
    assert [stone.reason for stone in site.tombstones()] == ["no longer in its source"]
    assert (report.total("n_buried"), report.absent) == (1, ())
    assert ingest_folder(site, folder).total("n_buried") == 0


def test_it_comes_back_under_its_id_when_the_file_does(site: Site, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, one="# One\n\nRain fell.", two="# Two\n\nSnow fell.")
    ingest_folder(site, folder)
    id = site.entries()["Two"].id
    (folder / "two.md").unlink()
    ingest_folder(site, folder)

    ingest_folder(site, folder_of(tmp_path, two="# Two\n\nSnow fell."))

    assert site.entries()["Two"].id == id
    assert site.tombstones() == ()


def test_a_folder_that_is_gone_takes_nothing_along(site: Site, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a__one="# One\n\nRain fell.", two="# Two\n\nSnow fell.")
    ingest_folder(site, folder)
    (folder / "a" / "one.md").unlink()

    report = ingest_folder(site, folder)

    assert sorted(site.entries()) == ["One", "Two"]
    assert report.absent == ("a/one.md",)


def test_what_cannot_be_read_at_all_stands_in_quarantine_until_it_can(
    site: Site, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, one="# One\n\nRain fell.")
    (folder / "two.txt").write_bytes(bytes(range(256)) * 10)
    ingest_folder(site, folder)

    with site.store.snapshot() as snapshot:
        (refused,) = snapshot.refused()
    (folder / "two.txt").write_text("Snow fell.")
    ingest_folder(site, folder)

    assert refused.source == "two.txt"
    assert "binary file" in refused.reason
    with site.store.snapshot() as snapshot:
        assert snapshot.refused() == ()


def test_a_correction_waits_for_the_ingest_that_reads_its_source(site: Site) -> None:
    site.rows("one", record(1))
    site.rows("two", record(2))
    site.ingest()
    both = dict(site.inputs)
    site.correct(site.entries()["Record 2"].id, title="Corrected")

    site.inputs = {"one": both["one"]}
    site.ingest()
    site.inputs = both
    site.ingest()

    assert sorted(site.entries()) == ["Corrected", "Record 1"]
