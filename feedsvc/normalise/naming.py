"""Names that are made once: ids and slugs.

Room: normalise. Pure. Imports model; called by the room, settle, intake, service and cli.

DATES.md §6 and DESIGN.md §7: no position, path, date or base_url makes a part of an id.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from functools import lru_cache

from feedsvc.model import Keys

NAMESPACE = uuid.UUID("5f4c7b0e-3d2a-5c1b-9e86-fd1e0c9a7b42")  #: of minted ids; never changes


def mint(keys: Keys, id_prefix: str = "", attempt: int = 0) -> str:
    """A `urn:uuid:` of the strongest key; `attempt` counts those already taken by other items."""
    name = "\n".join(
        (id_prefix, next(iter(keys.present()), ""), *([str(attempt)] if attempt else []))
    )
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"


_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"}
)
_SILENT = re.compile("['’‘ʼ`´\"“”„«»]")
_NO_LOSS = re.compile(r"[\s\-_.,:;!?()&/|–—…·•'’‘ʼ`´\"“”„«»‹›]+")


def slug(title: str, id: str) -> str:
    """ASCII of the title up to 60 characters at a word, "-", 8 hex digits of the id's hash."""
    words = _dashed(_ascii(title))
    if len(words) > 60:
        words = words[:61].rpartition("-")[0] or words[:60]
    return "-".join(filter(None, (words, _hash8(id))))


@lru_cache(maxsize=4096)
def section_slug(name: str) -> str:
    """ASCII of a section's, tag's or author's name; with a hash where folding lost a character."""
    folded = _ascii(name)
    is_lossless = re.fullmatch("[a-z0-9]*", _NO_LOSS.sub("", folded)) and _dashed(folded)
    return (
        _dashed(folded) if is_lossless else "-".join(filter(None, (_dashed(folded), _hash8(name))))
    )


def plain_slug(name: str) -> str:
    """Words of a name with dashes between, as site generators make them: ASCII where it can be.

    Other scripts keep their letters, in lower case.
    """
    folded = _ascii(name)
    if _dashed(folded) and not re.search(r"[^\W_a-z0-9]", folded):
        return _dashed(folded)
    kept = _SILENT.sub("", unicodedata.normalize("NFC", name).lower())
    return re.sub(r"[\W_]+", "-", kept).strip("-")


def _ascii(text: str) -> str:
    """Without marks and case; letters of other scripts stay, for the caller to count."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f")


def _dashed(folded: str) -> str:
    return re.sub("[^a-z0-9]+", "-", _SILENT.sub("", folded)).strip("-")


def _hash8(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
