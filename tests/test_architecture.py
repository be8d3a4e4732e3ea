"""The shape of the house: who may import whom, and which room each outside part has.

Widening a table is a change of design: say why in the commit.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "feedsvc"
KERNEL = {"model", "errors", "addresses", "config", "files", "media_types", "words"}

#: room -> the rooms it may import beside the kernel
ARROWS: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "addresses": set(),
    "config": set(),
    "files": set(),
    "media_types": set(),
    "words": set(),
    "calendar_names": set(),
    "sources": {"calendar_names"},
    "normalise": {"calendar_names"},
    "store": set(),
    "formats": set(),
    "compose": set(),
    "check": set(),
    "questions": set(),
    "podcasts": {"check"},
    "corrections": set(),
    "seeds": set(),
    "ledger": {"store"},
    "selection": {"normalise", "store"},
    "settle": {"normalise", "store", "corrections"},
    "attachments": set(),
    "reading": {"sources", "normalise", "seeds", "attachments"},
    "intake": {"reading", "normalise", "settle", "store", "corrections", "ledger", "seeds"},
    "presentation": {"podcasts", "store"},
    "publish": {"check", "compose", "formats", "presentation", "questions", "store"},
    "delivery": {"questions"},
    "export": {"attachments", "check", "delivery", "seeds"},
    "rows": set(),
    "review": {"store"},
    "probe": {"check"},
    "tell_findings": {"check"},
    "tell": {"formats", "intake", "review", "store"},
    "starter": set(),
    "service": {
        "formats", "intake", "reading", "sources", "podcasts", "presentation", "publish", "store", "normalise", "corrections", "seeds",
        "check", "selection",
    },
    "web": {"attachments", "delivery", "service"},
    "timer": {"service", "intake"},
    "server": {"service", "timer", "web"},
    "cli": {
        "check", "probe", "tell_findings", "service", "tell", "rows", "server", "export", "starter", "corrections", "normalise",
        "intake", "review",
    },
    "__main__": {"cli"},
    "__init__": {"intake", "presentation", "publish", "selection", "service", "store", "web"},
}  # fmt: skip

#: the kernel's own order: each may import those before it
KERNEL_ORDER = ["errors", "files", "media_types", "words", "model", "addresses", "config"]

#: outside part -> the rooms that may import it
PARTS: dict[str, set[str]] = {
    "alembic": {"store"},
    "babel": {"formats", "calendar_names"},
    "brotli": {"delivery"},
    "chardet": {"sources"},
    "click": {"cli"},
    "dateutil": {"normalise"},
    "feedparser": {"sources"},
    "feedgen": {"formats"},
    "filelock": {"store"},
    "flask": {"web"},
    "granian": {"server"},
    "hijridate": {"normalise"},
    "jinja2": {"formats"},
    "lxml": {"check", "formats", "sources"},
    "markdown_it": {"normalise"},
    "markupsafe": {"formats"},
    "mdit_py_plugins": {"normalise"},
    "mutagen": {"sources"},
    "nh3": {"normalise"},
    "persiantools": {"normalise"},
    "psycopg": {"store"},
    "pydantic": {"config"},
    "pyluach": {"normalise"},
    "rapidfuzz": {"normalise"},
    "rich": {"tell", "cli"},
    "sqlalchemy": {"store"},
    "tomlkit": {"corrections"},
    "trafilatura": {"sources"},
    "urllib3": {"probe", "seeds"},
    "werkzeug": {"web", "delivery"},
    "yaml": {"sources"},
    "zstandard": {"delivery"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Every module a file imports, whole names, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def rooms_imported(path: Path) -> set[str]:
    own = {name.split(".")[1] for name in imports(path) if name.startswith("feedsvc.")}
    present = {room_of(module) for module in modules()}
    return (own & present) - {room_of(path)}


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_what_lies_below_it(path: Path) -> None:
    room = room_of(path)

    allowed = ARROWS[room] | (set() if room in KERNEL else KERNEL)
    if room in KERNEL:
        allowed = set(KERNEL_ORDER[: KERNEL_ORDER.index(room)])

    assert rooms_imported(path) <= allowed


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_an_outside_part_is_used_in_its_room_alone(path: Path) -> None:
    import sys

    outside = {name.split(".")[0] for name in imports(path)} - {"feedsvc", *sys.stdlib_module_names}

    strangers = {part for part in outside if room_of(path) not in PARTS.get(part, set())}

    assert strangers - {"_typeshed"} == set()


def test_every_room_has_its_row() -> None:
    assert {room_of(path) for path in modules()} == set(ARROWS)


def test_rooms_form_no_circle() -> None:
    def below(room: str, seen: tuple[str, ...] = ()) -> None:
        assert room not in seen, f"circle: {' > '.join((*seen, room))}"
        for other in ARROWS[room]:
            below(other, (*seen, room))

    for room in ARROWS:
        below(room)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_opens_by_saying_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert docstring


def test_no_clock_right_of_the_store() -> None:
    """A document depends on settings and rows alone: nothing there reads the time."""
    clocks = ("datetime.now(", "time.time(", "date.today(", "utcnow(", "random")
    right = [path for path in modules() if room_of(path) in {"compose", "formats", "publish"}]

    found = [
        f"{path.name}: {clock}"
        for path in right
        for clock in clocks
        if clock in path.read_text(encoding="utf-8")
    ]

    assert found == []
