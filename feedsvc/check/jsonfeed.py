"""JSON Feed 1.0 and 1.1.

Room: check. Entered by `check_document`. The keys are data: what each may hold, and the rule
when it is missing; a fact of a shape is about several keys together.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from feedsvc.check import _addresses, _dates, _html, _languages, _texts, _values
from feedsvc.check._json import Array, IllFormed, Member, Object, Scalar, Text, TooDeep, Value
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

SECTION = "JSON Feed 1.1"
VERSION = "https://jsonfeed.org/version/1"
VERSIONS = (VERSION, f"{VERSION}.1")
LARGE, HUGE = 250_000, 1_000_000  #: bytes

ILL_FORMED = Rule(
    name="json-not-well-formed",
    severity=Severity.ERROR,
    harm="readers show nothing at all",
    remedy="write JSON with a library, never by pasting strings",
    section="RFC 8259 §2",
)
TOO_DEEP = Rule(
    name="json-too-deep",
    severity=Severity.ERROR,
    harm="readers give up: it looks like an attack",
    remedy="nest fewer arrays and objects",
    section="RFC 8259 §9",
)
NOT_UTF8 = Rule(
    name="json-not-utf8",
    severity=Severity.ERROR,
    harm="readers refuse the document, or garble every letter beyond ASCII",
    remedy="write UTF-8",
    section="RFC 8259 §8.1",
)
MARK = Rule(
    name="json-byte-order-mark",
    severity=Severity.ERROR,
    harm="strict parsers refuse the whole document",
    remedy="write UTF-8 without a byte order mark",
    section="RFC 8259 §8.1",
)
KEY_TWICE = Rule(
    name="json-key-twice",
    severity=Severity.WARNING,
    harm="one reader takes the first value, another the last",
    remedy="name each key of an object once",
    section="RFC 8259 §4",
)
HALF_A_LETTER = Rule(
    name="json-half-a-letter",
    severity=Severity.WARNING,
    harm="readers refuse the document or show a box",
    remedy="write letters beyond U+FFFF as they are, or as a pair of escapes",
    section="RFC 8259 §8.2",
)
CONTROL = Rule(
    name="json-control-character",
    severity=Severity.WARNING,
    harm="readers show boxes, or cut the words there",
    remedy="take control characters out of the words",
    section=f"{SECTION}, items",
)
LARGE_DOCUMENT = Rule(
    name="jsonfeed-large",
    severity=Severity.ADVICE,
    harm="every reader fetches all of it at every change",
    remedy="keep fewer items, and give the older ones by next_url",
    section=f"{SECTION}, suggestions for publishers",
)
HUGE_DOCUMENT = replace(LARGE_DOCUMENT, name="jsonfeed-huge", severity=Severity.WARNING)
NO_OBJECT = Rule(
    name="jsonfeed-no-object",
    severity=Severity.ERROR,
    harm="readers refuse to subscribe",
    remedy="write one object with version, title and items",
    section=f"{SECTION}, top-level",
)
WRONG_TYPE = Rule(
    name="jsonfeed-type",
    severity=Severity.ERROR,
    harm="readers that expect the type refuse the whole feed",
    remedy="write the type of value that the specification names",
    section=f"{SECTION}, the structure of a feed",
)
NULL = Rule(
    name="jsonfeed-null",
    severity=Severity.WARNING,
    harm="readers that expect a string refuse the whole feed",
    remedy="leave out a key that has nothing to say",
    section=f"{SECTION}, the structure of a feed",
)
VERSION_UNKNOWN = Rule(
    name="jsonfeed-version-unknown",
    severity=Severity.ERROR,
    harm="readers do not take it for a feed",
    remedy=f"write {VERSIONS[1]}, letter by letter",
    section=f"{SECTION}, version",
)
VERSION_LATE = Rule(
    name="jsonfeed-version-not-first",
    severity=Severity.ADVICE,
    harm="programs that look at the first bytes do not see a feed",
    remedy="let version be the first key",
    section=f"{SECTION}, version",
)
KEY_UNKNOWN = Rule(
    name="jsonfeed-key-unknown",
    severity=Severity.WARNING,
    harm="readers ignore it",
    remedy="correct its name, or begin the name of an extension with _",
    section=f"{SECTION}, extensions",
)
KEY_LATER = Rule(
    name="jsonfeed-key-of-later-version",
    severity=Severity.ADVICE,
    harm="readers of version 1 ignore it",
    remedy=f"say version {VERSIONS[1]}",
    section=f"{SECTION}, changes",
)
EXTENSION_NAME = Rule(
    name="jsonfeed-extension-name",
    severity=Severity.ERROR,
    harm="readers mistake it for a key of the format, or cannot reach it",
    remedy="begin the name of an extension, and nothing inside it, with _ and a letter; no dots",
    section=f"{SECTION}, extensions",
)
EXTENSION_VALUE = Rule(
    name="jsonfeed-extension-no-object",
    severity=Severity.ADVICE,
    harm="readers that know extensions expect an object",
    remedy="put what the extension says into an object",
    section=f"{SECTION}, extensions",
)
BLANK = Rule(
    name="jsonfeed-blank",
    severity=Severity.WARNING,
    harm="readers show an empty line, or make something up",
    remedy="fill the key or leave it out",
    section=f"{SECTION}, the structure of a feed",
)
NEXT_IS_SELF = Rule(
    name="jsonfeed-next-is-self",
    severity=Severity.ERROR,
    harm="readers that follow next_url never come to an end",
    remedy="let next_url name the next page, or leave it out on the last",
    section=f"{SECTION}, next_url",
)
SELF_ELSEWHERE = Rule(
    name="jsonfeed-self-elsewhere",
    severity=Severity.WARNING,
    harm="readers keep another address than the one they fetched, or subscribe twice",
    remedy="let feed_url be the address the feed is served at",
    section=f"{SECTION}, feed_url",
)
AUTHOR_EMPTY = Rule(
    name="jsonfeed-author-empty",
    severity=Severity.ERROR,
    harm="readers show an author without a name",
    remedy="give a name, a url or an avatar, or leave the author out",
    section=f"{SECTION}, authors",
)
AUTHOR_OLD = Rule(
    name="jsonfeed-author-deprecated",
    severity=Severity.WARNING,
    harm="newer readers show no author",
    remedy="give authors, a list; author may stay beside it",
    section=f"{SECTION}, deprecations",
)
ID_BLANK = Rule(
    name="jsonfeed-id-blank",
    severity=Severity.ERROR,
    harm="readers discard the item",
    remedy="give every item an id that never changes",
    section=f"{SECTION}, items id",
)
ID_NO_STRING = Rule(
    name="jsonfeed-id-no-string",
    severity=Severity.ERROR,
    harm="strict readers refuse the feed; others discard the item",
    remedy='write the id as a string: "2"',
    section=f"{SECTION}, items id",
)
ID_TWICE = Rule(
    name="jsonfeed-id-twice",
    severity=Severity.ERROR,
    harm="readers show one of the items alone",
    remedy="give every item an id of its own",
    section=f"{SECTION}, items id",
)
ID_BLANKS = Rule(
    name="jsonfeed-id-blanks-around",
    severity=Severity.WARNING,
    harm="readers that trim see another item than those that do not",
    remedy="write the id without blanks around it",
    section=f"{SECTION}, items id",
)
NO_CONTENT = Rule(
    name="jsonfeed-content-missing",
    severity=Severity.ERROR,
    harm="readers refuse the feed, or show an empty item",
    remedy="give content_html or content_text",
    section=f"{SECTION}, items content_html",
)
EMPTY_CONTENT = Rule(
    name="jsonfeed-content-empty",
    severity=Severity.WARNING,
    harm="readers show an empty item",
    remedy="say something in content_html or content_text, the title if need be",
    section=f"{SECTION}, items content_html",
)
URL_MISSING = Rule(
    name="jsonfeed-url-missing",
    severity=Severity.ADVICE,
    harm="readers have nothing to open",
    remedy="give the url of every item, even when it is the id",
    section=f"{SECTION}, items url",
)
DATE_MISSING = Rule(
    name="jsonfeed-date-missing",
    severity=Severity.ADVICE,
    harm="readers date the item when they first see it, and sort it to the top",
    remedy="give date_published",
    section=f"{SECTION}, items date_published",
)
DATES_CROSSED = Rule(
    name="jsonfeed-modified-before-published",
    severity=Severity.WARNING,
    harm="readers take the item for older than it is, or for never changed",
    remedy="let date_modified be no earlier than date_published",
    section=f"{SECTION}, items date_modified",
)
TAG_TWICE = Rule(
    name="jsonfeed-tag-twice",
    severity=Severity.ADVICE,
    harm="readers show the tag twice",
    remedy="name each tag once",
    section=f"{SECTION}, items tags",
)
MIME_TYPE = Rule(
    name="jsonfeed-mime-type",
    severity=Severity.ERROR,
    harm="readers do not know how to play the attachment",
    remedy="write a media type as in audio/mpeg",
    section=f"{SECTION}, attachments",
)
AMOUNT = Rule(
    name="jsonfeed-amount",
    severity=Severity.ERROR,
    harm="readers show a wrong size or length, or refuse the feed",
    remedy="write a number, 0 or more; leave it out when it is not known",
    section=f"{SECTION}, attachments",
)
HOME_IS_FEED = Rule(
    name="jsonfeed-home-is-feed",
    severity=Severity.WARNING,
    harm="people who open the feed's page see JSON",
    remedy="let home_page_url name the page for people",
    section=f"{SECTION}, home_page_url",
)
UNSORTED = Rule(
    name="jsonfeed-items-unsorted",
    severity=Severity.ADVICE,
    harm="readers that keep the document's order show old items first",
    remedy="put the newest item first",
    section=f"{SECTION}, items",
)
ATTACHED_TWICE = Rule(
    name="jsonfeed-attachment-twice",
    severity=Severity.WARNING,
    harm="readers fetch and list the file twice",
    remedy="list each attachment once",
    section=f"{SECTION}, attachments",
)


def _missing(key: str, section: str, severity: Severity, harm: str, remedy: str) -> Rule:
    return Rule(
        name=f"jsonfeed-{key.replace('_', '-')}-missing",
        severity=severity,
        harm=harm,
        remedy=remedy,
        section=f"{SECTION}, {section}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A value, and where it stands: `items[3].url`."""

    value: Value
    path: str
    context: Context
    text: Text = field(repr=False)

    @property
    def line(self) -> int:
        """The line the value begins on."""
        return self.text.line(self.value.at)

    def inside(self, value: Value, step: str) -> Spot:
        """A value within this one."""
        path = f"{self.path}{step}" if self.path else step.lstrip(".")
        return Spot(value=value, path=path, context=self.context, text=self.text)


Reader = Callable[[Spot], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """An object: what its keys hold, and the rules for those that must be there."""

    keys: Mapping[str, Reader]
    required: Mapping[str, Rule] = field(default_factory=dict)
    facts: tuple[Callable[[Spot, Object], Iterator[Finding]], ...] = ()


def check(data: bytes, context: Context) -> Iterator[Finding]:
    """Everything wrong with a document that begins as JSON does."""
    words = data.removeprefix(codecs.BOM_UTF8)
    if len(words) < len(data):
        yield MARK.at(1, "the document begins with a byte order mark")
    yield from _size(len(data))
    try:
        text = Text(words.decode("utf-8"))
        value = text.parse()
    except UnicodeDecodeError as error:
        line = words.count(b"\n", 0, error.start) + 1
        yield NOT_UTF8.at(line, f"byte 0x{words[error.start]:02X} is no UTF-8")
    except IllFormed as error:
        rule = TOO_DEEP if isinstance(error, TooDeep) else ILL_FORMED
        yield rule.at(text.line(error.at), error.reason)
    else:
        root = Spot(value=value, path="", context=replace(context, kind="json"), text=text)
        yield from _document(root)


def _size(size: int) -> Iterator[Finding]:
    if size > LARGE:
        rule = HUGE_DOCUMENT if size > HUGE else LARGE_DOCUMENT
        yield rule.at(None, f"the document has {size / 1000:,.0f} kB")


def _document(root: Spot) -> Iterator[Finding]:
    if not isinstance(root.value, Object):
        yield NO_OBJECT.at(1, f"the document is {_kind(root.value)}")
        return
    yield from _everywhere(root)
    yield from _shaped(FEED)(root)


def _everywhere(spot: Spot) -> Iterator[Finding]:
    """What can be wrong with any object and any string."""
    value = spot.value
    if isinstance(value, Scalar) and isinstance(value.value, str):
        yield from _letters(value.value, spot)
    elif isinstance(value, Array):
        for n, inner in enumerate(value.values):
            yield from _everywhere(spot.inside(inner, f"[{n}]"))
    elif isinstance(value, Object):
        yield from _keys_twice(value, spot)
        for member in value.members:
            yield from _everywhere(spot.inside(member.value, f".{member.key}"))


def _letters(words: str, spot: Spot) -> Iterator[Finding]:
    if re.search("[\ud800-\udfff]", words):
        safe = words.encode("utf-8", "backslashreplace").decode()
        yield HALF_A_LETTER.at(spot.line, f"{spot.path} is {shown(safe)}")
        return
    if found := re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", words):
        yield CONTROL.at(spot.line, f"{spot.path} has U+{ord(found[0]):04X}")
    yield from _texts.letters(words, spot.line, spot.path)


def _keys_twice(value: Object, spot: Spot) -> Iterator[Finding]:
    seen: set[str] = set()
    for member in value.members:
        if member.key in seen:
            told = f"{spot.path or 'the feed'} names the key {shown(member.key)} again"
            yield KEY_TWICE.at(spot.text.line(member.at), told)
        seen.add(member.key)


def _shaped(shape: Shape) -> Reader:
    """Reads an object of a shape."""

    def read(spot: Spot) -> Iterator[Finding]:
        if not isinstance(spot.value, Object):
            yield from _wrong(spot, "an object")
            return
        for key, rule in shape.required.items():
            if key not in spot.value.values:
                yield rule.at(spot.line, f"{spot.path or 'the feed'} has no {key}")
        for member in spot.value.members:
            yield from _member(member, shape, spot)
        for fact in shape.facts:
            yield from fact(spot, spot.value)

    return read


def _member(member: Member, shape: Shape, spot: Spot) -> Iterator[Finding]:
    inner = spot.inside(member.value, f".{member.key}")
    if member.key in shape.keys:
        yield from shape.keys[member.key](inner)
    elif member.key.startswith("_"):
        yield from _extension(member, inner)
    else:
        yield KEY_UNKNOWN.at(spot.text.line(member.at), _near(member.key, inner.path, shape))


def _near(key: str, path: str, shape: Shape) -> str:
    """An unknown key, and the one that was meant."""
    foreign = next((own for own in FOREIGN.get(key.lower(), ()) if own in shape.keys), None)
    close = get_close_matches(key, shape.keys, n=1, cutoff=0.75)
    meant = foreign or (close[0] if close else None)
    return f"{path} is no key of the format" + (f"; {meant} may be meant" if meant else "")


def _extension(member: Member, spot: Spot) -> Iterator[Finding]:
    inside = spot.value.members if isinstance(spot.value, Object) else ()
    line = spot.text.line(member.at)
    if not re.match("_[A-Za-z]", member.key) or "." in member.key:
        yield EXTENSION_NAME.at(line, f"the extension is called {shown(member.key)}")
    if not isinstance(spot.value, Object):
        yield EXTENSION_VALUE.at(line, f"{spot.path} is {_kind(spot.value)}")
    for inner in inside:
        if "." in inner.key or inner.key.startswith("_"):
            told = f"{spot.path} has the key {shown(inner.key)}"
            yield EXTENSION_NAME.at(spot.text.line(inner.at), told)


def _listed(read: Reader) -> Reader:
    """Reads an array, value by value."""

    def each(spot: Spot) -> Iterator[Finding]:
        if not isinstance(spot.value, Array):
            yield from _wrong(spot, "an array")
            return
        for n, value in enumerate(spot.value.values):
            yield from read(spot.inside(value, f"[{n}]"))

    return each


def _string(
    read: Callable[[str, Spot], Iterator[Finding]], *, may_be_blank: bool = False
) -> Reader:
    """Reads a string."""

    def checked(spot: Spot) -> Iterator[Finding]:
        said = spot.value.value if isinstance(spot.value, Scalar) else None
        if not isinstance(said, str):
            yield from _wrong(spot, "a string")
        elif said.strip():
            yield from read(said, spot)
        elif not may_be_blank:
            yield BLANK.at(spot.line, f"{spot.path} is blank")

    return checked


def _wrong(spot: Spot, right: str) -> Iterator[Finding]:
    if isinstance(spot.value, Scalar) and spot.value.value is None:
        yield NULL.at(spot.line, f"{spot.path} is null")
    else:
        yield WRONG_TYPE.at(spot.line, f"{spot.path} is {_kind(spot.value)}, where {right} belongs")


def _kind(value: Value) -> str:
    if not isinstance(value, Scalar):
        return "an array" if isinstance(value, Array) else "an object"
    if value.value is None or isinstance(value.value, bool):
        return "null" if value.value is None else "a boolean"
    return "a string" if isinstance(value.value, str) else "a number"


def _any(_words: str, _spot: Spot) -> Iterator[Finding]:
    yield from ()


def _plain(words: str, spot: Spot) -> Iterator[Finding]:
    yield from _texts.without_markup(words, spot.line, spot.path)


def _markup(words: str, spot: Spot) -> Iterator[Finding]:
    for finding in _html.html(words, 1, spot.path):
        yield replace(finding, line=spot.line)


def _address(words: str, spot: Spot) -> Iterator[Finding]:
    yield from _addresses.web_address(words, spot.line, spot.path)


def _contact(words: str, spot: Spot) -> Iterator[Finding]:
    yield from _addresses.address(words, spot.line, spot.path)


def _date(words: str, spot: Spot) -> Iterator[Finding]:
    yield from _dates.rfc3339(words, spot.line, spot.path, spot.context)


def _language(words: str, spot: Spot) -> Iterator[Finding]:
    yield from _languages.language(words, spot.line, spot.path)


def _version(words: str, spot: Spot) -> Iterator[Finding]:
    if words not in VERSIONS:
        yield VERSION_UNKNOWN.at(spot.line, f"version is {shown(words)}")


def _media_type(words: str, spot: Spot) -> Iterator[Finding]:
    if not _values.is_media_type(words):
        yield MIME_TYPE.at(spot.line, f"{spot.path} is {shown(words)}")


def _boolean(spot: Spot) -> Iterator[Finding]:
    if not isinstance(spot.value, Scalar) or not isinstance(spot.value.value, bool):
        yield from _wrong(spot, "true or false")


def _amount(spot: Spot) -> Iterator[Finding]:
    said = spot.value.value if isinstance(spot.value, Scalar) else None
    if isinstance(said, bool) or not isinstance(said, int | float):
        yield from _wrong(spot, "a number")
    elif said < 0:
        yield AMOUNT.at(spot.line, f"{spot.path} is {said}")


def _bytes(spot: Spot) -> Iterator[Finding]:
    yield from _amount(spot)
    said = spot.value.value if isinstance(spot.value, Scalar) else None
    if isinstance(said, float) and not said.is_integer():
        yield AMOUNT.at(spot.line, f"{spot.path} is {said}: there are no parts of bytes")


def _id(spot: Spot) -> Iterator[Finding]:
    said = spot.value.value if isinstance(spot.value, Scalar) else spot.value
    if not isinstance(said, str):
        yield ID_NO_STRING.at(spot.line, f"{spot.path} is {_kind(spot.value)}")
    elif not said.strip():
        yield ID_BLANK.at(spot.line, f"{spot.path} is blank")
    elif said != said.strip():
        yield ID_BLANKS.at(spot.line, f"{spot.path} is {shown(said)}, with blanks around it")
    elif said.lower().startswith(("tag:", "urn:")):
        yield from _addresses.identifier(said, spot.line, spot.path)


def _person(spot: Spot, author: Object) -> Iterator[Finding]:
    if not any(key in author.values for key in ("name", "url", "avatar")):
        yield AUTHOR_EMPTY.at(spot.line, f"{spot.path} has no name, no url and no avatar")


def _goes_with(spot: Spot, attachment: Object) -> Iterator[Finding]:
    """The type goes with the ending of the address."""
    url, said = attachment.string("url"), attachment.string("mime_type")
    if url and said:
        line = spot.text.line(attachment.values["mime_type"].at)
        yield from _values.matching_type(url, said, line, f"{spot.path}.mime_type")


def _first_key(spot: Spot, feed: Object) -> Iterator[Finding]:
    if "version" in feed.values and feed.members[0].key != "version":
        told = f"the first key is {shown(feed.members[0].key)}"
        yield VERSION_LATE.at(spot.text.line(feed.members[0].at), told)


def _versions(spot: Spot, feed: Object) -> Iterator[Finding]:
    """The keys are those of the version."""
    is_first = feed.string("version") == VERSION
    items = feed.values.get("items")
    listed = items.values if isinstance(items, Array) else ()
    holders = (spot, *(spot.inside(item, f".items[{n}]") for n, item in enumerate(listed)))
    for holder in holders:
        keys = holder.value.values if isinstance(holder.value, Object) else {}
        for key in ("authors", "language") if is_first else ():
            if key in keys:
                told = f"{holder.inside(keys[key], f'.{key}').path} came with version 1.1"
                yield KEY_LATER.at(spot.text.line(keys[key].at), told)
        if not is_first and "author" in keys and "authors" not in keys:
            told = f"{holder.path or 'the feed'} has author, and no authors"
            yield AUTHOR_OLD.at(spot.text.line(keys["author"].at), told)


def _pages(spot: Spot, feed: Object) -> Iterator[Finding]:
    own, following = feed.string("feed_url"), feed.string("next_url")
    address = spot.context.address
    if following and following in (own, address):
        line = spot.text.line(feed.values["next_url"].at)
        yield NEXT_IS_SELF.at(line, f"next_url is {shown(following)}, the feed itself")
    if own and address and own.strip() != address:
        line = spot.text.line(feed.values["feed_url"].at)
        yield SELF_ELSEWHERE.at(
            line, f"feed_url is {shown(own)}, and the feed is at {shown(address)}"
        )


def _home(spot: Spot, feed: Object) -> Iterator[Finding]:
    home = feed.string("home_page_url")
    if home and home == feed.string("feed_url"):
        line = spot.text.line(feed.values["home_page_url"].at)
        yield HOME_IS_FEED.at(line, f"home_page_url is {shown(home)}, the feed itself")


def _order(spot: Spot, feed: Object) -> Iterator[Finding]:
    """Newest first, where the dates tell."""
    items = feed.values.get("items")
    listed = items.values if isinstance(items, Array) else ()
    said = (item.string("date_published") for item in listed if isinstance(item, Object))
    moments = [moment for words in said if (moment := _dates.moment_3339(words or ""))]
    if len(moments) > 1 and moments == sorted(moments) and moments[0] < moments[-1]:
        line = spot.text.line(feed.values["items"].at)
        yield UNSORTED.at(line, "the oldest item stands first")


def _ids(spot: Spot, feed: Object) -> Iterator[Finding]:
    items = feed.values.get("items")
    seen: dict[str, int] = {}
    for item in items.values if isinstance(items, Array) else ():
        found = item.values.get("id") if isinstance(item, Object) else None
        if not isinstance(found, Scalar) or isinstance(found.value, bool) or found.value is None:
            continue
        id, line = str(found.value), spot.text.line(found.at)
        if id in seen:
            yield ID_TWICE.at(line, f"the id {shown(id)} is that of line {seen[id]} too")
        seen.setdefault(id, line)


def _content(spot: Spot, item: Object) -> Iterator[Finding]:
    given = [key for key in ("content_html", "content_text") if key in item.values]
    if not given:
        yield NO_CONTENT.at(spot.line, f"{spot.path} has neither content_html nor content_text")
    elif all((item.string(key) or "").strip() == "" for key in given) and any(
        item.string(key) is not None for key in given
    ):
        yield EMPTY_CONTENT.at(spot.line, f"{spot.path} has {' and '.join(given)} without words")


def _reachable(spot: Spot, item: Object) -> Iterator[Finding]:
    if "url" not in item.values:
        yield URL_MISSING.at(spot.line, f"{spot.path} has no url")
    if "date_published" not in item.values:
        yield DATE_MISSING.at(spot.line, f"{spot.path} has no date_published")


def _dates_agree(spot: Spot, item: Object) -> Iterator[Finding]:
    published, modified = item.string("date_published"), item.string("date_modified")
    first = _dates.moment_3339(published or "")
    then = _dates.moment_3339(modified or "")
    if first and then and then < first:
        told = f"{spot.path} is modified {modified}, published {published}"
        yield DATES_CROSSED.at(spot.text.line(item.values["date_modified"].at), told)


def _once(key: str, rule: Rule, name: Callable[[Value], str | None]) -> Reader:
    """A fact of an item: no two of a list are the same."""

    def fact(spot: Spot) -> Iterator[Finding]:
        listed = spot.value.values.get(key) if isinstance(spot.value, Object) else None
        seen: set[str] = set()
        for value in listed.values if isinstance(listed, Array) else ():
            named = name(value)
            if named in seen:
                told = f"{spot.path}.{key} names {shown(named or '')} again"
                yield rule.at(spot.text.line(value.at), told)
            if named:
                seen.add(named)

    return fact


def _word(value: Value) -> str | None:
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else None


def _url(value: Value) -> str | None:
    return value.string("url") if isinstance(value, Object) else None


_tags_once = _once("tags", TAG_TWICE, _word)
_attached_once = _once("attachments", ATTACHED_TWICE, _url)


def _lists(spot: Spot, _item: Object) -> Iterator[Finding]:
    yield from _tags_once(spot)
    yield from _attached_once(spot)


TEXT = _string(_plain)
ADDRESS = _string(_address)

#: what other formats call it -> what is meant here
FOREIGN: Mapping[str, tuple[str, ...]] = {
    "link": ("url", "home_page_url"),
    "links": ("url", "home_page_url"),
    "href": ("url",),
    "permalink": ("url",),
    "guid": ("id",),
    "uuid": ("id",),
    "pubdate": ("date_published",),
    "published": ("date_published",),
    "date": ("date_published",),
    "updated": ("date_modified",),
    "lastbuilddate": ("date_modified",),
    "content": ("content_html",),
    "body": ("content_html",),
    "html": ("content_html",),
    "text": ("content_text",),
    "description": ("summary",),
    "excerpt": ("summary",),
    "subtitle": ("description",),
    "category": ("tags",),
    "categories": ("tags",),
    "enclosure": ("attachments",),
    "enclosures": ("attachments",),
    "entries": ("items",),
    "posts": ("items",),
    "thumbnail": ("image",),
    "logo": ("icon",),
    "type": ("mime_type",),
    "length": ("size_in_bytes",),
    "size": ("size_in_bytes",),
    "duration": ("duration_in_seconds",),
    "lang": ("language",),
    "homepage": ("home_page_url",),
    "self": ("feed_url",),
    "hub": ("hubs",),
}

AUTHOR = Shape(keys={"name": TEXT, "url": _string(_contact), "avatar": ADDRESS}, facts=(_person,))
HUB = Shape(
    keys={"type": TEXT, "url": ADDRESS},
    required={
        key: _missing(
            f"hub_{key}",
            "hubs",
            Severity.ERROR,
            "readers cannot subscribe to be told of news",
            "give each hub its type and its url",
        )
        for key in ("type", "url")
    },
)
ATTACHMENT = Shape(
    keys={
        "url": ADDRESS,
        "mime_type": _string(_media_type),
        "title": TEXT,
        "size_in_bytes": _bytes,
        "duration_in_seconds": _amount,
    },
    required={
        key: _missing(
            f"attachment_{key}",
            "attachments",
            Severity.ERROR,
            "readers cannot fetch the file, or do not know what it is",
            "give each attachment its url and its mime_type",
        )
        for key in ("url", "mime_type")
    },
    facts=(_goes_with,),
)
_PEOPLE: Mapping[str, Reader] = {
    "author": _shaped(AUTHOR),
    "authors": _listed(_shaped(AUTHOR)),
    "language": _string(_language),
}
ITEM = Shape(
    keys={
        "id": _id,
        "url": ADDRESS,
        "external_url": ADDRESS,
        "title": TEXT,
        "content_html": _string(_markup, may_be_blank=True),
        "content_text": _string(_plain, may_be_blank=True),
        "summary": TEXT,
        "image": ADDRESS,
        "banner_image": ADDRESS,
        "date_published": _string(_date),
        "date_modified": _string(_date),
        "tags": _listed(TEXT),
        "attachments": _listed(_shaped(ATTACHMENT)),
        **_PEOPLE,
    },
    required={
        "id": _missing(
            "id",
            "items id",
            Severity.ERROR,
            "readers discard the item",
            "give every item an id that never changes",
        )
    },
    facts=(_content, _reachable, _dates_agree, _lists),
)
FEED = Shape(
    keys={
        "version": _string(_version),
        "title": TEXT,
        "home_page_url": ADDRESS,
        "feed_url": ADDRESS,
        "description": TEXT,
        "user_comment": _string(_any),
        "next_url": ADDRESS,
        "icon": ADDRESS,
        "favicon": ADDRESS,
        "expired": _boolean,
        "hubs": _listed(_shaped(HUB)),
        "items": _listed(_shaped(ITEM)),
        **_PEOPLE,
    },
    required={
        "version": _missing(
            "version",
            "version",
            Severity.ERROR,
            "readers do not take it for a feed",
            f"begin with version {VERSIONS[1]}",
        ),
        "title": _missing(
            "title", "title", Severity.ERROR, "readers show a feed without a name", "give a title"
        ),
        "items": _missing(
            "items", "items", Severity.ERROR, "readers refuse the feed", "give items, if only []"
        ),
        "home_page_url": _missing(
            "home_page_url",
            "home_page_url",
            Severity.WARNING,
            "readers have no page to open for the feed",
            "give the address of the page the feed is of",
        ),
        "feed_url": _missing(
            "feed_url",
            "feed_url",
            Severity.WARNING,
            "readers cannot tell a copy from the feed, nor subscribe at a hub",
            "give the feed's own address",
        ),
    },
    facts=(_first_key, _versions, _pages, _home, _order, _ids),
)
