"""Atom 1.0, RFC 4287, and elements of Atom inside RSS.

Room: check. Entered by `check_document` and by rss. The shapes say what may stand where;
the judges below look at several elements together.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from feedsvc.check import (
    _addresses,
    _dates,
    _html,
    _links,
    _texts,
    history,
    modules,
    removal,
    threads,
)
from feedsvc.check import _values as values
from feedsvc.check._namespaces import ATOM, ATOM_03, XHTML, XML
from feedsvc.check._shapes import Element, Shape, check_shape, grammar
from feedsvc.check._xml import children, line_of, local_name, namespace_of, text_of, written_name
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

OUTDATED = Rule(
    name="atom-version-outdated",
    severity=Severity.WARNING,
    harm="today's readers do not read Atom 0.3",
    remedy="publish Atom 1.0",
    section="RFC 4287 §1.2",
)
NAMESPACE = Rule(
    name="atom-namespace",
    severity=Severity.ERROR,
    harm="readers do not recognise the document",
    remedy=f'write <feed xmlns="{ATOM}">',
    section="RFC 4287 §2",
)
ROOT_NAME = Rule(
    name="atom-root-name",
    severity=Severity.ERROR,
    harm="readers do not recognise the document",
    remedy="write <feed> in lower case",
    section="RFC 4287 §4.1.1",
)
ID_BLANK = Rule(
    name="atom-id-blank",
    severity=Severity.ERROR,
    harm="readers take all such entries for one",
    remedy="give every entry an id that never changes",
    section="RFC 4287 §4.2.6",
)
ID_TWICE = Rule(
    name="atom-id-duplicate",
    severity=Severity.ERROR,
    harm="readers show one of the two entries alone",
    remedy="give every entry an id of its own",
    section="RFC 4287 §4.1.1",
)
ID_VERSIONS = Rule(
    name="atom-id-versions",
    severity=Severity.WARNING,
    harm="readers show either version",
    remedy="publish the newest version of an entry alone",
    section="RFC 4287 §4.1.1",
)
ID_OF_FEED = Rule(
    name="atom-id-of-feed",
    severity=Severity.WARNING,
    harm="readers mistake the entry for the feed",
    remedy="give feed and entries different ids",
    section="RFC 4287 §4.2.6",
)
AUTHOR_MISSING = Rule(
    name="atom-author-missing",
    severity=Severity.ERROR,
    harm="strict readers refuse the entry",
    remedy="give the feed an author, or each entry one",
    section="RFC 4287 §4.1.1, §4.1.2",
)
SELF_MISSING = Rule(
    name="atom-self-missing",
    severity=Severity.WARNING,
    harm="readers that hold a copy do not know where it is from",
    remedy='add <link rel="self"> with the document\'s own address',
    section="RFC 4287 §4.1.1",
)
METADATA_LATE = Rule(
    name="atom-metadata-after-entries",
    severity=Severity.ERROR,
    harm="readers that read as it arrives miss it",
    remedy="put the feed's own elements before the first entry",
    section="RFC 4287 §4.1.1",
)
NO_CONTENT = Rule(
    name="atom-content-or-alternate-missing",
    severity=Severity.ERROR,
    harm="readers have nothing to show and nowhere to go",
    remedy='add <content>, or <link rel="alternate">',
    section="RFC 4287 §4.1.2",
)
NO_TEXT = Rule(
    name="atom-text-missing",
    severity=Severity.WARNING,
    harm="readers show a title alone",
    remedy="add <summary> or <content>",
    section="RFC 4287 §4.1.1.1",
)
SUMMARY_MISSING = Rule(
    name="atom-summary-missing",
    severity=Severity.ERROR,
    harm="readers have nothing to show",
    remedy="add a <summary>: the content is elsewhere or not text",
    section="RFC 4287 §4.1.2",
)
UPDATED_TWICE = Rule(
    name="atom-updated-duplicate",
    severity=Severity.WARNING,
    harm="readers cannot put the entries in order",
    remedy="give entries different times, a second will do",
    section="RFC 4287 §4.2.15; W3C feed validator, duplicate updated",
)
UPDATED_STALE = Rule(
    name="atom-updated-stale",
    severity=Severity.ADVICE,
    harm="readers that go by it miss the newest entries",
    remedy="set the feed's updated to that of its newest entry",
    section="RFC 4287 §4.2.15",
)
PUBLISHED_LATE = Rule(
    name="atom-published-after-updated",
    severity=Severity.WARNING,
    harm="readers put the entry in two places",
    remedy="updated is never before published",
    section="RFC 4287 §4.2.9",
)
UNSORTED = Rule(
    name="atom-entries-unsorted",
    severity=Severity.ADVICE,
    harm="readers that keep the document's order show old entries first",
    remedy="put the newest entry first",
    section="RFC 4287 §4.1.1",
)
NO_ENTRIES = Rule(
    name="atom-entries-missing",
    severity=Severity.ADVICE,
    harm="readers have nothing to show",
    remedy="publish the latest entries even when there is nothing new",
    section="RFC 4287 §4.1.1",
)
LANGUAGE_MISSING = Rule(
    name="atom-language-missing",
    severity=Severity.ADVICE,
    harm="readers guess voice, hyphenation and translation",
    remedy="add xml:lang to <feed>",
    section="RFC 4287 §2",
)
TYPE_INVALID = Rule(
    name="atom-text-type",
    severity=Severity.ERROR,
    harm="readers show tags as words, or the reverse",
    remedy='write type="text", "html" or "xhtml"',
    section="RFC 4287 §3.1.1",
)
CHILDREN = Rule(
    name="atom-markup-not-escaped",
    severity=Severity.ERROR,
    harm="readers drop the elements, with the words inside",
    remedy='escape the markup and write type="html", or write type="xhtml" with a <div>',
    section="RFC 4287 §3.1.1",
)
DIV = Rule(
    name="atom-xhtml-div",
    severity=Severity.ERROR,
    harm="readers drop what is not inside the <div>",
    remedy=f'put everything into one <div xmlns="{XHTML}">',
    section="RFC 4287 §3.1.1.3",
)
XHTML_FOREIGN = Rule(
    name="atom-xhtml-namespace",
    severity=Severity.ERROR,
    harm="readers drop elements that are not of XHTML",
    remedy=f'declare xmlns="{XHTML}" on the <div>',
    section="RFC 4287 §3.1.1.3",
)
CONTENT_TYPE = Rule(
    name="atom-content-type",
    severity=Severity.ERROR,
    harm="readers do not know how to show the content",
    remedy='write "text", "html", "xhtml" or a media type',
    section="RFC 4287 §4.1.3.1",
)
SRC_FILLED = Rule(
    name="atom-content-src-filled",
    severity=Severity.ERROR,
    harm="readers show either what is here or what is there",
    remedy="leave <content src> empty",
    section="RFC 4287 §4.1.3.2",
)
SRC_TYPE = Rule(
    name="atom-content-src-type",
    severity=Severity.ERROR,
    harm="readers do not know what they will get",
    remedy="give a media type beside src",
    section="RFC 4287 §4.1.3.2",
)
SRC_UNTYPED = Rule(
    name="atom-content-src-untyped",
    severity=Severity.WARNING,
    harm="readers do not know what they will get",
    remedy="give a media type beside src",
    section="RFC 4287 §4.1.3.2",
)
NOT_BASE64 = Rule(
    name="atom-content-base64",
    severity=Severity.ERROR,
    harm="readers get a broken file",
    remedy="encode the bytes in base64, or link to them",
    section="RFC 4287 §4.1.3.3",
)
NOT_XML = Rule(
    name="atom-content-not-xml",
    severity=Severity.ERROR,
    harm="readers find no document inside",
    remedy="put one element into it, not escaped",
    section="RFC 4287 §4.1.3.3",
)
LINK_TWICE = Rule(
    name="atom-alternate-of-two",
    severity=Severity.ADVICE,
    harm="readers that know entries by their page show one alone",
    remedy="link every entry to a page of its own",
    section="RFC 4287 §4.1.2",
)
XHTML_LOOSE = Rule(
    name="atom-xhtml-misplaced",
    severity=Severity.WARNING,
    harm="readers do not look for it there",
    remedy='put it into <content type="xhtml">',
    section="RFC 4287 §4.1.3",
)
SOURCE = Rule(
    name="atom-source-incomplete",
    severity=Severity.WARNING,
    harm="readers cannot tell where the entry is from",
    remedy="keep id, title and updated of the feed it was taken from",
    section="RFC 4287 §4.2.11",
)
RELATIVE = Rule(
    name="atom-address-relative",
    severity=Severity.WARNING,
    harm="readers that ignore xml:base follow a wrong address",
    remedy="write the whole address",
    section="RFC 4287 §2; RSS Profile, relative URLs",
)


RELATIVE_WITH_BASE = Rule(
    name="atom-address-relative-with-base",
    severity=Severity.ADVICE,
    harm="readers that ignore xml:base follow a wrong address",
    remedy="write the whole address",
    section="RFC 4287 §2; XML Base",
)


def identifier(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A permanent id."""
    if not words.strip():
        yield ID_BLANK.at(line, f"{what} is blank")
        return
    yield from _addresses.identifier(words, line, what)


def address(words: str, line: int, what: str, context: Context) -> Iterator[Finding]:
    """An address, best a whole one."""
    if not words.strip():
        yield _addresses.EMPTY.at(line, f"{what} holds no address")
        return
    yield from _addresses.reference(words, line, what)
    if not _addresses.is_absolute(words):
        rule = RELATIVE_WITH_BASE if context.has_base else RELATIVE
        yield rule.at(line, f"{what} is {shown(words)}")


def judge_text(text: Element, _context: Context) -> Iterator[Finding]:
    """A text construct: title, subtitle, summary, rights."""
    kind = text.get("type", "text")
    if kind in ("text", "html", "xhtml"):
        yield from _text_of_type(text, kind)
    else:
        yield TYPE_INVALID.at(line_of(text), f"<{written_name(text)} type> is {shown(kind)}")


def judge_content(content: Element, _context: Context) -> Iterator[Finding]:
    """The content of an entry, here or elsewhere."""
    kind, line = content.get("type"), line_of(content)
    if "src" in content.attrib:
        yield from _elsewhere(content, kind, line)
    elif kind in (None, "text", "html", "xhtml"):
        yield from _text_of_type(content, kind or "text")
    elif not values.is_media_type(kind) or re.match(r"(?:multipart|message)/", kind, re.I):
        yield CONTENT_TYPE.at(line, f"<content type> is {shown(kind)}")
    else:
        yield from _media(content, kind.lower(), line)


def _text_of_type(text: Element, kind: str) -> Iterator[Finding]:
    what, line, words = f"<{written_name(text)}>", line_of(text), text_of(text)
    held = list(children(text))
    if kind == "xhtml":
        yield from _xhtml(text, held, what)
    elif held:
        yield CHILDREN.at(line, f'{what} of type="{kind}" holds <{written_name(held[0])}>')
    elif not words.strip():
        yield _texts.BLANK.at(line, f"{what} is blank")
    elif kind == "html":
        yield from _html.html(words, line, what, has_base=_has_base(text))
    else:
        yield from _texts.without_markup(words, line, what)


def _xhtml(text: Element, held: list[Element], what: str) -> Iterator[Finding]:
    line = line_of(text)
    beside = (text.text or "") + "".join(child.tail or "" for child in held)
    divs = [child for child in held if local_name(child) == "div"]
    if len(held) != 1 or len(divs) != 1 or beside.strip():
        yield DIV.at(line, f"{what} holds {', '.join(map(_tag, held)) or shown(text_of(text))}")
        return
    if namespace_of(divs[0]) != XHTML:
        yield XHTML_FOREIGN.at(line_of(divs[0]), f"{what} holds a <div> that is not of XHTML")
        return
    for element in divs[0].iter("{*}*"):
        if namespace_of(element) in ("", ATOM):
            yield XHTML_FOREIGN.at(line_of(element), f"{what} holds {_tag(element)}, not of XHTML")
    if not text_of(divs[0]).strip() and not len(divs[0]):
        yield _texts.BLANK.at(line, f"{what} is blank")
    yield from _html.xhtml(divs[0], what, has_base=_has_base(text))


def _elsewhere(content: Element, kind: str | None, line: int) -> Iterator[Finding]:
    if text_of(content).strip() or len(content):
        yield SRC_FILLED.at(line, f"<content src> holds {shown(text_of(content))}")
    if kind is None:
        yield SRC_UNTYPED.at(line, "<content src> has no type")
    elif not values.is_media_type(kind):
        yield SRC_TYPE.at(line, f"<content type> beside src is {shown(kind)}")


def _media(content: Element, kind: str, line: int) -> Iterator[Finding]:
    bare = kind.partition(";")[0].strip()
    held = list(children(content))
    if re.search(r"[+/]xml$", bare) or bare.endswith("/xml-dtd"):
        if len(held) != 1:
            yield NOT_XML.at(line, f"<content> of {bare} holds {len(held)} elements")
        elif bare in ("image/svg+xml", "application/xhtml+xml"):
            yield from _html.xhtml(held[0], "<content>", has_base=_has_base(content))
    elif held:
        yield CHILDREN.at(line, f"<content> of {bare} holds {_tag(held[0])}")
    elif bare == "text/html":
        yield from _html.html(text_of(content), line, "<content>", has_base=_has_base(content))
    elif not bare.startswith("text/") and not _is_base64(text_of(content)):
        yield NOT_BASE64.at(line, f"<content> of {bare} is {shown(text_of(content))}")


def _is_base64(words: str) -> bool:
    try:
        return bool(base64.b64decode(re.sub(r"\s", "", words), validate=True))
    except (binascii.Error, ValueError):
        return False


def _has_base(element: Element) -> bool:
    return any(f"{{{XML}}}base" in above.attrib for above in (element, *element.iterancestors()))


def judge_source(source: Element, _context: Context) -> Iterator[Finding]:
    """Where an entry was taken from."""
    missing = [name for name in ("id", "title", "updated") if _child(source, name) is None]
    if missing:
        yield SOURCE.at(line_of(source), f"<source> has no {', '.join(missing)}")
    yield from _links.check(source, replace(_context, address=None))


TEXT = Shape(judge=judge_text, attributes={"type": values.anything})
DATE = Shape(words=values.rfc3339)
ID = Shape(words=identifier)
ADDRESS = Shape(words=address)
CATEGORY = Shape(
    is_once=False,
    required=("term",),
    attributes={"term": values.filled, "scheme": values.iri, "label": values.filled},
)
PERSON = Shape(
    is_container=True,
    is_once=False,
    must_hold=("name",),
    holds={
        "name": Shape(words=values.plain),
        "uri": ADDRESS,
        "email": Shape(words=values.mail),
    },
)
LINK = Shape(
    is_once=False,
    required=("href",),
    attributes={
        "href": values.anything,  # the links of one element are judged together
        "rel": values.anything,
        "type": values.media_type,
        "hreflang": values.language,
        "title": values.filled,
        "length": values.number,
    },
)
CONTENT = Shape(
    judge=judge_content,
    attributes={"type": values.anything, "src": address},
)
_OF_FEED: Mapping[str, Shape] = {
    "author": PERSON,
    "category": CATEGORY,
    "contributor": PERSON,
    "generator": Shape(words=values.plain, attributes={"uri": address, "version": values.filled}),
    "icon": ADDRESS,
    "id": ID,
    "link": LINK,
    "logo": ADDRESS,
    "rights": TEXT,
    "subtitle": TEXT,
    "title": TEXT,
    "updated": DATE,
}
SOURCE_SHAPE = Shape(is_container=True, judge=judge_source, holds=_OF_FEED)
ENTRY = Shape(
    is_container=True,
    is_once=False,
    must_hold=("id", "title", "updated"),
    holds={
        "author": PERSON,
        "category": CATEGORY,
        "content": CONTENT,
        "contributor": PERSON,
        "id": ID,
        "link": LINK,
        "published": DATE,
        "rights": TEXT,
        "source": SOURCE_SHAPE,
        "summary": TEXT,
        "title": TEXT,
        "updated": DATE,
    },
)
FEED = Shape(
    is_container=True,
    must_hold=("id", "title", "updated"),
    holds={**_OF_FEED, "entry": ENTRY},
)
NAMES = frozenset((*FEED.holds, *ENTRY.holds, *PERSON.holds, "feed"))
HINTS = {
    "modified": "Atom 1.0 calls it <updated>",
    "issued": "Atom 1.0 calls it <published>",
    "created": "Atom 1.0 calls it <published>",
    "tagline": "Atom 1.0 calls it <subtitle>",
    "copyright": "Atom 1.0 calls it <rights>",
    "info": "Atom 1.0 does without it",
    "pubdate": "Atom calls it <published>",
    "lastbuilddate": "Atom calls it <updated>",
    "description": "Atom calls it <subtitle> or <summary>",
    "guid": "Atom calls it <id>",
    "item": "Atom calls it <entry>",
    "enclosure": 'Atom writes <link rel="enclosure">',
    "image": "Atom calls it <logo> or <icon>",
    "url": "Atom calls it <uri>",
    "mail": "Atom calls it <email>",
    "language": "Atom writes xml:lang",
}
RULES = grammar("atom", "RFC 4287 §4", ATOM, NAMES, HINTS)


def check(root: Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with an Atom document, of a feed or of one entry."""
    name, uri, line = local_name(root), namespace_of(root), line_of(root)
    context = replace(context, has_base=_tells_base(root))
    if uri == ATOM_03:
        yield OUTDATED.at(line, "this is Atom 0.3")
    elif uri != ATOM:
        yield NAMESPACE.at(line, f"<{name}> is of {shown(uri)}" if uri else "there is none")
    elif name == "entry":
        yield from check_shape(root, ENTRY, RULES, context)
        yield from _entry(root, replace(context, level="entry"), {"id": ""})
    elif name != "feed":
        yield ROOT_NAME.at(line, f"the root is <{name}>")
    else:
        yield from _feed(root, context)


def _tells_base(root: Element) -> bool:
    """Whether an xml:base or the self link says what relative addresses are relative to."""
    own = (_links.address(link) for link in _links.of(root, "self"))
    return f"{{{XML}}}base" in root.attrib or any(map(_addresses.is_absolute, own))


def within_rss(parent: Element, context: Context) -> Iterator[Finding]:
    """The elements of Atom right inside a channel or an item."""
    shape = FEED if context.level == "feed" else ENTRY
    for child in children(parent):
        if namespace_of(child) != ATOM:
            continue
        held = shape.holds.get(local_name(child))
        if held is None:
            rule = RULES.misplaced if local_name(child) in NAMES else RULES.unknown
            yield rule.at(line_of(child), f"{_tag(child)} stands in <{local_name(parent)}>")
        else:
            yield from check_shape(child, held, RULES, context)
    yield from _links.check(parent, context)


def _feed(feed: Element, context: Context) -> Iterator[Finding]:
    entries = list(feed.iterchildren(f"{{{ATOM}}}entry"))
    yield from check_shape(feed, FEED, RULES, context)
    yield from modules.check(feed, context)
    yield from _links.check(feed, context)
    yield from history.check(feed, context)
    yield from removal.check(feed, context)
    yield from threads.check(feed, context)
    for judge in FEED_JUDGES:
        yield from judge(feed, entries, context)
    inherited = (
        {"id": _words(feed, "id"), "author": "feed"}
        if _has_author(feed)
        else {"id": _words(feed, "id")}
    )
    for entry in entries:
        yield from _entry(entry, replace(context, level="entry"), inherited)


def _entry(entry: Element, context: Context, feed: Mapping[str, str]) -> Iterator[Finding]:
    """`feed` holds the id of the feed, and an author when every entry has that one."""
    yield from modules.check(entry, context)
    yield from _links.check(entry, context)
    yield from history.check_entry(entry)
    yield from removal.check_entry(entry)
    yield from threads.check(entry, context)
    source = _child(entry, "source")
    is_signed = "author" in feed or _has_author(entry)
    if not is_signed and not (source is not None and _has_author(source)):
        yield AUTHOR_MISSING.at(line_of(entry), "neither the entry nor the feed has an <author>")
    if feed["id"] and _words(entry, "id") == feed["id"]:
        yield ID_OF_FEED.at(line_of(entry), "the <id> of the entry is that of the feed")
    yield from _something_to_show(entry)
    yield from _pages_differ(entry, context)
    yield from _no_xhtml(entry)
    yield from _in_time(entry)


def _pages_differ(entry: Element, context: Context) -> Iterator[Finding]:
    for link in _links.of(entry, "alternate"):
        words, line = _links.address(link), line_of(link)
        first = context.seen.first_line("link", words, line) if words else None
        if first not in (None, line):
            yield LINK_TWICE.at(line, f"it leads to {shown(words)}, as on line {first}")


def _no_xhtml(parent: Element) -> Iterator[Finding]:
    for child in children(parent):
        if namespace_of(child) == XHTML:
            told = f"{_tag(child)} stands in <{local_name(parent)}>"
            yield XHTML_LOOSE.at(line_of(child), told)


def _something_to_show(entry: Element) -> Iterator[Finding]:
    content, summary, line = _child(entry, "content"), _child(entry, "summary"), line_of(entry)
    if content is None and not _links.of(entry, "alternate"):
        yield NO_CONTENT.at(line, "the entry has neither <content> nor an alternate link")
    if content is None and summary is None:
        yield NO_TEXT.at(line, "the entry has neither <summary> nor <content>")
    if content is not None and summary is None and _needs_summary(content):
        yield SUMMARY_MISSING.at(line, "the entry has no <summary>, and its content is not text")


def _needs_summary(content: Element) -> bool:
    kind = content.get("type", "text").lower().partition(";")[0]
    is_text = "/" not in kind or kind.startswith("text/") or kind.endswith(("+xml", "/xml"))
    return "src" in content.attrib or not is_text


def _in_time(entry: Element) -> Iterator[Finding]:
    published, updated = (_moment(entry, name) for name in ("published", "updated"))
    if published and updated and published > updated:
        yield PUBLISHED_LATE.at(line_of(entry), "<published> is after <updated>")


Entries = list[Element]


def ids_differ(_feed: Element, entries: Entries, context: Context) -> Iterator[Finding]:
    """Every entry has an id of its own; versions of one differ in updated."""
    for entry in entries:
        found = _child(entry, "id")
        if found is None or not (words := text_of(found).strip()):
            continue
        first = context.seen.first_line("id", words, line_of(found))
        version = f"{words} {_words(entry, 'updated')}"
        is_same = context.seen.first_line("version", version, line_of(found)) is not None
        if first is not None:
            rule = ID_TWICE if is_same else ID_VERSIONS
            yield rule.at(line_of(found), f"<id> is {shown(words)}, as on line {first}")


def updated_differ(_feed: Element, entries: Entries, context: Context) -> Iterator[Finding]:
    """No two entries changed at the same moment."""
    for entry in entries:
        found = _child(entry, "updated")
        words = "" if found is None else text_of(found)
        instant = _dates.instant_3339(words)
        if found is None or not instant:
            continue
        first = context.seen.first_line("updated", instant, line_of(found))
        if first is not None:
            yield UPDATED_TWICE.at(
                line_of(found), f"<updated> is {shown(words)}, as on line {first}"
            )


def some_self(feed: Element, _entries: Entries, _context: Context) -> Iterator[Finding]:
    """The document names its own address."""
    if not _links.of(feed, "self"):
        yield SELF_MISSING.at(line_of(feed), 'there is no <link rel="self">')


def metadata_first(feed: Element, _entries: Entries, _context: Context) -> Iterator[Finding]:
    """The feed's own elements stand before the first entry."""
    is_after = False
    for child in children(feed):
        if child.tag == f"{{{ATOM}}}entry":
            is_after = True
        elif is_after and namespace_of(child) == ATOM and local_name(child) in FEED.holds:
            yield METADATA_LATE.at(line_of(child), f"{_tag(child)} stands after an entry")


def some_entries(feed: Element, entries: Entries, _context: Context) -> Iterator[Finding]:
    """There is something to read."""
    if not entries:
        yield NO_ENTRIES.at(line_of(feed), "the feed has no entry")


def some_language(feed: Element, _entries: Entries, _context: Context) -> Iterator[Finding]:
    """The language is told."""
    if not feed.get(f"{{{XML}}}lang") and not feed.xpath("boolean(//@xml:lang[. != ''])"):
        yield LANGUAGE_MISSING.at(line_of(feed), "<feed> has no xml:lang")


def newest_first(feed: Element, entries: Entries, _context: Context) -> Iterator[Finding]:
    """The entries run from new to old, by either of their dates; a whole list as it likes."""
    if history.is_complete(feed):
        return
    for name in ("updated", "published"):
        dated = [(entry, moment) for entry in entries if (moment := _moment(entry, name))]
        if len(dated) == len(entries) and all(a[1] >= b[1] for a, b in pairwise(dated)):
            return
    dated = [(entry, moment) for entry in entries if (moment := _moment(entry, "updated"))]
    for (_, newer), (entry, moment) in pairwise(dated):
        if moment > newer:
            told = f"an entry of {moment.isoformat()} stands below one of {newer.isoformat()}"
            yield UNSORTED.at(line_of(entry), told)
            return


def feed_is_newest(feed: Element, entries: Entries, _context: Context) -> Iterator[Finding]:
    """No entry is newer than the feed."""
    own, found = _moment(feed, "updated"), _child(feed, "updated")
    newest = max(filter(None, (_moment(entry, "updated") for entry in entries)), default=None)
    if own and newest and found is not None and newest > own:
        told = f"<updated> is {shown(text_of(found))}, an entry's {newest.isoformat()}"
        yield UPDATED_STALE.at(line_of(found), told)


FEED_JUDGES = (
    ids_differ,
    updated_differ,
    some_self,
    metadata_first,
    some_entries,
    some_language,
    newest_first,
    feed_is_newest,
)


def _child(parent: Element, name: str) -> Element | None:
    return parent.find(f"{{{ATOM}}}{name}")


def _has_author(parent: Element) -> bool:
    return _child(parent, "author") is not None


def _words(parent: Element, name: str) -> str:
    found = _child(parent, name)
    return "" if found is None else text_of(found).strip()


def _moment(parent: Element, name: str) -> datetime | None:
    return _dates.moment_3339(_words(parent, name))


def _tag(element: Element) -> str:
    return f"<{written_name(element)}>"
