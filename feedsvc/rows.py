"""An entry as one flat object, for programs: what `entries` and `read` print.

Room: rows. Pure. Imports model and addresses; called by cli.
"""

from __future__ import annotations

from typing import Any

from feedsvc import addresses
from feedsvc.model import Author, Entry, Listing, Media, Place, Refused, Site


def row(entry: Entry, site: Site) -> dict[str, Any]:
    """One entry: every key is always there; what is unknown is None or an empty list."""
    published = entry.published
    return {
        "id": entry.id,
        "slug": entry.slug,
        "title": entry.title,
        "title_derived": entry.title_is_derived,
        "summary": entry.summary,
        "content_html": entry.content_html,
        "content_text": entry.content_text,
        "published": published.local.isoformat(),
        "published_how": published.how.word,
        "published_precision": published.precision.value,
        "published_evidence": published.evidence,
        "published_rule": published.rule,
        "published_confidence": round(published.confidence, 3),
        "updated": entry.updated.isoformat().replace("+00:00", "Z"),
        "section": entry.section,
        "sections": [_listing(listing) for listing in entry.sections],
        "tags": list(entry.tags),
        "authors": [_author(author) for author in entry.authors],
        "language": entry.language,
        "url": addresses.entry_url(site, entry),
        "source": entry.source,
        "line": entry.line,
        "source_id": entry.source_id,
        "media": [_media(media) for media in entry.media],
        "also_in": [_place(place) for place in entry.also_in],
    }


def _listing(listing: Listing) -> dict[str, Any]:
    return {"section": listing.section, "rank": listing.rank}


def _author(author: Author) -> dict[str, Any]:
    return {"name": author.name, "email": author.email, "url": author.url}


def _media(media: Media) -> dict[str, Any]:
    return {
        "url": media.url,
        "media_type": media.media_type,
        "size_bytes": media.size_bytes,
        "title": media.title,
    }


def refused_row(refused: Refused) -> dict[str, Any]:
    """One quarantined item, as an object."""
    return {
        "source": refused.source,
        "line": refused.line,
        "reason": refused.reason,
        "remedy": refused.remedy,
        "words": refused.words,
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "source": place.source,
        "line": place.line,
        "section": place.section,
        "rank": place.rank,
    }
