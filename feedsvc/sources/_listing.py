"""Pages that list several items: which elements they are, and what each says.

Room: sources, private; for the reader of web pages. Imports the room's neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from lxml import html
from lxml.html import HtmlElement

from feedsvc.model import Media, Origin, RawDate
from feedsvc.sources import _dom, _pagebody, _scoped
from feedsvc.sources._datelines import Credits, credits_of
from feedsvc.sources._labels import is_furniture, is_known_label
from feedsvc.sources._said import SILENCE, Said

LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")
STRONG = ("b", "strong")
YEAR = re.compile(r"\d{4}")
TEXT = 300  #: characters of the only marked element that make it an article
PARAGRAPH = 120  #: characters that make a paragraph one of a text
LABELS = 20  #: lists beside a listing that are read
TEASERS = 60  #: characters of text elsewhere that each dated entry outweighs
LINKED = 10  #: characters of a link that may be a title; half of them in scripts without blanks
COMMENT = frozenset(["comment", "comments", "reply", "u-comment", "h-cite", "response", "answer"])


def entries(tree: HtmlElement) -> list[HtmlElement]:
    """The elements that are items: marked up as such, else of one repeated structure."""
    marked = _marked(tree)
    if len(marked) > 1:
        return marked
    found = _headed(tree) or _rows(tree) or marked
    is_one = marked and _dom.size(marked[0]) > TEXT and marked[0] not in found[0].iterancestors()
    return marked if is_one else found


def _marked(tree: HtmlElement) -> list[HtmlElement]:
    found = [e for e in tree.iter() if isinstance(e.tag, str) and _is_entry(e)]
    inside = (
        Counter(a for e in found for a in e.iterancestors() if a in set(found))
        if len(found) < 500
        else Counter()
    )
    # One that holds several others is a frame around them, unless it has a text of its own.
    frames = {e for e, n in inside.items() if n > 1 and not _scoped.bodies(e)}
    found = [e for e in _dom.outermost(e for e in found if e not in frames) if _has_words(e)]
    teasers = [e for e in found if _scoped.is_article(e) or _leads_on(e)]
    return found if 2 * len(teasers) > len(found) else []


def _leads_on(entry: HtmlElement) -> bool:
    """Whether an element has what the pieces of one text have not: a day, or a heading that leads on."""
    is_within = any(above.tag == "a" for above in entry.iterancestors())
    headings = (heading for heading in entry.iter(*LEVELS))
    is_headed = any(_target(heading) is not None for heading in headings)
    return is_within or is_headed or next(entry.iter("time", "h1"), None) is not None


def prose(tree: HtmlElement, entries: Sequence[HtmlElement]) -> tuple[int, int]:
    """Characters of long paragraphs outside of the entries and in them."""
    chosen = set(entries)
    outside = inside = 0
    for paragraph in tree.iter("p"):
        length = _dom.size(paragraph)
        if length >= PARAGRAPH:
            is_inside = any(above in chosen for above in paragraph.iterancestors())
            outside, inside = outside + length * (not is_inside), inside + length * is_inside
    return outside, inside


def n_dated(entries: Sequence[HtmlElement]) -> int:
    """How many of the first hundred tell a day."""
    return sum(bool(_scoped.times(entry) or _row_dates(entry)) for entry in entries[:100])


def ranked(parts: Sequence[HtmlElement]) -> Iterator[tuple[str, int, HtmlElement]]:
    """The links of lists below a heading such as "Most read": heading, place, link."""
    seen: set[HtmlElement] = set()
    for text, label, part in islice(_labels(parts), LABELS):
        if not seen & set(found := _list_below(label, part)):
            seen.update(found)
            yield from ((text, rank, link) for rank, link in enumerate(found, 1))


def _labels(
    parts: Sequence[HtmlElement],
) -> Iterator[tuple[str, HtmlElement, HtmlElement]]:
    for part in parts:
        for label in part.iter(*LEVELS, "strong", "p", "div", "span"):
            text = _dom.words(label) if label.tag in LEVELS else _dom.fold(label.text or "")
            if text and is_known_label(text):
                yield text, label, part


def _list_below(label: HtmlElement, part: HtmlElement) -> list[HtmlElement]:
    """The links, one a row, of the first list behind a label."""
    following = (e for e in label.xpath("following::ol|following::ul") if part in e.iterancestors())
    first = next(following, None)
    rows = [] if first is None else first.findall("li")
    links = [[a for a in row.iter("a") if _is_title(a)] for row in rows]
    return [found[0] for found in links if len(found) == 1] if len(rows) > 1 else []


def _is_entry(element: HtmlElement) -> bool:
    if element.tag in ("body", "html"):
        return False
    is_marked = element.tag == "article" or _scoped.is_article(element)
    return is_marked and COMMENT.isdisjoint(_dom.names(element))


def _has_words(element: HtmlElement) -> bool:
    return bool(element.text_content().strip())


def _headed(tree: HtmlElement) -> list[HtmlElement]:
    """Around each heading that is a link, or has its day beside it, all that belongs to it alone."""
    headings = [h for h in tree.iter(*LEVELS) if _target(h) is not None]
    if len(headings) > 1:
        level = Counter(h.tag for h in headings).most_common(1)[0][0]
        headings = [h for h in headings if h.tag == level]
    if len(headings) < 2:
        level, headings = _dated_level(tree)
    inside = Counter(above for h in headings for above in h.iterancestors())
    found = [_around(h, inside) for h in headings] if len(headings) > 1 else []
    return [_with_followers(e, level) for e in found]


def _dated_level(tree: HtmlElement) -> tuple[str, list[HtmlElement]]:
    """The first level of headings most of which have a line beside them that tells a day."""
    levels: dict[str, list[HtmlElement]] = {level: [] for level in LEVELS}
    for heading in tree.iter(*LEVELS):
        if any(map(str.isalpha, text := _dom.words(heading))) and not credits_of(text):
            levels[heading.tag].append(heading)
    for level, headings in levels.items():
        n_days = sum(map(_has_day_beside, headings))
        if n_days > 1 and 2 * n_days > len(headings):
            return level, headings
    return "", []


def _has_day_beside(heading: HtmlElement) -> bool:
    beside = (heading.getnext(), heading.getprevious())
    is_short = (one for one in beside if one is not None and isinstance(one.tag, str))
    lines = (
        line for one in is_short if one.tag not in LEVELS for line in islice(_dom.lines(one), 2)
    )
    return any(_tells_day(line) for line in lines)


def _tells_day(line: _dom.Line) -> bool:
    credits = _scoped.credits_in(line)
    return any(not YEAR.fullmatch(date.words) for date in credits.dates) if credits else False


def _around(element: HtmlElement, inside: Counter[HtmlElement]) -> HtmlElement:
    """The largest element around this one that holds no other of its kind; at most a row."""
    above = element.getparent()
    while above is not None and inside[above] == 1 and above.tag not in ("body", "html", "main"):
        element, above = above, above.getparent()
        if element.tag in ("li", "tr", "dd"):
            break
    return element


def _with_followers(element: HtmlElement, level: str) -> HtmlElement:
    """A bare heading together with what follows it up to the next one."""
    if element.tag != level:
        return element
    wrapper = html.Element("div")
    wrapper.sourceline = element.sourceline
    following = list(
        takewhile(
            lambda e: not (e.tag in LEVELS and e.tag <= level) and _holds_no(e, level),
            element.itersiblings(),
        )
    )
    element.addprevious(wrapper)
    for one in (element, *following):
        wrapper.append(one)
    return wrapper


def _holds_no(element: HtmlElement, level: str) -> bool:
    return next(element.iter(level), None) is None


def _rows(tree: HtmlElement) -> list[HtmlElement]:
    """Lines of a list or a table, three at least, that hold one title and a day.

    With them those of their kind in the same list that tell no day, where they are fewer.
    """
    later = {a for row in tree.iter("tr") for a in _later_links(row)}
    titles = [e for e in tree.iter("a", *STRONG) if e not in later and _is_row_title(e)]
    inside = Counter(above for title in titles for above in title.iterancestors())
    rows = [_around(title, inside) for title in titles]
    rows = [row for row in rows if row.tag not in ("a", *STRONG, "body", "main")]
    dated = {row for row in rows if _is_dated(row)}
    kinds = Counter(row.tag for row in dated)
    dated = {row for row in dated if kinds[row.tag] > 2}
    lists, alike = Counter(map(_list_of, dated)), Counter(map(_list_of, rows))
    whole = {kind for kind, n in lists.items() if n > 1 and 2 * n > alike[kind]}
    return [row for row in rows if row in dated or _list_of(row) in whole]


def _later_links(row: HtmlElement) -> Iterator[HtmlElement]:
    """The links in the cells of a row behind the first that has one: to a file, to a place."""
    linked = [
        links for cell in row.findall("td") if (links := [*filter(_is_title, cell.iter("a"))])
    ]
    is_flat = next(row.iter("table"), None) is None
    return (link for links in linked[1:] for link in links if is_flat)


def _list_of(row: HtmlElement) -> tuple[HtmlElement | None, str, str]:
    """What rows of one list share: where they stand, and what they are called."""
    return row.getparent(), row.tag, row.get("class") or ""


def _is_row_title(element: HtmlElement) -> bool:
    return _is_title(element) if element.tag == "a" else _is_bold_line(element)


def _is_bold_line(element: HtmlElement) -> bool:
    """Whether bold words are a line of their own, and no link: the titles of pages without headings."""
    parent = element.getparent()
    text = _dom.words(element)
    if parent is None or next(element.iter("a"), None) is not None or parent.tag in ("a", *STRONG):
        return False
    behind = element.getnext()
    is_line = (behind is None or behind.tag in _dom.BLOCKS) and not (element.tail or "").strip()
    is_first = not (parent.text or "").strip() and element.getprevious() is None
    is_long = len(text) >= LINKED or (len(text) >= LINKED / 2 and not text.isascii())
    return is_line and is_first and is_long and len(text) < 200 and not credits_of(text)


def _is_dated(row: HtmlElement) -> bool:
    return _dom.size(row) < 600 and bool(_scoped.times(row) or _row_dates(row))


def _row_dates(row: HtmlElement) -> tuple[RawDate, ...]:
    parts = list(_dom.lines(row))
    if row.tag == "dd" and (term := row.getprevious()) is not None and term.tag == "dt":
        parts = [*_dom.lines(term), *parts]
    return _scoped.credited(parts).dates or _pieces(parts)


def _pieces(parts: list[_dom.Line]) -> tuple[RawDate, ...]:
    """Days beside a title on one line: "2024-05-01: A title"."""
    pieces = (piece.strip(" \t\r\n:|·•,/–—-()[]") for line in parts for piece in line.pieces)
    found = (credits_of(piece) for piece in pieces if piece and len(piece) < 60)
    return tuple(date for credits in found if credits for date in credits.dates)


def _is_title(link: HtmlElement) -> bool:
    text = _dom.words(link)
    is_long = len(text) >= LINKED or (len(text) >= LINKED / 2 and not text.isascii())
    return (
        is_long and leads_away(link.get("href")) and not is_furniture(text) and not credits_of(text)
    )


def leads_away(address: str | None) -> bool:
    """Whether a link leads to another page."""
    return bool(address) and not str(address).strip().lower().startswith(
        ("#", "javascript:", "mailto:", "tel:")
    )


def _target(heading: HtmlElement) -> str | None:
    """Where a heading leads: by a link in it or around it."""
    links = (*heading.iter("a"), *(e for e in heading.iterancestors("a")))
    return next(
        (a.get("href") for a in links if leads_away(a.get("href")) and _dom.words(heading)), None
    )


# -- what an entry says --------------------------------------------------------------------------


def headline_of(entry: HtmlElement) -> HtmlElement | None:
    """The element of its title."""
    named = (
        e
        for e in entry.iter()
        if isinstance(e.tag, str) and {"p-name", "entry-title"} & set(_dom.classes(e))
    )
    first = next((e for e in named if e is not entry and _dom.words(e)), None)
    if first is None:
        first = next((h for h in entry.iter(*LEVELS) if _dom.words(h)), None)
    if first is None:
        first = next((a for a in entry.iter("a") if _is_title(a)), None)
    return first if first is not None else next(filter(_is_bold_line, entry.iter(*STRONG)), None)


def said_by(entry: HtmlElement, graph: dict[str, Said]) -> Said:
    """Everything an entry says; `graph` adds what JSON-LD says of the page it leads to."""
    headline = headline_of(entry)
    marked = _scoped.said_in(entry)
    link = marked.link or _link(entry, headline)
    is_timed = any(date.origin is Origin.TIME for date in marked.dates)
    times = () if is_timed else _scoped.times(entry, headline)
    credits = _credits(entry, is_dated=bool(marked.dates or times))
    own = Said(
        title=_dom.words(headline) if headline is not None else None,
        link=link,
        dates=(*times, *credits.dates),
        authors=credits.authors,
        media=tuple(_picture(entry)),
    )
    said = replace(marked, title=own.title or marked.title) | own
    return said | graph.get(link or "", SILENCE)


def _credits(entry: HtmlElement, *, is_dated: bool) -> Credits:
    parts = list(_dom.lines(entry))
    found = _scoped.credited(parts[:6] if _scoped.bodies(entry) else parts, is_dated=is_dated)
    is_row = len(parts) < 5 and not is_dated
    return replace(found, dates=found.dates or (_row_dates(entry) if is_row else ()))


def _link(entry: HtmlElement, headline: HtmlElement | None) -> str | None:
    if headline is not None and headline.tag != "a" and (target := _target(headline)):
        return target
    own = [e for e in (headline, entry) if e is not None and e.tag == "a"]
    inner = (a for a in entry.iter("a") if leads_away(a.get("href")))
    first = next((a for a in (*own, *inner, *entry.iterancestors("a"))), None)
    return str(first.get("href")) if first is not None else None


def _picture(entry: HtmlElement) -> Iterator[Media]:
    for image in entry.iter("img"):
        url = image.get("data-src") or image.get("data-lazy-src") or image.get("src") or ""
        if url.strip() and not url.startswith("data:"):
            yield Media(
                url=url.strip(), is_image=True, title=(image.get("alt") or "").strip() or None
            )
            return


def text_of(entry: HtmlElement, title: str | None) -> str:
    """The HTML of an entry's text: marked as such, else all of it but heading, days and pictures."""
    if marked := _dom.outermost(_scoped.bodies(entry)):
        return _pagebody.written(marked, title)
    headline = headline_of(entry)
    for element in list(entry.iter("img", "picture", "time")):
        _dom.drop(element)
    if headline is not None and headline is not entry:
        _dom.drop(headline)
    for link in list(entry.iter("a")):
        if link is not entry and not link.text_content().strip():
            _dom.drop(link)
    body = _pagebody.written([entry], title)
    return body if any(character.isalnum() for character in _TAG.sub("", body)) else ""


_TAG = re.compile("<[^>]*>")


def sections(tree: HtmlElement, found: list[HtmlElement]) -> list[HtmlElement | None]:
    """For each entry the heading of the part of the page it stands in, where there is one."""
    chosen, inside = set(found), None
    current: HtmlElement | None = None
    labels: dict[HtmlElement, HtmlElement | None] = {}
    for element in tree.iter():
        if element in chosen:
            inside = element
            labels[element] = current
        elif element.tag in LEVELS[1:] and inside not in element.iterancestors():
            current = element
    return [labels.get(entry) for entry in found]
