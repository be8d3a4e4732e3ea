"""reStructuredText, near enough as Markdown.

Room: sources, private. Markup that both have is left alone; no word is lost, except of comments
and of directives that only steer the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import dedent

from feedsvc.sources._headings import headings

DIRECTIVE = re.compile(r"\.\.[ \t]+([\w:-]{1,60}?)::[ \t]*(.*)")
TARGET = re.compile(r"\.\.[ \t]+_`?([^:`]{1,200})`?:[ \t]*(\S*)[ \t]*")
OPTION = re.compile(r"[ \t]+:([\w-]+):[ \t]*(.*)")
PICTURES = ("image", "figure")
CODE = ("code", "code-block", "sourcecode", "highlight", "parsed-literal")
STEERING = (
    "contents",
    "toctree",
    "include",
    "raw",
    "index",
    "meta",
    "role",
    "default-role",
    "sectnum",
    "class",
)
LINK = re.compile(r"`([^`<>\n]{1,300}?)[ \t]*<([^<>`\s]{1,1000})>`__?")
NAMED = re.compile(r"`([^`\n]{1,200})`__?(?!\w)")
ROLE = re.compile(
    r":[a-z][\w:+.-]{0,40}:`(?:([^`<>\n]{1,300}?)[ \t]*<[^<>`\n]{1,300}>|~?([^`\n]{1,300}))`"
)


def markdown_of(body: str) -> str:
    """A reStructuredText body as Markdown. Raises nothing."""
    rows = _with_headings(body.split("\n"))
    return "\n".join(_inline(piece) if is_prose else piece for is_prose, piece in _blocks(rows))


def _with_headings(rows: list[str]) -> list[str]:
    marks: dict[str, int] = {}
    for heading in headings(rows):
        if heading.end > heading.row + 1:
            level = marks.setdefault(heading.mark, min(len(marks) + 2, 6))
            for n in range(heading.row, heading.end):
                rows[n] = ""
            rows[heading.row] = f"{'#' * level} {heading.words}"
    return rows


def _blocks(rows: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Rows of prose, and what directives and "::" hold below them."""
    n = 0
    while n < len(rows):
        row = rows[n]
        is_marked = row.startswith(".. ") or row == ".."
        end = _below(rows, n + 1) if is_marked or row.rstrip().endswith("::") else n + 1
        if is_marked:
            yield from _directive(row, rows[n + 1 : end])
        elif end > n + 1:
            yield (
                True,
                row.rstrip().removesuffix("::").rstrip() + ("" if row.strip() == "::" else ":"),
            )
            yield False, _fenced(rows[n + 1 : end])
        else:
            yield True, row
        n = end


def _below(rows: Sequence[str], n: int) -> int:
    """Where the rows that are indented below one end."""
    end = n
    for at in range(n, len(rows)):
        if rows[at].strip():
            if rows[at][0] not in " \t":
                break
            end = at + 1
    return end


def _fenced(rows: Sequence[str], language: str = "") -> str:
    return "\n".join(("", f"~~~~{language}", dedent("\n".join(rows)).strip("\n"), "~~~~", ""))


def _directive(row: str, below: Sequence[str]) -> Iterator[tuple[bool, str]]:
    if target := TARGET.fullmatch(row):
        yield False, f"[{target[1]}]: {target[2]}" if target[2] else ""
        return
    if row.startswith(".. ["):
        yield True, "\n".join((row[3:], dedent("\n".join(below))))
    found = DIRECTIVE.fullmatch(row)
    if not found or found[1] in STEERING:
        return
    options = {o[1]: o[2] for o in map(OPTION.fullmatch, below) if o}
    rest = [one for one in below if not OPTION.fullmatch(one)]
    if found[1] in CODE:
        yield False, _fenced(rest, found[2])
        return
    shown = f"![{options.get('alt', '')}](<{found[2]}>)" if found[1] in PICTURES else found[2]
    yield True, "\n".join((shown, dedent("\n".join(rest)), ""))


def _inline(piece: str) -> str:
    if "`" not in piece:
        return piece
    piece = LINK.sub(r"[\1](<\2>)", ROLE.sub(lambda found: f"`{found[1] or found[2]}`", piece))
    return NAMED.sub(r"[\1]", piece)
