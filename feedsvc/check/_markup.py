"""The tags of a fragment of HTML, found in one walk.

Room: check, private; entered by `_html`. Cuts as the HTML Standard §13.2.5 does, and never
goes back: the time grows with the length alone, whatever the words are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

#: `=` opens a value; a quote that never closes leaves the tag without an end
_TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*+)"
    r"(?P<rest>(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>][^\s>]*+|(?=>)))*+)>"
)
_REMARK = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/(?![A-Za-z]))[^>]*+(?:>|\Z)", re.DOTALL
)
_OPENS = re.compile(r"</?[A-Za-z]")
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s/=][^\s/=]*+)(?:\s*+=\s*+(?:\"(?P<two>[^\"]*+)\"|'(?P<one>[^']*+)'|(?P<bare>[^\s]++)))?+"
)
_RAW = ("iframe", "noembed", "noframes", "script", "style", "textarea", "xmp")
#: elements whose words are no markup, and what ends them
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}


class Tag(NamedTuple):
    """A tag as it stands."""

    name: str  #: in lower case
    line: int
    is_end: bool
    is_empty: bool  #: written as in <br/>
    rest: str  #: its attributes, unread

    def attributes(self) -> Iterator[tuple[str, str]]:
        """Names in lower case, and values with their references read."""
        for found in _ATTRIBUTE.finditer(self.rest):
            value = found["two"] or found["one"] or found["bare"] or ""
            yield found["name"].lower(), unescape(value) if "&" in value else value


class Cut(NamedTuple):
    """A fragment's tags, and where one begins that never ends."""

    tags: list[Tag]
    torn: int | None  #: offset


def cut(words: str, line: int) -> Cut:
    """Find the tags of a fragment that begins on a line."""
    tags: list[Tag] = []
    seen, at = 0, words.find("<")
    while at >= 0:
        found = _TAG.match(words, at)
        if found is None:
            if _OPENS.match(words, at):
                return Cut(tags, at)
            remark = _REMARK.match(words, at)
            at = words.find("<", remark.end() if remark else at + 1)
            continue
        line += words.count("\n", seen, at)
        seen, at = at, found.end()
        tag = _tag(found, line)
        tags.append(tag)
        if not tag.is_end and tag.name in _ENDS:
            end = _ENDS[tag.name].search(words, at)
            at = end.start() if end else len(words)
        at = words.find("<", at)
    return Cut(tags, None)


def _tag(found: re.Match[str], line: int) -> Tag:
    slash, name, rest = found.groups()
    is_empty = rest.endswith("/") and not _is_value(rest)
    return Tag(name.lower(), line, bool(slash), is_empty, rest[:-1] if is_empty else rest)


def _is_value(rest: str) -> bool:
    """Whether the slash at the end belongs to a value without quotes: `href=/a/`."""
    last = rest.rsplit(None, 1)[-1]
    return "=" in last and last[-2] not in "\"'"
