"""The README tells every command, option, setting, reader and format, and its code runs."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from feedsvc import formats, sources
from feedsvc.cli import main
from feedsvc.config import (
    BuildSettings,
    CriteriaSettings,
    FamiliesSettings,
    FamilySettings,
    FeedSettings,
    PodcastSettings,
    ServerSettings,
    SiteSettings,
    SourceSettings,
)
from feedsvc.model import Article, Outline, Page

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_told(name: str) -> None:
    (line,) = re.findall(rf"^\| `feedsvc {name}\b.*$", README, re.MULTILINE)

    options = {
        option
        for parameter in main.commands[name].params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }

    assert {option for option in options - {"--config"} if option not in line} == set()


@pytest.mark.parametrize(
    "model",
    [
        *(SiteSettings, ServerSettings, BuildSettings, SourceSettings, FamiliesSettings),
        *(FamilySettings, FeedSettings, CriteriaSettings, PodcastSettings),
    ],
)
def test_every_setting_is_told(model: type[BaseModel]) -> None:
    told = set(re.findall(r"`(\w+)`", README))
    shown = set(re.findall(r"^(\w+) = ", README, re.MULTILINE))
    tables = set(re.findall(r"^\[\[?\w+\.(\w+)\]", README, re.MULTILINE))

    assert model.model_fields.keys() - told - shown - tables == set()


def test_every_reader_and_format_is_told() -> None:
    kinds = [f for shape in (Page, Article, Outline) for f in formats.formats_for(shape)]

    assert [name for name in sources.readers() if f"| `{name}` |" not in README] == []
    assert [f.FILENAME for f in kinds if f.FILENAME not in README] == []


def test_the_two_commands_stand_first() -> None:
    first, second = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)

    assert first.endswith("feedsvc serve")
    assert second.endswith("pytest")
    assert README.index(second) < 1700


def test_the_flask_example_runs_and_leaves_the_apps_own_pages_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = re.findall(r"```python\n(.*?)\n```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {"__name__": "example"}

    exec(example, scope)

    client = scope["app"].test_client()  # type: ignore[attr-defined]
    feed = client.get("/news/rss.xml")
    assert (feed.status_code, b"We moved" in feed.data) == (200, True)
    assert client.get("/news/").status_code == 200
    assert b"<!doctype html>" in client.get("/elsewhere").data.lower()
    assert client.get("/news/nothing").mimetype == "text/plain"
    scope["store"].close()  # type: ignore[attr-defined]
