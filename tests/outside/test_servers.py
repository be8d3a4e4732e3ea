"""Two WSGI servers and the disk give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.outside.running import SCRIPTS, Folder, Server, free_port, serving

SIBLINGS = {"gzip": ".gz", "br": ".br", "zstd": ".zst"}


@pytest.fixture(scope="module")
def gunicorn(standing: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`gunicorn wsgi:app` on seeds of its own, with the other server's base address."""
    assert (SCRIPTS / "gunicorn").is_file()
    port = free_port()
    path = tmp_path_factory.mktemp("gunicorn") / "site"
    folder = Folder.fresh(path, FEEDSVC_BASE_URL=standing.url)
    bind = ("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2")
    with serving(folder, "gunicorn", *bind, "wsgi:app", port=port) as server:
        yield server


@pytest.fixture(params=["granian", "gunicorn"])
def server(request: pytest.FixtureRequest, standing: Server) -> Server:
    return standing if request.param == "granian" else request.getfixturevalue("gunicorn")


def test_every_file_is_served_byte_for_byte(server: Server, standing: Server) -> None:
    files = standing.folder.published()
    paths = [path for path in files if not path.endswith(tuple(SIBLINGS.values()))]

    assert len(paths) > 19
    for path in paths:
        assert server.ask(path).body == files[path], path
        for coding, suffix in SIBLINGS.items():
            answer = server.ask(path, Accept_Encoding=coding)
            encoded = files.get(path + suffix)
            assert answer.headers["Content-Encoding"] == (coding if encoded else None), path
            assert answer.body == (encoded or files[path]), (path, coding)


@pytest.mark.parametrize("coding", ["identity", *SIBLINGS])
def test_both_servers_give_the_same_tags(coding: str, standing: Server, gunicorn: Server) -> None:
    for path in ("/rss.xml", "/atom.xml", "/feed.json", "/"):
        tags = {
            server.ask(path, Accept_Encoding=coding).headers["ETag"]
            for server in (standing, gunicorn)
        }
        assert len(tags) == 1, path


def test_a_tag_of_one_server_is_known_to_the_other(standing: Server, gunicorn: Server) -> None:
    tag = standing.ask("/atom.xml", Accept_Encoding="br").headers["ETag"]

    assert gunicorn.ask("/atom.xml", If_None_Match=tag).status == 304
