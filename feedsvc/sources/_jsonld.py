"""JSON-LD of a page, also where it is broken: trailing commas, comments, CDATA, raw line ends.

Room: sources, private; for the reader of web pages. Imports model through its neighbours.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.model import Episode, Media
from feedsvc.sources._fields import fold, text
from feedsvc.sources._said import TABLES, Said, said_of

Node: TypeAlias = Mapping[str, Any]  # whatever a page writes there

TYPES = {kind: words.split() for kind, words in TABLES["types"].items()}
BLOCKS = 60  #: scripts of a page that are read
CHARACTERS = 2_000_000  #: of one script
DEPTH = 12  #: nodes within nodes
IN_COMMENT = re.compile(
    r"<script[^>]{0,200}ld\+json[^>]{0,200}>(.{0,200000}?)</script", re.DOTALL | re.I
)
WRAPPING = re.compile(r"^(?:\s|//|/\*|\*/|<!--|<!\[CDATA\[)+|(?:\s|//|/\*|\*/|-->|\]\]>|;)+$")
EXCESS = re.compile(
    r"(\"(?:[^\"\\]++|\\.)*+\")|/\*.{0,2000}?\*/|//[^\n]*+|,(?=\s*+[}\]])", re.DOTALL
)
SCALAR = re.compile(
    r"\"(headline|name|datePublished|dateModified|url|description)\"\s*:\s*\"((?:[^\"\\\n]|\\.)*+)\""
)
TYPE = re.compile(r"\"@type\"\s*:\s*\[?\s*\"([^\"]{1,60})\"")
DURATION = re.compile(r"P(?:0D)?T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """All that a page says in JSON-LD."""

    nodes: tuple[Node, ...] = ()  #: in the order met, outer ones first
    by_id: Mapping[str, Node] = field(default_factory=dict)
    within_lists: frozenset[int] = (
        frozenset()
    )  #: ids of node objects that a list or a comment holds

    def articles(self) -> list[Node]:
        """What the page may be about: typed as an article, and no part of a list."""
        found = [node for node in self.nodes if id(node) not in self.within_lists]
        typed = [node for node in found if types_of(node) & set(TYPES["articles"])]
        return sorted(typed, key=_sureness)

    def page(self) -> Node | None:
        return next((n for n in self.nodes if types_of(n) & set(TYPES["pages"])), None)

    def listed(self) -> list[Node]:
        """The members of the page's lists, in order."""
        return [node for lst in self.nodes for node in _members(lst, self)]


def read(tree: HtmlElement) -> Graph:
    """Every node of every block; a block beyond repair gives what can be picked out of it."""
    nodes: list[Node] = []
    listed: set[int] = set()
    for words in _blocks(tree):
        for value in _values(words):
            _collect(value, nodes, listed, 0, in_list=False)
    ids = {str(n["@id"]): n for n in reversed(nodes) if "@id" in n and len(n) > 2}
    return Graph(nodes=tuple(nodes), by_id=ids, within_lists=frozenset(listed))


def types_of(node: Node) -> set[str]:
    said = node.get("@type", ())
    kinds = said if isinstance(said, list) else [said]
    return {str(kind).rpartition("/")[2].rpartition(":")[2].casefold() for kind in kinds}


def said_by(node: Node, graph: Graph) -> Said:
    """What a node says of the item it describes."""
    record: dict[str, object] = {
        name: _resolved(value, graph) for name, value in node.items() if not name.startswith("@")
    }
    record["section"] = _first(record.pop("articleSection", None))
    record["url"] = _address(node.get("url")) or _address(node.get("mainEntityOfPage")) or None
    record["image"] = _first(record.get("image") or record.get("thumbnailUrl"))
    if "datePublished" not in record:
        record["datePublished"] = record.get("uploadDate")
    said = said_of(record)
    return replace(said, media=(*said.media, *_recordings(node)), episode=_episode(node))


def _sureness(node: Node) -> tuple[bool, int]:
    at = min(TYPES["articles"].index(kind) for kind in types_of(node) & set(TYPES["articles"]))
    is_rich = any(name in node for name in ("datePublished", "headline"))
    return (not is_rich, at if at >= TYPES["articles"].index("review") else 0)


def _blocks(tree: HtmlElement) -> Iterator[str]:
    scripts = (e.text_content() for e in tree.iter("script") if "ld+json" in (e.get("type") or ""))
    comments = (
        found[1]
        for comment in tree.iter(etree.Comment)
        if "ld+json" in (comment.text or "")
        for found in IN_COMMENT.finditer(comment.text or "")
    )
    for n, words in enumerate((*scripts, *comments)):
        if n < BLOCKS and len(words) <= CHARACTERS:
            yield words


def _values(words: str) -> list[object]:
    words = WRAPPING.sub("", words.replace("\ufeff", ""))
    for repair in (_same, _trimmed, _unescaped, _joined):
        try:
            return [json.loads(repair(words), strict=False)]
        except (ValueError, RecursionError):
            continue
    return _picked(words)


def _same(words: str) -> str:
    return words


def _trimmed(words: str) -> str:
    """Without comments and commas before a closing bracket."""
    return EXCESS.sub(lambda found: found[1] or "", words)


def _unescaped(words: str) -> str:
    return _trimmed(html.unescape(words))


def _joined(words: str) -> str:
    """Objects one after the other as a list."""
    return "[" + re.sub(r"}\s*+(?={)", "},", _trimmed(words)) + "]"


def _picked(words: str) -> list[object]:
    """The first of each telling field of a block that is no JSON but names an article."""
    kinds = [kind for kind in TYPE.findall(words) if kind.casefold() in TYPES["articles"]]
    found: dict[str, object] = {}
    for name, value in SCALAR.findall(words):
        found.setdefault(name, value.replace('\\"', '"').replace("\\/", "/"))
    return [{"@type": kinds[0], **found}] if kinds and found else []


def _collect(
    value: object, nodes: list[Node], listed: set[int], depth: int, *, in_list: bool
) -> None:
    if isinstance(value, list):
        for one in value:
            _collect(one, nodes, listed, depth + 1, in_list=in_list)
    elif isinstance(value, Mapping) and depth <= DEPTH:
        if "@type" in value:
            nodes.append(value)
            if in_list:
                listed.add(id(value))
        is_list = bool(types_of(value) & set(TYPES["lists"]))
        for name, inner in value.items():
            if isinstance(inner, list | Mapping):
                is_part = name in (
                    "comment",
                    "comments",
                    "citation",
                    "isPartOf",
                    "itemReviewed",
                    "author",
                    "publisher",
                    "review",
                    "liveBlogUpdate",
                    "relatedLink",
                    "mentions",
                )
                is_member = is_list and fold(name) in TYPES["listing"]
                _collect(inner, nodes, listed, depth + 1, in_list=in_list or is_part or is_member)


def _members(node: Node, graph: Graph) -> Iterator[Node]:
    if not types_of(node) & set(TYPES["lists"]) or "breadcrumblist" in types_of(node):
        return
    for name, value in node.items():
        if fold(name) in TYPES["listing"]:
            for one in value if isinstance(value, list) else [value]:
                member = one.get("item", one) if isinstance(one, Mapping) else None
                if isinstance(member, str):
                    member = {**one, "url": member}
                if isinstance(member, Mapping) and not types_of(member) & set(TYPES["lists"]):
                    yield graph.by_id.get(str(member.get("@id")), member)


def _resolved(value: object, graph: Graph) -> object:
    """A value in place of a reference to it."""
    if isinstance(value, list):
        return [_resolved(one, graph) for one in value]
    if isinstance(value, Mapping) and set(value) <= {"@id", "@type"}:
        return graph.by_id.get(str(value.get("@id")), value)
    return value


def _first(value: object) -> Any:  # whatever stands there
    return next(iter(value), None) if isinstance(value, list) else value


def _address(value: object) -> str | None:
    value = _first(value)
    if isinstance(value, Mapping):
        value = value.get("url") or value.get("@id")
    return value if isinstance(value, str) and "/" in value else None


def _recordings(node: Node) -> Iterator[Media]:
    """Audio and video that a node carries: PodcastEpisode and its kin."""
    things = (_first(node.get(name)) for name in ("associatedMedia", "audio", "video", "encoding"))
    for thing in things:
        if isinstance(thing, Mapping) and (
            url := text(thing.get("contentUrl") or thing.get("url"))
        ):
            kind = text(thing.get("encodingFormat")) or ""
            length = thing.get("duration") or node.get("duration") or node.get("timeRequired")
            yield Media(
                url=url,
                media_type=kind if "/" in kind else None,
                duration_seconds=_seconds(str(length)),
            )


def _seconds(duration: str) -> int | None:
    """ISO 8601, as far as recordings go: PT1H2M3S."""
    span = DURATION.fullmatch(duration)
    hours, minutes, seconds = (int(part or 0) for part in span.groups()) if span else (0, 0, 0)
    return 3600 * hours + 60 * minutes + seconds or None


def _episode(node: Node) -> Episode | None:
    number = text(node.get("episodeNumber")) or ""
    season = node.get("partOfSeason")
    of_season = text(season.get("seasonNumber")) or "" if isinstance(season, Mapping) else ""
    numbers = [
        int(one) if one.isdecimal() and len(one) < 6 else None for one in (number, of_season)
    ]
    return Episode(number=numbers[0], season=numbers[1]) if any(numbers) else None
