"""The body of an item: whatever it is written in, safe HTML and plain text come out.

Room: normalise. Pure. Imports model and the room's text; called by the room.

The HTML is what nh3 leaves of it: no script, style, frame, handler or odd scheme, every
address absolute, every character legal in XML. The text keeps its paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from feedsvc.model import Markup
from feedsvc.normalise.elements import ATTRIBUTES, ELEMENTS, KEPT
from feedsvc.normalise.references import References
from feedsvc.normalise.rescue import is_speck, is_tracker, rescued
from feedsvc.normalise.text import clean, clean_block, fold_blanks

DEPTH_LIMIT = 256  #: elements within elements; the sanitiser is quadratic in it
FORMATTING_LIMIT = 16  #: unclosed <b>, <i>, …: the parser opens each again in every paragraph


_CLEANER = nh3.Cleaner(
    tags=KEPT,
    clean_content_tags=ELEMENTS["dropped_whole"],
    attributes=ATTRIBUTES,
    set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


def to_html(body: str, markup: Markup, base: str | References = "") -> str:
    """`body` as sanitised HTML, its addresses absolute by `base`; "" when nothing is left.

    A relative address that leads nowhere is dropped and its words stay. Text becomes a
    paragraph a line, with http(s) addresses made links. Raises nothing for any string.
    """
    references = base if isinstance(base, References) else References(base=base)
    body = clean_block(body)
    if markup is Markup.TEXT:
        return _from_text(body)
    html = _markdown().render(body) if markup is Markup.MARKDOWN else body
    return _sanitised(html, references)


def to_text(html: str) -> str:
    """What a person reads in our own sanitised HTML: a line a paragraph, no blank lines."""
    if "<pre" not in html:
        html = html.replace("\n", " ")
    if "<q" in html or "<t" in html:
        html = _CELL.sub(" ", _QUOTATION.sub('"', html))
    text = unescape(_ANY_TAG.sub("", _BREAK.sub("\n", html)))
    return "\n".join(line for part in text.split("\n") if (line := fold_blanks(part)))


_BREAKING = "|".join(sorted(ELEMENTS["blocks"] | ELEMENTS["lines"]))
_BREAK = re.compile(f"</?(?:{_BREAKING})(?: [^>]*)?>")
_CELL = re.compile("<t[dh](?: [^>]*)?>")
_QUOTATION = re.compile("</?q(?: [^>]*)?>")
_ANY_TAG = re.compile("<[^>]*>")


# --- Markdown -----------------------------------------------------------------------------


@cache
def _markdown() -> MarkdownIt:
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.tasklists import tasklists_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for plugin in (footnote_plugin, tasklists_plugin, deflist_plugin):
        parser.use(plugin)
    for name, rule in (("footnote_ref", _mark), ("footnote_anchor", _nothing), ("text", _words)):
        parser.add_render_rule(name, rule)
    return parser


def _mark(_: object, tokens: Sequence[Token], i: int, *__: object) -> str:
    """A footnote's number; no link, for a feed has many texts and each its first note."""
    return f"<sup>[{tokens[i].meta['id'] + 1}]</sup>"


def _nothing(*_: object) -> str:
    return ""


def _words(_: object, tokens: Sequence[Token], i: int, *__: object) -> str:
    """Words with bare addresses made links, unless they are in one."""
    words = tokens[i].content
    if "://" not in words:
        return escape(words, quote=False)
    depth = sum(token.type == "link_open" for token in tokens[:i])
    is_linked = depth > sum(token.type == "link_close" for token in tokens[:i])
    return escape(words, quote=False) if is_linked else _linked(words)


# --- text ---------------------------------------------------------------------------------

_ADDRESS = re.compile(
    r"https?://[^\s<>\"“”„«»‹›、。，；：！？（）「」『』【】《》]+", re.IGNORECASE
)
_ADDRESS_LIMIT = 2048  #: a longer one is left as words
_TRAILING = ".,;:!?'’‘…*_"
_PAIRS = {")": "(", "]": "[", "}": "{"}


def _from_text(body: str) -> str:
    lines = (clean(line) for line in body.split("\n"))
    return "\n".join(f"<p>{_linked(line)}</p>" for line in lines if line)


def _linked(line: str) -> str:
    if "://" not in line:
        return escape(line, quote=False)
    parts, end = [], 0
    for found in _ADDRESS.finditer(line):
        address = _trimmed(found[0]) if len(found[0]) <= _ADDRESS_LIMIT else ""
        if len(address) > len("https://"):
            shown = escape(address, quote=False)
            parts += [escape(line[end : found.start()], quote=False)]
            parts += [f'<a href="{escape(address)}">{shown}</a>']
            end = found.start() + len(address)
    return "".join((*parts, escape(line[end:], quote=False)))


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it; a closing bracket stays with its own."""
    while True:
        last = address[-1:]
        opening = _PAIRS.get(last)
        is_foreign = opening is not None and address.count(last) > address.count(opening)
        if not last or not (last in _TRAILING or is_foreign):
            return address
        address = address[:-1]


# --- HTML ---------------------------------------------------------------------------------

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>?")
_ADDRESSED = re.compile(
    r"<(?:a|audio|blockquote|del|img|ins|q|source|track|video)(?: [^>]*)?>"  # as the sanitiser writes
)
_ADDRESS_STARTS = (' href="', ' src="', ' poster="', ' cite="')
_BLANK_IN_ADDRESS = re.compile(r' (?:href|src|poster|cite)="[^"\s]*\s')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')


def _sanitised(html: str, references: References) -> str:
    html = _shallow(html)
    mended = rescued(html)
    if mended is not html:
        mended = _shallow(mended)
    html = _CLEANER.clean(mended).replace("&nbsp;", "\xa0").strip()
    if not _is_settled(html):
        html = _ADDRESSED.sub(lambda tag: _with_absolute(tag[0], references), html)
    # A stroke behind ">" would become one character with it, and the tag would never end.
    return clean_block(_without_hollows(html.replace("\u0338", "")))


_HOLLOW = re.compile(
    r"<(p|a|span|b|strong|i|em|div|figure|figcaption|h[1-6]|blockquote|ul|ol|picture|section)"
    r"(?: [^>]*)?>((?:[\s\xa0]|<br>)*)</\1>"
)
_BACK = re.compile("<a(?: [^>]*)?>[\\s\xa0]*[\u21a9\u2191\u2934]\ufe0e?[\\s\xa0]*</a>")
_BREAKS = re.compile(r"((?:<br>\s*)++)(</(?:p|div|li|td|th|dd|blockquote|h[1-6])>|\Z)?")
_INLINE = ("a", "span", "b", "strong", "i", "em")
_LAYERS = 4  #: of hollow elements within each other


def _without_hollows(html: str) -> str:
    """Without elements that hold nothing, breaks that part nothing, and the way back to a note."""
    if any(arrow in html for arrow in "\u21a9\u2191\u2934"):
        html = _BACK.sub("", html)
    if "<br>" in html:
        html = _BREAKS.sub(lambda found: found[1] if found[2] is None else found[2], html)
    for _ in range(_LAYERS):
        html, n_hollow = _HOLLOW.subn(_filling, html)
        if not n_hollow:
            break
    return _without_last_breaks(html.strip())


def _without_last_breaks(html: str) -> str:
    end = len(html)
    while html.endswith("<br>", 0, end):
        end -= len("<br>")
        while end and html[end - 1].isspace():
            end -= 1
    return html[:end]


def _filling(found: re.Match[str]) -> str:
    return found[2].replace("<br>", "") if found[1] in _INLINE else ""


def _is_settled(html: str) -> bool:
    """Whether every address is absolute already; counting is far faster than looking closely."""
    if any(tag in html for tag in ("<img", "<source", "<track")):
        return False
    present = [start for start in _ADDRESS_STARTS if start in html]
    if present and _BLANK_IN_ADDRESS.search(html):
        return False
    return all(
        html.count(start) == html.count(start + "https://") + html.count(start + "http://")
        for start in present
    )


def _shallow(html: str) -> str:
    """Without the tags that open below the depth limit; their contents stay.

    A blank takes their place, so that what stood around one makes no new tag.
    """
    if html.count("<") <= DEPTH_LIMIT:
        return html
    nesting: list[str] = []
    formatting: list[str] = []

    def keep(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in ELEMENTS["nesting_by_others"]:
            return tag[0]
        is_formatting = name in ELEMENTS["formatting"]
        names = formatting if is_formatting else nesting
        if tag[1]:
            _forget_last(names, name)
        elif len(names) >= (FORMATTING_LIMIT if is_formatting else DEPTH_LIMIT):
            return " "
        else:
            names.append(name)
        return tag[0]

    return _TAG.sub(keep, html)


def _forget_last(names: list[str], name: str) -> None:
    if name in names:
        del names[len(names) - 1 - names[::-1].index(name)]


def _with_absolute(tag: str, references: References) -> str:
    """The tag with absolute addresses; a picture without one gives its words, a pixel nothing."""
    kept = _ATTRIBUTE.sub(lambda found: _absolute_attribute(found, references), tag)
    if not tag.startswith(("<img", "<source", "<track")):
        return kept
    told = dict(_ATTRIBUTE.findall(kept))
    address = told.get("src", "")
    if is_speck(told.get("width"), told.get("height")) or is_tracker(address):
        return ""
    return kept if address or "srcset" in told else told.get("alt", "")


def _absolute_attribute(found: re.Match[str], references: References) -> str:
    name, value = found[1], found[2]
    if name not in ("href", "src", "srcset", "poster", "cite"):
        return found[0]
    if name == "srcset":
        candidates = (_candidate(part, references) for part in _SRCSET.findall(value))
        value = ", ".join(filter(None, candidates))
    else:
        value = _absolute(value, references, is_shown=name in ("src", "poster"), name=name)
    return f' {name}="{value}"' if value else ""


_IS_SETTLED = re.compile(r"https?://[^\s'/?#][^\s'#]*").fullmatch  # most are
_SRCSET = re.compile(r"\s*([^\s,]\S*[^\s,])(\s[^,]*)?(?:,|$)")


def _candidate(part: tuple[str, str], references: References) -> str:
    address = _absolute(part[0], references, is_shown=True)
    return f"{address}{part[1].rstrip()}" if address else ""


def _absolute(value: str, references: References, *, is_shown: bool, name: str = "src") -> str:
    """An escaped address made absolute, escaped; "" where it cannot be."""
    if _IS_SETTLED(value) or (name == "href" and value.lower().startswith(("mailto:", "tel:"))):
        return value
    return escape(references.absolute(unescape(value).strip(), is_shown=is_shown))
