"""Mail: single messages, mbox files, archives of mailing lists as pipermail writes them.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours.
Each message is an item, replies too. A broken one is refused with its line; the others are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.utils import parseaddr

from feedsvc.model import Author, DateRole, Markup, Media, RawDate, RawItem, Refused
from feedsvc.sources import _mime, _savedmail
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._text import refused, require_size, why_binary

NAME = "mail"
NAMES = (".eml", ".mbox", ".mbx", ".emlx")
FIRST = re.compile(
    rb"\s*From (?:[^\n]*\d\d?:\d\d[^\n]*\n(?=>?[\w-]+:)|[^\n]*\n(?=(?:[\w-]+:[^\n]*\n){2}))"
)
FROM = re.compile(rb"^From (?=[^\n]*\d\d?:\d\d)[^\n]*\n(?=>?[\w-]+:)", re.MULTILINE)
QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
HEAD = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
NAMED = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)
SURE = frozenset((b"received", b"message-id", b"mime-version", b"return-path", b"delivered-to"))
LIKELY = frozenset((b"from", b"subject", b"date"))
HIDDEN_ADDRESS = re.compile(r"^(\S+)\s+at\s+[\w.-]+\.\w+\s*(?:\((.*)\))?$")
OPTION = re.compile(r"\b(format|delsp)\s*=\s*\"?(\w+)", re.IGNORECASE)
APART = ">|# \t"  #: begin lines that are whole: quoted ones and indented ones
BULLET = re.compile(r"[*•–-]\s|\d{1,3}[.)]\s")
NARROWEST, WIDEST = 40, 80  #: characters of lines that a mail program broke
SIGNATURE = 15  #: lines of one at most
ENCODED = re.compile(r"^begin [0-7]{3,4} [^\n]+\n(?:[!-`][^\n]{0,62}\n)*?`?\n?end$", re.MULTILINE)
ARMOUR = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:\w+: [^\n]*\n)*")
SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----\n.*?^-----END PGP SIGNATURE-----$", re.M | re.S
)
SCRUBBED = re.compile(
    r"^-{10,} next part -{10,}\n[^\n]*(?:was scrubbed|attachment)[^\n]*\n((?:\w[\w-]*: ?[^\n]*\n?)*)",
    re.MULTILINE,
)
INLINE_PICTURE = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?(?:cid|data):[^>]*>", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s<>]{1,2000}")
KEPT = ("in-reply-to", "references", "list-id", "to")


def sniff(name: str, head: bytes) -> float:
    """Mail begins with the line of a mailbox, or with headers that only mail has."""
    start = head[:16384].replace(b"\r\n", b"\n").lstrip()
    if why_binary(head):
        return 0.0
    if FIRST.match(start):
        return 0.95
    if _has_headers(start):
        return 0.9
    if _savedmail.is_saved(head):
        return 0.85
    return 0.6 if name.casefold().endswith(NAMES) else 0.0


def _has_headers(start: bytes) -> bool:
    found = HEAD.match(start)
    names = {one.lower() for one in NAMED.findall(found[0])} if found else set()
    return bool(names & LIKELY and (names & SURE or names >= LIKELY))


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Iterator[RawItem | Refused]:
    """The messages of a mailbox or an archive in order; a single message is one of them.

    `line` is that of a message's first header. Raises BrokenSource beyond the size limit.
    """
    require_size(name, data, hints.limits)
    data = data.replace(b"\r\n", b"\n")
    if not (FIRST.match(data) or _has_headers(data.lstrip()[:16384])):
        data = _savedmail.as_message(data)
    position = 0
    for line, envelope, message in _messages(data):
        for piece in _read(name, position, line, envelope, message):
            position += isinstance(piece, RawItem)
            yield piece


def _messages(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Each message with its line and the line of the mailbox above it."""
    if not FIRST.match(data):
        lead = len(data) - len(data.lstrip())
        yield data.count(b"\n", 0, lead) + 1, "", data[lead:]
        return
    starts = [first.start() for first in (FIRST.match(data),) if first]
    starts += [m.start() for m in FROM.finditer(data) if m.start() > starts[0]]
    line = 1
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        envelope, _, message = data[start:end].lstrip().partition(b"\n")
        skipped = data[start:end].index(envelope)
        first = line + data.count(b"\n", start, start + skipped) + 1
        yield first, envelope.decode("ascii", "replace"), QUOTED_FROM.sub(rb"\1", message)
        line += data.count(b"\n", start, end)


def _read(
    name: str, position: int, line: int, envelope: str, data: bytes
) -> Iterator[RawItem | Refused]:
    try:
        message = _mime.parse(data)
        parts = _mime.digested(message) or [message]
        made = [_item(name, position + n, line, envelope, part) for n, part in enumerate(parts)]
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        # The standard library's parser is known to fail in all these ways on damaged mail.
        made = [None]
        reason = f"a message that cannot be read ({type(error).__name__})"
    else:
        reason = "a message with no subject and no text"
    found = [item for item in made if item]
    yield from found
    if not found:
        remedy = "export it once more from the mail program"
        yield refused(name, line, reason, remedy, data[:200].decode("utf-8", "replace"))


def _item(name: str, position: int, line: int, envelope: str, message: Message) -> RawItem | None:
    heads = _mime.Heads(message)
    title = heads.first("subject") or None
    body, markup = _body(message)
    body, files = _without_scrubbed(body) if markup is Markup.TEXT else (body, ())
    if not title and not body:
        return None
    tags = (tag.strip() for value in heads.all("keywords") for tag in value.split(","))
    return RawItem(
        source=name,
        position=position,
        line=line,
        title=title,
        body=body,
        markup=markup,
        dates=tuple(_dates(heads, envelope)),
        link=_link(heads),
        guid=heads.first("message-id").strip("<> ") or None,
        authors=tuple(_authors(heads)),
        tags=tuple(filter(None, tags)),
        media=files,
        language=heads.first("content-language").partition(",")[0].strip() or None,
        fields=tuple((key, value) for key in KEPT if (value := heads.first(key))),
    )


def _dates(heads: _mime.Heads, envelope: str) -> Iterator[RawDate]:
    """The date of writing; without one, when it was received."""
    if words := heads.first("date"):
        yield RawDate(words=words, name="Date")
        return
    received = (value.rpartition(";")[2].strip() for value in heads.all("received"))
    noted = re.search(r"\w{3} \w{3} [ \d]\d \d\d:\d\d.*", envelope)
    if words := next(received, "") or (noted[0] if noted else ""):
        yield RawDate(words=words, role=DateRole.CAPTURED, name="Received")


def _link(heads: _mime.Heads) -> str | None:
    said = heads.first("archived-at") or heads.first("list-archived-at")
    found = ADDRESS.search(said)
    return found[0] if found else None


def _authors(heads: _mime.Heads) -> Iterator[Author]:
    """Who wrote it. An address that an archive hid stays hidden."""
    words = heads.first("from") or heads.first("sender")
    if hidden := HIDDEN_ADDRESS.match(words):
        yield Author(name=(hidden[2] or "").strip(' "') or hidden[1])
        return
    name, address = parseaddr(words) if "@" in words else (words, "")
    name = name.strip(' "') or address.partition("@")[0] or words.strip(' "<>')
    if name:
        yield Author(name=name, email=address if "@" in address else None)


# -- text -----------------------------------------------------------------------------------------


def _body(message: Message) -> tuple[str, Markup]:
    """What a person reads: the HTML where there is some, else all plain text."""
    found = list(_mime.texts(message))
    for kind, _, words in found:
        if kind == "html" and words.strip():
            return INLINE_PICTURE.sub("", words).strip(), Markup.HTML
    plain = (_plain(words, part) for kind, part, words in found if kind == "plain")
    return "\n\n".join(filter(None, plain)), Markup.TEXT


def _plain(words: str, part: Message) -> str:
    """Plain text without signatures and encoded files, its lines whole again."""
    words = SIGNED.sub("", ARMOUR.sub("", ENCODED.sub("", words)))
    options = {k.lower(): v.lower() for k, v in OPTION.findall(str(part.get("Content-Type") or ""))}
    lines = _unsigned([line.rstrip("\r") for line in words.split("\n")])
    is_flowed = options.get("format") == "flowed"
    whole = _flowed(lines, options.get("delsp") == "yes") if is_flowed else _unwrapped(lines)
    return "\n".join(whole).strip()


def _unsigned(lines: list[str]) -> list[str]:
    """Without the signature at the end (RFC 3676 §4.3)."""
    for place in range(len(lines) - 1, max(-1, len(lines) - SIGNATURE - 3), -1):
        if lines[place] == "-- " or (lines[place].rstrip() == "--" and place):
            return lines[:place]
    return lines


def _flowed(lines: list[str], delsp: bool) -> Iterator[str]:
    """Lines that end in a blank go on in the next one of the same quotation (RFC 3676 §4)."""
    held, depth = "", 0
    for line in lines:
        quote = re.match(r">*", line)
        marks = quote[0] if quote else ""
        text = line[len(marks) :].removeprefix(" ")
        if held and len(marks) != depth:
            yield held
            held = ""
        start = held or (f"{marks} " if marks else "")
        depth = len(marks)
        if text.endswith(" ") and text != "-- ":
            held = start + (text[:-1] if delsp else text)
        else:
            yield start + text
            held = ""
    if held:
        yield held


def _unwrapped(lines: list[str]) -> Iterator[str]:
    """Lines that were broken because the next word found no room are one again."""
    apart = [not line or line[0] in APART for line in lines]
    prose = (len(line) for line, alone in zip(lines, apart, strict=True) if not alone)
    width = max((length for length in prose if length <= WIDEST), default=0)
    held, room = "", width  #: what is left of a line, blank included
    for line, alone in zip(lines, apart, strict=True):
        if (
            room < len(line.partition(" ")[0])
            and width >= NARROWEST
            and not (alone or BULLET.match(line))
        ):
            held = f"{held} {line}"
        else:
            yield held
            held = line
        room = WIDEST if alone else width - len(line) - 1
    yield held


def _without_scrubbed(body: str) -> tuple[str, tuple[Media, ...]]:
    """What pipermail put in place of attachments becomes files with an address."""
    files = []
    for notice in SCRUBBED.finditer(body):
        said = dict(re.findall(r"^(\w+): ?<?(.*?)>?$", notice[1], re.MULTILINE))
        url, kind = ADDRESS.search(said.get("URL", "")), said.get("Type", "")
        if url and "html" not in kind and not url[0].endswith((".html", ".htm")):
            media_type = kind if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) else None
            files.append(Media(url=url[0], media_type=media_type, title=said.get("Name") or None))
    return SCRUBBED.sub("", body).strip(), tuple(files)
