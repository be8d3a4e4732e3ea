"""The eight promises of the project, each held over every path and format."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from feedsvc import addresses, delivery
from feedsvc.delivery import answer
from feedsvc.export import export
from feedsvc.model import Entry, How
from feedsvc.seeds import MANIFEST
from feedsvc.service import Service
from feedsvc.web import create_app

DUMP = "000_64ba767ae4b7ab50.txt"
OpenService = Callable[..., Service]
READ_ON = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def entries_of(service: Service) -> list[Entry]:
    with service.store.snapshot() as snapshot:
        return list(snapshot.all_entries())


def documents_of(service: Service) -> dict[str, bytes]:
    publisher = service.publisher()
    return {path: publisher.document(path).body for path in publisher.paths()}


def tree_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != MANIFEST)
    return {f"/{file.relative_to(folder).as_posix()}": file.read_bytes() for file in files}


# 1. Disk equals wire


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_the_file_that_build_writes_is_the_body_that_serve_sends(
    open_service: OpenService, seeds: Path, tmp_path: Path, coding: str
) -> None:
    service = open_service(seeds)
    service.ingest()
    publisher = service.publisher()
    export(publisher, tmp_path / "public", precompress=True)
    client = create_app(publisher).test_client()
    suffix = delivery.SIBLINGS.get(coding, "")
    paths = list(publisher.paths())

    for path in paths:
        response = client.get(path, headers={"Accept-Encoding": coding})
        file = tmp_path / "public" / (path[1:] + suffix)
        assert response.status_code == 200, path
        assert response.headers.get("Content-Encoding", "identity") == coding, path
        assert response.data == file.read_bytes(), path
    written = {
        path for path in tree_of(tmp_path / "public") if not path.endswith((".gz", ".br", ".zst"))
    }
    assert written == set(paths)


def test_the_files_that_seeds_bring_along_are_the_same_on_disk_and_wire(
    open_service: OpenService, tmp_path: Path
) -> None:
    seeds, public = tmp_path / "seeds", tmp_path / "public"
    (seeds / "pics").mkdir(parents=True)
    (seeds / "pics/dot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (seeds / "post.md").write_text("# A post\n\nSee ![a dot](pics/dot.png).\n")
    service = open_service(seeds)
    service.ingest()
    publisher = service.publisher()
    export(publisher, public)
    client = create_app(publisher).test_client()

    (path,) = publisher.media_paths()

    assert path == "/media/4c4b6a3be1314ab8/dot.png"
    assert client.get(path, buffered=True).data == (public / path[1:]).read_bytes()
    assert f'src="http://127.0.0.1:8000{path}"' in entries_of(service)[0].content_html


def test_every_published_path_answers_and_no_other_does(
    open_service: OpenService, seeds: Path
) -> None:
    service = open_service(seeds)
    service.ingest()
    publisher = service.publisher()

    statuses = {
        path: answer(publisher, "GET", path, {}, publisher.site.base_url).status
        for path in [*publisher.paths(), "/nothing.xml", "/sections/nothing/rss.xml"]
    }

    assert {path for path, status in statuses.items() if status != 200} == {
        "/nothing.xml",
        "/sections/nothing/rss.xml",
    }


# 2. Same rows, same bytes


def test_a_fresh_database_gives_the_same_documents_on_another_day(
    open_service: OpenService, seeds: Path
) -> None:
    first, second = open_service(seeds, "first"), open_service(seeds, "second")
    first.ingest(clock=lambda: READ_ON)
    second.ingest(clock=lambda: READ_ON + timedelta(days=400))

    assert documents_of(first) == documents_of(second)


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"TZ": "Pacific/Kiritimati"}, id="time zone"),
        pytest.param({"LC_ALL": "de_DE.UTF-8", "LANG": "ar_EG.UTF-8"}, id="locale"),
        pytest.param({"PYTHONHASHSEED": "7"}, id="hash seed"),
    ],
)
def test_another_machine_gives_the_same_documents(
    seeds: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    def built(name: str, extra: dict[str, str]) -> dict[str, bytes]:
        folder = tmp_path / name
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-m", "feedsvc", "build", str(seeds)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], **extra},
            check=True,
            capture_output=True,
        )
        return tree_of(folder / "public")

    assert built("here", {"PYTHONHASHSEED": "1"}) == built("there", environ)


# 3. An id never changes


def test_an_edit_a_new_item_and_a_swap_keep_every_id(
    open_service: OpenService, seeds: Path
) -> None:
    service = open_service(seeds)
    service.ingest(clock=lambda: READ_ON)
    before = {entry.id: entry for entry in entries_of(service)}
    lines = (seeds / DUMP).read_text(encoding="utf-8").split("\n")
    lines[6] = lines[6].replace("said he will meet with", "said he would meet")
    lines[1], lines[3] = lines[3], lines[1]
    lines.insert(0, "A new item stands on top of the page, said its editor.")
    (seeds / DUMP).write_text("\n".join(lines), encoding="utf-8")

    report = service.ingest(clock=lambda: READ_ON + timedelta(days=1))

    after = {entry.id: entry for entry in entries_of(service)}
    assert (len(before), len(after), before.keys() - after.keys()) == (19, 20, set())
    assert (report.total("n_new"), report.total("n_changed")) == (1, 1)
    (edited,) = (after[id] for id in before if after[id].updated != before[id].updated)
    assert "said he would meet" in edited.content_text
    assert edited.updated == READ_ON + timedelta(days=1)
    assert [before[id].published for id in before] == [after[id].published for id in before]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="line ends"),
        pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="a byte order mark"),
        pytest.param(lambda data: data.replace(b"\n\n", b"\n\n\n\n"), id="blank lines"),
        pytest.param(lambda data: data.replace("’".encode(), b"'"), id="quotes"),
        pytest.param(lambda data: data.decode().encode("utf-16"), id="another encoding"),
    ],
)
def test_a_harmless_change_of_the_file_keeps_every_id(
    open_service: OpenService, seeds: Path, change: Callable[[bytes], bytes]
) -> None:
    service = open_service(seeds)
    service.ingest()
    before = {entry.id for entry in entries_of(service)}
    (seeds / DUMP).write_bytes(change((seeds / DUMP).read_bytes()))

    service.ingest()

    assert {entry.id for entry in entries_of(service)} == before


def test_another_host_or_file_name_keeps_every_id(open_service: OpenService, seeds: Path) -> None:
    service, moved = (
        open_service(seeds),
        open_service(seeds, "moved", FEEDSVC_BASE_URL="https://example.org/news"),
    )
    service.ingest()
    (seeds / DUMP).rename(seeds / "renamed.txt")

    moved.ingest()
    report = service.ingest()

    assert {e.id for e in entries_of(moved)} == {e.id for e in entries_of(service)}
    assert report.total("n_new") == 0


def test_a_lost_database_is_made_up_for_by_the_ledger(
    open_service: OpenService, seeds: Path, tmp_path: Path
) -> None:
    ledger = {"FEEDSVC_LEDGER": str(tmp_path / "ledger.jsonl")}
    service = open_service(seeds, **ledger)
    service.ingest(clock=lambda: READ_ON)
    before = {entry.id: entry for entry in entries_of(service)}
    text = (seeds / DUMP).read_text(encoding="utf-8")
    edited = text.replace(
        "Journalist Roshchyna's body missing", "Journalist Roshchyna's body is missing"
    )
    (seeds / DUMP).write_text(edited, encoding="utf-8")

    fresh = open_service(seeds, "fresh", **ledger)
    fresh.ingest(clock=lambda: READ_ON + timedelta(days=3))

    after = {entry.id: entry for entry in entries_of(fresh)}
    assert after.keys() == before.keys()
    assert all(after[id].published == before[id].published for id in before)
    (moved,) = [id for id in before if after[id].updated != before[id].updated]
    assert after[moved].updated == READ_ON + timedelta(days=3)


def test_what_was_removed_stays_removed_in_a_fresh_database(
    open_service: OpenService, seeds: Path
) -> None:
    from feedsvc.corrections import write_correction

    service = open_service(seeds)
    service.ingest()
    gone = entries_of(service)[0]
    removal = {"removed": READ_ON, "reason": "wrong"}
    write_correction(seeds / "corrections.toml", gone.id, "", removal)

    service.ingest()
    fresh = open_service(seeds, "fresh")
    fresh.ingest()

    for one in (service, fresh):
        path = addresses.entry_path(gone.slug)
        assert gone.id not in {entry.id for entry in entries_of(one)}
        assert answer(one.publisher(), "GET", path, {}, "").status == 410
        assert gone.id.encode() in one.publisher().document("/atom.xml").body  # its tombstone
        assert gone.id.encode() not in one.publisher().document("/rss.xml").body


# 4. Nothing is lost


def test_every_item_read_is_accounted_for(open_service: OpenService, seeds: Path) -> None:
    lines = [json.dumps({"title": f"Record {n}", "date": "2025-05-01"}) for n in range(1, 10)]
    lines[6] = '{"title": "broken'
    lines[8] = lines[0]
    (seeds / "records.jsonl").write_text("\n".join(lines))
    service = open_service(seeds)

    report = service.ingest()

    parts = (
        "n_new",
        "n_changed",
        "n_unchanged",
        "n_duplicates",
        "n_withheld",
        "n_removed",
        "n_refused",
    )
    assert {name: report.total(name) for name in parts if report.total(name)} == {
        "n_new": 26,
        "n_duplicates": 1,
        "n_refused": 1,
    }
    assert report.total("n_items") == 28
    with service.store.snapshot() as snapshot:
        (refused,) = snapshot.refused()
        ((twin, places),) = snapshot.appearances()
    assert (refused.source, refused.line) == ("records.jsonl", 7)
    assert (twin.title, [place.line for place in places]) == ("Record 1", [1, 9])


# 5. One bad item never hurts a feed


def test_a_bad_source_leaves_its_neighbours_published(
    open_service: OpenService, seeds: Path
) -> None:
    (seeds / "broken.json").write_text('{"items": [{"title": "cut o')
    (seeds / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (seeds / "odd.jsonl").write_text('{"title": "A\\u0000B \\ud800 & <b>", "date": "2025-01-01"}')
    service = open_service(seeds)

    report = service.ingest()

    assert not report.is_clean
    assert len(entries_of(service)) >= 20
    assert not feedparser.parse(documents_of(service)["/rss.xml"])["bozo"]


def test_a_source_that_breaks_leaves_the_last_good_documents_up(
    open_service: OpenService, seeds: Path
) -> None:
    service = open_service(seeds)
    service.ingest()
    before = documents_of(service)
    (seeds / DUMP).write_bytes(b"\x00\x01\x02" * 1000)

    report = service.ingest()

    assert report.sources[0].problem is not None
    assert documents_of(service) == before


# 6. No date is invented silently


def test_every_date_says_how_it_became_known(open_service: OpenService, seeds: Path) -> None:
    service = open_service(seeds)
    service.ingest()

    kept = entries_of(service)

    by_how = {how.word: sum(e.published.how is how for e in kept) for how in How}
    assert by_how == {
        "seen": 0, "captured": 8, "inherited": 9, "derived": 1, "stated": 0, "corrected": 1,
    }  # fmt: skip
    assert all(entry.published.rule and entry.published.evidence for entry in kept)
    with service.store.snapshot() as snapshot:
        stories = [snapshot.story(entry.id) for entry in kept]
    assert all(
        [c.verdict.startswith("chosen") for c in story.candidates].count(True) == 1
        for story in stories
        if story
    )


def test_the_article_is_dated_by_rule_once_its_correction_is_deleted(
    open_service: OpenService, seeds: Path
) -> None:
    service = open_service(seeds)
    service.ingest()
    (corrected,) = (e for e in entries_of(service) if e.published.how is How.CORRECTED)
    (seeds / "corrections.toml").unlink()

    service.ingest()
    fresh = open_service(seeds, "fresh")
    fresh.ingest()

    assert corrected.published.day.isoformat() == "2023-12-20"
    for one in (service, fresh):
        (article,) = (e for e in entries_of(one) if e.id == corrected.id)
        assert article.published.day.isoformat() == "2024-12-20"
        assert article.published.how is How.DERIVED
        assert "on Dec. 20" in article.published.evidence


# 7. A reader never sees half a thing


def test_an_ingest_under_way_shows_nothing(open_service: OpenService, seeds: Path) -> None:
    service = open_service(seeds)
    service.ingest()
    before = documents_of(service)
    (seeds / "more.jsonl").write_text('{"title": "More", "date": "2025-05-20"}')
    during: list[dict[str, bytes]] = []

    service.ingest(progress=lambda _: during.append(documents_of(service)))

    assert during == [before] * 2
    assert documents_of(service) != before


def test_an_ingest_that_dies_is_as_if_it_had_not_been(
    open_service: OpenService, seeds: Path
) -> None:
    service = open_service(seeds)
    service.ingest(clock=lambda: READ_ON)
    before = documents_of(service)
    (seeds / "more.jsonl").write_text('{"title": "More", "date": "2025-05-20"}')

    def die(report: object) -> None:
        if getattr(report, "name", "") == "more.jsonl":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.ingest(progress=die, clock=lambda: READ_ON)
    after_death = documents_of(service)
    service.ingest(clock=lambda: READ_ON)

    assert after_death == before
    assert next(e.title for e in entries_of(service)) == "More"


def test_a_second_build_writes_nothing(
    open_service: OpenService, seeds: Path, tmp_path: Path
) -> None:
    service = open_service(seeds)
    service.ingest()
    export(service.publisher(), tmp_path / "public", precompress=True)
    before = {f: f.stat().st_mtime_ns for f in (tmp_path / "public").rglob("*")}

    service.ingest()
    result = export(service.publisher(), tmp_path / "public", precompress=True)

    assert (result.written, result.pruned) == ((), ())
    assert {f: f.stat().st_mtime_ns for f in (tmp_path / "public").rglob("*")} == before


# 8. Every document is valid


def test_every_document_parses_as_what_it_says_it_is(
    open_service: OpenService, seeds: Path
) -> None:
    service = open_service(seeds)
    service.ingest()
    publisher = service.publisher()

    for path in publisher.paths():
        document = publisher.document(path)
        if document.media_type.startswith("application/feed+json"):
            assert json.loads(document.body)["version"] == "https://jsonfeed.org/version/1.1"
        elif "xml" in document.media_type or "opml" in document.media_type:
            ElementTree.fromstring(document.body)
        if path.endswith(("rss.xml", "atom.xml")):
            parsed = feedparser.parse(document.body)
            assert not parsed["bozo"], path
            assert all(item.id and item.link for item in parsed.entries), path


def test_an_unchanged_revision_renders_nothing_twice(
    open_service: OpenService, seeds: Path
) -> None:
    service = open_service(seeds)
    service.ingest()
    publisher = service.publisher()

    first = {path: publisher.document(path) for path in publisher.paths()}

    assert all(publisher.document(path) is first[path] for path in first)
    assert len({hashlib.sha256(d.body).digest() for d in first.values()}) == len(first)
    assert replace(first["/rss.xml"], etag="").etag == first["/rss.xml"].etag
