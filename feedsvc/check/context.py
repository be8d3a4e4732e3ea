"""What a check knows beside the element in front of it.

Room: check. Imports nothing of ours; entered by every module of the room.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["rss", "atom", "json", "opml"]
Level = Literal["feed", "entry"]


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was met so far in one document, for rules about several places at once."""

    values: dict[tuple[str, str], int] = field(default_factory=dict)

    def first_line(self, what: str, value: str, line: int) -> int | None:
        """The line where the same value of `what` stood before; None the first time."""
        if (what, value) in self.values:
            return self.values[what, value]
        self.values[what, value] = line
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The document under check and where in it we are.

    `level` says whether an element belongs to the feed (RSS: channel) or to an entry (item).
    Without an `address` no rule asks whether the document links to itself; without `now`
    no rule asks whether a date is to come.
    """

    name: str = ""  #: the document's name, path or address
    address: str | None = None  #: absolute, where it was or will be served
    media_type: str | None = None  #: as served, with parameters
    now: datetime | None = None  #: aware
    kind: Kind = "rss"
    level: Level = "feed"
    has_base: bool = False  #: what relative addresses are relative to is told
    seen: Seen = field(default_factory=Seen)

    def __post_init__(self) -> None:
        if self.now is not None and self.now.tzinfo is None:
            raise ValueError(f"not aware: {self.now!r}")
