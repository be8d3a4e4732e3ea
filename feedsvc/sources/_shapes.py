"""The shapes records come in: wrapped, nested, rich text in pieces; brought to flat words.

Room: sources, private; for _fields and records. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TypeAlias

from feedsvc.sources._names import INNER, KINDS, LISTS, SURE_LISTS, WRAPPERS, fold, plan

Path: TypeAlias = tuple[str | int, ...]  #: the names and places that lead to a value

LANGUAGE_TAG = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
BLOCKS = ("blocks", "paragraphs")
LEAVES = ("text", "plain_text", "value", "insert")
PARTS = (
    "children",
    "content",
    "rich_text",
    "spans",
    "ops",
    "document",
    "bodyModel",
    "root",
    "data",
)
WORDS = {"title", "summary", "description", "html", "markdown", "either", "text"}
BODIES = {"html", "markdown", "either", "text"}
DEEPEST = 20  #: of rich text; what lies deeper is no prose
LEVELS = 6  #: of containers within containers
N_NAMES = 1_000  #: an object of more is one of records by their keys


TITLES = 12  #: letters a value: a column of titles among columns of known names
PROSE = 60  #: letters a value: one of bodies
SENTENCE = re.compile(r"[.!?…。！？؟।][\"'»”’)\]」』]*\s*$|</?\w+[^<>]*>|\n")
WIDE = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def plain(value: object) -> object:
    """A value without its wrapping: {"rendered": …} of WordPress, {"$date": …}, {"en-US": …}."""
    if isinstance(value, str):
        return value.strip() or None
    if not isinstance(value, dict):
        return value
    if isinstance(kind := value.get("type"), str) and value.get(kind) is not None:  # Notion
        held = value[kind]
        return prose(held) if _is_rich(held) else plain(held)
    inner = {str(name).casefold(): v for name, v in value.items()}
    wrapped = next((inner[name] for name in INNER["value"] if inner.get(name) is not None), None)
    if wrapped is None and value and all(LANGUAGE_TAG.fullmatch(str(name)) for name in value):
        wrapped = next(iter(value.values()))
    if isinstance(wrapped, Mapping):
        wrapped = plain(wrapped)
    return wrapped if isinstance(wrapped, str | int) and not isinstance(wrapped, bool) else value


def unwrapped(record: Mapping[str, object]) -> Mapping[str, object]:
    """A record with what its inner objects say of it beside its own fields; theirs go first.

    {"id": 1, "attributes": {…}}, {"_source": {…}}, {"kind": "t3", "data": {…}}, a Create
    activity and its object; the `_embedded` authors, terms and pictures of WordPress.
    """
    for _ in range(3):
        inner = _wrapped_in(record)
        if inner is None:
            break
        outer, name = record, inner
        rest = {key: value for key, value in outer.items() if key != name}
        held = outer[name]
        record = {**rest, **held} if isinstance(held, Mapping) else rest
    if "node_id" in record and "body" in record:  # GitHub
        record = {**record, "body": None, "body_markdown": record["body"]}
    embedded = record.get("_embedded")
    return {**record, **_embedded(embedded)} if isinstance(embedded, Mapping) else record


def _wrapped_in(record: Mapping[str, object]) -> str | None:
    """The name of the inner object that holds what a record says."""
    objects = [name for name, value in record.items() if isinstance(value, dict) and value]
    for name in objects:
        if fold(name) in WRAPPERS["always"]:
            return name
    named = (name for name in objects if fold(name) in WRAPPERS["bare"])
    telling = (name for name in objects if _may_wrap(name) and _is_story(record[name]))
    bare = next(chain(named, telling), None)
    return None if bare is None or _has_words(record, bare) else bare


def _may_wrap(name: str) -> bool:
    """Whether an object of this name is no person, no place, no section of what holds it."""
    return all(kind in WORDS for _, kind in KINDS.get(fold(name), ()))


def _has_words(record: Mapping[str, object], but: str) -> bool:
    return any(
        kind in WORDS and isinstance(value, str | list) and value
        for name, value in record.items()
        if name != but
        for _, kind in KINDS.get(fold(name), ())
    )


def _embedded(embedded: Mapping[str, object]) -> dict[str, object]:
    """What WordPress embeds (`?_embed`), by the names that everyone else uses."""
    lists = [one for one in _list(embedded.get("wp:term")) if isinstance(one, list)]
    terms = [term for one in lists for term in one if isinstance(term, Mapping)]
    named = {
        "authors": [one for one in _list(embedded.get("author")) if isinstance(one, Mapping)],
        "image": embedded.get("wp:featuredmedia"),
        "section": next((t.get("name") for t in terms if t.get("taxonomy") == "category"), None),
        "tags": [t.get("name") for t in terms if t.get("taxonomy") == "post_tag"],
    }
    return {name: value for name, value in named.items() if value}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def prose(value: object, level: int = 0) -> str:
    """The words of a body: paragraphs a line each, the pieces of one paragraph joined.

    A list of strings is one of paragraphs; a list of strings and objects is one text with
    its links and bold words set apart (Telegram); objects within objects are the blocks of
    an editor (Contentful, Notion, Draft.js, Editor.js, ProseMirror, Portable Text).
    """
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    if level > DEEPEST:
        return ""
    if isinstance(value, Mapping):
        return _block(value, level)
    if not isinstance(value, list | tuple):
        return ""
    parts = [(prose(part, level + 1), _is_block(part)) for part in value]
    are_lines = all(isinstance(part, str) for part in value) or any(block for _, block in parts)
    return (
        "\n".join(words for words, _ in parts if words.strip())
        if are_lines
        else "".join(words for words, _ in parts)
    )


def _is_rich(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(part, Mapping) and "plain_text" in part for part in value
    )


def _block(value: Mapping[str, object], level: int) -> str:
    for name in BLOCKS:
        if isinstance(blocks := value.get(name), list):
            return "\n".join(filter(str.strip, (prose(one, level + 1) for one in blocks)))
    for name in (*PARTS, *LEAVES):
        if isinstance(value.get(name), Mapping | list) and (words := prose(value[name], level + 1)):
            return words
    kind = value.get("type")
    if isinstance(kind, str) and isinstance(value.get(kind), Mapping | list):  # Notion
        return prose(value[kind], level + 1)
    return next((str(value[name]) for name in LEAVES if isinstance(value.get(name), str)), "")


def _is_block(part: object) -> bool:
    """Whether a piece of rich text is a paragraph rather than some words of one."""
    if not isinstance(part, Mapping):
        return False
    return any(isinstance(value, Mapping | list) and value for value in map(part.get, PARTS)) or (
        isinstance(kind := part.get("type"), str) and isinstance(part.get(kind), Mapping)
    )


def lists_in(whole: object, path: Path = ()) -> list[Path]:
    """Where the lists of items in a container are, in the order of their names there.

    By what they are called, at the first level that has one; else by what is in them.
    """
    if not isinstance(whole, Mapping) or len(path) > LEVELS:
        return []
    inner = {fold(name): name for name in islice(whole, N_NAMES)}
    for name in LISTS if not _is_record(whole) else LISTS[:12]:
        if name not in inner:
            continue
        key, value = inner[name], whole[inner[name]]
        if (
            isinstance(value, list)
            and len(value) == 1
            and (deeper := lists_in(value[0], (*path, key, 0)))
        ):
            return deeper
        if (value == [] and name in SURE_LISTS) or _are_records(value):
            return _with_neighbours(whole, path, key)
        if deeper := lists_in(value, (*path, key)):
            return deeper
    return _unnamed(whole, path) if not _is_record(whole) else []


def reached(whole: object, path: Path) -> object:
    """What a path that was found in a container leads to."""
    for step in path:
        whole = whole[step]  # type: ignore[index]  # it was found there
    return whole


def _with_neighbours(whole: Mapping[str, object], path: Path, found: str) -> list[Path]:
    """The list found, among its neighbours that are lists of stories too: not of people or tags."""
    return [
        (*path, name)
        for name, value in whole.items()
        if name == found or (_may_wrap(name) and _are_stories(value))
    ]


def _unnamed(whole: Mapping[str, object], path: Path) -> list[Path]:
    if found := [(*path, name) for name, value in whole.items() if _are_stories(value)]:
        return found
    some = islice(whole.items(), N_NAMES)
    deeper = (lists_in(value, (*path, name)) for name, value in some)
    return next(filter(None, deeper), [])


def _are_records(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, Mapping) for one in value[:3])


def _are_stories(value: object) -> bool:
    """Whether a list holds things with two of: a title, words, an address, a day."""
    if not isinstance(value, list) or not value or not isinstance(value[0], Mapping):
        return False
    return _is_story(unwrapped(value[0]))


def _is_story(record: object) -> bool:
    kinds = kinds_of(record) if isinstance(record, Mapping) else set()
    words = bool(kinds & (BODIES | {"summary", "description"}))
    return words + ("title" in kinds) + ("link" in kinds) + ("published" in kinds) > 1


def is_keyed(whole: Mapping[str, object]) -> bool:
    """Whether an object holds a record under each key: {"12": {…}, "13": {…}}."""
    records = list(whole.values())
    if not records or not all(isinstance(one, Mapping) for one in records):
        return False
    has_words = bool(kinds_of(unwrapped(records[0])) & WORDS)  # type: ignore[arg-type]  # looked at above
    is_telling = set(plan(tuple(islice(whole, N_NAMES)))) <= {""} and (
        len(records) > 1 or next(iter(whole)).isdigit()
    )
    return has_words and is_telling


def _is_record(whole: Mapping[str, object]) -> bool:
    """Whether an object has a body of its own, or a title and a day."""
    kinds = kinds_of(whole)
    return bool(kinds & BODIES) or {"title", "published"} <= kinds


def kinds_of(record: Mapping[str, object]) -> set[str]:
    """The kinds of thing that a record's scalars tell."""
    return {
        kind
        for kind, names in plan(tuple(map(str, islice(record, N_NAMES)))).items()
        if any(isinstance(plain(record.get(name)), str | int) for name in names)
    }


# -- what holds the words, where no name tells


def worded(
    records: Sequence[Mapping[str, object]], unknown: Sequence[str], *, is_known: bool
) -> Iterator[tuple[str, str]]:
    """Which fields of unknown names hold titles ("title") and bodies ("body") in all records.

    A body is sentences, a title short and seldom the same twice. A field whose name may mean
    either is judged with the others, where no name is that of a title.
    """
    told = plan(tuple(dict.fromkeys(name for record in records[:20] for name in map(str, record))))
    bodies = [
        name for kind in ("html", "markdown", "either", "text") for name in told.get(kind, ())
    ]
    doubtful = [name for name in told.get("either", ()) if "title" not in told]
    said = {name: _said(records, name) for name in (*unknown, *doubtful)}
    found = [name for name in said if _are_words(said[name])]
    found.sort(key=lambda name: -_length(said[name]))
    prose_in = [name for name in found if _are_sentences(said[name])]
    others = [name for name in found if name not in prose_in]
    if "title" not in told and not others and not bodies and len(prose_in) == 1:
        is_short = _length(said[prose_in[0]]) < PROSE
        yield ("title" if is_short else "body"), prose_in[0]
        return
    is_free = not set(bodies) - set(others) and "description" not in told
    if is_free and (body := next((name for name in prose_in if name in unknown), None)):
        yield "body", body
    elif bodies:
        others = [name for name in others if name not in bodies]
    if "title" not in told and others and (not is_known or _length(said[others[0]]) > TITLES):
        yield "title", others[0]


def _said(records: Sequence[Mapping[str, object]], name: str) -> list[str]:
    values = (plain(record.get(name)) for record in records)
    return [value for value in values if isinstance(value, str)]


def _length(values: Sequence[str]) -> float:
    """Letters of a value on an average; one of a script that has many counts twice."""
    return sum(len(v) + len(WIDE.findall(v[:200])) for v in values) / max(len(values), 1)


def _are_words(values: Sequence[str]) -> bool:
    """Whether values are words that a person wrote: neither codes nor the same few again."""
    n_worded = sum(" " in v or bool(WIDE.search(v)) for v in values)
    return 2 * n_worded > len(values) and (len(values) < 3 or 2 * len(set(values)) > len(values))


def _are_sentences(values: Sequence[str]) -> bool:
    n_sentences = sum(bool(SENTENCE.search(value)) for value in values)
    return 2 * n_sentences > len(values) or _length(values) >= PROSE
