"""Nouns to columns and back.

Room: store. Pure; called by snapshot and session.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row

from feedsvc.model import (
    Author,
    Candidate,
    Chapter,
    Dated,
    Entry,
    Episode,
    Family,
    How,
    Keys,
    Listing,
    Media,
    Membership,
    Place,
    Precision,
    SourceFeed,
)
from feedsvc.store.protocol import Kept, KnownRow, Remembered, Selector, Traits

Columns = dict[str, Any]  #: a row about to be written, by column
Version = Mapping[Any, Any]  #: a row of `versions`, kept or about to be
T = TypeVar("T")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_PLAIN = (
    "place", "title", "summary", "content_html", "content_text", "updated", "fingerprint",
    "expires",
)  # fmt: skip
_ALIKE = ("id", "slug", *_PLAIN, "section", "source", "line")  #: in an entry and in its row
_alike = attrgetter(*_ALIKE)
_SPARSE = ("link", "source_id", "language")  #: of an entry, kept in `more` where they are set
_WHO = ("id", "slug", "folded", "group", "source", "source_id", "link", "fingerprint")
_HOME = ("n_characters", "is_feed", "has_media", "expires")
_SHOWN = (
    "is_held", "title", "summary", "content_html", "content_text", "published", "place",
    "updated", "fingerprint", "dated", "more", "section",
)  # fmt: skip
_shown = itemgetter(*_SHOWN)
_unshown = itemgetter("source", "line", "also_in", "sections", "memberships", "expires")
#: below every date, so that what has a rank comes first; dates reach down to -253402300799
_RANKED = -(10**12)


class Spot(NamedTuple):
    """One entry's place in one feed: the clustered key of a membership."""

    path: str
    sort: int
    place: int
    id: str


def is_ranked(sort: int) -> bool:
    """Whether a membership's `sort` is that of a ranked list."""
    return sort < _RANKED // 2


class Stand(NamedTuple):
    """A membership as a version keeps it."""

    membership: Membership
    rank: int | None = None  #: in a ranked list


def spots(entry: Entry) -> dict[str, Spot]:
    """Where an entry stands in each of its feeds, by the feed's path."""
    stands = _ranked(entry.feeds, entry.sections)
    return _spots(entry.id, -entry.order[0], entry.place, stands)


def spots_of(id: str, version: Version | None) -> dict[str, Spot]:
    """The same of a version's columns; none when there is no version or it is withheld."""
    if version is None or version["is_held"]:
        return {}
    return _spots(id, version["published"], version["place"], _stands(version["memberships"]))


def memberships_of(version: Version) -> tuple[Membership, ...]:
    """The feeds that a version stands in, without the site's own, withheld or not."""
    return tuple(stand.membership for stand in _stands(version["memberships"]))


def listings_of(version: Version) -> tuple[Listing, ...]:
    return _parsed(version["sections"])


@lru_cache(maxsize=1000)
def _written(listings: tuple[Listing, ...]) -> str:
    return _json(listings)


@lru_cache(maxsize=1000)
def _parsed(sections: str) -> tuple[Listing, ...]:
    return _unpacked(Listing, sections)


@lru_cache(maxsize=1000)
def _stands(memberships: str) -> tuple[Stand, ...]:
    """From JSON rows of path, family and name, and the rank of those that have one."""
    return tuple(
        Stand(Membership(path=path, family=Family(family), name=name), *rank)
        for path, family, name, *rank in json.loads(memberships)
    )


@lru_cache(maxsize=1000)
def _stood(stands: tuple[Stand, ...]) -> str:
    return _encode(
        [
            [one.path, one.family.value, one.name, *(() if rank is None else (rank,))]
            for one, rank in stands
        ]
    )


def _ranked(memberships: Iterable[Membership], listings: Iterable[Listing]) -> tuple[Stand, ...]:
    """Memberships with the ranks that the listings say."""
    ranks = {listing.section: listing.rank for listing in listings}
    return tuple(
        Stand(one, ranks.get(one.name) if one.family is Family.SECTIONS else None)
        for one in memberships
    )


def _spots(id: str, published: int, place: int, stands: Iterable[Stand]) -> dict[str, Spot]:
    found = {"": Spot("", -published, -place, id)}
    for membership, rank in stands:
        sort = -published if rank is None else _RANKED + rank
        found[membership.path] = Spot(membership.path, sort, -place, id)
    return found


def content_columns(entry: Entry) -> Columns:
    """What a version has of its entry alone; `standing_columns` adds the rest."""
    more = {name: value for name in _SPARSE if (value := getattr(entry, name)) is not None}
    if entry.title_is_derived:
        more["title_is_derived"] = True
    if entry.tags:
        more["tags"] = entry.tags
    if entry.attachments:
        more["attachments"] = entry.attachments
    for name in ("authors", "media"):
        if values := getattr(entry, name):
            more[name] = [_fields(value) for value in values]
    for name in ("episode", "source_feed"):
        if value := getattr(entry, name):
            more[name] = _said(value)
    shown = entry.title, entry.summary, entry.content_html
    return {name: getattr(entry, name) for name in _PLAIN} | {
        "published": -entry.order[0],
        "dated": _dated(entry.published),
        "more": _encode(more) if more else "{}",
        "n_bytes": sum(len(text.encode()) for text in shown),
    }


def standing_columns(
    content: Columns, home: str, places: Sequence[tuple[Place, bool]], selector: Selector
) -> Columns:
    """What a version has of its appearances: (place, is it listed there now), in order."""
    own = next((place for place, _ in places if place.source == home), Place(source=home))
    others = [place for place, is_present in places if is_present and place is not own]
    standing = [place for place, is_present in places if is_present or place.rank is None]
    listings = _listings(standing, selector)
    memberships = selector.memberships(_traits(content, listings))
    return {
        "section": standing[0].section if standing else None,
        "sections": _written(listings),
        "memberships": _stood(_ranked(memberships, listings)),
        "source": own.source,
        "line": own.line,
        "also_in": _json(others),
    }


def _listings(places: Iterable[Place], selector: Selector) -> tuple[Listing, ...]:
    """One a section, as first written, with the best rank it has there."""
    found: dict[str, Listing] = {}
    for place in places:
        if place.section is not None:
            path = selector.section_path(place.section)
            known = found.get(path)
            if known is None:
                slug = path.rpartition("/")[2]
                found[path] = Listing(section=place.section, slug=slug, rank=place.rank)
            elif place.rank is not None and (known.rank is None or place.rank < known.rank):
                found[path] = replace(known, rank=place.rank)
    return tuple(found.values())


def _traits(content: Columns, listings: Iterable[Listing]) -> Traits:
    """What decides which feeds an entry stands in, from the columns of its content."""
    more, dated = json.loads(content["more"]), json.loads(content["dated"])
    local = datetime.fromtimestamp(dated["instant"] + dated["offset_minutes"] * 60, UTC)
    return Traits(
        sections=tuple(listing.section for listing in listings),
        tags=tuple(more.get("tags", ())),
        authors=tuple(author["name"] for author in more.get("authors", ())),
        language=more.get("language"),
        day=local.date(),
        text="\n".join((content["title"], content["summary"], content["content_text"])),
    )


def with_digests(columns: Columns) -> Columns:
    """The row with digests of what subscribers see, and of the rest.

    Lines, ranks and other places are no news to them: a list that moved renews no feed but its own.
    """
    names = [part for one in listings_of(columns) for part in (one.section, one.slug)]
    return columns | {
        "digest": _digest(*_shown(columns), *names),
        "standing": _digest(*_unshown(columns)),
    }


def fact_columns(kept: Kept, source: str) -> Columns:
    """Who an entry is, with a digest that tells whether anything differs."""
    entry = kept.entry
    columns = {
        "id": entry.id,
        "slug": entry.slug,
        "folded": kept.folded,
        "group": kept.group,
        "source": source,
        "fingerprint": entry.fingerprint,
        "source_id": entry.source_id,
        "explained": _explained(kept),
        "hold_until": kept.hold_until,
        "remembered_in": None,
        "link": entry.link,
        "n_characters": len(entry.content_text),
        "is_feed": kept.is_feed,
        "has_media": bool(entry.media),
        "expires": entry.expires,
        "is_expired": kept.is_expired,
    } | _matched_by(kept.keys, kept.shingles, entry.published, entry.updated)
    return columns | {"digest": _digest(*columns.values())}


def given_columns(kept: Kept) -> Columns:
    """What a copy changes of who its entry is."""
    entry = kept.entry
    date = {
        "dated": _dated(entry.published), "updated": entry.updated, "explained": _explained(kept)
    }  # fmt: skip
    page = {"link": entry.link, "source_id": entry.source_id}
    return (date if kept.gives_date else {}) | (page if kept.gives_page else {})


def given_content(content: Columns, kept: Kept) -> Columns:
    """What a version shows of its entry, with what a copy gives."""
    own, more = content_columns(kept.entry), json.loads(content["more"])
    if kept.gives_date:
        content = content | {name: own[name] for name in ("published", "dated", "updated")}
    if kept.gives_page:
        page = {"link": kept.entry.link, "source_id": kept.entry.source_id}
        content = content | {"more": _encode({k: v for k, v in (page | more).items() if v})}
    return content


def _explained(kept: Kept) -> str:
    explained: Columns = {name: getattr(kept, name) for name in ("title_rule", "linked_how")}
    explained["candidates"] = [_fields(candidate) for candidate in kept.candidates]
    return _encode(explained)


def remembered_columns(row: Remembered) -> Columns:
    """A line of the ledger as a row of `entries` that was never kept."""
    return {name: getattr(row, name) for name in _WHO} | {
        "n_characters": 0,
        "is_feed": False,
        "has_media": False,
        "explained": "{}",
        "hold_until": None,
        "expires": None,
        "is_expired": False,
        "remembered_in": row.source,
        "digest": "",
        "is_removed": row.removed is not None,
        **_matched_by(row.keys, row.shingles, row.published, row.updated),
    }


def _matched_by(
    keys: Keys, shingles: frozenset[int], published: Dated, updated: datetime
) -> Columns:
    """What an item read again is matched by, and what it is then compared with."""
    return {
        "own_key": keys.own,
        "link_key": keys.link,
        "text_key": keys.text,
        "shingles": _packed(shingles),
        "dated": _dated(published),
        "updated": updated,
    }


def entry_of(row: Row[Any]) -> Entry:
    """The entry of a version joined with its id and slug."""
    more = json.loads(row.more)
    for name, noun in (("authors", Author), ("media", Media)):
        if name in more:
            more[name] = tuple(noun(**fields) for fields in more[name])
    for name in ("tags", "attachments"):
        if name in more:
            more[name] = tuple(more[name])
    if "source_feed" in more:
        more["source_feed"] = SourceFeed(**more["source_feed"])
    if "episode" in more:
        more["episode"] = _as_episode(more["episode"])
    return Entry(
        **dict(zip(_ALIKE, _alike(row), strict=True)),
        **more,
        published=_as_dated(row.dated),
        sections=listings_of(row._mapping),
        also_in=_unpacked(Place, row.also_in),
        feeds=memberships_of(row._mapping),
    )


def attachments_in(version: Version) -> tuple[str, ...]:
    """The paths of the files of the seeds that a version refers to; most refer to none."""
    more: str = version["more"]
    return tuple(json.loads(more).get("attachments", ())) if '"attachments":' in more else ()


def place_of(row: Row[Any]) -> Place:
    """Where an appearance is."""
    return Place(source=row.source, line=row.line, section=row.section, rank=row.rank)


def keys_of(row: Row[Any]) -> Keys:
    return Keys(own=row.own_key, link=row.link_key, text=row.text_key)


def known_of(
    row: Row[Any],
    *,
    appears_in: Iterable[str],
    aliases: Iterable[str],
    is_published: bool,
) -> KnownRow:
    """A row of `entries` as ingest knows it."""
    return KnownRow(
        **_identity_of(row),
        is_removed=row.is_removed,
        appears_in=tuple(sorted(appears_in)),
        aliases=frozenset(aliases),
        is_published=is_published,
        **{name: getattr(row, name) for name in _HOME},
    )


def remembered_of(row: Row[Any], aliases: Iterable[str]) -> Remembered:
    """A row of `entries` with its removal, as the ledger has it."""
    return Remembered(
        **_identity_of(row),
        removed=row.removed,
        reason=row.reason or "",
        aliases=tuple(sorted(set(aliases) - set(keys_of(row).present()))),
    )


def _identity_of(row: Row[Any]) -> Columns:
    return {name: getattr(row, name) for name in _WHO} | {
        "keys": keys_of(row),
        "shingles": _unpacked_shingles(row.shingles),
        "published": _as_dated(row.dated),
        "updated": row.updated,
    }


def explained_of(row: Row[Any]) -> tuple[tuple[Candidate, ...], str, str]:
    """Candidates, the title's rule, and how it was linked when last read."""
    fields = json.loads(row.explained)
    candidates = tuple(
        Candidate(**candidate | {"how": How(candidate["how"])})
        for candidate in fields.get("candidates", ())
    )
    return candidates, fields.get("title_rule", ""), fields.get("linked_how", "")


def storable(text: str) -> str:
    """Text that any database takes: refused words may hold what made them refused."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _digest(*values: object) -> str:
    """Of texts and numbers that hold no unit separator, which no clean text does."""
    joined = "\x1f".join(map(str, values))
    return hashlib.blake2b(joined.encode(), digest_size=16).hexdigest()


def _fields(value: Any) -> Columns:
    """The fields that are set, by name, so that a new one in the model finds old rows readable."""
    return {name: item for name in value.__slots__ if (item := getattr(value, name)) is not None}


def _said(value: Any) -> Columns:
    """The same of a noun that holds lists of nouns, without those that are empty."""
    return {
        name: [_fields(inner) for inner in item] if isinstance(item, tuple) else item
        for name, item in _fields(value).items()
        if item != ()
    }


def _as_episode(fields: Columns) -> Episode:
    for name, noun in (("chapters", Chapter), ("transcripts", Media)):
        fields[name] = tuple(noun(**inner) for inner in fields.get(name, ()))
    return Episode(**fields)


def _json(values: Iterable[Any]) -> str:
    """Nouns as a JSON list; most entries have none of most."""
    rows = [_fields(value) for value in values]
    return _encode(rows) if rows else "[]"


def _unpacked(noun: type[T], text: str) -> tuple[T, ...]:
    return tuple(noun(**fields) for fields in json.loads(text)) if text != "[]" else ()


@lru_cache(maxsize=1000)
def _dated(dated: Dated) -> str:
    return _encode(_fields(dated) | {"instant": int(dated.instant.timestamp())})


_HOW = {how.value: how for how in How}
_PRECISION = {precision.value: precision for precision in Precision}


def _as_dated(text: str) -> Dated:
    fields = json.loads(text)
    fields["instant"] = datetime.fromtimestamp(fields["instant"], UTC)
    fields["how"] = _HOW[fields["how"]]
    fields["precision"] = _PRECISION[fields["precision"]]
    return Dated(**fields)


def _packed(shingles: frozenset[int]) -> bytes:
    """Four bytes each while they fit, else eight; the first byte says which."""
    code = "I" if max(shingles, default=0) < 2**32 else "Q"
    return code.encode() + struct.pack(f"<{len(shingles)}{code}", *sorted(shingles))


def _unpacked_shingles(packed: bytes) -> frozenset[int]:
    code = packed[:1].decode()
    n_shingles = (len(packed) - 1) // struct.calcsize(f"<{code}")
    return frozenset(struct.unpack(f"<{n_shingles}{code}", packed[1:]))
