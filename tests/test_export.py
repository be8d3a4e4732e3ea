"""Documents to a folder: only what changed, whole or not at all, and nothing of others."""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedsvc.attachments import Folder
from feedsvc.delivery import encoded
from feedsvc.errors import CannotWrite, DocumentRefused, FeedsvcError, ForeignFiles, UnknownPath
from feedsvc.export import export
from feedsvc.model import Document
from tests.builders import Shelf, document

ROOT = Path(__file__).parent.parent
MANIFEST = ".feedsvc-manifest.json"
STYLE = document("/assets/page.css", b"p {}", media_type="text/css; charset=utf-8")
ARTICLE = document("/entries/one/index.html", b"<p>One", media_type="text/html; charset=utf-8")
PAGE = document("/index.html", b"<p>All", media_type="text/html; charset=utf-8")
FEED = document("/rss.xml", b"<rss>" + b"All the news. " * 40 + b"</rss>")
PICTURE = document("/media/ab/dot.png", b"\x89PNG", media_type="image/png")


def shelf() -> Shelf:
    return Shelf(STYLE, PICTURE, ARTICLE, PAGE, FEED)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and its bytes; a folder without any is there with a slash."""
    return {
        path.relative_to(folder).as_posix() + "/" * path.is_dir(): b""
        if path.is_dir()
        else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    }


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.lstat().st_mtime_ns, p.lstat().st_ino) for p in [folder, *folder.rglob("*")]}


def test_every_path_becomes_the_file_of_that_name(tmp_path):
    result = export(shelf(), tmp_path / "public")
    files = tree(tmp_path / "public")
    files.pop(MANIFEST)

    assert files == {
        "assets/page.css": b"p {}",
        "media/ab/dot.png": b"\x89PNG",
        "entries/one/index.html": b"<p>One",
        "index.html": b"<p>All",
        "rss.xml": FEED.body,
    }
    assert (result.unchanged, result.pruned) == ((), ())
    assert result.written == (
        "assets/page.css",
        "media/ab/dot.png",
        "entries/one/index.html",
        "index.html",
        "rss.xml",
    )


def test_a_second_export_touches_nothing(tmp_path):
    export(shelf(), tmp_path, precompress=True)
    before = stamps(tmp_path)

    result = export(shelf(), tmp_path, precompress=True)

    assert stamps(tmp_path) == before
    assert (result.written, len(result.unchanged), result.pruned) == ((), 17, ())


def test_only_what_changed_is_written_and_what_went_is_removed(tmp_path):
    documents = shelf()
    export(documents, tmp_path)
    before = stamps(tmp_path)
    documents.put(document("/index.html", b"<p>All, and more"), document("/atom.xml", b"<feed/>"))
    documents.drop("/entries/one/index.html")

    result = export(documents, tmp_path)
    after = stamps(tmp_path)

    assert result.written == ("index.html", "atom.xml")
    assert result.pruned == ("entries/one/index.html",)
    assert not (tmp_path / "entries").exists()
    for name in ("rss.xml", "assets/page.css"):
        assert after[str(tmp_path / name)] == before[str(tmp_path / name)]


def test_siblings_hold_the_bytes_of_the_wire(tmp_path):
    result = export(shelf(), tmp_path, precompress=True)

    assert (tmp_path / "rss.xml.br").read_bytes() == encoded(FEED, "br")
    assert (tmp_path / "rss.xml.zst").read_bytes() == encoded(FEED, "zstd")
    assert gzip.decompress((tmp_path / "rss.xml.gz").read_bytes()) == FEED.body
    assert [name for name in result.written if name.startswith("media/")] == ["media/ab/dot.png"]


def test_siblings_go_when_they_are_no_longer_wanted(tmp_path):
    export(shelf(), tmp_path, precompress=True)

    result = export(shelf(), tmp_path)

    assert len(result.pruned) == 12
    assert not [*tmp_path.rglob("*.gz"), *tmp_path.rglob("*.br"), *tmp_path.rglob("*.zst")]


def test_an_unchanged_document_is_not_compressed_again(tmp_path):
    export(shelf(), tmp_path, precompress=True)
    documents = Shelf(document("/rss.xml", FEED.body))

    result = export(documents, tmp_path, precompress=True)

    assert result.unchanged == ("rss.xml", "rss.xml.gz", "rss.xml.br", "rss.xml.zst")
    assert documents.document("/rss.xml").variants == {}


def test_a_sibling_somebody_took_away_comes_back(tmp_path):
    export(shelf(), tmp_path, precompress=True)
    (tmp_path / "rss.xml.br").unlink()

    result = export(shelf(), tmp_path, precompress=True)

    assert result.written == ("rss.xml.br",)


def test_feeds_alone_leave_the_pages_to_others(tmp_path):
    (tmp_path / "index.html").write_text("their own")

    result = export(shelf(), tmp_path, pages=False)

    assert result.written == ("assets/page.css", "media/ab/dot.png", "rss.xml")
    assert (tmp_path / "index.html").read_text() == "their own"


def test_a_prefix_puts_all_below_a_folder_and_moves_it_when_it_changes(tmp_path):
    export(shelf(), tmp_path, prefix="feeds/")
    assert (tmp_path / "feeds/rss.xml").read_bytes() == FEED.body
    assert not (tmp_path / "rss.xml").exists()

    export(shelf(), tmp_path, prefix="news/live")

    assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST, "news"]


def test_the_manifest_is_the_same_wherever_it_is_written(tmp_path):
    export(Shelf(FEED, STYLE), tmp_path / "a")
    export(Shelf(STYLE, FEED), tmp_path / "b")
    manifest = (tmp_path / "a" / MANIFEST).read_bytes()

    assert (tmp_path / "b" / MANIFEST).read_bytes() == manifest
    assert json.loads(manifest)["files"]["assets/page.css"] == {
        "etag": "48d24394dd48cb69a7b7b0ce",
        "sha256": "48d24394dd48cb69a7b7b0ce8d02320dbd8b404e8ee4f422499a2671dcdac10e",
        "size": 4,
    }


def theirs(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("their own")


@pytest.mark.parametrize(
    ("prepare", "named"),
    [
        pytest.param(lambda d: theirs(d, "index.html"), ("index.html",), id="a file"),
        pytest.param(lambda d: theirs(d, "rss.xml.gz"), ("rss.xml.gz",), id="a sibling"),
        pytest.param(lambda d: theirs(d, "rss.xml/a"), ("rss.xml",), id="a folder for a file"),
        pytest.param(
            lambda d: theirs(d, "assets"),
            ("assets",),
            id="a file for a folder",
        ),
        pytest.param(
            lambda d: (d / "rss.xml").symlink_to(d / "elsewhere"), ("rss.xml",), id="a dead link"
        ),
        pytest.param(
            lambda d: (d / "media").symlink_to(d.parent),
            ("media",),
            id="a link out of the folder",
        ),
    ],
)
def test_a_file_of_others_in_the_way_stops_everything(tmp_path, prepare, named):
    out = tmp_path / "public"
    out.mkdir()
    prepare(out)
    before = stamps(tmp_path)

    with pytest.raises(ForeignFiles, match="nothing was written") as caught:
        export(shelf(), out, precompress=True)

    assert caught.value.names == named
    assert stamps(tmp_path) == before


def test_files_of_others_beside_ours_stay_as_they_are(tmp_path):
    theirs(tmp_path, "about/index.html")
    theirs(tmp_path, "entries/theirs/index.html")
    theirs(tmp_path, "assets/.hidden")
    before = tree(tmp_path)
    documents = shelf()
    export(documents, tmp_path, precompress=True)
    for path in list(documents.paths()):
        documents.drop(path)

    export(documents, tmp_path)
    after = tree(tmp_path)
    after.pop(MANIFEST)

    assert after == before


def test_a_file_of_ours_that_somebody_edited_is_theirs_now(tmp_path):
    documents = shelf()
    export(documents, tmp_path)
    (tmp_path / "rss.xml").write_text("edited")

    with pytest.raises(ForeignFiles):
        export(documents, tmp_path)
    documents.drop("/rss.xml")
    result = export(documents, tmp_path)

    assert result.pruned == ()
    assert (tmp_path / "rss.xml").read_text() == "edited"


def test_without_a_manifest_the_very_bytes_are_known_again(tmp_path):
    export(shelf(), tmp_path, precompress=True)
    (tmp_path / MANIFEST).unlink()

    result = export(shelf(), tmp_path, precompress=True)

    assert (result.written, len(result.unchanged)) == ((), 17)


@pytest.mark.parametrize(
    "garbled",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="cut off"),
        pytest.param("[]", id="a list"),
        pytest.param('{"files": {"rss.xml": 1}}', id="another shape"),
        pytest.param('{"files": {"rss.xml": {"sha256": []}}}', id="another digest"),
    ],
)
def test_a_garbled_manifest_is_made_anew(tmp_path, garbled):
    export(shelf(), tmp_path)
    good = (tmp_path / MANIFEST).read_bytes()
    (tmp_path / MANIFEST).write_text(garbled)

    export(shelf(), tmp_path)

    assert (tmp_path / MANIFEST).read_bytes() == good


@pytest.mark.parametrize(
    "name", ["../precious", "/{out}/../precious", "a/../../precious", "link/x"]
)
def test_a_manifest_cannot_point_out_of_the_folder(tmp_path, name):
    out = tmp_path / "public"
    precious = tmp_path / "precious"
    precious.write_bytes(b"p {}")
    (tmp_path / "x").write_bytes(b"p {}")
    export(Shelf(STYLE), out)
    (out / "link").symlink_to(tmp_path)
    manifest = json.loads((out / MANIFEST).read_text())
    manifest["files"][name.format(out=out)] = manifest["files"]["assets/page.css"]
    (out / MANIFEST).write_text(json.dumps(manifest))

    result = export(Shelf(STYLE), out)

    assert result.pruned == ()
    assert precious.exists() and (tmp_path / "x").exists()


@pytest.mark.parametrize("path", ["/../out.xml", "/a//b.xml", "/a/./b.xml", "/a\\b.xml"])
def test_no_document_is_written_out_of_the_folder(tmp_path, path):
    with pytest.raises(ValueError, match="no name for a file"):
        export(Shelf(document(path)), tmp_path / "public")

    assert list(tmp_path.iterdir()) == []


def test_a_document_taken_back_meanwhile_is_left_out(tmp_path):
    class Hasty(Shelf):
        def document(self, path: str) -> Document:
            if path == "/entries/one/index.html":
                raise UnknownPath(path)
            return super().document(path)

    export(shelf(), tmp_path)

    result = export(Hasty(STYLE, PICTURE, ARTICLE, PAGE, FEED), tmp_path)

    assert result.pruned == ("entries/one/index.html",)


class Faulty(Shelf):
    """One of whose documents is refused."""

    def document(self, path: str) -> Document:
        if path == FEED.path:
            raise DocumentRefused(path, ["it has no title"])
        return super().document(path)


def test_a_faulty_document_is_not_written_and_the_last_good_one_stays(tmp_path):
    export(shelf(), tmp_path, precompress=True)
    before = tree(tmp_path)

    result = export(Faulty(STYLE, PICTURE, ARTICLE, PAGE, FEED), tmp_path, precompress=True)

    assert [str(one) for one in result.refused] == [
        "/rss.xml is not published: it has no title; correct the entry it names"
    ]
    assert tree(tmp_path) == before
    assert export(shelf(), tmp_path, precompress=True).written == ()


def test_a_faulty_document_that_never_was_good_is_left_out(tmp_path):
    result = export(Faulty(STYLE, PICTURE, ARTICLE, PAGE, FEED), tmp_path)

    assert (len(result.refused), "rss.xml" in tree(tmp_path)) == (1, False)


def test_a_folder_that_may_not_be_written_is_told_with_a_remedy(tmp_path):
    out = tmp_path / "file"
    out.write_text("no folder")

    with pytest.raises(CannotWrite, match="choose another --out") as caught:
        export(shelf(), out)

    assert isinstance(caught.value, FeedsvcError)
    assert out.read_text() == "no folder"


def test_a_full_disk_leaves_what_was_there_and_the_next_export_goes_on(tmp_path):
    class Full(Shelf):
        """The disk is full when the last feed is to be written."""

        def document(self, path: str) -> Document:
            if path == "/rss.xml":
                raise OSError(errno.ENOSPC, "No space left on device", "rss.xml")
            return super().document(path)

    export(Shelf(document("/index.html", b"old")), tmp_path)

    with pytest.raises(CannotWrite, match=r"rss.xml: No space left on device; free some space"):
        export(Full(PAGE, FEED), tmp_path)
    export(Shelf(PAGE, FEED), tmp_path)

    assert (tmp_path / "index.html").read_bytes() == PAGE.body
    assert (tmp_path / "rss.xml").read_bytes() == FEED.body
    assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST, "index.html", "rss.xml"]


CHILD = """
import sys
from pathlib import Path
from feedsvc.export import export
from tests.test_export import edition

print("ready", flush=True)
sys.stdin.readline()
export(edition(int(sys.argv[2])), Path(sys.argv[1]), precompress=True)
print("done", flush=True)
"""


def edition(number: int) -> Shelf:
    """Forty documents: with every number some are new, some change and some go."""
    bodies = {
        f"/entries/e{n}/index.html": f"<p>{n} of {number if n % 3 else 'all'}</p>" * 50
        for n in range(40)
        if n % 7 != number % 7
    }
    return Shelf(*(document(path, body.encode()) for path, body in bodies.items()), FEED)


@pytest.fixture
def killed(tmp_path) -> Iterator[tuple[Path, list[bool]]]:
    """A folder in which exports of edition after edition were killed; and which had ended."""
    out, ended, chance = tmp_path / "public", [], random.Random(1)
    for number in range(8):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(out), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        with child:
            assert child.stdout.readline() == b"ready\n"
            child.stdin.write(b"\n")
            child.stdin.flush()
            time.sleep(chance.random() * 0.15)
            child.kill()
            ended.append(child.stdout.read() == b"done\n")
    yield out, ended


def test_killed_at_any_moment_no_file_is_half_and_the_next_export_makes_it_good(killed, tmp_path):
    out, ended = killed
    editions = [{d: edition(n).document(d).body for d in edition(n).paths()} for n in range(8)]
    known = {body for each in editions for body in each.values()}
    plain = [p for p in out.rglob("[!.]*") if p.suffix in (".html", ".xml")]

    assert not all(ended)
    assert plain and all(path.read_bytes() in known for path in plain)

    export(edition(7), out, precompress=True)
    export(edition(7), tmp_path / "fresh", precompress=True)

    assert tree(out) == tree(tmp_path / "fresh")


def with_sound(seeds: Path, sound: bytes = b"sound" * 10) -> Shelf:
    """A feed, and a file of the seeds that an entry refers to."""
    seeds.mkdir(exist_ok=True)
    (seeds / "talk.mp3").write_bytes(sound)
    documents = Shelf(FEED)
    found = Folder(seeds, seeds)("talk.mp3")
    documents.files[found.path] = found
    return documents


def test_a_file_of_the_seeds_is_copied_once(tmp_path):
    documents, out = with_sound(tmp_path / "seeds"), tmp_path / "public"
    (path,) = documents.files

    first = export(documents, out, precompress=True)
    before = stamps(out)
    second = export(documents, out, precompress=True)

    assert (out / path[1:]).read_bytes() == b"sound" * 10
    assert first.written[0] == path[1:]
    assert stamps(out) == before
    assert (second.written, path[1:] in second.unchanged) == ((), True)
    assert not [*out.glob("media/*/*.gz")]
    kept = json.loads((out / MANIFEST).read_text())["files"][path[1:]]
    assert (kept["size"], kept["sha256"][:16]) == (50, path.split("/")[2])


def test_a_file_of_the_seeds_goes_when_no_entry_refers_to_it(tmp_path):
    out = tmp_path / "public"
    documents = with_sound(tmp_path / "seeds")
    export(documents, out, prefix="feeds/")
    (old,) = documents.files

    result = export(with_sound(tmp_path / "seeds", b"louder"), out, prefix="feeds/")

    assert result.pruned == (f"feeds{old}",)
    assert [p.read_bytes() for p in out.glob("feeds/media/*/talk.mp3")] == [b"louder"]


def test_a_copy_that_somebody_changed_is_left_to_them(tmp_path):
    documents, out = with_sound(tmp_path / "seeds"), tmp_path / "public"
    (path,) = documents.files
    export(documents, out)
    (out / path[1:]).write_bytes(b"sound")

    with pytest.raises(ForeignFiles, match=r"talk\.mp3"):
        export(documents, out)

    (out / path[1:]).unlink()
    assert export(documents, out).written == (path[1:],)


def test_bytes_that_were_changed_since_are_not_copied(tmp_path):
    documents, out = with_sound(tmp_path / "seeds"), tmp_path / "public"
    (tmp_path / "seeds/talk.mp3").write_bytes(b"other sound")

    result = export(documents, out)

    assert result.written == ("rss.xml",)
    assert not (out / "media").exists()


def test_a_copy_that_is_there_needs_no_source(tmp_path):
    documents, out = with_sound(tmp_path / "seeds"), tmp_path / "public"
    export(documents, out)
    (tmp_path / "seeds/talk.mp3").unlink()

    assert export(documents, out).pruned == ()
    assert len([*out.glob("media/*/talk.mp3")]) == 1
