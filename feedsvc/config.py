"""Settings: from feedsvc.toml and the environment, checked whole before anything runs.

Room: config. All faults are told at once, each with its file, line and key, an unknown key
with the nearest known one. Paths in a settings file are relative to it.
Imports model and errors; imported by everyone above.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from feedsvc.errors import ConfigError, Fault
from feedsvc.model import (
    Author,
    Content,
    Criteria,
    Family,
    Limits,
    Link,
    Order,
    Podcast,
    Selection,
    Site,
)

FILE_NAME = "feedsvc.toml"
DEFAULT_BASE_URL = "http://127.0.0.1:8000"
DEFAULT_DATABASE = "instance/feedsvc.sqlite3"
RESERVED = frozenset({"assets", "entries", "media", "search"})  #: folders of documents of ours
ROOTS = tuple(f"/{name}/" for name in sorted(RESERVED))
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-[A-Za-z\d]{5,8})*")


def _base_url(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            "give a complete address such as https://example.com or https://example.com/news"
        )
    if parts.query or parts.fragment or parts.username:
        raise ValueError("an address without query, fragment or user name is needed")
    if not address.isascii() or re.search(r"[\s<>\"\\^`{|}]", address):
        raise ValueError("write it as a URI: host in its xn-- form, other characters %-encoded")
    return address.rstrip("/")


def _language(tag: str) -> str:
    if not LANGUAGE.fullmatch(tag):
        raise ValueError('not a language tag (BCP 47) such as "en", "uk" or "pt-BR"')
    return tag


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('not a time zone name such as "Europe/Kyiv" or "UTC"') from None
    return name


def _database_url(url: str) -> str:
    if not re.match(r"(sqlite|postgres|postgresql(\+psycopg)?)://", url):
        raise ValueError("use sqlite:///path/to/file or postgresql://user@host/name")
    return url


def _author(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _template(text: str) -> str:
    """A template that names its fields in braces, such as {slug}."""
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(f"{error}; write a field as {{slug}}") from None
    if not all(re.fullmatch(r"[\w.-]+", name) for name in names):
        raise ValueError("name every field in braces, such as {year} or {slug}")
    return text


def _link(text: str) -> str:
    if not re.match(r"https?://[^/{}\s]+", text) and not text.startswith(("/", "{")):
        raise ValueError('give an address such as "https://example.com/{year}/{month}/{slug}/"')
    return _template(text)


def _seconds(value: object) -> object:
    """A time such as "15m", "2h", "1d" or "90s" in seconds."""
    found = re.fullmatch(r"\s*(\d+)\s*([smhd])\s*", value) if isinstance(value, str) else None
    if isinstance(value, str) and not found:
        raise ValueError('write it as "15m", "2h" or "1d"')
    return int(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[found[2]] if found else value


def _days(value: object) -> object:
    """An age such as "90d" or "2w" in days."""
    found = re.fullmatch(r"\s*(\d+)\s*([dwy])\s*", value) if isinstance(value, str) else None
    if isinstance(value, str) and not found:
        raise ValueError('write it as "90d", "6w" or "1y"')
    return int(found[1]) * {"d": 1, "w": 7, "y": 365}[found[2]] if found else value


def _absolute(address: str) -> str:
    if not re.match(r"https?://[^/\s]+", address):
        raise ValueError("give a complete address such as https://example.com/picture.png")
    return address


def _folder(path: str) -> str:
    """A feed's folder: "" is the site's own."""
    path = path.strip("/")
    if not re.fullmatch(r"([a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*)?", path):
        raise ValueError('use a-z, 0-9, "-", "." and "_", with slashes between, such as "releases"')
    if path.partition("/")[0] in RESERVED or "/archive" in f"/{path}":
        raise ValueError(f"is taken: {', '.join(sorted(RESERVED))} and archive are ours")
    return path


def _document_path(path: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", path) or path.startswith(ROOTS):
        raise ValueError('give a path of a file such as "/feed.xml" or "/blog/index.xml"')
    return path


def _family_path(text: str) -> str:
    if text.count("{slug}") != 1 or "{" in text.replace("{slug}", ""):
        raise ValueError('give a folder with {slug} in it, such as "tags/{slug}"')
    return _folder(text.replace("{slug}", "slug")).replace("slug", "{slug}")


def _family_title(text: str) -> str:
    if "{" in text.replace("{name}", ""):
        raise ValueError('{name} is the only field a title may have, such as "Tagged {name}"')
    return text


def _paths(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Count = Annotated[int, Field(ge=1)]
FieldName = Literal[
    "title", "body", "summary", "link", "guid", "published", "updated", "captured", "expires",
    "section", "tags", "authors", "image", "files", "language", "status", "draft", "slug",
]  # fmt: skip
FieldPaths = Annotated[tuple[str, ...], BeforeValidator(_paths)]
Language = Annotated[str, AfterValidator(_language)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Weak = Literal["publish", "omit"]
Address = Annotated[str, AfterValidator(_absolute)]
Names = Annotated[tuple[str, ...], BeforeValidator(_paths)]
Category = Annotated[tuple[str, ...], BeforeValidator(_paths), Field(min_length=1, max_length=2)]


FAMILIES = (Family.SECTIONS, Family.TAGS, Family.AUTHORS, Family.LANGUAGES)


_TABLE = re.compile(r"\s*\[(\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*([\w."'-]+)\s*=""")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AuthorSettings(_Table):
    name: str = Field(min_length=1)
    email: str | None = None
    url: str | None = None

    def author(self) -> Author:
        return Author(name=self.name, email=self.email, url=self.url)


AuthorValue = Annotated[AuthorSettings, BeforeValidator(_author)]


class SiteSettings(_Table):
    """`[site]`: what the documents say of themselves, and where things are kept."""

    id: str | None = None
    title: str | None = Field(default=None, min_length=1)
    base_url: Annotated[str, AfterValidator(_base_url)] = DEFAULT_BASE_URL
    description: str = ""
    language: Language = "en"
    time_zone: TimeZone = "UTC"
    author: AuthorValue | None = None
    weak_dates: Weak = "publish"
    derived_titles: Weak = "publish"
    content: Content = Content.BOTH
    size: int = Field(default=50, ge=1, le=1000)
    max_bytes: int = Field(default=500_000, ge=10_000)
    archives: bool = True
    copyright: str = ""
    license: Address | None = None
    image: Address | None = None
    icon: Address | None = None
    theme: str | None = None
    search: bool = False
    ttl_minutes: int = Field(default=15, ge=1, le=10080)
    seeds: str | None = None
    ledger: str | None = None
    database_url: Annotated[str, AfterValidator(_database_url)] | None = None


class LimitSettings(_Table):
    """`[source.limits]`: what is too much of a source."""

    file_bytes: Count | None = None
    line_characters: Count | None = None
    items: Count | None = None
    dump_items: Count | None = None
    searched_characters: Count | None = None
    depth: Annotated[int, Field(ge=1, le=500)] | None = None
    attributes: Count | None = None
    members: Count | None = None
    unpacked_bytes: Count | None = None
    ratio: Count | None = None
    seconds: Count | None = None

    def limits(self) -> Limits:
        return Limits(**self.model_dump(exclude_none=True))


class SourceSettings(_Table):
    """`[[source]]`: how what `path` names is read: a file, a folder, a pattern, an address."""

    path: str = "."
    reader: str | None = None
    section: str | None = None  #: may hold {folder}
    link: Annotated[str, AfterValidator(_link)] | None = None
    id: Annotated[str, AfterValidator(_template)] | None = None
    fields: dict[FieldName, FieldPaths] | None = None
    every: Annotated[int, BeforeValidator(_seconds), Field(ge=60)] | None = None
    date_order: Literal["day-first", "month-first"] | None = None
    first_year: int | None = Field(default=None, ge=1, le=2100)
    limits: LimitSettings | None = None
    language: Language | None = None
    time_zone: TimeZone | None = None
    order: Order | None = None
    reference_date: Literal["git", "mtime"] | date | None = None
    author: AuthorValue | None = None
    id_prefix: str | None = None
    missing: Literal["keep", "remove"] | None = None

    @property
    def is_address(self) -> bool:
        """Whether the table names a source on the web, not files."""
        return self.path.startswith(("http://", "https://"))

    @property
    def limits_set(self) -> Limits:
        return self.limits.limits() if self.limits else Limits()

    def matches(self, name: str) -> bool:
        """Whether this table speaks of the source `name`; a folder speaks of all below it."""
        if self.is_address:
            return name == self.path
        pattern = self.path.removeprefix("./").rstrip("/")
        return pattern in ("", ".") or fnmatchcase(name, pattern) or name.startswith(f"{pattern}/")

    def over(self, other: SourceSettings) -> SourceSettings:
        """This table laid over another, key by key."""
        given = {key: getattr(self, key) for key in self.model_fields_set}
        return other.model_copy(update=given)

    def digest(self) -> str:
        """Of what is set: a key that a later version adds is no change of settings."""
        given = self.model_dump_json(exclude={"path"}, exclude_none=True)
        return hashlib.sha256(given.encode()).hexdigest()[:16]


class FamilySettings(_Table):
    """`[family.tags]` and the like: a feed for each tag that enough entries have."""

    on: bool = True
    min: int = Field(default=1, ge=1)  #: entries that a feed must have had
    path: Annotated[str, AfterValidator(_family_path)]
    title: Annotated[str, AfterValidator(_family_title)] = "{name}"


class FamiliesSettings(_Table):
    """`[family]`: the feeds that entries make by themselves."""

    sections: FamilySettings = FamilySettings(path="sections/{slug}")
    tags: FamilySettings = FamilySettings(path="tags/{slug}", min=3)
    authors: FamilySettings = FamilySettings(path="authors/{slug}", min=3)
    languages: FamilySettings = FamilySettings(path="languages/{slug}")

    @model_validator(mode="before")
    @classmethod
    def _with_defaults(cls, given: object) -> object:
        """A family keeps the keys that its table leaves out."""
        if not isinstance(given, dict):
            return given
        defaults = {name: field.default for name, field in cls.model_fields.items()}
        return {
            name: defaults[name].model_dump() | table
            if name in defaults and isinstance(table, dict)
            else table
            for name, table in given.items()
        }

    def of(self, family: Family) -> FamilySettings:
        """Sections, tags, authors or languages."""
        found: FamilySettings = getattr(self, family.value)
        return found


class CriteriaSettings(_Table):
    """`[feed.include]`, `[feed.exclude]`: what is asked of an entry."""

    sections: Names = ()
    tags: Names = ()
    authors: Names = ()
    languages: Names = ()
    words: Names = ()

    def criteria(self) -> Criteria:
        return Criteria(**self.model_dump())


class LinkSettings(_Table):
    url: Address
    title: str = ""


class OwnerSettings(_Table):
    name: str = Field(min_length=1)
    email: str = Field(pattern=r"^[^\s@<>()]+@[^\s@<>()]+$")


class PodcastSettings(_Table):
    """`[feed.podcast]`: marks a feed as a show."""

    guid: str | None = None
    categories: tuple[Category, ...] = Field(min_length=1)
    image: Address
    explicit: bool = False
    author: str | None = None
    owner: OwnerSettings | None = None
    type: Literal["episodic", "serial"] = "episodic"
    medium: Literal[
        "podcast", "music", "video", "film", "audiobook", "newsletter", "blog"
    ] = "podcast"  # fmt: skip
    locked: bool | None = None
    funding: tuple[LinkSettings, ...] = ()
    persons: tuple[AuthorValue, ...] = ()
    new_feed_url: Address | None = None
    finished: bool = False

    def podcast(self, guid: str) -> Podcast:
        """The show; `guid` where the settings give none."""
        owner = self.owner
        return Podcast(
            guid=self.guid or guid,
            categories=self.categories,
            image=self.image,
            is_explicit=self.explicit,
            author=self.author,
            owner=Author(name=owner.name, email=owner.email) if owner else None,
            kind=self.type,
            medium=self.medium,
            locked=self.locked,
            funding=tuple(Link(url=one.url, title=one.title) for one in self.funding),
            persons=tuple(one.author() for one in self.persons),
            new_feed_url=self.new_feed_url,
            is_finished=self.finished,
        )


class FeedSettings(_Table):
    """`[[feed]]`: a feed of its own, or more about one that there is."""

    path: Annotated[str, AfterValidator(_folder)]
    title: str | None = Field(default=None, min_length=1)
    description: str | None = None
    language: Language | None = None
    author: AuthorValue | None = None
    image: Address | None = None
    include: CriteriaSettings = CriteriaSettings()
    exclude: CriteriaSettings = CriteriaSettings()
    since: date | None = None
    age: Annotated[int, BeforeValidator(_days), Field(ge=1)] | None = None
    size: int | None = Field(default=None, ge=1, le=1000)
    max_bytes: int | None = Field(default=None, ge=10_000)
    content: Content | None = None
    archives: bool | None = None
    also_at: tuple[Annotated[str, AfterValidator(_document_path)], ...] = ()
    podcast: PodcastSettings | None = None

    @property
    def name(self) -> str:
        """Its title, else the end of its path made readable."""
        return self.title or self.path.rpartition("/")[2].replace("-", " ").capitalize()

    def selection(self) -> Selection:
        return Selection(
            include=self.include.criteria(), exclude=self.exclude.criteria(), since=self.since
        )


class ServerSettings(_Table):
    """`[server]`: how `serve` listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=256)
    ingest_at_start: bool = True
    strict: bool = True  #: what `check` finds faulty is not published


class BuildSettings(_Table):
    """`[build]`: what `build` writes."""

    out: str = "public"
    precompress: bool = False
    strict: bool = False  #: what `check` finds faulty is not written
    pages: bool = True
    prefix: str = ""


class Settings(_Table):
    """Everything a person can set. `folder` is where relative paths start."""

    site: SiteSettings = SiteSettings()
    source: tuple[SourceSettings, ...] = ()
    family: FamiliesSettings = FamiliesSettings()
    feed: tuple[FeedSettings, ...] = ()
    server: ServerSettings = ServerSettings()
    build: BuildSettings = BuildSettings()

    def for_source(self, name: str) -> SourceSettings:
        """The settings of one source: the site's own, then every matching table, the last on top."""
        settings = SourceSettings(language=self.site.language, time_zone=self.site.time_zone)
        for table in self.source:
            if table.matches(name):
                settings = table.over(settings)
        return settings

    def below(self, folder: Path, seeds: Path) -> Self:
        """The same with source paths, written relative to the file, relative to the seeds."""
        try:
            prefix = seeds.resolve().relative_to(folder.resolve()).as_posix() + "/"
        except ValueError:
            return self
        tables = [
            table.model_copy(update={"path": table.path.removeprefix("./").removeprefix(prefix)})
            for table in self.source
        ]
        return self.model_copy(update={"source": tuple(tables)})

    def refined(self, every_source: Mapping[str, object]) -> Self:
        """The same with keys for every source laid over all tables; None values are left out."""
        given = {key: value for key, value in every_source.items() if value is not None}
        try:
            table = SourceSettings.model_validate(given)
        except ValidationError as error:
            raise ConfigError([_fault("command line", "", e) for e in error.errors()]) from error
        return self.model_copy(update={"source": (*self.source, table)})

    def described(self, *, site_id: str, title: str) -> Site:
        """The part of the settings that documents show."""
        own = self.site
        return Site(
            id=own.id or site_id,
            title=own.title or title,
            base_url=own.base_url,
            description=own.description,
            language=own.language,
            author=own.author.author() if own.author else None,
            publish_weak_dates=own.weak_dates == "publish",
            publish_derived_titles=own.derived_titles == "publish",
            ttl_minutes=own.ttl_minutes,
            copyright=own.copyright,
            license=own.license,
            image=own.image,
            icon=own.icon,
            theme=own.theme,
            has_search=own.search,
        )

    @model_validator(mode="after")
    def _addresses_are_one_feeds(self) -> Self:
        """No two feeds may have one address."""
        paths = [feed.path for feed in self.feed]
        aliases = [path for feed in self.feed for path in feed.also_at]
        twice = sorted({f'path "{p}"' for p in paths if paths.count(p) > 1})
        twice += sorted({f'also_at "{p}"' for p in aliases if aliases.count(p) > 1})
        if twice:
            raise ValueError(f"two [[feed]] tables have {', '.join(twice)}; keep one")
        return self

    def is_named(self, table: FeedSettings) -> bool:
        """Whether a table makes a feed of its own, and does not refine one that there is."""
        return bool(table.path) and self.family_of(table.path) is None

    def family_of(self, path: str) -> Family | None:
        """The family whose feeds have such a path; None for any other path."""
        for family in FAMILIES:
            before, _, after = map(re.escape, self.family.of(family).path.partition("{slug}"))
            if re.fullmatch(f"{before}[^/]+{after}", path):
                return family
        return None


def load(file: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings; `file` None means defaults and environment alone.

    Raises ConfigError with every fault found.
    """
    text = _text(file) if file else ""
    name = str(file) if file else "environment"
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_toml_fault(name, error)]) from error
    if file:
        _anchor_paths(tables, file.parent)
    given = _overlay(tables, environ)
    try:
        return Settings.model_validate(tables)
    except ValidationError as error:
        faults = [_fault(name, text, item, given) for item in error.errors()]
        raise ConfigError(faults) from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"cannot be read: {error.strerror}; check the path and its permissions"
        raise ConfigError([Fault(message=message, file=str(file))]) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            [Fault(message="is not UTF-8 text; save it as UTF-8", file=str(file))]
        ) from error


def _toml_fault(name: str, error: tomllib.TOMLDecodeError) -> Fault:
    line = re.search(r"line (\d+)", str(error))
    return Fault(message=f"not TOML: {error}", file=name, line=int(line[1]) if line else None)


def _anchor_paths(tables: dict[str, Any], folder: Path) -> None:
    """Make the paths in a settings file relative to it."""
    for table, key in (
        ("site", "seeds"),
        ("site", "ledger"),
        ("site", "theme"),
        ("build", "out"),
    ):
        values = tables.get(table)
        if isinstance(values, dict) and isinstance(values.get(key), str):
            values[key] = str(folder / values[key])
    site = tables.get("site")
    url = site.get("database_url") if isinstance(site, dict) else None
    if isinstance(url, str) and (path := re.fullmatch(r"sqlite:///(?!/|:memory:)(.+)", url)):
        tables["site"]["database_url"] = f"sqlite:///{folder / path[1]}"


def environment_keys() -> Iterator[tuple[str, str, str]]:
    """Every (variable, table, key) that the environment may set."""
    for table in ("site", "server", "build"):
        model = Settings.model_fields[table].default
        for key in type(model).model_fields:
            yield f"FEEDSVC_{key.upper()}", table, key


def _overlay(tables: dict[str, Any], environ: Mapping[str, str]) -> dict[tuple[Any, ...], str]:
    """Lay the environment over the tables; which variable gave which key."""
    given = {}
    for variable, table, key in environment_keys():
        value = environ.get(variable)
        if value and isinstance(tables.setdefault(table, {}), dict):
            tables[table][key] = value
            given[table, key] = variable
    return given


def _fault(
    name: str, text: str, item: Any, given: Mapping[tuple[Any, ...], str] | None = None
) -> Fault:
    location = tuple(item["loc"])
    message = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        message = "unknown setting" + _nearest(location)
    if variable := (given or {}).get(location[:2]):
        return Fault(message=message, file="environment", key=variable)
    key = ".".join(str(part) for part in location if not isinstance(part, int))
    return Fault(message=message, file=name, line=_line_of(text, location), key=key)


def _nearest(location: tuple[Any, ...]) -> str:
    model: type[BaseModel] = Settings
    for part in (part for part in location[:-1] if isinstance(part, str)):
        annotation = model.model_fields[part].annotation
        inner = [arg for arg in (annotation, *get_args(annotation)) if isinstance(arg, type)]
        model = next(arg for arg in inner if issubclass(arg, BaseModel))
    near = difflib.get_close_matches(str(location[-1]), model.model_fields, n=1, cutoff=0.5)
    return (
        f'; did you mean "{near[0]}"?' if near else f"; known here: {', '.join(model.model_fields)}"
    )


def _line_of(text: str, location: tuple[Any, ...]) -> int | None:
    """The 1-based line of a key such as ("source", 1, "order"), or of the table it belongs in."""
    names = tuple(part for part in location if isinstance(part, str))
    index = next((part for part in location if isinstance(part, int)), 0)
    header: tuple[str, ...] = ()
    seen, depth, best = -1, 0, None
    for number, line in enumerate(text.splitlines(), 1):
        if table := _TABLE.match(line):
            path = header = _dotted(table[2])
            seen += bool(table[1]) and header == names[:1]
        elif key := _KEY.match(line):
            path = header + _dotted(key[1])
        else:
            continue
        if seen in (-1, index) and depth < len(path) and path == names[: len(path)]:
            depth, best = len(path), number
    return best


def _dotted(key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in key.split("."))


def locate(given: str | None, seeds: Path, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The settings file: the one given, FEEDSVC_CONFIG, ./feedsvc.toml, then the seeds folder's."""
    chosen = given or environ.get("FEEDSVC_CONFIG")
    if chosen:
        return Path(chosen)
    return next((file for file in (Path(FILE_NAME), seeds / FILE_NAME) if file.is_file()), None)


class Located(_Table):
    """Settings together with where they were found."""

    settings: Settings
    file: Path | None
    seeds: Path

    @classmethod
    def find(
        cls, given: str | None, seeds: Path | None, environ: Mapping[str, str] = os.environ
    ) -> Self:
        """Find and load; `seeds` is what the command line named, else a setting, else ./seeds."""
        start = seeds or Path(environ.get("FEEDSVC_SEEDS") or "seeds")
        file = locate(given, start, environ)
        settings = load(file, environ)
        folder = seeds or (Path(settings.site.seeds) if settings.site.seeds else start)
        if file:
            settings = settings.below(file.parent, folder)
        return cls(settings=settings, file=file, seeds=folder)

    @property
    def title(self) -> str:
        """The site's title, else the seeds folder's name made readable."""
        name = self.seeds.resolve().name.replace("-", " ").replace("_", " ").strip()
        return self.settings.site.title or (name[:1].upper() + name[1:]) or "Feeds"

    @property
    def database_url(self) -> str:
        return self.settings.site.database_url or f"sqlite:///{DEFAULT_DATABASE}"

    @property
    def ledger(self) -> Path | None:
        return Path(self.settings.site.ledger) if self.settings.site.ledger else None

    @property
    def corrections(self) -> Path:
        return self.seeds / "corrections.toml"
