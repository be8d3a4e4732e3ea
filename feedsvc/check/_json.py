"""JSON with places: every value knows where it begins, and a fault says what it is.

Room: check, private; called by jsonfeed. Strict as RFC 8259, and more telling than a parser
that only refuses: what a person wrote by mistake is named.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # public, and not in the stubs

DEPTH = 100  #: deeper than any feed, and than some parsers go
_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_WORDS = {"true": True, "false": False, "null": None}
_MISTAKES = (
    (re.compile(r"\Z"), "the document ends in the middle"),
    (re.compile(r"-?(?:NaN|Infinity)\b", re.IGNORECASE), "JSON has no NaN and no Infinity"),
    (re.compile(r"//|/\*|#"), "JSON has no comments"),
    (re.compile(r"['‘’“”]"), 'strings stand in "double quotes"'),
    (re.compile(r"True|False|None|undefined"), "the words of JSON are true, false and null"),
    (re.compile(r"[-+.]?\d"), "this is no JSON number"),
    (re.compile(r",\s*[\]}]|[\]}]"), "a comma stands where nothing follows"),
    (re.compile(r"[A-Za-z_$]"), 'strings and keys stand in "double quotes"'),
)


class IllFormed(Exception):
    """The text is no JSON: what is wrong, and the offset."""

    def __init__(self, reason: str, at: int) -> None:
        self.reason = reason
        self.at = at
        super().__init__(reason)


class TooDeep(IllFormed):
    """The text may be JSON; nobody should read on to find out."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, a number, a truth or null."""

    at: int
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Array:
    """Values in a row."""

    at: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A key of an object, and its value."""

    at: int
    key: str
    value: Value


@dataclass(frozen=True)
class Object:
    """Keys and values as they stand, a key that comes twice included."""

    at: int
    members: tuple[Member, ...]

    @cached_property
    def values(self) -> dict[str, Value]:
        """By key; the last of a key that comes twice, as most parsers have it."""
        return {member.key: member.value for member in self.members}

    def string(self, key: str) -> str | None:
        """The string of a key; None when it is absent or something else."""
        value = self.values.get(key)
        said = value.value if isinstance(value, Scalar) else None
        return said if isinstance(said, str) else None


Value = Scalar | Array | Object


class Text:
    """A JSON text: its value, and the line of every offset."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def line(self, at: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self._ends, at - 1) + 1

    def parse(self) -> Value:
        """The one value of the text. Raises IllFormed."""
        value, at = self._value(self._skip(0), 0)
        at = self._skip(at)
        if at < len(self._text):
            raise IllFormed("something stands after the end of the document", at)
        return value

    def _skip(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at

    def _value(self, at: int, depth: int) -> tuple[Value, int]:
        if depth > DEPTH:
            raise TooDeep(f"values are nested more than {DEPTH} deep", at)
        match self._text[at : at + 1]:
            case '"':
                string, end = self._string(at)
                return Scalar(at, string), end
            case "{":
                return self._object(at, depth)
            case "[":
                return self._array(at, depth)
            case _:
                return self._plain(at)

    def _plain(self, at: int) -> tuple[Value, int]:
        if match := _WORD.match(self._text, at):
            return Scalar(at, _WORDS[match[0]]), match.end()
        match = _NUMBER.match(self._text, at)
        if not match or self._text[match.end() : match.end() + 1] in set("0123456789.eExX_+-"):
            raise self._mistake(at)
        digits = match[0]
        is_whole = digits.lstrip("-").isdigit() and len(digits) < 20
        return Scalar(at, int(digits) if is_whole else float(digits)), match.end()

    def _string(self, at: int) -> tuple[str, int]:
        try:
            string, end = scanstring(self._text, at + 1, True)
        except JSONDecodeError as error:
            raise IllFormed(_reason(error.msg), min(error.pos, len(self._text))) from error
        return str(string), int(end)

    def _object(self, at: int, depth: int) -> tuple[Value, int]:
        members: list[Member] = []
        end = at + 1
        for start in self._places(at, "}"):
            if self._text[start : start + 1] != '"':
                raise self._mistake(start)
            key, end = self._string(start)
            end = self._skip(end)
            if self._text[end : end + 1] != ":":
                raise self._missing(end, "a colon after the key")
            value, end = self._value(self._skip(end + 1), depth + 1)
            members.append(Member(start, key, value))
            self._end = end
        return Object(at, tuple(members)), self._end

    def _array(self, at: int, depth: int) -> tuple[Value, int]:
        values: list[Value] = []
        for start in self._places(at, "]"):
            value, self._end = self._value(start, depth + 1)
            values.append(value)
        return Array(at, tuple(values)), self._end

    def _places(self, at: int, close: str) -> Iterator[int]:
        """Where each value of what opens at an offset begins; `_end` is behind the last one."""
        start = self._skip(at + 1)
        if self._text[start : start + 1] == close:
            self._end = start + 1
            return
        while True:
            yield start
            after = self._skip(self._end)
            mark = self._text[after : after + 1]
            if mark == close:
                self._end = after + 1
                return
            if mark != ",":
                raise self._missing(after, f"a comma or {close}")
            start = self._skip(after + 1)
            if self._text[start : start + 1] == close:
                raise IllFormed(f"a comma stands before {close}, where nothing follows", after)

    def _mistake(self, at: int) -> IllFormed:
        return IllFormed(
            next((told for mark, told in _MISTAKES if mark.match(self._text, at)), "no value"), at
        )

    def _missing(self, at: int, what: str) -> IllFormed:
        if at >= len(self._text):
            return self._mistake(at)
        return IllFormed(f"{what} is missing", at)


def _reason(message: str) -> str:
    if message.startswith("Unterminated"):
        return "a string never ends"
    if message.startswith("Invalid control character"):
        return "a string holds a control character; a line break is written \\n"
    return "a string holds an escape that JSON does not know"
