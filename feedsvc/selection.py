"""Which feeds an entry stands in: families, and the selections of the settings.

Room: selection. Pure: what an entry says of itself in, memberships out; decided when the entry
is kept, so that every feed is a row away. Changed settings change the digest, and then all
entries are asked again.
Imports normalise's slugs and the store's records; made by service, called by the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from feedsvc.config import FeedSettings, Settings
from feedsvc.model import Criteria, Family, Membership, Selection
from feedsvc.normalise.identity import section_slug
from feedsvc.store import Measure, Traits
from feedsvc.words import spaced


@dataclass(frozen=True, slots=True)
class _Named:
    """A feed of the settings' own."""

    membership: Membership
    selection: Selection


class Selector:
    """The store's Selector, by a site's settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tables = {table.path: table for table in settings.feed}
        self._named = tuple(_named(table) for table in settings.feed if settings.is_named(table))

    @property
    def digest(self) -> str:
        """Of the settings that decide; other settings leave it as it is."""
        told = self._settings.family.model_dump_json(), self._settings.site.language, self._named
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def memberships(self, traits: Traits) -> tuple[Membership, ...]:
        """Every feed that holds such an entry, one a path; the site's own goes without saying."""
        found = {one.path: one for one in self._found(traits)}
        return tuple(found.values())

    def measure(self, path: str) -> Measure | None:
        """How much an archive page of a feed holds; None for a feed without archives."""
        table, site = self._tables.get(path), self._settings.site
        has_archives = site.archives if table is None or table.archives is None else table.archives
        if not has_archives or (table and table.age):
            return None
        return Measure(
            entries=(table and table.size) or site.size,
            bytes=(table and table.max_bytes) or site.max_bytes,
        )

    def section_path(self, name: str) -> str:
        """The folder of a section's feed."""
        return self._family(Family.SECTIONS, name).path

    def _found(self, traits: Traits) -> Iterator[Membership]:
        for family, names in (
            (Family.SECTIONS, traits.sections),
            (Family.TAGS, traits.tags),
            (Family.AUTHORS, traits.authors),
            (Family.LANGUAGES, (traits.language or self._settings.site.language,)),
        ):
            yield from (self._family(family, name) for name in names)
        for named in self._named:
            if _holds(named.selection, traits, self._settings.site.language):
                yield named.membership

    def _family(self, family: Family, name: str) -> Membership:
        path = self._settings.family.of(family).path.replace("{slug}", section_slug(name))
        return Membership(path=path, family=family, name=name)


def _named(table: FeedSettings) -> _Named:
    membership = Membership(path=table.path, family=Family.NAMED, name=table.name)
    return _Named(membership, table.selection())


def _holds(selection: Selection, traits: Traits, site_language: str) -> bool:
    """Whether a selection takes such an entry."""
    if selection.since and traits.day < selection.since:
        return False
    is_in = all(_answers(selection.include, traits, site_language))
    return is_in and not any(_answers(selection.exclude, traits, site_language))


def _answers(criteria: Criteria, traits: Traits, site_language: str) -> Iterator[bool]:
    """For each key that is given, whether one of its values is met."""
    for wanted, had in (
        (criteria.sections, traits.sections),
        (criteria.tags, traits.tags),
        (criteria.authors, traits.authors),
    ):
        if wanted:
            yield not {name.casefold() for name in wanted}.isdisjoint(map(str.casefold, had))
    if criteria.languages:
        language = (traits.language or site_language).casefold() + "-"
        yield any(language.startswith(f"{tag.casefold()}-") for tag in criteria.languages)
    if criteria.words:
        said = spaced(traits.text)
        yield any(spaced(phrase) in said for phrase in criteria.words)
