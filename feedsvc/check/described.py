"""What a document of a site says of itself and of others: addresses, ids, links.

Room: check. Entered by folder and probe. Reads what is well-formed and asks nothing
about right or wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from feedsvc.check._grammar import Element
from feedsvc.check._json import Array, IllFormed, Object, Text
from feedsvc.check._namespaces import ATOM, HISTORY
from feedsvc.check._tree import tree_of
from feedsvc.check._xml import line_of, local_name, text_of

FEED_TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
}
_RELATIONS = {"feed_url": "self", "next_url": "next", "home_page_url": "home"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a document, of an entry or of an outline."""

    rel: str  #: of Atom; `home`, `entry`, `enclosure`, `feed` for what others call otherwise
    href: str
    line: int
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry as a document lists it."""

    id: str
    updated: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A feed or an outline, by what connects it."""

    name: str
    kind: str
    links: tuple[Link, ...]
    entries: tuple[Listed, ...] = ()
    is_archive: bool = False

    def first(self, rel: str) -> Link | None:
        """The first link of a relation."""
        return next((link for link in self.links if link.rel == rel), None)

    @property
    def own(self) -> str | None:
        """Its own address, by itself."""
        link = self.first("self")
        return link.href if link else None


def describe(data: bytes, name: str) -> Described | None:
    """What a document says; None for what is no feed, no outline, or not well-formed."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json(data, name)
    root = tree_of(data).root
    kind = {"rss": "rss", "RDF": "rss", "feed": "atom", "opml": "opml"}
    known = kind.get(local_name(root)) if root is not None else None
    if root is None or known is None:
        return None
    return Described(
        name=name,
        kind=known,
        links=tuple(_links(root)),
        entries=tuple(_entries(root)),
        is_archive=next(root.iter(f"{{{HISTORY}}}archive"), None) is not None,
    )


def _links(root: Element) -> Iterator[Link]:
    for link in root.iter(f"{{{ATOM}}}link"):
        parent = link.getparent()
        place = local_name(parent) if parent is not None else ""
        rel = (link.get("rel") or "alternate").lower()
        if place in ("feed", "channel"):
            yield _link(rel, link.get("href"), link, link.get("type"))
        elif place in ("entry", "item") and rel in ("alternate", "enclosure"):
            yield _link("entry" if rel == "alternate" else rel, link.get("href"), link)
    for channel in root.iter("channel"):
        yield _link("home", channel.findtext("link"), channel)
    for item in root.iter("item"):
        if item.find("link") is not None:
            yield _link("entry", item.findtext("link"), item)
    for enclosure in root.iter("enclosure"):
        yield _link("enclosure", enclosure.get("url"), enclosure)
    for outline in root.iter("outline"):
        if outline.get("xmlUrl"):
            yield _link("feed", outline.get("xmlUrl"), outline)


def _link(rel: str, href: str | None, element: Element, media_type: str | None = "") -> Link:
    kind = (media_type or "").partition(";")[0].strip().lower()
    return Link(rel=rel, href=(href or "").strip(), line=line_of(element), media_type=kind)


def _entries(root: Element) -> Iterator[Listed]:
    for item in root.iter("item"):
        said = item.find("guid")
        id = text_of(said) if said is not None else item.findtext("link") or ""
        yield Listed(id=id.strip(), updated="", line=line_of(item))
    for entry in root.iter(f"{{{ATOM}}}entry"):
        id = entry.findtext(f"{{{ATOM}}}id") or ""
        updated = entry.findtext(f"{{{ATOM}}}updated") or ""
        yield Listed(id=id.strip(), updated=updated.strip(), line=line_of(entry))


def _json(data: bytes, name: str) -> Described | None:
    try:
        text = Text(data.decode("utf-8-sig"))
        feed = text.parse()
    except (UnicodeDecodeError, IllFormed):
        return None
    if not isinstance(feed, Object) or "version" not in feed.values:
        return None
    return Described(
        name=name,
        kind="json",
        links=tuple(_json_links(feed, text)),
        entries=tuple(
            Listed(
                id=item.string("id") or "",
                updated=item.string("date_modified") or item.string("date_published") or "",
                line=text.line(item.at),
            )
            for item in _items(feed)
        ),
    )


def _json_links(feed: Object, text: Text) -> Iterator[Link]:
    for key, rel in _RELATIONS.items():
        if href := feed.string(key):
            yield Link(rel=rel, href=href, line=text.line(feed.values[key].at))
    hubs = feed.values.get("hubs")
    for hub in hubs.values if isinstance(hubs, Array) else ():
        if isinstance(hub, Object) and (href := hub.string("url")):
            yield Link(rel="hub", href=href, line=text.line(hub.at))
    for item in _items(feed):
        if href := item.string("url"):
            yield Link(rel="entry", href=href, line=text.line(item.at))
        attached = item.values.get("attachments")
        for one in attached.values if isinstance(attached, Array) else ():
            if isinstance(one, Object) and (href := one.string("url")):
                yield Link(rel="enclosure", href=href, line=text.line(one.at))


def _items(feed: Object) -> Iterator[Object]:
    items = feed.values.get("items")
    for item in items.values if isinstance(items, Array) else ():
        if isinstance(item, Object):
            yield item
