"""Which date stands, when `updated` moves, what is withheld, and what a correction changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedsvc.corrections import Correction
from feedsvc.model import Candidate, Dated, How, Judged, Keys, Precision
from feedsvc.settle import Moment, corrected_date, fullest, settle, takes_home
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


# --- an entry of several sources -------------------------------------------------------------


def in_feed(**fields: Any) -> KnownRow:
    """An entry that lives in a feed and has a hundred characters there."""
    return known(
        **{"source": "feed.xml", "appears_in": ("feed.xml",), "is_feed": True, "n_characters": 100}
        | fields
    )


def text(n: int, **fields: Any) -> Judged:
    return judged(content_text="x" * n, **fields)


@pytest.mark.parametrize(
    ("one", "row", "takes"),
    [
        pytest.param(text(1), known(n_characters=100), True, id="its own"),
        pytest.param(text(90), in_feed(), True, id="a document with as much as the feed"),
        pytest.param(text(89), in_feed(), False, id="a document with less"),
        pytest.param(text(239), in_feed(is_feed=False), False, id="no feed: as much is not enough"),
        pytest.param(text(240), in_feed(is_feed=False), True, id="no feed: much more is"),
        pytest.param(text(900), in_feed(has_media=True), False, id="a recording would be lost"),
        pytest.param(text(900, item=raw_item(is_draft=True)), in_feed(), False, id="a draft"),
        pytest.param(text(1), in_feed(appears_in=()), True, id="known from the ledger alone"),
        pytest.param(text(1), in_feed(source="gone.md"), True, id="no longer listed at home"),
        pytest.param(
            text(1), in_feed(source="old.md", appears_in=("old.md",)), True, id="its file is gone"
        ),
    ],
)
def test_which_source_an_entry_lives_in(one: Judged, row: KnownRow, takes: bool) -> None:
    moment = Moment(now=NOW, zone=KYIV, absent=frozenset({"old.md"}))

    assert takes_home(row, one, moment) is takes


@pytest.mark.parametrize("n_feed", [0, 1, 39, 40, 100, 5000])
@pytest.mark.parametrize("n_document", [0, 1, 39, 40, 90, 100, 240, 5000])
def test_no_two_sources_take_an_entry_from_each_other(n_feed: int, n_document: int) -> None:
    of_feed = Moment(now=NOW, zone=KYIV, is_feed=True)
    of_document = Moment(now=NOW, zone=KYIV)
    in_document = known(
        source="post.md", appears_in=("feed.xml", "post.md"), n_characters=n_document
    )
    feed_item = text(n_feed, item=raw_item(source="feed.xml"))
    document = text(n_document, item=raw_item(source="post.md"))

    is_taken = takes_home(in_feed(n_characters=n_feed), document, of_document)
    is_taken_back = takes_home(in_document, feed_item, of_feed)

    assert not (is_taken and is_taken_back)


@pytest.mark.parametrize(
    ("old", "new", "rejudge", "stands"),
    [
        pytest.param(How.SEEN, How.STATED, False, "new", id="a copy knows better"),
        pytest.param(How.STATED, How.STATED, False, "old", id="a copy knows as well"),
        pytest.param(How.STATED, How.STATED, True, "old", id="a copy is not judged again"),
        pytest.param(How.CORRECTED, How.STATED, False, "new", id="a correction is deleted"),
    ],
)
def test_a_copy_gives_a_better_date_and_nothing_else(
    old: How, new: How, rejudge: bool, stands: str
) -> None:
    before, after = dated("2025-05-01", old), dated("2025-05-02", new)
    home = known(before, source="post.md", appears_in=("post.md",), is_published=True)

    kept = settled(judged(after, fingerprint="other"), home, rejudge=rejudge)

    assert kept.is_copy
    assert kept.gives_date is (stands == "new")
    assert kept.entry.published == (after if stands == "new" else before)
    assert kept.entry.updated == kept.entry.published.instant


def test_settings_do_not_judge_a_date_again_that_a_copy_may_have_given() -> None:
    row = known(dated("2025-05-01", How.STATED), appears_in=("dump.txt", "feed.xml"))

    kept = settled(judged(dated("2025-05-02", How.STATED)), row, rejudge=True)

    assert kept.entry.published == row.published


@pytest.mark.parametrize(
    ("row", "stated", "updated"),
    [
        pytest.param(in_feed(), None, "2025-05-13", id="before anybody saw it"),
        pytest.param(in_feed(), "2025-05-20", "2025-05-20", id="before that: as stated"),
        pytest.param(in_feed(is_published=True), None, "2025-06-01", id="its words differ"),
        pytest.param(
            in_feed(is_published=True, folded="same", n_characters=101),
            None,
            "2025-05-13",
            id="its markup differs",
        ),
        pytest.param(
            in_feed(appears_in=(), updated=at("2025-05-25")),
            None,
            "2025-05-25",
            id="known from the ledger alone",
        ),
    ],
)
def test_when_a_takeover_is_an_edit(row: KnownRow, stated: str | None, updated: str) -> None:
    moved = at(stated) if stated else None
    one = text(100, updated=moved, fingerprint="other", folded="same")

    assert settled(one, row).entry.updated == at(updated)


def test_what_the_ledger_remembers_of_another_source_is_compared_once_that_is_read() -> None:
    row = in_feed(source="post.md", appears_in=(), fingerprint="of the post")

    assert settled(judged(fingerprint="other"), row).entry.fingerprint == "of the post"


def test_a_takeover_keeps_the_page_and_the_id_that_the_document_has_not() -> None:
    row = in_feed(link="https://example.com/1", source_id="guid", is_feed=True)

    kept = settled(text(200), row)

    assert (kept.entry.link, kept.entry.source_id) == ("https://example.com/1", "guid")


def test_only_a_feed_gives_its_page_to_an_entry_that_lives_elsewhere() -> None:
    home = known(source="post.md", appears_in=("post.md",), n_characters=9000)
    one = judged(link="https://example.com/1")

    of_feed, of_page = (
        settle(
            [one],
            home,
            id="urn:a",
            linked_how="same text",
            correction=None,
            moment=Moment(now=NOW, zone=KYIV, is_feed=is_feed),
        )
        for is_feed in (True, False)
    )

    assert of_feed.gives_page
    assert not of_page.gives_page


@pytest.mark.parametrize(
    ("expires", "is_expired"),
    [
        pytest.param(None, False, id="never"),
        pytest.param("2025-06-02", False, id="to come"),
        pytest.param("2025-06-01", True, id="at this moment"),
        pytest.param("2025-05-01", True, id="past"),
    ],
)
def test_an_entry_expires_when_its_time_is_over(expires: str | None, is_expired: bool) -> None:
    moment = at(expires) if expires else None

    kept = settled(judged(expires=moment))

    assert (kept.entry.expires, kept.is_expired) == (moment, is_expired)


def test_a_copy_ends_when_its_home_says() -> None:
    row = known(source="home.md", appears_in=("home.md",), expires=at("2025-05-01"))

    kept = settled(judged(), row)

    assert (kept.is_copy, kept.entry.expires, kept.is_expired) == (True, at("2025-05-01"), True)
