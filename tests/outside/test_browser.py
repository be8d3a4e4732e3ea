"""What a person meets in Chromium: pages that read well, feeds that are readable."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.outside.running import Server

HERE = Path(__file__).parent
ARTICLE = "Ukraine, 10 partner countries launch new cybersecurity mechanism"
PAGES = ("index", "section", "entry")
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
FEEDS = ("/rss.xml", "/atom.xml")
LOOKS = [(page, width, scheme) for page in PAGES for width in WIDTHS for scheme in SCHEMES]
SCREENSHOTS = "screenshots"


@pytest.fixture(scope="module")
def visits(
    need: Callable[..., None], standing: Server, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Every visit, made with one browser; by what it shows."""
    need("node", "chromium", "node:playwright-core", "node:axe-core")
    shots = tmp_path_factory.mktemp(SCREENSHOTS)
    jobs = visits_to(standing)
    for name, job in jobs.items():
        job["shot"] = str(shots / f"{name.strip('/').replace(' ', '-')}.png")
    command = ["node", str(HERE / "browser.mjs")]
    done = subprocess.run(
        command,
        input=json.dumps(list(jobs.values())),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(jobs, json.loads(done.stdout), strict=True))


def visits_to(server: Server) -> dict[str, dict[str, Any]]:
    entry = next(e for e in server.folder.entries() if e["title"] == ARTICLE)
    files = server.folder.published()
    section = next(
        p for p in files if p.startswith("/sections/most-popular") and p.endswith("/index.html")
    )
    paths = {
        "index": "/",
        "section": section.removesuffix("index.html"),
        "entry": entry["url"].removeprefix(server.url),
    }

    def job(path: str, width: int = 1280, scheme: str = "light", **other: bool) -> dict[str, Any]:
        given = {
            "url": server.url + path,
            "width": width,
            "scheme": scheme,
            "script": True,
            "axe": False,
        }
        return {**given, **other}

    jobs = {f"{p} {w} {s}": job(paths[p], w, s) for p, w, s in LOOKS}
    jobs |= {f"axe {p} {s}": job(paths[p], 360, s, axe=True) for p in PAGES for s in SCHEMES}
    jobs |= {f"still {p}": job(paths[p], script=False) for p in PAGES}
    return jobs | {f"{feed} {s}": job(feed, 360, s) for feed in FEEDS for s in SCHEMES}


def words(visit: dict[str, Any]) -> str:
    """The visible text, blanks folded."""
    return " ".join(" ".join(item["text"] for item in visit["texts"]).split())


@pytest.mark.parametrize(("page", "width", "scheme"), LOOKS)
def test_a_page_reads_well(page: str, width: int, scheme: str, visits: dict[str, Any]) -> None:
    visit = visits[f"{page} {width} {scheme}"]

    assert visit["errors"] == []
    assert visit["overflow"] <= 0
    assert [item for item in visit["texts"] if item["size"] < 14] == []
    if page != "section":
        assert ARTICLE in words(visit)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_dark_where_the_person_wants_it_dark(page: str, visits: dict[str, Any]) -> None:
    def brightness(scheme: str) -> int:
        colour = visits[f"{page} 1280 {scheme}"]["background"]
        return sum(int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])

    assert brightness("dark") < 200
    assert brightness("light") > 600


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_accessibility_violation(
    page: str, scheme: str, visits: dict[str, Any]
) -> None:
    assert visits[f"axe {page} {scheme}"]["violations"] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_no_script(page: str, visits: dict[str, Any]) -> None:
    assert words(visits[f"still {page}"]) == words(visits[f"{page} 1280 light"])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_opened_in_a_browser_is_readable(
    feed: str, scheme: str, visits: dict[str, Any]
) -> None:
    visit = visits[f"{feed} {scheme}"]

    assert visit["type"].startswith("application/xml")
    assert visit["errors"] == []
    assert visit["overflow"] <= 0
    assert visit["banners"] != []
    assert ARTICLE in words(visit)
    assert "<p>" not in words(visit)
    assert [item for item in visit["texts"] if item["size"] < 14] == []
