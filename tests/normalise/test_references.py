"""Files that an item refers to, and files that are not there."""

from __future__ import annotations

from typing import Any

import pytest

from feedsvc.model import Attachment, Episode, Judged, Markup, Media
from feedsvc.normalise import Context, normalise
from tests.builders import at, raw_item

HOME = "https://news.test/feeds"
FILES = {"pics/a.png": "image/png", "/talk.mp3": "audio/mpeg", "talk.vtt": "text/vtt"}


def attach(reference: str) -> Attachment | None:
    path = reference.partition("?")[0]
    if path not in FILES:
        return None
    return Attachment(
        path=f"/media/0123456789abcdef/{path.rpartition('/')[2]}",
        file=f"/seeds/{path}",
        media_type=FILES[path],
        size_bytes=70,
        stamp="70-1",
    )


def judged(body: str, **fields: Any) -> Judged:
    context = Context(read_at=at("2025-05-14"), base_url=HOME, attach=attach)
    item = raw_item(body, **{"markup": Markup.HTML, "title": "T"} | fields)
    (one,) = normalise([item], context)
    assert isinstance(one, Judged)
    return one


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            '<img src="pics/a.png?w=9" alt="A">',
            f'<img src="{HOME}/media/0123456789abcdef/a.png" alt="A">',
            id="a picture",
        ),
        pytest.param(
            '<img srcset="pics/a.png 1x, https://h.test/b.png 2x">',
            f'<img srcset="{HOME}/media/0123456789abcdef/a.png 1x, https://h.test/b.png 2x">',
            id="pictures to choose from",
        ),
        pytest.param(
            '<a href="/talk.mp3">listen</a>',
            f'<a href="{HOME}/media/0123456789abcdef/talk.mp3">listen</a>',
            id="a link",
        ),
        pytest.param(
            '<video poster="pics/a.png"></video>',
            f'<video poster="{HOME}/media/0123456789abcdef/a.png" controls=""></video>',
            id="a poster",
        ),
    ],
)
def test_a_file_is_shown_at_its_published_address(body, expected):
    one = judged(f"<p>w</p>{body}")

    assert one.content_html == f"<p>w</p>{expected}"
    assert len(one.attachments) == 1
    assert one.missing == ()


def test_a_file_is_listed_once():
    one = judged('<img src="pics/a.png"><img src="pics/a.png?w=2">')

    assert [file.file for file in one.attachments] == ["/seeds/pics/a.png"]


def test_what_shows_and_is_not_there_is_missing_and_links_are_not():
    one = judged('<img src="b.png" alt="B"><a href="about.html">about</a><a href="#top">top</a>')

    assert one.content_html == "B<a>about</a><a>top</a>"
    assert one.missing == ("b.png",)


def test_beside_its_own_page_a_reference_is_no_file_of_ours():
    one = judged('<img src="b.png"><img src="pics/a.png">', link="https://h.test/x/y")

    assert one.content_html == (
        f'<img src="https://h.test/x/b.png"><img src="{HOME}/media/0123456789abcdef/a.png">'
    )
    assert one.missing == ()


def test_markdown_refers_to_files_too():
    one = judged("w ![A](pics/a.png) [t](/talk.mp3)", markup=Markup.MARKDOWN)

    assert [file.file for file in one.attachments] == ["/seeds/pics/a.png", "/seeds//talk.mp3"]


def test_a_medium_that_is_a_file_has_its_type_and_size():
    one = judged("w", media=(Media(url="/talk.mp3", duration_seconds=9), Media(url="c.mp3")))

    assert one.media[0] == Media(
        url=f"{HOME}/media/0123456789abcdef/talk.mp3",
        media_type="audio/mpeg",
        size_bytes=70,
        duration_seconds=9,
    )
    assert one.missing == ("c.mp3",)


def test_a_transcript_is_a_file_too():
    one = judged("w", episode=Episode(number=3, transcripts=(Media(url="talk.vtt"),)))

    assert one.episode is not None
    assert one.episode.number == 3
    (transcript,) = one.episode.transcripts
    assert transcript.url == f"{HOME}/media/0123456789abcdef/talk.vtt"
    assert [file.file for file in one.attachments] == ["/seeds/talk.vtt"]


def test_without_a_folder_nothing_is_missing():
    context = Context(read_at=at("2025-05-14"), base_url=HOME)
    (one,) = normalise([raw_item('<img src="b.png">', markup=Markup.HTML, title="T")], context)

    assert isinstance(one, Judged)
    assert (one.attachments, one.missing) == ((), ())
