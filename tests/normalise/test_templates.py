"""What an item's page, id and section are called where the settings give a pattern."""

from __future__ import annotations

from typing import Any

import pytest

from feedsvc.model import Dated, How, Judged, Markup, Precision, RawDate, RawItem
from feedsvc.normalise import Context, normalise
from feedsvc.normalise.templates import Subject, address, lacking, rendered, slug_of
from tests.builders import at, dated, raw_item

SITE = "https://example.com/"


def post(source: str = "posts/2024-05-01-hello-world.md", **fields: Any) -> RawItem:
    return raw_item(
        **{"source": source, "title": "Hello, World", "markup": Markup.MARKDOWN} | fields
    )


def page(template: str, item: RawItem, published: Dated | None = None, **fields: Any) -> str | None:
    subject = Subject(item, item.title or "", published or dated("2024-05-01"), **fields)
    return address(template, subject, "https://me.org/news")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param(SITE + "{year}/{month}/{day}/{slug}/", "2024/05/01/hello-world/", id="Jekyll"),
        pytest.param(SITE + "{section}/{slug}/", "field-notes/hello-world/", id="Hugo"),
        pytest.param(
            SITE + "{path}/{stem}.html", "posts/2024-05-01-hello-world.html", id="Pelican"
        ),
        pytest.param(SITE + "{folder}/{title}", "posts/hello-world", id="folder and title"),
        pytest.param(SITE + "{Category}/{seo.path}", "caf%C3%A9/a/b", id="front matter"),
        pytest.param("{permalink}", "2024/x?a=1", id="an address in the front matter"),
    ],
)
def test_fields_of_an_address(template: str, expected: str) -> None:
    said = (("category", "café"), ("Seo.Path", "a/b"), ("permalink", SITE + "2024/x?a=1"))

    assert page(template, post(section="Field Notes", fields=said)) == SITE + expected


def test_an_address_from_the_root_is_below_the_site() -> None:
    assert page("/blog/{slug}/", post()) == "https://me.org/news/blog/hello-world/"


def test_a_file_at_the_top_has_an_empty_path() -> None:
    assert page(SITE + "{path}/{stem}/", post("about.md")) == SITE + "about/"


@pytest.mark.parametrize(
    ("item", "is_alone", "expected"),
    [
        pytest.param(post(slug="/own-slug/"), True, "own-slug", id="its own"),
        pytest.param(post("notes/My Note.md"), True, "my-note", id="the name of its file"),
        pytest.param(post("20240501 Trip.md"), True, "trip", id="without its date"),
        pytest.param(post("2024-05-01.md"), True, "2024-05-01", id="unless it is all there is"),
        pytest.param(post("posts/hello/index.md"), True, "hello", id="the folder of an index"),
        pytest.param(post("_posts/2024-05-01-hello/index.html"), True, "hello", id="with its date"),
        pytest.param(post("feed.xml"), False, "hello-world", id="one of many: its title"),
        pytest.param(
            post("dump.txt", markup=Markup.TEXT), True, "hello-world", id="a dump's alone"
        ),
        pytest.param(post("a.xml", title="Ёлка и Œuvre"), False, "ёлка-и-œuvre", id="any script"),
        pytest.param(
            post("a.xml", title="L’été à Łódź"), False, "lete-a-lodz", id="ASCII if it can"
        ),
    ],
)
def test_a_slug_is_the_items_own_or_its_files_or_its_titles(item, is_alone, expected) -> None:
    assert slug_of(item, item.title or "", is_alone=is_alone) == expected


@pytest.mark.parametrize(
    ("published", "lacks"),
    [
        pytest.param(dated(how=How.DERIVED), (), id="any claim will do"),
        pytest.param(dated(how=How.CAPTURED), ("year", "day"), id="a bound is no date"),
        pytest.param(dated(precision=Precision.MONTH), ("day",), id="a month has no day"),
    ],
)
def test_what_an_item_lacks_makes_no_address(published: Dated, lacks: tuple[str, ...]) -> None:
    template = SITE + "{year}/{day}/{slug}"

    assert lacking(template, Subject(post(), "Hello", published)) == lacks
    assert (page(template, post(), published) is None) == bool(lacks)


def test_the_day_is_that_of_its_own_zone() -> None:
    published = dated("2024-05-01T23:30", offset_minutes=180)

    assert page(SITE + "{month}-{day}", post(), published) == SITE + "05-02"


def test_a_section_may_be_the_folders_name() -> None:
    def section(source: str) -> str | None:
        return rendered("{folder}", Subject(post(source), "T"))

    assert section("blog/Field Notes/a.md") == "Field Notes"
    assert section("a.md") is None


# --- in the room as a whole -----------------------------------------------------------------


def judge(item: RawItem, **settings: Any) -> Judged:
    context = Context(read_at=at("2025-05-14"), base_url="https://me.org", **settings)
    (judged,) = normalise([item], context)
    assert isinstance(judged, Judged)
    return judged


DATED = (RawDate(words="2024-05-01"),)


def test_an_item_has_its_page_on_the_existing_site() -> None:
    body = "See [that](../other/) and ![it](pic.png)."
    judged = judge(post(body=body, dates=DATED), link=SITE + "{year}/{month}/{slug}/")

    assert judged.link == SITE + "2024/05/hello-world/"
    assert judged.content_html == (
        f'<p>See <a href="{SITE}2024/05/other/">that</a> and '
        f'<img src="{SITE}2024/05/hello-world/pic.png" alt="it">.</p>'
    )
    assert judged.keys.link == judge(post(link=judged.link)).keys.link


def test_an_address_of_its_own_comes_first() -> None:
    template = SITE + "{slug}/"

    assert judge(post(link="https://x.org/a"), link=template).link == "https://x.org/a"
    assert judge(post(link="/2024/x/"), link=template).link == SITE + "2024/x/"
    assert judge(post(link="/2024/x/")).link == "https://me.org/2024/x/"


def test_an_item_without_a_field_falls_back_to_our_own_page_and_says_why() -> None:
    judged = judge(post("hello.md"), link=SITE + "{year}/{slug}/")

    assert (judged.link, judged.lacking) == (None, ("year",))


@pytest.mark.parametrize(
    ("guid", "template", "expected"),
    [
        (None, "{link}", SITE + "hello-world/"),
        ("7", "https://example.com/?p={guid}", "https://example.com/?p=7"),
        ("7", "tag:example.com,{year}:{slug}", "tag:example.com,2024:hello-world"),
        ("urn:x-y:1", "{link}", "urn:x-y:1"),
        ("7", "{nothing}", "7"),
    ],
)
def test_an_id_of_a_pattern(guid: str | None, template: str, expected: str) -> None:
    item = post(guid=guid, dates=DATED)

    assert judge(item, link=SITE + "{slug}/", id=template).item.guid == expected


def test_a_folders_name_is_the_section_of_what_names_none() -> None:
    assert judge(post(), section="{folder}").item.section == "posts"
    assert judge(post(section="Own"), section="{folder}").item.section == "Own"
    assert judge(post("top.md"), section="{folder}").item.section is None
    assert judge(post(), section="News").item.section == "News"
