"""Searching over HTTP: every question has one address, and what answers it is a feed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from feedsvc.check import Severity, check_document
from feedsvc.service import Service
from feedsvc.web import create_app

BASE = "http://127.0.0.1:8000"
NEWS = [
    {"id": "1", "title": "Harbour reopens", "date": "2025-05-01", "tags": ["Sea"], "body": "Ferries."},
    {"id": "2", "title": "Harbour closed", "date": "2025-05-02", "tags": ["Sea", "Fire"], "body": "Fire brigade."},
    {"id": "3", "title": "Mill burns", "date": "2025-05-03", "tags": ["Fire"], "body": "A fire."},
]  # fmt: skip


@pytest.fixture
def service(open_service: Any, tmp_path: Path) -> Service:
    folder = tmp_path / "seeds"
    folder.mkdir()
    write(folder, NEWS)
    opened: Service = open_service(folder)
    opened.ingest()
    return opened


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with create_app(service.publisher()).test_client() as client:
        yield client


def write(folder: Path, items: list[dict[str, Any]]) -> None:
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, items)))


def titles(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [item["title"] for item in json.loads(answer.data)["items"]]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("q=harbour", ["Harbour closed", "Harbour reopens"]),
        ("q=%22fire%20brigade%22", ["Harbour closed"]),
        ("tag=fire", ["Mill burns", "Harbour closed"]),
        ("q=harbour&tag=fire", ["Harbour closed"]),
        ("q=fire&exclude=mill", ["Harbour closed"]),
        ("since=2025-05-02&limit=1", ["Mill burns"]),
        ("q=nothing", []),
    ],
)
def test_a_question_is_answered_by_a_feed(client: Any, question: str, found: list[str]) -> None:
    answer = client.get(f"/search/feed.json?{question}")

    assert titles(answer) == found
    assert json.loads(answer.data)["feed_url"] == f"{BASE}/search/feed.json?{question}"


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json", ""])
def test_every_format_answers_with_validators_and_says_who_it_is(client: Any, name: str) -> None:
    answer = client.get(f"/search/{name}?q=harbour")

    assert answer.status_code == 200
    assert answer.headers["ETag"]
    assert answer.headers["Last-Modified"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert f"{BASE}/search/{name or 'atom.xml'}?q=harbour" in answer.headers["Link"]


def test_what_is_unchanged_is_not_sent_again(client: Any) -> None:
    first = client.get("/search/atom.xml?q=harbour")

    again = client.get(
        "/search/atom.xml?q=harbour", headers={"If-None-Match": first.headers["ETag"]}
    )
    head = client.head("/search/atom.xml?q=harbour")

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["X-Robots-Tag"] == "noindex"
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(first.data))


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/search/atom.xml?q=Harbour", "/search/atom.xml?q=harbour"),
        ("/search/atom.xml?q=a+b", "/search/atom.xml?q=a%20b"),
        ("/search/atom.xml?tag=b&tag=a&tag=b", "/search/atom.xml?tag=a&tag=b"),
        ("/search/atom.xml?limit=1000&q=a&utm_source=x", "/search/atom.xml?q=a&limit=200"),
        ("/search/?q=a&tag=&since=", "/search/?q=a"),
        ("/search?q=a", "/search/?q=a"),
        ("/search", "/search/"),
        ("/search/atom?q=a", "/search/atom.xml?q=a"),
        ("/search/feed/?q=a", "/search/rss.xml?q=a"),
        ("/search/?utm_source=x", "/search/"),
        ("/search/atom.xml", "/atom.xml"),
        ("/search/rss.xml?limit=5", "/rss.xml"),
        ("/search/?q=%0D%0ASet-Cookie:x", "/search/?q=set-cookie%3Ax"),
    ],
)
def test_other_spellings_lead_to_the_one_address(client: Any, asked: str, canonical: str) -> None:
    answer = client.get(asked)

    assert answer.status_code == 301
    assert answer.headers["Location"] == BASE + canonical
    assert "max-age" in answer.headers["Cache-Control"]


def test_the_search_page_waits_for_a_question(client: Any) -> None:
    answer = client.get("/search/")

    assert answer.status_code == 200
    assert b'name="q"' in answer.data
    assert b"Harbour" not in answer.data


def test_the_page_of_a_search_offers_it_as_a_feed(client: Any) -> None:
    page = client.get("/search/?q=harbour").get_data(as_text=True)

    assert "Harbour closed" in page
    assert "Mill burns" not in page
    assert "atom.xml?q=harbour" in page


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("/search/atom.xml?q=a&since=soon", 400, "since: "),
        ("/search/atom.xml?q=a&limit=many", 400, "limit: not a whole number"),
        ("/search/?q=!!!", 400, "q: no word in '!!!'; give letters or digits"),
        ("/search/other.xml?q=a", 404, "/search/?q="),
        ("/search/archive/1/atom.xml?q=a", 404, "Nothing is published here"),
        ("/search//?q=a", 404, "Nothing is published here"),
    ],
)
def test_what_cannot_be_answered_is_told_in_words(
    client: Any, asked: str, status: int, told: str
) -> None:
    answer = client.get(asked)

    assert answer.status_code == status
    assert answer.content_type == "text/plain; charset=utf-8"
    assert told in answer.get_data(as_text=True)


def test_a_search_is_only_read(client: Any) -> None:
    assert client.post("/search/atom.xml?q=a").status_code == 405
    assert client.options("/search/atom.xml?q=a").status_code == 204


def test_an_answer_follows_what_is_published(service: Service, client: Any, tmp_path: Path) -> None:
    before = client.get("/search/feed.json?q=harbour")
    later = {"id": "4", "title": "Harbour again", "date": "2025-05-04", "body": "Open."}

    write(tmp_path / "seeds", [*NEWS, later])
    service.ingest()
    after = client.get("/search/feed.json?q=harbour")

    assert titles(after) == ["Harbour again", *titles(before)]
    assert after.headers["ETag"] != before.headers["ETag"]


def test_two_questions_are_two_feeds_and_ways_of_showing_are_none(client: Any) -> None:
    def id_of(question: str) -> str:
        page = client.get(f"/search/atom.xml?{question}").get_data(as_text=True)
        return page.partition("<id>")[2].partition("</id>")[0]

    assert id_of("q=harbour") != id_of("q=mill")
    assert id_of("q=harbour") == id_of("q=harbour&limit=1&content=summary")


def test_the_feeds_beside_hear_no_query(client: Any) -> None:
    assert client.get("/atom.xml?q=harbour").data == client.get("/atom.xml").data


@pytest.mark.parametrize(
    "words",
    ["a%26b=c%23d", "%22x%20y%22", "~x*'()", "%E4%B8%96%E7%95%8C", "a%2Fb:c;d", "100%25", "é"],
)
def test_one_step_leads_to_the_answer(client: Any, words: str) -> None:
    answer = client.get(f"/search/atom.xml?q={words}&q=Harbour")

    assert answer.status_code == 301
    assert client.get(answer.headers["Location"].removeprefix(BASE)).status_code == 200


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
@pytest.mark.parametrize("question", ["q=harbour", "q=nothing", "tag=fire&order=rank&limit=1"])
def test_an_answer_is_a_feed_without_fault(client: Any, name: str, question: str) -> None:
    answer = client.get(f"/search/{name}?{question}")

    found = check_document(answer.data, name=name, media_type=answer.content_type)
    assert [one.message for one in found if one.rule.severity is Severity.ERROR] == []
