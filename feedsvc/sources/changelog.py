"""Changelogs: Keep a Changelog and its kin, reST, CPAN, GNU, Debian, RPM: a release is an entry.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours.
Releases are told by headings of one shape that hold a version; the words are in changelog.toml.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import PurePosixPath
from textwrap import dedent

from feedsvc.errors import BrokenSource
from feedsvc.model import Author, Markup, Noise, Origin, RawDate, RawItem, Refused
from feedsvc.sources._fields import author_of
from feedsvc.sources._frontmatter import header_of
from feedsvc.sources._headings import (
    BRACKETS,
    EDGES,
    Heading,
    headings,
    plain_of,
    split_day,
)
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._rst import markdown_of
from feedsvc.sources._text import decode, text_of, too_long, why_binary

NAME = "changelog"
NAMED = re.compile(
    r"(?:change[-_ ]?logs?|changes|news|history|releases?|release[-_ ]?notes|whats[-_ ]?new)",
    re.IGNORECASE,
)
SNIFFED = 16_384  #: bytes
LONGEST = 200  #: characters of a heading
PREFIX_WORDS = 6
N_HEADINGS = 100_000  #: what stands below is of the last release

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("changelog.toml").read_text("utf-8"))
WORDS = {name: frozenset(w.strip() for w in table.split(";")) for name, table in TABLES.items()}
BETWEEN = WORDS["between"] | {""}
MARKS = " ,;:.–—-―|/•·"
ENDINGS = BETWEEN | WORDS["unreleased"]

VERSION = re.compile(
    r"(?<![A-Za-z0-9.])(?:[vV]\.?\s?)?\d+(?:\.(?:\d+|[xX]\b))+(?:[-+~._]?(?!\d{4}-)[0-9A-Za-z]+)*(?![\w/])"
    r"|(?<![A-Za-z0-9.])[vV]\d+(?:[-.][0-9A-Za-z]+)*(?![\w/])"
)
DIGIT = re.compile(r"\d")
NUMBER = re.compile(r"(?<![\w.])\d{1,5}(?![\w.:/-])")
DATE_LIKE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
CALENDAR = re.compile(r"((?:19|20)\d\d)\.(\d{1,2})\.(\d{1,2})")
PERIOD = re.compile(  # a week or a quarter: when, but no day
    r"(?<![\w.])(?:(?:19|20)\d\d[-/ ]?(?:W|KW|Q|T|S)[- ]?\d{1,2}|(?:W|KW|Q)[- ]?\d{1,2}[-/ ](?:19|20)\d\d)(?![\w.])"
)
WORD = re.compile(r"[^\s()\[\]:,–—|]+")
LINK = re.compile(r"\]\(<?(https?://[^\s()<>]+)>?")
BOLD = re.compile(r"\*\*(?=\S)[^*\n]{1,150}\*\*[^*\n]{0,80}|__(?=\S)[^_\n]{1,150}__[^_\n]{0,80}")
REFERENCE = re.compile(r" {0,3}\[([^\[\]\n]{1,200})\]:[ \t]*<?(\S+?)>?(?:[ \t]+[\"'(].*)?")
REFERRED = re.compile(r"\[([^\[\]\n]{1,200})\]")
REPOSITORY = re.compile(
    r"https?://[\w.-]+/([\w.-]+/[\w.-]+?)(?:\.git)?/(?:-/)?(?:compare|releases?|tree|tags?|commits?)\b"
)
EMPTY = re.compile(r"[(\[]\s*[)\]]")
YANKED = re.compile(r"\s*[(\[]?\byanked\b[)\]]?", re.IGNORECASE)
STABLE = re.compile(r"\s*\[stable\]\s*$")  # of GNU, and no part of a version
MODE_LINE = re.compile(r"-\*-.*?-\*-")
RULE = re.compile(r"(?:\s*(?:[-*_=]\s*){3,}|\s*<a (?:name|id)=[^>]*>\s*</a>\s*)")
OUTLINE = re.compile(r"^\*{2,4} (?=\S)", re.MULTILINE)

DEBIAN = re.compile(r"([a-z0-9][a-z0-9+.-]+) \(([^()\s]+)\)((?:\s+[-+0-9A-Za-z.]+)+);(.*)")
TRAILER = re.compile(r" -- (.*?)\s*(?:<([^<>]*)>)?  ?(\w{3},\s+\d{1,2} \w{3} \d{4}.*)")
PERSON = r"(\S.{0,200}?)\s*<([^<>]{0,200})>"
GNU = re.compile(
    rf"(\d{{4}}-\d\d-\d\d|\w{{3}} \w{{3}} +\d{{1,2}} \d\d:\d\d:\d\d(?: \w+)? \d{{4}})(?:\s+\d\d:\d\d\S*)?\s+{PERSON}.*"
)
RPM = re.compile(
    r"\* (\w{3} \w{3} +\d{1,2} (?:\d\d:\d\d:\d\d \w+ )?\d{4})(?:\s+(.*?))??(?:\s+(?:- ?)?(\d[\w.:~^+]*-[\w.~^+]+|\d+(?:\.[\w~^+]+)+))?"
)
LOG = re.compile(
    r"[a-z0-9][^\s()]* \([^()\s]+\) [^\n;]*;|\* \w{3} \w{3} +\d{1,2} \d{4}\b"
    r"|(?:\d{4}-\d\d-\d\d|\w{3} \w{3} +\d{1,2} [\d:]{8} [^<\n]{0,20}\d{4})\s[^<\n]{1,100}<"
)
HINT = re.compile(r"\d\.[\dx]|\b[vV]\d|(?:ersi\w{1,3}|elease|ерс\w{2}) \d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The heading of a release, as far as it tells."""

    row: int
    end: int
    mark: str  #: the shape of the heading
    level: int
    before: str = ""  #: the words set apart in front of the version that are no lead
    is_named: bool = False  #: whether it says what it is a version of
    version: str = ""
    title: str = ""  #: the heading without its day
    tail: str = ""  #: the title from the version on
    day: str = ""
    rest: str = ""
    link: str | None = None
    is_unreleased: bool = False
    is_yanked: bool = False

    @property
    def is_pure(self) -> bool:
        """Whether the heading is a version, perhaps with its day, and nothing more."""
        return bool(self.day or self.is_unreleased or not self.rest)


def sniff(name: str, head: bytes) -> float:
    """Two headings of one shape with versions; one is enough in a file so named."""
    text = decode(head[:SNIFFED]).text if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
    text = text or head[:SNIFFED].decode("utf-8", "ignore")
    if why_binary(head):
        return 0.0
    is_named = NAMED.match(PurePosixPath(name).name) is not None
    rows = text.split("\n")
    n = sum(LOG.match(row) is not None for row in rows)
    if not n and any(HINT.search(row, 0, LONGEST // 2) for row in rows if row[:1].strip(" \t>")):
        n = len(_releases(rows))
    if n > 1:
        return 0.95 if is_named else 0.85
    return 0.8 if n and is_named else 0.0


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Iterator[RawItem | Refused | Noise]:
    """The releases of a file, or the days of a GNU ChangeLog, in its order.

    Raises BrokenSource where no release is found.
    """
    text = text_of(name, data, hints).replace("\0", "")
    header = header_of(name, text, hints.limits) if text.startswith(("---", "+++")) else None
    rows = (header.body if header else text).split("\n")
    offset = header.line if header else 1
    for n, row in enumerate(rows):
        if len(row) > hints.limits.line_characters:
            yield too_long(name, n + offset, row[:200], hints.limits)
            rows[n] = ""
    position = 0
    for piece in _pieces(name, rows, offset, header.title if header else None):
        yield replace(piece, position=position) if isinstance(piece, RawItem) else piece
        position += isinstance(piece, RawItem)


def _pieces(
    name: str, rows: Sequence[str], offset: int, title: str | None
) -> Iterator[RawItem | Refused | Noise]:
    releases = _releases(rows) if any(map(DIGIT.search, rows)) else []
    for logged, pattern in ((_debian, DEBIAN), (_gnu, GNU), (_rpm, RPM)):
        starts = [n for n, row in enumerate(rows) if pattern.fullmatch(row)]
        if len(starts) > len(releases):
            yield from _noise(name, rows, offset, 0, starts[0])
            for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
                yield logged(name, rows[start:end], start + offset)
            return
    if not releases:
        raise BrokenSource(name, offset, "no release found", "set another reader under [[source]]")
    yield from _noise(name, rows, offset, 0, releases[0].row)
    yield from _released(name, rows, offset, releases, _project(title, rows, releases))


def _noise(name: str, rows: Sequence[str], offset: int, start: int, end: int) -> Iterator[Noise]:
    lines = [n + offset for n in range(start, end) if rows[n].strip()]
    if lines:
        yield Noise(source=name, n_lines=len(lines), lines=tuple(lines[:100]))


# -- releases by their headings


def _released(
    name: str, rows: Sequence[str], offset: int, releases: Sequence[Release], project: str | None
) -> Iterator[RawItem | Noise]:
    references = dict(_references(rows))
    owner = project or _repository(releases, references)
    others = [*headings(rows)]
    places = [other.row for other in others]
    for one, after in zip(releases, [*releases[1:], None], strict=True):
        following = after.row if after else len(rows)
        inside = others[bisect(places, one.row) : bisect_left(places, following)]
        end = next((other.row for other in inside if _ends(one, other)), following)
        body = _body(rows[one.end : end], one, references, is_rst=name.endswith(".rst"))
        is_series = after is not None and after.level > one.level
        if body or one.day or not (one.is_unreleased or is_series):
            yield _item(name, one, one.row + offset, body, project, owner, references)
        else:
            yield Noise(source=name, n_lines=1, lines=(one.row + offset,))
        yield from _noise(name, rows, offset, end, following)


def _ends(one: Release, other: Heading) -> bool:
    """Whether what is below another heading is no more of this release."""
    return other.level < one.level and other.mark[0] == one.mark[0]


def _item(
    name: str, one: Release, line: int, body: str, project: str | None, owner: str | None,
    references: Mapping[str, str],
) -> RawItem:  # fmt: skip
    title = one.title if one.is_named or not project else f"{project} {one.tail}"
    labels = (one.version, one.version.lstrip("vV"), f"v{one.version}", one.title)
    link = next(
        (references[key] for label in labels if (key := label.casefold()) in references), None
    )
    return RawItem(
        source=name,
        position=0,
        line=line,
        group="releases" if one.day else "releases without a day",
        title=title,
        body=body,
        markup=Markup.MARKDOWN,
        dates=(RawDate(words=one.day, origin=Origin.LABEL, name="heading"),) if one.day else (),
        link=one.link or link,
        guid=f"{owner} {one.version or 'unreleased'}" if owner else None,
        tags=("yanked",) if one.is_yanked else (),
        is_draft=one.is_unreleased,
        fields=(("version", one.version),) if one.version else (),
    )


def _references(rows: Sequence[str]) -> Iterator[tuple[str, str]]:
    for row in rows:
        if "]:" in row and (found := REFERENCE.fullmatch(row.rstrip())):
            yield found[1].casefold(), found[2]


def _repository(releases: Sequence[Release], references: Mapping[str, str]) -> str | None:
    """The project as its releases' links name it: "owner/name"."""
    links = (*(one.link or "" for one in releases), *references.values())
    return next((found[1] for link in links if (found := REPOSITORY.match(link))), None)


def _body(rows: Sequence[str], one: Release, references: Mapping[str, str], *, is_rst: bool) -> str:
    kept = [row for row in rows if not (references and REFERENCE.fullmatch(row.rstrip()))]
    while kept and (not kept[-1].strip() or RULE.fullmatch(kept[-1])):
        kept.pop()
    body = dedent("\n".join(kept)).strip("\n")
    if is_rst or one.mark[0] not in "#=-*":
        body = markdown_of(body)
    if one.mark == "*":
        body = OUTLINE.sub("### ", body)
    labels = dict.fromkeys(label for label in REFERRED.findall(body)) if references else ()
    used = [
        f"[{label}]: {references[key]}"
        for label in labels
        if (key := label.casefold()) in references
    ]
    return "\n".join((body, "", *used)) if used else body


# -- what a heading says


def _releases(rows: Sequence[str]) -> list[Release]:
    """The headings of releases: those of the shape that has the most of them."""
    read = [one for one in map(_of_heading, islice(headings(rows), N_HEADINGS)) if one]
    read += _of_rows(rows) if sum(bool(one.version) for one in read) < 2 else []
    prefixes = Counter(one.before for one in read if one.version)
    sure = [one for one in read if not one.before or one.day or prefixes[one.before] > 1]
    n_pure = Counter(one.mark for one in sure if one.is_pure and one.version)
    n_all = Counter(one.mark for one in sure if one.version)
    marks = [mark for mark, n in n_pure.items() if 2 * n >= n_all[mark]]
    if not marks:
        return []
    main = max(marks, key=lambda mark: n_pure[mark])
    level = next(one.level for one in sure if one.mark == main)
    found = [one for one in sure if one.mark == main or _belongs(one, main, level)]
    return sorted(found, key=lambda one: one.row)


def _belongs(one: Release, main: str, level: int) -> bool:
    """Whether a heading of another level is one of a release too, as with patches below minors."""
    is_alike = one.mark[0] == main[0] == "#" and bool(one.version) and not one.before
    return is_alike and (one.level < level or bool(one.day))


def _of_heading(heading: Heading) -> Release | None:
    return _read(heading.words, heading.row, heading.end, heading.mark, heading.level)


def _of_rows(rows: Sequence[str]) -> list[Release]:
    """Rows that are a version and a day by themselves: CPAN, GNU NEWS, in bold type."""
    found = []
    for n, row in enumerate(rows[:N_HEADINGS]):
        if (
            not row
            or row[0] in " \t#"
            or len(row) > LONGEST
            or not VERSION.search(row, 0, LONGEST // 2)
        ):
            continue
        mark = "*" if row.startswith("* ") else "**" if BOLD.fullmatch(row.strip()) else "bare"
        one = _read(row.removeprefix("* "), n, n + 1, mark, 1)
        if (
            one
            and one.version
            and not one.before
            and (one.is_pure or mark == "*")
            and _has_room(rows, n)
        ):
            found.append(one)
    return found


def _has_room(rows: Sequence[str], n: int) -> bool:
    """Whether what follows a row looks as it does below a heading."""
    following = rows[n + 1] if n + 1 < len(rows) else ""
    return not following.strip() or following[0] in " \t-*+[" or following.startswith("=")


def _read(raw: str, row: int, end: int, mark: str, level: int) -> Release | None:
    if not DIGIT.search(raw) and raw.strip(EDGES).casefold() not in WORDS["unreleased"]:
        return None
    words, n_yanked = YANKED.subn("", plain_of(raw).translate(BRACKETS))
    if len(words) > LONGEST:
        return None
    words = STABLE.sub("", words)
    link = LINK.search(raw)
    release = Release(
        row=row, end=end, mark=mark, level=level, link=link[1] if link else None,
        is_yanked=n_yanked > 0,
    )  # fmt: skip
    if found := _version(words):
        return _with_version(release, words, found)
    day = split_day(words) or ("", words)
    if day[1].strip(EDGES).casefold() in WORDS["unreleased"]:
        title = day[1].strip(EDGES)
        return replace(release, title=title, tail=title, is_unreleased=True)
    return None


def _version(words: str) -> re.Match[str] | None:
    """The version that a heading opens with, behind some words perhaps."""
    for found in VERSION.finditer(words):
        if not DATE_LIKE.fullmatch(found[0]):
            return found if len(words[: found.start()].split()) <= PREFIX_WORDS else None
    number = NUMBER.search(words)
    before = WORD.findall(words[: number.start()].casefold()) if number else []
    is_led = bool(before) and before[-1] in WORDS["lead"] and len(before[-1]) > 2
    return number if is_led and len(before) <= 3 else None


def _with_version(release: Release, words: str, found: re.Match[str]) -> Release:
    before, after = words[: found.start()], words[found.end() :]
    if before.endswith("[") and after.startswith("]"):
        before, after = before[:-1], after[1:]
    day, rest = _day(after)
    if not day:
        day, before = _day(before)
    calendar = CALENDAR.fullmatch(found[0])
    if not day and calendar:
        day = "-".join(part.zfill(2) for part in calendar.groups())
    said = [word for word in WORD.findall(rest.casefold()) if word not in BETWEEN]
    prefix = [word for word in WORD.findall(before) if word.casefold() not in WORDS["lead"]]
    tail = found[0] + ("" if rest[:1] in (":", ",", ";") else " ") + rest
    blank = "" if before[-1:] in ("@", "-", "/") else " "
    return replace(
        release,
        before=" ".join(prefix).strip(EDGES).casefold() if blank else "",
        is_named=bool(prefix),
        version=found[0].replace(" ", ""),
        title=_tidy(before + blank + tail),
        tail=_tidy(tail),
        day=day,
        rest=" ".join(said).strip(EDGES),
        is_unreleased=rest.strip(EDGES).casefold() in WORDS["unreleased"],
    )


def _day(words: str) -> tuple[str, str]:
    """The day among the words around a version, and the rest of them."""
    bare = " ".join(_without_links(words.split()))
    found = split_day(bare) if DIGIT.search(bare) else None
    if not found:
        period = PERIOD.search(words)
        return (period[0], words.replace(period[0], " ", 1)) if period else ("", words)
    day = " ".join(_without_links(found[0].split()))
    before, _, after = words.partition(day)
    return day, f"{before.rstrip(MARKS)} {after}" if after.strip(EDGES) else before


def _without_links(words: list[str]) -> list[str]:
    """Words without those at either end that only lead to a day: "released on", "года"."""
    kept = [n for n, word in enumerate(words) if word.strip(EDGES).casefold() not in BETWEEN]
    return words[kept[0] : kept[-1] + 1] if kept else []


def _tidy(title: str) -> str:
    """A heading whose day was cut out, without what stood between."""
    words = EMPTY.sub(" ", title).split()
    while len(words) > 1 and words[-1].strip(EDGES).casefold() in ENDINGS:
        words.pop()
    return " ".join(words).strip(MARKS)


def _project(title: str | None, rows: Sequence[str], releases: Sequence[Release]) -> str | None:
    """What the changelog is of: the words beside "Changelog" in its first heading."""
    above = [one.words for one in headings(rows[: releases[0].row])][:1]
    first = next((row for row in rows[: releases[0].row] if row.strip()), "")
    for words in filter(None, (title, *above, first if len(first) < 100 else "")):
        plain = plain_of(MODE_LINE.sub("", words)).strip(EDGES)
        named, n = _titles().subn(" ", plain)
        left = [
            word for word in named.split() if word.strip(EDGES).casefold() not in WORDS["linking"]
        ]
        name = " ".join(left).strip(EDGES + "'’").removesuffix("'s").removesuffix("’s")
        if (
            name
            and len(left) <= (4 if n else 2)
            and (n or words in above)
            and not VERSION.search(name)
        ):
            return name
        if n:
            return None
    return None


@cache
def _titles() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(WORDS["titles"], key=len, reverse=True)))
    return re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", re.IGNORECASE)


# -- logs that write people and days


def _debian(name: str, rows: Sequence[str], line: int) -> RawItem:
    head = DEBIAN.fullmatch(rows[0])
    trailer = next(filter(None, map(TRAILER.fullmatch, rows)), None)
    assert head is not None
    person = trailer and (trailer[1] or trailer[2])
    author = author_of(f"{trailer[1]} <{trailer[2]}>" if trailer and trailer[2] else person)
    dated = (
        RawDate(words=trailer[3].strip(), origin=Origin.LABEL, name="trailer") if trailer else None
    )
    return RawItem(
        source=name,
        position=0,
        line=line,
        group="releases",
        title=f"{head[1]} {head[2]}",
        body="\n".join(_joined(row for row in rows[1:] if not row.startswith(" -- "))),
        dates=(dated,) if dated else (),
        guid=f"{head[1]} {head[2]}",
        authors=(author,) if author else (),
        is_draft=head[3].strip().upper() == "UNRELEASED",
        fields=(("version", head[2]), ("distribution", head[3].strip())),
    )


def _joined(rows: Iterator[str]) -> list[str]:
    """The points of a list, a line each."""
    lines: list[str] = []
    for row in rows:
        words = row.strip()
        if words and (not lines or words[0] in "*[-+" or row[:1] not in (" ", "\t")):
            lines.append(words)
        elif words:
            lines[-1] = f"{lines[-1]} {words}"
    return lines


def _gnu(name: str, rows: Sequence[str], line: int) -> RawItem:
    head = GNU.fullmatch(rows[0])
    assert head is not None
    return _logged(name, rows, line, head[1], f"{head[2]} <{head[3]}>")


def _rpm(name: str, rows: Sequence[str], line: int) -> RawItem:
    head = RPM.fullmatch(rows[0])
    assert head is not None
    item = _logged(name, rows, line, head[1], head[2] or "")
    return replace(item, title=head[3] or item.title)


def _logged(name: str, rows: Sequence[str], line: int, day: str, person: str) -> RawItem:
    author: Author | None = author_of(person)
    body = dedent("\n".join(rows[1:]).expandtabs(8)).strip("\n")
    return RawItem(
        source=name,
        position=0,
        line=line,
        group="days",
        title=None if body else rows[0].strip("* "),
        body=body,
        markup=Markup.MARKDOWN,
        dates=(RawDate(words=day, origin=Origin.LABEL, name="heading"),),
        authors=(author,) if author else (),
    )
