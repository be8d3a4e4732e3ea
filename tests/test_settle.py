"""Which date stands, when `updated` moves, what is withheld, and what a correction changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedsvc.corrections import Correction
from feedsvc.model import Candidate, Dated, How, Judged, Keys, Precision
from feedsvc.settle import Moment, corrected_date, fullest, settle
from feedsvc.store import NEVER, Kept, KnownRow
from tests.builders import at, dated, raw_item

KYIV = ZoneInfo("Europe/Kyiv")
NOW = at("2025-06-01")


def judged(published: Dated | None = None, **fields: Any) -> Judged:
    published = published or dated()
    candidate = Candidate(
        rule="a rule",
        evidence=published.evidence,
        day=published.day.isoformat(),
        how=published.how,
        confidence=1.0,
        verdict="chosen",
    )
    return Judged(
        **{
            "item": raw_item(),
            "title": "A title",
            "title_is_derived": False,
            "title_rule": "given",
            "summary": "",
            "content_html": "<p>Text</p>",
            "content_text": "Text",
            "published": published,
            "updated": None,
            "candidates": (candidate,),
            "link": None,
            "fingerprint": "same",
        }
        | fields
    )


def known(published: Dated | None = None, **fields: Any) -> KnownRow:
    published = published or dated()
    return KnownRow(
        **{
            "id": "urn:a",
            "slug": "a-slug",
            "keys": Keys(text="t"),
            "shingles": frozenset(),
            "folded": "",
            "group": "",
            "source": "dump.txt",
            "published": published,
            "updated": published.instant,
            "fingerprint": "same",
            "is_removed": False,
            "appears_in": ("dump.txt",),
        }
        | fields
    )


def settled(
    one: Judged,
    row: KnownRow | None = None,
    correction: Correction | None = None,
    *,
    rejudge: bool = False,
    now: datetime = NOW,
    zone: Any = KYIV,
) -> Kept:
    moment = Moment(now=now, zone=zone, rejudge=rejudge)
    return settle([one], row, id="urn:a", linked_how="new", correction=correction, moment=moment)


@pytest.mark.parametrize(
    ("old", "new", "rejudge", "stands"),
    [
        pytest.param(How.DERIVED, How.STATED, False, "new", id="stronger evidence replaces"),
        pytest.param(How.STATED, How.DERIVED, False, "old", id="weaker evidence does not"),
        pytest.param(How.DERIVED, How.DERIVED, False, "old", id="equal evidence does not"),
        pytest.param(How.STATED, How.DERIVED, True, "new", id="new settings judge again"),
        pytest.param(How.SEEN, How.SEEN, False, "old", id="first seen stays first seen"),
        pytest.param(How.SEEN, How.SEEN, True, "old", id="first seen stays, judged again too"),
        pytest.param(How.SEEN, How.CAPTURED, False, "new", id="a bound replaces first seen"),
        pytest.param(How.CORRECTED, How.DERIVED, False, "new", id="a correction is deleted"),
        pytest.param(How.STATED, How.CORRECTED, False, "new", id="a correction is added"),
        pytest.param(How.CORRECTED, How.CORRECTED, False, "new", id="a correction is changed"),
    ],
)
def test_which_date_stands(old: How, new: How, rejudge: bool, stands: str) -> None:
    before, after = dated("2025-05-01", old), dated("2025-05-02", new)

    kept = settled(judged(after), known(before), rejudge=rejudge)

    assert kept.entry.published == (before if stands == "old" else after)
    chosen = [c.day for c in kept.candidates if c.verdict.startswith("chosen")]
    assert chosen == ["2025-05-01" if stands == "old" else "2025-05-02"]


def test_another_place_in_the_file_moves_no_date() -> None:
    before = dated("2025-05-01T09:00:03", How.DERIVED, precision=Precision.DAY)
    after = dated("2025-05-01T09:00:07", How.DERIVED, precision=Precision.DAY)

    assert settled(judged(after), known(before), rejudge=True).entry.published == before


@pytest.mark.parametrize(
    ("stated", "row", "fingerprint", "updated"),
    [
        pytest.param(None, None, "same", "2025-05-13", id="new: as published"),
        pytest.param("2025-05-20", None, "same", "2025-05-20", id="new: as the source states"),
        pytest.param("2025-05-01", None, "same", "2025-05-13", id="never before published"),
        pytest.param(None, known(), "same", "2025-05-13", id="unchanged: unmoved"),
        pytest.param(None, known(), "other", "2025-06-01", id="changed: this ingest"),
        pytest.param("2025-05-20", known(), "other", "2025-05-20", id="changed: as stated"),
        pytest.param(
            "2025-05-20",
            known(updated=at("2025-05-25")),
            "other",
            "2025-06-01",
            id="changed: what is stated came before the last change",
        ),
        pytest.param(
            None, known(updated=at("2025-05-25")), "same", "2025-05-25", id="once changed: stays"
        ),
    ],
)
def test_when_updated_moves(
    stated: str | None, row: KnownRow | None, fingerprint: str, updated: str
) -> None:
    one = judged(updated=at(stated) if stated else None, fingerprint=fingerprint)

    assert settled(one, row).entry.updated == at(updated)


def test_updated_follows_a_date_judged_again_while_nothing_was_ever_changed() -> None:
    kept = settled(judged(dated("2025-05-02")), known(dated("2025-05-01")), rejudge=True)

    assert kept.entry.updated == at("2025-05-02")


def test_id_and_slug_are_the_known_ones() -> None:
    kept = settled(judged(title="Another title altogether", fingerprint="other"), known())

    assert (kept.entry.id, kept.entry.slug) == ("urn:a", "a-slug")


@pytest.mark.parametrize(
    ("published", "until"),
    [
        pytest.param(dated("2025-06-10T08:00"), "2025-06-10T08:00", id="a stated moment to come"),
        pytest.param(dated("2025-05-10"), None, id="a stated moment gone by"),
        pytest.param(
            dated("2025-06-10T09:00", precision=Precision.DAY, offset_minutes=180),
            "2025-06-09T21:00",
            id="a stated day: from its midnight in the zone",
        ),
        pytest.param(
            dated("2025-06-01T13:00", precision=Precision.DAY, offset_minutes=180),
            None,
            id="today, before its noon",
        ),
        pytest.param(dated("2025-06-10", How.DERIVED), None, id="a derived day withholds nothing"),
        pytest.param(dated("2025-06-10", How.CORRECTED), "2025-06-10", id="a person's day to come"),
    ],
)
def test_what_is_withheld_until_when(published: Dated, until: str | None) -> None:
    assert settled(judged(published)).hold_until == (at(until) if until else None)


def test_midnight_is_that_of_a_day_on_which_the_clock_changes() -> None:
    spring = dated("2026-03-29T09:00", precision=Precision.DAY, offset_minutes=180)

    assert settled(judged(spring)).hold_until == at("2026-03-28T22:00")


def test_a_draft_is_withheld_for_ever() -> None:
    assert settled(judged(item=raw_item(is_draft=True))).hold_until == NEVER


@pytest.mark.parametrize(
    ("words", "instant", "precision"),
    [
        pytest.param("2025-05-02", "2025-05-02T09:00:05", Precision.DAY, id="a day"),
        pytest.param("2025-05-02T10:00:00+00:00", "2025-05-02T10:00", Precision.SECOND, id="UTC"),
        pytest.param("2025-05-02T10:00:00", "2025-05-02T07:00", Precision.SECOND, id="in the zone"),
    ],
)
def test_a_persons_date(words: str, instant: str, precision: Precision) -> None:
    found = corrected_date(words, 5, KYIV)

    assert (found.instant, found.precision, found.how) == (at(instant), precision, How.CORRECTED)
    assert found.day == date(2025, 5, 2)


def test_a_correction_lies_over_the_item_and_is_told_among_the_candidates() -> None:
    said = Correction(
        id="urn:a",
        title=" Told\x00 right ",
        published="2025-05-02",
        tags=("war", " "),
        authors=("A. Writer",),
        link="https://example.com/a",
    )

    kept = settled(judged(title_is_derived=True), correction=said)

    entry = kept.entry
    assert (entry.title, entry.title_is_derived, kept.title_rule) == (
        "Told right",
        False,
        "corrected",
    )
    assert (entry.tags, [a.name for a in entry.authors]) == (("war",), ["A. Writer"])
    assert entry.link == "https://example.com/a"
    assert [(c.rule, c.verdict) for c in kept.candidates] == [
        ("correction", "chosen"),
        ("a rule", "a person said otherwise"),
    ]


def test_a_correction_there_at_first_sight_is_no_change() -> None:
    said = Correction(id="urn:a", title="Told right")
    first = settled(judged(), correction=said)

    again = settled(judged(), known(fingerprint=first.entry.fingerprint), said)

    assert first.entry.updated == again.entry.updated == at("2025-05-13")


def test_the_fullest_appearance_gives_the_content_and_all_give_places() -> None:
    headline = judged(content_html="", item=raw_item(line=3, section="Popular", rank=1))
    article = judged(item=raw_item(line=9, position=1))

    kept = settle(
        [headline, article],
        None,
        id="urn:a",
        linked_how="new",
        correction=None,
        moment=Moment(now=NOW, zone=KYIV),
    )

    assert fullest([headline, article]) is article
    assert kept.entry.line == 9
    assert [(place.line, place.section, place.rank) for place in kept.places] == [
        (3, "Popular", 1),
        (9, None, None),
    ]
