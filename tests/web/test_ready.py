"""Ready replies: the same answers, sooner."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from feedsvc.errors import StoreError
from feedsvc.web import create_app
from feedsvc.web.ready import ReadyReplies
from tests.builders import Shelf, document

FEED = document(body=b"<rss>" + b"All the news. " * 40 + b"</rss>")


class Clock:
    """Seconds, as told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Counted(Shelf):
    """A shelf that counts how often its revision is asked for, and can lose it."""

    n_looks = 0
    is_lost = False

    def revision(self) -> int:
        self.n_looks += 1
        if self.is_lost:
            raise StoreError("no database: start it")
        return super().revision()


def behind(environ, start_response):
    """The app behind: answers what it is asked in capitals."""
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"FROM BEHIND"]


def front(documents, **options) -> Client:
    return Client(ReadyReplies(behind, documents, **options))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("POST", "/rss.xml", id="another method"),
        pytest.param("OPTIONS", "/rss.xml", id="a preflight"),
        pytest.param("GET", "/nowhere", id="an unknown path"),
        pytest.param("GET", "/feed", id="an alias"),
        pytest.param("GET", "/gone.xml", id="what was taken back"),
        pytest.param("GET", "/caf%C3%A9", id="another alphabet"),
    ],
)
def test_what_is_no_known_document_goes_to_the_app_behind(method, path):
    client = front(Shelf(FEED, gone=("/gone.xml",)))

    assert client.open(path, method=method).data == b"FROM BEHIND"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept-Encoding": "gzip"},
        {"If-None-Match": f'"{FEED.etag}"'},
        {"If-Modified-Since": "Wed, 14 May 2025 12:00:00 GMT"},
        {"Sec-Fetch-Dest": "document"},
    ],
)
def test_a_kept_reply_is_the_first_one_again_without_asking(method, headers):
    documents = Shelf(FEED)
    client = front(documents)

    first = client.open("/rss.xml", method=method, headers=headers)
    again = client.open("/rss.xml", method=method, headers=headers)

    assert documents.asked == ["/rss.xml"]
    assert (again.status, again.data) == (first.status, first.data)
    assert list(again.headers) == list(first.headers)


def test_each_header_that_has_a_say_is_told_apart():
    client = front(Shelf(document(navigable_as="application/xml")))

    types = [
        client.get("/rss.xml", headers={"Sec-Fetch-Dest": to}).content_type
        for to in ("document", "empty", "document")
    ]

    assert types == [
        "application/xml",
        "application/rss+xml; charset=utf-8",
        "application/xml",
    ]


def test_a_server_that_changes_the_headers_changes_its_own_copy():
    app, sent = ReadyReplies(behind, Shelf(FEED)), []

    def start_response(status, headers, exc_info=None):
        headers.append(("Server", "changed"))
        sent.append(len(headers))
        return lambda _: None

    for _ in range(3):
        app({"PATH_INFO": "/rss.xml", "REQUEST_METHOD": "GET"}, start_response)

    assert len(set(sent)) == 1


def test_a_change_shows_after_a_quarter_of_a_second_at_most():
    documents, clock = Shelf(FEED), Clock()
    client = front(documents, clock=clock)
    client.get("/rss.xml")
    documents.put(document(body=b"newer"))

    clock.now += 0.24
    before = client.get("/rss.xml").data
    clock.now += 0.01
    after = client.get("/rss.xml").data

    assert (before, after) == (FEED.body, b"newer")


def test_a_document_that_went_is_not_kept_up():
    documents, clock = Shelf(FEED), Clock()
    client = front(documents, clock=clock)
    client.get("/rss.xml")
    documents.drop("/rss.xml")

    clock.now += 0.25

    assert client.get("/rss.xml").data == b"FROM BEHIND"


def test_the_revision_is_asked_for_four_times_a_second():
    documents, clock = Counted(FEED), Clock()
    client = front(documents, clock=clock)

    for _ in range(100):
        client.get("/rss.xml")
        clock.now += 1 / 64

    assert documents.n_looks == 7


def test_while_the_store_is_away_the_last_good_document_stays_up(caplog):
    documents, clock = Counted(FEED), Clock()
    client = front(documents, clock=clock)
    client.get("/rss.xml")
    documents.is_lost = True

    clock.now += 1

    assert client.get("/rss.xml").data == FEED.body
    assert "no database: start it" in caplog.text


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"If-None-Match": '"%d"'}, id="tags"),
        pytest.param({"Accept-Encoding": "gzip, x%d"}, id="codings"),
    ],
)
def test_a_client_that_never_repeats_itself_fills_no_memory(headers):
    app = ReadyReplies(behind, Shelf(FEED), limit_bytes=50_000)
    client = Client(app)
    sizes = []

    for number in range(200):
        varied = {name: value % number for name, value in headers.items()}
        assert client.get("/rss.xml", headers=varied).status_code == 200
        sizes.append(app._kept.size_bytes)

    assert 40_000 < max(sizes) <= 50_000


def test_an_answer_made_during_a_change_is_not_kept_beyond_it():
    clock = Clock()

    class Changing(Shelf):
        """While it looks a document up, another request meets the next revision."""

        def document(self, path: str):
            found = super().document(path)
            if len(self.asked) == 1:
                self.put(document(body=b"newer"))
                clock.now += 1
                client.get("/assets/page.css")
            return found

    client = front(Changing(FEED), clock=clock)

    assert client.get("/rss.xml").data == FEED.body
    assert client.get("/rss.xml").data == b"newer"


def test_the_app_never_reaches_flask_for_a_known_document():
    app = create_app(Shelf(FEED))
    app.before_request(lambda: "Flask was here")

    assert app.test_client().get("/rss.xml").data == FEED.body
    assert app.test_client().get("/nowhere").text == "Flask was here"
