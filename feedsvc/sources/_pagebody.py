"""The text of an article among all else on its page.

Room: sources, private; for the reader of web pages. Imports the room's neighbours.

Where a page says which element holds its text, that one is taken, since it keeps all markup;
else what trafilatura finds (the extra `html`), else the densest element.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from urllib.parse import unquote

from lxml import etree, html
from lxml.html import HtmlElement

from feedsvc.sources import _dom, _scoped
from feedsvc.sources._labels import is_furniture, label_key
from feedsvc.sources._said import TABLES

HOST = re.compile(r"""(="https?://)([^"/?#\s]*%[0-9A-Fa-f]{2}[^"/?#\s]*)""")
HOLDERS = {name: n for n, name in enumerate(TABLES["body"]["holders"].split())}
AROUND, EXACT, INSIDE, NOT_AT_ALL = (
    frozenset(TABLES["furniture"][kind].split())
    for kind in ("around", "exact", "inside", "not_at_all")
)
NEVER = frozenset(
    [
        "script",
        "style",
        "template",
        "button",
        "input",
        "select",
        "textarea",
        "noscript",
        "svg",
        "dialog",
        "label",
    ]
)
TEXTUAL = frozenset(
    [
        "a",
        "audio",
        "blockquote",
        "code",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "iframe",
        "img",
        "p",
        "picture",
        "pre",
        "table",
        "time",
        "video",
    ]
)  #: are what they are, whatever they are called
BOXES = ("div", "section", "article", "header", "fieldset", "dl")
HOLDING = frozenset(["blockquote", "figure", "pre", "table"])  #: keep all that is in them
ENOUGH = 200  #: characters that make a text
SHARE = 0.35  #: of a page's text that a holder must have, where others claim more
MOST = 0.85  #: of the words of a text
WHEN = 200  #: characters of a box that tells when
EXTRACTED = 600_000  #: characters of a page that trafilatura is asked about

EXTRACTED_DEPTH = 80  #: elements within elements; it takes seconds for more

Extract = Callable[[HtmlElement], str]


def prune(tree: HtmlElement) -> list[HtmlElement]:
    """Take out, and give, what is no text of the page: menus, comments, lists of other pages.

    Never what holds the main heading, a text marked as such or half of all words: names may lie.
    """
    for program in list(tree.iter("script", "style")):
        _dom.drop(program)
    dropped = []
    sizes = _dom.sizes(tree)
    held = (
        e for e in tree.iter(etree.Element) if e.tag in ("h1", "article", "main") or _is_holder(e)
    )
    kept = {above for e in held for above in (e, *e.iterancestors())}
    stack = [tree]
    while stack:
        element = stack.pop()
        if element not in kept and _is_beside(element) and 2 * sizes[element] <= sizes[tree]:
            _dom.drop(element)
            dropped.append(element)
        else:
            stack += element.iterchildren(etree.Element)
    return dropped


def _is_holder(element: HtmlElement) -> bool:
    return element.get("itemprop") == "articleBody" or any(
        n in HOLDERS for n in _dom.names(element)
    )


def _tells_when(element: HtmlElement) -> bool:
    """Whether it is a short box in an article that leads nowhere and tells a day."""
    if next(element.iter("a"), None) is not None or _dom.size(element) > WHEN:
        return False
    if not any(map(_scoped.is_item, element.iterancestors())):
        return False
    credits = filter(None, map(_scoped.credits_in, _dom.lines(element)))
    return bool(_scoped.times(element)) or any(one.dates for one in credits)


def _is_beside(element: HtmlElement) -> bool:
    tag = element.tag
    if tag in ("nav", "template", "button", "select", "dialog"):
        return True
    if tag in ("aside", "footer"):
        return not any(above.tag == "article" for above in element.iterancestors())
    if tag in ("body", "html", "head", "meta", "link") or tag in TEXTUAL:
        return False
    return is_called(element, AROUND, EXACT) and not _tells_when(element)


def is_called(element: HtmlElement, around: frozenset[str], exact: frozenset[str]) -> bool:
    """Whether a class, id or role is one of these, or, `around`, begins or ends in one."""
    for name in _dom.names(element):
        parts = name.split("-")
        if name in exact or name in around:
            return True
        is_short = len(parts) <= 4 and parts[0] not in NOT_AT_ALL
        if is_short and (parts[0] in around or parts[-1] in around):
            return True
    return False


def holder_of(
    root: HtmlElement, extract: Extract | None, told: str = ""
) -> tuple[list[HtmlElement], str]:
    """The elements that hold the text, and how they were found; `told` is the text in plain words.

    What the extractor knows nothing of is taken out of them.
    """
    total = max(map(_dom.size, (*root.iter("article", "main"), *root.iter("body"))), default=0)
    said = _dom.outermost(_scoped.bodies(root))
    if said and sum(map(_dom.size, said)) >= min(ENOUGH, SHARE * total):
        return said, "marked"
    extracted = extract(root) if extract and total >= ENOUGH else ""
    for words, how in ((told, "told"), (extracted, "extracted")):
        if len(words) >= ENOUGH and (found := _located(root, words)) is not None:
            return [found], how
    for named in _named(root):
        if _dom.size(named) >= max(ENOUGH, SHARE * total / 2):
            return [named], "named"
    return [_densest(root)], "densest"


def _named(root: HtmlElement) -> list[HtmlElement]:
    """For each name that texts go by the largest element of it, the surest name first."""
    best: dict[int, HtmlElement] = {}
    for element in root.iter("div", "section", "article", "main", "td"):
        for rank in (HOLDERS[name] for name in _dom.names(element) if name in HOLDERS):
            if rank not in best or _dom.size(element) > _dom.size(best[rank]):
                best[rank] = element
    return [best[rank] for rank in sorted(best)]


def _densest(root: HtmlElement) -> HtmlElement:
    """The element whose own paragraphs hold the most words that are no links."""
    scores: dict[HtmlElement, float] = {}
    for paragraph in root.iter("p", "pre", "blockquote", "li", "td", "br"):
        parent = paragraph.getparent()
        text = (paragraph.tail or "") if paragraph.tag == "br" else paragraph.text_content()
        linked = sum(len(a.text_content()) for a in paragraph.iter("a"))
        weight = (len(text.strip()) - 2 * linked) * (0.5 if paragraph.tag in ("li", "td") else 1)
        for distance in range(3):
            if parent is None or weight < 20:
                break
            scores[parent] = scores.get(parent, 0) + weight / (1 + distance / 2)
            parent = parent.getparent()
    best = max(scores, key=lambda e: scores[e], default=root)
    return next(root.iter("main", "body"), root) if best.tag in ("html", "body") else best


@cache
def trafilatura() -> Extract | None:
    """The extractor of the extra `html`, which tells the words of a text; None where it is missing."""
    try:
        from trafilatura import extract
    except ImportError:
        return None

    def found(root: HtmlElement) -> str:
        page = html.tostring(root, encoding="unicode")
        if len(page) > EXTRACTED or _dom.depth(root) > EXTRACTED_DEPTH:
            return ""
        return extract(page, include_comments=False) or ""

    return found


def _located(root: HtmlElement, text: str) -> HtmlElement | None:
    """The innermost element in which most of these words stand, without boxes of other words."""
    wanted = {_key(line) for line in text.split("\n")}
    whole = "\n".join(wanted)
    weights: Counter[HtmlElement] = Counter()
    for line in _dom.lines(root):
        key = _key(line.text)
        if key and (key in wanted or (len(key) > 12 and key in whole)):
            weights.update({e: len(key) for e in (line.holder, *line.holder.iterancestors())})
    total = max(weights.values(), default=0)
    if not total or total < SHARE * len(whole):
        return None
    holders = [e for e in weights if weights[e] >= MOST * total]
    found = min(holders, key=lambda e: (weights[e], -sum(1 for _ in e.iterancestors())))
    for box in list(found.iter(*BOXES)):
        if box not in weights and not _is_picture(box):
            _dom.drop(box)
    return found


def _is_picture(box: HtmlElement) -> bool:
    """Whether a box is a picture or an embed, perhaps with a caption, that leads nowhere."""
    is_held = any(above.tag in HOLDING for above in (box, *box.iterancestors()))
    is_linked = any(link.text_content().strip() for link in box.iter("a"))
    shows = next(box.iter("img", "iframe", "video", "audio", "svg"), None) is not None
    return is_held or (shows and not is_linked) or not box.text_content().strip()


def _key(words: str) -> str:
    return "".join(filter(str.isalnum, words))


# -- cleaning -----------------------------------------------------------------------------------


def written(holders: list[HtmlElement], title: str | None) -> str:
    """The HTML of a text without its heading, bylines, buttons and lists of other pages."""
    return "\n".join(filter(None, (_inner(_cleaned(holder, title)) for holder in holders))).strip()


def _cleaned(holder: HtmlElement, title: str | None) -> HtmlElement:
    holder = copy.deepcopy(holder)
    sizes = _dom.sizes(holder)
    for element in list(holder.iter(etree.Element)):
        if element is holder or element.getparent() is None:
            continue
        if _is_no_text(element) and (element.tag in NEVER or 2 * sizes[element] <= sizes[holder]):
            _dom.drop(element)
    for comment in list(holder.iter(etree.Comment, etree.ProcessingInstruction)):
        if comment is not holder and comment.getparent() is not None:
            comment.drop_tree()
    _without_furniture(holder, title)
    return holder


def _is_no_text(element: HtmlElement) -> bool:
    tag = element.tag
    if tag in NEVER or tag in ("nav", "aside", "form"):
        return True
    if tag == "footer":
        return not any(above.tag == "blockquote" for above in element.iterancestors())
    if element.get("hidden") is not None or "display:none" in _style(element):
        return True
    if tag in TEXTUAL:
        return tag == "p" and is_called(element, frozenset(), INSIDE)
    return is_called(element, AROUND, INSIDE)


def _style(element: HtmlElement) -> str:
    return (element.get("style") or "").replace(" ", "").lower()


def _without_furniture(holder: HtmlElement, title: str | None) -> None:
    """Drop the headline, and the short lines at either end that say when, by whom, share this."""
    wanted = label_key(title or "")
    found = list(_dom.lines(holder))
    for place, line in enumerate(found):
        is_edge = place < 8 or place >= len(found) - 5
        text = line.text
        is_headline = place < 8 and wanted and len(text) < 400 and label_key(text) == wanted
        if is_headline or (is_edge and len(text) < 160 and _is_beside_text(line)):
            _drop_line(line.holder, holder, text)


def _is_beside_text(line: _dom.Line) -> bool:
    return is_furniture(line.text) or bool(_scoped.credits_in(line))


def _drop_line(element: HtmlElement, within: HtmlElement, text: str) -> None:
    """The largest element that has no other words."""
    while (
        element is not within
        and element.getparent() is not within
        and element.getparent() is not None
    ):
        parent = element.getparent()
        if (
            len(_dom.words(parent)) > len(text)
            or next(parent.iter("img", "iframe", "video", "audio"), None) is not None
        ):
            break
        element = parent
    if (
        element is not within
        and _dom.words(element) == text
        and next(element.iter("img"), None) is None
    ):
        _dom.drop(element)


def _inner(element: HtmlElement) -> str:
    if element.tag in ("table", "ul", "ol", "p", "pre", "blockquote"):
        return _written(element, with_tail=False).strip()
    lead = (element.text or "").strip()
    return (_escaped(lead) + "".join(map(_written, element))).strip()


def _written(element: HtmlElement, *, with_tail: bool = True) -> str:
    """An element as HTML; the hosts in its addresses as they were, which lxml would encode."""
    words = str(html.tostring(element, encoding="unicode", with_tail=with_tail))
    return HOST.sub(lambda found: found[1] + unquote(found[2]), words) if "%" in words else words


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
