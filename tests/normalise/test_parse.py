"""What complete dates say, and what only looks like one."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from babel.dates import format_date, format_datetime
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.calendar_names import day_first, days_ago, month_of, weekday_of
from feedsvc.model import Precision
from feedsvc.normalise.parse import parse_full


@pytest.mark.parametrize(
    ("words", "moment", "precision"),
    [
        pytest.param("1747137600", "2025-05-13T12:00:00+00:00", "second", id="epoch seconds"),
        pytest.param("1747137600123", "2025-05-13T12:00:00+00:00", "second", id="epoch milliseconds"),
        pytest.param("Tue, 13 May 2025 10:15:00 +0300", "2025-05-13T10:15:00+03:00", "second", id="mail"),
        pytest.param("13 May 25 10:15 EST", "2025-05-13T10:15:00-05:00", "second", id="mail of RFC 822"),
        pytest.param("Tue, 13 May 2025 10:15:00 -0000", "2025-05-13T10:15:00+00:00", "second", id="mail, unknown place"),
        pytest.param("2025-05-13", "2025-05-13T00:00:00", "day", id="ISO day"),
        pytest.param("2025-05-13T10:15:00Z", "2025-05-13T10:15:00+00:00", "second", id="ISO"),
        pytest.param("2025-05-13 10:15:00.123 -0330", "2025-05-13T10:15:00-03:30", "second", id="ISO with blanks"),
        pytest.param("2025-05-13T10:15+02:02:04", "2025-05-13T10:15:00+02:02:04", "minute", id="offset with seconds"),
        pytest.param("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00", "second", id="leap second"),
        pytest.param("2025-W20-2", "2025-05-13T00:00:00", "day", id="ISO week"),
        pytest.param("2025-05", "2025-05-01T00:00:00", "month", id="ISO month"),
        pytest.param("20250513", "2025-05-13T00:00:00", "day", id="compact"),
        pytest.param("20250513101500", "2025-05-13T10:15:00", "second", id="compact with time"),
        pytest.param("20250513T1015Z", "2025-05-13T10:15:00+00:00", "minute", id="compact ISO"),
        pytest.param("May 13th, 2025 at 3 PM PST", "2025-05-13T15:00:00-08:00", "minute", id="English"),
        pytest.param("May 13, 2025, 12:05 a.m. EDT", "2025-05-13T00:05:00-04:00", "minute", id="midnight of twelve hours"),
        pytest.param("Tue May 13 10:15:00 UTC 2025", "2025-05-13T10:15:00+00:00", "second", id="ctime"),
        pytest.param("3 Sept. 2025", "2025-09-03T00:00:00", "day", id="AP month"),
        pytest.param("13 May 2025 10:15 UTC+3", "2025-05-13T10:15:00+03:00", "minute", id="UTC and hours"),
        pytest.param("13 May 2025 10:15 BST", "2025-05-13T00:00:00", "day", id="an ambiguous zone costs the time"),
        pytest.param("May 2025", "2025-05-01T00:00:00", "month", id="a month"),
        pytest.param("13 травня 2025 р., 10:15", "2025-05-13T10:15:00", "minute", id="Ukrainian"),
        pytest.param("вівторок, 13 травня 2025 року", "2025-05-13T00:00:00", "day", id="Ukrainian weekday"),
        pytest.param("13. Mai 2025, 14:30 Uhr", "2025-05-13T14:30:00", "minute", id="German"),
        pytest.param("le 1er mai 2025 à 14h30", "2025-05-01T14:30:00", "minute", id="French"),
        pytest.param("13 de mayo de 2025", "2025-05-13T00:00:00", "day", id="Spanish"),
        pytest.param("030615 MAR 25", "2025-03-03T06:15:00", "minute", id="a wire's group of day and time"),
        pytest.param("311140Z JAN 2025", "2025-01-31T11:40:00+00:00", "minute", id="such a group in UTC"),
        pytest.param("13 maja 2025 r.", "2025-05-13T00:00:00", "day", id="Polish"),
        pytest.param("2025. május 13.", "2025-05-13T00:00:00", "day", id="Hungarian"),
        pytest.param("2025 m. gegužės 13 d.", "2025-05-13T00:00:00", "day", id="Lithuanian"),
        pytest.param("13 Bealtaine 2025", "2025-05-13T00:00:00", "day", id="Irish"),
        pytest.param("2025年5月13日(火) 午後3時05分", "2025-05-13T15:05:00", "minute", id="Japanese"),
        pytest.param("2025년 5월 13일 오후 3:05", "2025-05-13T15:05:00", "minute", id="Korean"),
        pytest.param("١٣ مايو ٢٠٢٥", "2025-05-13T00:00:00", "day", id="Arabic digits"),
        pytest.param("２０２５－０５－１３", "2025-05-13T00:00:00", "day", id="full width"),
        pytest.param("13\xa0May\u200f 2025", "2025-05-13T00:00:00", "day", id="blanks and marks"),
        pytest.param("13.05.25 10:00", "2025-05-13T10:00:00", "minute", id="two digits, known order"),
        pytest.param("03.04.2025", "2025-04-03T00:00:00", "day", id="dots: the day first"),
        pytest.param("Tuesday, 13-May-25 10:00:00 GMT", "2025-05-13T10:00:00+00:00", "second", id="RFC 850"),
        pytest.param("13/May/2025:10:00:00 +0300", "2025-05-13T10:00:00+03:00", "second", id="a server's log"),
        pytest.param("Tue May 13 2025 10:00:00 GMT+0300 (Eastern European Summer Time)", "2025-05-13T10:00:00+03:00", "second", id="a browser"),
        pytest.param("2025-05-13T10:00+03:00[Europe/Kyiv]", "2025-05-13T10:00:00+03:00", "minute", id="a zone in brackets"),
        pytest.param("2025-05-13 10:00 Europe/Kyiv", "2025-05-13T10:00:00+03:00", "minute", id="a zone's name"),
        pytest.param("/Date(1747137600000+0300)/", "2025-05-13T12:00:00+00:00", "second", id=".NET"),
        pytest.param("1747137600000000", "2025-05-13T12:00:00+00:00", "second", id="epoch microseconds"),
        pytest.param("20250513T101010Z", "2025-05-13T10:10:10+00:00", "second", id="compact with seconds"),
        pytest.param("13. 5. 2025 14:05", "2025-05-13T14:05:00", "minute", id="blanks in the numbers"),
        pytest.param("13.5.2025 klo 14.05", "2025-05-13T14:05:00", "minute", id="a dotted hour"),
        pytest.param("kl. 14.05 13. maj 2025", "2025-05-13T14:05:00", "minute", id="the hour first"),
        pytest.param("Tuesday 03/06/2025", "2025-06-03T00:00:00", "day", id="its weekday fits one order"),
        pytest.param("13 أيار / مايو 2025", "2025-05-13T00:00:00", "day", id="a month named twice"),
        pytest.param("2025年（令和7年）5月13日", "2025-05-13T00:00:00", "day", id="a year counted twice"),
        pytest.param("05/13/2025 3 PM", "2025-05-13T15:00:00", "minute", id="only one order fits"),
    ],
)  # fmt: skip
def test_a_complete_date(words, moment, precision):
    found = parse_full(words)

    assert found is not None
    assert found.moment == datetime.fromisoformat(moment)
    assert found.precision == Precision(precision)


@pytest.mark.parametrize(
    "words",
    [
        "", "2025", "May", "May 13", "10:15", "yesterday", "31 Feb 2025", "2025-02-31", "31.02.2025",
        "Mon, 31 Feb 2025 10:00:00 GMT", "1.2.3", "10.1.2.20", "v1.2.2025", "03/04/2025", "03/04/05",
        "12345678", "999999999999999", "10 partner 2025", "13 May 14 May 2025",
        "After 3 years", "3rd Assault Brigade", "$25,000",
        "1746000000 and more", "13/13/2025", "0000-00-00", "45790", "Friday 03/06/2025",
        "13–15 May 2025", "13 - 15.05.2025", "1 March to 3 April 2025", "5月13日", "2025-05-13-12", "31 اسفند 1404", "2025-05-13 or so", "13 May 2025 " + "x" * 200, "२", "\x00\ud800",
    ],
)  # fmt: skip
def test_no_complete_date(words):
    assert parse_full(words) is None


@pytest.mark.parametrize(
    ("language", "settled", "day"),
    [
        pytest.param("en", None, None, id="English of nowhere"),
        pytest.param("en", True, "2025-04-03", id="its source tells"),
        pytest.param("en-US", True, "2025-04-03", id="what its source tells comes first"),
        pytest.param("en-GB", None, "2025-04-03", id="British"),
        pytest.param("de", None, "2025-04-03", id="German"),
        pytest.param("zh", None, None, id="a language that puts the year first"),
        pytest.param("xx", None, None, id="no language we know"),
    ],
)
def test_the_order_of_ambiguous_numbers(language, settled, day):
    found = parse_full("03/04/2025", language, settled)

    assert (found.moment.date().isoformat() if found else None) == day


def test_a_name_that_two_languages_share_follows_the_source():
    assert month_of("listopada", "pl") == (11, ("pl",))
    assert month_of("listopada", "hr") == (10, ("hr",))
    assert month_of("listopada", "en") is None


@pytest.mark.parametrize(
    ("words", "language"),
    [
        pytest.param("mar., 13 mai 2025 09:00:00 +0200", "fr", id="French"),
        pytest.param("mar 13 mag 2025, 9:00 +0200", "it", id="Italian"),
        pytest.param("Mar, 13 may. 2025 09:00:00 +0200", "es", id="Spanish"),
    ],
)
def test_a_weekday_that_is_a_month_elsewhere_gives_way_to_the_month(words, language):
    when = parse_full(words, language)

    assert when is not None
    assert when.moment.isoformat() == "2025-05-13T09:00:00+02:00"


def test_short_names_of_other_languages_count_only_in_dates():
    assert month_of("set", "en") is None
    assert month_of("янв.", "en", everywhere=True) == (1, ("ru",))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("3 hours ago", (0, ""), id="hours"),
        pytest.param("36 hours ago", (1, ""), id="hours beyond a day"),
        pytest.param("yesterday, 14:05", (1, ", 14:05"), id="a time is left"),
        pytest.param("vor einem Tag", (1, ""), id="a number in words"),
        pytest.param("منذ يومين", (2, ""), id="a number in the word"),
        pytest.param("2 weeks ago", None, id="too coarse"),
        pytest.param("in 3 days", None, id="to come"),
    ],
)
def test_how_long_ago(words, expected):
    assert days_ago(words) == expected


def test_a_country_may_tell_what_its_language_does_not():
    assert [day_first(tag) for tag in ("en", "en-US", "en-ZA", "en-IN", "ja")] == [
        None, False, True, True, None,
    ]  # fmt: skip


def test_weekdays_are_known_in_the_case_they_are_used_in():
    assert weekday_of("среду", "ru") == 2
    assert weekday_of("Tues.", "en") == 1
    assert weekday_of("partner", "en") is None


# -- whatever comes -----------------------------------------------------------------------------

LANGUAGES = "en uk ru de fr es it pt pl nl cs el ja zh ko th ar fa he".split()  # noqa: SIM905
_DAYS = st.dates(date(1990, 1, 1), date(2069, 12, 31))


@settings(max_examples=300, deadline=None)
@given(
    day=_DAYS,
    language=st.sampled_from(LANGUAGES),
    style=st.sampled_from(["full", "long", "medium"]),
)
def test_a_day_as_its_language_writes_it_is_read_back(day, language, style):
    found = parse_full(format_date(day, style, locale=language), language)

    assert found is not None
    assert (found.moment.date(), found.precision) == (day, Precision.DAY)


@settings(max_examples=200, deadline=None)
@given(
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2069, 12, 31)),  # noqa: DTZ001
    language=st.sampled_from(LANGUAGES),
)
def test_a_moment_as_its_language_writes_it_is_read_back(moment, language):
    found = parse_full(format_datetime(moment, "medium", locale=language), language)

    assert found is not None
    assert found.moment == moment.replace(microsecond=0)


@settings(max_examples=300, deadline=None)
@given(words=st.text(max_size=60), language=st.sampled_from(LANGUAGES))
def test_no_words_break_the_parser_and_none_without_a_number_are_a_date(words, language):
    found = parse_full(words, language)

    assert found is None or any(c.isnumeric() or c in '年״"' for c in words)


@settings(max_examples=100, deadline=None)
@given(day=_DAYS, first=st.booleans())
def test_ambiguous_numbers_follow_what_is_known(day, first):
    words = f"{day:%d/%m/%Y}" if first else f"{day:%m/%d/%Y}"

    found = parse_full(words, "en", first)

    assert found is not None
    assert found.moment.date() == day


@pytest.mark.parametrize(
    ("words", "moment", "precision"),
    [
        ("Thu, 16 Jun 2011 22:0:0 +0000", "2011-06-16T22:00:00+00:00", Precision.SECOND),
        ("Thu, 21 Oct 2010 6:41:2 CST", "2010-10-21T06:41:02-06:00", Precision.SECOND),
        ("Thu, 16 Jun 2011 22:00:00 CET", "2011-06-16T22:00:00+01:00", Precision.SECOND),
        ("Mon, 01 Apr 2024 24:00:00 GMT", "2024-04-02T00:00:00+00:00", Precision.SECOND),
        ("2024-04-01T24:00:00Z", "2024-04-02T00:00:00+00:00", Precision.SECOND),
        ("Mon, 01 Apr 2024 25:00:00 GMT", "2024-04-01T00:00:00", Precision.DAY),
        ("2025-05-13T25:00:00Z", "2025-05-13T00:00:00", Precision.DAY),
        ("2025-05-13 25:00 PM", "2025-05-13T00:00:00", Precision.DAY),
        ("2025-05-13T25:00", "2025-05-13T00:00:00", Precision.DAY),
        ("2017-06-13T03:18:00+00:0", "2017-06-13T00:00:00", Precision.DAY),
    ],
)
def test_the_day_stands_whatever_is_wrong_with_the_time(words, moment, precision):
    when = parse_full(words)

    assert when and (when.moment.isoformat(), when.precision) == (moment, precision)
