"""What hygiene would lose, brought into a form that a feed may carry.

Room: normalise. Pure. Imports the room's elements; called by markup, before it sanitises: what
comes out is not yet safe.

Frames and players become links to the page they show, pictures that a script would load later
are given their address, formulas and drawings their words. HTML with nothing of the kind is
not touched: looking for it is far cheaper than parsing.
"""

from __future__ import annotations

import re
import tomllib
from html import escape, unescape
from importlib.resources import files
from urllib.parse import unquote

import nh3

from feedsvc.normalise.elements import ATTRIBUTES, ELEMENTS, KEPT

_TABLES = tomllib.loads(files("feedsvc.normalise").joinpath("rescue.toml").read_text("utf-8"))
_SIGNS, _ATTRIBUTE_SIGNS = (tuple(_TABLES[of].split()) for of in ("signs", "attribute_signs"))
_PAGES = tuple((re.compile(row["at"]), row["page"]) for row in _TABLES["pages"])
_TRACKER = re.compile("|".join(_TABLES["trackers"].split()), re.IGNORECASE).search
_PLACEHOLDER = re.compile(_TABLES["placeholder"], re.IGNORECASE).search
_LAZY = {kind: _TABLES["lazy"][kind].split() for kind in ("src", "srcset")}
_SHOWN = ("src", "srcset", "alt", "title", "width", "height", "type", "media", "sizes")

_SEEN = frozenset(_TABLES["seen"].split())
#: leaves every element that we look at, so that each tag comes out spelled in the one way
_SPELLER = nh3.Cleaner(
    tags=KEPT | _SEEN,
    clean_content_tags=ELEMENTS["dropped_whole"] - _SEEN,
    attributes={"*": set(_TABLES["attributes"].split()).union(*ATTRIBUTES.values())},
    generic_attribute_prefixes={"data-"},
    url_schemes={"http", "https", "mailto", "tel", "data"},
    link_rel=None,
)
#: put at the end, so that whatever is looked for is found, however broken the HTML
_CLOSINGS = "</iframe></object></lite-youtube></amp-youtube></blockquote>"
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_CHECKBOX = re.compile('<input(?=[^>]* type="checkbox")[^>]*> ?')


def rescued(html: str) -> str:
    """The same HTML with links for frames, addresses for pictures and words for drawings."""
    lowered = html.lower()
    if not any(sign in lowered for sign in _SIGNS) and not _is_styled(lowered):
        return html
    has_fallbacks = "<noscript" in lowered
    if has_fallbacks:
        html = _NOSCRIPT.sub(lambda tag: _CLOSED if tag[1] else _OPENED, html) + _CLOSED
    if "katex-html" not in lowered:  # which shows each formula in letters too
        html = _with_words_of("svg", _with_words_of("math", html))
    html = _SPELLER.clean(html)
    html = _CHECKBOX.sub(lambda box: "☑ " if " checked" in box[0] else "☐ ", html)
    html = _PICTURE.sub(_picture, html)
    if has_fallbacks:
        html = _FALLBACK.sub(_fallback, html).replace(_CLOSED, "")
    html = _QUOTED.sub(_quoted, _TWINS.sub(r"\1", html + _CLOSINGS))
    return _TWIN_LINKS.sub(r"\1", _FRAME.sub(_frame, html))


def _is_styled(lowered: str) -> bool:
    """Whether a style or a script's own attributes say something of a picture."""
    has_either = "style=" in lowered or "data-" in lowered
    return has_either and any(sign in lowered for sign in _ATTRIBUTE_SIGNS)


def is_tracker(address: str) -> bool:
    """Whether a picture at this address counts readers and shows nothing."""
    return bool(_TRACKER(address))


def is_speck(width: str | None, height: str | None) -> bool:
    """Whether a picture is too small to be seen."""
    return any((size or "").strip().removesuffix("px") in ("0", "1") for size in (width, height))


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def _tag(name: str, attributes: dict[str, str]) -> str:
    return f"<{name}{''.join(f' {key}={_quote(value)}' for key, value in attributes.items())}>"


def _quote(value: str) -> str:
    return f'"{escape(value)}"'


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = "".join(attributes.get("style", "").lower().split())
    sizes = dict(re.findall(r"(?<![a-z-])(width|height):([^;]*)", style))
    return (
        "display:none" in style
        or "visibility:hidden" in style
        or is_speck(attributes.get("width"), attributes.get("height"))
        or is_speck(sizes.get("width"), sizes.get("height"))
    )


# --- pictures -----------------------------------------------------------------------------

_PICTURE = re.compile(r"<(img|source|amp-img)((?: [^>]*)?)>")
_TWINS = re.compile(r'(<img src="([^"]*)"[^>]*>)(?:\s*<img src="\2"[^>]*>)+')


def _picture(found: re.Match[str]) -> str:
    """A picture with the address that a script would have given it; it comes first."""
    given = _attributes(found[2])
    if _is_hidden(given):
        return ""
    source = {}
    for kind, names in _LAZY.items():
        later = next((given[name] for name in names if given.get(name)), "")
        now = given.get(kind, "")
        source[kind] = later or ("" if _PLACEHOLDER(now) else now)
    if not source["src"] and found[1] != "source":
        source["src"] = source["srcset"].split(",")[0].strip().split(" ")[0]
    source = {name: address for name, address in source.items() if address}
    rest = {name: given[name] for name in _SHOWN[2:] if name in given}
    return _tag("source" if found[1] == "source" else "img", source | rest)


# --- what stands there for those without scripts ------------------------------------------

_NOSCRIPT = re.compile(r"<(/?)noscript\b[^<>]*>", re.IGNORECASE)
_OPENED, _CLOSED = '<wbr data-noscript="opened">', '<wbr data-noscript="closed">'
_FALLBACK = re.compile(
    rf"(<img(?: [^>]*)?>)?((?:\s|</[a-z]+>){{0,20}}){_OPENED}(.*?){_CLOSED}", re.DOTALL
)
_SHOWING = re.compile(r"<img(?: [^>]*)?>|<iframe(?: [^>]*)?>.*?</iframe>", re.DOTALL)


def _fallback(found: re.Match[str]) -> str:
    """One picture of two: the one before, unless only a script could have loaded it."""
    before, between, inner = found[1] or "", found[2], _SHOWING.findall(found[3])
    pictures = [one for one in inner if one.startswith("<img") and not _counts(one)]
    frames = [one for one in inner if one.startswith("<iframe")]
    if " src=" in before:
        pictures = []
    elif pictures:
        before = ""
    return "".join((before, *pictures, between, *frames))


def _counts(tag: str) -> bool:
    return is_tracker(_attributes(tag).get("src", ""))


# --- frames and players -------------------------------------------------------------------

_FRAME = re.compile(
    r"<(iframe|object|lite-youtube|amp-youtube)((?: [^>]*)?)>(.*?)</\1>|<(embed)((?: [^>]*)?)>",
    re.DOTALL,
)
_TWIN_LINKS = re.compile(
    r'(<p><a href="([^"]*)">[^<]*</a></p>)(?:\s*<p><a href="\2">[^<]*</a></p>)+'
)
_PARAMETER = re.compile(r'<param(?=[^>]* name="(?:movie|src|url)")[^>]* value="([^"]*)"', re.I)
_INNER = re.compile(r'<(?:embed|iframe)[^>]* src="([^"]*)"')
_SHOWN_INSIDE = re.compile(r"<img [^>]*>")
_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE).match
WORDS_LIMIT = 80


def _frame(found: re.Match[str]) -> str:
    name, inner = found[1] or found[4], found[3] or ""
    given = _attributes(found[2] or found[5] or "")
    address = _address(name, given, inner)
    if not address or _is_hidden(given) or is_tracker(address):
        return "".join(_SHOWN_INSIDE.findall(inner)) if name == "object" else ""
    return _link(page_of(address), given.get("title", ""))


def _address(name: str, given: dict[str, str], inner: str) -> str:
    if name.endswith("youtube"):
        video = given.get("videoid") or given.get("data-videoid")
        return f"https://www.youtube.com/embed/{video}" if video else ""
    named = (given.get(key) for key in ("data-src", "data-lazy-src", "src", "data"))
    inside = (one[1] for one in (_PARAMETER.search(inner), _INNER.search(inner)) if one)
    candidates = [*filter(None, named), *map(unescape, inside)]
    return next((one.strip() for one in candidates if not _SCHEME(one.strip())), "")


def _link(page: str, words: str) -> str:
    shown = " ".join(words.split()) or re.sub(r"^(?:https?:)?//(?:www\.)?", "", page)
    if len(shown) > WORDS_LIMIT:
        shown = shown[: WORDS_LIMIT - 1] + "…"
    return f"<p><a href={_quote(page)}>{escape(shown, quote=False)}</a></p>"


def page_of(address: str) -> str:
    """The page for people that a player's address shows, where we know its kind; else itself."""
    if address.startswith("//"):
        address = "https:" + address
    for at, page in _PAGES:
        if found := at.match(address):
            parts = {name: unquote(value or "") for name, value in found.groupdict().items()}
            made = str(page.format(**parts))
            return made if not _SCHEME(made) else address
    return address


_QUOTED = re.compile(r"(<blockquote( [^>]*)>)(.*?)(</blockquote>)", re.DOTALL)
_WORDLESS = re.compile(r'(<a(?: [^>]*)? href="([^"]*)"[^>]*>)\s*(</a>)')


def _quoted(found: re.Match[str]) -> str:
    """A post of a social network, to which its own link leads at least."""
    given = _attributes(found[2])
    page = given.get("data-instgrm-permalink") or given.get("cite") or ""
    if "data-instgrm-permalink" not in given and not given.get("class", "").endswith(_POSTS):
        return found[0]
    inner = _WORDLESS.sub(lambda one: f"{one[1]}{one[2]}{one[3]}", found[3])
    if page and "<a " not in inner and not _SCHEME(page):
        inner += _link(page.partition("?")[0], "")
    return f"{found[1]}{inner}{found[4]}"


_POSTS = ("twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "bluesky-embed")

# --- drawings and formulas ----------------------------------------------------------------

_DRAWINGS, _ENDS = (
    {name: re.compile(pattern.format(name), re.S | re.I) for name in ("svg", "math")}
    for pattern in (r"<{0}\b.*?</{0}\s*>", r"</{0}\s*>")
)
_ALTERNATIVE = re.compile(
    r"""\A<[^<>]*?\s(?:alttext|aria-label)\s*=\s*(?:"([^"]*)"|'([^']*)')"""
    r"""|<title\b[^<>]*>([^<]*)<|<annotation\b[^<>]*tex[^<>]*>([^<]*)<""",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"<m(?:i|n|o|s|text)\b[^<>]*>([^<]*)<", re.IGNORECASE)


def _with_words_of(name: str, html: str) -> str:
    ends = [found.end() for found in _ENDS[name].finditer(html)]
    # Behind the last end none is looked for: each look would go to the end of all.
    end = ends[-1] if ends else 0
    return _DRAWINGS[name].sub(_words_of_drawing, html[:end]) + html[end:]


def _words_of_drawing(found: re.Match[str]) -> str:
    """What it says to those who cannot see it; a formula without such words, its symbols."""
    drawing = found[0]
    words = _ALTERNATIVE.search(drawing)
    if words:
        return f" {escape(unescape(next(filter(None, words.groups()), '')))} "
    return "".join(symbol.strip() for symbol in _SYMBOLS.findall(drawing))
