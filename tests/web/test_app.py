"""The Flask app and the blueprint: what `delivery` decides, sent as it is."""

from __future__ import annotations

import logging

import flask
import pytest

from feedsvc.delivery import answer
from feedsvc.errors import StoreError
from feedsvc.web import create_app, create_blueprint
from tests.builders import Shelf, document

FEED = document(
    body=b"<rss>" + b"All the news. " * 40 + b"</rss>",
    etag="t",
    navigable_as="application/xml; charset=utf-8",
)
PAGE = document(
    "/index.html", b"<!doctype html>", media_type="text/html; charset=utf-8", is_active=True
)
STYLE = document("/assets/page.css", b"p {}", media_type="text/css; charset=utf-8")
JSON = document("/feed.json", b"{}", media_type="application/feed+json")
DATE = "Wed, 14 May 2025 12:00:00 GMT"

REQUESTS = [
    pytest.param("GET", "/rss.xml", {}, id="a feed"),
    pytest.param("HEAD", "/rss.xml", {}, id="its head"),
    pytest.param("GET", "/rss.xml", {"Accept-Encoding": "gzip"}, id="gzip"),
    pytest.param("HEAD", "/rss.xml", {"Accept-Encoding": "zstd"}, id="the head of zstd"),
    pytest.param("GET", "/rss.xml", {"Accept-Encoding": "gzip, br"}, id="br"),
    pytest.param("GET", "/rss.xml", {"If-None-Match": 'W/"t"'}, id="not modified"),
    pytest.param("HEAD", "/rss.xml", {"If-None-Match": "*"}, id="head of not modified"),
    pytest.param("GET", "/rss.xml", {"If-Modified-Since": DATE}, id="not modified since"),
    pytest.param(
        "GET", "/rss.xml", {"If-None-Match": '"x"', "If-Modified-Since": DATE}, id="another tag"
    ),
    pytest.param("GET", "/rss.xml", {"Range": "bytes=0-3"}, id="a range"),
    pytest.param("GET", "/rss.xml", {"Sec-Fetch-Dest": "document"}, id="a navigation"),
    pytest.param("GET", "/rss.xml", {"Accept": "text/html", "Cookie": "a=b"}, id="a cookie"),
    pytest.param("GET", "/", {"Accept-Encoding": "gzip"}, id="the page"),
    pytest.param("GET", "/feed.json", {}, id="without a charset"),
    pytest.param("GET", "/assets/page.css", {}, id="a style sheet"),
    pytest.param("GET", "/feed", {}, id="an alias"),
    pytest.param("GET", "/atom", {}, id="an alias of nothing"),
    pytest.param("GET", "/nowhere/at/all/", {}, id="unknown"),
    pytest.param("GET", "/entries/lost/", {}, id="gone"),
    pytest.param("POST", "/rss.xml", {}, id="not allowed"),
    pytest.param("DELETE", "/nowhere", {}, id="not allowed anywhere"),
    pytest.param("OPTIONS", "/rss.xml", {"Origin": "https://reader.example"}, id="a preflight"),
]


def shelf(**of_site: str) -> Shelf:
    return Shelf(FEED, PAGE, STYLE, JSON, gone=("/entries/lost/index.html",), **of_site)


def on_the_wire(app: flask.Flask, method: str, path: str, headers: dict[str, str]):
    response = app.test_client().open(path, method=method, headers=headers)
    return response.status_code, tuple(response.headers), response.data


@pytest.mark.parametrize(("method", "path", "headers"), REQUESTS)
def test_the_app_sends_what_delivery_answers(method, path, headers):
    documents = shelf()
    expected = answer(documents, method, path, headers, documents.site.base_url)

    status, fields, body = on_the_wire(create_app(documents), method, path, headers)

    assert (status, fields, body) == (expected.status, expected.headers, expected.body)


@pytest.mark.parametrize(("method", "path", "headers"), REQUESTS)
def test_a_blueprint_below_a_prefix_answers_the_same(method, path, headers):
    documents = shelf(base_url="https://example.org/news")
    host = flask.Flask("host")
    host.register_blueprint(create_blueprint(documents), url_prefix="/news")
    expected = answer(documents, method, path, headers, "https://example.org/news")

    status, fields, body = on_the_wire(host, method, f"/news{path}", headers)

    assert (status, fields, body) == (expected.status, expected.headers, expected.body)


@pytest.fixture
def host() -> flask.Flask:
    """An app with pages of its own, and the feeds below /news."""
    app = flask.Flask("host")
    app.add_url_rule("/about", "about", lambda: "about us")
    app.add_url_rule("/news/archive", "archive", lambda: "our own archive")
    app.register_error_handler(404, lambda _: ("our own not found", 404))
    app.register_blueprint(
        create_blueprint(shelf(base_url="https://example.org/news")), url_prefix="/news"
    )
    return app


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        pytest.param("/about", 200, "about us", id="its page"),
        pytest.param("/nowhere", 404, "our own not found", id="its error page"),
        pytest.param("/newspaper", 404, "our own not found", id="a longer name"),
        pytest.param("/news/archive", 200, "our own archive", id="its page below the prefix"),
        pytest.param(
            "/news/nowhere",
            404,
            "Nothing is published here; the feeds are listed at https://example.org/news/\n",
            id="unknown below the prefix",
        ),
        pytest.param(
            "/news//rss.xml",
            404,
            "Nothing is published here; the feeds are listed at https://example.org/news/\n",
            id="slashes are not merged",
        ),
    ],
)
def test_the_host_app_keeps_its_own_pages(host, path, status, text):
    response = host.test_client().get(path)

    assert (response.status_code, response.text) == (status, text)


def test_the_mount_without_its_slash_leads_to_the_page(host):
    response = host.test_client().get("/news")

    assert (response.status_code, response.location) == (301, "https://example.org/news/")


def test_two_sites_may_be_mounted_in_one_app():
    host = flask.Flask("host")
    for name in ("news", "blog"):
        documents = Shelf(document(body=name.encode()))
        host.register_blueprint(create_blueprint(documents, name), url_prefix=f"/{name}")
    client = host.test_client()

    assert client.get("/news/rss.xml").data == b"news"
    assert client.get("/blog/rss.xml").data == b"blog"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("//rss.xml", id="two slashes"),
        pytest.param("/assets//page.css", id="two slashes inside"),
        pytest.param("/assets/../rss.xml", id="a step up"),
        pytest.param("/..%2f..%2fetc/passwd", id="encoded steps up"),
        pytest.param("/%2e%2e/rss.xml", id="encoded dots"),
        pytest.param("/rss.xml%00", id="NUL"),
        pytest.param("/feed%0d%0aSet-Cookie:%20a=b", id="an encoded line end"),
        pytest.param("/%ff%fe", id="no UTF-8"),
        pytest.param("/caf%C3%A9", id="another alphabet"),
        pytest.param("/" + "a" * 5000, id="very long"),
    ],
)
def test_an_odd_path_is_nothing_but_unknown(path):
    response = create_app(shelf()).test_client().get(path)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("query", ["?null", "?utm_source=a&b", "?%00"])
def test_a_query_changes_nothing(query):
    app = create_app(shelf())

    assert on_the_wire(app, "GET", f"/rss.xml{query}", {}) == on_the_wire(
        app, "GET", "/rss.xml", {}
    )


def test_redirects_never_follow_the_host_the_client_names():
    response = create_app(shelf()).test_client().get("/feed", headers={"Host": "evil.example"})

    assert response.location == "http://127.0.0.1:8000/rss.xml"


def test_health_is_told_and_never_kept():
    response = create_app(shelf()).test_client().get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_method_nobody_knows_is_refused_in_text():
    response = create_app(shelf()).test_client().open("/rss.xml", method="BREW")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


class Broken(Shelf):
    """A shelf whose database has gone."""

    def document(self, path: str):
        raise StoreError("no database: start it")


def test_a_store_that_fails_is_a_pause_and_is_logged(caplog):
    caplog.set_level(logging.ERROR)

    response = create_app(Broken()).test_client().get("/rss.xml")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert response.text == "Not now; try again soon.\n"
    assert "no database: start it" in caplog.text


def test_a_fault_of_ours_is_no_page_of_html():
    app = create_app(shelf())
    app.add_url_rule("/fault", "fault", lambda: 1 / 0)

    response = app.test_client().get("/fault")

    assert response.status_code == 500
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
