"""The body of an item: whatever it is written in, safe HTML and plain text come out.

Room: normalise. Pure. Imports model and the room's text; called by the room.

The HTML is what nh3 leaves of it: no script, style, frame, handler or odd scheme, every
address absolute, every character legal in XML. The text keeps its paragraphs.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from html import escape, unescape
from importlib.resources import files
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt

from feedsvc.model import Markup
from feedsvc.normalise.text import clean, clean_block, fold_blanks

DEPTH_LIMIT = 256  #: elements within elements; the sanitiser is quadratic in it
FORMATTING_LIMIT = 16  #: unclosed <b>, <i>, …: the parser opens each again in every paragraph


_TABLES = tomllib.loads(files("feedsvc.normalise").joinpath("markup.toml").read_text("utf-8"))
_ELEMENTS = {kind: frozenset(names.split()) for kind, names in _TABLES["elements"].items()}
_KEPT = ("blocks", "lines", "inline", "table", "media")
_CLEANER = nh3.Cleaner(
    tags=frozenset().union(*(_ELEMENTS[kind] for kind in _KEPT)),
    clean_content_tags=_ELEMENTS["dropped_whole"],
    attributes={tag: set(names.split()) for tag, names in _TABLES["attributes"].items()},
    set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


def to_html(body: str, markup: Markup, base: str = "") -> str:
    """`body` as sanitised HTML, its addresses absolute by `base`; "" when nothing is left.

    Without a base a relative address is dropped and its words stay. Text becomes a
    paragraph a line, with http(s) addresses made links. Raises nothing for any string.
    """
    body = clean_block(body)
    if markup is Markup.TEXT:
        return _from_text(body)
    html = _markdown().render(body) if markup is Markup.MARKDOWN else body
    return _sanitised(html, base)


def to_text(html: str) -> str:
    """What a person reads in our own sanitised HTML: a line a paragraph, no blank lines."""
    if "<pre" not in html:
        html = html.replace("\n", " ")
    if "<q" in html or "<t" in html:
        html = _CELL.sub(" ", _QUOTATION.sub('"', html))
    text = unescape(_ANY_TAG.sub("", _BREAK.sub("\n", html)))
    return "\n".join(line for part in text.split("\n") if (line := fold_blanks(part)))


_BREAKING = "|".join(sorted(_ELEMENTS["blocks"] | _ELEMENTS["lines"]))
_BREAK = re.compile(f"</?(?:{_BREAKING})(?: [^>]*)?>")
_CELL = re.compile("<t[dh](?: [^>]*)?>")
_QUOTATION = re.compile("</?q(?: [^>]*)?>")
_ANY_TAG = re.compile("<[^>]*>")


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


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
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')


def _sanitised(html: str, base: str) -> str:
    if html.count("<") > DEPTH_LIMIT:
        html = _shallow(html)
    html = _CLEANER.clean(html).replace("&nbsp;", "\xa0").strip()
    if not _is_settled(html):
        html = _ADDRESSED.sub(lambda tag: _with_absolute(tag[0], base), html)
    # A stroke behind ">" would become one character with it, and the tag would never end.
    return clean_block(html.replace("\u0338", ""))


def _is_settled(html: str) -> bool:
    """Whether every address is absolute already; counting is far faster than looking closely."""
    if any(tag in html for tag in ("<img", "<source", "<track")):
        return False
    present = [start for start in _ADDRESS_STARTS if start in html]
    return all(
        html.count(start) == html.count(start + "https://") + html.count(start + "http://")
        for start in present
    )


def _shallow(html: str) -> str:
    """Without the tags that open below the depth limit; their contents stay.

    A blank takes their place, so that what stood around one makes no new tag.
    """
    nesting: list[str] = []
    formatting: list[str] = []

    def keep(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in _ELEMENTS["nesting_by_others"]:
            return tag[0]
        is_formatting = name in _ELEMENTS["formatting"]
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


def _with_absolute(tag: str, base: str) -> str:
    """The tag with absolute addresses; a picture without one gives its words."""
    kept = _ATTRIBUTE.sub(lambda found: _absolute_attribute(found, base), tag)
    if not tag.startswith(("<img", "<source", "<track")) or " src" in kept:
        return kept
    words = _ALT.search(tag)
    return words[1] if words else ""


def _absolute_attribute(found: re.Match[str], base: str) -> str:
    name, value = found[1], found[2]
    if name not in ("href", "src", "srcset", "poster", "cite"):
        return found[0]
    if name == "srcset":
        value = ", ".join(filter(None, (_candidate(part, base) for part in _SRCSET.findall(value))))
    else:
        value = _absolute(value, base, any_scheme=name == "href")
    return f' {name}="{value}"' if value else ""


_ALT = re.compile(r' alt="([^"]*)"')
_HAS_HOST = re.compile(r"https?://[^/?#]", re.IGNORECASE).match
_SRCSET = re.compile(r"\s*([^\s,]\S*[^\s,])(\s[^,]*)?(?:,|$)")


def _candidate(part: tuple[str, str], base: str) -> str:
    address = _absolute(part[0], base)
    return f"{address}{part[1].rstrip()}" if address else ""


def _absolute(value: str, base: str, *, any_scheme: bool = False) -> str:
    """An escaped address made absolute, escaped; "" where it cannot be."""
    if any_scheme and value.lower().startswith(("mailto:", "tel:")):
        return value
    try:
        address = urljoin(base or "https:", unescape(value).strip())
    except ValueError:
        return ""
    return escape(address.replace(" ", "%20")) if _HAS_HOST(address) else ""
