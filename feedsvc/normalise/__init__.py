"""What is this item? RawItem in, Judged out: text, markup, titles, dates, identity.

Room: normalise. Pure: no clock, no file, no randomness; the moment of reading is an
argument. Imports model and addresses, nothing else of ours; called by ingest and the doors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from feedsvc.model import Author, Judged, Media, RawItem, Refused
from feedsvc.normalise import dates
from feedsvc.normalise.context import Context
from feedsvc.normalise.identity import tell_apart
from feedsvc.normalise.keys import FOLDED, absolute, fingerprint, folded_of, keys, shingles
from feedsvc.normalise.markup import to_html, to_text
from feedsvc.normalise.text import clean
from feedsvc.normalise.titles import Title, summary_of, title_of, without_heading

__all__ = ["Context", "normalise"]

# Well-formed by RFC 5646 §2.1: language, script, region, variants, extensions, private use.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-(?:[a-z]{2}|\d{3}))?(-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(-[a-wyz\d](-[a-z\d]{2,8})+)*(-x(-[a-z\d]{1,8})+)?",
    re.IGNORECASE,
).fullmatch


@dataclass(frozen=True, slots=True)
class _Content:
    """What an item says, before anything is concluded from it."""

    item: RawItem
    link: str | None
    html: str
    text: str
    title: Title


def normalise(items: Sequence[RawItem], context: Context) -> tuple[Judged | Refused, ...]:
    """One judgement an item of one source, in the same order.

    An item that has neither title nor content, or that fails in a way nobody foresaw, is
    refused with its source, line and reason; its neighbours go on.
    """
    read = [_guarded(item, partial(_read, item, context)) for item in items]
    whole = [one for one in read if isinstance(one, _Content)]
    verdicts = iter(dates.resolve([o.item for o in whole], [o.text for o in whole], context))
    judged = [
        _guarded(one.item, partial(_judged, one, next(verdicts), context))
        if isinstance(one, _Content)
        else one
        for one in read
    ]
    told_apart = iter(tell_apart([one for one in judged if isinstance(one, Judged)]))
    return tuple(next(told_apart) if isinstance(one, Judged) else one for one in judged)


T = TypeVar("T")


def _guarded(item: RawItem, make: Callable[[], T]) -> T | Refused:
    try:
        return make()
    except Exception as error:  # a door: whatever is wrong with one item, its neighbours go on
        reason = f"cannot be made an entry ({type(error).__name__}: {error})"
        return _refused(item, clean(reason), "please report it, with the item's words")


def _read(item: RawItem, context: Context) -> _Content | Refused:
    link = absolute(item.link, context.base_url)
    html = to_html(item.body, item.markup, link or "")
    text = to_text(html)
    title = title_of(item, html, text, item.language or context.language)
    if not title.text:
        return _refused(item, "has neither title nor content", "give it one of them")
    content = without_heading(html, title.text)
    if content is not html:
        text = to_text(content)
    return _Content(item, link, content, text, title)


def _refused(item: RawItem, reason: str, remedy: str) -> Refused:
    words = clean(item.title or item.body[:400] or item.link or "")[:200]
    return Refused(source=item.source, line=item.line, reason=reason, remedy=remedy, words=words)


def _judged(one: _Content, verdict: dates.Verdict, context: Context) -> Judged:
    item, title = one.item, one.title
    if context.section and item.section is None:
        item = replace(item, section=context.section)
    summary = summary_of(item, one.text)
    media = _media(item, one.link or context.base_url)
    given = "" if title.is_derived else title.text
    folded = folded_of(given, one.text or summary)
    return Judged(
        item=item,
        title=title.text,
        title_is_derived=title.is_derived,
        title_rule=title.rule,
        summary=summary,
        content_html=one.html,
        content_text=one.text,
        published=verdict.published,
        updated=verdict.updated,
        candidates=verdict.candidates,
        link=one.link,
        tags=_tags(item),
        authors=_authors(item, context),
        media=media,
        language=_language(item.language) or context.language,
        place=verdict.place,
        keys=keys(item, folded, one.link, context),
        shingles=shingles(folded),
        folded=folded[:FOLDED],
        fingerprint=fingerprint(given, one.html, one.text, one.link, media),
    )


def _tags(item: RawItem) -> tuple[str, ...]:
    """One line each, in the order given; the same word in another case is no other tag."""
    tags = {tag.casefold(): tag for tag in map(clean, reversed(item.tags)) if tag}
    return tuple(reversed(tags.values()))


def _authors(item: RawItem, context: Context) -> tuple[Author, ...]:
    authors = [
        Author(
            name=name,
            email=clean(author.email or "") or None,
            url=absolute(author.url, context.base_url),
        )
        for author in item.authors
        if (name := clean(author.name))
    ]
    return tuple(authors) or ((context.author,) if context.author else ())


def _media(item: RawItem, base: str) -> tuple[Media, ...]:
    """With absolute addresses; without what has none."""
    return tuple(
        replace(media, url=url, title=clean(media.title or "") or None)
        for media in item.media
        if (url := absolute(media.url, base))
    )


def _language(tag: str | None) -> str | None:
    tag = (tag or "").strip().replace("_", "-")
    return tag if _LANGUAGE(tag) else None
