"""What is known of a source beside its bytes: settings, and where it lies.

Room: sources, private; given to every reader. Imports model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from feedsvc.model import NO_LIMITS_SET, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Every one may be absent; a reader takes what helps it."""

    language: str | None = None  #: BCP 47, of items that name none
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: by what an item has (title, body, published, …): the columns or dotted paths it stands in
    limits: Limits = NO_LIMITS_SET
    reference: date | None = None  #: the day the source was captured
    address: str | None = None  #: where it was fetched from
    charset: str | None = None  #: as declared by whoever sent it
    file: Path | None = None  #: of a recording too long to be read whole: `data` is its beginning
    companions: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    #: files of the same stem beside it, by suffix (".md", ".vtt"), read when called


NO_HINTS = Hints()
