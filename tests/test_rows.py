"""An entry and a refusal as flat objects."""

from __future__ import annotations

import json

import pytest

from feedsvc.model import Author, Listing, Media, Place, Refused
from feedsvc.rows import refused_row, row
from tests.builders import dated, entry, site


def test_what_is_unknown_is_null_or_an_empty_list() -> None:
    found = row(entry(), site())

    empty = {key: value for key, value in found.items() if value in (None, [])}
    assert empty == {
        "section": None, "sections": [], "tags": [], "authors": [], "language": None,
        "source_id": None, "media": [], "also_in": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("offset", "published"),
    [
        pytest.param(0, "2025-05-13T12:00:00+00:00", id="UTC"),
        pytest.param(180, "2025-05-13T15:00:00+03:00", id="east"),
        pytest.param(-570, "2025-05-13T02:30:00-09:30", id="west"),
    ],
)
def test_published_keeps_the_offset_it_was_written_with(offset: int, published: str) -> None:
    one = entry(published=dated("2025-05-13", offset_minutes=offset))

    found = row(one, site())

    assert (found["published"], found["updated"]) == (published, "2025-05-13T12:00:00Z")


def test_lists_are_objects_that_json_can_hold() -> None:
    one = entry(
        sections=(Listing(section="Popular", slug="popular", rank=2),),
        authors=(Author(name="A. Writer"),),
        media=(Media(url="https://example.com/a.jpg", media_type="image/jpeg"),),
        also_in=(Place(source="b.txt", line=3),),
        link="https://example.com/1",
    )

    found = json.loads(json.dumps(row(one, site())))

    assert found["sections"] == [{"section": "Popular", "rank": 2}]
    assert found["authors"] == [{"name": "A. Writer", "email": None, "url": None}]
    assert found["also_in"] == [{"source": "b.txt", "line": 3, "section": None, "rank": None}]
    assert found["media"][0]["media_type"] == "image/jpeg"
    assert found["url"] == "https://example.com/1"


def test_a_refusal_tells_where_why_and_what_to_do() -> None:
    one = Refused(source="a.jsonl", line=7, reason="broken", remedy="mend it", words='{"a')

    assert refused_row(one) == {
        "source": "a.jsonl", "line": 7, "reason": "broken", "remedy": "mend it", "words": '{"a',
    }  # fmt: skip
