"""Where the addresses of an item lead: elsewhere, to a file of the seeds, or nowhere.

Room: normalise. Pure but for the `attach` it is given. Imports model; called by the room.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urljoin

from feedsvc.model import Attachment, Media

_HAS_HOST = re.compile(r"https?://[^/?#]", re.IGNORECASE).match
_IS_RELATIVE = re.compile(r"(?![a-z][a-z0-9+.-]*:|//|[#?]|\s*$)", re.IGNORECASE).match


@dataclass(slots=True)
class References:
    """The addresses of one item, made absolute, and what was met on the way."""

    base: str = ""  #: the item's own page, absolute; "" when it has none
    home: str = ""  #: the site's, absolute, no trailing slash
    attach: Callable[[str], Attachment | None] | None = None
    attachments: dict[str, Attachment] = field(default_factory=dict)  #: by path
    missing: dict[str, None] = field(default_factory=dict)  #: what should show and is not there

    def at(self, link: str | None) -> Self:
        """The same for another page, with nothing met yet."""
        return replace(self, base=link or "", attachments={}, missing={})

    def absolute(self, reference: str, *, is_shown: bool = True) -> str:
        """The http(s) address that a reference means; "" when it leads nowhere.

        A file of the seeds comes first; else it is relative to the item's page. One that
        `is_shown` (a picture, no link) and leads nowhere is missing.
        """
        found = self._attached(reference)
        if found:
            return self.home + found.path
        try:
            address = urljoin(self.base or "https:", reference)
        except ValueError:
            return ""
        if _HAS_HOST(address):
            return address.replace(" ", "%20")
        if is_shown:
            self._miss(reference)
        return ""

    def media(self, media: Media, absolute: Callable[[str], str | None]) -> Media | None:
        """With its absolute address, by `absolute` when it is no file of the seeds."""
        found = self._attached(media.url)
        if found:
            size, kind = media.size_bytes or found.size_bytes, media.media_type or found.media_type
            return replace(media, url=self.home + found.path, media_type=kind, size_bytes=size)
        if not self.base:
            self._miss(media.url)
        url = absolute(media.url)
        return replace(media, url=url) if url else None

    def _attached(self, reference: str) -> Attachment | None:
        if self.attach is None or not _IS_RELATIVE(reference):
            return None
        found = self.attach(reference)
        if found:
            self.attachments[found.path] = found
        return found

    def _miss(self, reference: str) -> None:
        if self.attach is not None and _IS_RELATIVE(reference):
            self.missing[reference] = None
