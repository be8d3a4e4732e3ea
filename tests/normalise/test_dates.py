"""When an item was published, how it became known, and what was not believed."""

from __future__ import annotations

import os
import time
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.model import DateRole, How, Order, Origin, Precision, RawDate, RawItem
from feedsvc.normalise.context import Context
from feedsvc.normalise.dates import Verdict, resolve
from tests.builders import at, raw_item

CASES = Path(__file__).parent.parent / "cases" / "dates"
SEED = Path(__file__).parents[2] / "seeds" / "000_64ba767ae4b7ab50.txt"
KYIV = ZoneInfo("Europe/Kyiv")


def read_at(reference: str | None = "2025-05-14", **fields: object) -> Context:
    day = date.fromisoformat(reference) if reference else None
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
    return Context(**{"read_at": moment, "reference": day} | fields)


def judge(*items: RawItem, context: Context | None = None) -> tuple[Verdict, ...]:
    return resolve(items, [item.body for item in items], context or read_at())


def field(words: str, **fields: object) -> RawItem:
    return raw_item(dates=(RawDate(words=words),), **fields)


def passages() -> list[object]:
    loaded = [tomllib.loads(path.read_text("utf-8")) for path in sorted(CASES.glob("*.toml"))]
    return [
        pytest.param({"language": file["language"]} | case, id=case["shows"])
        for file in loaded
        for case in file["case"]
    ]


@pytest.mark.parametrize("case", passages())
def test_a_passage_gives(case):
    found = [RawDate(words=case["words"], origin=Origin(case["origin"]))] if "words" in case else []
    item = raw_item(case["text"], language=case["language"], dates=tuple(found))

    (verdict,) = judge(item)

    published = verdict.published
    assert published.how.word == case.get("how", "captured")
    if "instant" in case:
        assert published.instant == datetime.fromisoformat(case["instant"])
    else:
        assert published.day.isoformat() == case.get("day", "2025-05-14")
    assert published.evidence == case.get("evidence", published.evidence)
    assert published.confidence == case.get("confidence", published.confidence)
    if "bound" in case:
        assert case["bound"] in [c.day for c in verdict.candidates if c.verdict != "chosen"]


# -- the seed document --------------------------------------------------------------------------


def seed_items() -> list[RawItem]:
    lines = ["", *SEED.read_text("utf-8").split("\n")]
    items = [raw_item(lines[n], line=n, group="teasers") for n in range(1, 11)]
    items.append(raw_item("\n".join(lines[13:21]), title=lines[11], line=11, group="article"))
    for group, numbers in (("Most Popular", (24, 26, 28, 30, 32)), ("Picks", (35, 37, 39))):
        items += [
            raw_item("", title=lines[n], line=n, group=group, rank=rank)
            for rank, n in enumerate(numbers, start=1)
        ]
    return items


def seed_verdicts() -> dict[int | None, Verdict]:
    items = seed_items()
    context = read_at(time_zone=KYIV, order=Order.NEWEST_FIRST)
    return {i.line: v for i, v in zip(items, judge(*items, context=context), strict=True)}


def test_the_seed_teaser_is_dated_by_its_report():
    published = seed_verdicts()[6].published

    assert published.day == date(2025, 5, 13)
    assert published.how is How.DERIVED
    assert published.confidence == 0.8
    assert published.evidence == "Reuters reported on May 13"


def test_the_seed_article_is_dated_by_rule():
    published = seed_verdicts()[11].published

    assert published.day == date(2024, 12, 20)
    assert published.how is How.DERIVED
    assert published.evidence == "established on Dec. 20"


def test_the_seed_teasers_inherit_from_their_dated_neighbour():
    verdicts = seed_verdicts()

    for line in (1, 2, 3, 4, 5, 7, 8, 9, 10):
        published = verdicts[line].published
        assert (published.day, published.how) == (date(2025, 5, 13), How.INHERITED)
        assert published.evidence == "line 6: Reuters reported on May 13"
        assert published.confidence == 0.5


def test_the_seed_headlines_are_only_captured():
    verdicts = seed_verdicts()

    for line in (24, 26, 28, 30, 32, 35, 37, 39):
        assert verdicts[line].published.how is How.CAPTURED
        assert verdicts[line].published.day == date(2025, 5, 14)


def test_the_seed_event_to_come_dates_nothing():
    verdicts = seed_verdicts()
    (event,) = [c for c in verdicts[1].candidates if "May 15" in c.evidence]

    assert (event.day, event.verdict) == ("2025-05-15", "an event to come: an upper bound only")
    assert event.evidence == "will be in Istanbul on May 15"
    assert date(2025, 5, 15) not in {v.published.day for v in verdicts.values()}


def test_document_order_survives_sorting_by_instant():
    verdicts = [*seed_verdicts().values()]

    assert [v.place for v in verdicts] == [*range(18, -1, -1)]
    assert verdicts[0].published.instant == datetime(2025, 5, 13, 9, 0, 18, tzinfo=UTC)
    assert verdicts[-1].published.instant == datetime(2025, 5, 14, 9, 0, 0, tzinfo=UTC)


# -- stated dates -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "instant", "offset", "precision"),
    [
        pytest.param("2025-05-13T10:15:00Z", "2025-05-13T10:15:00", 0, "second", id="UTC"),
        pytest.param(
            "2025-05-13T10:15:30.9+03:00", "2025-05-13T07:15:30", 180, "second", id="offset"
        ),
        pytest.param(
            "2025-05-13 10:15", "2025-05-13T07:15:00", 180, "minute", id="naive: its zone"
        ),
        pytest.param("2025-03-30 03:30", "2025-03-30T01:30:00", 180, "minute", id="a gap"),
        pytest.param("2024-10-27 03:30", "2024-10-27T00:30:00", 180, "minute", id="a fold"),
        pytest.param("2025-05-13", "2025-05-13T09:00:00", 180, "day", id="a day: its noon"),
        pytest.param(
            "1999-01-01T12:00:00+02:02:04", "1999-01-01T09:57:56", 122, "second", id="LMT"
        ),
        pytest.param("May 2025", "2025-05-01T09:00:00", 180, "month", id="a month"),
    ],
)
def test_a_stated_field(words, instant, offset, precision):
    (verdict,) = judge(field(words), context=read_at(time_zone=KYIV))

    published = verdict.published
    assert published.instant == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert (published.how, published.offset_minutes) == (How.STATED, offset)
    assert published.precision == Precision(precision)
    assert (published.evidence, published.rule) == (words, "own field")


def test_a_stated_day_to_come_is_scheduled():
    (verdict,) = judge(field("2031-01-01T00:00:00Z"))

    assert verdict.published.how is How.STATED
    assert verdict.published.day == date(2031, 1, 1)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        pytest.param("2045-01-01", "more than ten years ahead", id="too far ahead"),
        pytest.param("1970-01-01T00:00:00Z", "the year 1970 is not plausible", id="the epoch"),
        pytest.param("0001-01-01T00:00:00Z", "the year 1 is not plausible", id="null of others"),
        pytest.param("31 Feb 2025", "unreadable: no complete date", id="no such day"),
        pytest.param("2 weeks ago", "unreadable: no complete date", id="too coarse"),
    ],
)
def test_a_field_that_is_not_believed_is_shown(words, reason):
    (verdict,) = judge(field(words))

    assert verdict.published.how is How.CAPTURED
    assert (verdict.candidates[0].evidence, verdict.candidates[0].verdict) == (words, reason)


def test_the_year_stands_in_the_heading():
    dates = (RawDate(words="2023", origin=Origin.HEADING), RawDate(words="May 13"))

    assert judge(raw_item(dates=dates))[0].published.day == date(2023, 5, 13)


def test_a_field_without_a_year_is_derived():
    (verdict,) = judge(field("13 травня", language="uk"))

    assert (verdict.published.day, verdict.published.how) == (date(2025, 5, 13), How.DERIVED)


def test_ambiguous_numbers_are_settled_by_their_source():
    ambiguous, telling = field("03/04/2025"), field("13/04/2025")

    assert judge(ambiguous)[0].published.how is How.CAPTURED
    assert judge(ambiguous, telling)[0].published.day == date(2025, 4, 3)
    assert judge(field("03/04/2025", language="en-US"))[0].published.day == date(2025, 3, 4)


def test_the_updated_field_is_never_before_published():
    dates = (
        RawDate(words="2025-05-13T10:00:00Z"),
        RawDate(words="2025-05-01T10:00:00Z", role=DateRole.UPDATED),
    )

    (verdict,) = judge(raw_item(dates=dates))

    assert verdict.updated == datetime(2025, 5, 13, 10, tzinfo=UTC)


def test_an_updated_field_alone_is_only_a_bound():
    (verdict,) = judge(
        raw_item(dates=(RawDate(words="2025-05-01T10:00:00Z", role=DateRole.UPDATED),))
    )

    assert (verdict.published.how, verdict.published.confidence) == (How.CAPTURED, 0.4)
    assert verdict.updated == verdict.published.instant


def test_a_field_of_making_gives_way_to_one_of_publication():
    dates = (
        RawDate(words="2025-03-29T10:00:00Z", origin=Origin.META, name="dateCreated"),
        RawDate(words="2025-04-02T09:30:00Z", origin=Origin.META, name="datePublished"),
    )

    assert judge(raw_item(dates=dates))[0].published.day == date(2025, 4, 2)


def test_several_days_without_a_year_are_those_of_an_event():
    dates = tuple(RawDate(words=day, origin=Origin.LINE) for day in ("01 giu", "02 giu"))

    (verdict,) = judge(raw_item(dates=dates, language="it"))

    assert verdict.published.how is How.CAPTURED
    assert verdict.candidates[0].verdict == "one of several days: an event's"


# -- other rungs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "day"),
    [
        pytest.param("https://example.org/2025/05/13/talks", "2025-05-13", id="numbers"),
        pytest.param(
            "https://example.org/world/2025/may/13/talks", "2025-05-13", id="a month's name"
        ),
        pytest.param("https://example.org/2025-05-13-talks.html", "2025-05-13", id="with hyphens"),
        pytest.param("https://example.org/2025/02/31/talks", None, id="no such day"),
        pytest.param("https://example.org/2025/05/16/talks", None, id="a day to come"),
        pytest.param("https://example.org/1712/05/16/", None, id="too old"),
        pytest.param("http://[broken/2025/05/13/", None, id="a broken address"),
    ],
)
def test_the_day_in_the_link(link, day):
    published = judge(raw_item(link=link))[0].published

    assert (published.day.isoformat() if published.how is How.DERIVED else None) == day


@pytest.mark.parametrize(
    ("source", "n_items", "how", "confidence"),
    [
        pytest.param("posts/2025-05-13-title.md", 1, How.DERIVED, 0.9, id="a post"),
        pytest.param("20250513.txt", 1, How.DERIVED, 0.9, id="compact"),
        pytest.param("dump-2025-05-13.txt", 2, How.INHERITED, 0.7, id="one of many"),
        pytest.param("000_64ba767ae4b7ab50.txt", 1, How.CAPTURED, 0.3, id="a hash"),
        pytest.param("20251331.txt", 1, How.CAPTURED, 0.3, id="no such day"),
    ],
)
def test_the_day_in_the_file_name(source, n_items, how, confidence):
    published = judge(*[raw_item(source=source)] * n_items)[0].published

    assert (published.how, published.confidence) == (how, confidence)


def test_a_heading_is_inherited_except_in_a_ranked_list():
    dates = (RawDate(words="13 May 2025", origin=Origin.HEADING),)

    plain, ranked = judge(raw_item(dates=dates), raw_item(dates=dates, rank=1))

    assert (plain.published.how, plain.published.confidence) == (How.INHERITED, 0.75)
    assert ranked.published.how is How.CAPTURED
    assert ranked.candidates[0].verdict == "a ranked list dates nothing"


def test_rungs_that_agree_raise_the_confidence():
    two = field("2025-05-13", link="https://example.org/2025/05/13/")
    three = field("2025-05-13", link="https://example.org/2025/05/13/", source="2025-05-13.md")

    assert judge(two)[0].published.confidence == 0.98
    assert judge(three)[0].published.confidence == 0.995
    assert judge(three)[0].candidates[0].verdict == "chosen: 3 rungs agree"


def test_rungs_that_disagree_lower_the_confidence():
    (verdict,) = judge(field("2025-05-13", link="https://example.org/2025/05/01/"))

    assert (verdict.published.day, verdict.published.confidence) == (date(2025, 5, 13), 0.67)
    assert (
        verdict.candidates[0].verdict == "chosen: disputed: another rung is off by more than a day"
    )
    assert verdict.candidates[1].verdict == "own field is stronger; 12 days apart"


def test_a_lead_disputes_a_stated_date_and_what_follows_it_is_not_looked_at():
    text = "It came on May 1, Reuters said. Prices rose. The bank said on May 6 that rates stay."

    (verdict,) = judge(field("2025-05-13", body=text))

    assert (verdict.published.day, verdict.published.confidence) == (date(2025, 5, 13), 0.67)
    assert [c.day for c in verdict.candidates if c.rule == "report in the lead"] == ["2025-05-01"]
    assert "2025-05-06" not in {c.day for c in verdict.candidates}


# -- the year and the reference -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "body", "day"),
    [
        pytest.param("2025-05-14", "It was announced on May 13.", "2025-05-13", id="this year"),
        pytest.param("2025-01-02", "It was announced on Dec. 30.", "2024-12-30", id="new year"),
        pytest.param("2025-05-14", "It was announced on Feb. 29.", "2024-02-29", id="leap year"),
        pytest.param("2025-05-14", "It was announced on May 13, 2019.", "2019-05-13", id="written"),
    ],
)
def test_the_year_of_a_day(reference, body, day):
    published = judge(raw_item(body), context=read_at(reference))[0].published

    assert (published.day.isoformat(), published.how) == (day, How.DERIVED)


def test_without_a_reference_there_is_no_year_and_no_date():
    (verdict,) = judge(raw_item("Reuters reported on May 13."), context=read_at(None))

    assert verdict.published.how is How.SEEN
    assert verdict.published.instant == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert verdict.candidates[0].verdict == "no year, and no reference date to infer it from"


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(
            raw_item("Reuters reported on May 13.", source="2025-05-14.txt"), id="its name"
        ),
        pytest.param(
            raw_item(
                "Reuters reported on May 13.",
                dates=(RawDate(words="2025-05-14T08:00:00Z", role=DateRole.CAPTURED),),
            ),
            id="its capture date",
        ),
    ],
)
def test_a_container_brings_its_own_reference(item):
    (verdict,) = judge(item, context=read_at(None))

    assert verdict.published.day == date(2025, 5, 13)


def test_an_inferred_year_far_back_is_flagged():
    (verdict,) = judge(raw_item("The parliament adopted on June 3 the new budget."))

    assert verdict.candidates[0].verdict == (
        "chosen: the year is inferred, more than 180 days before the reference date"
    )


def line(words: str, **fields: object) -> RawItem:
    return raw_item(dates=(RawDate(words=words, origin=Origin.LINE),), **fields)


@pytest.mark.parametrize(
    ("source", "day"),
    [
        pytest.param("2025-05-14.txt", "2025-05-13", id="a file's day"),
        pytest.param("dumps/14.05.2025.txt", "2025-05-13", id="the day first"),
        pytest.param("May 14 2025.txt", "2025-05-13", id="in words"),
        pytest.param("2025/05/14/front.txt", "2025-05-13", id="folders"),
        pytest.param("2025-05-14/front.txt", "2025-05-13", id="a folder's day"),
        pytest.param("2025/05/front.txt", "2025-05-13", id="a month gives the year"),
        pytest.param("2024/12/front.txt", "2024-05-13", id="of another year"),
        pytest.param("news-2025-04.txt", "2024-05-13", id="no later than its month"),
        pytest.param("04-05-2025.txt", None, id="ambiguous"),
        pytest.param("front.txt", None, id="none"),
    ],
)
def test_the_path_of_a_dump_gives_the_year(source, day):
    found = judge(line("13 May", source=source), raw_item(source=source), context=read_at(None))

    published = found[0].published
    assert (published.day.isoformat() if published.how is How.DERIVED else None) == day


def test_a_heading_bounds_the_years_below_it():
    heading = RawDate(words="January 2, 2025", origin=Origin.HEADING)
    item = raw_item(dates=(heading, RawDate(words="Dec. 30", origin=Origin.LINE)))

    assert judge(item)[0].published.day == date(2024, 12, 30)


def test_a_page_that_has_a_year_gives_it_to_its_other_days():
    verdicts = judge(line("May 13, 2024"), line("May 12"), context=read_at(None))

    assert [v.published.day for v in verdicts] == [date(2024, 5, 13), date(2024, 5, 12)]


def test_a_run_of_days_steps_back_a_year_at_each_new_year():
    words = ("May 3", "March 1", "Jan 2", "Dec 30", "June 1", "May 5", "Jan 9", "Dec 24")
    items = [line(day, group="news", line=n) for n, day in enumerate(words, start=1)]

    days = [v.published.day.isoformat() for v in judge(*items)]

    assert days == [
        "2025-05-03", "2025-03-01", "2025-01-02", "2024-12-30",
        "2024-06-01", "2024-05-05", "2024-01-09", "2023-12-24",
    ]  # fmt: skip


def test_a_days_heading_gives_its_day_to_the_times_below_it():
    heading = RawDate(words="13 May 2025", origin=Origin.HEADING)
    item = raw_item(dates=(heading, RawDate(words="14:05", origin=Origin.LINE)))

    published = judge(item)[0].published

    assert published.instant == datetime(2025, 5, 13, 14, 5, tzinfo=UTC)
    assert (published.how, published.rule) == (How.INHERITED, "heading")


def test_a_report_below_a_days_heading_was_told_that_day():
    heading = RawDate(words="13 May 2025", origin=Origin.HEADING)
    (verdict,) = judge(raw_item("Police said on May 9 that the road is open.", dates=(heading,)))

    assert verdict.published.day == date(2025, 5, 13)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("yesterday, 14:05", "2025-05-13T14:05:00", id="yesterday"),
        pytest.param("Today, 07:10", "2025-05-14T07:10:00", id="today"),
        pytest.param("Monday, 10:15", "2025-05-12T10:15:00", id="a weekday"),
        pytest.param("3 days ago", "2025-05-11T12:00:00", id="days"),
    ],
)
def test_a_line_may_count_back_from_the_reference(words, expected):
    published = judge(line(words))[0].published

    assert published.instant == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert published.how is How.DERIVED
    assert judge(line(words), context=read_at(None))[0].published.how is How.SEEN


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Prices rose yesterday, the bank said.", id="yesterday"),
        pytest.param("The bridge will be closed until Tuesday, police said.", id="until"),
        pytest.param("The fire destroyed the barn on Tuesday.", id="no word of a report"),
        pytest.param("Nobody came. Police said on Tuesday that it rained.", id="not the first"),
    ],
)
def test_relative_words_of_a_sentence_date_nothing(text):
    assert judge(raw_item(text))[0].published.how is How.CAPTURED


def test_a_year_that_is_written_tells_of_the_past():
    fell = "The bridge collapsed on March 26, 2024, and is being rebuilt."

    assert judge(raw_item(fell))[0].published.how is How.CAPTURED
    assert judge(raw_item(fell), context=read_at(None))[0].published.how is How.SEEN


@pytest.mark.parametrize(
    ("language", "title", "text", "day"),
    [
        pytest.param("de", "Die Zeit, 15.4.2025: Nach der Kuh", "Lob.", "2025-04-15", id="German"),
        pytest.param("fr", "Le Soir, 5 mai 2025 : La crue", "Bref.", "2025-05-05", id="French"),
        pytest.param(
            "es", "El Faro, 5 de mayo de 2025: Llueve", "Nota.", "2025-05-05", id="Spanish"
        ),
        pytest.param("en", "Score, 13 May: all of it", "News.", None, id="no year"),
        pytest.param(
            "pl", "Do rady", "Prosimy o drogę.\nLublin, 5 maja 2025 r.", "2025-05-05", id="a letter"
        ),
        pytest.param(
            "de",
            "Plan",
            "Er liegt aus.\nAuen, den 28.04.2025\ngez. Riedl",
            "2025-04-28",
            id="signed",
        ),
        pytest.param(
            "el", "Έργα", "Άνοιξε ο δρόμος.\nΒόλος, 5 Μαΐου 2025", "2025-05-05", id="Greek"
        ),
        pytest.param("en", "Tour", "See us.\nVenue: Leeds, 3 May 2025", None, id="of an event"),
        pytest.param(
            "en", "Notes", "Read it.\nThe Coast Daily News, 3 May 2025", None, id="a source"
        ),
    ],
)
def test_a_day_that_opens_a_title_or_ends_a_letter(language, title, text, day):
    (verdict,) = judge(raw_item(text, title=title, language=language))

    found = verdict.published.day.isoformat() if verdict.published.how.is_claim else None
    assert found == day


def test_a_section_is_named_with_its_day():
    (verdict,) = judge(raw_item(section="回覧 令和7年5月1日", language="ja"))

    assert verdict.published.how is How.INHERITED
    assert verdict.published.day == date(2025, 5, 1)


def test_an_item_changed_on_its_newest_neighbours_day_has_no_other_left():
    changed = RawDate(words="2025-05-12", origin=Origin.LABEL, role=DateRole.UPDATED)
    lines = [line(day, group="news") for day in ("2025-05-12", "2025-05-08")]

    verdicts = judge(raw_item(dates=(changed,), group="news"), *lines)

    assert verdicts[0].published.how is How.INHERITED
    assert verdicts[0].published.day == date(2025, 5, 12)


def test_metadata_in_utc_gives_way_to_the_local_day_of_the_link():
    dates = (RawDate(words="2025-05-12T22:30:00Z", origin=Origin.META),)
    item = raw_item(dates=dates, link="https://example.org/2025/05/13/talks")

    abroad, at_home = judge(item)[0], judge(item, context=read_at(time_zone=KYIV))[0]

    assert (abroad.published.day, abroad.published.rule) == (date(2025, 5, 13), "day in the link")
    assert abroad.candidates[0].verdict == "its day is that of UTC, the link has the local one"
    assert (at_home.published.rule, at_home.published.confidence) == ("page metadata", 0.98)


def test_several_time_elements_are_less_sure_than_one():
    dates = tuple(RawDate(words=day, origin=Origin.TIME) for day in ("2025-05-13", "2025-05-09"))

    assert judge(raw_item(dates=dates[:1]))[0].published.confidence == 0.94
    assert judge(raw_item(dates=dates))[0].published.confidence == 0.88


def test_settings_say_what_is_believed():
    old, ambiguous = field("1987-05-13"), field("03/04/2025", language="en-GB")

    assert judge(old)[0].published.how is How.CAPTURED
    assert judge(old, context=read_at(first_year=1980))[0].published.day == date(1987, 5, 13)
    assert judge(ambiguous, context=read_at(day_first=False))[0].published.day == date(2025, 3, 4)
    early = judge(field("1970-01-01"), context=read_at(first_year=1900))[0]
    assert early.candidates[0].verdict == "a placeholder, no date"


# -- neighbours ---------------------------------------------------------------------------------


def dated_run(*days: str | None, **fields: object) -> list[RawItem]:
    return [
        raw_item(dates=(RawDate(words=day, origin=Origin.LINE),), line=n, group="news", **fields)
        if day
        else raw_item(line=n, group="news", **fields)
        for n, day in enumerate(days, start=1)
    ]


@pytest.mark.parametrize(
    ("order", "days", "expected"),
    [
        pytest.param(
            Order.NEWEST_FIRST, ("2025-05-12", None, None, None, "2025-05-08"),
            [12, 12, 8, 8, 8], id="the nearer, the older of two as near",
        ),
        pytest.param(
            Order.OLDEST_FIRST, (None, "2025-05-08", None, None, "2025-05-12"),
            [8, 8, 8, 12, 12], id="oldest first",
        ),
        pytest.param(
            Order.NEWEST_FIRST, ("2025-05-08", None, "2025-05-12"),
            [8, None, 12], id="neighbours that contradict the order",
        ),
        pytest.param(None, ("2025-05-12", None, "2025-05-08"), [12, 8, 8], id="the order shows"),
        pytest.param(None, ("2025-05-12", None), [12, None], id="no order known"),
    ],
)  # fmt: skip
def test_an_item_between_dated_neighbours(order, days, expected):
    verdicts = judge(*dated_run(*days), context=read_at(order=order))

    assert [v.published.day.day if v.published.how.is_claim else None for v in verdicts] == expected


def test_a_record_without_a_date_inherits_none():
    items = [field("2025-05-12"), raw_item(), field("2025-05-08")]

    assert judge(*items)[1].published.how is How.CAPTURED


def test_an_order_that_is_only_shown_says_nothing_of_what_stands_outside():
    verdicts = judge(*dated_run("2025-05-12", "2025-05-08", None))

    assert verdicts[2].published.how is How.CAPTURED


def test_groups_do_not_inherit_from_each_other():
    items = [field("2025-05-12", group="teasers"), raw_item(group="article")]

    verdicts = judge(*items, context=read_at(order=Order.NEWEST_FIRST))

    assert verdicts[1].published.how is How.CAPTURED


def test_a_doubtful_or_scheduled_neighbour_gives_nothing():
    doubtful = judge(
        raw_item("The parliament adopted on June 3 the new budget.", group="news"),
        raw_item(group="news"),
        context=read_at(order=Order.NEWEST_FIRST),
    )
    scheduled = judge(*dated_run("2026-01-01", None), context=read_at(order=Order.NEWEST_FIRST))

    assert doubtful[1].published.how is How.CAPTURED
    assert scheduled[1].published.how is How.CAPTURED


def test_the_place_counts_from_the_oldest_end_and_stays_within_the_day():
    many = [raw_item()] * 43_202
    verdicts = judge(*many, context=read_at(order=Order.OLDEST_FIRST))

    assert (verdicts[0].place, verdicts[1].place, verdicts[-1].place) == (0, 1, 43_199)
    assert verdicts[-1].published.instant == datetime(2025, 5, 14, 23, 59, 59, tzinfo=UTC)


# -- whatever comes -----------------------------------------------------------------------------

_WORDS = (
    "May 13 31 Feb. Dec. 20 2025 2024-05-13 05/13/2025 13.05.2025 on said will травня мая 5月13日 . ,"
    " DOHA, /TASS/ (Reuters) - Published: 10:15 UTC +03:00 1747137600 99999999999 ١٣ 年 Mon"
    " 68 PM م 13.05. yesterday ago 令和 พ.ค. 2568 1446 هـ תשפ״ה -25:00 [Europe/Kyiv] 二〇二五年"
)
_PIECES = st.sampled_from([*_WORDS.split(), "\n"])
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=12).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(text=_TEXTS, words=_TEXTS, origin=st.sampled_from(Origin), role=st.sampled_from(DateRole))
def test_no_text_breaks_the_ladder(text, words, origin, role):
    raw = RawDate(words=words, role=role, origin=origin)

    (verdict,) = judge(raw_item(text or "x", dates=(raw,)))

    published = verdict.published
    assert published.instant.microsecond == 0
    assert (
        published.how is How.STATED
        or published.instant < datetime(2025, 5, 17, tzinfo=UTC)
        or (published.how is How.SEEN)
    )
    assert verdict.updated is None or verdict.updated >= published.instant


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.characters(categories=["L", "P", "Z"]), max_size=200))
def test_a_text_without_numbers_claims_nothing(text):
    (verdict,) = judge(raw_item(text or "x"), context=read_at(None))

    assert verdict.published.how is How.SEEN


@settings(max_examples=150, deadline=None)
@given(
    day=st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    reference=st.dates(date(2001, 1, 1), date(2030, 12, 31)),
)
def test_an_inferred_year_is_the_latest_that_is_not_to_come(day, reference):
    context = read_at(reference.isoformat())

    (verdict,) = judge(line(f"{day:%B} {day.day}"), context=context)

    assert reference - timedelta(days=8 * 366) < verdict.published.day
    assert verdict.published.day <= reference + timedelta(days=1)
    assert (verdict.published.day.month, verdict.published.day.day) == (day.month, day.day)


def test_the_machine_has_no_say():
    items = [field("13 May 2025 10:15 EST"), field("2025-05-13 10:15"), *seed_items()]
    verdicts = []
    before = os.environ.get("TZ")
    try:
        for zone in ("UTC", "America/New_York", "Asia/Tokyo"):
            os.environ["TZ"] = zone
            time.tzset()
            verdicts.append(judge(*items))
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()

    assert verdicts[0] == verdicts[1] == verdicts[2]
    assert verdicts[0][0].published.instant == datetime(2025, 5, 13, 15, 15, tzinfo=UTC)


def test_the_latest_believed_day_is_one_after_the_reference():
    inside, outside = date(2025, 5, 15), date(2025, 5, 15) + timedelta(days=1)

    one, other = judge(
        raw_item(link=f"https://example.org/{inside:%Y/%m/%d}/"),
        raw_item(link=f"https://example.org/{outside:%Y/%m/%d}/"),
    )

    assert (one.published.how, other.published.how) == (How.DERIVED, How.CAPTURED)
    assert other.candidates[0].verdict == "a day to come: an upper bound only"


def test_a_day_alone_takes_the_time_of_a_change_on_that_day():
    item = raw_item(
        link="https://e.example/2024/04/01/x",
        dates=(RawDate(words="2024-04-01T10:00:00Z", role=DateRole.UPDATED),),
    )

    (verdict,) = judge(item)

    assert verdict.published.instant == at("2024-04-01T10:00:00")
    assert verdict.updated == at("2024-04-01T10:00:00")
    assert verdict.candidates[0].verdict.startswith("chosen: the time is that of a change")


# ---- until when it shows


@pytest.mark.parametrize("words, expected", [
    pytest.param("2025-07-01T10:30:00Z", "2025-07-01T10:30:00", id="a moment"),
    pytest.param("2025-07-01 10:30", "2025-07-01T07:30:00", id="a moment in the source's zone"),
    pytest.param("2025-07-01", "2025-07-01T21:00:00", id="a day alone ends with the day"),
    pytest.param("July 2025", "2025-07-31T21:00:00", id="a month ends with the month"),
    pytest.param("1 July 2025", "2025-07-01T21:00:00", id="in words"),
])  # fmt: skip
def test_an_item_may_say_when_it_ends(words, expected):
    item = raw_item(dates=(RawDate(words=words, role=DateRole.EXPIRES),))

    (verdict,) = judge(item, context=read_at(time_zone=KYIV))

    assert verdict.expires == at(expected)
    assert [(c.evidence, c.verdict) for c in verdict.candidates if c.rule == "expiry"] == [
        (words, "withdrawn from then on")
    ]
    assert verdict.published.how is How.CAPTURED  # its end dates nothing


@pytest.mark.parametrize("words, told", [
    pytest.param("when we say so", "unreadable: it does not expire", id="no date"),
    pytest.param("0001-01-01", "a placeholder: it does not expire", id="a placeholder"),
    pytest.param("1970-01-01T00:00:00Z", "a placeholder: it does not expire", id="the epoch"),
    pytest.param("9999-12-31", "never: it does not expire", id="the end of time"),
])  # fmt: skip
def test_an_end_that_is_none_withdraws_nothing_and_is_told(words, told):
    (verdict,) = judge(raw_item(dates=(RawDate(words=words, role=DateRole.EXPIRES),)))

    assert verdict.expires is None
    assert [(c.evidence, c.verdict) for c in verdict.candidates if c.rule == "expiry"] == [
        (words, told)
    ]


def test_what_only_says_that_it_is_over_has_been_so_since_it_was_published():
    item = field("2025-05-13T10:00:00Z")
    over = RawDate(words="true", role=DateRole.EXPIRES, name="expired")

    (verdict,) = judge(raw_item(dates=(*item.dates, over)))

    assert verdict.expires == verdict.published.instant == at("2025-05-13T10:00")


def test_of_two_ends_the_earlier_counts():
    ends = (RawDate(words=words, role=DateRole.EXPIRES) for words in ("2025-08-01", "2025-07-01"))

    (verdict,) = judge(raw_item(dates=tuple(ends)))

    assert verdict.expires == at("2025-07-02T00:00")
