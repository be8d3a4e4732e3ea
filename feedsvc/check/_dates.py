"""Dates as feeds write them: RFC 822 in RSS, RFC 3339 in Atom, W3C-DTF in modules.

Room: check. Each check yields what is wrong with the words; `moment_*` gives the instant
of right ones. Entered by every format and module of the room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

RFC822_INVALID = Rule(
    name="date-rfc822-invalid",
    severity=Severity.ERROR,
    harm="readers date the item today, or show it undated at the bottom",
    remedy="write it as in “Sat, 21 Nov 2026 08:00:00 GMT”",
    section="RFC 822 §5; RSS Profile, date and time",
)
RFC3339_INVALID = Rule(
    name="date-rfc3339-invalid",
    severity=Severity.ERROR,
    harm="readers date the entry today, or refuse the document",
    remedy="write it as in “2026-11-21T08:00:00Z”",
    section="RFC 3339 §5.6; RFC 4287 §3.3",
)
W3CDTF_INVALID = Rule(
    name="date-w3cdtf-invalid",
    severity=Severity.ERROR,
    harm="readers ignore the date",
    remedy="write it as in “2026-11-21” or “2026-11-21T08:00:00Z”",
    section="W3C-DTF",
)
IMPOSSIBLE = Rule(
    name="date-impossible",
    severity=Severity.ERROR,
    harm="readers date the item today, or another day than meant",
    remedy="name a day the calendar has and a time from 00:00:00 to 23:59:59",
    section="RFC 3339 §5.7; RFC 822 §5",
)
WEEKDAY_WRONG = Rule(
    name="date-weekday-wrong",
    severity=Severity.ERROR,
    harm="strict readers refuse the date",
    remedy="let the program derive the weekday, or leave it out",
    section="RFC 822 §5.2",
)
YEAR_SHORT = Rule(
    name="date-year-two-digits",
    severity=Severity.WARNING,
    harm="readers guess the century",
    remedy="write the year with four digits",
    section="RSS Profile, date and time",
)
ZONE_NAMED = Rule(
    name="date-zone-named",
    severity=Severity.WARNING,
    harm="readers take the zone for UTC and are hours off",
    remedy="write GMT or a number as in “-0500”",
    section="RSS Profile, date and time",
)
ZONE_AMERICAN = Rule(
    name="date-zone-american",
    severity=Severity.ADVICE,
    harm="some readers take the zone for UTC and are hours off",
    remedy="write GMT or a number as in “-0500”",
    section="RSS Profile, date and time",
)
SPELLING = Rule(
    name="date-spelling",
    severity=Severity.WARNING,
    harm="readers with a strict pattern miss the date",
    remedy="one space between the parts, “Sat” and “Nov” with a capital, no remark in brackets",
    section="RFC 822 §5.1",
)
FUTURE = Rule(
    name="date-future",
    severity=Severity.WARNING,
    harm="readers pin the item to the top, hide it, or date it today",
    remedy="publish the item when its time has come",
    section="RSS Profile, pubDate",
)
OLD = Rule(
    name="date-implausible",
    severity=Severity.WARNING,
    harm="readers bury the item, or take the date for a missing one",
    remedy="leave the date out when it is not known",
    section="RSS Profile, date and time",
)

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
SLACK = {"rss": timedelta(minutes=10), "json": timedelta(minutes=10)}  #: clocks differ
SLACK_ELSEWHERE = timedelta(days=1)

_RFC822 = re.compile(
    r"(?:(?P<weekday>[A-Za-z]{3}), *)?(?P<day>\d{1,2}) +(?P<month>[A-Za-z]{3}) +"
    r"(?P<year>\d{4}|\d\d) +(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))? +"
    r"(?P<zone>[+-]\d{4}|[A-Za-z]{1,3})(?P<remark> *\([^)]*\))?"
)
_RFC3339 = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)T(?P<hour>\d\d):(?P<minute>\d\d)"
    r":(?P<second>\d\d)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)"
)
_W3CDTF = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d))?)?)?"
)
#: what a near miss of RFC 3339 lacks, most telling first
_NEAR_3339 = (
    (r"\d{4}-\d\d-\d\d", "there is no time"),
    (r"[\d-]+T[\d:.]+", "there is no zone"),
    (r"[\d-]+ [\d:.]+ ?(Z|[+-][\d:]+)?", "a space stands where “T” belongs"),
    (r"[\d-]+t[\d:.]+(z|[+-][\d:]+)", "“T” and “Z” are capitals"),
    (r"[\d-]+T[\d:.]+z|[\d-]+t[\d:.]+.*", "“T” and “Z” are capitals"),
    (r"[\d-]+T\d\d:\d\d(Z|[+-][\d:]+)", "the seconds are missing"),
    (r"[\d-]+T[\d:.]+[+-]\d{2,4}", "the offset is written as in “+01:00”"),
    (r"[\d-]+T[\d:.]+ +\S+", "no space stands before the zone"),
    (r"\d{8}T.*", "the date has hyphens, the time colons"),
    (r"\D{3}, .*", "this is the form of RSS"),
    (r"\d{9,}", "this is a count of seconds"),
)
_NEAR_822 = (
    (r"\d{4}-\d\d-\d\d.*", "this is the form of Atom"),
    (r"\d{9,}", "this is a count of seconds"),
    (r"[A-Za-z]{4,},? .*", "the weekday is abbreviated to three letters"),
    (r"[A-Za-z]{3} \d.*", "a comma follows the weekday"),
    (r"(\w{3}, *)?\d+ [^\W\d]{4,} .*", "the month is abbreviated to three letters"),
    (r"(\w{3}, *)?\d+-\w+-.*", "spaces, not hyphens, stand between day, month and year"),
    (r"(\w{3}, *)?\d+ \w{3} \d+", "there is no time"),
    (r"(\w{3}, *)?\d+ \w{3} \d+ [\d:]+", "there is no zone"),
    (r".* [+-]\d\d:\d\d", "the offset is written as in “+0100”"),
    (r".* \d:\d\d.*", "the hour has two digits"),
    (r"(?i).* [ap]\.?m\.?\b.*", "the clock has 24 hours"),
    (r"\d+/\d+/\d+.*", "the month is a word"),
)


def rfc822(words: str, line: int, what: str, context: Context) -> Iterator[Finding]:
    """What is wrong with a date of RSS or OPML; `what` names the place: `<pubDate>`."""
    stripped = words.strip()
    found = _RFC822.fullmatch(stripped)
    if not found or not _is_known(found):
        yield RFC822_INVALID.at(line, _near_miss(what, stripped, _NEAR_822, found))
        return
    yield from _spelling(found, line, what)
    moment = moment_822(stripped)
    if moment is None:
        yield IMPOSSIBLE.at(line, f"{what} is {shown(stripped)}: no such moment")
        return
    right = _weekday(found)
    if found["weekday"] and found["weekday"].title() != right:
        yield WEEKDAY_WRONG.at(line, f"{what} is {shown(stripped)}: that day is a {right}")
    yield from plausible(moment, stripped, line, what, context)


def rfc3339(words: str, line: int, what: str, context: Context) -> Iterator[Finding]:
    """What is wrong with a date of Atom or JSON Feed."""
    found = _RFC3339.fullmatch(words)
    if not found:
        yield RFC3339_INVALID.at(line, _near_miss(what, words.strip(), _NEAR_3339, None))
        return
    moment = _moment(found)
    if moment is None:
        yield IMPOSSIBLE.at(line, f"{what} is {shown(words)}: no such moment")
        return
    yield from plausible(moment, words, line, what, context)


def w3cdtf(words: str, line: int, what: str, context: Context) -> Iterator[Finding]:
    """What is wrong with a date of Dublin Core and the like: parts may be left off."""
    found = _W3CDTF.fullmatch(words.strip())
    if not found:
        yield W3CDTF_INVALID.at(line, _near_miss(what, words.strip(), _NEAR_3339[1:], None))
        return
    moment = _moment(found)
    if moment is None:
        yield IMPOSSIBLE.at(line, f"{what} is {shown(words)}: no such moment")
        return
    yield from plausible(moment, words, line, what, context)


def moment_822(words: str) -> datetime | None:
    """The instant of a right RFC 822 date, however old."""
    found = _RFC822.fullmatch(words.strip())
    return _moment(found) if found and _is_known(found) else None


def moment_3339(words: str) -> datetime | None:
    """The instant of a right RFC 3339 date."""
    found = _RFC3339.fullmatch(words)
    return _moment(found) if found else None


def instant_3339(words: str) -> str:
    """The instant of a right RFC 3339 date to its last digit, for comparing; else blank."""
    moment = moment_3339(words)
    fraction = re.search(r"\.(\d+)", words)
    return f"{moment.isoformat()}.{fraction[1].rstrip('0') if fraction else ''}" if moment else ""


def plausible(
    moment: datetime, words: str, line: int, what: str, context: Context
) -> Iterator[Finding]:
    """Whether an instant can be true of something published."""
    slack = SLACK.get(context.kind, SLACK_ELSEWHERE)
    if context.now and moment > context.now + slack:
        yield FUTURE.at(line, f"{what} is {shown(words)}, which is to come")
    if moment < EARLIEST:
        yield OLD.at(line, f"{what} is {shown(words)}, before there were feeds")


def _is_known(found: re.Match[str]) -> bool:
    weekday, month, zone = found["weekday"], found["month"], found["zone"].upper()
    return (
        (not weekday or weekday.title() in DAYS)
        and month.title() in MONTHS
        and (not zone.isalpha() or zone in ("GMT", "UT", *ZONES) or _is_military(zone))
    )


def _weekday(found: re.Match[str]) -> str:
    """The day of the week where the clock stands, not in UTC."""
    day = date(_year(found["year"]), _month(found["month"]), int(found["day"]))
    return DAYS[day.weekday()]


def _is_military(zone: str) -> bool:
    return len(zone) == 1 and zone != "J"


def _spelling(found: re.Match[str], line: int, what: str) -> Iterator[Finding]:
    words = f"{what} is {shown(found[0])}"
    if len(found["year"]) == 2:
        yield YEAR_SHORT.at(line, words)
    zone = found["zone"].upper()
    if zone in ZONES or _is_military(zone):
        rule = ZONE_AMERICAN if zone in ZONES else ZONE_NAMED
        yield rule.at(line, f"{words}: not every reader knows the zone {zone}")
    names = [found[part] for part in ("weekday", "month") if found[part]]
    is_odd = found["remark"] or "  " in found[0] or any(n != n.title() for n in names)
    if is_odd or (found["weekday"] and ", " not in found[0]):
        yield SPELLING.at(line, words)


def _near_miss(
    what: str, words: str, near: tuple[tuple[str, str], ...], found: re.Match[str] | None
) -> str:
    if not words:
        return f"{what} is empty"
    if found:
        unknown = [found["weekday"] or "", found["month"], found["zone"]]
        return f"{what} is {shown(words)}: one of {', '.join(filter(None, unknown))} is unknown"
    why = next((why for pattern, why in near if re.fullmatch(pattern, words)), "")
    return f"{what} is {shown(words)}" + (f": {why}" if why else "")


def _moment(found: re.Match[str]) -> datetime | None:
    """The instant of a match; None when the calendar or the clock has none such."""
    parts = found.groupdict()
    second = int(parts["second"] or 0)
    offset = _offset(parts["zone"] or "Z")
    if offset is None:
        return None
    try:
        moment = datetime(
            _year(parts["year"]),
            _month(parts["month"] or "01"),
            int(parts["day"] or 1),
            int(parts["hour"] or 0),
            int(parts["minute"] or 0),
            min(second, 59),
            tzinfo=timezone(offset),
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    is_leap = second == 60 and (moment.hour, moment.minute) == (23, 59)
    return moment if second < 60 or is_leap else None


def _year(digits: str) -> int:
    """Two digits as RFC 2822 §4.3 reads them."""
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (2000 if int(digits) < 50 else 1900)


def _month(words: str) -> int:
    return int(words) if words.isdigit() else MONTHS.index(words.title()) + 1


def _offset(zone: str) -> timedelta | None:
    """How far a zone is from UTC; None when no place on earth has it."""
    if zone[0] not in "+-":
        return timedelta(hours=ZONES.get(zone.upper(), 0))
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if minutes > 59 or hours > 14:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if zone[0] == "-" else offset
