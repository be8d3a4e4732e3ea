"""One page, once it is text: what it is, and the items on it.

Room: sources, private; entered by the reader of web pages alone, when it is first used, since
it brings lxml along. Imports the room's neighbours.
"""

from __future__ import annotations

import html as entities
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import dropwhile, islice
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from feedsvc.model import DateRole, Markup, Origin, RawDate, RawItem, Refused
from feedsvc.sources import _dom, _html, _jsonld, _listing, _pagebody, _saved, _scoped
from feedsvc.sources._datelines import credits_of
from feedsvc.sources._hints import Hints
from feedsvc.sources._labels import is_known_label, label_group, label_key
from feedsvc.sources._said import SILENCE, SPEECH, TABLES, Said, said_of
from feedsvc.sources._text import refused

META = {kind: names.split() for kind, names in TABLES["meta"].items()}
OPEN_GRAPH = frozenset(TABLES["types"]["open_graph"].split())
SEPARATOR = re.compile(r"\s+(?:[|–—―·•»«:/]|-{1,2}|::)\s+|\s*[|»]\s*")
_CJK_SITE = re.compile(r"\s*[-_—|]\s*[^-_—|]{1,12}(?:网|網|新闻|新聞|日报|日報|ニュース)$")
RELATIVE = ("href", "src", "poster", "cite", "data-src", "data-lazy-src", "data-original")
HEADING = re.compile(r"(?<!site-)(?<!page-)(?:title|heading|headline)$")
LEAD = 200  #: characters of a line that is no longer part of the head
NAMING = 5  #: words of the heading in the address of a page that is one item
DOMINANT = 800  #: characters that make one of several marked texts the page's own


@dataclass(frozen=True, slots=False, kw_only=True)
class Page:
    """A parsed page and what is known of it."""

    name: str
    tree: HtmlElement
    meta: Mapping[str, Sequence[str]]
    graph: _jsonld.Graph
    link: str | None  #: its own address
    base: str | None  #: what relative addresses on it go by
    language: str | None
    captured: tuple[RawDate, ...]
    sites: frozenset[str]  #: what the site is called, folded
    beside: tuple[HtmlElement, ...] = ()  #: what is no part of its text

    def said_in_meta(self) -> Said:
        """What <meta> says, `description` as a summary."""
        record: dict[str, object] = {
            kind: next(self._metas(kind), None) for kind in ("summary", "section", "image")
        }
        for kind in ("authors", "tags"):
            record[kind] = next((list(self.meta[n]) for n in META[kind] if n in self.meta), None)
        tags = record["tags"]
        if isinstance(tags, list) and len(tags) == 1:
            record["tags"] = tags[0]
        dates = [
            RawDate(words=words, role=role, origin=Origin.META, name=name)
            for kind, role in (("published", DateRole.PUBLISHED), ("updated", DateRole.UPDATED))
            for name in META[kind]
            for words in self.meta.get(name, ())[:1]
        ]
        return replace(said_of(record), dates=tuple(dates))

    def _metas(self, kind: str) -> Iterator[str]:
        return (value for name in META[kind] for value in self.meta.get(name, ()))

    @property
    def is_event(self) -> bool:
        """Whether it announces something: the days on it are not its own."""
        return any("event" in kind for node in self.graph.nodes for kind in _jsonld.types_of(node))

    @cached_property
    def headline(self) -> HtmlElement | None:
        """The main heading: one that metadata or the title name, else the first; never the site's."""
        found = [h for h in self.tree.iter("h1") if self._may_head(h)]
        lesser = [h for h in self.tree.iter("h2", "h3") if self._may_head(h)]
        told = {label_key(title) for title in self._told()}
        title = label_key(next((_dom.words(e) for e in self.tree.iter("title")), ""))
        by_title = (h for h in (*found, *lesser) if _names(title, label_key(_dom.words(h))))
        named = (h for h in found if label_key(_dom.words(h)) in told)
        first = found[:1] or (lesser if len(lesser) == 1 else [])
        return next((h for h in (*named, *by_title, *first, *self._called_heading())), None)

    def _called_heading(self) -> Iterator[HtmlElement]:
        """Where there are no headings, short boxes whose name ends in "title" or "heading"."""
        if next(self.tree.iter(*_listing.LEVELS), None) is None:
            boxes = self.tree.iter("div", "td", "p", "span", "font")
            called = (e for e in boxes if any(map(HEADING.search, _dom.names(e))))
            yield from (e for e in called if len(_dom.words(e)) < LEAD and self._may_head(e))

    def _may_head(self, heading: HtmlElement) -> bool:
        """Whether a heading has words that are not the site's name, and leads not to its home."""
        key = label_key(_dom.words(heading))
        homes = (
            _path(a.get("href") or "#") for a in (*heading.iter("a"), *heading.iterancestors("a"))
        )
        return bool(key) and key not in self.sites and not any(home in ("", "/") for home in homes)

    def _told(self) -> list[str]:
        """The titles that metadata give, the surest first."""
        node = next(iter(self.graph.articles()), {})
        told = (str(node.get("headline") or ""), *self._metas("title"))
        short = (title for title in told if title and len(title) <= SPEECH)
        return [_dom.fold(entities.unescape(title)) for title in short]

    def title(self) -> str | None:
        """What the page says it is called, without the name of its site."""
        seen = _dom.words(self.headline) if self.headline is not None else ""
        for title in self._told():
            if seen and _is_cut(title, seen):
                return seen
            if own := without_site(title, self.sites):
                return own
        last = next((_CJK_SITE.sub("", _dom.words(e)) for e in self.tree.iter("title")), "")
        own = seen or without_site(last, self.sites)
        return own if own and len(own) <= SPEECH else None


def without_site(title: str, sites: frozenset[str]) -> str | None:
    """A title without the name of the site at its end or beginning; None when it is no more."""
    parts = [*SEPARATOR.finditer(title)]
    for part in parts:
        if label_key(title[part.end() :]).replace(" ", "") in {s.replace(" ", "") for s in sites}:
            return without_site(title[: part.start()].strip(), sites)
    for part in reversed(parts):
        if label_key(title[: part.start()]) in sites:
            return title[part.end() :].strip()
    return None if not title or label_key(title) in sites else title


def _names(title: str, heading: str) -> bool:
    """Whether a page's <title> holds a heading of more than a word or two, both folded."""
    return heading.count(" ") >= 2 and f" {heading} " in f" {title} "


def _is_cut(title: str, seen: str) -> bool:
    """Whether a title is what can be seen, cut short, or with a suffix."""
    told, shown = label_key(title), label_key(seen)
    is_short = (
        len(told) > 30 and shown.startswith(told) and title.endswith(("…", "..."))
    ) or told == shown
    has_suffix = (
        len(shown) > 10 and told.startswith(shown + " ") and SEPARATOR.match(title[len(seen) :])
    )
    return bool(is_short or has_suffix)


# -- reading ------------------------------------------------------------------------------------


def read(name: str, text: str, saved: _saved.Saved, hints: Hints) -> Iterator[RawItem | Refused]:
    """The items of a page, in its order."""
    text, archived = _saved.without_archive(text)
    tidy = _html.tidied(text, hints.limits)
    tree = _html.parse(tidy.text)
    found = (
        list(_items(_page_of(name, tree, text, saved, archived, hints))) if tree is not None else []
    )
    yield from found
    if not found:
        remedy = "save it once more when it is loaded whole"
        yield refused(name, 1, "a page with nothing to read on it", remedy, text)
    if tidy.cut_at is not None:
        line = text.count("\n", 0, tidy.cut_at) + 1
        reason = f"from here on more than {_html.TAGS:,} tags; only their words were read"
        yield refused(name, line, reason, "split it into smaller files", text[tidy.cut_at :][:200])


def _page_of(
    name: str, tree: HtmlElement, text: str, saved: _saved.Saved, archived: str | None, hints: Hints
) -> Page:
    meta = _meta(tree)
    graph = _jsonld.read(tree)
    noted, noted_at = _saved.saved_from(text)
    link = _own_link(tree, meta, graph) or noted or saved.address or hints.address
    base = _base(tree, link or noted or saved.address or hints.address)
    captured = next(filter(None, (archived, noted_at, saved.captured)), None)
    page = Page(
        name=name,
        tree=tree,
        meta=meta,
        graph=graph,
        link=_joined(base, link) if link and base else link,
        base=base,
        language=_language(tree, meta) or hints.language,
        captured=(RawDate(words=captured, role=DateRole.CAPTURED, name="saved"),)
        if captured
        else (),
        sites=_sites(meta, graph, link),
    )
    if base:
        _resolve(tree, base)
    return replace(page, beside=tuple(_pagebody.prune(tree)))


def _meta(tree: HtmlElement) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for element in tree.iter("meta"):
        content = _dom.fold(element.get("content") or "")
        is_own = next(element.iterancestors("head"), None) is not None
        kinds = ("property", "name", "http-equiv", *(("itemprop",) if is_own else ()))
        called = (element.get(kind) for kind in kinds)
        for name in filter(None, called):
            if content and len(content) < 10_000 and len(found[name.casefold()]) < 50:
                found[name.casefold()].append(content)
    return found


def _own_link(
    tree: HtmlElement, meta: Mapping[str, Sequence[str]], graph: _jsonld.Graph
) -> str | None:
    rels = (
        e.get("href")
        for e in tree.iter("link")
        if "canonical" in (e.get("rel") or "").lower().split()
    )
    said = (meta[name][0] for name in META["link"] if meta.get(name))
    nodes = (_jsonld.said_by(node, graph).link for node in graph.articles()[:1])
    found = [url.strip() for url in (*rels, *said, *nodes) if url and url.strip()]
    return next((url for url in found if "://" in url), found[0] if found else None)


def _base(tree: HtmlElement, address: str | None) -> str | None:
    written = next((e.get("href") for e in tree.iter("base") if e.get("href")), None)
    try:
        base = urljoin(address or "", written) if written else address
        return base if base and urlsplit(base).scheme in ("http", "https") else None
    except ValueError:
        return None


def _resolve(tree: HtmlElement, base: str) -> None:
    for element in tree.iter(
        "a", "img", "link", "video", "audio", "source", "iframe", "blockquote", "q", "track"
    ):
        for name in RELATIVE:
            value = element.get(name)
            if value and not value.startswith(("#", "http://", "https://", "data:")):
                element.set(name, _joined(base, value))


def _joined(base: str, value: str) -> str:
    try:
        return urljoin(base, value.strip())
    except ValueError:
        return value


def _language(tree: HtmlElement, meta: Mapping[str, Sequence[str]]) -> str | None:
    root = next(tree.iter("html"), tree)
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    said = (
        root.get("lang"),
        root.get("xml:lang"),
        root.get(xml),
        *(meta[n][0] for n in META["language"] if meta.get(n)),
    )
    found = (value.strip().replace("_", "-") for value in said if value)
    return next(
        (value for value in found if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", value)),
        None,
    )


def _sites(
    meta: Mapping[str, Sequence[str]], graph: _jsonld.Graph, link: str | None
) -> frozenset[str]:
    named = [value for name in META["site"] for value in meta.get(name, ())]
    for node in graph.nodes:
        if _jsonld.types_of(node) & {"website", "organization", "newsmediaorganization"}:
            named.append(str(node.get("name") or ""))
    host = _host(link or "").removeprefix("www.")
    named += [host, host.rpartition(".")[0]]
    return frozenset(filter(None, map(label_key, map(entities.unescape, named))))


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _path(address: str) -> str:
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return ""


# -- one or several -----------------------------------------------------------------------------


def _items(page: Page) -> Iterator[RawItem]:
    found = _listing.entries(page.tree)
    if _is_article(page, found):
        if item := _article(page, _own(page, found)):
            yield item
        return
    yield from _listed(page, found)


def _is_article(page: Page, entries: Sequence[HtmlElement]) -> bool:
    """Whether the page is one item, by what it says of itself and by what is on it."""
    is_called = any(kind in OPEN_GRAPH for kind in page.meta.get("og:type", ()))
    is_dated = any(name in page.meta for name in ("article:published_time", "datepublished"))
    if page.graph.articles() or is_dated:
        return True
    if len(entries) < 2:
        return is_called or len(page.graph.listed()) < 2
    return is_called or _is_named(page) or _is_held(page, entries) or _is_text(page, entries)


def _is_named(page: Page) -> bool:
    """Whether the address is made of the main heading, and that is a sentence more than a name."""
    slug = label_key(re.sub(r"[-_+/.]", " ", _path(page.link or ""))).split()
    title = label_key(_dom.words(page.headline)).split() if page.headline is not None else []
    shared = set(slug) & set(title)
    return len(shared) >= NAMING and 2 * len(shared) > len(title)


def _is_held(page: Page, entries: Sequence[HtmlElement]) -> bool:
    """Whether one of several is the page's own: it has the main heading, or far more words."""
    if page.headline is not None and _is_own(page.headline):
        above = set(page.headline.iterancestors())
        if page.headline.tag == "h1" and any(entry in above for entry in entries):
            return True
    sizes = sorted(((_dom.size(e), n) for n, e in enumerate(entries)), reverse=True)
    heading = _listing.headline_of(entries[sizes[0][1]])
    is_dominant = sizes[0][0] > DOMINANT and sizes[0][0] > 5 * sizes[1][0]
    return is_dominant and (heading is None or _is_own(heading))


def _is_text(page: Page, entries: Sequence[HtmlElement]) -> bool:
    """Whether there is more to read beside the several than in them."""
    outside, inside = _listing.prose(page.tree, entries)
    if outside > inside and _is_headed_by_day(page, entries):
        return True
    return outside > max(inside, _listing.TEASERS * _listing.n_dated(entries), 500)


def _is_headed_by_day(page: Page, entries: Sequence[HtmlElement]) -> bool:
    """Whether a day stands right below the main heading, before any of the several."""
    if page.headline is None or not _is_own(page.headline):
        return False
    chosen, inside = set(entries), set(page.headline.iter())
    lines = dropwhile(lambda line: line.holder not in inside, _dom.lines(page.tree))
    for line in islice(lines, 1, 4):
        if any(above in chosen for above in (line.holder, *line.holder.iterancestors())):
            return False
        if (credits := _scoped.credits_in(line)) and credits.dates:
            return True
    return False


def _is_own(headline: HtmlElement) -> bool:
    """Whether a heading is the page's own: it leads nowhere else."""
    return not any(_listing.leads_away(a.get("href")) for a in headline.iter("a"))


def _own(page: Page, entries: Sequence[HtmlElement]) -> HtmlElement:
    """The part of a page that is its article."""
    holding = [e for e in entries if page.headline is not None and page.headline in e.iter("h1")]
    if holding:
        return holding[0]
    return max(entries, key=_dom.size) if entries and len(entries) < 3 else page.tree


# -- an article -----------------------------------------------------------------------------------


def _article(page: Page, own: HtmlElement) -> RawItem | None:
    title = page.title()
    said = _said(page, own)
    holders, _ = _pagebody.holder_of(page.tree, _pagebody.trafilatura(), said.body)
    body = _pagebody.written(holders, title)
    return _item(page, replace(said, title=title, link=page.link), body, 0, _line(own))


def _said(page: Page, own: HtmlElement) -> Said:
    nodes = page.graph.articles()[:1] or [node for node in (page.graph.page(),) if node]
    told = [_jsonld.said_by(node, page.graph) for node in nodes] or [SILENCE]
    scoped = _scoped.said_in(own)
    if own is page.tree:
        marked = next(
            (e for e in own.iter() if isinstance(e.tag, str) and _scoped.is_article(e)), None
        )
        scoped = (_scoped.said_in(marked) if marked is not None else SILENCE) | scoped
    seen = Said(dates=_seen_times(own, page, scoped))
    said = told[0] | page.said_in_meta() | scoped | seen
    is_dated = bool(scoped.dates or seen.dates)
    head = _head(own, page.headline)
    credits = _scoped.credited(head, is_dated=is_dated)
    dates = credits.dates or (() if said.dates or page.is_event else _beside(head, page.headline))
    return said | Said(dates=dates, authors=credits.authors)


def _beside(head: Sequence[_dom.Line], headline: HtmlElement | None) -> tuple[RawDate, ...]:
    """A day among other words right above or below the headline."""
    inside = set(headline.iter()) if headline is not None else set()
    at = next((n for n, line in enumerate(head) if line.holder in inside), 0)
    near = (*head[at + 1 : at + 5], *reversed(head[max(0, at - 3) : at]))
    return next((days for line in near if (days := _scoped.day_beside(line))), ())


def _seen_times(own: HtmlElement, page: Page, scoped: Said) -> tuple[RawDate, ...]:
    if any(date.origin is Origin.TIME for date in scoped.dates):
        return ()
    return _scoped.times(own, page.headline)


def _head(own: HtmlElement, headline: HtmlElement | None) -> list[_dom.Line]:
    """The short lines around the main heading: before it, and after it up to the text."""
    lines = list(_dom.lines(next(own.iter("body"), own)))
    inside = set(headline.iter()) if headline is not None else set()
    at = next((n for n, line in enumerate(lines) if line.holder in inside), 0)
    found = lines[max(0, at - 6) : at]
    for line in lines[at : at + 20]:
        if len(line.text) > LEAD and line.holder not in inside and len(found) > 12:
            break
        found.append(line)
    return found


def _item(page: Page, said: Said, body: str, position: int, line: int) -> RawItem | None:
    markup = Markup.HTML
    if len(said.body) > 2 * len(_text(body)) and len(said.body) > 200:
        body, markup = said.body, Markup.TEXT
    if not (said.title or body or said.summary):
        return None
    site = next(iter(page.meta.get("og:site_name", ())), None)
    return RawItem(
        source=page.name,
        position=position,
        line=line,
        title=said.title,
        body=body,
        markup=markup,
        summary=said.summary,
        dates=(*said.dates, *page.captured),
        link=said.link,
        section=said.section,
        tags=said.tags,
        authors=said.authors,
        media=said.media,
        language=said.language or page.language,
        fields=(("site", site),) if site else (),
        episode=said.episode,
    )


def _text(body: str) -> str:
    return re.sub(r"<[^>]*>", "", body)


def _line(element: HtmlElement) -> int:
    return element.sourceline or 1


# -- a listing ------------------------------------------------------------------------------------


def _listed(page: Page, entries: Sequence[HtmlElement]) -> Iterator[RawItem]:
    graph = {
        _joined(page.base or "", said.link): replace(said, link=None)
        for node in page.graph.listed()
        if (said := _jsonld.said_by(node, page.graph)).link
    }
    if not entries:
        yield from _from_graph(page)
        return
    headings = _listing.sections(page.tree, list(entries))
    position = 0
    for entry, heading in zip(entries, headings, strict=True):
        said = _listing.said_by(entry, graph)
        item = _item(
            page,
            _in_section(said, heading),
            _listing.text_of(entry, said.title),
            position,
            _line(entry),
        )
        if item:
            yield item
            position += 1
    yield from _ranked(page, position)


def _ranked(page: Page, position: int) -> Iterator[RawItem]:
    """What stands in lists beside a listing, such as the most read."""
    for label, rank, link in _listing.ranked(page.beside):
        said = Said(title=_dom.words(link), link=str(link.get("href")), section=label)
        if item := _item(page, said, "", position, _line(link)):
            yield replace(item, rank=rank, group=label_group(label))
            position += 1


def _in_section(said: Said, heading: HtmlElement | None) -> Said:
    """An entry with what the heading above it says: a day, or the name of a section."""
    text = _dom.words(heading) if heading is not None else ""
    if not text or len(text) > 60:
        return said
    if credits := credits_of(text):
        days = tuple(replace(date, origin=Origin.HEADING) for date in credits.dates)
        return said | Said(dates=days)
    is_name = is_known_label(text) or len(text.split()) <= 3
    return said if said.section or not is_name else replace(said, section=text)


def _from_graph(page: Page) -> Iterator[RawItem]:
    position = 0
    for node in page.graph.listed():
        said = _jsonld.said_by(node, page.graph)
        link = _joined(page.base or "", said.link) if said.link else None
        if (said.title or said.summary) and (
            item := _item(page, replace(said, link=link), "", position, 1)
        ):
            yield item
            position += 1
