"""What stands above a text: YAML, TOML or JSON between fences, reST fields, "Key: value" lines.

Room: sources, private; for every reader of texts that may open with such a header. Imports model.
Every scalar is a string. Nothing in a header is expanded or made an object, and a broken one
gives whatever of its entries can be read one by one.
"""

from __future__ import annotations

import json
import logging
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from textwrap import dedent
from typing import Any, TypeAlias

from feedsvc.model import NO_LIMITS_SET, Limits
from feedsvc.sources._names import NAMES, fold, plan

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

LONGEST = 65_536  #: characters of a header; what closes later is none
CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
    ";;;": re.compile(r"^;;;[ \t]*$", re.MULTILINE),
    "```": re.compile(r"^```[ \t]*$", re.MULTILINE),
}
OPENING = re.compile(
    r"\s*(?:(---)(?:[ \t]*(yaml|toml|json))?|(```)(yaml|toml|json)|(\+\+\+)|(;;;))[ \t]*\n"
)
SYNTAX = {"---": "yaml", "+++": "toml", ";;;": "json"}
OBJECT = re.compile(r'\s*\{\s*"')
ENTRY = re.compile(r"""["']?([^\W\d][\w .-]{0,60}?)["']?[ \t]*[:=](?!//)[ \t]*(.*)""")
FIELD = re.compile(r":([^\W\d][\w -]{0,60}):(?:[ \t]+(.*)|[ \t]*)")
LINE = re.compile(r"([^\W\d][\w -]{0,40}?)[ \t]?::?(?:[ \t]+(\S.*)|[ \t]*)")
QUICK = re.compile(r"""^["']?([^\W\d][\w -]{0,40}?)["']?[ \t]*[:=]""", re.MULTILINE)
MAIL = {"from", "to", "received", "messageid", "mimeversion", "contenttype", "returnpath", "cc"}
NULLS = ("~", "null", "Null", "NULL")
KNOWN = {name for names in NAMES.values() for name in names} | {
    *("layout", "aliases", "series", "weight", "taxonomies", "transcript", "chapters")
}
WHEN = frozenset((*NAMES["published"], *NAMES["created"], *NAMES["updated"], "dates"))

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The entries above a text, and the text below them."""

    entries: Mapping[str, Value]  #: by their names as written
    body: str
    line: int = 1  #: 1-based, where the body starts
    syntax: str = ""  #: "yaml", "toml", "json", "fields" or "lines"
    fault: str | None = None  #: why it had to be read entry by entry

    @property
    def is_known(self) -> bool:
        """Whether anything in it has one of the usual names."""
        return any(fold(name) in KNOWN for name in self.entries)

    @property
    def title(self) -> str | None:
        return self._first("title")

    @property
    def says_when(self) -> bool:
        """Whether it names a day of publication."""
        return self._first("published", "created") is not None

    def word(self, name: str) -> str | None:
        """The entry of this very name, if it is a scalar."""
        value = self.entries.get(name)
        return value.strip() or None if isinstance(value, str) else None

    def _first(self, *kinds: str) -> str | None:
        planned = plan(tuple(self.entries))
        names = (name for kind in kinds for name in planned.get(kind, ()))
        return next(filter(None, map(self.word, names)), None)


def header_of(name: str, text: str, limits: Limits = NO_LIMITS_SET) -> Header | None:
    """The header a text opens with; None where it has none. Raises nothing.

    A broken one is read entry by entry, and a warning tells of it.
    """
    opened = OPENING.match(text)
    header = _fenced(text, opened, limits) if opened else _bare(text, limits)
    if header and header.fault:
        log.warning("%s: the header is broken (%s) and was read line by line", name, header.fault)
    return header


def opens_header(text: str, *, is_named: bool) -> bool:
    """A quick look: whether a text opens with a header that has an entry of a usual name.

    One without a fence is believed in a file that is not named for it only with a title.
    """
    opened = OPENING.match(text)
    if opened:
        return any(fold(name) in KNOWN for name in QUICK.findall(text, opened.end()))
    header = _bare(text, NO_LIMITS_SET)
    if header is None or header.syntax == "json":
        return header is not None and header.is_known and (is_named or bool(header.body.strip()))
    if is_named:
        return True
    names = {fold(name) for name in header.entries}
    is_titled = not names.isdisjoint(NAMES["title"][:3]) and len(names) > 1
    return is_titled and text.count(f"\n{next(iter(header.entries))}:") == 0


# -- fences


def _fenced(text: str, opened: re.Match[str], limits: Limits) -> Header | None:
    fence = opened[1] or opened[3] or opened[5] or opened[6]
    syntax = opened[2] or opened[4] or SYNTAX[fence]
    closed = CLOSING[fence].search(text, opened.end(), opened.end() + LONGEST)
    if closed is None:
        return _unclosed(text, opened.end(), syntax)
    words = text[opened.end() : closed.start()]
    header = _read(words, syntax, text[closed.end() + 1 :], limits)
    return header and _placed(header, text.count("\n", 0, closed.end()) + 2)


def _read(words: str, syntax: str, body: str, limits: Limits) -> Header | None:
    fault = None
    try:
        entries = LOADERS[syntax](words, limits.depth)
    except (ValueError, TypeError, RecursionError) as error:
        fault = " ".join(str(error).split())[:200] or type(error).__name__
        entries, strays = _salvaged(words, syntax, limits.depth)
        if strays and not any(fold(name) in KNOWN for name in entries):
            return None
        body = "\n".join((*strays, body))
    if not entries and words.strip() and fault is None:
        return None  # a drawn line above a text, not a header
    return Header(entries=_lifted(entries), body=body, syntax=syntax, fault=fault)


def _lifted(entries: Mapping[str, Value]) -> Mapping[str, Value]:
    """With the days that stand below one name: "date: {created: …, updated: …}"."""
    nested = (value for name, value in entries.items() if fold(name) in WHEN)
    return {k: v for one in nested if isinstance(one, dict) for k, v in one.items()} | {**entries}


def _unclosed(text: str, start: int, syntax: str) -> Header | None:
    """A header whose end is missing goes on for as long as its lines are entries."""
    words = re.match(r"(?:[^\n]*\S[^\n]*\n?)*+", text[start : start + LONGEST])
    header = _read(words[0], syntax, text[start + words.end() :], NO_LIMITS_SET) if words else None
    if not header or not header.is_known:
        return None
    line = text.count("\n", 0, start + (words.end() if words else 0)) + 1
    return _placed(header, line, "it never closes")


def _placed(header: Header, line: int, fault: str | None = None) -> Header:
    return Header(
        entries=header.entries,
        body=header.body,
        line=line,
        syntax=header.syntax,
        fault=fault or header.fault,
    )


# -- headers without a fence


def _bare(text: str, limits: Limits) -> Header | None:
    if OBJECT.match(text):
        return _object(text, limits)
    start = len(text) - len(text.lstrip())
    for syntax, pattern in (("fields", FIELD), ("lines", LINE)):
        if pattern.match(text, start):
            return _lines(text, start, syntax, pattern)
    return None


def _object(text: str, limits: Limits) -> Header | None:
    """A JSON object with a text below it: with more JSON below it is a file of records."""
    start = text.index("{")
    try:
        found, end = json.JSONDecoder().raw_decode(text[: start + LONGEST], start)
        entries = _strings(found, limits.depth)
    except (ValueError, RecursionError):
        return None
    body = text[end:]
    if not isinstance(entries, dict) or body.lstrip()[:1] in ("{", "[", ",", "]", "}"):
        return None
    return Header(entries=entries, body=body, line=text.count("\n", 0, end) + 1, syntax="json")


def _lines(text: str, start: int, syntax: str, pattern: re.Pattern[str]) -> Header | None:
    entries: dict[str, Value] = {}
    name, end = "", start
    for row in text[start : start + LONGEST].split("\n"):
        if not row.strip():
            break
        found = pattern.fullmatch(row)
        if found:
            name = found[1]
            entries.setdefault(name, (found[2] or "").strip())
        elif name and row[0] in " \t":
            entries[name] = f"{entries[name]} {row.strip()}".strip()
        else:
            return None
        end += len(row) + 1
    folded = {fold(name) for name in entries}
    if not folded & KNOWN or folded & MAIL:
        return None
    line = text.count("\n", 0, end) + 1
    return Header(entries=entries, body=text[end:], line=line, syntax=syntax)


# -- entry by entry


def _salvaged(words: str, syntax: str, depth: int) -> tuple[dict[str, Value], list[str]]:
    """The entries of a broken header that can be had, and the lines that are of none."""
    entries: dict[str, Value] = {}
    strays: list[str] = []
    for chunk in _chunks(dedent(words.expandtabs(2))):
        found = ENTRY.fullmatch(chunk.partition("\n")[0])
        if found:
            entries.setdefault(found[1], _value(found[1], found[2], chunk, syntax, depth))
        elif chunk.strip(" \t\n{}[],") and not chunk.startswith("#"):
            strays.append(chunk)
    return {name: value for name, value in entries.items() if value}, strays


def _chunks(words: str) -> Iterator[str]:
    """Runs of lines that belong together: an entry and what is indented or listed below it."""
    chunk: list[str] = []
    for row in words.split("\n"):
        if chunk and row[:1] not in ("", " ", "\t", "-", "]", "}"):
            yield "\n".join(chunk)
            chunk = []
        chunk.append(row)
    yield "\n".join(chunk)


def _value(name: str, rest: str, chunk: str, syntax: str, depth: int) -> Value:
    try:
        return LOADERS[syntax](chunk, depth)[name]
    except (ValueError, TypeError, KeyError, RecursionError):
        below = " ".join(row.strip() for row in chunk.split("\n")[1:] if row[:1] in " \t")
        return f"{rest.strip().rstrip(',').strip(chr(34) + chr(39))} {below}".strip()


# -- syntaxes


def _yaml(words: str, depth: int) -> dict[str, Value]:
    """Built from events, so that depth is known before anything is built, and nothing expands."""
    import yaml

    stack: list[list[Any]] = [[]]
    try:
        for event in yaml.parse(words.expandtabs(2), Loader=_yaml_loader()):
            if isinstance(event, yaml.ScalarEvent):
                stack[-1].append("" if not event.style and event.value in NULLS else event.value)
            elif isinstance(event, yaml.CollectionStartEvent):
                stack.append([])
                if len(stack) > depth:
                    raise ValueError(f"{_where(event.start_mark)}deeper than {depth} levels")
            elif isinstance(event, yaml.CollectionEndEvent):
                parts = stack.pop()
                is_map = isinstance(event, yaml.MappingEndEvent)
                stack[-1].append(
                    dict(zip(parts[::2], parts[1::2], strict=True)) if is_map else parts
                )
            elif isinstance(event, yaml.AliasEvent):
                raise ValueError(f"{_where(event.start_mark)}an alias")
    except yaml.YAMLError as error:
        raise ValueError(_yaml_fault(error)) from error
    return _mapping(stack[0][0] if stack[0] else {})


@cache
def _yaml_loader() -> Any:  # the C parser has no type of its own
    import yaml

    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _yaml_fault(error: Exception) -> str:
    where = _where(getattr(error, "problem_mark", None))
    return where + str(getattr(error, "problem", None) or error)


def _where(mark: Any) -> str:  # a mark of the Python or of the C parser
    return f"line {mark.line + 2}: " if mark else ""


def _toml(words: str, depth: int) -> dict[str, Value]:
    # tomllib takes quadratic time over dotted names.
    if any(row.partition("=")[0].count(".") > depth for row in words.split("\n")):
        raise ValueError(f"deeper than {depth} levels")
    return _mapping(_strings(tomllib.loads(words), depth))


def _json(words: str, depth: int) -> dict[str, Value]:
    stripped = words.strip().rstrip(",")
    return _mapping(
        _strings(json.loads(stripped if stripped[:1] == "{" else f"{{{stripped}}}"), depth)
    )


LOADERS: Mapping[str, Callable[[str, int], dict[str, Value]]] = {
    "yaml": _yaml,
    "toml": _toml,
    "json": _json,
}


def _mapping(value: object) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise TypeError("no named entries")
    return value


def _strings(value: object, depth: int) -> Value:
    """The same with every scalar as the words it would be written in."""
    if depth < 1:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {str(name): _strings(one, depth - 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_strings(one, depth - 1) for one in value]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return "" if value is None else str(value)
