"""Cases of a reader: files of its kind, each with what it is read as.

`tests/cases/<reader>/` holds each document and beside it `<its name>.expected.json`: a list that
opens with {"shows": why the case is there, "hints": {…}, "name": "…"} (the last two may be left
out) and goes on with the items in order, each told by some of its fields, refusals as
{"refused": words of the reason, "line": 3}.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from feedsvc import sources
from feedsvc.model import Noise, RawItem, Refused
from feedsvc.sources import Hints

CASES = Path(__file__).parents[1] / "cases"


def documents(reader: str) -> Sequence[Path]:
    """The documents of a reader's cases, in the order of their names."""
    files = sorted((CASES / reader).iterdir())
    return [file for file in files if file.is_file() and not file.name.endswith(".expected.json")]


def verify(path: Path) -> None:
    """Read a document as the registry would and compare it with what is expected of it."""
    head, *expected = json.loads(Path(f"{path}.expected.json").read_text("utf-8"))
    given = dict(head.get("hints", {}))
    if "reference" in given:
        given["reference"] = date.fromisoformat(given["reference"])
    name = head.get("name", path.name)
    data = path.read_bytes()

    found = [p for p in sources.read(name, data, hints=Hints(**given)) if not isinstance(p, Noise)]

    assert path.parent.name == sources.recognise(name, data[:65536]).NAME, head["shows"]
    pairs = zip(found, expected, strict=False)
    assert [told(piece, wanted) for piece, wanted in pairs] == expected, head["shows"]
    assert len(found) == len(expected), found[len(expected) :]
    items = [piece for piece in found if isinstance(piece, RawItem)]
    assert [item.position for item in items] == list(range(len(items)))


def told(piece: RawItem | Refused, wanted: dict[str, Any]) -> dict[str, Any]:
    """The fields that a case speaks of, as its file writes them."""
    if isinstance(piece, Refused):
        has_words = str(wanted.get("refused")) in f"{piece.reason}; {piece.remedy}"
        return {"refused": wanted["refused"] if has_words else piece.reason, "line": piece.line}
    return {name: _plain(getattr(piece, name, None)) for name in wanted}


def _plain(value: Any) -> Any:
    """Nouns as lists of what they say: dates as [words, origin, role], authors as names."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    kind = type(value).__name__
    if kind == "RawDate":
        return [value.words, value.origin.value, value.role.value]
    if kind == "Author":
        return value.name
    if hasattr(value, "__slots__") and not isinstance(value, str):
        fields = {name: _plain(getattr(value, name)) for name in value.__slots__}
        return {name: one for name, one in fields.items() if one not in (None, [], False)}
    return value
