"""The command line: a few lines of glue a command.

Room: cli, a door. Exit codes: 0 fine, 1 something was refused or found wrong, 2 wrong usage
or settings. Whatever a command needs is imported when it runs, so that `--help` is quick.
Imports service, tell, rows, server, export, starter.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedsvc import __version__
from feedsvc.errors import ConfigError, FeedsvcError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from feedsvc.check import Finding
    from feedsvc.export import Exported
    from feedsvc.intake import Report, SourceReport
    from feedsvc.model import Entry, Feed, Site
    from feedsvc.review import Doubt
    from feedsvc.service import Service


PIPED_WIDTH = 120  #: columns of a table that goes into a file or another program


@contextmanager
def _told() -> Iterator[None]:
    """A known failure becomes its message and an exit code."""
    try:
        yield
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except FeedsvcError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:  # whoever reads our output has enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        remedy = "check the space and the permissions there, then run it again"
        click.echo(f"{where}{error.strerror or error}; {remedy}", err=True)
        sys.exit(1)


def _command(**options: Any) -> Callable[[Callable[..., None]], click.Command]:
    """A command that takes --config and tells known failures."""

    def decorate(function: Callable[..., None]) -> click.Command:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            with _told():
                function(*args, **kwargs)

        config = click.option("--config", metavar="FILE", help="Settings file (or FEEDSVC_CONFIG).")
        command: click.Command = main.command(**options)(config(run))
        return command

    return decorate


def _paths(*, required: bool = False) -> Callable[[Any], Any]:
    kind = click.Path(exists=True, path_type=Path, allow_dash=True)
    return click.argument("paths", nargs=-1, required=required, type=kind, metavar="[PATH]...")


_format = click.option(
    "--format", type=click.Choice(["table", "jsonl", "json"]), default="table", show_default=True
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feedsvc")
def main() -> None:
    """Publish raw items as dated RSS, Atom and JSON feeds with permanent ids."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a letter gets its number
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@_command()
@_paths()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: 8000]")
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes.  [default: 1]")
def serve(
    config: str | None,
    paths: Sequence[Path],
    host: str | None,
    port: int | None,
    workers: int | None,
) -> None:
    """Ingest the seeds, then serve the feeds."""
    from feedsvc import server

    service = _open(config, paths)
    given = {"host": host, "port": port, "workers": workers}
    settings = service.located.settings.server.model_copy(
        update={key: value for key, value in given.items() if value is not None}
    )
    server.require_free(settings.host, settings.port)
    if settings.ingest_at_start:
        _ingest(service, quiet=True)
    _echo_addresses(service.site, service.publisher().feeds())
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"serving on http://{host}:{settings.port}/  (Ctrl+C stops)")
    server.run(service, settings)


@_command()
@_paths()
@click.option("--out", type=click.Path(path_type=Path), help="Output folder.  [default: public]")
@click.option("--base-url", help="Where the output will be published.")
@click.option("--precompress/--no-precompress", default=None, help="Write .gz, .br and .zst too.")
@click.option("--strict/--no-strict", default=None, help="Write no faulty document.")
@click.option("--yes", is_flag=True, help="Publish even when much of the old would change.")
def build(
    config: str | None,
    paths: Sequence[Path],
    out: Path | None,
    base_url: str | None,
    precompress: bool | None,
    strict: bool | None,
    yes: bool,
) -> None:
    """Ingest the seeds, then write every document to a folder."""
    from feedsvc.export import export

    service = _open(config, paths, base_url=base_url)
    report = _ingest(service, quiet=True, yes=yes)
    settings = service.located.settings.build
    publisher = service.publisher(is_strict=settings.strict if strict is None else strict)
    folder = out or Path(settings.out)
    result = export(
        publisher,
        folder,
        precompress=settings.precompress if precompress is None else precompress,
        pages=settings.pages,
        prefix=settings.prefix,
    )
    for fault in service.lacking(publisher):
        click.echo(fault, err=True)
    _echo_addresses(publisher.site, publisher.feeds())
    _echo_alternates(publisher.site, publisher.feeds()[0])
    _echo_exported(service, report, result, folder)
    sys.exit(0 if report.is_clean and not result.refused else 1)


@_command(name="read")
@_paths(required=True)
@click.option("--reference-date", metavar="DAY", help="When the sources were captured.")
@click.option("--time-zone", metavar="ZONE", help='Such as "Europe/Kyiv".')
@click.option("--language", metavar="TAG", help='Such as "en".')
@click.option(
    "--format", type=click.Choice(["table", "jsonl", "json"]), default="jsonl", show_default=True
)
def read_command(
    config: str | None,
    paths: Sequence[Path],
    reference_date: str | None,
    time_zone: str | None,
    language: str | None,
    format: str,
) -> None:
    """Read and normalise without keeping; the entries go to standard output."""
    overrides = {
        "reference_date": reference_date,
        "time_zone": time_zone,
        "language": language,
    }
    service = _open(config, paths, database_url="sqlite://", every_source=overrides)
    report = service.ingest()
    _echo_unread(report)
    order = {source.name: n for n, source in enumerate(report.sources)}
    with service.store.snapshot() as snapshot:
        kept = sorted(
            snapshot.all_entries(), key=lambda e: (order[e.source], e.line or 0, -e.place)
        )
    _echo_entries(service, kept, format)
    sys.exit(0 if report.is_clean else 1)


@_command(name="ingest")
@_paths()
@click.option("--dry-run", is_flag=True, help="Tell what would change; keep nothing.")
@click.option("--again", is_flag=True, help="Read unchanged sources too.")
@click.option("--yes", is_flag=True, help="Publish even when much of the old would change.")
def ingest_command(
    config: str | None, paths: Sequence[Path], dry_run: bool, again: bool, yes: bool
) -> None:
    """Read, normalise and keep; tell what became of every item."""
    service = _open(config, paths, is_looking=dry_run)
    report = _ingest(service, dry_run=dry_run, again=again, yes=yes)
    sys.exit(0 if report.is_clean else 1)


@_command()
@_format
@click.option("--duplicates", is_flag=True, help="Entries that appear more than once, and where.")
@click.option("--quarantined", is_flag=True, help="What could not become an entry, and why.")
def entries(config: str | None, format: str, duplicates: bool, quarantined: bool) -> None:
    """List what is kept, in the order of the site's feed."""
    from feedsvc import tell
    from feedsvc.rows import refused_row

    service = _look(config)
    with service.store.snapshot() as snapshot:
        if quarantined:
            refused = snapshot.refused()
            _echo_rows(format, lambda: tell.refused_table(refused), map(refused_row, refused))
        elif duplicates:
            twice = [entry for entry, _ in snapshot.appearances()]
            _echo_entries(service, twice, format, tell.places_table)
        else:
            _echo_entries(service, snapshot.all_entries(), format)


@_command()
@click.argument("words", metavar="ID_OR_WORDS", nargs=-1, required=True)
def explain(config: str | None, words: Sequence[str]) -> None:
    """Why this id, this title, this date: every candidate, and which won."""
    from feedsvc import tell

    service, asked = _look(config), " ".join(words)
    with service.store.snapshot() as snapshot:
        found = snapshot.find(asked) or snapshot.find(asked, is_held=True)
        stories = [snapshot.story(entry.id) for entry in found[:5]]
        refused = [] if found else tell.about(snapshot.refused(), asked)
        if not (found or refused):
            _found(found, asked)
    for story in filter(None, stories):
        tell.explain(_console(), story, service.site)
    for one in refused:
        click.echo(f"quarantined: {one}")


@_command()
@click.option("--most", default=50, show_default=True, help="Entries to walk through at most.")
def review(config: str | None, most: int) -> None:
    """Walk through the weakest dates first: accept, choose, set or skip each with one key."""
    from feedsvc import review as walk

    service = _look(config)
    with service.store.snapshot() as snapshot:
        doubts = list(walk.doubts(snapshot, most))
    decided = 0
    for n, doubt in enumerate(doubts, 1):
        day = _asked(doubt, f"{n} of {len(doubts)}")
        if day == QUIT:
            break
        if day:
            _write_correction(service, doubt.entry.id, {"published": day})
            decided += 1
    click.echo(f"{decided} decided, {len(doubts) - decided} left as they were")
    if decided:
        _ingest(service)


@_command()
@click.argument("id")
@click.option("--published", metavar="DAY", help="A day, or a moment with its offset.")
@click.option("--title")
@click.option("--summary")
@click.option("--content", metavar="TEXT", help="Markdown.")
@click.option("--updated", metavar="DAY", help="A day, or a moment with its offset.")
@click.option("--link")
@click.option("--image", metavar="URL", help='Its picture; "" takes it away.')
@click.option("--section")
@click.option("--language")
@click.option("--tag", "tags", multiple=True, help="May be given several times.")
@click.option("--author", "authors", multiple=True, help="May be given several times.")
@click.option("--note", help="Why, for people.")
def correct(config: str | None, id: str, **changes: Any) -> None:
    """Say what is true of an entry; kept in corrections.toml, above all rules."""
    given = {
        key: list(value) if isinstance(value, tuple) else value for key, value in changes.items()
    }
    given = {key: value for key, value in given.items() if value or (key, value) == ("image", "")}
    if not given:
        raise click.UsageError("say what is true, such as --published 2023-12-20")
    _correct(_look(config), id, given)


@_command()
@click.argument("id")
@click.option("--reason", default="", help="Shown to readers in the tombstone.")
@click.option("--undo", is_flag=True, help="Bring it back.")
def remove(config: str | None, id: str, reason: str, undo: bool) -> None:
    """Take an entry back, for good: neither a re-read nor a fresh database brings it back."""
    now = None if undo else datetime.now(UTC).replace(microsecond=0)
    _correct(_look(config), id, {"removed": now, "reason": reason or None})


@main.command()
@click.argument("places", nargs=-1, required=True, metavar="FILE_OR_URL_OR_DIR...")
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Fail on advice too.")
def check(places: Sequence[str], format: str, strict: bool) -> None:
    """Tell whether a feed is valid, and what a reader would trip over; `-` is standard input."""
    from feedsvc import tell_findings

    with _told():
        now = datetime.now(UTC)
        findings = [finding for place in _there(places) for finding in _findings(place, now)]
        told = tell_findings.finding_json if format == "json" else tell_findings.finding_text
        click.echo(told(findings))
        sys.exit(1 if tell_findings.is_faulty(findings, strict=strict) else 0)


@main.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Write a commented feedsvc.toml and a first seed; existing files stay."""
    from feedsvc.starter import start

    with _told():
        for line in start(folder):
            click.echo(line)


def _is_address(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))


def _there(places: Sequence[str]) -> Sequence[str]:
    """The places as given. A path that is not there is wrong usage."""
    for place in places:
        if place != "-" and not _is_address(place) and not Path(place).exists():
            raise click.UsageError(f"{place} is not there; name a file, a folder or an address")
    return places


def _findings(place: str, now: datetime) -> Sequence[Finding]:
    from feedsvc.check import check_document
    from feedsvc.check.folder import check_folder
    from feedsvc.probe import probe

    if _is_address(place):
        return probe(place, now=now)
    if place == "-":
        return check_document(sys.stdin.buffer.read(), now=now)
    path = Path(place)
    if path.is_dir():
        found = check_folder(path, now=now)
        return [replace(one, document=str(path / one.document)) for one in found]
    return check_document(path.read_bytes(), name=place, now=now)


def _open(config: str | None, paths: Sequence[Path] = (), **options: Any) -> Service:
    from feedsvc.service import Service

    service = Service.open(config, paths, **options)
    click.get_current_context().call_on_close(service.store.close)
    return service


def _look(config: str | None) -> Service:
    """The site as it is kept; told when nothing is."""
    service = _open(config, is_looking=True)
    if service.is_empty:
        where = service.located.database_url
        click.echo(f"nothing is kept yet in {where}; run: feedsvc ingest", err=True)
    return service


def _console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def _ingest(service: Service, *, quiet: bool = False, **options: Any) -> Report:
    """Ingest with a progress bar and tell what became of every item."""
    from feedsvc import tell

    if service.is_empty:
        service.require_seeds()
    inputs = service.inputs()
    hidden = not sys.stderr.isatty()
    with click.progressbar(
        length=len(inputs),
        label="reading",
        file=sys.stderr,
        hidden=hidden,
        show_pos=True,
        item_show_func=_Rate(),
    ) as bar:
        report = service.ingest(
            inputs,
            whole=service.is_whole,
            progress=lambda one: bar.update(1, one),
            waiting=_echo_waiting,
            **options,
        )
    for line in tell.report_lines(
        report,
        dry_run=options.get("dry_run", False),
        whole=service.is_whole,
        hidden=service.hidden(change.path for change in report.changes),
    ):
        click.echo(line, err=quiet)
    return report


class _Rate:
    """How many sources a second, for a progress bar."""

    def __init__(self) -> None:
        self._start, self._n = time.monotonic(), 0

    def __call__(self, one: SourceReport | None) -> str | None:
        if one is None:
            return None
        self._n += 1
        return f"{self._n / max(time.monotonic() - self._start, 0.001):.0f} a second"


def _echo_waiting() -> None:
    click.echo(
        "another process is writing to the database; waiting for it, a minute at most", err=True
    )


def _echo_unread(report: Report) -> None:
    """What of the items does not stand among the entries printed."""
    from feedsvc import tell

    for source in report.sources:
        for line in tell.refusal_lines(source):
            click.echo(line, err=True)
    if withheld := report.total("n_withheld"):
        click.echo(f"{withheld} withheld: drafts, and what is due later", err=True)


def _echo_entries(
    service: Service,
    kept: Iterable[Entry],
    format: str,
    table: Callable[[Iterable[Entry]], Table] | None = None,
) -> None:
    from feedsvc import tell
    from feedsvc.rows import row

    site = service.site
    rows = (row(entry, site) for entry in kept)
    _echo_rows(format, lambda: (table or tell.entries_table)(kept), rows)


def _echo_rows(
    format: str, table: Callable[[], Table], rows: Iterable[Mapping[str, object]]
) -> None:
    if format == "table":
        _console().print(table())
        return
    if format == "json":
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
        return
    for one in rows:
        click.echo(json.dumps(one, ensure_ascii=False))


def _echo_addresses(site: Site, feeds: Iterable[Feed]) -> None:
    from feedsvc import tell

    for line in tell.address_lines(site, feeds):
        click.echo(line)


def _echo_alternates(site: Site, feed: Feed) -> None:
    from feedsvc import tell

    click.echo("Paste into the head of your pages, so that readers find the feed:")
    for line in tell.alternate_lines(site, feed):
        click.echo(f"  {line}")


def _echo_exported(service: Service, report: Report, result: Exported, out: Path) -> None:
    for refused in result.refused:
        click.echo(str(refused), err=True)
    click.echo(
        f"{out}: {len(result.written)} written, {len(result.unchanged)} unchanged, "
        f"{len(result.pruned)} removed"
    )
    if report.is_unkept:
        click.echo(
            "ids were minted anew and nothing kept before says otherwise: keep the database "
            f'({service.located.database_url}), or set ledger = "ledger.jsonl" under [site] and '
            "keep that file, so that readers never see an entry twice"
        )
    if "base_url" not in service.located.settings.site.model_fields_set:
        click.echo(
            f"base_url is unset, so addresses say {service.site.base_url}; set it with "
            '--base-url, FEEDSVC_BASE_URL or base_url = "https://…" under [site]'
        )


def _found(found: Sequence[Entry], words: str) -> Sequence[Entry]:
    if not found:
        raise FeedsvcError(
            f"no entry has the id or the words {words!r}; `feedsvc entries` lists all"
        )
    return found


QUIT = "quit"


def _asked(doubt: Doubt, place: str) -> str | None:
    """The day a person says; None to leave it, QUIT to stop."""
    from feedsvc import tell
    from feedsvc.review import accepted, day_in

    click.echo("\n" + "\n".join(tell.doubt_lines(doubt, place)))
    while True:
        click.echo("a accept · 1-9 choose · s set · space skip · q quit: ", nl=False)
        key = click.getchar()
        click.echo(key)
        if key == "a":
            return accepted(doubt.entry.published)
        if key.isdigit() and 0 < int(key) <= len(doubt.choices):
            return doubt.choices[int(key) - 1].day
        if key == "s":
            typed = click.prompt("a day such as 2025-05-13, or a moment with its offset")
            if day := day_in(typed):
                return day
            click.echo(f"{typed!r} is neither")
        elif key in ("", "q", "\x1b"):  # nothing more comes, or enough
            return QUIT
        elif key in (" ", "k", "\r", "\n"):
            return None


def _correct(service: Service, id: str, changes: dict[str, Any]) -> None:
    click.echo(f"written to {_write_correction(service, id, changes)}")
    _ingest(service)


def _write_correction(service: Service, id: str, changes: dict[str, Any]) -> Path:
    from feedsvc.corrections import read_corrections, write_correction
    from feedsvc.normalise.identity import fold

    file = service.located.corrections
    with service.store.snapshot() as snapshot:
        found = (*snapshot.find(id), *snapshot.find(id, is_held=True))
        entry = next((e for e in found if id in (e.id, e.slug)), None)
    known = read_corrections(file).of(id)
    if entry is None and known is None:
        raise FeedsvcError(f"no entry has the id {id!r}; `feedsvc entries` lists them")
    match = known.match if known else fold(entry.title if entry else "")
    write_correction(file, entry.id if entry else id, match, changes)
    return file
