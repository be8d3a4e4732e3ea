"""A built site: every document in a folder, and whether they fit together.

Room: check. Effects: reads files. Addresses are mapped to files by what the documents call
themselves; a site that does not say where it will stand is judged document by document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from feedsvc.check import check_document, discovery, sitemap
from feedsvc.check.context import Context
from feedsvc.check.described import FEED_TYPES, Described, Link, describe
from feedsvc.check.findings import Finding, Rule, Severity, folded, shown

FEED_ENDINGS = {".rss", ".atom", ".opml", ".rdf"}
ENDINGS = FEED_ENDINGS | {".xml", ".json"}
PAGES = {".html", ".htm", ".xhtml"}
_FEED_NAME = re.compile(r"^(?:rss|atom|feeds?|index)\.(?:xml|json|opml)$")
_FEED_HEAD = re.compile(rb"<(?:rss|feed|opml|rdf:RDF)[\s>]|jsonfeed\.org/version", re.IGNORECASE)
_SITEMAP_HEAD = re.compile(rb"<(?:urlset|sitemapindex)[\s>]")
HEAD_BYTES = 4096
#: relations that lead to documents
DOCUMENTS = (
    "current", "feed", "first", "last", "next", "previous", "prev-archive", "next-archive",
)  # fmt: skip


def _rule(name: str, severity: Severity, harm: str, remedy: str, section: str) -> Rule:
    return Rule(name=f"site-{name}", severity=severity, harm=harm, remedy=remedy, section=section)


NOTHING = _rule(
    "no-feed",
    Severity.ERROR,
    "there is nothing to subscribe to",
    "name the folder the site was built to",
    "RFC 4287; RSS 2.0; JSON Feed 1.1",
)
BROKEN = _rule(
    "link-broken",
    Severity.ERROR,
    "readers that follow the link get 404",
    "publish the document, or do not link to it",
    "RFC 5005 §4; RFC 4287 §4.2.7",
)
BROKEN_ENTRY = _rule(
    "entry-page-missing",
    Severity.WARNING,
    "people who open the entry get 404",
    "publish the page, or link to where it is",
    "RSS 2.0, <link>",
)
ELSEWHERE = _rule(
    "self-elsewhere",
    Severity.WARNING,
    "readers subscribe to an address where nothing is, or to another feed",
    "let the document name the address it will be served at",
    "RFC 4287 §4.2.7.2",
)
KIND_WRONG = _rule(
    "link-kind-wrong",
    Severity.ERROR,
    "readers that trust the type get another format",
    "let the type of a link name the format of its document",
    "RFC 4287 §4.2.7.3",
)
LOOP = _rule(
    "archive-loop",
    Severity.ERROR,
    "readers that want the whole history never come to an end",
    "let every archive lead to an older one, and the oldest to none",
    "RFC 5005 §4",
)
NO_ARCHIVE = _rule(
    "archive-unmarked",
    Severity.WARNING,
    "readers fetch the archive again and again",
    "mark archived documents with fh:archive",
    "RFC 5005 §4",
)
CURRENT_WRONG = _rule(
    "archive-current-wrong",
    Severity.ERROR,
    "readers that find an archive subscribe to a feed that is not its own",
    "let rel=current name the feed that leads to the archive",
    "RFC 5005 §4.2",
)
NEXT_WRONG = _rule(
    "archive-next-wrong",
    Severity.ERROR,
    "readers that walk forward come to another history",
    "let next-archive name the archive whose prev-archive this is",
    "RFC 5005 §4.2",
)
UNREACHED = _rule(
    "archive-unreached",
    Severity.WARNING,
    "readers never find the entries of the archive",
    "link every archive from the next newer one by prev-archive",
    "RFC 5005 §4",
)
IN_TWO_ARCHIVES = _rule(
    "archive-entry-twice",
    Severity.WARNING,
    "readers that rebuild the history take an entry for changed",
    "let each entry stand in one archive",
    "RFC 5005 §4.1",
)
IDS_DIFFER = _rule(
    "ids-differ",
    Severity.WARNING,
    "readers subscribed to two formats see every entry twice",
    "give an entry the same id in RSS, Atom and JSON Feed",
    "RFC 4287 §4.2.6; RSS 2.0, <guid>",
)
DISALLOWED = _rule(
    "robots-disallow-feed",
    Severity.WARNING,
    "hosted readers that obey robots.txt never fetch the feed",
    "do not disallow feeds",
    "RFC 9309 §2.2",
)


def check_folder(path: Path, *, now: datetime | None = None) -> tuple[Finding, ...]:
    """Everything wrong with the documents below a folder, document by document.

    What lies beside the site (hidden files, compressed siblings, media) is not looked at.
    Raises OSError for files that cannot be read.
    """
    site = _Site(path, now)
    found: dict[str, list[Finding]] = {}
    for finding in site.findings():
        found.setdefault(finding.document, []).append(finding)
    return tuple(told for document in sorted(found) for told in folded(found[document], document))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """Where the site will be served: an address that every file's path is put after."""

    address: str

    def path_of(self, url: str) -> str | None:
        """The file an address names; None when it is not of this site."""
        bare = url.partition("#")[0].partition("?")[0]
        if not bare.startswith(self.address):
            return None
        path = unquote(bare[len(self.address) :])
        return path + "index.html" if not path or path.endswith("/") else path


class _Site:
    """The files of a folder, read once."""

    def __init__(self, root: Path, now: datetime | None) -> None:
        self._root = root
        self._now = now
        self._files = {
            file.relative_to(root).as_posix(): file
            for file in sorted(root.rglob("*"))
            if file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(root).parts)
        }
        self._has_pages = any(Path(name).suffix.lower() in PAGES for name in self._files)
        self._feeds: dict[str, Described] = {}
        self._base: _Base | None = None

    def findings(self) -> Iterator[Finding]:
        n_documents = 0
        for name, file in self._files.items():
            if Path(name).suffix.lower() in ENDINGS:
                for finding in self._document(name, file.read_bytes()):
                    n_documents += finding is None
                    if finding is not None:
                        yield finding
        if not n_documents:
            yield NOTHING.at(None, f"no feed lies below {self._root}")
            return
        self._base = _base_of(self._feeds.values(), has_pages=self._has_pages)
        yield from self._together()
        for name, file in self._files.items():
            if Path(name).suffix.lower() in PAGES:
                yield from self._page(name, file)

    def _document(self, name: str, data: bytes) -> Iterator[Finding | None]:
        """The findings of one document; a None says that it is one to be judged."""
        if _SITEMAP_HEAD.search(data[:HEAD_BYTES]):
            yield from _of(name, sitemap.check(data, Context(name=name, now=self._now)))
        elif _is_feed(name, data):
            yield None
            yield from check_document(data, name=name, now=self._now)
            if described := describe(data, name):
                self._feeds[name] = described

    def _together(self) -> Iterator[Finding]:
        if self._base is None:
            return
        for name, feed in self._feeds.items():
            yield from _of(name, self._addresses(feed))
            if not feed.is_archive:
                yield from self._walk(feed)
        yield from self._unreached()
        yield from self._formats()
        yield from self._lists()

    def _addresses(self, feed: Described) -> Iterator[Finding]:
        """Every link into the site leads to a file, of the kind it says."""
        if self._base is None:
            return
        own = self._base.path_of(feed.own) if feed.own else feed.name
        if own not in (feed.name, _folder_index(feed.name)):
            yield ELSEWHERE.at(_line(feed, "self"), f"self is {shown(feed.own or '')}")
        for link in feed.links:
            if link.rel == "self":
                continue
            if link.rel in DOCUMENTS or link.media_type in FEED_TYPES:
                yield from self._target(link)
            elif link.rel == "enclosure" and not self._exists(link.href):
                yield BROKEN.at(link.line, f"{link.rel} is {shown(link.href)}; no such file")
            elif link.rel in ("entry", "home") and self._has_pages and not self._exists(link.href):
                yield BROKEN_ENTRY.at(link.line, f"the link is {shown(link.href)}; no such file")

    def _target(self, link: Link) -> Iterator[Finding]:
        path = self._base.path_of(link.href) if self._base else None
        target = self._feeds.get(path or "")
        if not self._exists(link.href):
            yield BROKEN.at(link.line, f"{link.rel} is {shown(link.href)}; no such file")
        elif (
            target and link.media_type in FEED_TYPES and FEED_TYPES[link.media_type] != target.kind
        ):
            told = f"{link.rel} {shown(link.href)} has type {link.media_type}"
            yield KIND_WRONG.at(link.line, f"{told}; it is {target.kind.upper()}")

    def _exists(self, url: str) -> bool:
        """Whether a file is there; addresses elsewhere are taken on trust."""
        path = self._base.path_of(url) if self._base else None
        if path is None:
            return True
        return any(one in self._files for one in (path, f"{path}.html", f"{path}/index.html"))

    def _walk(self, feed: Described) -> Iterator[Finding]:
        """From a feed back through all its history, or forth through its pages."""
        for rel in ("prev-archive", "next"):
            chain = list(self._chain(feed, rel))
            if chain and chain[-1].name in {one.name for one in (feed, *chain[:-1])}:
                told = f"{rel} leads back to {chain[-1].name}"
                yield from _of(feed.name, [LOOP.at(_line(feed, rel), told)])
                continue
            if rel == "prev-archive":
                yield from self._history(feed, chain)

    def _chain(self, feed: Described, rel: str) -> Iterator[Described]:
        """The documents one after the other; one that came before ends it."""
        met, here = {feed.name}, feed
        while (link := here.first(rel)) and self._base:
            following = self._feeds.get(self._base.path_of(link.href) or "")
            if following is None:
                return
            yield following
            if following.name in met:
                return
            met.add(following.name)
            here = following

    def _history(self, feed: Described, chain: list[Described]) -> Iterator[Finding]:
        newer = feed
        seen: dict[tuple[str, str], str] = {}
        for archive in chain:
            found = list(self._archive(archive, newer, feed))
            found += _twice(archive, seen)
            yield from _of(archive.name, found)
            newer = archive

    def _archive(self, archive: Described, newer: Described, feed: Described) -> Iterator[Finding]:
        current, following = archive.first("current"), archive.first("next-archive")
        if not archive.is_archive:
            yield NO_ARCHIVE.at(None, f"{newer.name} names it as its prev-archive")
        if current and feed.own and current.href != feed.own:
            told = f"current is {shown(current.href)}; {feed.name} leads here"
            yield CURRENT_WRONG.at(current.line, told)
        if following and newer.own and newer.is_archive and following.href != newer.own:
            yield NEXT_WRONG.at(
                following.line, f"next-archive is {shown(following.href)}, not {newer.name}"
            )

    def _unreached(self) -> Iterator[Finding]:
        living = [feed for feed in self._feeds.values() if not feed.is_archive]
        reached = {one.name for feed in living for one in self._chain(feed, "prev-archive")}
        homes = {feed.own for feed in living}
        for name, feed in self._feeds.items():
            current = feed.first("current")
            if feed.is_archive and current and current.href in homes and name not in reached:
                yield from _of(name, [UNREACHED.at(current.line, "no feed leads to it")])

    def _formats(self) -> Iterator[Finding]:
        """The formats of one folder list the same entries under the same ids."""
        by_folder: dict[str, list[Described]] = {}
        for name, feed in self._feeds.items():
            if feed.kind != "opml" and not feed.is_archive:
                by_folder.setdefault(name.rpartition("/")[0], []).append(feed)
        for first, *others in by_folder.values():
            for other in others:
                one, two = ({entry.id for entry in feed.entries} for feed in (first, other))
                is_odd = len(one) == len(two) and one and not one & two and first.kind != other.kind
                if is_odd:
                    told = f"no id is one of {first.name}, as {shown(min(two))}"
                    yield from _of(other.name, [IDS_DIFFER.at(None, told)])

    def _lists(self) -> Iterator[Finding]:
        """Sitemaps list what is there, and robots.txt lets feeds be fetched."""
        for name, file in self._files.items():
            if name.endswith(".xml") and name not in self._feeds:
                data = file.read_bytes()
                if _SITEMAP_HEAD.search(data[:HEAD_BYTES]):
                    yield from _of(name, self._mapped(data))
        if "robots.txt" in self._files:
            yield from _of("robots.txt", self._robots(self._files["robots.txt"]))

    def _mapped(self, data: bytes) -> Iterator[Finding]:
        for location, line in sitemap.locations(data):
            if not self._exists(location):
                yield BROKEN.at(line, f"{shown(location)} is listed; no such file")

    def _robots(self, file: Path) -> Iterator[Finding]:
        robots = RobotFileParser()
        robots.parse(file.read_text(encoding="utf-8", errors="replace").splitlines())
        prefix = urlsplit(self._base.address).path if self._base else "/"
        for name in self._feeds:
            if not robots.can_fetch("*", prefix + name):
                yield DISALLOWED.at(None, f"it disallows /{name}")

    def _page(self, name: str, file: Path) -> Iterator[Finding]:
        """The feeds a page names are there; the page of a folder with feeds names one."""
        words = file.read_text(encoding="utf-8", errors="replace")
        yield from _of(name, discovery.check(words))
        links = [link for link in discovery.feed_links(words) if link.is_found]
        yield from _of(name, self._named(name, links))
        beside = [
            feed for feed in self._feeds.values() if feed.kind != "opml" and _is_beside(feed, name)
        ]
        if Path(name).stem == "index" and beside and not links:
            yield from _of(name, [discovery.NONE.at(None, f"{beside[0].name} lies beside it")])

    def _named(self, name: str, links: list[discovery.FeedLink]) -> Iterator[Finding]:
        for link in links:
            path = self._local(name, link.href)
            if path is None:
                continue
            target = self._feeds.get(path)
            if path not in self._files and f"{path}/index.html" not in self._files:
                yield BROKEN.at(link.line, f"the page names {shown(link.href)}; no such file")
            elif target and target.kind != link.kind:
                told = f"{shown(link.href)} has type {link.media_type}"
                yield KIND_WRONG.at(link.line, f"{told}; it is {target.kind.upper()}")

    def _local(self, name: str, href: str) -> str | None:
        """The file that a page's link names; None for links elsewhere."""
        if urlsplit(href).scheme:
            return self._base.path_of(href) if self._base else None
        if href.startswith("//"):
            return None
        prefix = urlsplit(self._base.address).path if self._base else "/"
        path = unquote(urlsplit(urljoin(f"{prefix}{name}", href)).path)
        return path.removeprefix(prefix) if path.startswith(prefix) else None


def _is_feed(name: str, data: bytes) -> bool:
    """Whether a document is a feed, or is named as only feeds are."""
    path = Path(name)
    if path.suffix.lower() in FEED_ENDINGS or _FEED_HEAD.search(data[:HEAD_BYTES]):
        return True
    return bool(_FEED_NAME.match(path.name.lower())) and path.stem.lower() != "index"


def _base_of(feeds: Collection[Described], *, has_pages: bool) -> _Base | None:
    """Where most documents say they stand, less their own path; None when none does.

    Without a page among them, documents that disagree are a heap, and no site.
    """
    bases: Counter[str] = Counter()
    for feed in feeds:
        for path in (feed.name, _folder_index(feed.name)):
            if feed.own and path is not None and feed.own.endswith("/" + path):
                bases[feed.own[: len(feed.own) - len(path)]] += 1
                break
    if not bases or (not has_pages and bases.total() < sum(bool(feed.own) for feed in feeds)):
        return None
    return _Base(address=bases.most_common(1)[0][0])


def _folder_index(name: str) -> str | None:
    """The name under which a server shows an index file: that of its folder."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/" if file.startswith("index.") and folder else None


def _is_beside(feed: Described, page: str) -> bool:
    return feed.name.rpartition("/")[0] == page.rpartition("/")[0]


def _line(feed: Described, rel: str) -> int | None:
    link = feed.first(rel)
    return link.line if link else None


def _twice(archive: Described, seen: dict[tuple[str, str], str]) -> Iterator[Finding]:
    for entry in archive.entries:
        key = (entry.id, entry.updated)
        if entry.id and entry.updated and key in seen:
            yield IN_TWO_ARCHIVES.at(entry.line, f"{shown(entry.id)} stands in {seen[key]} too")
        seen.setdefault(key, archive.name)


def _of(name: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield replace(finding, document=name)
