"""Templates and assets, a theme's laid over ours.

Entered by the pages for people and, for the assets, by publish through the registry. A theme is
a folder: a template in it takes the place of ours of that name, and reaches ours as
`feedsvc/<name>`; what lies in its `assets/` is published beside ours. It is read once, so that
all documents of a process are of one theme.
"""

from __future__ import annotations

import hashlib
import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FunctionLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)

from feedsvc.errors import BrokenTheme
from feedsvc.formats._words import words_for
from feedsvc.media_types import media_type_of

OURS = "feedsvc"  #: the prefix by which a theme reaches our own templates
ASSETS = "assets"
FEED_STYLE = "feed.css"
SUFFIX = ".j2"
Asset = tuple[bytes, str]  #: its bytes and their media type
_MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
_NAME = re.compile(r"(?!\.)[A-Za-z0-9._-]+(/(?!\.)[A-Za-z0-9._-]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What a theme's folder holds."""

    folder: str
    templates: Mapping[str, str]
    assets: Mapping[str, Asset]
    digest: str  #: of all of it


@cache
def theme_at(folder: str) -> Theme:
    """The theme in a folder; raises BrokenTheme where it is not one."""
    found = {name: _read(folder, name) for name in sorted(_names(folder))}
    told = "\n".join(f"{name} {hashlib.sha256(b).hexdigest()}" for name, b in found.items())
    return Theme(
        folder=folder,
        templates={n: _text(folder, n, b) for n, b in found.items() if n.endswith(SUFFIX)},
        assets={
            name.removeprefix(f"{ASSETS}/"): (body, _media_type(folder, name))
            for name, body in found.items()
            if name.startswith(f"{ASSETS}/")
        },
        digest=hashlib.sha256(told.encode()).hexdigest()[:16],
    )


def rendered(folder: str | None, template: str, values: Mapping[str, object]) -> str:
    """A template filled in; raises BrokenTheme, with file and line, where a theme's is at fault."""
    try:
        return _environment(folder).get_template(template).render(values)
    except BrokenTheme:
        raise
    except Exception as error:
        fault = _fault(folder, error) if folder else None
        if fault is None:
            raise
        raise fault from error


@cache
def laid_over(folder: str | None, language: str) -> Mapping[str, Asset]:
    """Our assets with a theme's laid over them; the style sheet of feeds speaks a language."""
    found = {**_own_assets(), **(theme_at(folder).assets if folder else {})}
    sheet, media_type = found[FEED_STYLE]
    return {**found, FEED_STYLE: (sheet + _sentences(language), media_type)}


def _own_assets() -> Mapping[str, Asset]:
    """The styles, the script and the icon that pages and feeds point to."""
    found = sorted(files(__package__).joinpath(ASSETS).iterdir(), key=lambda file: file.name)
    return {file.name: (file.read_bytes(), _media_type("", file.name)) for file in found}


def _sentences(language: str) -> bytes:
    """What the style sheet of feeds puts above a feed and above a list of feeds."""
    words = words_for(language)
    rules = (
        f"  --{key.replace('_', '-')}: {_quoted(words.plain(key))};\n"
        for key in ("feed_banner", "list_banner")
    )
    return f"\n:root {{\n{''.join(rules)}}}\n".encode()


def _quoted(text: str) -> str:
    """Text as a string of CSS."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


@cache
def _environment(folder: str | None) -> Environment:
    ours = PackageLoader(__package__)
    loaders: list[BaseLoader] = [ours, PrefixLoader({OURS: ours})]
    return Environment(
        loader=ChoiceLoader([_loader(theme_at(folder)), *loaders] if folder else loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _loader(theme: Theme) -> BaseLoader:
    """Gives each template its file's name, which errors then tell."""

    def find(name: str) -> tuple[str, str, None] | None:
        source = theme.templates.get(name)
        return None if source is None else (source, str(Path(theme.folder, name)), None)

    return FunctionLoader(find)


def _fault(folder: str, error: Exception) -> BrokenTheme | None:
    """What an error says of a theme's template; None where no template of it took part."""
    if isinstance(error, TemplateSyntaxError):
        name = error.filename or error.name or folder
        return BrokenTheme(name, error.lineno, error.message or "a template cannot be read")
    own = {str(Path(folder, name)) for name in theme_at(folder).templates}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in own]
    if not frames:
        return None
    reason = f"there is no template {error}" if isinstance(error, TemplateNotFound) else str(error)
    return BrokenTheme(frames[-1].filename, frames[-1].lineno, reason)


def _names(folder: str) -> Iterator[str]:
    """The files of a theme: its templates and assets, no dot files."""
    top = Path(folder)
    if not top.is_dir():
        raise BrokenTheme(folder, None, "is no folder; name one that holds templates or assets/")
    for file in top.rglob("*"):
        name = file.relative_to(top).as_posix()
        is_ours = name.endswith(SUFFIX) or name.startswith(f"{ASSETS}/")
        if is_ours and file.is_file() and not any(p.startswith(".") for p in name.split("/")):
            yield name


def _read(folder: str, name: str) -> bytes:
    try:
        return Path(folder, name).read_bytes()
    except OSError as error:
        raise BrokenTheme(str(Path(folder, name)), None, error.strerror or str(error)) from error


def _text(folder: str, name: str, body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise BrokenTheme(str(Path(folder, name)), line, "is not UTF-8; save it as UTF-8") from None


def _media_type(folder: str, name: str) -> str:
    """The media type of an asset, by the ending of its name."""
    suffix = name.rpartition(".")[2].lower()
    found = _MEDIA_TYPES.get(suffix) or media_type_of(name)
    if found is None or not _NAME.fullmatch(name):
        raise BrokenTheme(
            str(Path(folder, name)),
            None,
            "cannot be published; use a-z, 0-9, '-', '_' and '.', and an ending such as "
            f"{', '.join(sorted(_MEDIA_TYPES))}, png, jpg or webp",
        )
    return found
