"""What the settings and the caller know of a source, and no item says.

Room: normalise. Imports model; called by everyone in the room and by whoever calls it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from feedsvc.model import Attachment, Author, Order, require_utc


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
    section: str | None = None  #: of items that name none; a template such as "{folder}"
    author: Author | None = None  #: of items that name none
    link: str | None = None  #: template of the page an item has on an existing site
    id: str | None = None  #: template of an item's own id
    day_first: bool | None = None  #: how 03/04/2025 is written, where the settings say so
    first_year: int = 1990  #: nothing earlier is believed
    searched_characters: int = 100_000  #: of one text, for days
    attach: Callable[[str], Attachment | None] | None = None
    #: the file of the seeds that a relative reference names, None where there is none

    def __post_init__(self) -> None:
        require_utc("read_at", self.read_at)
