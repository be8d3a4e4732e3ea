"""What a document says of a feed and of an entry, before it is XML or JSON.

The settings that decide what is said (weak dates, derived titles, how much content)
are applied here once, every string is made legal and every address a URI, so that the
formats only spell. Entered by the formats alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit

from feedsvc import addresses
from feedsvc.media_types import media_type_of
from feedsvc.model import Author, Content, Entry, Family, Feed, Kind, Media, Page, Site, SourceFeed

# Everything XML 1.0 §2.2 forbids, and the C1 controls and noncharacters it discourages.
_ILLEGAL = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"
    + "".join(f"{chr(n)}-{chr(n + 0xFFFD)}" for n in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_URI = re.compile(  # brackets belong to a host in numbers alone (RFC 3986 §3.2.2)
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#\[\]@\s]*@)?\[[0-9A-Fa-f:.]+\])?"
    r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*"
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BREAKING = re.compile(r"[^\S\xa0\u202f]+")
# An addr-spec without quotes and comments (RFC 5322 §3.4.1), at a host that can be looked up.
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
_MEDIA_TYPE = re.compile(
    r"(application|audio|font|image|message|model|multipart|text|video)/[a-z0-9!#$&^_.+-]+",
    re.IGNORECASE,
)
_CATEGORIES = (Family.SECTIONS, Family.TAGS)  #: feeds of one category
_PLAYED = ("audio/", "video/")
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
    media_type: str  #: of this document, bare
    home: str  #: of the page for people
    author: Author
    updated: datetime
    ttl_minutes: int
    links: tuple[tuple[str, str, str | None], ...]  #: (rel, address, media type): archives, licence
    category: str  #: of everything in the feed; may be empty
    copyright: str  #: may be empty
    image: str | None
    icon: str | None
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of a site and a feed shows in an item, whatever the format."""

    base_url: str
    content: Content
    language: str | None  #: of the feed
    has_weak_dates: bool
    has_derived_titles: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a document says an item: items of equal views in equal dialects are alike."""

    format: str  #: its NAME
    prefixes: tuple[str, ...] = ()  #: of the extensions that the feed speaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A tag or section, with the address of the feed that holds all of it."""

    name: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The feed an entry was taken over from; formats ask for more than is known at times."""

    id: str
    title: str
    url: str | None


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
    categories: tuple[Category, ...]
    authors: tuple[Author, ...]
    images: tuple[Media, ...]
    attachments: tuple[Media, ...]
    language: str | None  #: where it is not the feed's
    source: Source | None
    entry: Entry
    view: View

    @property
    def enclosure(self) -> Media | None:
        """The one attachment where RSS has room for one: what can be played goes first."""
        played = (one for one in self.attachments if (one.media_type or "").startswith(_PLAYED))
        return next(played, None) or next(iter(self.attachments), None)

    @property
    def mail_author(self) -> Author | None:
        """The one author where RSS has room for him: <author> needs a mail address."""
        return self.authors[0] if len(self.authors) == 1 and self.authors[0].email else None


def head_of(page: Page, filename: str, media_type: str) -> Head:
    """The feed of a page, in the document called `filename`."""
    media_type = media_type.partition(";")[0]
    site, feed = page.site, page.feed
    author = feed.author or site.author
    return Head(
        id=addresses.feed_id(site, feed, page.query),
        title=feed_title(site, feed),
        description=description_of(site, feed),
        language=language_tag(feed.language or site.language),
        address=uri(addresses.url(site, addresses.page_path(page, filename))),
        media_type=media_type,
        home=uri(addresses.url(site, addresses.page_path(page, addresses.INDEX)))
        if page.query
        else home_of(site, feed),
        author=author_of(author) if author else Author(name=_named(site.title, "feed")),
        updated=page.updated.replace(microsecond=0),
        ttl_minutes=site.ttl_minutes,
        links=tuple(_links(page, filename, media_type)),
        category=_named(feed.name, "") if feed.family in _CATEGORIES else "",
        copyright=legal(site.copyright).strip(),
        image=_image(site, feed),
        icon=uri(site.icon) if site.icon else None,
        page=page,
    )


def _links(page: Page, filename: str, media_type: str) -> Iterator[tuple[str, str, str | None]]:
    """The archive pages beside a page, in the same format (RFC 5005 §4), and the licence."""
    for rel, is_there, number in (
        ("prev-archive", page.older is not None, page.older),
        ("next-archive", page.newer is not None, page.newer),
        ("current", page.kind is Kind.ARCHIVED, None),
    ):
        if is_there:
            yield rel, archive_of(page, filename, number), media_type
    if page.site.license:
        yield "license", uri(page.site.license), None


def archive_of(page: Page, filename: str, number: int | None) -> str:
    """The address of an archive page of the feed; None is the living page."""
    return uri(addresses.url(page.site, addresses.feed_path(page.feed, filename, number)))


def _image(site: Site, feed: Feed) -> str | None:
    """The picture that stands for the feed."""
    found = feed.image or (feed.podcast.image if feed.podcast else None) or site.image
    return uri(found) if found else None


def view_of(site: Site, feed: Feed) -> View:
    """How `feed` shows its entries."""
    return View(
        base_url=site.base_url,
        content=feed.content,
        language=language_tag(feed.language or site.language),
        has_weak_dates=site.publish_weak_dates,
        has_derived_titles=site.publish_derived_titles,
    )


def item_of(site: Site, feed: Feed, entry: Entry) -> Item:
    """An entry as `feed` shows it."""
    return item_in(view_of(site, feed), entry)


def item_in(view: View, entry: Entry) -> Item:
    """An entry as a view shows it."""
    html, summary = _content(entry, view.content)
    published, updated = entry.published.instant, entry.updated.replace(microsecond=0)
    is_told = entry.published.how.is_claim or view.has_weak_dates
    media = tuple(_once(map(media_of, entry.media)))
    language = language_tag(entry.language)
    return Item(
        id=_named(entry.id, entry.slug),
        link=uri(entry.link or view.base_url + addresses.public(addresses.entry_path(entry.slug))),
        title=_named(entry.title, entry.slug),
        shows_title=view.has_derived_titles or not entry.title_is_derived,
        html=html,
        summary=summary,
        published=published if is_told else None,
        updated=updated,
        is_changed=updated != published,
        categories=tuple(_categories(entry, view)),
        authors=tuple(author_of(author) for author in entry.authors),
        images=tuple(one for one in media if one.is_image),
        attachments=tuple(one for one in media if not one.is_image),
        language=language if language != view.language else None,
        source=_source(entry.source_feed) if entry.source_feed else None,
        entry=entry,
        view=view,
    )


def feed_title(site: Site, feed: Feed) -> str:
    """What a subscriber sees in the list of feeds: a section says whose it is."""
    site_title, title = _named(site.title, "feed"), legal(feed.title).strip()
    if feed.family is Family.LANGUAGES and title == feed.name:
        title = _language_name(title)
    if not feed.path or title in ("", site_title):
        return title or site_title
    return f"{title} – {site_title}"


@lru_cache(maxsize=1_000)
def _language_name(tag: str) -> str:
    from feedsvc.formats._words import language_name  # which needs this module

    return language_name(tag)


def description_of(site: Site, feed: Feed) -> str:
    """What the feed is about; the site's own says what the site is about."""
    return legal(feed.description or ("" if feed.path else site.description)).strip()


def home_of(site: Site, feed: Feed) -> str:
    """The address of a feed's page for people."""
    return uri(addresses.url(site, addresses.feed_path(feed, addresses.INDEX)))


def legal(text: str) -> str:
    """Text that every format can carry: no character that XML forbids, no CR."""
    if text.replace("\n", "").isprintable():  # then it has none, and to find out costs least
        return text
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def zulu(moment: datetime) -> str:
    """RFC 3339 in whole seconds, UTC."""
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=1_000)
def language_tag(tag: str | None) -> str | None:
    """A well-formed BCP 47 tag, or None."""
    tag = (tag or "").strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def uri(iri: str) -> str:
    """An IRI as a URI (RFC 3987 §3.1): host as Punycode, the rest percent-encoded.

    What is a URI already comes back as it is; what is encoded is never encoded twice.
    """
    text = legal(iri).strip()
    if "%" in text:
        text = _STRAY_PERCENT.sub("%25", text)
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
    """Text on one line; a name the formats demand is never empty. No-break spaces stay."""
    return _BREAKING.sub(" ", legal(text)).strip() or otherwise


def _content(entry: Entry, wanted: Content) -> tuple[str, str]:
    """The HTML and the summary to show; of two that say the same only the HTML."""
    html = legal(entry.content_html).strip()
    summary = legal(entry.summary).strip()
    if wanted is Content.SUMMARY:
        return "", summary
    if html and (wanted is Content.FULL or _is_alike(summary, entry.content_text)):
        return html, ""
    return html, summary


def _is_alike(summary: str, text: str) -> bool:
    """Whether two texts have the same words; `summary` is legal."""
    end = legal(text[-80:]).rsplit(None, 1)
    if len(end) == 2 and end[1:] != summary.rsplit(None, 1)[-1:]:
        return False  # most differ in their last word, and a text is long to compare
    return summary.split() == legal(text).split()


def _once(media: Iterable[Media]) -> Iterator[Media]:
    """Each file once, as it is told first."""
    met: set[str] = set()
    for one in media:
        if one.url not in met:
            met.add(one.url)
            yield one


def _categories(entry: Entry, view: View) -> Iterator[Category]:
    """Tags and sections, each once."""
    folders = {(one.family, one.name.casefold()): one.path for one in entry.feeds}
    met = set()
    for family, words in (
        (Family.TAGS, entry.tags),
        (Family.SECTIONS, (listing.section for listing in entry.sections)),
    ):
        for word in words:
            folder = folders.get((family, word.casefold()))
            made = _category(word, f"{view.base_url}/{folder}/" if folder else None)
            if made.name and made.name not in met:
                met.add(made.name)
                yield made


@lru_cache(maxsize=5_000)
def _category(word: str, address: str | None) -> Category:
    return Category(name=_named(word, ""), scheme=uri(address) if address else None)


def _source(feed: SourceFeed) -> Source | None:
    """Nothing where the feed could not be found again."""
    address = uri(feed.url) if feed.url and addresses.is_absolute(feed.url) else None
    named = legal(feed.id or "").strip() or address
    if not named:
        return None
    return Source(id=named, title=_named(feed.title or "", address or named), url=address)


def author_of(author: Author) -> Author:
    """A person as documents may name one."""
    mail = _ascii(legal(author.email or "").strip())
    return Author(
        name=_named(author.name, "?"),
        email=mail if _MAIL.fullmatch(mail) else None,
        url=uri(author.url) or None if author.url else None,
    )


def media_of(media: Media) -> Media:
    """A file with an address and a type that documents may tell."""
    address, told = uri(media.url), media.media_type or ""
    guessed = media_type_of(re.split(r"[?#]", address)[0]) or "application/octet-stream"
    return replace(
        media,
        url=address,
        media_type=told if _MEDIA_TYPE.fullmatch(told) else guessed,
        title=_named(media.title or "", "") or None,
        credit=_named(media.credit or "", "") or None,
    )
