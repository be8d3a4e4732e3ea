"""One judged item meets what is known of it: the entry it becomes, and what stays as it was.

Room: settle. Pure: judged item, known row, a person's word and the moment of the ingest in,
a `Kept` out. Here alone is decided that ids, slugs and dates stay (promise 3) and when
`updated` moves.
Imports model, normalise, corrections and the store's records; called by ingest alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from feedsvc.corrections import Correction
from feedsvc.model import Author, Candidate, Dated, Entry, How, Judged, Place, Precision
from feedsvc.normalise import identity
from feedsvc.normalise.text import clean
from feedsvc.store import NEVER, Kept, KnownRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The circumstances of one ingest of one source."""

    now: datetime  #: aware, UTC, whole seconds
    zone: tzinfo
    rejudge: bool = False  #: settings or corrections changed, or a person asked for it


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
    known one, or freshly minted.
    """
    judged = corrected(fullest(cluster), correction, moment.zone)
    published = _published(judged, known, moment)
    entry = _entry(judged, known, id, published, moment.now)
    return Kept(
        entry=entry,
        keys=judged.keys,
        shingles=judged.shingles,
        folded=judged.folded,
        group=judged.item.group,
        places=tuple(_place(one) for one in cluster),
        candidates=_candidates(judged, published),
        title_rule=judged.title_rule,
        linked_how=linked_how,
        hold_until=_hold(judged, published, moment),
    )


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
    result = replace(judged, **said)
    return replace(result, fingerprint=identity.fingerprint_of(result))


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
    is_open = moment.rejudge or old.how is How.CORRECTED or new.how is How.CORRECTED
    return new if is_open or new.how > old.how else old


def _same(old: Dated, new: Dated) -> bool:
    """Equal but for the seconds that its place in the file gives a day without a time."""
    if (old.how, old.precision, old.rule) != (new.how, new.precision, new.rule):
        return False
    by_day = old.precision in (Precision.DAY, Precision.MONTH)
    return old.day == new.day if by_day else old.instant == new.instant


def _entry(
    judged: Judged, known: KnownRow | None, id: str, published: Dated, now: datetime
) -> Entry:
    return Entry(
        id=id,
        slug=known.slug if known else identity.slug(judged.title, id),
        title=judged.title,
        title_is_derived=judged.title_is_derived,
        published=published,
        updated=_updated(judged, known, published, now),
        summary=judged.summary,
        content_html=judged.content_html,
        content_text=judged.content_text,
        link=judged.link,
        source_id=judged.item.guid,
        tags=judged.tags,
        authors=judged.authors,
        media=judged.media,
        language=judged.language,
        source=judged.item.source,
        line=judged.item.line,
        place=judged.place,
        fingerprint=judged.fingerprint,
    )


def _updated(judged: Judged, known: KnownRow | None, published: Dated, now: datetime) -> datetime:
    """Never changed: `published`. Changed: what the source states, else this ingest."""
    stated = judged.updated or published.instant
    if known is None:
        moment = stated
    elif known.fingerprint == judged.fingerprint:
        never_changed = known.updated == known.published.instant
        moment = published.instant if never_changed else known.updated
    else:
        moment = stated if stated > known.updated else now
    return max(moment, published.instant)


def _place(judged: Judged) -> Place:
    item = judged.item
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
