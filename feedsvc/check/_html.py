"""HTML inside content: what is unsafe, what leads nowhere, what is torn.

Room: check. Entered by `html` for escaped HTML and `xhtml` for elements.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from feedsvc.check import _addresses
from feedsvc.check._addresses import is_absolute, is_sound, web_address
from feedsvc.check._markup import Tag, cut
from feedsvc.check._namespaces import XHTML
from feedsvc.check._xml import line_of, local_name, namespace_of
from feedsvc.check.findings import Finding, Rule, Severity, shown

UNSAFE = Rule(
    name="html-unsafe",
    severity=Severity.WARNING,
    harm="readers strip it, and one that does not runs foreign code",
    remedy="leave out scripts, frames, plug-ins, forms, on… attributes and javascript: addresses",
    section="RFC 4287 §8.1; W3C feed validator, security risk",
)
STYLE = Rule(
    name="html-style",
    severity=Severity.WARNING,
    harm="the content lies over the reader's page, fetches what it likes, or weighs for nothing",
    remedy="leave positions, behaviours, url() and what an office program left out of styles",
    section="W3C feed validator, dangerous style",
)
RELATIVE = Rule(
    name="html-relative-address",
    severity=Severity.WARNING,
    harm="pictures and links break: readers show content at another address",
    remedy="write whole addresses in the content",
    section="RSS Profile, relative URLs",
)
RELATIVE_WITH_BASE = Rule(
    name="html-relative-with-base",
    severity=Severity.ADVICE,
    harm="many readers ignore xml:base, and pictures and links break",
    remedy="write whole addresses in the content",
    section="XML Base §1",
)
FRAGMENT = Rule(
    name="html-fragment-address",
    severity=Severity.ADVICE,
    harm="readers that show many entries on one page jump to a wrong one",
    remedy="write the page's whole address before the #",
    section="RSS Profile, relative URLs",
)
ADDRESS = Rule(
    name="html-address",
    severity=Severity.WARNING,
    harm="pictures and links of the content lead nowhere",
    remedy="write whole, well-formed addresses",
    section="RFC 3986 §2",
)
EMBEDDED = Rule(
    name="html-data-address",
    severity=Severity.WARNING,
    harm="many readers drop the picture, and the feed grows heavy",
    remedy="publish the picture and give its address",
    section="RFC 2397",
)
UNKNOWN = Rule(
    name="html-unknown-element",
    severity=Severity.WARNING,
    harm="readers drop it, sometimes with the words inside",
    remedy="use elements of HTML, or escape the < that was meant as a sign",
    section="HTML Standard, elements",
)
UNBALANCED = Rule(
    name="html-unbalanced",
    severity=Severity.WARNING,
    harm="bold, links and boxes run on into the entries after",
    remedy="close every element, in the order they were opened",
    section="HTML Standard, parsing",
)
BREAK_ENDED = Rule(
    name="html-break-ended",
    severity=Severity.ADVICE,
    harm="readers that are no browsers show one line break too many, or too few",
    remedy="write <br> alone",
    section="HTML Standard, parsing",
)
TOO_DEEP = Rule(
    name="html-too-deep",
    severity=Severity.WARNING,
    harm="readers cut the content, or stall over it",
    remedy="nest fewer elements, and close them",
    section="HTML Standard, parsing",
)
TRUNCATED = Rule(
    name="html-truncated",
    severity=Severity.WARNING,
    harm="readers show half a tag, or swallow the rest",
    remedy="shorten the words, not the markup",
    section="HTML Standard, parsing",
)
WHOLE_PAGE = Rule(
    name="html-whole-page",
    severity=Severity.WARNING,
    harm="readers drop the content, or break their own page with it",
    remedy="put what is inside <body> into the content",
    section="RFC 4287 §3.1.1.2",
)
CHARACTER = Rule(
    name="html-character",
    severity=Severity.WARNING,
    harm="readers other than browsers show nothing, or a box",
    remedy="write the letter itself: numbers 128 to 159 are those of Windows",
    section="HTML Standard, character references",
)
DOUBLE_ESCAPED = Rule(
    name="html-double-escaped",
    severity=Severity.WARNING,
    harm="readers show tags as words",
    remedy="escape HTML once",
    section="RSS Profile, character data",
)

# fmt: off
_NAMED = (
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big "
    "blink blockquote body br button canvas caption center cite code col colgroup command data "
    "datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font "
    "footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input "
    "ins kbd keygen label legend li link listing main map mark marquee math menu menuitem meta "
    "meter nav nobr noembed noframes noscript object ol optgroup option output p param picture "
    "plaintext pre progress q rb rp rt rtc ruby s samp script search section select slot small "
    "source span strike strong style sub summary sup svg table tbody td template textarea tfoot "
    "th thead time title tr track tt u ul var video wbr xmp"
)
ELEMENTS = frozenset(_NAMED.split())
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
     "source", "track", "wbr")
)
_UNSAFE = frozenset(
    ("applet", "base", "bgsound", "embed", "form", "frame", "frameset", "iframe", "link", "meta",
     "object", "script", "style", "dialog", "marquee", "blink", "plaintext", "foreignobject",
     "animate", "set", "portal", "xmp")
)
_PAGE = frozenset(("html", "head", "body", "title"))
#: a <p> right above ends where one of these begins
_ENDS_PARAGRAPH = frozenset(
    ("address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl",
     "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
     "header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "pre", "search", "section",
     "summary", "table", "ul")
)
_FENCES = frozenset(
    ("applet", "button", "caption", "foreignobject", "html", "marquee", "object", "svg", "math",
     "table", "td", "template", "th")
)
#: elements whose end the standard lets one leave out
_OPEN_ENDED = frozenset(
    ("li", "dt", "dd", "p", "rb", "rt", "rtc", "rp", "optgroup", "option", "colgroup", "caption",
     "thead", "tbody", "tfoot", "tr", "td", "th", "html", "head", "body")
)
_ADDRESSES = frozenset(
    ("href", "src", "poster", "cite", "background", "longdesc", "action", "formaction", "data",
     "xlink:href", "usemap", "codebase", "classid", "icon", "manifest")
)
# fmt: on
_CELLS = frozenset(("tbody", "td", "tfoot", "th", "thead", "tr"))
_MUST_END = ELEMENTS - _OPEN_ENDED
_ON = ("on", "On", "ON", "oN")
#: slips in addresses that every browser mends
LEFT_TO_BROWSERS = (_addresses.CHARACTER, _addresses.PERCENT, _addresses.CREDENTIALS)
DEPTH = 256  #: elements open at once; browsers cut at 512
STYLE_MOST = 4000  #: characters of a style that are looked at
_SCRIPTED = re.compile(
    r"(?:javascript|vbscript|livescript|mocha):|data:(?!image/(?!svg)|audio/|video/|font/)"
)
_STYLE_TRICKS = re.compile(
    r"position\s*:\s*(?:fixed|absolute)|expression\s*\(|behaviou?r\s*:|-moz-binding|"
    r"url\s*\(|@import|javascript:|(?:^|;)\s*(?:mso-[\w-]+|tab-stops)\s*:|\d{5,}\s*(?:px|em|pt|%)",
    re.IGNORECASE,
)
_ESCAPED_TAG = re.compile(
    r"&(?:lt|#60|#x3c);/?(?:p|br|a|b|i|em|strong|div|span|img|ul|ol|li|h[1-6]|blockquote|table)\b",
    re.IGNORECASE,
)
_ESCAPED_TWICE = re.compile(
    r"&(?:amp|#38|#x26);(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-f]+);", re.I
)
_CODE = re.compile(r"(</?(?:code|pre|kbd|samp|tt)\b[^<>]*>)", re.IGNORECASE)
_WINDOWS = re.compile(r"&#(?:12[89]|1[345]\d|x[89][0-9a-f]);", re.IGNORECASE)
_SPELLED_PHP = re.compile(r"<\?(?:php|=)", re.IGNORECASE)


def html(words: str, line: int, what: str, *, has_base: bool = False) -> Iterator[Finding]:
    """What is wrong with a fragment of HTML that begins on `line`.

    `has_base`: an xml:base above makes relative addresses legal, if not wise.
    """
    found = cut(words, line)
    yield from _as_a_whole(words, line, what, found.torn)
    reading = _Reading(line, what, has_base=has_base)
    for tag in found.tags:
        yield from reading.read(tag)
    yield from reading.unclosed()


def xhtml(root: etree._Element, what: str, *, has_base: bool = False) -> Iterator[Finding]:
    """What is wrong with the elements of XHTML content."""
    for element in root.iter(etree.Element):
        name, line = local_name(element), line_of(element)
        attributes = {_attribute_name(key): str(value) for key, value in element.attrib.items()}
        if namespace_of(element) == XHTML and name != name.lower():
            yield UNKNOWN.at(line, f"{what} holds <{name}>: XHTML is in lower case")
        elif namespace_of(element) == XHTML or name.lower() in _UNSAFE:
            yield from _element(name.lower(), line, what)
        yield from _attributes(name.lower(), attributes, line, what, has_base=has_base)


def _attribute_name(key: str | bytes) -> str:
    return str(key).rpartition("}")[2]


def _as_a_whole(words: str, line: int, what: str, torn_at: int | None) -> Iterator[Finding]:
    if torn := _torn(words, torn_at):
        at = line + words.count("\n") - torn.count("\n")
        yield TRUNCATED.at(at, f"{what} ends in {shown(torn)}")
    if "<?" in words and _SPELLED_PHP.search(words):
        yield UNSAFE.at(line, f"{what} holds PHP")
    if "&" in words:
        yield from _references(words, line, what)


def _references(words: str, line: int, what: str) -> Iterator[Finding]:
    if found := _WINDOWS.search(words):
        yield CHARACTER.at(line, f"{what} has {found[0]}, the number of no letter")
    is_markup = re.search(r"<[A-Za-z/]", words)
    prose = _prose(words)
    if found := _ESCAPED_TWICE.search(prose) or (None if is_markup else _ESCAPED_TAG.search(prose)):
        at = line + prose.count("\n", 0, found.start())
        yield DOUBLE_ESCAPED.at(at, f"{what} has {shown(prose[found.start() :][:60])}")


def _torn(words: str, torn_at: int | None) -> str:
    """A tag or comment that the end cuts off."""
    if torn_at is not None:
        return words[torn_at:]
    comment = words[words.rfind("<!--") :]
    return comment if comment.startswith("<!--") and "-->" not in comment else ""


def _prose(words: str) -> str:
    """The words without samples of code, which may speak of escapes; lines are kept."""
    parts, depth = [], 0
    for part in _CODE.split(words):
        if _CODE.fullmatch(part):
            depth = max(0, depth + (-1 if part[1] == "/" else 1))
        parts.append("\n" * part.count("\n") if depth else part)
    return "".join(parts)


class _Reading:
    """Walks the tags of a fragment and keeps what is open."""

    def __init__(self, line: int, what: str, *, has_base: bool) -> None:
        self._line = line
        self._what = what
        self._has_base = has_base
        self._depth = self._deepest = 0  #: of elements that must end
        self._open: list[tuple[str, int]] = []  #: a name is blank once another tag has closed it
        self._depths: Counter[str] = Counter()  #: how often each name is open
        self._paragraphs: list[int] = []  #: places in `_open` of each <p>
        self._fences: list[int] = []  #: places of what a tag inside closes no <p> beyond

    def read(self, tag: Tag) -> Iterator[Finding]:
        """What is wrong with the next tag."""
        if tag.is_end:
            yield from self._end(tag)
            return
        if tag.name in _ENDS_PARAGRAPH:
            self._end_paragraph()
        yield from self._start(tag)
        if tag.name not in VOID and not tag.is_empty:
            self._push(tag)

    def unclosed(self) -> Iterator[Finding]:
        """The elements still open at the end, and too many open at once."""
        if self._deepest > DEPTH:
            yield TOO_DEEP.at(self._line, f"{self._what} is nested {self._deepest} deep")
        for name, line in self._open:
            if name in _MUST_END:
                yield UNBALANCED.at(line, f"{self._what}: <{name}> is never closed")

    def _start(self, tag: Tag) -> Iterator[Finding]:
        name, line = tag.name, tag.line
        is_foreign = self._depths["svg"] or self._depths["math"]
        if name in _CELLS and not self._depths["table"]:
            yield self._unbalanced(f"<{name}> stands outside a table", line)
        if name == "a" and self._depths["a"]:
            yield self._unbalanced("<a> stands in another <a>", line)
        if not is_foreign or name in _UNSAFE:
            yield from _element(name, line, self._what)
        if tag.rest or name == "img":
            attributes = dict(tag.attributes())
            yield from _attributes(name, attributes, line, self._what, has_base=self._has_base)

    def _end(self, tag: Tag) -> Iterator[Finding]:
        name = tag.name
        if name == "br":
            yield BREAK_ENDED.at(tag.line, f"{self._what}: </br> is read as <br>")
        elif name not in VOID and not self._depths[name]:
            if name in ELEMENTS:
                yield self._unbalanced(f"</{name}> closes nothing", tag.line)
        elif name not in VOID:
            yield from self._pop(name)

    def _push(self, tag: Tag) -> None:
        if tag.name == "p":
            self._paragraphs.append(len(self._open))
        elif tag.name in _FENCES:
            self._fences.append(len(self._open))
        self._open.append((tag.name, tag.line))
        self._depths[tag.name] += 1
        self._depth += tag.name in _MUST_END
        self._deepest = max(self._deepest, self._depth)

    def _pop(self, ended: str) -> Iterator[Finding]:
        """Close everything down to the last element of a name."""
        name = ""
        while name != ended:
            name, line = self._open.pop()
            self._depths[name] -= 1
            self._depth -= name in _MUST_END
            if name != ended and name in _MUST_END:
                yield self._unbalanced(f"<{name}> is not closed before </{ended}>", line)
        for places in (self._paragraphs, self._fences):
            while places and places[-1] >= len(self._open):
                places.pop()

    def _end_paragraph(self) -> None:
        """A block closes the <p> it stands in; what is open inside runs on."""
        if self._paragraphs and self._paragraphs[-1] > max(self._fences[-1:], default=-1):
            self._open[self._paragraphs.pop()] = ("", 0)
            self._depths["p"] -= 1

    def _unbalanced(self, message: str, line: int) -> Finding:
        return UNBALANCED.at(line, f"{self._what}: {message}")


def _element(name: str, line: int, what: str) -> Iterator[Finding]:
    if name in _UNSAFE:
        yield UNSAFE.at(line, f"{what} holds <{name}>")
    elif name in _PAGE:
        yield WHOLE_PAGE.at(line, f"{what} holds <{name}>")
    elif name not in ELEMENTS:
        yield UNKNOWN.at(line, f"{what} holds <{name}>")


def _attributes(
    element: str, attributes: Mapping[str, str], line: int, what: str, *, has_base: bool
) -> Iterator[Finding]:
    if element == "img" and not {"src", "srcset"} & attributes.keys():
        yield ADDRESS.at(line, f"{what} holds an <img> without an address")
    for name, value in attributes.items():
        place = f"{what}, <{element} {name}>,"
        if name == "srcdoc" or (name[:2] in _ON and name.isalpha() and len(name) > 2):
            yield UNSAFE.at(line, f"{place} is code")
        elif name == "style" and _STYLE_TRICKS.search(_uncommented(value)):
            yield STYLE.at(line, f"{place} is {shown(value)}")
        elif name in ("srcset", "imagesrcset"):
            for candidate in _candidates(value):
                yield from _address(candidate, line, place, has_base=has_base)
        elif name in _ADDRESSES:
            yield from _address(value, line, place, has_base=has_base)


def _uncommented(style: str) -> str:
    return re.sub(r"/\*.*?\*/", "", style[:STYLE_MOST].replace("\\", ""))


def _candidates(srcset: str) -> list[str]:
    """The addresses of a srcset; a comma within one has no blank after it."""
    parts = re.split(r",\s+|,(?=https?:)", srcset)
    return [part.split()[0] for part in parts if part.split()]


def _address(value: str, line: int, place: str, *, has_base: bool) -> Iterator[Finding]:
    if is_sound(value):
        return
    told = f"{place} is {shown(value)}"
    bare = re.sub(r"[\x00-\x20]", "", value).lower()
    if _SCRIPTED.match(bare):
        yield UNSAFE.at(line, told)
    elif bare.startswith("data:"):
        yield EMBEDDED.at(line, told)
    elif bare.startswith("#"):
        yield FRAGMENT.at(line, told)
    elif not is_absolute(value):
        yield (RELATIVE_WITH_BASE if has_base else RELATIVE).at(line, told)
    elif bare.startswith(("http:", "https:")):
        for finding in web_address(value, line, place, is_iri=True):
            if finding.rule not in LEFT_TO_BROWSERS:
                yield ADDRESS.at(line, finding.message)
    elif bare.startswith("file:"):
        yield ADDRESS.at(line, told)
