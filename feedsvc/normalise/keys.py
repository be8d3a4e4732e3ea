"""What an item is recognised by: canonical addresses, keys, shingles, fingerprints.

Room: normalise. Pure. Imports model, addresses and the room's text; called by the room.

DATES.md §6. Position, path, date and base_url make no part of a key. Everything hashed here is
the same in every process and on every machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit
from zlib import crc32

from feedsvc.addresses import is_absolute
from feedsvc.model import Keys, Media, RawItem
from feedsvc.normalise.context import Context
from feedsvc.normalise.text import clean, fold

KEY_TEXT = 200  #: characters of the folded text in its key
LONGEST_IRI = 1_000  #: characters: no database indexes longer ones; such an item's id is minted
FOLDED = 300  #: characters kept for comparing short texts
UNITS = 150  #: words, or characters where words are not set apart, that shingles are made of


# --- addresses ----------------------------------------------------------------------------

_OWN_IRI = re.compile(
    r"(?:https?://[^\s/?#]+"
    # RFC 4151 §2.1: a host name or a mail address, and a date
    r"|tag:(?:[\w.+-]+@)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?,\d{4}(?:-\d\d){0,2}:"
    r"|urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![^?#])"
    r"|urn:(?!uuid:)[a-z0-9][a-z0-9-]{1,31}:)"
    r"[^\s<>\"{}|\\^`]*",
    re.IGNORECASE,
).fullmatch
_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid"
    r"|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|hsctatracking|mkt_tok|oly_anon_id|oly_enc_id|vero_id"
    r"|wickedid|_ga|_gl|ref_src|ref_url|cmpid|s_cid|xtor|at_medium|at_campaign|spm|share_id)(?:=.*)?",
    re.IGNORECASE | re.DOTALL,
).fullmatch
_is_web = re.compile("https?://", re.IGNORECASE).match
_URI = "%/:@!$&'()*+,;=~-._?[]"


def own_iri(guid: str | None) -> str | None:
    """A source's own id where it can serve as ours, verbatim: an absolute http(s), tag or urn IRI."""
    stripped = (guid or "").strip()
    return stripped if len(stripped) <= LONGEST_IRI and _OWN_IRI(stripped) else None


def absolute(address: str | None, base: str) -> str | None:
    """`address` as an absolute http(s) URI (RFC 3987 §3.1), by `base` where it is relative."""
    words = clean(address or "").replace(" ", "%20")
    if not words:
        return None
    try:
        joined = words if _is_web(words) or not base else urljoin(base, words)
        return _as_uri(joined) if is_absolute(joined) else None
    except (ValueError, UnicodeError):
        return None


def _as_uri(iri: str) -> str:
    if iri.isascii():
        return iri
    parts = urlsplit(iri)
    user, at, host = parts.netloc.rpartition("@")
    name, colon, port = host.partition(":")
    netloc = quote(user, _URI) + at + name.encode("idna").decode() + colon + port
    path, query, fragment = (quote(part, _URI) for part in parts[2:])
    return parts._replace(netloc=netloc, path=path, query=query, fragment=fragment).geturl()


def canonical(address: str, base_url: str = "") -> str:
    """What an absolute address is compared by: one spelling for what leads to the same page.

    Scheme, case of the host, default port, fragment, tracking parameters and a slash at the end
    do not count; what lies below `base_url` is named without it.
    """
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2].lower()
    host = host.removesuffix(":443" if parts.scheme.lower() == "https" else ":80")
    kept = "&".join(p for p in parts.query.split("&") if p and not _TRACKING(p))
    plain = host + parts.path.rstrip("/") + (f"?{kept}" if kept else "")
    home = _home(base_url) if base_url else ""
    is_ours = home and plain.startswith(home) and plain[len(home) : len(home) + 1] in ("", "/", "?")
    return plain[len(home) :] or "/" if is_ours else plain


@lru_cache(maxsize=8)
def _home(base_url: str) -> str:
    return canonical(base_url)


# --- keys ---------------------------------------------------------------------------------

# Scripts that set no blanks between words: Thai, Lao, Burmese, Khmer, kana and Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_PUNCTUATION = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_AS_BLANKS = bytes.maketrans(_PUNCTUATION, b" " * len(_PUNCTUATION))


def folded_of(title: str, text: str) -> str:
    """Folded title, line feed, beginning of the folded text; one of them alone may be empty.

    A text that opens with its title is not given it twice.
    """
    head, body = fold(title), fold(text[: UNITS * 8])
    if head and body.startswith(head):
        body = body[len(head) :].strip()
    return f"{head}\n{body}"


def keys(item: RawItem, folded: str, link: str | None, context: Context) -> Keys:
    """What an item is matched by; `folded` as `folded_of` makes it, `link` absolute."""
    address = canonical(link, context.base_url) if link else None
    title, _, body = folded.partition("\n")
    guid = (item.guid or "").strip()
    host = (address or "").partition("/")[0]
    return Keys(
        own=_own_key(guid, host) if guid else None,
        link=_key("link", address) if address else None,
        text=_key("text", f"{title}\n{body[:KEY_TEXT]}") if title or body else None,
    )


def _own_key(guid: str, host: str) -> str:
    """An id that is no IRI is only known within its site."""
    return _key("iri", guid) if own_iri(guid) else _key("id", f"{host}\n{guid}")


def _key(kind: str, words: str) -> str:
    return f"{kind}:{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def shingles(folded: str) -> frozenset[int]:
    """32-bit hashes of the triples of a folded text's units, of its first UNITS only."""
    units = units_of(folded)
    if len(units) < 3:
        return frozenset([crc32(b" ".join(units))]) if units else frozenset()
    triples = zip(units, units[1:], units[2:], strict=False)
    return frozenset(map(crc32, map(b" ".join, triples)))


def units_of(folded: str) -> list[bytes]:
    """The words of a folded text in UTF-8; its characters where words are not set apart."""
    if folded.count(" ") * 8 < len(folded) and not folded.isascii():
        sample = folded[:UNITS]
        if len(_UNSPACED.findall(sample)) * 3 > len(sample):
            return [char.encode() for char in folded if char.isalnum()][:UNITS]
    return folded.encode().translate(_AS_BLANKS).split()[:UNITS]


def fingerprint(
    title: str,
    html: str,
    text: str,
    link: str | None,
    media: Sequence[Media],
    base_url: str = "",
) -> str:
    """A hash of what readers would call the content; markup counts for its addresses alone.

    Those below `base_url` count without it: a site that moves has changed nothing.
    """
    addresses = (*_ADDRESSES(html), link or "", *(one.url for one in media))
    return _print(title, text, *(_below(one, base_url) for one in addresses))


def corrected_fingerprint(own: str, *said: str | None) -> str:
    """The same of an item of which a person said these: another title, link, …"""
    return _print(own, *(words or "" for words in said)) if any(said) else own


def _print(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _below(address: str, base_url: str) -> str:
    rest = address.removeprefix(base_url) if base_url else address
    return rest if rest[:1] in ("", "/", "?", "#") else address


_ADDRESSES = re.compile(r' (?:href|src)="([^"]*)"').findall
