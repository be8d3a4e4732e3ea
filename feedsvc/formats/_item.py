"""What a document says of a feed and of an entry, before it is XML or JSON.

The settings that decide what is said (weak dates, derived titles, how much content)
are applied here once, every string is made legal and every address a URI, so that the
formats only spell. Entered by the formats alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlsplit

from feedsvc import addresses
from feedsvc.media_types import media_type_of
from feedsvc.model import Author, Content, Entry, Feed, Kind, Media, Page, Site

# Everything XML 1.0 §2.2 forbids, and the C1 controls and noncharacters it discourages.
_ILLEGAL = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"
    + "".join(f"{chr(n)}-{chr(n + 0xFFFD)}" for n in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+_-]+/[A-Za-z0-9.+_-]+")
_KEPT = "-._~:/?#@!$&'()*+,;=%"  # what quote leaves alone
# RFC 5646 §2.1 without the irregular tags: language, script, region, variants, extensions.
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-([A-Za-z\d]{5,8}|\d[A-Za-z\d]{3}))*"
    r"(-[A-WY-Za-wy-z\d](-[A-Za-z\d]{2,8})+)*(-[xX](-[A-Za-z\d]{1,8})+)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a document says of its feed."""

    id: str
    title: str
    description: str  #: may be empty
    language: str | None
    address: str  #: of this document
    home: str  #: of the page for people
    author: Author
    updated: datetime
    ttl_minutes: int
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a document says of an entry; an empty string is not written."""

    id: str
    link: str
    title: str
    shows_title: bool  #: False for a derived title where the settings leave those out
    html: str
    summary: str  #: plain text; empty when it says what `html` says
    published: datetime | None  #: None for a weak date where the settings leave those out
    updated: datetime
    is_changed: bool  #: since it was published
    categories: tuple[str, ...]
    authors: tuple[Author, ...]
    images: tuple[Media, ...]
    attachments: tuple[Media, ...]
    language: str | None  #: where it is not the site's


def head_of(page: Page, filename: str) -> Head:
    """The feed of a page, in the document called `filename`."""
    site, feed = page.site, page.feed
    return Head(
        id=addresses.feed_id(site, feed, page.query),
        title=feed_title(site, feed),
        description="" if feed.path else legal(site.description).strip(),
        language=language_tag(site.language),
        address=uri(addresses.url(site, addresses.page_path(page, filename))),
        home=home_of(site, feed),
        author=_author(site.author) if site.author else Author(name=_named(site.title, "feed")),
        updated=page.updated.replace(microsecond=0),
        ttl_minutes=site.ttl_minutes,
        is_complete=page.kind is Kind.COMPLETE,
    )


def item_of(site: Site, feed: Feed, entry: Entry) -> Item:
    """An entry as `feed` shows it."""
    html, summary = _content(entry, feed.content)
    published, updated = entry.published.instant, entry.updated.replace(microsecond=0)
    is_told = entry.published.how.is_claim or site.publish_weak_dates
    media = tuple(_media(one) for one in entry.media)
    language = language_tag(entry.language)
    return Item(
        id=_named(entry.id, entry.slug),
        link=uri(addresses.entry_url(site, entry)),
        title=_named(entry.title, entry.slug),
        shows_title=site.publish_derived_titles or not entry.title_is_derived,
        html=html,
        summary=summary,
        published=published if is_told else None,
        updated=updated,
        is_changed=updated != published,
        categories=_categories(entry),
        authors=tuple(_author(author) for author in entry.authors),
        images=tuple(one for one in media if one.is_image),
        attachments=tuple(one for one in media if not one.is_image),
        language=language if language != language_tag(site.language) else None,
    )


def feed_title(site: Site, feed: Feed) -> str:
    """What a subscriber sees in the list of feeds: a section says whose it is."""
    site_title, title = _named(site.title, "feed"), legal(feed.title).strip()
    if not feed.path or title in ("", site_title):
        return title or site_title
    return f"{title} – {site_title}"


def home_of(site: Site, feed: Feed) -> str:
    """The address of a feed's page for people."""
    return uri(addresses.url(site, addresses.feed_path(feed, addresses.INDEX)))


def legal(text: str) -> str:
    """Text that every format can carry: no character that XML forbids, no CR."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def zulu(moment: datetime) -> str:
    """RFC 3339 in whole seconds, UTC."""
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def language_tag(tag: str | None) -> str | None:
    """A well-formed BCP 47 tag, or None."""
    tag = (tag or "").strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def uri(iri: str) -> str:
    """An IRI as a URI (RFC 3987 §3.1): host as Punycode, the rest percent-encoded.

    What is a URI already comes back as it is; what is encoded is never encoded twice.
    """
    text = _STRAY_PERCENT.sub("%25", legal(iri).strip())
    if _URI.fullmatch(text):
        return text
    try:
        netloc = urlsplit(text).netloc
    except ValueError:  # no host a resolver could take
        netloc = ""
    before, _, after = text.partition(netloc) if netloc else ("", "", text)
    return quote(before, _KEPT) + quote(_ascii(netloc), _KEPT + "[]") + quote(after, _KEPT)


def _ascii(netloc: str) -> str:
    """A network location with its host's labels as UTS 46 leaves them, in Punycode."""
    user, at, host = netloc.rpartition("@")
    folded = unicodedata.normalize("NFKC", host).lower().replace("。", ".")
    labels = (
        label if label.isascii() else "xn--" + label.encode("punycode").decode()
        for label in folded.split(".")
    )
    return user + at + (host if host.isascii() else ".".join(labels))


def _named(text: str, otherwise: str) -> str:
    """Text on one line; a name the formats demand is never empty."""
    return " ".join(legal(text).split()) or otherwise


def _content(entry: Entry, wanted: Content) -> tuple[str, str]:
    """The HTML and the summary to show; of two that say the same only the HTML."""
    html = legal(entry.content_html).strip()
    summary = legal(entry.summary).strip()
    if wanted is Content.SUMMARY:
        return "", summary
    is_said_twice = summary.split() == legal(entry.content_text).split()
    if html and (is_said_twice or wanted is Content.FULL):
        return html, ""
    return html, summary


def _categories(entry: Entry) -> tuple[str, ...]:
    """Tags and sections, each once."""
    found = (*entry.tags, *(listing.section for listing in entry.sections))
    return tuple(dict.fromkeys(name for word in found if (name := " ".join(legal(word).split()))))


def _author(author: Author) -> Author:
    mail = legal(author.email or "")
    return Author(
        name=_named(author.name, "?"),
        email=mail if _MAIL.fullmatch(mail) else None,
        url=uri(author.url) or None if author.url else None,
    )


def _media(media: Media) -> Media:
    address, told = uri(media.url), media.media_type or ""
    guessed = media_type_of(re.split(r"[?#]", address)[0]) or "application/octet-stream"
    return replace(
        media,
        url=address,
        media_type=told if _MEDIA_TYPE.fullmatch(told) else guessed,
        title=_named(media.title or "", "") or None,
    )
