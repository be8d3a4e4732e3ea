"""Mail that a program saved as text: headers in the language of the program, then the text.

Room: sources, private; for the reader of mail. The words are in mail.toml.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from feedsvc.sources._text import decode

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("mail.toml").read_text("utf-8"))
CALLED = {word.strip(): kind for kind, words in TABLES.items() for word in words.split(";") if word}
LINE = re.compile(r"[*_]*([^\W\d][^\n:：*]{0,30}?)[*_]*[ \t\u00a0]*[:：][*_]*[ \t\u00a0]*(.*)")
LEAD = re.compile(r"(?:\s*[-=_*]{5,}[^\n]*\n)?\s*")
MAILTO = re.compile(r"\[mailto:([^\[\]\s]+)\]")
WHO = r"<\1>"
N_HEADERS = 12
HEAD = 4096  #: bytes, enough for the headers


def is_saved(head: bytes) -> bool:
    """Whether a file opens with such headers."""
    start = head[:HEAD]
    is_likely = b":" in start[:200] or not start.isascii()
    return is_likely and _heads(decode(start).text) is not None


def as_message(data: bytes) -> bytes:
    """Such a file as the message it was, its line count kept; any other file as it is."""
    text = decode(data).text if is_saved(data) else ""
    if not (found := _heads(text)):
        return data
    heads, start, end = found
    message = [f"{name}: {MAILTO.sub(WHO, value)}" for name, value in heads.items()]
    return "\n".join(
        (text.count("\n", 0, start) * "\n" + message[0], *message[1:], "", text[end:])
    ).encode("utf-8", "replace")


def _heads(text: str) -> tuple[dict[str, str], int, int] | None:
    """The headers by their usual names, and where they stand."""
    lead = LEAD.match(text)
    start = end = lead.end() if lead else 0
    heads: dict[str, str] = {}
    for row in text[start:].split("\n", N_HEADERS)[:N_HEADERS]:
        if not row.strip():
            break
        found = LINE.fullmatch(row.strip())
        if not found:
            return None
        heads.setdefault(CALLED.get(found[1].casefold(), ""), found[2].strip())
        end += len(row) + 1
    heads.pop("", None)
    is_mail = {"from", "subject"} <= heads.keys() and len(heads) > 2
    return (heads, start, end) if is_mail else None
