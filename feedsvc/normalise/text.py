"""Text hygiene: what may stand in a document, and what two texts are compared by.

Room: normalise. Pure. Imports nothing of ours; called by everyone in the room.

Every text comes out in NFC, of characters that XML 1.0 allows and its §2.2 does not
discourage, with UTF-8 that was once read as cp1252 or Latin-1 put right where that is certain.
"""

from __future__ import annotations

import re
import unicodedata

_CP1252 = {
    byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)
}  # C1 controls mean these in practice; five bytes mean nothing
_HIGH = "".join(_CP1252.values())
_BYTES = {ord(char): byte for byte, char in _CP1252.items() if char}

_NONCHARACTERS = "".join(
    chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF)
)
_NEVER = f"\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffd-\uffff{_NONCHARACTERS}"
_UNWANTED = re.compile(f"[{_NEVER}]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
_C1 = re.compile("[\x80-\x9f]")
_PLAIN = re.compile(r"[\t\n\x20-\x7e]*").fullmatch
_BLANKS = re.compile(r"\s{2,}|[^\S\u00a0\u202f]")

# A run that could be UTF-8 read as cp1252: a lead byte's character, then continuation bytes'.
_CONTINUATION = f"[\x80-\xbf{_HIGH}]"
_SEQUENCE = (
    f"[\xc2-\xdf]{_CONTINUATION}|[\xe0-\xef]{_CONTINUATION}{{2}}|[\xf0-\xf4]{_CONTINUATION}{{3}}"
)
_RUN = re.compile(f"(?:{_SEQUENCE})+")
# The beginning of such a run in UTF-8: bytes search far faster than characters.
_DOUBTFUL = re.compile(rb"\xc3[\x82-\xb4](?:[\xc2\xc5\xcb]|\xc6\x92|\xe2[\x80\x82\x84])").search
_SPLIT = re.compile(f"(?<=\xe2)\xc2?([\x80\u20ac])\xc2?([\x80-\x9f{_HIGH}])")  # âÂ€Â™
_LOWER, _UPPER = re.compile("[a-z]").match, re.compile("[A-Z]").match
# What no language writes: punctuation, currency and symbols of UTF-8 behind its first two bytes.
_TELLTALE = re.compile("\xe2[\x80\u20ac]|\xe2\u201a\xac|\xe2\u201e\xa2|\xef\xbb\xbf|\xf0\u0178")
_LETTERS_IN_CAPITALS = "\u0192\u0153\u02c6\u02dc\u0160\u0161\u20ac\u2030\u2021"  # ƒœˆ˜Šš€‰‡
_AFTER_A_WORD = (
    "\u2018\u2019\u201c\u201d\u201a\u201e\u2026\u2013\u2014\u2022\xab\xbb\u2039\u203a\xb7\xa0"
)


def clean(text: str) -> str:
    """One line: runs of blanks folded to one, ends trimmed. Idempotent."""
    return fold_blanks(clean_block(text))


def fold_blanks(text: str) -> str:
    """Runs of blanks as one, ends trimmed; a single no-break space is typography and stays."""
    if "\xa0" in text or "\u202f" in text:
        return _BLANKS.sub(" ", text).strip()
    return " ".join(text.split())


def clean_block(text: str) -> str:
    """The same text with line feeds kept (CR, VT, FF and U+2028 become one). Idempotent."""
    while not _PLAIN(text) and not _is_right(text):
        cleaned = _clean_once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _is_right(text: str) -> bool:
    """A quick look: surely nothing to do, as with most texts."""
    if not unicodedata.is_normalized("NFC", text) or "\ufffd" in text:
        return False
    if _DOUBTFUL(text.encode("utf-8", "replace")):
        return False
    for blank in "\n\t\xa0\u202f":
        text = text.replace(blank, " ")
    return text.isprintable()


def _clean_once(text: str) -> str:
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    text = _SPLIT.sub(r"\1\2", text)
    if _RUN.search(text):
        text = _repair(text)
    return _C1.sub(lambda found: _CP1252[ord(found[0])], text)


def _repair(text: str) -> str:
    """Undo UTF-8 read as cp1252 or Latin-1, run by run, where nothing else can be meant.

    A lead character that gave itself away once is believed in the rest of the text.
    """
    runs = [(run, decoded) for run in _RUN.finditer(text) if (decoded := _decoded(run[0]))]
    proven = {run[0][0] for run, decoded in runs if _is_certain(run, decoded)}
    parts, end = [], 0
    for run, decoded in runs:
        if run[0][0] in proven:
            parts += [text[end : run.start()], decoded]
            end = run.end()
    return "".join((*parts, text[end:]))


def _decoded(run: str) -> str:
    try:
        return run.translate(_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _is_certain(run: re.Match[str], decoded: str) -> bool:
    """Whether a run that decodes as UTF-8 can be no right text of any language."""
    if _TELLTALE.match(run[0]) or len(decoded) > 2:
        return not _C1.search(decoded)
    if run[0][0] not in "\xc2\xc3\xc4\xc5\xd0\xd1" or not (
        decoded[0].isprintable() or decoded[0] == "\xa0"
    ):
        return False
    before, after = run.string[: run.start()][-1:], run.string[run.end() :][:1]
    return _fits(run[0], decoded, before, after)


def _fits(run: str, decoded: str, before: str, after: str) -> bool:
    """Whether capital and symbol between these neighbours are the wreck of one character.

    `cafÃ©`, `Ã‰tat`, `SÃ£o`, `MÃœLLER`; never `MAÇÃ”`, `AMANHÃ—disse`, `MUÂ»`.
    """
    if run[0] == "\xc2":
        return bool(run[1] in "\xa3\xa5\xa9\xab\xae\xb0\xb7\xbb\xa0" and not before.isupper())
    if not decoded[0].isalpha():
        return False
    if _UPPER(before):
        in_capitals = run[1] in _LETTERS_IN_CAPITALS and bool(_UPPER(after))
        return in_capitals or bool(_LOWER(after) and run[1] not in _AFTER_A_WORD)
    return bool(_LOWER(before) or (not before.isalpha() and _LOWER(after)))


_QUOTES = "'\"`\xb4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u2039\u203a\xab\xbb\u300c\u300d\u300e\u300f"
_INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_FOLDED = dict.fromkeys(_QUOTES + _INVISIBLE, "") | dict.fromkeys(_DASHES, "-")
_FOLDED_ASCII = {char: folded for char, folded in _FOLDED.items() if char.isascii()}
_GUILLEMETS = re.compile("(?<=[\xab\u2039])\\s+|\\s+(?=[\xbb\u203a])")


def fold(text: str) -> str:
    """What is left when case, quotes, lengths of dashes, blanks and normal forms do not count.

    One line, for matching alone.
    """
    text = clean_block(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _bare(_tight(text))).casefold()
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_bare(text.lower()).split())


def _bare(text: str) -> str:
    # One search a character is twenty times faster than one table for all.
    for char, folded in (_FOLDED_ASCII if text.isascii() else _FOLDED).items():
        text = text.replace(char, folded)
    return text


def _tight(text: str) -> str:
    """`« mot »` as `«mot»`."""
    return (
        _GUILLEMETS.sub("", text) if any(mark in text for mark in "\xab\xbb\u2039\u203a") else text
    )
