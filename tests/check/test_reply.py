"""Answers of a server: each rule has an answer that breaks it and nothing else."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from feedsvc.check import Severity, reply
from feedsvc.check.reply import Exchange, Visit, links

NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "https://news.example.org/rss.xml"
BODY = b"<rss>" + b"news " * 1000 + b"</rss>"
PACKED = gzip.compress(BODY)
HEADERS = {
    "Content-Type": "application/rss+xml; charset=utf-8",
    "Content-Length": str(len(BODY)),
    "ETag": '"plain"',
    "Last-Modified": "Sat, 21 Nov 2026 08:00:00 GMT",
    "Cache-Control": "max-age=3600, stale-if-error=86400",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Link": f'<https://hub.example.org/>; rel="hub", <{URL}>; rel=self',
}


def answer(status: int = 200, body: bytes = BODY, **changes: str | None) -> Exchange:
    """An answer as it should be; `content_type=None` leaves a header out."""
    spelled = {name: name.replace("_", "-").title().replace("Etag", "ETag") for name in changes}
    headers = HEADERS | {spelled[name]: value for name, value in changes.items()}
    told = tuple((name, value) for name, value in headers.items() if value is not None)
    return Exchange(address=URL, status=status, headers=told, body=body)


def packed(**changes: str | None) -> Exchange:
    about = {"content_length": str(len(PACKED)), "content_encoding": "gzip", "etag": '"packed"'}
    return answer(body=PACKED, **about | changes)


def bare(**changes: str | None) -> Exchange:
    """A 304."""
    return answer(304, b"", **{"content_type": None, "content_length": None} | changes)


def visit(**changes: Any) -> Visit:
    """A visit to a server that does everything right."""
    whole: dict[str, Any] = {
        "plain": answer(),
        "again": answer(),
        "packed": packed(),
        "refused": answer(),
        "head": answer(body=b""),
        "by_tag": bare(),
        "by_date": bare(),
        "other_tag": answer(),
        "kind": "rss",
        "selves": (URL,),
        "hubs": ("https://hub.example.org/",),
        "now": NOW,
    }
    return Visit(**whole | changes)


def everywhere(**changes: str | None) -> Visit:
    """A server that sends a header wrongly whatever it is asked."""
    return visit(
        plain=answer(**changes),
        again=answer(**changes),
        packed=packed(**changes),
        refused=answer(**changes),
        head=answer(body=b"", **changes),
        by_tag=bare(**changes),
        by_date=bare(**changes),
        other_tag=answer(**changes),
    )


def rules(seen: Visit) -> list[str]:
    return [finding.rule.name.removeprefix("http-") for finding in reply.check(seen)]


def test_a_server_that_does_everything_right_has_nothing_to_report() -> None:
    assert rules(visit()) == []


def test_weak_tags_may_be_shared_by_codings() -> None:
    assert rules(everywhere(etag='W/"a"')) == []


HEADERS_WRONG = [
    ({"content_type": None}, ["content-type-missing"]),
    ({"content_type": "text/html; charset=utf-8"}, ["content-type-html"]),
    ({"content_type": "text/plain; charset=utf-8"}, ["content-type-wrong"]),
    ({"content_type": "application/octet-stream"}, ["content-type-wrong"]),
    ({"content_type": "application/atom+xml"}, ["content-type-wrong"]),
    ({"content_type": "application/xml; charset=utf-8"}, ["content-type-generic"]),
    ({"content_type": "application/rss+xml; charset=iso-8859-1"}, ["charset-mismatch"]),
    ({"content_type": "application/rss+xml; charset=UTF-8"}, []),
    ({"etag": None, "last_modified": None}, ["validators-missing"]),
    ({"etag": None}, ["etag-missing"]),
    ({"last_modified": None}, ["last-modified-missing"]),
    ({"etag": "W/abc"}, ["etag-malformed"]),
    ({"last_modified": "2026-11-21T08:00:00Z"}, ["last-modified-malformed"]),
    ({"last_modified": "Sat, 21 Nov 2026 08:00:00 +0000"}, ["last-modified-malformed"]),
    ({"last_modified": "Mon, 21 Dec 2026 08:00:00 GMT"}, ["last-modified-future"]),
    ({"cache_control": None}, ["cache-control-missing"]),
    ({"cache_control": None, "expires": "Sun, 22 Nov 2026 08:00:00 GMT"}, []),
    ({"cache_control": "no-store"}, ["cache-control-no-store"]),
    ({"cache_control": "max-age=604800"}, ["max-age-long"]),
    ({"cache_control": "no-cache"}, []),
    ({"vary": None}, ["vary-missing"]),
    ({"vary": "Accept-Encoding, Cookie"}, ["vary-too-wide"]),
    ({"vary": "*"}, ["vary-too-wide"]),
    ({"set_cookie": "session=1"}, ["cookie"]),
    ({"x_content_type_options": None}, ["nosniff-missing"]),
    ({"access_control_allow_origin": None}, ["cors-missing"]),
    ({"content_disposition": "attachment; filename=rss.xml"}, ["attachment"]),
    ({"link": None}, ["link-hub-missing"]),
    ({"link": "<https://hub.example.org/>; rel=hub, </atom.xml>; rel=self"}, ["link-self-differs"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), HEADERS_WRONG)
def test_a_header(changes: dict[str, str | None], expected: list[str]) -> None:
    assert rules(everywhere(**changes)) == expected


BEHAVIOURS = [
    ("a length too large", {"plain": answer(content_length="9999"), "head": None}, ["content-length-wrong"]),
    ("a body cut short", {"plain": answer(body=BODY[:-9]), "again": None}, ["content-length-wrong"]),
    ("gzip for everybody", {"plain": packed(), "again": None, "head": None}, ["coding-unasked"]),
    ("gzip though refused", {"refused": packed()}, ["coding-refused"]),
    ("brotli for gzip", {"packed": packed(content_encoding="br")}, ["coding-unasked"]),
    ("no gzip", {"packed": answer()}, ["not-compressed"]),
    ("gzip that is none", {"packed": answer(content_encoding="gzip", etag='"g"')}, ["coding-broken"]),
    ("gzip that breaks off", {"packed": replace(packed(), body=PACKED[:-9])}, ["coding-broken"]),
    ("one tag for codings", {"packed": packed(etag='"plain"')}, ["etag-shared-by-codings"]),
    ("a tag of the moment", {"again": answer(etag='"other"')}, ["etag-unsteady"]),
    ("a date of the moment", {"again": answer(last_modified="Sat, 21 Nov 2026 08:00:02 GMT")}, ["last-modified-now"]),
    ("a change meanwhile", {"again": answer(body=b"<rss/>", etag='"other"')}, []),
    ("a tag ignored", {"by_tag": answer()}, ["etag-ignored"]),
    ("a date ignored", {"by_date": answer()}, ["last-modified-ignored"]),
    ("a date above a tag", {"other_tag": bare()}, ["etag-overruled"]),
    ("304 with a body", {"by_tag": replace(bare(), body=b"words")}, ["304-with-body"]),
    ("304 without its tag", {"by_tag": bare(etag=None)}, ["304-headers-missing"]),
    ("304 without Vary", {"by_date": bare(vary=None)}, ["304-headers-missing"]),
    ("HEAD is not known", {"head": answer(405, b"")}, ["head-differs"]),
    ("HEAD has a body", {"head": answer()}, ["head-with-body"]),
    ("HEAD has no tag", {"head": answer(body=b"", etag=None)}, ["head-differs"]),
    ("HEAD has length 0", {"head": answer(body=b"", content_length="0")}, ["head-differs"]),
    ("HEAD has no length", {"head": answer(body=b"", content_length=None)}, []),
    ("not found", {"plain": answer(404)}, ["status"]),
    ("gone", {"plain": answer(410)}, ["status"]),
    ("an error", {"plain": answer(500)}, ["status"]),
    ("nothing else was asked", {"again": None, "packed": None, "refused": None, "head": None, "by_tag": None, "by_date": None, "other_tag": None}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"), [case[1:] for case in BEHAVIOURS], ids=[case[0] for case in BEHAVIOURS]
)
def test_a_behaviour(changes: dict[str, Any], expected: list[str]) -> None:
    assert rules(visit(**changes)) == expected


def hop(
    status: int, location: str | None, address: str = "https://news.example.org/feed"
) -> Exchange:
    headers = (("Location", location),) if location else ()
    return Exchange(address=address, status=status, headers=headers)


REDIRECTIONS = [
    ("for good", [hop(301, URL)], ["redirect-permanent"]),
    ("for good, by path", [hop(308, "/rss.xml")], ["redirect-permanent"]),
    ("for now", [hop(302, URL)], ["redirect-temporary"]),
    ("for now, kept", [hop(307, URL)], ["redirect-temporary"]),
    ("nowhere", [hop(301, None)], ["location-missing"]),
    ("a chain", [hop(301, "/a"), hop(301, URL)], ["redirect-permanent", "redirect-permanent", "redirect-chain"]),
    ("to plain http", [hop(301, "http://news.example.org/rss.xml")], ["redirect-permanent", "redirect-to-http"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("hops", "expected"),
    [case[1:] for case in REDIRECTIONS],
    ids=[case[0] for case in REDIRECTIONS],
)
def test_redirections(hops: list[Exchange], expected: list[str]) -> None:
    assert rules(visit(hops=tuple(hops))) == expected


def test_plain_http_is_advised_against_but_not_on_this_machine() -> None:
    outside = replace(answer(), address="http://news.example.org/rss.xml")
    here = replace(answer(), address="http://127.0.0.1:8000/rss.xml")

    assert rules(visit(plain=outside)) == ["not-https"]
    assert rules(visit(plain=here)) == []


@pytest.mark.parametrize(
    ("kind", "content_type", "expected"),
    [
        ("json", "application/feed+json", []),
        ("json", "application/json", ["content-type-generic"]),
        ("json", "application/feed+json; charset=utf-8", ["charset-on-json"]),
        ("json", "text/javascript; charset=utf-8", ["content-type-wrong", "charset-on-json"]),
        ("atom", "application/atom+xml", []),
        ("atom", "application/rss+xml", ["content-type-wrong"]),
        ("opml", "text/x-opml; charset=utf-8", []),
        ("opml", "application/xml", ["content-type-generic"]),
        (None, "text/html", []),
    ],
)
def test_the_type_is_that_of_the_document(
    kind: str | None, content_type: str, expected: list[str]
) -> None:
    assert rules(replace(everywhere(content_type=content_type), kind=kind)) == expected


def test_text_xml_without_charset_is_ascii_to_older_readers() -> None:
    words = "<rss>naïve</rss>".encode()
    plain = answer(body=words, content_type="text/xml", content_length=str(len(words)))

    assert rules(visit(plain=plain, again=None, head=None)) == [
        "content-type-generic",
        "charset-missing",
    ]


def test_a_small_document_need_not_be_compressed() -> None:
    small = answer(body=b"<rss/>", content_length="6")

    assert rules(visit(plain=small, again=None, head=None, packed=small)) == []


def test_a_busy_server_says_how_long_to_wait() -> None:
    (finding,) = reply.check(visit(plain=answer(503, retry_after="120")))

    assert "it asks to wait (120)" in finding.message


def test_findings_of_headers_have_no_line() -> None:
    (finding,) = reply.check(everywhere(set_cookie="a=b"))

    assert (finding.line, finding.rule.severity) == (None, Severity.WARNING)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("<https://a/>; rel=hub", {"hub": ["https://a/"]}),
        ('<a>; rel="self hub", <b>; title="x, y"; rel=self', {"self": ["a", "b"], "hub": ["a"]}),
        ("", {}),
        ("nonsense", {}),
    ],
)
def test_a_link_header(header: str, expected: dict[str, list[str]]) -> None:
    assert links(header) == expected


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * (reply.MOST_BYTES + 1), 1)

    with pytest.raises(ValueError, match="more than 100 MB"):
        replace(packed(), body=bomb).decoded()
