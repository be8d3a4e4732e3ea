"""What a browser or an archive wrote into a page when it was saved.

Room: sources, private; for the reader of web pages. Imports the room's charsets.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass

from feedsvc.sources._charset import codec_of

HEAD = 4096
BUNDLE = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,30}", re.IGNORECASE)
IS_BUNDLE = re.compile(rb"^(?:snapshot-content-location:|from: <saved by )", re.IGNORECASE | re.M)
RELATED = re.compile(
    rb"content-type:\s*multipart/related[^\n]*(?:\n[ \t][^\n]*)*text/html", re.IGNORECASE
)
DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
IN_XML = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w:.-]{2,40})", re.IGNORECASE)
SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S{1,2000})\s*-->", re.IGNORECASE)
SINGLE_FILE = re.compile(
    r"<!--\s*Page saved with SingleFile\s+url:\s*(\S{1,2000})\s+saved date:\s*([^\n]{1,100}?)\s*(?:\n|-->)"
)
TOOLBAR = ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->")
ARCHIVED = re.compile(
    r"(?:(?:https?:)?//web\.archive\.org)?/web/(\d{4,14})(?:[a-z]{2}_)?/(?=https?:|mailto:|//)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A page, and what is known of it from outside."""

    data: bytes
    charset: str | None = None
    address: str | None = None
    captured: str | None = None  #: when, in its own words


def is_bundle(head: bytes) -> bool:
    """Whether it is a whole page in one file, as browsers save them (RFC 2557)."""
    start = BUNDLE.match(head.lstrip().replace(b"\r\n", b"\n"))
    return bool(start and (IS_BUNDLE.search(start[0]) or RELATED.search(start[0])))


def unpacked(data: bytes) -> Saved:
    """The page of a bundle, else the data as they are."""
    if not is_bundle(data[:HEAD]):
        return Saved(data=data, charset=declared(data))
    bundle = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    page = next((part for part in bundle.walk() if part.get_content_type() in PAGES), None)
    content = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(content, bytes):
        return Saved(data=b"")
    address = bundle.get("Snapshot-Content-Location") or page.get("Content-Location")
    return Saved(
        data=content,
        charset=codec_of(page.get_content_charset()) or declared(content),
        address=str(address) if address and "://" in str(address) else None,
        captured=str(bundle["Date"]) if bundle["Date"] else None,
    )


PAGES = ("text/html", "application/xhtml+xml")


def declared(data: bytes) -> str | None:
    """The encoding that a page says it is in."""
    head = data[:HEAD]
    found = DECLARED.search(head) or IN_XML.search(head)
    return codec_of(found[1].decode("ascii")) if found else None


def without_archive(text: str) -> tuple[str, str | None]:
    """A page as it was before the Wayback Machine rewrote it, and when it was captured."""
    if "/web/" not in text and TOOLBAR[0] not in text:
        return text, None
    start, end = text.find(TOOLBAR[0]), text.find(TOOLBAR[1])
    if 0 <= start < end:
        n_lines = text.count("\n", start, end)
        text = text[:start] + "\n" * n_lines + text[end + len(TOOLBAR[1]) :]
    found = ARCHIVED.search(text)
    is_archived = "web.archive.org" in text or "web-static.archive.org" in text or start >= 0
    if not found or not is_archived:
        return text, None
    return ARCHIVED.sub("", text), found[1] if len(found[1]) == 14 else None


def saved_from(text: str) -> tuple[str | None, str | None]:
    """The address a browser or SingleFile noted, and when it saved the page."""
    head = text[: 4 * HEAD]
    if note := SINGLE_FILE.search(head):
        return note[1], note[2]
    found = SAVED_FROM.search(head)
    return (found[1] if found and "://" in found[1] else None), None
