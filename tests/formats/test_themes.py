"""A theme: a folder of templates and assets laid over ours."""

from __future__ import annotations

import pytest

from feedsvc import formats
from feedsvc.errors import BrokenTheme
from feedsvc.formats import article, html
from feedsvc.model import Article, Query
from tests.builders import entry, page, site

WIDE = '{% extends "feedsvc/page.html.j2" %}{% block nav %}<p>A nav of mine</p>{% endblock %}'


@pytest.fixture
def folder(tmp_path):
    """A theme's folder; call it with a file's name and its content."""

    def write(name, content):
        file = tmp_path / "theme" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(tmp_path / "theme")

    return write


def of_feed(theme, *entries, **fields):
    return html.render(page(*entries, site=site(theme=theme), **fields)).decode()


def of_entry(theme):
    return article.render(Article(site=site(theme=theme), entry=entry(1))).decode()


def test_a_template_takes_the_place_of_ours_and_can_build_on_it(folder):
    theme = folder("page.html.j2", WIDE)

    found = of_feed(theme, entry(1))

    assert "<p>A nav of mine</p>" in found
    assert '<h2 dir="auto"><a href="entries/entry-1/" rel="bookmark">Entry 1</a></h2>' in found


def test_one_template_goes_into_all_that_build_on_it(folder):
    base = '{% extends "feedsvc/base.html.j2" %}{% block footer %}<p>Mine</p>{% endblock %}'
    parts = '{% extends "feedsvc/parts.html.j2" %}'
    folder("parts.html.j2", parts)
    theme = folder("base.html.j2", base)

    assert "<h1" in of_entry(theme)
    assert "<h1" in of_feed(theme)
    assert "<form" in of_feed(theme, query=Query())


def test_a_template_of_its_own_can_be_included(folder):
    folder("hello/there.html.j2", "<p>Hello {{ site.title }}</p>")
    theme = folder(
        "article.html.j2",
        '{% extends "feedsvc/article.html.j2" %}'
        '{% block header %}{% include "hello/there.html.j2" %}{% endblock %}',
    )

    assert "<p>Hello A site</p>" in of_entry(theme)


def test_what_a_theme_shows_is_escaped_as_ours_is(folder):
    theme = folder("article.html.j2", "{{ about.title }}")

    made = Article(site=site(theme=theme), entry=entry(1, title="<b>"))

    assert article.render(made) == b"&lt;b&gt;"


def test_assets_are_added_and_take_the_place_of_ours(folder):
    folder("assets/page.css", "body { color: red }")
    folder("assets/fonts/house.woff2", b"wOF2")
    folder("assets/.hidden", "")
    theme = folder("assets/logo.png", b"\x89PNG")

    found = formats.assets(theme)

    assert found["page.css"] == (b"body { color: red }", "text/css; charset=utf-8")
    assert found["fonts/house.woff2"] == (b"wOF2", "font/woff2")
    assert found["logo.png"] == (b"\x89PNG", "image/png")
    assert set(found) - set(formats.assets()) == {"fonts/house.woff2", "logo.png"}
    assert found["page.js"] == formats.assets()["page.js"]


def test_a_feeds_style_sheet_speaks_the_language_of_the_site():
    german, swahili = formats.assets(language="de-AT"), formats.assets(language="sw")

    assert '--feed-banner: "Dies ist ein Webfeed.' in german["feed.css"][0].decode()
    assert '--feed-banner: "This is a web feed.' in swahili["feed.css"][0].decode()


def test_a_themes_own_style_sheet_of_feeds_speaks_too(folder):
    theme = folder("assets/feed.css", "rss::before { content: var(--feed-banner) }")

    found = formats.assets(theme, "de")["feed.css"][0].decode()

    assert found.startswith("rss::before { content: var(--feed-banner) }\n:root {\n")
    assert '--feed-banner: "Dies ist ein Webfeed.' in found


@pytest.mark.parametrize(
    ("template", "line", "reason"),
    [
        pytest.param("<p>\n{% if %}", 2, "Expected an expression", id="a slip of syntax"),
        pytest.param("<p>\n\n{{ nothing.here }}", 3, "'nothing' is undefined", id="no such value"),
        pytest.param('\n{% extends "none.j2" %}', 2, "there is no template", id="no such template"),
        pytest.param("\n{{ 1 / 0 }}", 2, "division by zero", id="a slip of arithmetic"),
    ],
)
def test_a_broken_template_is_told_with_its_file_and_line(folder, template, line, reason):
    theme = folder("page.html.j2", template)

    with pytest.raises(BrokenTheme, match=reason) as told:
        of_feed(theme)

    assert told.value.file == f"{theme}/page.html.j2"
    assert told.value.line == line
    assert f"page.html.j2:{line}: " in str(told.value)


def test_a_slip_in_a_template_that_builds_on_ours_is_told_with_its_own_line(folder):
    theme = folder(
        "page.html.j2",
        '{% extends "feedsvc/page.html.j2" %}\n{% block entry %}\n{{ entry.nothing }}{% endblock %}',
    )

    with pytest.raises(BrokenTheme) as told:
        of_feed(theme, entry(1))

    assert (told.value.file, told.value.line) == (f"{theme}/page.html.j2", 3)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("assets/run.exe", "x", "cannot be published", id="a kind of file"),
        pytest.param("assets/my style.css", "x", "cannot be published", id="a name with blanks"),
        pytest.param("page.html.j2", b"\n\xff", "is not UTF-8", id="not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(folder, name, content, reason):
    theme = folder(name, content)

    with pytest.raises(BrokenTheme, match=reason) as told:
        formats.theme_digest(theme)

    assert told.value.file == f"{theme}/{name}"


def test_a_theme_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BrokenTheme, match="is no folder"):
        formats.theme_digest(str(tmp_path / "none"))


def test_the_digest_changes_with_any_file_that_shows(tmp_path):
    def digest(name, files):
        for file, content in files.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return formats.theme_digest(str(tmp_path / name))

    first = digest("a", {"page.html.j2": "x", "assets/a.css": "y"})

    assert digest("b", {"page.html.j2": "x", "assets/a.css": "y"}) == first
    assert digest("c", {"page.html.j2": "x", "assets/a.css": "y", "README": "!"}) == first
    assert digest("d", {"page.html.j2": "x", "assets/a.css": "z"}) != first
    assert digest("e", {"page.html.j2": "z", "assets/a.css": "y"}) != first
