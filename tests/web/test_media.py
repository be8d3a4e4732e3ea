"""Files that seeds bring along, on the wire: whole, by ranges, and never another file's bytes."""

from __future__ import annotations

from pathlib import Path

import flask
import pytest
from werkzeug.test import TestResponse

from feedsvc.attachments import Folder
from feedsvc.web import create_app, create_blueprint
from tests.builders import Shelf, document

SOUND = bytes(range(256)) * 4


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Two files of the seeds that entries refer to, and one document."""
    documents = Shelf(document())
    (tmp_path / "talk.mp3").write_bytes(SOUND)
    (tmp_path / "chart.svg").write_bytes(b"<svg/>")
    for name in ("talk.mp3", "chart.svg"):
        found = Folder(tmp_path, tmp_path)(name)
        assert found is not None
        documents.files[found.path] = found
    return documents


def path_of(shelf: Shelf, name: str = "talk.mp3") -> str:
    return next(path for path in shelf.files if path.endswith(name))


def get(shelf: Shelf, path: str, method: str = "GET", **headers: str) -> TestResponse:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return create_app(shelf).test_client().open(path, method=method, headers=fields, buffered=True)


def test_a_file_is_sent_with_its_type_for_a_year(shelf: Shelf) -> None:
    path = path_of(shelf)

    reply = get(shelf, path)

    assert reply.status_code == 200
    assert reply.data == SOUND
    assert reply.headers["Content-Type"] == "audio/mpeg"
    assert reply.headers["Content-Length"] == "1024"
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert reply.headers["ETag"] == f'"{path.split("/")[2]}"'
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    control = set(reply.headers["Cache-Control"].split(", "))
    assert control == {"public", "max-age=31536000", "immutable"}


def test_its_head_is_the_same_without_the_bytes(shelf: Shelf) -> None:
    path = path_of(shelf)
    whole, head = get(shelf, path), get(shelf, path, "HEAD")

    assert head.data == b""
    changing = ("Date", "Expires")
    assert [h for h in head.headers if h[0] not in changing] == [
        h for h in whole.headers if h[0] not in changing
    ]


@pytest.mark.parametrize(
    ("asked", "told", "sent"),
    [
        pytest.param("bytes=0-3", "bytes 0-3/1024", SOUND[:4], id="the beginning"),
        pytest.param("bytes=1000-", "bytes 1000-1023/1024", SOUND[1000:], id="the rest"),
        pytest.param("bytes=-2", "bytes 1022-1023/1024", SOUND[-2:], id="the end"),
    ],
)
def test_a_range_is_sent_alone(shelf: Shelf, asked: str, told: str, sent: bytes) -> None:
    reply = get(shelf, path_of(shelf), Range=asked)

    assert (reply.status_code, reply.headers["Content-Range"]) == (206, told)
    assert reply.data == sent
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_a_range_of_another_version_gets_the_whole_file(shelf: Shelf) -> None:
    reply = get(shelf, path_of(shelf), Range="bytes=0-3", If_Range='"old"')

    assert (reply.status_code, len(reply.data)) == (200, 1024)


@pytest.mark.parametrize("prefix", ["", "/news"])
def test_a_range_beyond_the_end_is_refused(shelf: Shelf, prefix: str) -> None:
    host = flask.Flask("host")
    host.register_blueprint(create_blueprint(shelf), url_prefix=prefix or None)

    reply = host.test_client().get(prefix + path_of(shelf), headers={"Range": "bytes=5000-"})

    assert reply.status_code == 416
    assert reply.headers["Content-Range"] == "bytes */1024"
    assert reply.text == "No such range in this file.\n"


def test_who_holds_a_file_is_told_so(shelf: Shelf) -> None:
    path = path_of(shelf)

    reply = get(shelf, path, If_None_Match=f'"{path.split("/")[2]}"')

    assert (reply.status_code, reply.data) == (304, b"")


def test_a_drawing_runs_no_script(shelf: Shelf) -> None:
    reply = get(shelf, path_of(shelf, "chart.svg"))

    assert reply.headers["Content-Type"].startswith("image/svg+xml")
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["Content-Security-Policy"].endswith("sandbox")


@pytest.mark.parametrize("tail", ["/media/0000000000000000/talk.mp3", "/media/", "/media/../x"])
def test_what_no_entry_refers_to_is_not_there(shelf: Shelf, tail: str) -> None:
    reply = get(shelf, tail)

    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_other_bytes_in_its_place_are_never_sent(shelf: Shelf) -> None:
    path = path_of(shelf)
    Path(shelf.files[path].file).write_bytes(b"something else")

    reply = get(shelf, path)

    assert reply.status_code == 404
    assert reply.text == "The file is gone, or was changed since.\n"
    Path(shelf.files[path].file).unlink()
    assert get(shelf, path).status_code == 404


def test_nothing_is_written_there(shelf: Shelf) -> None:
    reply = get(shelf, path_of(shelf), "POST")

    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
