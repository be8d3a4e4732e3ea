"""The pages for people: words, dates and templates.

Page words are English for now, from one table; dates are in the site's language.
Entered by html and article.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from feedsvc import addresses
from feedsvc.formats import feeds_for
from feedsvc.formats._item import feed_title, home_of, item_of, language_tag, legal, uri
from feedsvc.model import Dated, Entry, Feed, How, Media, Page, Precision, Site

WORDS_LANGUAGE = "en"
WORDS = {
    "skip": "Skip to the entries",
    "intro": "A feed brings every new entry of this page to you by itself: to subscribe, "
    "copy one of these addresses into a feed reader.",
    "article_intro": "A feed brings every new entry of this site to you by itself: to subscribe, "
    "open one of these in a feed reader.",
    "subscribe": "Subscribe",
    "address": "address",
    "open": "Open",
    "paste": "For your own website: lines to paste into its <head>",
    "sections": "Sections",
    "everything": "Everything",
    "empty": "Nothing has been published here yet.",
    "permalink": "Permalink",
    "more": "Continue reading",
    "elsewhere": "Read it at",
    "files": "Files",
    "all_feeds": "All feeds as one list (OPML)",
    "untitled": "An entry of",
    "about": "about",
    "before": "before",
    "seen": "seen",
    "all_before": "All of these appeared before",
    "all_seen": "All of these were seen on",
    "dates": "About the dates",
    "dates_why": "Not every entry says when it was published. “About” marks a date that was "
    "worked out; open it to see from what. “Before” and “seen” are no dates of publication: "
    "they say when the entry was already there.",
    "derived": "Worked out from the words",
    "derived_bare": "Worked out from the entry itself.",
    "inherited": "The entry itself names no date; this one is that of the entries around it",
}
_LONG = 700  # characters of text that a list shows whole where an entry has no title


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date as people see it: `lead` is a word of the page, `words` are of the site's language."""

    lead: str
    words: str
    machine: str  #: for <time datetime>
    why: str = ""  #: how it was worked out; empty when the source says it
    evidence: str = ""
    is_quiet: bool = False  #: it is no claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry as people see it."""

    name: str  #: its title, given or derived
    has_title: bool
    address: str
    is_elsewhere: bool
    host: str
    text: Markup  #: what a list shows: all of it where it is short, else its summary
    is_cut: bool
    body: Markup  #: all of it
    when: When
    label: str | None
    label_address: str | None
    authors: tuple[str, ...]
    images: tuple[Media, ...]
    files: tuple[Media, ...]
    language: str | None
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A document a person may need: where it is, absolute and from here."""

    label: str
    title: str
    media_type: str
    absolute: str
    relative: str
    is_here: bool = False


def render(template: str, site: Site, path: str, **values: object) -> bytes:
    """A page for people at `path`, legal in HTML too."""
    language = language_tag(site.language) or WORDS_LANGUAGE
    is_foreign = language.partition("-")[0].lower() != WORDS_LANGUAGE
    html = (
        _environment()
        .get_template(template)
        .render(
            w=WORDS,
            ui=Markup(' class="ui" lang="en" dir="ltr"') if is_foreign else "",
            site=site,
            home=addresses.relative(path, "/" + addresses.INDEX),
            style=addresses.relative(path, addresses.ASSETS + "page.css"),
            icon=addresses.relative(path, addresses.ASSETS + "icon.svg"),
            outline=addresses.relative(path, addresses.OUTLINE_PATH),
            language=language,
            direction=direction_of(language),
            **values,
        )
    )
    return legal(html).encode()


def feeds_of(site: Site, feed: Feed, path: str) -> tuple[Address, ...]:
    """The addresses a feed reader takes, the default one first."""
    return tuple(
        Address(
            label=format.LABEL,
            title=f"{feed_title(site, feed)} ({format.LABEL})",
            media_type=format.MEDIA_TYPE.partition(";")[0],
            absolute=uri(addresses.url(site, target)),
            relative=addresses.relative(path, target),
        )
        for format in feeds_for(Page)
        for target in [addresses.feed_path(feed, format.FILENAME)]
    )


def pages_of(site: Site, feeds: tuple[Feed, ...], path: str, here: Feed | None) -> list[Address]:
    """The pages of the site's feeds, for getting from one to another."""
    return [
        Address(
            label=feed.title if feed.path else WORDS["everything"],
            title=feed_title(site, feed),
            media_type="text/html",
            absolute=home_of(site, feed),
            relative=addresses.relative(path, addresses.feed_path(feed, addresses.INDEX)),
            is_here=here is not None and feed.path == here.path,
        )
        for feed in feeds
    ]


def shown(site: Site, feed: Feed, entry: Entry, path: str) -> Shown:
    """An entry, on the page of a feed (or its own) at `path`."""
    item = item_of(site, feed, entry)
    text, is_cut = _text(entry)
    label = _label(entry, feed)
    own = addresses.relative(path, addresses.entry_path(entry.slug))
    return Shown(
        name=item.title,
        has_title=not entry.title_is_derived,
        address=item.link if entry.link else own,
        is_elsewhere=entry.link is not None,
        host=urlsplit(item.link).hostname or "" if entry.link else "",
        text=text,
        is_cut=is_cut,
        body=Markup(entry.content_html) or _paragraph(entry.summary),
        when=when(entry.published, site.language),
        label=label[0],
        label_address=addresses.relative(path, label[1]) if label[1] else None,
        authors=tuple(author.name for author in item.authors),
        images=item.images,
        files=item.attachments,
        language=item.language,
        direction=direction_of(item.language) if item.language else "auto",
    )


def when(dated: Dated, language: str) -> When:
    """A date with what it is worth: `about 13 May 2025`, quietly `before 15 May 2025`."""
    locale, day = locale_of(language), dated.day
    if dated.how is How.CAPTURED:
        day += timedelta(days=1)
        return When(lead=WORDS["before"], words=_day(day, locale), machine=str(day), is_quiet=True)
    if dated.how is How.SEEN:
        return When(lead=WORDS["seen"], words=_day(day, locale), machine=str(day), is_quiet=True)
    words, machine = _day(day, locale), str(day)
    if dated.precision is Precision.MONTH:
        words, machine = format_skeleton("yMMMM", day, locale=locale), f"{day:%Y-%m}"
    elif dated.precision is not Precision.DAY:
        machine = dated.local.isoformat(timespec="seconds")
    if dated.how >= How.STATED:
        return When(lead="", words=words, machine=machine)
    return When(
        lead=WORDS["about"],
        words=words,
        machine=machine,
        why=_why(dated),
        evidence=dated.evidence,
    )


def locale_of(language: str) -> Locale:
    """The language's way with dates; English without a country says 13 May 2025."""
    tag = language_tag(language) or WORDS_LANGUAGE
    try:
        return Locale.parse("en_001" if tag.lower() == "en" else tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_001")


def direction_of(language: str) -> str:
    """`ltr` or `rtl`, by the script of the language."""
    return "rtl" if locale_of(language).character_order == "right-to-left" else "ltr"


def _day(day: date, locale: Locale) -> str:
    return format_date(day, format="long", locale=locale)


def _why(dated: Dated) -> str:
    if dated.how is How.INHERITED:
        return WORDS["inherited"] + (":" if dated.evidence else ".")
    return WORDS["derived"] if dated.evidence else WORDS["derived_bare"]


def _text(entry: Entry) -> tuple[Markup, bool]:
    """What a list shows of an entry, and whether there is more."""
    is_short = entry.summary.split() == entry.content_text.split()
    if entry.title_is_derived and len(entry.content_text) <= _LONG:
        is_short = True
    if entry.content_html and (is_short or not entry.summary):
        return Markup(entry.content_html), False
    return _paragraph(entry.summary), bool(entry.content_html)


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text) if text.strip() else Markup("")


def _label(entry: Entry, feed: Feed) -> tuple[str | None, str | None]:
    """The section an entry is shown under, and the path of that section's page."""
    if feed.path or not entry.section:
        return None, None
    slugs = (one.slug for one in entry.sections if one.section == entry.section)
    folders = (f"/{addresses.section_path(slug)}/{addresses.INDEX}" for slug in slugs)
    return entry.section, next(folders, None)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("feedsvc.formats"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
