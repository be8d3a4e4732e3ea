"""Media RSS: pictures, recordings and films beside an item.

Room: check, modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from feedsvc.check._addresses import is_absolute
from feedsvc.check._grammar import BOTH, ENTRY, Element, Place, Term, Vocabulary, own_text, tag_of
from feedsvc.check._html import html
from feedsvc.check._kinds import (
    AMOUNT,
    ANY,
    CLOCK,
    COUNT,
    MEDIA_TYPE,
    PLAY_TIME,
    POSITIVE,
    TRUE_FALSE,
    Kind,
    address,
    language,
    one_of,
    plain,
    uri,
)
from feedsvc.check._languages import REGIONS
from feedsvc.check._namespaces import MEDIA
from feedsvc.check._texts import without_markup
from feedsvc.check._values import matching_type
from feedsvc.check._xml import children, line_of, local_name
from feedsvc.check.findings import Finding, Rule, Severity, shown

SECTION = "Media RSS 1.5.1"
NOTHING_TO_PLAY = Rule(
    name="media-content-source-missing",
    severity=Severity.ERROR,
    harm="readers have nothing to show or to play",
    remedy="give media:content a url, or put a media:player into it",
    section=f"{SECTION}, content",
)
GROUP_OF_ONE = Rule(
    name="media-group-without-alternatives",
    severity=Severity.ERROR,
    harm="readers look for alternatives that are not there",
    remedy="put two or more media:content into the group, or the one beside the item",
    section=f"{SECTION}, group",
)
TWO_DEFAULTS = Rule(
    name="media-group-two-defaults",
    severity=Severity.ERROR,
    harm="readers play either",
    remedy="mark one media:content of a group as isDefault",
    section=f"{SECTION}, content isDefault",
)
MEDIUM_MISMATCH = Rule(
    name="media-content-medium-mismatch",
    severity=Severity.WARNING,
    harm="readers put a picture into a player, or a film into a picture",
    remedy="let medium and type say the same",
    section=f"{SECTION}, content medium",
)
ADULT = Rule(
    name="media-adult-deprecated",
    severity=Severity.WARNING,
    harm="readers that know media:rating alone show it to children",
    remedy='write <media:rating scheme="urn:simple">adult</media:rating>',
    section=f"{SECTION}, adult",
)
HASH_WRONG = Rule(
    name="media-hash-invalid",
    severity=Severity.ERROR,
    harm="readers take a sound file for a damaged one",
    remedy="write the hexadecimal digits: 32 for md5, 40 for sha-1",
    section=f"{SECTION}, hash",
)
RATING_WRONG = Rule(
    name="media-rating-invalid",
    severity=Severity.ERROR,
    harm="readers ignore the rating",
    remedy="use a value of its scheme: adult or nonadult for urn:simple",
    section=f"{SECTION}, rating",
)
RESTRICTION_WRONG = Rule(
    name="media-restriction-invalid",
    severity=Severity.ERROR,
    harm="readers block the file for all, or for nobody",
    remedy="list what the type says: countries, addresses, sharing; or all, or none",
    section=f"{SECTION}, restriction",
)
ROLE_UNKNOWN = Rule(
    name="media-credit-role-unknown",
    severity=Severity.ERROR,
    harm="readers show the person without a role",
    remedy="use a role of the scheme in lower case: author, director, producer, photographer",
    section=f"{SECTION}, credit",
)

# fmt: off
ROLES = frozenset((
    "actor", "adaptor", "anchor person", "animal trainer", "animator", "announcer", "armourer",
    "art director", "artist", "artist/performer", "assistant camera",
    "assistant chief lighting technician", "assistant director", "assistant producer",
    "assistant visual editor", "author", "broadcast assistant", "broadcast journalist",
    "camera operator", "carpenter", "casting", "causeur", "chief lighting technician", "choir",
    "choreographer", "clapper loader", "commentary or commentator", "commissioning broadcaster",
    "composer", "computer programmer", "conductor", "consultant", "continuity checker",
    "correspondent", "costume designer", "dancer", "dialogue coach", "director",
    "director of photography", "distribution company", "draughtsman", "dresser", "dubber",
    "editor", "editor/producer", "ensemble", "executive producer", "expert", "fight director",
    "floor manager", "focus puller", "foley artist", "foley editor", "foley mixer",
    "graphic assistant", "graphic designer", "greensman", "grip", "hairdresser", "illustrator",
    "interviewed guest", "interviewer", "key character", "key grip", "key talents", "leadman",
    "librettist", "lighting director", "lighting technician", "location manager", "lyricist",
    "make up artist", "manufacturer", "matte artist", "music arranger", "music group", "musician",
    "news reader", "orchestra", "owner", "participant", "performer", "photographer", "post",
    "producer", "production assistant", "production company", "production department",
    "production manager", "production secretary", "programme production researcher",
    "programme proposal", "property manager", "publishing company", "puppeteer", "pyrotechnician",
    "reporter", "rigger", "runner", "scenario", "scenic operative", "script supervisor",
    "second assistant camera", "second assistant director", "second unit director",
    "set designer", "set dresser", "sign language", "singer", "sound designer", "sound mixer",
    "sound recordist", "special effects", "stunts", "subtitles", "technical director", "term",
    "translation", "transportation manager", "treatment", "treatment proposal",
    "treatment/programme proposal", "uploader", "vision mixer", "visual editor", "visual effects",
    "wardrobe", "witness",
))
# fmt: on
_V_CHIP = "14+ 18+ c c8 g pg tv-14 tv-g tv-ma tv-pg tv-y tv-y7 tv-y7-fv"
RATINGS: Mapping[str, frozenset[str]] = {
    "urn:simple": frozenset(("adult", "nonadult")),
    "urn:mpaa": frozenset(("g", "m", "nc-17", "pg", "pg-13", "r", "x")),
    "urn:v-chip": frozenset(_V_CHIP.split()),
}
_ICRA = re.compile(
    r"r \((?:[nsvlocx]z [01]|(?:n[a-c]|s[a-f]|v[a-j]|l[a-c]|o[a-h]|c[a-b]|x[a-e]) 1)"
    r"(?: (?:[nsvlocx]z [01]|(?:n[a-c]|s[a-f]|v[a-j]|l[a-c]|o[a-h]|c[a-b]|x[a-e]) 1))*\)"
)
_DIGITS = {"md5": 32, "sha-1": 40}
_MEDIA = ("image", "audio", "video", "document", "executable")


def sources(place: Place) -> Iterator[Finding]:
    """Every media:content can be fetched or played, and is what it says it is."""
    for element in place.deep("content"):
        line = line_of(element)
        players = [c for c in children(element) if local_name(c) == "player"]
        if not (element.get("url") or "").strip() and not players:
            yield NOTHING_TO_PLAY.at(line, f"{tag_of(element)} has no url and no player")
        url, said = element.get("url") or "", element.get("type") or ""
        yield from matching_type(url, said, line, f"{tag_of(element)} type")
        medium, kind = element.get("medium"), (element.get("type") or "").partition("/")[0]
        if medium in _MEDIA[:3] and kind.lower() in _MEDIA[:3] and medium != kind.lower():
            told = f"medium is {shown(medium or '')}, type {shown(element.get('type') or '')}"
            yield MEDIUM_MISMATCH.at(line, told)


def groups(place: Place) -> Iterator[Finding]:
    """A group holds alternatives, and one of them is the default."""
    for group in place.named("group"):
        inside = list(group.iter(f"{{{MEDIA}}}content"))
        if len(inside) < 2:
            n_inside = f"the group holds {len(inside)} media:content"
            yield GROUP_OF_ONE.at(line_of(group), n_inside)
        if sum(one.get("isDefault", "").lower() == "true" for one in inside) > 1:
            yield TWO_DEFAULTS.at(line_of(group), "more than one of the group is the default")


def values(place: Place) -> Iterator[Finding]:
    """Hashes, ratings, restrictions and roles, each by the scheme it names."""
    for element in place.deep():
        name, words, line = local_name(element), own_text(element).strip(), line_of(element)
        if name in ("title", "description", "text"):
            yield from _words(element, words, line)
        elif name == "adult":
            yield ADULT.at(line, f"{tag_of(element)} was given up")
        elif name in _SCHEMES and (reason := _SCHEMES[name][1](element, words)):
            yield _SCHEMES[name][0].at(line, f"{tag_of(element)} is {shown(words)}: {reason}")


def _words(element: Element, words: str, line: int) -> Iterator[Finding]:
    read = html if element.get("type") == "html" else without_markup
    yield from read(words, line, tag_of(element))


def _hash_fault(element: Element, words: str) -> str:
    n_digits = _DIGITS.get(element.get("algo") or "md5")
    if n_digits and not re.fullmatch(rf"[0-9A-Za-z]{{{n_digits}}}", words):
        return f"{n_digits} digits belong here"
    return ""


def _rating_fault(element: Element, words: str) -> str:
    scheme = element.get("scheme") or "urn:simple"
    if scheme == "urn:icra":
        return "" if _ICRA.fullmatch(words) else "this is no label of ICRA"
    known = RATINGS.get(scheme)
    return "" if known is None or words in known else f"{scheme} has no such rating"


def _restriction_fault(element: Element, words: str) -> str:
    kind = element.get("type")
    if kind == "country":
        strangers = [code for code in words.split() if code.upper() not in REGIONS]
        return f"no country has the code {strangers[0]}" if strangers else ""
    if kind == "uri" and not all(is_absolute(one) for one in words.split()):
        return "an address is whole, with its scheme"
    if kind is None and words not in ("", "all", "none"):
        return "without a type it is all or none"
    return ""


def _credit_fault(element: Element, _words: str) -> str:
    role, scheme = element.get("role") or "", element.get("scheme") or "urn:ebu"
    if scheme == "urn:ebu" and role and role not in ROLES:
        return f"no role is called {role}"
    return "a role is written in lower case" if role != role.lower() and scheme != "urn:ebu" else ""


_SCHEMES = {
    "hash": (HASH_WRONG, _hash_fault),
    "rating": (RATING_WRONG, _rating_fault),
    "restriction": (RESTRICTION_WRONG, _restriction_fault),
    "credit": (ROLE_UNKNOWN, _credit_fault),
}


_SIZES: dict[str, Kind] = {"width": POSITIVE, "height": POSITIVE}
_AROUND = (*BOTH, "content", "group")  #: where what tells of media may stand
_TEXT = Term(text=ANY, attributes={"type": one_of("plain", "html")}, within=_AROUND, once=True)


def _list_of(name: str) -> dict[str, Term]:
    """`media:comments` holds `media:comment`, and the like."""
    return {
        f"{name}s": Term(within=_AROUND, once=True, needs=(name,)),
        name: Term(text=ANY, within=(f"{name}s",), may_be_blank=True),
    }


VOCABULARY = Vocabulary(
    prefix="media",
    uri=MEDIA,
    section=SECTION,
    harm="readers show no picture, or nothing to play",
    is_living=True,
    terms={
        "group": Term(within=(ENTRY,)),
        "content": Term(
            within=(ENTRY, "group"),
            attributes={
                "url": uri,
                "fileSize": POSITIVE,
                "type": MEDIA_TYPE,
                "medium": one_of(*_MEDIA),
                "isDefault": TRUE_FALSE,
                "expression": one_of("sample", "full", "nonstop"),
                "bitrate": AMOUNT,
                "framerate": AMOUNT,
                "samplingrate": AMOUNT,
                "channels": COUNT,
                "duration": AMOUNT,
                "lang": language,
                **_SIZES,
            },
        ),
        "title": _TEXT,
        "description": _TEXT,
        "keywords": Term(text=ANY, within=_AROUND, once=True),
        "thumbnail": Term(
            attributes={"url": address, "time": PLAY_TIME, **_SIZES},
            required=("url",),
            within=_AROUND,
        ),
        "player": Term(attributes={"url": address, **_SIZES}, required=("url",), within=_AROUND),
        "category": Term(text=ANY, attributes={"scheme": uri, "label": plain}, within=_AROUND),
        "rating": Term(text=ANY, attributes={"scheme": uri}, within=_AROUND),
        "adult": Term(text=TRUE_FALSE, within=_AROUND),
        "hash": Term(text=ANY, attributes={"algo": one_of("md5", "sha-1")}, within=_AROUND),
        "credit": Term(text=ANY, attributes={"role": ANY, "scheme": uri}, within=_AROUND),
        "copyright": Term(text=plain, attributes={"url": address}, within=_AROUND, once=True),
        "text": Term(
            text=ANY,
            attributes={
                "type": one_of("plain", "html"),
                "lang": language,
                "start": PLAY_TIME,
                "end": PLAY_TIME,
            },
            within=_AROUND,
        ),
        "restriction": Term(
            text=ANY,
            attributes={
                "relationship": one_of("allow", "deny"),
                "type": one_of("country", "uri", "sharing"),
            },
            required=("relationship",),
            within=_AROUND,
            may_be_blank=True,
        ),
        "community": Term(within=_AROUND, once=True),
        "starRating": Term(
            attributes=dict.fromkeys(("average", "count", "min", "max"), AMOUNT),
            within=("community",),
        ),
        "statistics": Term(
            attributes=dict.fromkeys(("views", "favorites"), COUNT), within=("community",)
        ),
        "tags": Term(text=ANY, within=("community",)),
        **_list_of("comment"),
        **_list_of("response"),
        **_list_of("backLink"),
        "embed": Term(attributes={"url": address, **_SIZES}, required=("url",), within=_AROUND),
        "param": Term(text=ANY, attributes={"name": ANY}, required=("name",), within=("embed",)),
        "status": Term(
            attributes={"state": one_of("active", "blocked", "deleted"), "reason": ANY},
            required=("state",),
            within=_AROUND,
        ),
        "price": Term(
            attributes={
                "type": one_of("rent", "purchase", "package", "subscription"),
                "info": ANY,
                "price": AMOUNT,
                "currency": Kind(
                    "a currency of three capitals as in “EUR”",
                    lambda value: bool(re.fullmatch("[A-Z]{3}", value)),
                ),
            },
            within=_AROUND,
        ),
        "license": Term(text=ANY, attributes={"type": MEDIA_TYPE, "href": address}, within=_AROUND),
        "subTitle": Term(
            attributes={"type": MEDIA_TYPE, "lang": language, "href": address},
            required=("href",),
            within=_AROUND,
        ),
        "peerLink": Term(
            attributes={"type": MEDIA_TYPE, "href": uri}, required=("href",), within=_AROUND
        ),
        "location": Term(
            attributes={"description": ANY, "start": CLOCK, "end": CLOCK},
            within=_AROUND,
            is_open=True,
        ),
        "rights": Term(
            attributes={"status": one_of("userCreated", "official")},
            required=("status",),
            within=_AROUND,
        ),
        "scenes": Term(within=_AROUND, is_open=True, needs=("scene",)),
        "scene": Term(within=("scenes",), is_open=True),
    },
    extras=(sources, groups, values),
)

VOCABULARIES = (VOCABULARY,)
