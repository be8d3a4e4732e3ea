"""The codec behind the name of an encoding, as documents use such names.

Room: sources, private; for readers of formats that declare their encoding. Imports nothing of ours.
"""

from __future__ import annotations

import codecs

#: what is written, and what it means in practice (WHATWG Encoding §4.2)
WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "johab": "cp949",
}
ALIASES = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-user-defined": "cp1252",
    "unicode": "utf-16",
    "iso-8859-8-i": "iso8859-8",
}


def codec_of(label: str | None) -> str | None:
    """The codec to read a declared encoding with; None for one that nobody knows."""
    name = (label or "").strip(" \t\r\n\"';").casefold()
    try:
        known = codecs.lookup(ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return WIDER.get(known, known)


def stateful(data: bytes, declared: str | None) -> str | None:
    """Text in an encoding that looks like ASCII, which any other test would take it for."""
    is_declared = declared in ("hz", "utf-7") or (declared or "").startswith("iso2022")
    if b"\x1b$" in data or b"\x1b(" in data:
        declared, is_declared = declared if is_declared else "iso2022_jp_ext", True
    return data.decode(declared, "replace") if is_declared and declared else None
