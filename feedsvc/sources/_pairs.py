"""Blocks of "Title: … Date: … Link: …" in a text: records without a format.

Room: sources, private. Called by textdump alone. Imports _fields, _names and _lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from feedsvc.sources._datelines import LABEL
from feedsvc.sources._lines import Line, Role
from feedsvc.sources._names import KINDS, fold

PAIR = re.compile(r"[*_]{0,2}([^\W\d_][\w .'’-]{0,30}?)[*_]{0,2}\s?[:：][*_]{0,2}(?!//)\s*(.*)")
TEXTS = frozenset(("html", "markdown", "either", "text", "summary", "description"))


@dataclass(slots=True)
class Record:
    """A block of pairs, and the text below it."""

    line: int
    fields: dict[str, object] = field(default_factory=dict)
    below: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether a title stands in it, and something known beside it."""
        kinds = [_kinds(name) for name in self.fields]
        return sum(map(bool, kinds)) > 1 and any("title" in kind for kind in kinds)

    def whole(self) -> Mapping[str, object]:
        """Its fields; the text below is its body, unless it names one."""
        fields = {_said(name): value for name, value in self.fields.items()}
        return {**fields, **({"body": "\n".join(self.below)} if self.below else {})}


def _said(name: str) -> str:
    """A name as records write it: "Posted", in any language, is that of its date."""
    found = None if _kinds(name) else LABEL.fullmatch(name)
    return name if found is None else "updated" if found["updated"] else "published"


def records_of(lines: list[Line]) -> tuple[list[Record], list[Line]]:
    """The records among the lines of a text, and the lines that are of none.

    Text below a record is its body where drawn lines part the records, or where it is the only one.
    """
    blocks = [(block, _records(block)) for block in _blocks(lines)]
    n_records = sum(len(records) for _, records in blocks)
    if not n_records:
        return [], lines
    takes_text = n_records == 1 or any(line.role is Role.RULE for line in lines)
    found: list[Record] = []
    rest: list[Line] = []
    is_open = False
    for block, records in blocks:
        if records or block[0].role is Role.RULE:
            is_open = takes_text and bool(records or (found and n_records == 1))
            found += records
            rest += [] if records else block
        elif is_open:
            found[-1].below += [line.text for line in block if line.role is not Role.FURNITURE]
        else:
            rest += block
    return found, rest


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if block and (line.gap or line.role is Role.RULE or block[0].role is Role.RULE):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _records(block: list[Line]) -> list[Record]:
    """The records of a block of pairs; the name it opens with opens each of them."""
    first = _pair(block[0].text)
    if len(block) < 2 or first is None or not _kinds(first[0]):
        return []
    records: list[Record] = []
    name = ""
    for line in block:
        pair = _pair(line.text)
        if pair and pair[0] == first[0]:
            records.append(Record(line=line.number))
        if pair and pair[0] not in records[-1].fields and _may_name(pair[0], name):
            name, records[-1].fields[name] = pair[0], pair[1]
        else:
            before = records[-1].fields.get(name, "")
            records[-1].fields[name] = f"{before}\n{line.text}".strip()
    return records if all(record.is_whole for record in records) else []


def _pair(text: str) -> tuple[str, str] | None:
    match = PAIR.match(text) if ":" in text[:40] or "：" in text[:40] else None
    return (match[1], match[2]) if match else None


def _kinds(name: str) -> frozenset[str]:
    return frozenset(kind for _, kind in KINDS.get(fold(name), ()))


def _may_name(name: str, above: str) -> bool:
    """Whether words before a colon are a field's name; an unknown one not within a text."""
    return bool(_kinds(name)) or (name.count(" ") < 2 and not _kinds(above) & TEXTS)
