"""What the settings and the caller know of a source, and no item says.

Room: normalise. Imports model; called by everyone in the room and by whoever calls it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from feedsvc.model import Author, Order, require_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The surroundings of one source's items; what an item says itself comes first."""

    read_at: datetime  #: aware, UTC: the moment of reading, the only clock there is
    language: str = "en"  #: BCP 47
    time_zone: tzinfo = UTC  #: of dates written without one; usually a ZoneInfo
    reference: date | None = None  #: the day the source was captured
    order: Order | None = None  #: in which direction time runs down the source
    base_url: str = ""  #: the site's, absolute, no trailing slash; "" when unknown
    id_prefix: str = ""  #: mixed into every minted id
    section: str | None = None  #: of items that name none
    author: Author | None = None  #: of items that name none

    def __post_init__(self) -> None:
        require_utc("read_at", self.read_at)
