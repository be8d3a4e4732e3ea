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

from feedsvc.model import Author, Episode, Judged, Media, RawItem, Refused
from feedsvc.normalise import dates, templates
from feedsvc.normalise.context import Context
from feedsvc.normalise.identity import tell_apart
from feedsvc.normalise.keys import FOLDED, absolute, fingerprint, folded_of, keys, shingles
from feedsvc.normalise.likeness import clues
from feedsvc.normalise.markup import to_html, to_text
from feedsvc.normalise.references import References
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
    references: References


def normalise(items: Sequence[RawItem], context: Context) -> tuple[Judged | Refused, ...]:
    """One judgement an item of one source, in the same order.

    An item that has neither title nor content, or that fails in a way nobody foresaw, is
    refused with its source, line and reason; its neighbours go on.
    """
    read = [_guarded(item, partial(_read, item, context)) for item in items]
    whole = [one for one in read if isinstance(one, _Content)]
    verdicts = iter(dates.resolve([o.item for o in whole], [o.text for o in whole], context))
    is_alone = len(items) == 1
    judged = [
        _guarded(one.item, partial(_concluded, one, next(verdicts), context, is_alone))
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
    link = absolute(item.link, templates.origin(context.link) or context.base_url)
    references = References(home=context.base_url, attach=context.attach).at(link)
    html = to_html(item.body, item.markup, references)
    text = to_text(html)
    title = title_of(item, html, text, item.language or context.language)
    if not title.text:
        return _refused(item, "has neither title nor content", "give it one of them")
    content = without_heading(html, title.text)
    if content is not html:
        text = to_text(content)
    return _Content(item, link, content, text, title, references)


def _concluded(one: _Content, verdict: dates.Verdict, context: Context, is_alone: bool) -> Judged:
    title, published = one.title.text, verdict.published
    made = templates.made(
        templates.Subject(one.item, title, published, one.link, is_alone), context
    )
    one = _at(replace(one, item=made.item), made.link)
    return replace(_judged(one, verdict, context), lacking=made.lacking)


_REFERS = re.compile(r"\]\(|\]:|\b(?:href|src|srcset|cite|poster)\s*=", re.IGNORECASE).search


def _at(one: _Content, link: str | None) -> _Content:
    """The content with its page at `link`, which its relative addresses are resolved against."""
    if link == one.link:
        return one
    one = replace(one, link=link, references=one.references.at(link))
    if not _REFERS(one.item.body):
        return one
    html = to_html(one.item.body, one.item.markup, one.references)
    content = without_heading(html, one.title.text)
    return replace(one, html=content, text=to_text(content))


def _refused(item: RawItem, reason: str, remedy: str) -> Refused:
    words = clean(item.title or item.body[:400] or item.link or "")[:200]
    return Refused(source=item.source, line=item.line, reason=reason, remedy=remedy, words=words)


def _judged(one: _Content, verdict: dates.Verdict, context: Context) -> Judged:
    item, title = one.item, one.title
    summary = summary_of(item, one.text)
    by_page = partial(absolute, base=one.link or context.base_url)
    media = _media(item.media, one.references, by_page)
    given = "" if title.is_derived else title.text
    folded = folded_of(given, one.text or summary)
    triples = shingles(folded)
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
        expires=verdict.expires,
        candidates=verdict.candidates,
        link=one.link,
        tags=_tags(item),
        authors=_authors(item, context),
        media=media,
        episode=_episode(item.episode, one.references, by_page),
        attachments=tuple(one.references.attachments.values()),
        missing=tuple(one.references.missing),
        language=_language(item.language) or context.language,
        place=verdict.place,
        keys=keys(item, folded, one.link, context),
        shingles=triples,
        clues=clues(folded[:FOLDED], triples),
        folded=folded[:FOLDED],
        fingerprint=fingerprint(given, one.html, one.text, one.link, media, context.base_url),
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


def _media(
    found: Sequence[Media], references: References, by_page: Callable[[str], str | None]
) -> tuple[Media, ...]:
    """With absolute addresses; without what has none."""
    absolute_ones = (references.media(one, by_page) for one in found)
    return tuple(replace(one, title=clean(one.title or "") or None) for one in absolute_ones if one)


def _episode(
    episode: Episode | None, references: References, by_page: Callable[[str], str | None]
) -> Episode | None:
    if episode is None:
        return None
    return replace(episode, transcripts=_media(episode.transcripts, references, by_page))


def _language(tag: str | None) -> str | None:
    tag = (tag or "").strip().replace("_", "-")
    return tag if _LANGUAGE(tag) else None
