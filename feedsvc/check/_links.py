"""The links of Atom, in Atom and in RSS: relations, types, and which may stand together.

Room: check. Entered by atom, rss and history.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedsvc.check import _addresses
from feedsvc.check._grammar import own_text
from feedsvc.check._namespaces import ATOM
from feedsvc.check._shapes import Element
from feedsvc.check._values import matching_type
from feedsvc.check._xml import line_of
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

REL = Rule(
    name="link-rel-unregistered",
    severity=Severity.WARNING,
    harm="readers do not know what the link is for",
    remedy="use a registered relation, or an address of your own",
    section="RFC 4287 §4.2.7.2",
)
REL_BLANK = Rule(
    name="link-rel-blank",
    severity=Severity.ERROR,
    harm="readers do not know what the link is for",
    remedy="fill rel, or leave it out for “alternate”",
    section="RFC 4287 §4.2.7.2",
)
ALTERNATES = Rule(
    name="link-alternate-duplicate",
    severity=Severity.ERROR,
    harm="readers open either of the two",
    remedy="keep one alternate for each type and language",
    section="RFC 4287 §4.1.1",
)
SELVES = Rule(
    name="link-self-several",
    severity=Severity.WARNING,
    harm="readers subscribe to either address",
    remedy="keep one self link",
    section="RFC 4287 §4.2.7.2; WebSub §4",
)
SELF_DIFFERS = Rule(
    name="link-self-differs",
    severity=Severity.WARNING,
    harm="readers move over to the other address, hubs notify for another",
    remedy="write the address the document is served at",
    section="RFC 4287 §4.1.1; WebSub §4",
)
SELF_TYPE = Rule(
    name="link-self-type",
    severity=Severity.WARNING,
    harm="readers expect another format there",
    remedy="give the document's own media type",
    section="RFC 4287 §4.2.7.3; RSS Profile, atom:link",
)
SELF_MISSING = Rule(
    name="rss-self-missing",
    severity=Severity.WARNING,
    harm="readers that hold a copy do not know where it is from",
    remedy='add <atom:link rel="self" type="application/rss+xml"> with the own address',
    section="RSS Profile, atom:link",
)
RELATIVE = Rule(
    name="link-relative",
    severity=Severity.WARNING,
    harm="readers that ignore xml:base follow a wrong address",
    remedy="write the whole address",
    section="RFC 4287 §4.2.7.1; RSS Profile, relative URLs",
)
RELATIVE_WITH_BASE = Rule(
    name="link-relative-with-base",
    severity=Severity.ADVICE,
    harm="readers that ignore xml:base follow a wrong address",
    remedy="write the whole address",
    section="RFC 4287 §4.2.7.1; XML Base",
)
WORDS = Rule(
    name="link-holds-words",
    severity=Severity.WARNING,
    harm="readers ignore the words, and the few that take them for the address go astray",
    remedy="write the address as href and leave the element empty",
    section="RFC 4287 §4.2.7; W3C feed validator, link not empty",
)
ENCLOSURE_LENGTH = Rule(
    name="link-enclosure-length-missing",
    severity=Severity.ADVICE,
    harm="players cannot say how much there is to load",
    remedy="give the size in bytes as length",
    section="RFC 4287 §4.2.7.6",
)
ENCLOSURE_TYPE = Rule(
    name="link-enclosure-type-missing",
    severity=Severity.WARNING,
    harm="players do not know whether they can play it",
    remedy="give the media type",
    section="RFC 4287 §4.2.7.3",
)
HUB_SCHEME = Rule(
    name="link-not-web",
    severity=Severity.ERROR,
    harm="readers and hubs cannot fetch it",
    remedy="use https: or http:",
    section="RFC 4287 §4.2.7; WebSub §4",
)

# fmt: off
_IANA = (
    "about acl alternate amphtml api-catalog appendix apple-touch-icon apple-touch-startup-image "
    "archives author blocked-by bookmark c2pa-manifest canonical chapter cite-as collection "
    "compression-dictionary contents convertedfrom copyright create-form current deprecation "
    "describedby describes disclosure dns-prefetch duplicate edit edit-form edit-media enclosure "
    "external first geofeed glossary help hosts hub ice-server icon index intervalafter "
    "intervalbefore intervalcontains intervaldisjoint intervalduring intervalequals "
    "intervalfinishedby intervalfinishes intervalin intervalmeets intervalmetby "
    "intervaloverlappedby intervaloverlaps intervalstartedby intervalstarts item last "
    "latest-version license linkset lrdd manifest mask-icon me media-feed memento micropub "
    "modulepreload monitor monitor-group next next-archive nofollow noopener noreferrer opener "
    "openid2.local_id openid2.provider original p3pv1 payment pingback preconnect "
    "predecessor-version prefetch preload prerender prev-archive preview previous privacy-policy "
    "profile publication rdap-active related replies restconf ruleinput search section self "
    "service service-desc service-doc service-meta sip-trunking-capability sitemap sponsored "
    "start status stylesheet subsection successor-version sunset tag terms-of-service timegate "
    "timemap type ugc up version-history via webmention working-copy working-copy-of"
)
# fmt: on
#: what IANA knows; “prev” is left out, for feeds say “previous” (RFC 5005 §3)
REGISTERED = frozenset(_IANA.split())
PREFIX = "http://www.iana.org/assignments/relation/"
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml"}
_FETCHED = ("self", "hub", "next", "previous", "first", "last", "current", "prev-archive",
            "next-archive", "enclosure")  # fmt: skip


def of(parent: Element, rel: str) -> list[Element]:
    """The links of one relation right inside an element."""
    return [link for link in links(parent) if relation(link) == rel]


def links(parent: Element) -> Iterator[Element]:
    """The links right inside an element."""
    return parent.iterchildren(f"{{{ATOM}}}link")


def relation(link: Element) -> str:
    """What a link is for."""
    return (link.get("rel", "alternate").strip() or "alternate").removeprefix(PREFIX)


def address(link: Element) -> str:
    """Where a link goes."""
    return link.get("href", "").strip()


def check(parent: Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with the links right inside an element, each and together."""
    for link in links(parent):
        yield from _relation(link)
        yield from _address(link, context)
        if words := own_text(link).strip():
            yield WORDS.at(line_of(link), f"<link> holds {shown(words)}")
        if relation(link) == "enclosure":
            yield from _enclosure(link)
    yield from _alternates(parent)
    if context.level == "feed":
        yield from _self(parent, context)


def _relation(link: Element) -> Iterator[Finding]:
    rel, line = link.get("rel"), line_of(link)
    if rel is None:
        return
    if not rel.strip():
        yield REL_BLANK.at(line, "<link rel> is empty")
    elif rel.removeprefix(PREFIX) not in REGISTERED and not _addresses.is_absolute(rel):
        near = "; paging says “previous”" if rel == "prev" else ""
        yield REL.at(line, f"<link rel> is {shown(rel)}{near}")


def _address(link: Element, context: Context) -> Iterator[Finding]:
    if "href" not in link.attrib:
        return
    words, line = link.get("href", ""), line_of(link)
    what = f'<link rel="{relation(link)}">'
    if not words.strip():
        yield _addresses.EMPTY.at(line, f"{what} holds no address")
        return
    yield from _addresses.reference(words, line, what)
    if not _addresses.is_absolute(words):
        is_legal = context.has_base and relation(link) not in _FETCHED
        rule = RELATIVE_WITH_BASE if is_legal else RELATIVE
        yield rule.at(line, f"{what} is {shown(words)}")
    elif relation(link) in _FETCHED and not re.match(r"\s*https?:", words, re.IGNORECASE):
        yield HUB_SCHEME.at(line, f"{what} is {shown(words)}")


def _enclosure(link: Element) -> Iterator[Finding]:
    line = line_of(link)
    if "length" not in link.attrib:
        yield ENCLOSURE_LENGTH.at(line, '<link rel="enclosure"> has no length')
    if "type" not in link.attrib:
        yield ENCLOSURE_TYPE.at(line, '<link rel="enclosure"> has no type')
    yield from matching_type(address(link), link.get("type", ""), line, "<link type>")


def _alternates(parent: Element) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    for link in of(parent, "alternate"):
        kind = (link.get("type", "").lower(), link.get("hreflang", "").lower())
        if kind in seen:
            told = f"a further alternate of type {shown(kind[0])}, as on line {seen[kind]}"
            yield ALTERNATES.at(line_of(link), told)
        seen.setdefault(kind, line_of(link))


def _self(parent: Element, context: Context) -> Iterator[Finding]:
    selves = of(parent, "self")
    if not selves and context.kind == "rss":
        yield SELF_MISSING.at(line_of(parent), 'there is no <atom:link rel="self">')
    for further in selves[1:]:
        yield SELVES.at(line_of(further), f"a further self link leads to {shown(address(further))}")
    for link in selves:
        told, line = f"the self link leads to {shown(address(link))}", line_of(link)
        if context.address and context.address.partition("#")[0] != address(link):
            yield SELF_DIFFERS.at(line, f"{told}, the document is at {shown(context.address)}")
        kind = link.get("type", "").partition(";")[0].strip().lower()
        if kind and kind != TYPES.get(context.kind, kind):
            yield SELF_TYPE.at(line, f"{told} and says it is {shown(kind)}")
