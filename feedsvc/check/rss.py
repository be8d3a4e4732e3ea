"""RSS 2.0 and the Profile of the RSS Advisory Board; 0.9x and 1.0 by what applies to them.

Room: check. Entered by `check_document`. The shapes say what may stand where; the judges
below look at several elements together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from feedsvc.check import (
    _addresses,
    _dates,
    _html,
    _links,
    _texts,
    atom,
    history,
    modules,
    removal,
    threads,
)
from feedsvc.check import _values as values
from feedsvc.check._namespaces import (
    ATOM,
    CONTENT,
    DUBLIN_CORE,
    RDF,
    RSS_090,
    RSS_10,
    XHTML,
    XML,
)
from feedsvc.check._shapes import Element, Reader, Shape, check_shape, grammar
from feedsvc.check._xml import children, line_of, local_name, namespace_of, text_of
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

VERSION_MISSING = Rule(
    name="rss-version-missing",
    severity=Severity.ERROR,
    harm="readers guess which RSS it is",
    remedy='write <rss version="2.0">',
    section="RSS 2.0, <rss>",
)
VERSION_INVALID = Rule(
    name="rss-version-invalid",
    severity=Severity.ERROR,
    harm="strict readers refuse the document",
    remedy='write <rss version="2.0">',
    section="RSS 2.0, <rss>",
)
OUTDATED = Rule(
    name="rss-version-outdated",
    severity=Severity.ADVICE,
    harm="readers find no ids, enclosures or authors in it",
    remedy="publish RSS 2.0",
    section="RSS 2.0, <rss>",
)
ROOT_NAME = Rule(
    name="rss-root-name",
    severity=Severity.ERROR,
    harm="readers do not recognise the document",
    remedy="write <rss> in lower case",
    section="RSS 2.0, <rss>",
)
IN_NAMESPACE = Rule(
    name="rss-in-namespace",
    severity=Severity.ERROR,
    harm="readers that know namespaces find no element of RSS",
    remedy="leave out the default namespace: RSS 2.0 has none",
    section="RSS 2.0, extending RSS",
)
CHANNEL_COUNT = Rule(
    name="rss-channel-count",
    severity=Severity.ERROR,
    harm="readers show nothing, or the first channel alone",
    remedy="put exactly one <channel> into <rss>",
    section="RSS 2.0, <channel>",
)
ITEM_EMPTY = Rule(
    name="rss-item-empty",
    severity=Severity.ERROR,
    harm="readers have nothing to show",
    remedy="give every item a title or a description",
    section="RSS 2.0, <item>",
)
CONTACT_MAIL = Rule(
    name="rss-contact-mail-missing",
    severity=Severity.ERROR,
    harm="readers take the name for an address, or drop it",
    remedy="write jane@example.org (Jane Doe), or put the name into dc:creator",
    section="RSS Profile, author",
)
CONTACT_FORM = Rule(
    name="rss-contact-form",
    severity=Severity.WARNING,
    harm="readers show address and name in a muddle",
    remedy="write jane@example.org (Jane Doe)",
    section="RSS Profile, author",
)
CONTACT_NAME = Rule(
    name="rss-contact-name-missing",
    severity=Severity.WARNING,
    harm="readers show a mail address where a name belongs",
    remedy="write jane@example.org (Jane Doe)",
    section="RSS Profile, author",
)
TTL = Rule(
    name="rss-ttl-invalid",
    severity=Severity.ERROR,
    harm="readers ask too often, or never again",
    remedy="write whole minutes, 1 or more",
    section="RSS 2.0, <ttl>",
)
TTL_LONG = Rule(
    name="rss-ttl-long",
    severity=Severity.ADVICE,
    harm="readers that obey it ask again long after there is news",
    remedy="give the minutes after which a reader should ask again",
    section="RSS 2.0, <ttl>",
)
IMAGE_SIZE = Rule(
    name="rss-image-size",
    severity=Severity.ERROR,
    harm="readers stretch the picture or leave it out",
    remedy="width from 1 to 144, height from 1 to 400",
    section="RSS 2.0, <image>",
)
IMAGE_TITLE = Rule(
    name="rss-image-title-differs",
    severity=Severity.WARNING,
    harm="readers that show the picture instead of the title show another name",
    remedy="give image and channel the same title",
    section="RSS 2.0, <image>",
)
IMAGE_LINK = Rule(
    name="rss-image-link-differs",
    severity=Severity.WARNING,
    harm="picture and title lead to different pages",
    remedy="give image and channel the same link",
    section="RSS 2.0, <image>",
)
IMAGE_FORMAT = Rule(
    name="rss-image-format",
    severity=Severity.WARNING,
    harm="readers do not show the picture",
    remedy="use a GIF, JPEG or PNG",
    section="RSS 2.0, <image>",
)
TEXT_INPUT = Rule(
    name="rss-text-input",
    severity=Severity.WARNING,
    harm="readers ignore it",
    remedy="leave it out",
    section="RSS Profile, textInput",
)
RATING = Rule(
    name="rss-rating",
    severity=Severity.ADVICE,
    harm="readers ignore it: PICS is no more",
    remedy="leave it out",
    section="RSS Profile, rating",
)
HOUR = Rule(
    name="rss-hour-invalid",
    severity=Severity.ERROR,
    harm="readers ignore it, or ask at the wrong hours",
    remedy="write each hour once, from 0 to 23",
    section="RSS 2.0, <skipHours>",
)
DAY = Rule(
    name="rss-day-invalid",
    severity=Severity.ERROR,
    harm="readers ignore it, or ask on the wrong days",
    remedy="write each day once, in English as in Monday",
    section="RSS 2.0, <skipDays>",
)
SKIPS_ALL = Rule(
    name="rss-skips-all",
    severity=Severity.WARNING,
    harm="readers never ask again",
    remedy="leave at least one hour and one day",
    section="RSS 2.0, <skipHours>",
)
CLOUD = Rule(
    name="rss-cloud-invalid",
    severity=Severity.ERROR,
    harm="readers cannot register for notices",
    remedy="give domain, port, path, procedure and protocol of a server that answers",
    section="RSS 2.0, <cloud>",
)
WORDS_BLANK = Rule(
    name="rss-item-words-blank",
    severity=Severity.ADVICE,
    harm="readers show a title with nothing below",
    remedy="fill the element or leave it out",
    section="RSS Profile, description",
)
TWO_IDS = Rule(
    name="rss-item-ids-several",
    severity=Severity.WARNING,
    harm="one reader goes by the guid, another by the id, and both may show an item twice",
    remedy="keep the guid",
    section="RSS Profile, guid; W3C feed validator, duplicate item semantics",
)
GUID_MISSING = Rule(
    name="rss-guid-missing",
    severity=Severity.WARNING,
    harm="readers show an edited item again, or miss it",
    remedy="give every item a guid that never changes",
    section="RSS Profile, guid",
)
GUID_BLANK = Rule(
    name="rss-guid-blank",
    severity=Severity.ERROR,
    harm="readers take all such items for one",
    remedy="give every item a guid that never changes",
    section="RSS 2.0, <guid>",
)
GUID_TWICE = Rule(
    name="rss-guid-duplicate",
    severity=Severity.ERROR,
    harm="readers show one of the two items alone",
    remedy="give every item a guid of its own",
    section="RSS 2.0, <guid>",
)
GUID_BLANKS = Rule(
    name="rss-guid-whitespace",
    severity=Severity.WARNING,
    harm="readers that do not trim see a new item when the layout changes",
    remedy="write the guid without blanks around",
    section="RSS Profile, guid",
)
GUID_SHORT = Rule(
    name="rss-guid-short",
    severity=Severity.WARNING,
    harm="the id is not unique beyond this feed",
    remedy="use a urn:uuid:, a tag: or the permanent address",
    section="RSS Profile, guid",
)
GUID_NOT_URL = Rule(
    name="rss-guid-not-address",
    severity=Severity.ERROR,
    harm="readers link the item to nowhere",
    remedy='write <guid isPermaLink="false">, or the item\'s address',
    section="RSS 2.0, <guid>",
)
GUID_FLAG = Rule(
    name="rss-guid-flag",
    severity=Severity.ERROR,
    harm="readers take the guid for an address, or the reverse",
    remedy='write isPermaLink="true" or isPermaLink="false"',
    section="RSS 2.0, <guid>",
)
GUID_DIFFERS = Rule(
    name="rss-guid-differs",
    severity=Severity.ADVICE,
    harm="one reader follows the guid, another the link",
    remedy='write isPermaLink="false" unless the guid is the link',
    section="RSS Profile, guid",
)
LINK_MISSING = Rule(
    name="rss-item-link-missing",
    severity=Severity.ADVICE,
    harm="people cannot open the item's page",
    remedy="give the item a link, or a guid that is its address",
    section="RSS Profile, link",
)
LINK_TWICE = Rule(
    name="rss-item-link-duplicate",
    severity=Severity.ADVICE,
    harm="readers that know items by their link show one alone",
    remedy="link every item to a page of its own",
    section="RSS Profile, link",
)
LINK_IS_FEED = Rule(
    name="rss-link-is-feed",
    severity=Severity.WARNING,
    harm="people who open the site get the feed's source",
    remedy="link the channel to the web page it stands for",
    section="RSS Profile, link",
)
DATE_MISSING = Rule(
    name="rss-item-date-missing",
    severity=Severity.ADVICE,
    harm="readers date the item by the moment they saw it",
    remedy="give every item a pubDate",
    section="RSS Profile, pubDate",
)
STALE = Rule(
    name="rss-last-build-stale",
    severity=Severity.ADVICE,
    harm="readers that go by it miss the newest items",
    remedy="set lastBuildDate to the newest change of the channel",
    section="RSS Profile, lastBuildDate",
)
UNSORTED = Rule(
    name="rss-items-unsorted",
    severity=Severity.ADVICE,
    harm="readers that keep the document's order show old items first",
    remedy="put the newest item first",
    section="RSS Profile, item",
)
MISPLACED_META = Rule(
    name="rss-channel-after-items",
    severity=Severity.WARNING,
    harm="readers that read as it arrives miss it",
    remedy="put the channel's own elements before the first item",
    section="RSS Profile, channel",
)
NO_ITEMS = Rule(
    name="rss-items-missing",
    severity=Severity.ADVICE,
    harm="readers have nothing to show",
    remedy="publish the latest items even when there is nothing new",
    section="RSS 2.0, <item>",
)
LANGUAGE_MISSING = Rule(
    name="rss-language-missing",
    severity=Severity.ADVICE,
    harm="readers guess voice, hyphenation and translation",
    remedy="add <language>",
    section="RSS Profile, language",
)
ENCLOSURE_LENGTH = Rule(
    name="rss-enclosure-length",
    severity=Severity.ERROR,
    harm="podcast players skip the file, or show a wrong size",
    remedy="write the size in bytes, or 0 when it is not known",
    section="RSS Profile, enclosure",
)
ENCLOSURE_UNSIZED = Rule(
    name="rss-enclosure-unsized",
    severity=Severity.ADVICE,
    harm="players cannot say how much there is to load",
    remedy="write the size in bytes",
    section="RSS Profile, enclosure",
)
ENCLOSURES = Rule(
    name="rss-enclosures-several",
    severity=Severity.WARNING,
    harm="readers show either the first or the last",
    remedy="keep one enclosure and put the others into media:content",
    section="RSS Profile, enclosure",
)
COMMENTS_FEED = Rule(
    name="rss-comments-is-feed",
    severity=Severity.WARNING,
    harm="people who open the comments get a feed's source",
    remedy="link the page in comments, and the feed in wfw:commentRss",
    section="RSS Profile, comments",
)
CONTENT_FIRST = Rule(
    name="rss-description-after-content",
    severity=Severity.WARNING,
    harm="readers that keep the last text show the summary for the whole",
    remedy="put description before content:encoded",
    section="RSS Profile, content:encoded",
)
NOT_ESCAPED = Rule(
    name="rss-content-not-escaped",
    severity=Severity.ERROR,
    harm="readers drop the elements, with the words inside",
    remedy="escape the HTML, or put it into CDATA",
    section="RSS 1.0 Content, content:encoded",
)
CONTENT_ALONE = Rule(
    name="rss-content-without-description",
    severity=Severity.WARNING,
    harm="readers that do not know content:encoded show nothing",
    remedy="add a description, a summary will do",
    section="RSS Profile, content:encoded",
)
ABOUT = Rule(
    name="rss-about-missing",
    severity=Severity.ERROR,
    harm="readers of RDF cannot tell the items apart",
    remedy="give it an rdf:about with its address",
    section="RSS 1.0 §5.3",
)
ABOUT_TWICE = Rule(
    name="rss-about-duplicate",
    severity=Severity.ERROR,
    harm="readers take the two items for one",
    remedy="give every item an address of its own",
    section="RSS 1.0 §5.5",
)
TOC = Rule(
    name="rss-contents-differ",
    severity=Severity.WARNING,
    harm="readers that go by the list show other items",
    remedy="list in <items> exactly the items that follow",
    section="RSS 1.0 §5.3.5",
)

WEEK_MINUTES = 7 * 24 * 60
VERSIONS_OLD = ("0.90", "0.91", "0.92", "0.93", "0.94")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PROTOCOLS = ("xml-rpc", "soap", "http-post", "https-post", "http-get", "rest")
PICTURES = ("gif", "jpg", "jpeg", "jpe", "png", "jfif")
OTHER_PICTURES = ("svg", "webp", "bmp", "ico", "tif", "tiff", "avif", "heic", "jxl")
_CONTACT = re.compile(r"(?P<mail>\S+) +\((?P<name>[^()]*(?:\([^()]*\)[^()]*)*)\)")
_LIKE_A_FEED = re.compile(r"\.(?:rss|atom|rdf)$|/(?:feed|rss|atom)(?:\.xml)?/?$|[?&]feed=", re.I)


def contact(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A mail address with the name in brackets."""
    told, stripped = f"{what} is {shown(words)}", words.strip()
    found = _CONTACT.fullmatch(stripped)
    if values.is_mail(stripped):
        yield CONTACT_NAME.at(line, told)
    elif found and values.is_mail(found["mail"]):
        yield from _texts.without_markup(found["name"], line, what)
        if not found["name"].strip():
            yield CONTACT_NAME.at(line, told)
    elif re.search(r"[^\s@]@[^\s@.]+\.[^\s@.]", stripped):
        yield CONTACT_FORM.at(line, told)
    else:
        yield CONTACT_MAIL.at(line, told)


def ttl(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """Minutes to wait."""
    if not re.fullmatch(r"0*[1-9]\d{0,8}", words.strip(), re.ASCII):
        yield TTL.at(line, f"{what} is {shown(words)}")
    elif int(words) > WEEK_MINUTES:
        yield TTL_LONG.at(line, f"{what} is {shown(words)}, more than a week")


def link(words: str, line: int, what: str, context: Context) -> Iterator[Finding]:
    """The page of a channel."""
    yield from _addresses.address(words, line, what)
    if context.address and words.strip() == context.address:
        yield LINK_IS_FEED.at(line, f"{what} is the feed's own address")


def comments(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """The page where people talk about an item."""
    yield from _addresses.web_address(words, line, what)
    if _LIKE_A_FEED.search(words.strip()):
        yield COMMENTS_FEED.at(line, f"{what} is {shown(words)}")


def content(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """HTML of an item."""
    if not words.strip():
        yield WORDS_BLANK.at(line, f"{what} is blank")
    yield from _texts.filled(words, line, what)
    yield from _html.html(words, line, what)


def rating(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A label of PICS."""
    yield RATING.at(line, f"{what} is {shown(words)}")


def size_of_image(limit: int) -> Reader:
    """A width or height up to a limit."""

    def read(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
        digits = words.strip()
        if not re.fullmatch(r"\d{1,9}", digits, re.ASCII) or not 1 <= int(digits) <= limit:
            yield IMAGE_SIZE.at(line, f"{what} is {shown(words)}")

    return read


def picture(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """The address of a GIF, JPEG or PNG."""
    yield from _addresses.web_address(words, line, what)
    ending = words.strip().partition("?")[0].rpartition(".")[2].lower()
    if ending in OTHER_PICTURES:
        yield IMAGE_FORMAT.at(line, f"{what} is {shown(words)}")


def hour(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """An hour of the day, GMT."""
    if words.strip() not in {*map(str, range(24)), *(f"{n:02}" for n in range(10))}:
        yield HOUR.at(line, f"{what} is {shown(words)}")


def day(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A day of the week."""
    if words.strip() not in WEEKDAYS:
        yield DAY.at(line, f"{what} is {shown(words)}")


def length(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """Bytes of an enclosure."""
    if not re.fullmatch(r"\d{1,18}", words, re.ASCII):
        yield ENCLOSURE_LENGTH.at(line, f"{what} is {shown(words)}")
    elif int(words) == 0:
        yield ENCLOSURE_UNSIZED.at(line, f"{what} is 0")


def flag(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """Whether a guid is an address."""
    if words not in ("true", "false"):
        yield GUID_FLAG.at(line, f"{what} is {shown(words)}")


def port(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A port of TCP."""
    if not re.fullmatch(r"\d{1,5}", words, re.ASCII) or not 0 < int(words) < 65536:
        yield CLOUD.at(line, f"{what} is {shown(words)}")


def host(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """The name of a server."""
    if not _addresses.is_web_address(f"https://{words}/"):
        yield CLOUD.at(line, f"{what} is {shown(words)}")


def protocol(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """How a cloud is spoken to."""
    if words not in PROTOCOLS:
        yield CLOUD.at(line, f"{what} is {shown(words)}; it may be {', '.join(PROTOCOLS)}")


def path(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """Where a cloud listens."""
    if not words.startswith("/"):
        yield CLOUD.at(line, f"{what} is {shown(words)}; it begins with a slash")


def judge_guid(guid: Element, context: Context) -> Iterator[Finding]:
    """The id of an item."""
    words, line = text_of(guid), line_of(guid)
    stripped = words.strip()
    told = f"<guid> is {shown(words)}"
    if not stripped:
        yield GUID_BLANK.at(line, "<guid> is blank")
        return
    if words != stripped:
        yield GUID_BLANKS.at(line, f"{told}, with blanks around")
    if (first := context.seen.first_line("guid", stripped, line)) is not None:
        yield GUID_TWICE.at(line, f"{told}, as on line {first}")
    if guid.get("isPermaLink", "true") != "false":
        faults = list(_addresses.web_address(stripped, line, "<guid>", is_iri=True))
        if faults:
            yield GUID_NOT_URL.at(line, f"{told}, and said to be an address")
    elif len(stripped) < 9 and stripped.isdigit():
        yield GUID_SHORT.at(line, told)
    elif stripped.startswith(("tag:", "urn:")):
        yield from _addresses.identifier(stripped, line, "<guid>")


def judge_enclosure(enclosure: Element, _context: Context) -> Iterator[Finding]:
    """Whether type and address go together."""
    url, kind = enclosure.get("url", ""), enclosure.get("type", "")
    yield from values.matching_type(url, kind, line_of(enclosure), "<enclosure type>")


def judge_image(image: Element, _context: Context) -> Iterator[Finding]:
    """Whether the picture stands for its channel."""
    channel = image.getparent()
    if channel is None:
        return
    for name, rule in (("title", IMAGE_TITLE), ("link", IMAGE_LINK)):
        own, of_channel = _words(image, name), _words(channel, name)
        if own and of_channel and own != of_channel:
            told = f"<{name}> of the image is {shown(own)}, of the channel {shown(of_channel)}"
            yield rule.at(line_of(next(image.iterchildren(name))), told)


def judge_text_input(text_input: Element, _context: Context) -> Iterator[Finding]:
    """That it is there at all."""
    yield TEXT_INPUT.at(line_of(text_input), "there is a <textInput>")


def judge_skips(skips: Element, _context: Context) -> Iterator[Finding]:
    """Whether each hour or day is named once, and not all of them."""
    rule, everything = (HOUR, 24) if local_name(skips) == "skipHours" else (DAY, 7)
    named = [(text_of(child).strip(), line_of(child)) for child in children(skips)]
    seen: set[str] = set()
    for words, line in named:
        if words in seen:
            yield rule.at(line, f"{shown(words)} is named twice")
        seen.add(words)
    if len(seen) >= everything:
        yield SKIPS_ALL.at(line_of(skips), f"<{local_name(skips)}> names all there are")
    if not named:
        yield _texts.BLANK.at(line_of(skips), f"<{local_name(skips)}> is empty")


TEXT = Shape(words=values.plain)
DATE = Shape(words=values.rfc822)
CONTACT = Shape(words=contact)
CATEGORY = Shape(words=values.plain, attributes={"domain": values.filled}, is_once=False)
IMAGE = Shape(
    is_container=True,
    judge=judge_image,
    must_hold=("url", "title", "link"),
    holds={
        "url": Shape(words=picture),
        "title": TEXT,
        "link": Shape(words=values.address),
        "width": Shape(words=size_of_image(144)),
        "height": Shape(words=size_of_image(400)),
        "description": TEXT,
    },
)
TEXT_INPUT_SHAPE = Shape(
    is_container=True,
    judge=judge_text_input,
    must_hold=("title", "description", "name", "link"),
    holds={
        "title": TEXT,
        "description": TEXT,
        "name": TEXT,
        "link": Shape(words=values.web_address),
    },
)
CLOUD_SHAPE = Shape(
    is_empty=True,
    required=("domain", "port", "path", "registerProcedure", "protocol"),
    attributes={
        "domain": host,
        "port": port,
        "path": path,
        "registerProcedure": values.anything,
        "protocol": protocol,
    },
)
ITEM = Shape(
    is_container=True,
    is_once=False,
    holds={
        "title": TEXT,
        "link": Shape(words=values.address),
        "description": Shape(words=content),
        "author": CONTACT,
        "category": CATEGORY,
        "comments": Shape(words=comments),
        "enclosure": Shape(
            judge=judge_enclosure,
            is_once=False,
            is_empty=True,
            required=("url", "length", "type"),
            attributes={"url": values.web_address, "length": length, "type": values.media_type},
        ),
        "guid": Shape(words=values.anything, judge=judge_guid, attributes={"isPermaLink": flag}),
        "pubDate": DATE,
        "source": Shape(
            words=values.plain, required=("url",), attributes={"url": values.web_address}
        ),
    },
)
CHANNEL = Shape(
    is_container=True,
    must_hold=("title", "link", "description"),
    holds={
        "title": TEXT,
        "link": Shape(words=link),
        "description": TEXT,
        "language": Shape(words=values.language),
        "copyright": TEXT,
        "managingEditor": CONTACT,
        "webMaster": CONTACT,
        "pubDate": DATE,
        "lastBuildDate": DATE,
        "category": CATEGORY,
        "generator": TEXT,
        "docs": Shape(words=values.web_address),
        "cloud": CLOUD_SHAPE,
        "ttl": Shape(words=ttl),
        "image": IMAGE,
        "rating": Shape(words=rating),
        "textInput": TEXT_INPUT_SHAPE,
        "skipHours": Shape(
            is_container=True, judge=judge_skips, holds={"hour": Shape(words=hour, is_once=False)}
        ),
        "skipDays": Shape(
            is_container=True, judge=judge_skips, holds={"day": Shape(words=day, is_once=False)}
        ),
        "item": ITEM,
    },
)
NAMES = frozenset(
    (*CHANNEL.holds, *ITEM.holds, *IMAGE.holds, "name", "hour", "day", "channel", "rss")
)
HINTS = {
    "date": "the date of an item is <pubDate>",
    "published": "the date of an item is <pubDate>",
    "updated": "the date of a channel is <lastBuildDate>",
    "id": "the id of an item is <guid>",
    "summary": "the words of an item are its <description>",
    "content": "the whole text of an item is <content:encoded>",
    "entry": "RSS calls it <item>",
    "subtitle": "RSS calls it <description>",
    "tagline": "RSS calls it <description>",
    "body": "the whole text of an item is <content:encoded>",
    "creator": "a name without mail is <dc:creator>",
    "tag": "RSS calls it <category>",
    "logo": "RSS calls it <image>",
    "icon": "RSS calls it <image>",
    "rights": "RSS calls it <copyright>",
}
RULES = grammar("rss", "RSS 2.0, elements; RSS Profile", "", NAMES, HINTS, is_closed=True)


def check(root: Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with an RSS document."""
    if local_name(root) == "RDF":
        yield from _rdf(root, context)
        return
    yield from _root(root)
    if root.get("version") in VERSIONS_OLD:
        yield from (found for found in _whole(root, context) if found.rule not in OF_2_0)
    else:
        yield from _whole(root, context)


def _whole(root: Element, context: Context) -> Iterator[Finding]:
    if namespace_of(root):
        _strip_namespace(root, namespace_of(root))
    channels = [child for child in children(root) if child.tag == "channel"]
    if len(channels) != 1:
        yield CHANNEL_COUNT.at(line_of(root), f"<rss> has {len(channels)} channels")
    yield from _beside_channel(root)
    for channel in channels:
        yield from _channel(channel, context)


#: what RSS 0.9x had no means for
OF_2_0 = (GUID_MISSING, DATE_MISSING, _links.SELF_MISSING)


def _root(root: Element) -> Iterator[Finding]:
    line, version = line_of(root), root.get("version")
    if local_name(root) != "rss":
        yield ROOT_NAME.at(line, f"the root is <{local_name(root)}>")
    if namespace_of(root):
        yield IN_NAMESPACE.at(line, f"<rss> is of {shown(namespace_of(root))}")
    if version is None:
        yield VERSION_MISSING.at(line, "<rss> has no version")
    elif version in VERSIONS_OLD:
        yield OUTDATED.at(line, f"this is RSS {version}")
    elif version != "2.0":
        yield VERSION_INVALID.at(line, f"the version is {shown(version)}")
    for key in root.attrib:
        if not str(key).startswith("{") and key != "version":
            yield RULES.attribute_unknown.at(line, f"<rss> has the attribute {key!s}")


def _beside_channel(root: Element) -> Iterator[Finding]:
    for child in children(root):
        name, told = local_name(child), f"<{local_name(child)}> stands in <rss>"
        if namespace_of(child) or name == "channel":
            continue
        if name.lower() == "channel":
            yield RULES.spelled.at(line_of(child), f"{told}; it is spelled <channel>")
        else:
            rule = RULES.misplaced if name in NAMES else RULES.unknown
            yield rule.at(line_of(child), told)


def _strip_namespace(root: Element, *uris: str) -> None:
    """Take elements of another name for RSS as what they are meant to be."""
    for element in root.iter():
        if isinstance(element.tag, str) and namespace_of(element) in uris:
            element.tag = local_name(element)


def _channel(channel: Element, context: Context) -> Iterator[Finding]:
    items = list(channel.iterchildren("item"))
    yield from check_shape(channel, CHANNEL, RULES, context)
    yield from modules.check(channel, context)
    yield from atom.within_rss(channel, context)
    yield from history.check(channel, context)
    yield from removal.none(channel)
    yield from threads.check(channel, context)
    for judge in CHANNEL_JUDGES:
        yield from judge(channel, items, context)
    inside = replace(context, level="entry")
    for item in items:
        yield from _item(item, inside)


def _item(item: Element, context: Context) -> Iterator[Finding]:
    yield from modules.check(item, context)
    yield from atom.within_rss(item, context)
    yield from history.check_entry(item)
    yield from threads.check(item, context)
    for judge in ITEM_JUDGES:
        yield from judge(item, context)


Items = list[Element]


def metadata_first(channel: Element, _items: Items, _context: Context) -> Iterator[Finding]:
    """The channel's own elements stand before the first item."""
    is_after = False
    for child in children(channel):
        if child.tag == "item":
            is_after = True
        elif is_after:
            told = f"<{local_name(child)}> stands after an item"
            yield MISPLACED_META.at(line_of(child), told)


def some_items(channel: Element, items: Items, _context: Context) -> Iterator[Finding]:
    """There is something to read."""
    if not items:
        yield NO_ITEMS.at(line_of(channel), "the channel has no item")


def some_language(channel: Element, _items: Items, _context: Context) -> Iterator[Finding]:
    """The language is told, in any of three ways."""
    is_told = (
        channel.find("language") is not None
        or channel.find(f"{{{DUBLIN_CORE}}}language") is not None
        or next(channel.iterancestors(), channel).get(f"{{{XML}}}lang")
        or channel.get(f"{{{XML}}}lang")
    )
    if not is_told:
        yield LANGUAGE_MISSING.at(line_of(channel), "the channel has no <language>")


def newest_first(channel: Element, items: Items, _context: Context) -> Iterator[Finding]:
    """The items run from new to old; undated ones do not count, a whole list is as it likes."""
    if history.is_complete(channel):
        return
    dated = [(item, moment) for item in items if (moment := _moment(item, "pubDate"))]
    for (_, newer), (item, moment) in pairwise(dated):
        if moment > newer:
            told = f"an item of {moment:%d %b %Y %H:%M} stands below one of {newer:%d %b %Y %H:%M}"
            yield UNSORTED.at(line_of(item), told)
            return


def build_is_newest(channel: Element, items: Items, _context: Context) -> Iterator[Finding]:
    """No date in the channel is newer than its last build."""
    built = _moment(channel, "lastBuildDate")
    dates = (_moment(dated, "pubDate") for dated in (channel, *items))
    newest = max(filter(None, dates), default=None)
    if built and newest and newest > built:
        found = channel.find("lastBuildDate")
        line = line_of(channel if found is None else found)
        yield STALE.at(line, f"<lastBuildDate> is older than {newest:%d %b %Y %H:%M}, found below")


CHANNEL_JUDGES = (
    metadata_first,
    some_items,
    some_language,
    newest_first,
    build_is_newest,
)


def something_to_show(item: Element, _context: Context) -> Iterator[Finding]:
    """A title or a description is there."""
    if item.find("title") is None and item.find("description") is None:
        yield ITEM_EMPTY.at(line_of(item), "the item has neither title nor description")


def some_guid(item: Element, _context: Context) -> Iterator[Finding]:
    """A guid is there."""
    if item.find("guid") is None:
        yield GUID_MISSING.at(line_of(item), "the item has no <guid>")


def one_enclosure(item: Element, _context: Context) -> Iterator[Finding]:
    """No more than one enclosure."""
    for further in list(item.iterchildren("enclosure"))[1:]:
        yield ENCLOSURES.at(line_of(further), "the item has a further <enclosure>")


def somewhere_to_go(item: Element, context: Context) -> Iterator[Finding]:
    """A link, or a guid that is one; and each its own."""
    guid, words = item.find("guid"), _words(item, "link")
    is_permalink = guid is not None and guid.get("isPermaLink", "true") == "true"
    if item.find("link") is None and not is_permalink and item.find("enclosure") is None:
        yield LINK_MISSING.at(line_of(item), "the item has no <link>")
    own = text_of(guid).strip() if guid is not None else ""
    if words and own and is_permalink and own != words:
        told = f"<guid> is {shown(own)}, <link> is {shown(words)}"
        yield GUID_DIFFERS.at(line_of(item), told)
    if words and (first := context.seen.first_line("link", words, line_of(item))) is not None:
        told = f"<link> is {shown(words)}, as in the item on line {first}"
        yield LINK_TWICE.at(line_of(item), told)


def some_date(item: Element, _context: Context) -> Iterator[Finding]:
    """The item is dated."""
    others = (f"{{{DUBLIN_CORE}}}date", "{http://purl.org/dc/terms/}issued", f"{{{ATOM}}}updated")
    if all(item.find(name) is None for name in ("pubDate", *others)):
        yield DATE_MISSING.at(line_of(item), "the item has no <pubDate>")


def content_after_description(item: Element, _context: Context) -> Iterator[Finding]:
    """The summary comes before the whole."""
    whole, summary = item.find(f"{{{CONTENT}}}encoded"), item.find("description")
    if whole is None:
        return
    yield from content(text_of(whole), line_of(whole), "<content:encoded>", _context)
    for child in list(children(whole))[:1]:
        told = f"<content:encoded> holds <{local_name(child)}>"
        yield NOT_ESCAPED.at(line_of(child), told)
    if summary is None:
        yield CONTENT_ALONE.at(line_of(item), "the item has <content:encoded> alone")
    elif item.index(summary) > item.index(whole):
        yield CONTENT_FIRST.at(line_of(summary), "<description> stands after <content:encoded>")


def one_id(item: Element, _context: Context) -> Iterator[Finding]:
    """The item has no id of Atom beside its guid."""
    other = item.find(f"{{{ATOM}}}id")
    if other is not None and item.find("guid") is not None:
        yield TWO_IDS.at(line_of(other), "an <atom:id> stands beside the <guid>")


def body_of_xhtml(item: Element, _context: Context) -> Iterator[Finding]:
    """What an old way of giving the whole text holds."""
    for body in item.iterchildren(f"{{{XHTML}}}body"):
        for child in children(body):
            yield from _html.xhtml(child, "<xhtml:body>")


ITEM_JUDGES = (
    one_id,
    body_of_xhtml,
    something_to_show,
    some_guid,
    one_enclosure,
    somewhere_to_go,
    some_date,
    content_after_description,
)


def _rdf(root: Element, context: Context) -> Iterator[Finding]:
    """RSS 1.0 and 0.90: the items stand beside the channel, and rdf:about is their id."""
    version = "0.90" if any(namespace_of(child) == RSS_090 for child in root) else "1.0"
    yield OUTDATED.at(line_of(root), f"this is RSS {version}")
    _strip_namespace(root, RSS_10, RSS_090)
    channels, items = list(root.iterchildren("channel")), list(root.iterchildren("item"))
    if len(channels) != 1:
        yield CHANNEL_COUNT.at(line_of(root), f"<rdf:RDF> has {len(channels)} channels")
    for channel in channels:
        yield from check_shape(channel, RDF_CHANNEL, RULES, context)
        yield from modules.check(channel, context)
        yield from _contents(channel, items)
    for item in items:
        inside = replace(context, level="entry")
        yield from check_shape(item, RDF_ITEM, RULES, inside)
        yield from modules.check(item, inside)
        yield from content_after_description(item, inside)
    if version == "1.0":
        yield from _abouts([*channels, *items], context)


def _abouts(elements: Items, context: Context) -> Iterator[Finding]:
    for element in elements:
        about, line = element.get(f"{{{RDF}}}about"), line_of(element)
        if not about:
            yield ABOUT.at(line, f"<{local_name(element)}> has no rdf:about")
        elif (first := context.seen.first_line("about", about, line)) is not None:
            yield ABOUT_TWICE.at(line, f"rdf:about is {shown(about)}, as on line {first}")


def _contents(channel: Element, items: Items) -> Iterator[Finding]:
    found = channel.find("items")
    if found is None:
        return
    listed = {
        li.get(f"{{{RDF}}}resource") or li.get("resource") for li in found.iter(f"{{{RDF}}}li")
    }
    if listed != {item.get(f"{{{RDF}}}about") for item in items}:
        yield TOC.at(
            line_of(found), f"<items> lists {len(listed)} items, not the {len(items)} there"
        )


_RDF_ATTRIBUTES = {f"{{{RDF}}}about": values.iri, f"{{{RDF}}}resource": values.iri}
RDF_CHANNEL = Shape(
    is_container=True,
    attributes=_RDF_ATTRIBUTES,
    must_hold=("title", "link", "description"),
    holds={
        "title": TEXT,
        "link": Shape(words=values.address),
        "description": TEXT,
        "image": Shape(attributes=_RDF_ATTRIBUTES),
        "items": Shape(),
        "textinput": Shape(attributes=_RDF_ATTRIBUTES),
    },
)
RDF_ITEM = Shape(
    is_container=True,
    is_once=False,
    attributes=_RDF_ATTRIBUTES,
    must_hold=("title", "link"),
    holds={
        "title": TEXT,
        "link": Shape(words=values.address),
        "description": Shape(words=content),
    },
)


def _words(parent: Element, name: str) -> str:
    found = parent.find(name)
    return "" if found is None else text_of(found).strip()


def _moment(parent: Element, name: str) -> datetime | None:
    return _dates.moment_822(_words(parent, name))
