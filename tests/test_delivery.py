"""What goes on the wire for a document, and what is said when there is none."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.delivery import CODED_BY, answer, codings, encoded, redirect, refuse, respond
from feedsvc.model import Reply
from tests.builders import Shelf, at, document
from tests.http_lint import complaints

BASE = "https://example.org/news"
BODY = b"<rss>" + b"All the news. " * 40 + b"</rss>"
FEED = document(
    body=BODY,
    etag="t",
    navigable_as="application/xml; charset=utf-8",
    links=((f"{BASE}/rss.xml", "self", "application/rss+xml"),),
)
PAGE = document(
    "/index.html", b"<!doctype html>", media_type="text/html; charset=utf-8", is_active=True
)
PICTURE = document("/media/ab/dot.png", b"\x89PNG", media_type="image/png", etag="t")
DATE = "Wed, 14 May 2025 12:00:00 GMT"


def shelf() -> Shelf:
    return Shelf(
        FEED,
        PAGE,
        document("/sections/europe/rss.xml"),
        replace(PAGE, path="/sections/europe/index.html"),
        gone=("/entries/lost/index.html",),
        base_url=BASE,
    )


def ask(path: str = "/rss.xml", method: str = "GET", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(shelf(), method, path, named, BASE)


def test_a_feed_is_sent_with_everything_a_reader_a_cache_and_a_browser_need():
    reply = ask()

    assert (reply.status, reply.body) == (200, BODY)
    assert reply.headers == (
        ("Content-Type", "application/rss+xml; charset=utf-8"),
        ("Content-Length", "571"),
        ("ETag", '"t"'),
        ("Last-Modified", DATE),
        ("Cache-Control", "max-age=900, stale-while-revalidate=900, stale-if-error=86400"),
        ("Vary", "Accept-Encoding, Sec-Fetch-Dest"),
        ("Link", f'<{BASE}/rss.xml>; rel="self"; type="application/rss+xml"'),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", "ETag, Link, Retry-After"),
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src https: data:; sandbox",
        ),
        ("X-Content-Type-Options", "nosniff"),
    )


def test_not_modified_has_no_body_and_the_headers_a_cache_refreshes():
    reply = ask(If_None_Match='"t"')

    assert (reply.status, reply.body) == (304, b"")
    assert [name for name, _ in reply.headers] == [
        "ETag",
        "Last-Modified",
        "Cache-Control",
        "Vary",
        "Link",
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
    ]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        pytest.param(None, "identity", id="no header"),
        pytest.param("", "identity", id="an empty header"),
        pytest.param("gzip", "gzip", id="gzip"),
        pytest.param("x-gzip", "gzip", id="gzip by its old name"),
        pytest.param("GZip", "gzip", id="in capitals"),
        pytest.param("gzip, deflate, br, zstd", "br", id="a browser"),
        pytest.param("gzip, zstd", "zstd", id="zstd by name"),
        pytest.param("br;q=0.5, gzip;q=0.8", "gzip", id="the better liked"),
        pytest.param("gzip;q=0", "identity", id="gzip refused"),
        pytest.param("gzip;q=0, br", "br", id="gzip refused, br named"),
        pytest.param("*", "gzip", id="anything is never br or zstd"),
        pytest.param("*;q=0.1, gzip;q=0", "identity", id="anything but gzip"),
        pytest.param("identity, gzip;q=0.5", "identity", id="plain liked better"),
        pytest.param("identity;q=0.5, gzip;q=0.5", "gzip", id="both alike"),
        pytest.param("gzip;q=0.001", "gzip", id="barely"),
        pytest.param("identity;q=0", "gzip", id="anything but plain"),
        pytest.param("identity;q=0, br;q=0.2", "br", id="not plain, br named"),
        pytest.param("*;q=0", "identity", id="nothing at all"),
        pytest.param("deflate, compress", "identity", id="codings we do not speak"),
        pytest.param("gzip;q=high", "identity", id="an unreadable quality"),
        pytest.param(";;=,\x00,q=1", "identity", id="rubbish"),
    ],
)
def test_the_coding_is_the_one_the_client_likes_best(accepted, expected):
    reply = respond(FEED, "GET", {} if accepted is None else {"Accept-Encoding": accepted})
    headers = dict(reply.headers)

    assert headers.get("Content-Encoding", "identity") == expected
    assert headers["ETag"] == ('"t"' if expected == "identity" else f'"t-{expected}"')
    assert headers["Content-Length"] == str(len(reply.body))
    assert reply.body == encoded(FEED, expected)


@pytest.mark.parametrize(
    ("coding", "decode"),
    [
        pytest.param("gzip", gzip.decompress, id="gzip"),
        pytest.param("br", brotli.decompress, id="br"),
        pytest.param("zstd", zstandard.ZstdDecompressor().decompress, id="zstd"),
    ],
)
def test_an_encoded_body_is_made_once_and_reads_back(coding, decode):
    fresh = document(body=BODY)

    assert decode(encoded(fresh, coding)) == BODY
    assert encoded(fresh, coding) is encoded(fresh, coding)
    assert encoded(document(body=BODY), coding) == encoded(fresh, coding)


def test_gzip_names_neither_time_nor_system():
    assert encoded(document(body=BODY), "gzip")[:10].hex() == "1f8b08000000000000ff"


def test_the_coders_are_named_with_their_versions():
    assert CODED_BY.startswith(f"zlib {zlib.ZLIB_RUNTIME_VERSION}, brotli ")


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html; charset=utf-8",
        "text/css; charset=utf-8",
        "text/x-opml; charset=utf-8",
        "application/atom+xml; charset=utf-8",
        "application/feed+json",
        "application/json",
        "image/svg+xml",
    ],
)
def test_text_of_any_kind_is_offered_compressed(media_type):
    assert codings(document(media_type=media_type)) == ("gzip", "br", "zstd")


def test_a_picture_is_never_compressed_and_does_not_vary():
    reply = respond(PICTURE, "GET", {"Accept-Encoding": "gzip"})

    assert codings(PICTURE) == ()
    assert reply.body == b"\x89PNG"
    assert {"Content-Encoding", "Vary"}.isdisjoint(dict(reply.headers))


@pytest.mark.parametrize(
    ("offered", "accepted", "repeated"),
    [
        pytest.param('"t"', "", "t", id="the tag"),
        pytest.param('W/"t"', "", "t", id="weakly"),
        pytest.param("t", "", "t", id="without its quotes"),
        pytest.param("*", "", "t", id="any"),
        pytest.param("*", "gzip", "t-gzip", id="any, of the coding asked for"),
        pytest.param('"a", "t-gzip", "b"', "gzip", "t-gzip", id="in a list"),
        pytest.param('"t", "t-br"', "br", "t-br", id="the selected one before others"),
        pytest.param('"t-zstd"', "", "t-zstd", id="of another coding"),
        pytest.param('"t:gzip"', "gzip", "t-gzip", id="as others spell the coding"),
        pytest.param('"t-br-gzip"', "", None, id="encoded twice is not ours"),
        pytest.param('"other"', "", None, id="another tag"),
        pytest.param('"T"', "", None, id="in other letters"),
    ],
)
def test_if_none_match_knows_the_tags_of_every_coding(offered, accepted, repeated):
    reply = ask(If_None_Match=offered, Accept_Encoding=accepted)

    if repeated is None:
        assert reply.status == 200
    else:
        assert (reply.status, dict(reply.headers)["ETag"]) == (304, f'"{repeated}"')


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"If_Modified_Since": DATE}, 304, id="exactly"),
        pytest.param({"If_Modified_Since": "Wednesday, 14-May-25 12:00:00 GMT"}, 304, id="RFC 850"),
        pytest.param({"If_Modified_Since": "Wed May 14 12:00:00 2025"}, 304, id="asctime"),
        pytest.param(
            {"If_Modified_Since": "Wed, 14 May 2025 12:00:01 GMT"}, 200, id="the client's own clock"
        ),
        pytest.param({"If_Modified_Since": "Tue, 13 May 2025 12:00:00 GMT"}, 200, id="earlier"),
        pytest.param({"If_Modified_Since": "lately"}, 200, id="unreadable"),
        pytest.param(
            {"If_Modified_Since": "1 Jan 2000 00:00:00 +" + "9" * 20}, 200, id="overflowing"
        ),
        pytest.param(
            {"If_None_Match": '"other"', "If_Modified_Since": DATE}, 200, id="the tag speaks first"
        ),
        pytest.param(
            {"If_None_Match": '"t"', "If_Modified_Since": "lately"}, 304, id="the tag alone speaks"
        ),
        pytest.param({"If_None_Match": " ", "If_Modified_Since": DATE}, 304, id="an empty tag"),
        pytest.param({"Range": "bytes=0-3"}, 200, id="a range is not offered"),
        pytest.param({"Range": "bytes=0-3", "If_None_Match": '"t"'}, 304, id="a range is ignored"),
        pytest.param({"A_IM": "feed", "If_None_Match": '"other"'}, 200, id="no 226"),
        pytest.param({"Accept": "text/html"}, 200, id="Accept is not asked"),
    ],
)
def test_conditions(headers, status):
    reply = ask(**headers)

    assert reply.status == status
    assert reply.body == (BODY if status == 200 else b"")


def test_fractions_of_a_second_do_not_defeat_if_modified_since():
    modified = at("2025-05-14T12:00:00.700000")

    reply = respond(document(modified=modified), "GET", {"If-Modified-Since": DATE})

    assert reply.status == 304


@pytest.mark.parametrize(
    ("destination", "media_type"),
    [
        pytest.param("document", "application/xml; charset=utf-8", id="a person opens it"),
        pytest.param("empty", "application/rss+xml; charset=utf-8", id="a script fetches it"),
    ],
)
def test_a_browser_navigation_gets_the_same_bytes_under_a_type_it_shows(destination, media_type):
    reply = ask(Sec_Fetch_Dest=destination)

    assert dict(reply.headers)["Content-Type"] == media_type
    assert (dict(reply.headers)["ETag"], reply.body) == ('"t"', BODY)


def test_a_page_for_people_may_show_pictures_and_varies_by_coding_alone():
    headers = dict(ask("/", Sec_Fetch_Dest="document").headers)

    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
        "img-src https: http: data: 'self'; "
        "media-src https: http: 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'"
    )


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        pytest.param("/", 200, None, id="the folder is its page"),
        pytest.param("/index.html", 200, None, id="the page by its name"),
        pytest.param("/sections/europe/", 200, None, id="a section"),
        pytest.param("/sections/europe", 301, "/sections/europe/", id="without its slash"),
        pytest.param("", 301, "/", id="the mount without its slash"),
        pytest.param("/feed", 301, "/rss.xml", id="a friendly name"),
        pytest.param("/feed/", 301, "/rss.xml", id="a friendly name with a slash"),
        pytest.param(
            "/sections/europe/feed", 301, "/sections/europe/rss.xml", id="below a section"
        ),
        pytest.param("/atom", 404, None, id="an alias of nothing"),
        pytest.param("/sections/asia/feed", 404, None, id="an alias in no feed"),
        pytest.param("/sections", 404, None, id="a folder that is no feed"),
        pytest.param("/rss.xml/", 404, None, id="a document is no folder"),
        pytest.param("/RSS.xml", 404, None, id="letters count"),
        pytest.param("/entries/lost/", 410, None, id="taken back"),
        pytest.param("/entries/lost", 410, None, id="taken back, without its slash"),
        pytest.param("//example.com/feed", 404, None, id="no redirect to another host"),
        pytest.param("//rss.xml", 404, None, id="an empty segment"),
        pytest.param("/../rss.xml", 404, None, id="a step up"),
        pytest.param("/./rss.xml", 404, None, id="a step nowhere"),
        pytest.param("/sections/..", 404, None, id="a step up at the end"),
        pytest.param("/rss.xml\x00", 404, None, id="NUL"),
        pytest.param("/feed\r\nSet-Cookie: a=b", 404, None, id="a header in the path"),
        pytest.param("/sections\\europe", 404, None, id="a backslash"),
        pytest.param("rss.xml", 404, None, id="no leading slash"),
        pytest.param("/caf\u00e9\ud800", 404, None, id="no UTF-8"),
    ],
)
def test_every_path_has_its_answer(path, status, location):
    reply = ask(path)

    assert reply.status == status
    assert dict(reply.headers).get("Location") == (BASE + location if location else None)


def test_odd_paths_are_not_even_looked_up():
    documents = shelf()

    answer(documents, "GET", "/../../etc/passwd", {}, BASE)

    assert documents.asked == []


def test_a_redirect_speaks_ascii():
    headers = dict(redirect("https://b\u00fccher.example/caf\u00e9/").headers)

    assert headers["Location"] == "https://xn--bcher-kva.example/caf%C3%A9/"


@pytest.mark.parametrize("path", ["/rss.xml", "/", "/feed", "/nowhere", "/entries/lost/"])
@pytest.mark.parametrize("condition", [{}, {"If_None_Match": '"t"'}, {"Accept_Encoding": "br"}])
def test_head_is_get_without_its_body(path, condition):
    head, got = ask(path, "HEAD", **condition), ask(path, **condition)

    assert head == replace(got, body=b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "get", "BREW"])
def test_other_methods_are_not_allowed(method):
    reply = ask(method=method)

    assert reply.status == 405
    assert dict(reply.headers)["Allow"] == "GET, HEAD, OPTIONS"


def test_scripts_of_any_site_may_read_conditionally():
    reply = ask(method="OPTIONS")

    assert (reply.status, reply.body) == (204, b"")
    assert dict(reply.headers) == {
        "Allow": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, A-IM",
        "Access-Control-Max-Age": "86400",
        "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
    }


def test_a_refusal_is_a_line_of_text_that_caches_may_keep_for_a_while():
    assert ask("/nowhere") == Reply(
        status=404,
        headers=(
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", "77"),
            ("Cache-Control", "max-age=60"),
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", "ETag, Link, Retry-After"),
            ("X-Content-Type-Options", "nosniff"),
        ),
        body=b"Nothing is published here; the feeds are listed at https://example.org/news/\n",
    )


def test_a_pause_says_when_to_come_back():
    headers = dict(refuse(503, "Not now.", retry_after=60).headers)

    assert (headers["Retry-After"], headers["Cache-Control"]) == ("60", "no-store")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"media_type": "text/html\r\nSet-Cookie: a=b"}, id="in the media type"),
        pytest.param({"etag": "a\nb"}, id="in the tag"),
        pytest.param({"links": (("https://example.org/", 'a"\r\nX: y', ""),)}, id="in a relation"),
    ],
)
def test_no_value_can_end_its_header(broken):
    with pytest.raises(ValueError, match="not fit for a header"):
        respond(document(**broken), "GET", {})


def test_an_address_in_a_link_header_is_quoted():
    links = (("https://example.org/a>; rel=evil, <b\r\n\u00e9", "self", ""),)

    headers = dict(respond(document(links=links), "GET", {}).headers)

    assert headers["Link"] == '<https://example.org/a%3E;%20rel=evil,%20%3Cb%C3%A9>; rel="self"'


@given(
    path=st.text(max_size=30),
    headers=st.dictionaries(
        st.sampled_from(("Accept-Encoding", "If-None-Match", "If-Modified-Since")), st.text()
    ),
)
def test_nothing_a_client_sends_raises(path, headers):
    reply = answer(shelf(), "GET", f"/{path}", headers, BASE)
    known = answer(shelf(), "GET", "/rss.xml", headers, BASE)

    assert reply.status in (200, 301, 304, 404)
    assert known.status in (200, 304)


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        pytest.param("GET", "/rss.xml", {}, id="a feed"),
        pytest.param("HEAD", "/rss.xml", {}, id="its head"),
        pytest.param("GET", "/rss.xml", {"Accept-Encoding": "gzip"}, id="gzip"),
        pytest.param("GET", "/rss.xml", {"Accept-Encoding": "br"}, id="br"),
        pytest.param("GET", "/rss.xml", {"Accept-Encoding": "zstd"}, id="zstd"),
        pytest.param("GET", "/rss.xml", {"If-None-Match": '"t"'}, id="not modified"),
        pytest.param("GET", "/rss.xml", {"If-Modified-Since": DATE}, id="not modified since"),
        pytest.param("GET", "/rss.xml", {"Sec-Fetch-Dest": "document"}, id="a navigation"),
        pytest.param("GET", "/", {}, id="a page"),
        pytest.param("GET", "/feed", {}, id="moved"),
        pytest.param("GET", "/nowhere", {}, id="unknown"),
        pytest.param("GET", "/entries/lost/", {}, id="gone"),
        pytest.param("POST", "/rss.xml", {}, id="not allowed"),
        pytest.param(
            "OPTIONS",
            "/rss.xml",
            {
                "Origin": "https://reader.example",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "if-none-match",
            },
            id="a preflight",
        ),
    ],
)
def test_httplint_finds_nothing_wrong(method, path, asked):
    reply = answer(shelf(), method, path, asked, BASE)
    headers = [("Date", "Wed, 14 May 2025 12:30:00 GMT"), *reply.headers]

    assert complaints(reply.status, headers, reply.body, method=method, asked=asked) == []
