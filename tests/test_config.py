"""Settings: where they come from, and how faults are told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feedsvc.config import DEFAULT_BASE_URL, Located, load
from feedsvc.errors import ConfigError
from feedsvc.model import Family, Order


def settings_file(folder: Path, text: str) -> Path:
    file = folder / "feedsvc.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(settings_file(folder, text), {})
    return [str(fault) for fault in caught.value.faults]


def test_no_settings_at_all_are_enough() -> None:
    settings = load(None, {})

    assert settings.site.base_url == DEFAULT_BASE_URL
    assert settings.source == ()


def test_all_faults_are_told_at_once_with_line_and_key(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        '[site]\ntitel = "x"\nbase_url = "ftp://example.com"\n\n[[source]]\npath = "."\n\n'
        '[[source]]\nordr = "newest-first"\nlanguage = "english!"\n',
    )

    assert sorted(fault.removeprefix(f"{tmp_path}/") for fault in faults) == [
        'feedsvc.toml:10: source.language: not a language tag (BCP 47) such as "en", "uk" or "pt-BR"',
        'feedsvc.toml:2: site.titel: unknown setting; did you mean "title"?',
        "feedsvc.toml:3: site.base_url: give a complete address such as https://example.com or "
        "https://example.com/news",
        'feedsvc.toml:9: source.ordr: unknown setting; did you mean "order"?',
    ]


def test_an_unknown_table_names_the_nearest(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "[sevrer]\nport = 1\n")[0].endswith(
        ':1: sevrer: unknown setting; did you mean "server"?'
    )


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "[site]\ntitle = \n")

    assert ":2: not TOML" in fault


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("example.com", id="no scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://example.com/?a=1", id="a query"),
        pytest.param("https://exämple.com", id="not a URI"),
        pytest.param("https://me:pw@example.com", id="a password"),
    ],
)
def test_a_bad_base_url_is_refused(tmp_path: Path, address: str) -> None:
    (fault,) = faults_of(tmp_path, f'[site]\nbase_url = "{address}"\n')

    assert "site.base_url" in fault


def test_a_trailing_slash_of_the_base_url_is_dropped(tmp_path: Path) -> None:
    file = settings_file(tmp_path, '[site]\nbase_url = "https://example.com/news/"\n')

    assert load(file, {}).site.base_url == "https://example.com/news"


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    file = settings_file(tmp_path, '[site]\ntitle = "File"\n[server]\nport = 1\n')

    settings = load(file, {"FEEDSVC_TITLE": "Environment", "FEEDSVC_PORT": "8123"})

    assert (settings.site.title, settings.server.port) == ("Environment", 8123)


def test_the_last_matching_source_wins_key_by_key(tmp_path: Path) -> None:
    file = settings_file(
        tmp_path,
        '[[source]]\npath = "."\nlanguage = "uk"\norder = "oldest-first"\n'
        '[[source]]\npath = "news/*.txt"\norder = "newest-first"\n',
    )

    news = load(file, {}).for_source("news/a.txt")
    other = load(file, {}).for_source("b.txt")

    assert (news.language, news.order) == ("uk", Order.NEWEST_FIRST)
    assert (other.language, other.order) == ("uk", Order.OLDEST_FIRST)


def test_a_source_path_is_relative_to_the_settings_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    settings_file(tmp_path, '[[source]]\npath = "seeds/a.txt"\nreference_date = 2025-05-14\n')

    located = Located.find(None, None, {})

    assert located.settings.for_source("a.txt").reference_date == date(2025, 5, 14)


def test_settings_are_looked_for_here_then_among_the_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    settings_file(tmp_path / "seeds", '[site]\ntitle = "Among the seeds"\n')
    among = Located.find(None, None, {}).title
    settings_file(tmp_path, '[site]\ntitle = "Here"\n')

    assert (among, Located.find(None, None, {}).title) == ("Among the seeds", "Here")


def test_a_settings_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        Located.find(str(tmp_path / "none.toml"), None, {})


def test_a_site_without_title_takes_its_folders_name(tmp_path: Path) -> None:
    assert Located.find(None, tmp_path / "my-raw_items", {}).title == "My raw items"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "[family.tags]\nmn = 2\n", '2: family.tags.mn: unknown setting; did you mean "min"?',
            id="a key of a family",
        ),
        pytest.param(
            '[family.tags]\npath = "tags"\n',
            '2: family.tags.path: give a folder with {slug} in it, such as "tags/{slug}"',
            id="a family's path",
        ),
        pytest.param(
            '[family.tags]\ntitle = "{tag}"\n',
            "2: family.tags.title: {name} is the only field a title may have, such as "
            '"Tagged {name}"',
            id="a family's title",
        ),
        pytest.param(
            '[[feed]]\npath = "a"\n[[feed]]\npath = "b"\ninclude.tgs = "x"\n',
            '5: feed.include.tgs: unknown setting; did you mean "tags"?',
            id="a key of the second feed",
        ),
        pytest.param(
            '[[feed]]\npath = "entries/a"\n',
            "2: feed.path: is taken: assets, entries, media, search and archive are ours",
            id="a folder of ours",
        ),
        pytest.param(
            '[[feed]]\npath = "A b"\n',
            '2: feed.path: use a-z, 0-9, "-", "." and "_", with slashes between, such as '
            '"releases"',
            id="no folder",
        ),
        pytest.param(
            '[[feed]]\npath = "a"\nage = "old"\n',
            '3: feed.age: write it as "90d", "6w" or "1y"',
            id="an age",
        ),
        pytest.param(
            '[[feed]]\npath = "a"\nalso_at = ["feed.xml"]\n',
            '3: feed.also_at: give a path of a file such as "/feed.xml" or "/blog/index.xml"',
            id="a further address",
        ),
        pytest.param(
            '[[feed]]\npath = "a"\n[feed.podcast]\ncategories = ["Arts"]\n',
            "3: feed.podcast.image: Field required",
            id="what a show needs",
        ),
    ],
)  # fmt: skip
def test_faults_of_feeds_are_told_with_their_line(tmp_path: Path, text: str, told: str) -> None:
    (fault,) = faults_of(tmp_path, text)

    assert fault.removeprefix(f"{tmp_path}/feedsvc.toml:") == told


def test_two_feeds_cannot_share_an_address(tmp_path: Path) -> None:
    text = '[[feed]]\npath = "a"\n[[feed]]\npath = "a"\nalso_at = ["/x.xml", "/x.xml"]\n'

    (fault,) = faults_of(tmp_path, text)

    assert fault.endswith('two [[feed]] tables have path "a", also_at "/x.xml"; keep one')


def test_a_family_keeps_the_keys_that_its_table_leaves_out(tmp_path: Path) -> None:
    settings = load(settings_file(tmp_path, "[family.tags]\non = false\n"), {})

    tags, authors = settings.family.tags, settings.family.authors
    assert (tags.on, tags.min, tags.path) == (False, 3, "tags/{slug}")
    assert authors.on


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("tags/rust", Family.TAGS),
        ("sections/top-stories", Family.SECTIONS),
        ("tags/a/b", None),
        ("tags", None),
        ("releases", None),
        ("", None),
    ],
)
def test_a_path_tells_its_family(path: str, family: Family | None) -> None:
    assert load(None, {}).family_of(path) is family
