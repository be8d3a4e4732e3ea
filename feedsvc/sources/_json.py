"""JSON that may be damaged, value by value, each with its line.

Room: sources, private; called by records. What is whole is had, what is broken is refused
with its line, and the neighbours of a broken value go on.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from feedsvc.model import NO_LIMITS_SET, Limits, Refused
from feedsvc.sources._text import refused, too_long

N_BROKEN = 1_000  #: more broken values than these, and the rest is refused in one piece
SPAN = 20_000  #: how far the end of a broken value is looked for by its brackets
BLANK = re.compile(r"[\s,]*")
COLON = re.compile(r"[\s:]*")
FIRST_KEY = re.compile(r'\{\s*("(?:[^"\\]|\\.)*")\s*:')
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[\]{}]', re.DOTALL)
ASIDE = r"(?:/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*\n|[\s;])*"  #: what a script says before it begins
SCRIPT = re.compile(
    ASIDE
    + r"(?:\)\]\}',?\s|while\s*\(1\);|(?:export\s+default|(?:var|let|const)\s+[\w$]+\s*=|module\.exports\s*=|[\w$.]+\s*[=(])\s*(?=[\[{]))"
)
ODDITY = re.compile(r"(?:^|[,\[{}\]\"])[ \t]*(?://|/\*)|,\s*[}\]]", re.MULTILINE)
PIECES = re.compile(
    r'"(?:[^"\\\n]|\\.)*(?:"|\n|\Z)|(?<!:)//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)|,(?=\s*[}\]])',
    re.DOTALL,
)
OPENS = re.compile(ASIDE + r"[\[{]")
REMEDY = "mend it or take it out; the others were read"


def may_be_script(text: str) -> bool:
    """Whether JSON can begin here, below comments or within what a script puts around it."""
    return bool(OPENS.match(text) or SCRIPT.match(text))


def bare(text: str) -> str:
    """JSON without what a script puts around it, comments and commas too many.

    Each is replaced by blanks, so that every line and place stays what it was.
    """
    if match := SCRIPT.match(text):
        text = _blank(match) + text[match.end() :]
    if ODDITY.search(text):
        text = PIECES.sub(lambda piece: piece[0] if piece[0][0] == '"' else _blank(piece), text)
    return text


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


class Twice(dict[str, object]):
    """An object that names a field twice."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the line it begins on."""

    line: int
    value: object
    words: str = ""  #: how it begins in its source


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else Twice(fields)


# Lenient where nothing is lost by it: control characters in strings, NaN as nothing.
# Numbers too long for an int, and all fractions, stay as written.
DECODER = json.JSONDecoder(
    strict=False,
    object_pairs_hook=_object,
    parse_int=lambda digits: int(digits) if len(digits) < 20 else digits,
    parse_float=str,
    parse_constant=lambda _: None,
)


class Values:
    """The values of one JSON text."""

    def __init__(
        self, source: str, text: str, first_line: int = 1, limits: Limits = NO_LIMITS_SET
    ) -> None:
        self.source = source
        self.text = text
        self.first_line = first_line
        self.limits = limits
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def line(self, at: int) -> int:
        """The 1-based line of an offset."""
        return bisect_left(self._ends, at) + self.first_line

    def each(self, at: int = 0) -> Iterator[Found | Refused]:
        """The values from an offset to the end, one after the other or with commas between."""
        yield from self._run(at, until="")

    def listed(self, at: int, *, is_whole: bool) -> Iterator[Found | Refused]:
        """The values of the list that opens at an offset; nothing may follow one that `is_whole`."""
        end = yield from self._run(at + 1, until="]")
        if end is None:
            return
        if end >= len(self.text):
            yield self._refuse(end - 1, "the list is never closed; the file may be cut off")
        elif is_whole and self.text[end + 1 :].strip(" \t\n);"):
            yield self._refuse(self._skip(end + 1), "something stands after the end of the list")

    def members(self, at: int) -> Iterator[tuple[str, Found | Refused]]:
        """The values of the whole object that opens at an offset, with their names."""
        at = self._skip(at + 1)
        while self.text[at : at + 1] not in ("}", ""):
            name, end = DECODER.raw_decode(self.text, at)
            found, end = self._value(self._skip(end, ":"))
            yield name, found
            at = self._skip(end)

    def locate(self, at: int, path: Sequence[str | int]) -> int:
        """The offset of the value that a path leads to from the whole value at an offset."""
        for step in path:
            is_list = isinstance(step, int)
            at, n = self._skip(at + 1), 0
            while True:
                name: object = n
                if not is_list:
                    name, at = DECODER.raw_decode(self.text, at)
                    at = self._skip(at, ":")
                if name == step:
                    break
                at, n = self._skip(DECODER.raw_decode(self.text, at)[1]), n + 1
        return at

    def _run(self, at: int, until: str) -> Generator[Found | Refused, None, int | None]:
        """The values up to the bracket `until`, whose offset it returns; None when it gave up."""
        n_broken = 0
        while (at := self._skip(at)) < len(self.text) and self.text[at] != until:
            found, end = self._value(at)
            n_broken += isinstance(found, Refused)
            if n_broken > N_BROKEN:
                yield self._refuse(at, "too much is broken; nothing was read from here on")
                return None
            yield found
            at = end
        return at

    def _value(self, at: int) -> tuple[Found | Refused, int]:
        try:
            value, end = DECODER.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            column = error.pos - self.text.rfind("\n", 0, error.pos)
            where = f"at line {self.line(error.pos)}, column {column}"
            return self._refuse(at, f"broken JSON: {error.msg} {where}"), self._next(at)
        except RecursionError:
            return self._too_deep(at), self._end(at, len(self.text)) or len(self.text)
        if end - at > self.limits.line_characters:
            words = self.text[at : at + 200]
            return too_long(self.source, self.line(at), words, self.limits), end
        if (
            self.text.count("{", at, end) + self.text.count("[", at, end)
            > self.limits.depth
            < depth(value)
        ):
            return self._too_deep(at), end
        return Found(self.line(at), value, self.text[at : min(end, at + 200)]), end

    def _next(self, start: int) -> int:
        """Where the value after a broken one begins: past its brackets, or where one like it opens.

        One like it begins with the same field and follows a comma, a bracket or a line end.
        """
        end = self._end(start, start + SPAN)
        first = FIRST_KEY.match(self.text, start)
        like = r"[,}\n]\s*(\{" + (rf"\s*{re.escape(first[1])}\s*:)" if first else ")")
        match = re.compile(like).search(self.text, start + 1)
        if match and (end is None or match.start(1) < end):
            return match.start(1)
        return end or len(self.text)

    def _end(self, start: int, limit: int) -> int | None:
        """Past the bracket that closes the one at `start`; None when they do not match."""
        opened: list[str] = []
        for token in TOKENS.finditer(self.text, start, limit):
            if token[0] in "{[":
                opened.append("}" if token[0] == "{" else "]")
            elif token[0] in "}]":
                if not opened or opened.pop() != token[0]:
                    return None
                if not opened:
                    return token.end()
        return None

    def _skip(self, at: int, also: str = ",") -> int:
        match = (BLANK if also == "," else COLON).match(self.text, at)
        return match.end() if match else at

    def _too_deep(self, at: int) -> Refused:
        return self._refuse(at, f"nested deeper than the limit of {self.limits.depth}")

    def _refuse(self, at: int, reason: str) -> Refused:
        return refused(self.source, self.line(at), reason, REMEDY, self.text[at : at + 200])


def depth(value: object) -> int:
    """How many lists and objects deep a value goes."""
    level, deep = [value], 0
    while level := [part for whole in level for part in _parts(whole)]:
        deep += 1
    return deep


def _parts(whole: object) -> list[object]:
    if isinstance(whole, dict):
        return list(whole.values())
    return whole if isinstance(whole, list) else []
