"""Path <-> (feed, page, file): the one place that knows how addresses are spelled.

A path is absolute, starts with a slash and is the same string as URL below the mount and
as file below the output folder. Pure. Imports model; imported by everyone above.
"""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

from feedsvc.model import Entry, Feed, Page, Query, Site

INDEX = "index.html"
OUTLINE_PATH = "/feeds.opml"
SITEMAP_PATH = "/sitemap.xml"
SEARCH = "search"  #: the folder of feeds that answer a question
ASSETS = "/assets/"
MEDIA = "/media/"  #: files that seeds bring along
ALIASES = {
    "feed": "rss.xml",
    "feed.xml": "rss.xml",
    "rss": "rss.xml",
    "index.xml": "rss.xml",
    "atom": "atom.xml",
    "index.atom": "atom.xml",
    "index.rss": "rss.xml",
    "index.json": "feed.json",
    "json": "feed.json",
}


def feed_path(feed: Feed, filename: str, number: int | None = None) -> str:
    """The path of one document of a feed; `number` names an archive page."""
    archive = f"archive/{number}" if number is not None else ""
    return "/" + "/".join(part for part in (feed.path, archive, filename) if part)


def parts_of(path: str) -> tuple[str, int | None, str]:
    """The feed's folder, the number of the archive page and the file name that a path may name."""
    folder, _, name = path.removeprefix("/").rpartition("/")
    feed, _, number = folder.rpartition("archive/")
    if number.isdecimal() and len(number) < 10 and (feed == "" or feed.endswith("/")):
        return feed.removesuffix("/"), int(number), name
    return folder, None, name


def sitemap_path(number: int | None = None) -> str:
    """The site map, or a part of one that is too long for one document."""
    return SITEMAP_PATH if number is None else f"/sitemap-{number}.xml"


def page_path(page: Page, filename: str) -> str:
    """The path of a page's document; that of a search has its question behind it."""
    path = feed_path(page.feed, filename, page.number)
    question = query_string(page.query) if page.query else ""
    return f"{path}?{question}" if question else path


def query_string(query: Query) -> str:
    """A question as its one address has it: keys in this order, none that says nothing."""
    return urlencode([*_asked(query), *_shown(query)], quote_via=quote)


def _asked(query: Query) -> Iterator[tuple[str, str]]:
    """What is searched for."""
    if query.words:
        yield "q", query.words
    for key, values in (
        ("section", query.sections),
        ("tag", query.tags),
        ("author", query.authors),
        ("lang", query.languages),
        ("exclude", query.exclude),
    ):
        yield from ((key, value) for value in values)
    if query.since:
        yield "since", query.since.isoformat()


def _shown(query: Query) -> Iterator[tuple[str, str]]:
    """How much of it is shown, and in which order."""
    if query.is_ranked:
        yield "order", "rank"
    if query.limit != Query().limit:
        yield "limit", str(query.limit)
    if query.content:
        yield "content", query.content.value


def entry_path(slug: str) -> str:
    """The path of an entry's own page."""
    return f"/entries/{slug}/{INDEX}"


def chapters_path(slug: str) -> str:
    """The path of the chapters of an entry's recording."""
    return f"/entries/{slug}/chapters.json"


def section_path(slug: str) -> str:
    """The folder of a section's feed, as `Feed.path` has it."""
    return f"sections/{slug}"


def public(path: str) -> str:
    """A path as people link to it: the folder instead of its index page."""
    folder, mark, question = path.partition("?")
    return folder.removesuffix(INDEX) + mark + question if folder.endswith("/" + INDEX) else path


def url(site: Site, path: str) -> str:
    """The absolute address of a path."""
    return site.base_url + public(path)


def entry_url(site: Site, entry: Entry) -> str:
    """Where an entry is read: its page elsewhere, else ours."""
    return entry.link or url(site, entry_path(entry.slug))


def relative(start: str, path: str) -> str:
    """`path` as a link from the document at `start`: the same bytes work below any mount."""
    target = public(path)
    link = posixpath.relpath(target, posixpath.dirname(start))
    return link + "/" if target.endswith("/") and not link.endswith("/") else link


def resolve(request_path: str) -> str:
    """The document a request path names: a folder means its index page."""
    return request_path + INDEX if request_path.endswith("/") else request_path


def alias(request_path: str) -> str | None:
    """Where a friendly spelling redirects to, or None when the path is no alias.

    `/feed`, `/feed/`, `/rss`, `/atom`, … below any feed's folder; whether a feed
    is there is the caller's question.
    """
    folder, _, name = request_path.rstrip("/").rpartition("/")
    target = ALIASES.get(name)
    return f"{folder}/{target}" if target else None


def feed_id(site: Site, feed: Feed, query: Query | None = None) -> str:
    """The permanent id of a feed: a version 5 UUID of (site id, feed path, what is searched for)."""
    question = urlencode(list(_asked(query)), quote_via=quote) if query else ""
    name = f"{site.id}\n/{feed.path}" + (f"?{question}" if question else "")
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def is_absolute(address: str) -> bool:
    """Whether an address is a complete http(s) URL."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
