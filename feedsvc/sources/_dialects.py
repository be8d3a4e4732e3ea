"""What site makers and note takers write into Markdown, made plain Markdown.

Room: sources, private; for the readers of Markdown. Liquid and Nunjucks tags, shortcodes of Hugo,
wiki links and comments of Obsidian, comments of MDX: a picture, a link or code where they are one,
else dropped; what they enclose stays. Code is left alone. Work is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import basename

from feedsvc.sources._headings import FENCE, fence_is_open

LONGEST = 2_000_000  #: characters; nobody writes a longer one by hand
TRIGGERS = ("{%", "{{", "{:", "{#", "{/", "[[", "%%", "==", "[!")
EMBEDS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "youtubevideo": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "tweet": "https://x.com/i/status/{}",
    "twitter": "https://x.com/i/status/{}",
    "x": "https://x.com/i/status/{}",
}
SOURCES = ("src", "url", "href", "link", "file", "path", "image", "image_path")
PICTURE = re.compile(r"\S+\.(?:apng|avif|gif|jpe?g|png|svg|webp)(?:[?#]\S*)?", re.IGNORECASE)
FILE = re.compile(
    r"(?:https?://|/|\./)?\S+\.(?:mp3|m4a|ogg|opus|wav|mp4|webm|mov|pdf|zip)", re.IGNORECASE
)
BLOCK = r"(?:highlight|codeblock|code|raw|verbatim|comment)"
OPENS = re.compile(rf"\{{(?:%-?|\{{[<%])\s*({BLOCK})\b([^{{}}\n]{{0,500}}?)\s*(?:-?%|[>%]\}})\}}")
CLOSES = re.compile(rf"\{{(?:%-?\s*end{BLOCK}\s*-?%|\{{[<%]\s*/\s*{BLOCK}\s*[>%]\}})\}}")
AROUND = re.compile(rf"\n?[ \t]*(?:{OPENS.pattern}|{CLOSES.pattern})[ \t]*\n?")
LANGUAGE = re.compile(r"(?:lang(?:uage)?:)?([\w+#-]+)")
ARGUMENT = re.compile(
    r"""(?:([\w:-]{1,40})\s*=\s*)?(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s"'`=]+))"""
)
TOKEN = re.compile(
    r"(?P<code>(?P<ticks>`++)[^`\n]{1,500}+(?P=ticks))"
    r"|\{%-?\s*(?P<tag>[^\s{}%]{1,40})(?P<args>[^{}]{0,2000}?)-?%\}"
    r"|\{\{[<%]\s*(?P<call>[^\s{}<>%]{1,40})(?P<with>[^{}]{0,2000}?)/?\s*[>%]\}\}"
    r"|\{\{-?(?P<value>[^{}]{0,2000}?)-?\}\}"
    r"|(?P<embed>!?)\[\[(?P<note>[^\[\]\n|#]{0,300})(?:#[^\[\]\n|]{0,300})?"
    r"(?:\|(?P<words>[^\[\]\n]{0,300}))?\]\](?!\()"
    r"|(?P<gone>%%[^%]{0,5000}+%%|\{/\*[^{]{0,5000}?\*/\}|\{:[^{}\n]{0,300}\}|\{\#[\w:.-]{1,100}\}(?=[ \t]*$))"
    r"|(?<![=\w])==(?P<mark>[^\s=](?:[^=\n]{0,500}[^\s=])?+)==(?!=)"
    r"|^(?P<quote>[ \t]*>[ \t]*)\[!(?P<kind>\w{1,30})\][+-]?",
    re.MULTILINE,
)
LITERAL = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')""")
NOWHERE = re.compile(r"!?\[([^\[\]\n]{0,500})\]\(\s*(?:<\s*>)?\s*\)")
ESCAPED = re.compile(r"(\{\{[<%])/\*(.{0,500}?)\*/([>%]\}\})")


def plain_markdown(body: str) -> str:
    """`body` without any dialect; the same string where there is none. Raises nothing."""
    if len(body) > LONGEST or not _has_dialect(body):
        return body
    return "\n".join(
        ESCAPED.sub(r"\1\2\3", piece) if is_code else _translated(piece)
        for is_code, piece in _pieces(_blocks_apart(body))
    )


def _has_dialect(text: str) -> bool:
    return any(mark in text for mark in TRIGGERS)


def _blocks_apart(body: str) -> str:
    """With the tags around code on lines of their own."""
    return AROUND.sub(lambda tag: f"\n{tag[0].strip()}\n", body) if CLOSES.search(body) else body


def _pieces(body: str) -> Iterator[tuple[bool, str]]:
    """Code and the rest by turns; a block that never closes is code to the end."""
    rows: list[str] = []
    fence = ""
    for row in body.split("\n"):
        if opened := "" if fence else _opened(row):
            yield False, "\n".join(rows)
            rows, fence = [_first_row(row, opened)], opened
        elif fence and _is_closed(row, fence):
            is_gone = fence == "comment"
            yield True, "" if is_gone else "\n".join((*rows, _last_row(row, fence)))
            rows, fence = [], ""
        else:
            rows.append(row)
    yield bool(fence) and fence != "comment", "\n".join(rows)


def _opened(row: str) -> str:
    """What opens code in this row: a fence, or the name of a tag."""
    if "{" in row and (tag := OPENS.match(row.strip())):
        return tag[1]
    found = FENCE.match(row) if "`" in row or "~" in row else None
    return found[1] if found and fence_is_open(found) else ""


def _is_closed(row: str, fence: str) -> bool:
    if fence[0] not in "`~":
        return CLOSES.match(row.strip()) is not None
    found = FENCE.match(row)
    return found is not None and found[1].startswith(fence) and not found[2]


def _first_row(row: str, opened: str) -> str:
    if opened[0] in "`~":
        return row
    tag = OPENS.match(row.strip())
    language = LANGUAGE.match(tag[2].strip(" \"'")) if tag else None
    return (
        "" if opened in ("raw", "verbatim", "comment") else f"~~~~{language[1] if language else ''}"
    )


def _last_row(row: str, fence: str) -> str:
    if fence[0] in "`~":
        return row
    return "" if fence in ("raw", "verbatim") else "~~~~"


def _translated(piece: str) -> str:
    if not _has_dialect(piece):
        return piece
    translated = TOKEN.sub(_plain, piece)
    return NOWHERE.sub(r"\1", translated) if translated != piece else piece


def _plain(found: re.Match[str]) -> str:
    if found["code"]:
        return found[0]
    if found["tag"] or found["call"]:
        return _called(found["tag"] or found["call"], found["args"] or found["with"] or "")
    if found["value"] is not None:
        literal = LITERAL.match(found["value"])
        return (literal[1] or literal[2] or "") if literal else ""
    if found["note"] is not None:
        return _noted(found["note"].strip(), found["words"], is_embedded=bool(found["embed"]))
    if found["mark"]:
        return f"<mark>{found['mark']}</mark>"
    return found["quote"] or ""


def _noted(note: str, words: str | None, *, is_embedded: bool) -> str:
    """A wiki link as its words; an embedded picture as one: what follows it may be its size."""
    if is_embedded and PICTURE.fullmatch(note.replace(" ", "_")):
        alt = "" if not words or words.strip().replace("x", "").isdigit() else words.strip()
        return f"![{alt}](<{note}>)"
    return (words or note.rpartition("/")[2]).strip()


def _called(name: str, arguments: str) -> str:
    """What a tag or a shortcode shows."""
    named: dict[str, str] = {}
    others: list[str] = []
    for key, *written in ARGUMENT.findall(arguments):
        value = "".join(written)
        if key:
            named.setdefault(key.casefold(), value)
        else:
            others.append(value)
    embedded = EMBEDS.get(name.casefold())
    handle = named.get("id") or "/".join(others[: 2 if name == "gist" else 1])
    if embedded and handle and not handle.startswith(("http:", "https:")):
        return f"<{embedded.format(handle)}>"
    return _shown(name, named, others)


def _shown(name: str, named: Mapping[str, str], others: list[str]) -> str:
    source = next((named[key] for key in SOURCES if named.get(key)), "")
    source = source or next((o for o in others if PICTURE.fullmatch(o) or FILE.fullmatch(o)), "")
    caption = named.get("caption") or named.get("title") or ""
    words = named.get("alt") or caption
    if not source or name.startswith(("end", "/")):
        return ""
    if PICTURE.fullmatch(source) or name in ("figure", "img", "image"):
        words = words or " ".join(others[others.index(source) + 1 :] if source in others else ())
        shown = f"![{words}](<{source}>)"
        return f"{shown}\n*{caption}*" if caption and caption != words else shown
    return f"[{words or basename(source) or source}](<{source}>)"
