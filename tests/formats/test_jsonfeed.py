"""JSON Feed 1.1, and what it tells of the dates."""

from __future__ import annotations

import json

import pytest

from feedsvc.formats import jsonfeed
from feedsvc.model import Author, How, Media, Precision, Tombstone
from tests.builders import at, dated, entry, page, site


def document(*entries, **fields):
    return json.loads(jsonfeed.render(page(*entries, **fields)))


def test_an_item_in_full():
    made = entry(
        13,
        summary="Short.",
        published=dated(
            "2025-05-13",
            How.DERIVED,
            precision=Precision.DAY,
            evidence="on May 13",
            rule="day without year",
            confidence=0.9,
        ),
        updated=at("2025-05-14T09:30:00"),
        authors=(Author(name="Ann", email="ann@a.test"), Author(name="Bo", url="https://bo.test/")),
        tags=("war",),
        language="de",
        media=(
            Media(url="https://a.test/p.jpg", is_image=True),
            Media(url="https://a.test/a.mp3", size_bytes=7, title="Talk"),
        ),
    )

    assert document(made)["items"] == [
        {
            "id": "urn:uuid:00000000-0000-5000-8000-000000000013",
            "url": "http://127.0.0.1:8000/entries/entry-13/",
            "title": "Entry 13",
            "content_html": "<p>Text of entry 13.</p>",
            "summary": "Short.",
            "image": "https://a.test/p.jpg",
            "date_published": "2025-05-13T12:00:00Z",
            "date_modified": "2025-05-14T09:30:00Z",
            "authors": [
                {"name": "Ann", "url": "mailto:ann@a.test"},
                {"name": "Bo", "url": "https://bo.test/"},
            ],
            "tags": ["war"],
            "language": "de",
            "attachments": [
                {
                    "url": "https://a.test/a.mp3",
                    "mime_type": "audio/mpeg",
                    "title": "Talk",
                    "size_in_bytes": 7,
                }
            ],
            "_feedsvc": {
                "how": "derived",
                "precision": "day",
                "evidence": "on May 13",
                "rule": "day without year",
                "confidence": 0.9,
            },
        }
    ]


def test_the_head():
    gone = Tombstone(id="urn:uuid:9", slug="s", removed=at("2025-05-14T08:00:00"), reason="a slip")

    found = document(tombstones=(gone,))

    assert next(iter(found)) == "version"
    assert found == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "A site",
        "home_page_url": "http://127.0.0.1:8000/",
        "feed_url": "http://127.0.0.1:8000/feed.json",
        "language": "en",
        "authors": [{"name": "A site"}],
        "_feedsvc": {
            "about": "http://127.0.0.1:8000/#dates",
            "id": "urn:uuid:7d0a4d63-e187-5b01-8470-c250c3cc0f2a",
            "updated": "2000-01-01T00:00:00Z",
            "tombstones": [
                {"id": "urn:uuid:9", "removed": "2025-05-14T08:00:00Z", "reason": "a slip"}
            ],
        },
        "items": [],
    }


def test_a_headline_is_its_own_text():
    (item,) = document(entry(1, summary="", content_html="", content_text=""))["items"]

    assert item["content_text"] == "Entry 1"
    assert "content_html" not in item


@pytest.mark.parametrize("how, is_told", [(How.CAPTURED, False), (How.STATED, True)])
def test_a_weak_date_left_out_is_still_told_as_weak(how, is_told):
    made = entry(1, published=dated("2025-05-13", how))

    (item,) = document(made, site=site(publish_weak_dates=False))["items"]

    assert ("date_published" in item) is is_told
    assert item["_feedsvc"]["how"] == how.word


def test_a_derived_title_is_left_out_by_the_setting():
    (item,) = document(entry(1, title_is_derived=True), site=site(publish_derived_titles=False))[
        "items"
    ]

    assert "title" not in item
