"""Podcasts as Apple lists them: the itunes vocabulary, and what a listed feed must have.

Room: check, modules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from feedsvc.check._grammar import BOTH, ENTRY, FEED, Element, Place, Term, Vocabulary, tag_of
from feedsvc.check._kinds import (
    ANY,
    MAIL,
    POSITIVE,
    YES_NO,
    Kind,
    Value,
    address,
    at_most,
    one_of,
    pattern,
    plain,
    rfc822,
)
from feedsvc.check._namespaces import ITUNES
from feedsvc.check._xml import children, line_of, local_name, namespace_of, text_of
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

APPLE = "Apple Podcasts, RSS tags"
PSP = "PSP-1 Podcast RSS"
HARM = "Apple Podcasts and those who follow it refuse the podcast or ignore the fact"
EXPLICIT = Rule(
    name="itunes-explicit-invalid",
    severity=Severity.ERROR,
    harm="Apple Podcasts refuses the podcast",
    remedy="write true or false",
    section=f"{APPLE}, itunes:explicit",
)
EXPLICIT_OLD = Rule(
    name="itunes-explicit-old",
    severity=Severity.WARNING,
    harm="programs that know today's two words alone take it for unsaid",
    remedy="write true or false",
    section=f"{APPLE}, itunes:explicit",
)
CATEGORY_UNKNOWN = Rule(
    name="itunes-category-unknown",
    severity=Severity.ERROR,
    harm="Apple Podcasts lists the podcast nowhere",
    remedy="use a category of Apple's list, letter by letter",
    section=f"{APPLE}, itunes:category",
)
CATEGORY_OLD = Rule(
    name="itunes-category-old",
    severity=Severity.WARNING,
    harm="Apple Podcasts moves the podcast to a category of its own choice",
    remedy="use a category of the list as it stands since 2019",
    section=f"{APPLE}, itunes:category",
)
CATEGORY_DEEP = Rule(
    name="itunes-category-deep",
    severity=Severity.ERROR,
    harm="Apple Podcasts ignores what is below the second level",
    remedy="put one level of subcategories into a category",
    section=f"{APPLE}, itunes:category",
)
ARTWORK_FORMAT = Rule(
    name="itunes-image-format",
    severity=Severity.WARNING,
    harm="Apple Podcasts refuses the artwork",
    remedy="give a JPEG or PNG whose address ends in .jpg or .png, 1400 to 3000 pixels square",
    section=f"{PSP}, itunes:image",
)
EPISODE_FORMAT = Rule(
    name="podcast-enclosure-format",
    severity=Severity.WARNING,
    harm="Apple Podcasts and several players leave the episode out",
    remedy="publish MP3 or AAC (.mp3, .m4a), or MPEG-4 films (.mp4, .m4v, .mov)",
    section=f"{PSP}, enclosure",
)
EPISODE_SILENT = Rule(
    name="podcast-enclosure-missing",
    severity=Severity.WARNING,
    harm="podcast apps leave the item out: there is nothing to play",
    remedy="give every item of a podcast an enclosure",
    section=f"{PSP}, enclosure",
)
EPISODE_UNTITLED = Rule(
    name="podcast-title-missing",
    severity=Severity.WARNING,
    harm="Apple Podcasts leaves the episode out",
    remedy="give every item of a podcast a title",
    section=f"{PSP}, title",
)
EPISODE_UNDATED = Rule(
    name="podcast-date-missing",
    severity=Severity.ADVICE,
    harm="apps sort the episode anywhere",
    remedy="give every item of a podcast a pubDate",
    section=f"{PSP}, pubDate",
)
EPISODE_UNNUMBERED = Rule(
    name="itunes-episode-missing",
    severity=Severity.WARNING,
    harm="a serial podcast is played in a wrong order",
    remedy="give every full episode of a serial podcast an itunes:episode",
    section=f"{PSP}, itunes:episode",
)
LENGTHY = Rule(
    name="podcast-description-long",
    severity=Severity.WARNING,
    harm="Apple Podcasts cuts the description",
    remedy="keep it below 4,000 bytes, and put the rest into content:encoded",
    section=f"{PSP}, description",
)

# fmt: off
CATEGORIES: Mapping[str, frozenset[str]] = {
    "Arts": frozenset((
        "Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts")),
    "Business": frozenset((
        "Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit")),
    "Comedy": frozenset(("Comedy Interviews", "Improv", "Stand-Up")),
    "Education": frozenset(("Courses", "How To", "Language Learning", "Self-Improvement")),
    "Fiction": frozenset(("Comedy Fiction", "Drama", "Science Fiction")),
    "Government": frozenset(),
    "Health & Fitness": frozenset((
        "Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality")),
    "History": frozenset(),
    "Kids & Family": frozenset((
        "Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids")),
    "Leisure": frozenset((
        "Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies",
        "Home & Garden", "Video Games")),
    "Music": frozenset(("Music Commentary", "Music History", "Music Interviews")),
    "News": frozenset((
        "Business News", "Daily News", "Entertainment News", "News Commentary", "Politics",
        "Sports News", "Tech News")),
    "Religion & Spirituality": frozenset((
        "Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality")),
    "Science": frozenset((
        "Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics",
        "Natural Sciences", "Nature", "Physics", "Social Sciences")),
    "Society & Culture": frozenset((
        "Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships")),
    "Sports": frozenset((
        "Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey",
        "Rugby", "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness",
        "Wrestling")),
    "Technology": frozenset(),
    "True Crime": frozenset(),
    "TV & Film": frozenset((
        "After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews")),
}
OLD_CATEGORIES = frozenset((
    "Arts & Entertainment", "Audio Blogs", "Family", "Food", "Games & Hobbies",
    "Government & Organizations", "Health", "International", "Movies & Television",
    "News & Politics", "Politics", "Public Radio", "Science & Medicine", "Sports & Recreation",
    "Talk Radio", "Transportation", "Travel",
))
OLD_SUBCATEGORIES = frozenset((
    "Literature", "Fashion", "Business News", "Management & Marketing", "Shopping", "Finance",
    "Education Technology", "Education", "Higher Education", "K-12", "Language Courses", "Training",
    "Local", "National", "Regional", "Non-Profit", "Fitness & Nutrition", "Self-Help", "Kids",
    "Other", "Other Games", "Gadgets", "Podcasting", "Software How-To", "Tech News", "History",
    "Amateur", "College & High School", "Outdoor", "Professional", "Medicine", "Computers",
    "Developers", "Information Technology", "News", "Operating Systems", "Smart Phones",
    "Text/Speech", "Philosophy", "New Age", "TV & Film",
))
_PLAYED = ("mp3", "m4a", "mp4", "m4v", "mov", "pdf", "epub")
_NOT_PLAYED = frozenset((
    "ogg", "oga", "opus", "flac", "wav", "wma", "aac", "aif", "aiff", "amr", "mid", "ogv", "webm",
    "avi", "mkv", "wmv", "flv", "mpg", "mpeg", "swf", "zip", "torrent", "html", "htm", "jpg",
    "png", "gif", "txt", "doc", "exe",
))
_TYPES_NOT_PLAYED = ("ogg", "opus", "flac", "wav", "x-wav", "webm", "x-ms-wma", "x-msvideo")
# fmt: on


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a podcast should have, and how badly."""

    name: str
    rule: Rule


def _wanted(name: str, severity: Severity, remedy: str) -> Wanted:
    rule = Rule(
        name=f"itunes-{name.partition(':')[2] or name}-missing",
        severity=severity,
        harm="Apple Podcasts and those who follow it refuse the podcast, or list it incompletely",
        remedy=remedy,
        section=f"{PSP}, {name}",
    )
    return Wanted(name, rule)


CHANNEL_WANTED = (
    _wanted("itunes:image", Severity.WARNING, "give the artwork: <itunes:image href=…>"),
    _wanted("itunes:category", Severity.WARNING, "name a category of Apple's list"),
    _wanted("itunes:explicit", Severity.WARNING, "say true or false"),
    _wanted("itunes:owner", Severity.WARNING, "give itunes:owner with an itunes:email"),
    _wanted("itunes:author", Severity.ADVICE, "name who makes it"),
    _wanted("language", Severity.WARNING, "name the language that is spoken"),
)
CATEGORY = f"{{{ITUNES}}}category"
MARKS = frozenset(("category", "explicit", "owner", "type", "episode", "duration", "episodeType"))


def podcast(place: Place) -> Iterator[Finding]:
    """What a podcast must have beside its own words."""
    context, parent = place.context, place.parent
    if context.kind == "rss" and context.level == FEED and _is_podcast(parent):
        yield from _channel(parent)
        for item in parent.iter("item"):
            yield from _episode(item)


def _channel(channel: Element) -> Iterator[Finding]:
    here = {_short(child) for child in children(channel)}
    if "dc:language" in here:
        here.add("language")
    line = line_of(channel)
    for wanted in CHANNEL_WANTED:
        if wanted.name not in here:
            yield wanted.rule.at(line, f"the podcast has no {wanted.name}")
    yield from _lengthy(channel)
    kinds = [text_of(child).strip() for child in channel.iter(f"{{{ITUNES}}}type")]
    if kinds == ["serial"]:
        yield from _unnumbered(channel)


def _unnumbered(channel: Element) -> Iterator[Finding]:
    for item in channel.iter("item"):
        facts = {_short(child): text_of(child).strip() for child in children(item)}
        is_full = facts.get("itunes:episodeType", "full") == "full"
        if is_full and "itunes:episode" not in facts:
            yield EPISODE_UNNUMBERED.at(
                line_of(item), "the podcast is serial, the episode has no number"
            )


def _episode(item: Element) -> Iterator[Finding]:
    here, line = {_short(child) for child in children(item)}, line_of(item)
    enclosures = [child for child in children(item) if _short(child) == "enclosure"]
    if not enclosures:
        yield EPISODE_SILENT.at(line, "the episode has no enclosure")
    if not here & {"title", "itunes:title"}:
        yield EPISODE_UNTITLED.at(line, "the episode has no title")
    if not here & {"pubDate", "dc:date"}:
        yield EPISODE_UNDATED.at(line, "the episode has no pubDate")
    for enclosure in enclosures:
        yield from _format(enclosure)
    yield from _lengthy(item)


def _format(enclosure: Element) -> Iterator[Finding]:
    suffix = suffix_of(enclosure.get("url") or "")
    subtype = (enclosure.get("type") or "").lower().partition("/")[2]
    if suffix in _NOT_PLAYED or (suffix not in _PLAYED and subtype in _TYPES_NOT_PLAYED):
        told = f"the enclosure is {shown(enclosure.get('url') or '')}"
        yield EPISODE_FORMAT.at(line_of(enclosure), f"{told} of type {enclosure.get('type')}")


def _lengthy(parent: Element) -> Iterator[Finding]:
    for child in children(parent):
        if (
            _short(child) == "description"
            and (size := len(text_of(child).encode("utf-8", "replace"))) > 4000
        ):
            yield LENGTHY.at(line_of(child), f"<description> is {size} bytes long")


def categories(place: Place) -> Iterator[Finding]:
    """Each category is one of Apple's, and its subcategories belong to it."""
    for category in place.named("category"):
        yield from _category(category, CATEGORIES, OLD_CATEGORIES)
        for inner in category.iterchildren(CATEGORY):
            if (name := category.get("text") or "") in CATEGORIES:
                yield from _category(inner, CATEGORIES[name], OLD_SUBCATEGORIES)
            for deep in inner.iterchildren(CATEGORY):
                told = f"{shown(deep.get('text') or '')} is below {shown(inner.get('text') or '')}"
                yield CATEGORY_DEEP.at(line_of(deep), told)


def _category(category: Element, known: Collection[str], old: Collection[str]) -> Iterator[Finding]:
    name = category.get("text") or ""
    if not name.strip() or name in known:
        return
    rule = CATEGORY_OLD if name in old else CATEGORY_UNKNOWN
    near = next((one for one in known if one.lower() == name.lower().replace(" and ", " & ")), "")
    told = f"the category is {shown(name)}"
    yield rule.at(line_of(category), f"{told}; the list has {shown(near)}" if near else told)


def artwork(place: Place) -> Iterator[Finding]:
    """Pictures are JPEG or PNG, as far as their address tells."""
    for image in place.named("image"):
        suffix = suffix_of(image.get("href") or "")
        if suffix in ("gif", "webp", "svg", "bmp", "tif", "tiff", "avif", "ico", "heic", "pdf"):
            told = f"{tag_of(image)} is {shown(image.get('href') or '')}"
            yield ARTWORK_FORMAT.at(line_of(image), told)


def suffix_of(url: str) -> str:
    """The ending of an address's path, in lower case; empty when it has none."""
    try:
        name = urlsplit(url.strip()).path.rpartition("/")[2]
    except ValueError:
        return ""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _is_podcast(channel: Element) -> bool:
    """Whether the feed means to be a podcast: it says what only podcasts say."""
    return any(
        namespace_of(child) == ITUNES and local_name(child) in MARKS
        for level in (channel, *channel.iter("item"))
        for child in children(level)
    )


def _short(element: Element) -> str:
    """A name by conventional prefix, whatever the document's own."""
    prefix = {ITUNES: "itunes:", "http://purl.org/dc/elements/1.1/": "dc:"}
    return prefix.get(
        namespace_of(element), "" if namespace_of(element) == "" else "?:"
    ) + local_name(element)


def explicit(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """Whether ears need guarding: two words, and the four of before 2019."""
    said = words.strip()
    if said.lower() in ("yes", "no", "clean", "explicit"):
        yield EXPLICIT_OLD.at(line, f"{what} is {shown(said)}")
    elif said not in ("true", "false"):
        yield EXPLICIT.at(line, f"{what} is {shown(said)}")


_KEYWORDS = Kind(
    "words with commas between",
    lambda value: "," in value or " " not in value,
    Severity.WARNING,
)


def _channel_term(text: Value) -> Term:
    return Term(text=text, within=(FEED,), once=True)


def _item_term(text: Value) -> Term:
    return Term(text=text, within=(ENTRY,), once=True)


def _both(text: Value) -> Term:
    return Term(text=text, once=True)


VOCABULARY = Vocabulary(
    prefix="itunes",
    uri=ITUNES,
    section=APPLE,
    harm=HARM,
    is_living=True,
    terms={
        "author": _both((at_most(255), plain)),
        "block": _both(YES_NO),
        "category": Term(
            attributes={"text": ANY}, required=("text",), within=(FEED, ENTRY, "category")
        ),
        "complete": _channel_term(YES_NO),
        "duration": _item_term(
            pattern(
                "seconds as in “1801”, or a time as in “30:01” or “1:30:01”",
                r"\d+(?::[0-5]\d(?::[0-5]\d)?)?",
            )
        ),
        "episode": _item_term(POSITIVE),
        "episodeType": _item_term(one_of("full", "trailer", "bonus")),
        "explicit": _both(explicit),
        "image": Term(attributes={"href": address}, required=("href",), once=True),
        "isClosedCaptioned": _item_term(YES_NO),
        "keywords": _both((at_most(255), plain, _KEYWORDS)),
        "new-feed-url": _channel_term(address),
        "order": _item_term(POSITIVE),
        "owner": Term(within=(FEED,), once=True, needs=("email",)),
        "email": Term(text=MAIL, within=("owner",), once=True),
        "name": Term(text=(at_most(255), plain), within=("owner",), once=True),
        "season": _item_term(POSITIVE),
        "subtitle": _both((at_most(255), plain)),
        "summary": _both((at_most(4000), plain)),
        "title": _both(plain),
        "type": _channel_term(one_of("episodic", "serial")),
        "applepodcastsverify": _channel_term(ANY),
        "pubDate": _channel_term(rfc822),
        "provider": _both(ANY),
        "link": Term(is_open=True, within=BOTH),
    },
    extras=(podcast, categories, artwork),
)

VOCABULARIES = (VOCABULARY,)
