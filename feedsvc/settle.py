"""One judged item meets what is known of it: the entry it becomes, and what stays as it was.

Room: settle. Pure: judged item, known row, a person's word and the moment of the ingest in,
a `Kept` out. Here alone is decided that ids, slugs and dates stay (promise 3) and when
`updated` moves.
Imports model, normalise, corrections and the store's records; called by ingest alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from feedsvc.corrections import Correction
from feedsvc.model import (
    Author,
    Candidate,
    Dated,
    Entry,
    How,
    Judged,
    Markup,
    Media,
    Place,
    Precision,
)
from feedsvc.normalise import identity
from feedsvc.normalise.keys import corrected_fingerprint
from feedsvc.normalise.markup import to_html, to_text
from feedsvc.normalise.text import clean
from feedsvc.store import NEVER, Kept, KnownRow, Remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The circumstances of one ingest of one source."""

    now: datetime  #: aware, UTC, whole seconds
    zone: tzinfo
    rejudge: bool = False  #: settings or corrections changed, or a person asked for it
    is_feed: bool = False  #: the source is a feed, that may carry a part of what there is
    absent: frozenset[str] = frozenset()  #: sources that are not there any more


def settle(
    cluster: Sequence[Judged],
    known: KnownRow | None,
    *,
    id: str,
    linked_how: str,
    correction: Correction | None,
    moment: Moment,
) -> Kept:
    """The entry that a cluster of appearances of one item in one source becomes.

    The fullest appearance gives the content, all of them give places. `id` is the
    known one, or freshly minted. Where the entry lives in another source, and stays there,
    this is a copy: it adds places, a better date, and the page that a feed links to.
    """
    judged = corrected(fullest(cluster), correction, moment.zone)
    home = known if known and not takes_home(known, judged, moment) else None
    expires = home.expires if home else judged.expires
    section = clean(correction.section or "") if correction else ""
    published = _published(judged, known, moment)
    entry = replace(_entry(judged, known, id, published, moment), expires=expires)
    if correction and correction.updated and judged.updated:
        entry = replace(entry, updated=max(judged.updated, published.instant))
    if home:
        entry = replace(
            entry,
            updated=_updated_as_ever(home, published),
            source_id=home.source_id or entry.source_id,
        )
    return Kept(
        entry=entry,
        keys=judged.keys,
        shingles=judged.shingles,
        folded=judged.folded,
        group=judged.item.group,
        places=tuple(_place(one, section) for one in cluster),
        candidates=_candidates(judged, published),
        title_rule=judged.title_rule,
        linked_how=linked_how,
        attachments=judged.attachments,
        hold_until=_hold(judged, published, moment),
        is_expired=expires is not None and expires <= moment.now,
        clues=judged.clues,
        is_feed=moment.is_feed,
        is_copy=home is not None,
        gives_date=home is not None and published != home.published,
        gives_page=home is not None and moment.is_feed and bool(judged.link and not home.link),
    )


def known_as(row: KnownRow | Remembered) -> identity.Known:
    """What a row of the store says of who an entry is."""
    return identity.Known(
        id=row.id,
        keys=row.keys,
        aliases=frozenset(row.aliases),
        shingles=row.shingles,
        folded=row.folded,
        group=row.group,
        source=row.source,
        appears_in=frozenset(row.appears_in if isinstance(row, KnownRow) else ()),
        link=row.link,
        published=row.published,
        is_feed=isinstance(row, KnownRow) and row.is_feed,
    )


NOON = 12  #: when what has a day alone was published, and as many seconds later as its place
MUCH_FULLER = 2  #: times as long, and a few words: what says so much more takes the entry over
FEW_WORDS = 40  #: characters
AS_FULL = 0.9  #: of the characters a feed has: the document it was made from may have no more


def takes_home(known: KnownRow, judged: Judged, moment: Moment) -> bool:
    """Whether an entry lives in this source from now on, and takes its content from there.

    It stays where it is while that is there, unless it came from a feed and this is the
    document, or this is much fuller. No two sources can take it from each other in turn.
    """
    home = known.source
    if home == judged.item.source or home in moment.absent or home not in known.appears_in:
        return True
    if judged.item.is_draft or (known.has_media and not judged.media):
        return False
    n_here, n_there = len(judged.content_text), known.n_characters
    if known.is_feed and not moment.is_feed:
        return n_here >= AS_FULL * n_there
    return n_here >= MUCH_FULLER * n_there + FEW_WORDS


def fullest(cluster: Sequence[Judged]) -> Judged:
    """The appearance that says most of an item: one with a text, else the first."""
    return max(cluster, key=lambda one: (bool(one.content_html), -one.item.position))


def corrected(judged: Judged, correction: Correction | None, zone: tzinfo) -> Judged:
    """The judged item with a person's word laid over it; its keys stay those of the source."""
    if correction is None:
        return judged
    said = _said(correction)
    if "title" in said:
        said |= {"title_is_derived": False, "title_rule": "corrected"}
    if correction.published is not None:
        published = corrected_date(correction.published, judged.place, zone)
        said["published"] = published
        said["candidates"] = _led_by(published, "chosen", judged, "a person said otherwise")
    if correction.content is not None:
        html = to_html(correction.content, Markup.MARKDOWN, said.get("link") or judged.link or "")
        said |= {"content_html": html, "content_text": to_text(html)}
    if correction.updated is not None:
        said["updated"] = corrected_date(correction.updated, 0, zone).instant
    if correction.image is not None:
        said["media"] = (*_image(correction.image), *(m for m in judged.media if not m.is_image))
    told_anew = (said.get("title"), said.get("link"), correction.content, correction.image)
    fingerprint = corrected_fingerprint(judged.fingerprint, *told_anew)
    return replace(judged, fingerprint=fingerprint, **said)


def _said(correction: Correction) -> dict[str, Any]:
    """What a person said, as the item has it; a title of blanks says nothing."""
    said = {
        "title": clean(correction.title or "") or None,
        "summary": None if correction.summary is None else clean(correction.summary),
        "link": correction.link,
        "language": correction.language,
        "tags": _cleaned(correction.tags),
        "authors": _authors(_cleaned(correction.authors)),
    }
    return {name: value for name, value in said.items() if value is not None}


def _image(address: str) -> Iterator[Media]:
    if address:
        yield Media(url=address, is_image=True)


def _authors(names: Sequence[str] | None) -> tuple[Author, ...] | None:
    return None if names is None else tuple(Author(name=name) for name in names)


def _cleaned(words: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(word for word in map(clean, words) if word)


def corrected_date(words: str, place: int, zone: tzinfo) -> Dated:
    """A person's date: an ISO day, or an ISO moment (naive: in the source's zone)."""
    if len(words) == 10:
        noon = datetime.combine(date.fromisoformat(words), time(12), zone)
        local, precision = noon + timedelta(seconds=min(place, 43_199)), Precision.DAY
    else:
        local, precision = datetime.fromisoformat(words).replace(microsecond=0), Precision.SECOND
        local = local if local.tzinfo else local.replace(tzinfo=zone)
    offset = local.utcoffset() or timedelta()
    return Dated(
        instant=local.astimezone(UTC),
        how=How.CORRECTED,
        precision=precision,
        offset_minutes=int(offset.total_seconds() // 60),
        evidence=words,
        rule="correction",
    )


def _candidates(judged: Judged, published: Dated) -> tuple[Candidate, ...]:
    """What spoke for a date, led by the one that stands although this reading says otherwise."""
    if _same(published, judged.published):
        return judged.candidates
    return _led_by(published, "chosen when first read", judged, "too late: no stronger evidence")


def _led_by(
    dated: Dated, verdict: str, judged: Judged, verdict_of_loser: str
) -> tuple[Candidate, ...]:
    first = Candidate(
        rule=dated.rule,
        evidence=dated.evidence,
        day=dated.day.isoformat(),
        how=dated.how,
        confidence=dated.confidence,
        verdict=verdict,
    )
    others = (
        replace(c, verdict=verdict_of_loser) if c.verdict.startswith("chosen") else c
        for c in judged.candidates
    )
    return (first, *others)


def _published(judged: Judged, known: KnownRow | None, moment: Moment) -> Dated:
    """The date that stands: an edit lets only stronger evidence speak (promise 3)."""
    new = judged.published
    if known is None:
        return new
    old = known.published
    if old.how is How.SEEN and new.how is How.SEEN:
        return old
    if _same(old, new):
        return old
    is_open = How.CORRECTED in (old.how, new.how) or (
        moment.rejudge and not _may_be_of_another(old, known, judged.item.source)
    )
    return new if is_open or new.how > old.how else old


def _may_be_of_another(dated: Dated, known: KnownRow, source: str) -> bool:
    """Whether a date is not this source's to judge again: it is a copy, or a copy may have given it."""
    is_shared = len(known.appears_in) > 1 and dated.how >= How.STATED
    return is_shared or known.source != source


def _same(old: Dated, new: Dated) -> bool:
    """Equal but for the seconds that its place in the file gives a day without a time."""
    if (old.how, old.precision, old.rule) != (new.how, new.precision, new.rule):
        return False
    by_day = old.precision in (Precision.DAY, Precision.MONTH)
    return old.day == new.day if by_day else old.instant == new.instant


def _entry(
    judged: Judged, known: KnownRow | None, id: str, published: Dated, moment: Moment
) -> Entry:
    """With the page and the own id that another source gave it, where this one gives none."""
    other = known if known and {known.source, *known.appears_in} - {judged.item.source} else None
    is_met_again = other is not None and not other.appears_in  # known from the ledger alone
    return Entry(
        id=id,
        slug=known.slug if known else identity.slug(judged.title, id),
        title=judged.title,
        title_is_derived=judged.title_is_derived,
        published=published,
        updated=_updated(judged, known, published, moment.now),
        summary=judged.summary,
        content_html=judged.content_html,
        content_text=judged.content_text,
        link=judged.link or (other.link if other else None),
        source_id=judged.item.guid or (other.source_id if other else None),
        tags=judged.tags,
        authors=judged.authors,
        media=judged.media,
        episode=judged.episode,
        source_feed=judged.item.source_feed,
        attachments=tuple(file.path for file in judged.attachments),
        language=judged.language,
        source=judged.item.source,
        line=judged.item.line,
        place=_place_within(published, judged),
        fingerprint=other.fingerprint if other and is_met_again else judged.fingerprint,
    )


def _place_within(published: Dated, judged: Judged) -> int:
    """The place from the oldest end that its date was given with: it stays when a source grows."""
    by_day = published.precision in (Precision.DAY, Precision.MONTH)
    if published is judged.published or not by_day:
        return judged.place
    local = published.local
    seconds = (local.hour - NOON) * 3600 + local.minute * 60 + local.second
    return seconds if seconds >= 0 else judged.place


def _updated(judged: Judged, known: KnownRow | None, published: Dated, now: datetime) -> datetime:
    """Never changed: `published`. Changed: what the source states, else this ingest."""
    stated = judged.updated or published.instant
    if known is None:
        moment = stated
    elif _is_unchanged(judged, known):
        is_first_ingest = bool(known.appears_in) and not known.is_published
        as_ever = _updated_as_ever(known, published)
        moment = max(as_ever, judged.updated or as_ever) if is_first_ingest else as_ever
    else:
        moment = stated if stated > known.updated else now
    return max(moment, published.instant)


def _updated_as_ever(known: KnownRow, published: Dated) -> datetime:
    never_changed = known.updated == known.published.instant
    return published.instant if never_changed else max(known.updated, published.instant)


def _is_unchanged(judged: Judged, known: KnownRow) -> bool:
    """Whether readers see what they saw; what comes from another source now is read closely."""
    if known.fingerprint == judged.fingerprint:
        return True
    if known.source == judged.item.source:
        return False
    is_same_length = abs(len(judged.content_text) - known.n_characters) <= known.n_characters / 50
    has_same_words = (known.folded, known.shingles) == (judged.folded, judged.shingles)
    return not known.is_published or (has_same_words and is_same_length)


def _place(judged: Judged, section: str) -> Place:
    """Where one appearance is; a section that a person named holds it without a rank."""
    item = judged.item
    if section and section != item.section:
        return Place(source=item.source, line=item.line, section=section)
    return Place(source=item.source, line=item.line, section=item.section, rank=item.rank)


def _hold(judged: Judged, published: Dated, moment: Moment) -> datetime | None:
    """Until when an entry is withheld: a draft for ever, a stated future day until it begins."""
    if judged.item.is_draft:
        return NEVER
    if published.how < How.STATED or published.instant <= moment.now:
        return None
    if published.precision is not Precision.DAY:
        return published.instant
    midnight = datetime.combine(published.day, time(0), moment.zone).astimezone(UTC)
    return midnight if midnight > moment.now else None
