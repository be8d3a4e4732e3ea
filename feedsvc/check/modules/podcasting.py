"""Podcasting 2.0: the podcast vocabulary.

Room: check, modules.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from feedsvc.check._grammar import BOTH, ENTRY, FEED, Element, Place, Term, Vocabulary, tag_of
from feedsvc.check._kinds import (
    AMOUNT,
    ANY,
    COUNT,
    COUNTRY,
    DECIMAL,
    ISO_8601,
    MAIL,
    MEDIA_TYPE,
    POSITIVE,
    TRUE_FALSE,
    UUID,
    WHOLE,
    Kind,
    address,
    any_case,
    at_most,
    language,
    one_of,
    pattern,
    plain,
    rfc822,
    uri,
)
from feedsvc.check._namespaces import PODCAST
from feedsvc.check._xml import children, line_of, local_name, text_of
from feedsvc.check.findings import Finding, Rule, Severity, shown

SECTION = "Podcast namespace"
HARM = "podcast apps that know the element ignore it"
GUID_NOT_V5 = Rule(
    name="podcast-guid-version",
    severity=Severity.WARNING,
    harm="directories that derive the guid from the address find another podcast",
    remedy="use the version 5 UUID of the feed's first address, and keep it for life",
    section=f"{SECTION}, guid",
)
LICENCE_UNKNOWN = Rule(
    name="podcast-license-url-missing",
    severity=Severity.WARNING,
    harm="nobody can read the terms",
    remedy="use a listed licence as in cc-by-4.0, or give the url of your own",
    section=f"{SECTION}, license",
)
ROLE_UNKNOWN = Rule(
    name="podcast-person-role-unknown",
    severity=Severity.ADVICE,
    harm="apps show the person without a role",
    remedy="use a role of the Podcast Taxonomy as in host, guest, composer",
    section=f"{SECTION}, person",
)
GROUP_UNKNOWN = Rule(
    name="podcast-person-group-unknown",
    severity=Severity.ADVICE,
    harm="apps list the person under no heading",
    remedy="use a group of the Podcast Taxonomy as in cast, writing, visuals",
    section=f"{SECTION}, person",
)
SOUNDBITE_LENGTH = Rule(
    name="podcast-soundbite-length",
    severity=Severity.ADVICE,
    harm="apps cut or skip soundbites that are no bites",
    remedy="choose 15 to 120 seconds",
    section=f"{SECTION}, soundbite",
)
TRANSCRIPT_TYPE = Rule(
    name="podcast-transcript-type-unknown",
    severity=Severity.ADVICE,
    harm="apps do not show the transcript",
    remedy="use text/vtt, application/x-subrip, application/json, text/html or text/plain",
    section=f"{SECTION}, transcript",
)
LIST_WITH_ITEMS = Rule(
    name="podcast-medium-list-items",
    severity=Severity.WARNING,
    harm="apps show either the items or the list",
    remedy="let a list hold podcast:remoteItem alone",
    section=f"{SECTION}, medium",
)
SPLIT_WRONG = Rule(
    name="podcast-value-time-split-recipients",
    severity=Severity.ERROR,
    harm="apps pay the wrong people",
    remedy="put one podcast:remoteItem or some podcast:valueRecipient into it",
    section=f"{SECTION}, valueTimeSplit",
)
PUBLISHER_WRONG = Rule(
    name="podcast-publisher-items",
    severity=Severity.ERROR,
    harm="apps do not know whose podcast it is",
    remedy='put exactly one <podcast:remoteItem medium="publisher"> into it',
    section=f"{SECTION}, publisher",
)
IMAGES_OLD = Rule(
    name="podcast-images-deprecated",
    severity=Severity.ADVICE,
    harm="newer apps read podcast:image alone",
    remedy="write one podcast:image for each picture",
    section=f"{SECTION}, images",
)
START_MISSING = Rule(
    name="podcast-update-frequency-dtstart-missing",
    severity=Severity.ERROR,
    harm="apps do not know from when to count",
    remedy="give a dtstart beside a COUNT",
    section=f"{SECTION}, updateFrequency",
)
BLOCK_SERVICE = Rule(
    name="podcast-block-service-unknown",
    severity=Severity.ADVICE,
    harm="no platform feels meant",
    remedy="use a slug of the list of services as in spotify, apple, youtube",
    section=f"{SECTION}, block",
)

GUID_MISSING = Rule(
    name="podcast-guid-missing",
    severity=Severity.ADVICE,
    harm="apps take the podcast for another one when its address changes",
    remedy="give podcast:guid, once and for life",
    section="PSP-1 Podcast RSS, podcast:guid",
)
LOCKED_MISSING = Rule(
    name="podcast-locked-missing",
    severity=Severity.ADVICE,
    harm="another host may import the podcast without asking",
    remedy="say <podcast:locked>yes</podcast:locked>, or no",
    section="PSP-1 Podcast RSS, podcast:locked",
)
DISCUSSION_NOWHERE = Rule(
    name="podcast-social-interact-uri-missing",
    severity=Severity.ERROR,
    harm="apps find no discussion",
    remedy="give the uri of the post, or the protocol disabled",
    section=f"{SECTION}, socialInteract",
)

# fmt: off
MEDIA = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher",
         "course")
LISTS = (*(f"{medium}L" for medium in MEDIA), "mixed")
LICENCES = ("arr", "pod-v4v-1.0")
GROUPS = frozenset((
    "creative direction", "cast", "writing", "audio production", "audio post-production",
    "administration", "visuals", "community", "misc.", "misc", "video production",
    "video post-production",
))
ROLES = frozenset((
    "director", "assistant director", "executive producer", "senior producer", "producer",
    "associate producer", "development producer", "creative director", "host", "co-host",
    "guest host", "guest", "voice actor", "narrator", "announcer", "reporter", "author",
    "editorial director", "co-writer", "writer", "songwriter", "guest writer", "story editor",
    "managing editor", "script editor", "script coordinator", "researcher", "editor",
    "fact checker", "translator", "transcriber", "logger", "studio coordinator",
    "technical director", "technical manager", "audio engineer", "remote recording engineer",
    "post production engineer", "audio editor", "sound designer", "foley artist", "composer",
    "theme music", "music production", "music contributor", "production coordinator",
    "booking coordinator", "production assistant", "content manager", "marketing manager",
    "sales representative", "sales manager", "graphic designer", "cover art designer",
    "social media manager", "consultant", "intern", "camera operator", "lighting designer",
    "camera grip", "assistant camera", "assistant editor", "cohost",
))
TRANSCRIPTS = ("text/plain", "text/html", "text/vtt", "application/json", "application/x-subrip",
               "application/srt", "text/srt", "application/ttml+xml")
_SERVICES = (
    "acast amazon anchor apple audible audioboom backtracks bitcoin blubrry buzzsprout captivate "
    "castos castopod deezer facebook fireside fyyd google gpodder hypercatcher iheart kasts libsyn "
    "mastodon megafono megaphone omnystudio overcast pandora paypal pinecast pocketcasts podbean "
    "podcastaddict podcastguru podcastindex podcasts podchaser podcloud podfriend podiant podigee "
    "podnews podomatic podserve podverse redcircle relay resonaterecordings rss shoutengine "
    "simplecast slack soundcloud spotify spreaker stitcher tiktok transistor tunein twitter "
    "whooshkaa youtube zencast"
)
SERVICES = frozenset(_SERVICES.split())
# fmt: on


def facts(place: Place) -> Iterator[Finding]:
    """What several attributes of one element say together."""
    for element in place.deep():
        look = _LOOKS.get(local_name(element))
        if look:
            yield from look(element, line_of(element))


def recommended(place: Place) -> Iterator[Finding]:
    """A channel that uses the vocabulary says what every podcast should."""
    if place.context.level == FEED and place.context.kind == "rss" and place.ours:
        here = {local_name(element) for element in place.ours}
        for name, rule in (("guid", GUID_MISSING), ("locked", LOCKED_MISSING)):
            if name not in here:
                yield rule.at(line_of(place.parent), f"the podcast has no podcast:{name}")


def _guid(element: Element, line: int) -> Iterator[Finding]:
    words = text_of(element).strip()
    if UUID.accepts(words) and uuid.UUID(words).version != 5:
        yield GUID_NOT_V5.at(line, f"{tag_of(element)} is {shown(words)}")


def _licence(element: Element, line: int) -> Iterator[Finding]:
    words = text_of(element).strip().lower()
    is_listed = words in LICENCES or re.match(r"(cc|cc0|gpl|gfdl|mit|apache|public)\b", words)
    if words and not is_listed and not element.get("url"):
        yield LICENCE_UNKNOWN.at(line, f"{shown(words)} is not listed and has no url")


def _person(element: Element, line: int) -> Iterator[Finding]:
    role, group = element.get("role") or "host", element.get("group") or "cast"
    if role.strip().lower() not in ROLES:
        yield ROLE_UNKNOWN.at(line, f"the role is {shown(role)}")
    if group.strip().lower() not in GROUPS:
        yield GROUP_UNKNOWN.at(line, f"the group is {shown(group)}")


def _soundbite(element: Element, line: int) -> Iterator[Finding]:
    words = element.get("duration") or ""
    if AMOUNT.accepts(words) and not 5 <= float(words) <= 180:
        yield SOUNDBITE_LENGTH.at(line, f"it lasts {words} seconds")


def _transcript(element: Element, line: int) -> Iterator[Finding]:
    kind = (element.get("type") or "").partition(";")[0].strip().lower()
    if MEDIA_TYPE.accepts(kind) and kind not in TRANSCRIPTS:
        yield TRANSCRIPT_TYPE.at(line, f"the transcript is {shown(kind)}")


def _medium(element: Element, line: int) -> Iterator[Finding]:
    parent = element.getparent()
    words = text_of(element).strip()
    if words in LISTS and parent is not None and parent.find("item") is not None:
        yield LIST_WITH_ITEMS.at(line, f"the medium is {shown(words)}, and there are items")


def _split(element: Element, line: int) -> Iterator[Finding]:
    names = [local_name(child) for child in children(element)]
    n_remote, n_paid = names.count("remoteItem"), names.count("valueRecipient")
    if (n_remote, bool(n_paid)) not in ((1, False), (0, True)):
        yield SPLIT_WRONG.at(line, f"it holds {n_remote} remoteItem and {n_paid} valueRecipient")


def _publisher(element: Element, line: int) -> Iterator[Finding]:
    items = [child for child in children(element) if local_name(child) == "remoteItem"]
    if len(items) != 1 or items[0].get("medium") != "publisher":
        yield PUBLISHER_WRONG.at(line, f"it holds {len(items)} podcast:remoteItem")


def _images(element: Element, line: int) -> Iterator[Finding]:
    yield IMAGES_OLD.at(line, f"{tag_of(element)} was replaced")


def _rhythm(element: Element, line: int) -> Iterator[Finding]:
    rule = element.get("rrule") or ""
    if re.search(r"\bCOUNT=", rule) and not element.get("dtstart"):
        yield START_MISSING.at(line, f"the rrule is {shown(rule)}")


def _block(element: Element, line: int) -> Iterator[Finding]:
    service = element.get("id")
    if service and service not in SERVICES:
        yield BLOCK_SERVICE.at(line, f"the id is {shown(service)}")


def _discussion(element: Element, line: int) -> Iterator[Finding]:
    if element.get("protocol") != "disabled" and not element.get("uri"):
        yield DISCUSSION_NOWHERE.at(line, f"{tag_of(element)} has no uri")


_LOOKS = {
    "guid": _guid,
    "license": _licence,
    "person": _person,
    "soundbite": _soundbite,
    "transcript": _transcript,
    "medium": _medium,
    "valueTimeSplit": _split,
    "publisher": _publisher,
    "images": _images,
    "updateFrequency": _rhythm,
    "block": _block,
    "socialInteract": _discussion,
}


def _address_or_tags(value: str) -> bool:
    return all(
        re.fullmatch(r"https?://\S+(?:\s+\d+(?:\.\d+)?[wx])?", part.strip())
        for part in re.split(r",\s+|,(?=https?:)", value.strip().rstrip(","))
    )


_LIVE = "liveItem"
_ITEMS = (ENTRY, _LIVE)
_NAMED = at_most(128)
_SECONDS = AMOUNT
_NOT_ZERO = Kind("a number above 0", lambda value: AMOUNT.accepts(value) and float(value) > 0)
_RULE = pattern(
    "a rule of iCalendar as in “FREQ=WEEKLY;BYDAY=MO”",
    r"(?:RRULE:)?(?:[A-Z]+=[^;=\s]+;)*FREQ=(?:SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)"
    r"(?:;[A-Z]+=[^;=\s]+)*;?",
)
_DAY_OR_MOMENT = pattern(
    "a day or a moment as in “2026-11-21”",
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?",
)
_GEO = pattern(
    "a geo URI as in “geo:30.2672,-97.7431”",
    r"geo:-?\d+(?:\.\d+)?,-?\d+(?:\.\d+)?(?:,-?\d+(?:\.\d+)?)?(?:;[\w=.%~-]+)*",
    re.IGNORECASE,
)
_SRI = pattern("a digest or signature", r"\S(?:.*\S)?", re.DOTALL)

VOCABULARY = Vocabulary(
    prefix="podcast",
    uri=PODCAST,
    section=SECTION,
    harm=HARM,
    is_living=True,
    terms={
        "alternateEnclosure": Term(
            attributes={
                "type": MEDIA_TYPE,
                "length": COUNT,
                "bitrate": AMOUNT,
                "height": COUNT,
                "lang": language,
                "title": ANY,
                "rel": ANY,
                "codecs": ANY,
                "default": TRUE_FALSE,
            },
            required=("type",),
            within=_ITEMS,
            needs=("source",),
        ),
        "source": Term(
            attributes={"uri": uri, "contentType": MEDIA_TYPE},
            required=("uri",),
            within=("alternateEnclosure",),
        ),
        "integrity": Term(
            attributes={"type": one_of("sri", "pgp-signature"), "value": _SRI},
            required=("type", "value"),
            within=("alternateEnclosure",),
            once=True,
        ),
        "block": Term(text=one_of("yes", "no"), attributes={"id": ANY}, within=(FEED,)),
        "chapters": Term(
            attributes={"url": address, "type": MEDIA_TYPE},
            required=("url", "type"),
            within=_ITEMS,
            once=True,
        ),
        "chat": Term(
            attributes={
                "server": ANY,
                "protocol": ANY,
                "accountId": ANY,
                "space": ANY,
                "embedUrl": address,
            },
            required=("server", "protocol"),
            within=(*BOTH, _LIVE),
            once=True,
        ),
        "contentLink": Term(
            text=plain,
            attributes={"href": uri},
            required=("href",),
            within=_ITEMS,
            may_be_blank=True,
        ),
        "episode": Term(text=AMOUNT, attributes={"display": at_most(32)}, within=_ITEMS, once=True),
        "funding": Term(
            text=(_NAMED, plain),
            attributes={"url": uri},
            required=("url",),
            within=(*BOTH, _LIVE),
            may_be_blank=True,
        ),
        "guid": Term(text=UUID, within=(FEED,), once=True),
        "image": Term(
            attributes={
                "href": address,
                "alt": ANY,
                "aspect-ratio": pattern(
                    "a ratio as in “16/9”", r"\d+(?:\.\d+)?(?:\s*/\s*\d+(?:\.\d+)?)?"
                ),
                "width": POSITIVE,
                "height": POSITIVE,
                "type": MEDIA_TYPE,
                "purpose": _NAMED,
            },
            required=("href",),
            within=(*BOTH, _LIVE),
        ),
        "images": Term(
            attributes={
                "srcset": Kind("addresses with widths as in “https://… 600w”", _address_or_tags)
            },
            required=("srcset",),
            within=(*BOTH, _LIVE),
            once=True,
        ),
        "license": Term(
            text=(_NAMED, plain), attributes={"url": address}, within=(*BOTH, _LIVE), once=True
        ),
        "liveItem": Term(
            attributes={
                "status": one_of("pending", "live", "ended"),
                "start": ISO_8601,
                "end": ISO_8601,
                "chat": ANY,
            },
            required=("status", "start"),
            within=(FEED,),
            needs=("contentLink",),
        ),
        "location": Term(
            text=(_NAMED, plain),
            attributes={
                "rel": one_of("subject", "creator"),
                "geo": _GEO,
                "osm": pattern("an OpenStreetMap id as in “R113314”", r"[NWR]\d+(?:#\d+)?"),
                "country": COUNTRY,
            },
            within=(*BOTH, _LIVE),
        ),
        "locked": Term(
            text=one_of("yes", "no"), attributes={"owner": MAIL}, within=(FEED,), once=True
        ),
        "medium": Term(text=one_of(*MEDIA, *LISTS), within=(FEED,), once=True),
        "person": Term(
            text=(_NAMED, plain),
            attributes={"role": ANY, "group": ANY, "img": address, "href": uri},
            within=(*BOTH, _LIVE),
        ),
        "podping": Term(
            attributes={"usesPodping": TRUE_FALSE},
            required=("usesPodping",),
            within=(FEED,),
            once=True,
        ),
        "podroll": Term(within=(FEED,), once=True, needs=("remoteItem",)),
        "publisher": Term(within=(FEED,), once=True),
        "remoteItem": Term(
            attributes={
                "feedGuid": UUID,
                "feedUrl": address,
                "itemGuid": ANY,
                "medium": one_of(*MEDIA, *LISTS),
                "title": ANY,
            },
            required=("feedGuid",),
            within=(*BOTH, _LIVE, "podroll", "valueTimeSplit", "publisher"),
        ),
        "season": Term(text=COUNT, attributes={"name": _NAMED}, within=_ITEMS, once=True),
        "socialInteract": Term(
            attributes={
                "protocol": any_case(
                    "disabled",
                    "activitypub",
                    "twitter",
                    "lightning",
                    "atproto",
                    "hive",
                    "matrix",
                    "nostr",
                ),
                "uri": uri,
                "accountId": ANY,
                "accountUrl": address,
                "priority": WHOLE,
            },
            required=("protocol",),
            within=(*BOTH, _LIVE),
        ),
        "soundbite": Term(
            text=(_NAMED, plain),
            attributes={"startTime": _SECONDS, "duration": _NOT_ZERO},
            required=("startTime", "duration"),
            within=_ITEMS,
            may_be_blank=True,
        ),
        "trailer": Term(
            text=(_NAMED, plain),
            attributes={
                "url": address,
                "pubdate": rfc822,
                "length": COUNT,
                "type": MEDIA_TYPE,
                "season": COUNT,
            },
            required=("url", "pubdate"),
            within=(FEED,),
        ),
        "transcript": Term(
            attributes={
                "url": address,
                "type": MEDIA_TYPE,
                "language": language,
                "rel": one_of("captions"),
            },
            required=("url", "type"),
            within=_ITEMS,
        ),
        "txt": Term(text=at_most(4000), attributes={"purpose": _NAMED}, within=(*BOTH, _LIVE)),
        "updateFrequency": Term(
            text=(_NAMED, plain),
            attributes={"complete": TRUE_FALSE, "dtstart": _DAY_OR_MOMENT, "rrule": _RULE},
            within=(FEED,),
            once=True,
            may_be_blank=True,
        ),
        "value": Term(
            attributes={"type": ANY, "method": ANY, "suggested": AMOUNT},
            required=("type", "method"),
            within=(*BOTH, _LIVE),
            needs=("valueRecipient",),
        ),
        "valueRecipient": Term(
            attributes={
                "type": ANY,
                "address": ANY,
                "split": COUNT,
                "name": ANY,
                "customKey": ANY,
                "customValue": ANY,
                "fee": TRUE_FALSE,
            },
            required=("type", "address", "split"),
            within=("value", "valueTimeSplit"),
        ),
        "valueTimeSplit": Term(
            attributes={
                "startTime": _SECONDS,
                "duration": _SECONDS,
                "remoteStartTime": _SECONDS,
                "remotePercentage": DECIMAL,
            },
            required=("startTime", "duration"),
            within=("value",),
        ),
    },
    extras=(facts, recommended),
)

VOCABULARIES = (VOCABULARY,)
