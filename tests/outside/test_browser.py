"""What a person meets in Chromium: pages that read well, feeds that are readable."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.outside.gallery import FEEDS, FLOWS, PLACES, open_gallery
from tests.outside.running import Server

HERE = Path(__file__).parent
ARTICLE = "Ukraine, 10 partner countries launch new cybersecurity mechanism"
PAGES = ("index", "section", "entry")
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
LIVE_FEEDS = ("/rss.xml", "/atom.xml")
LOOKS = [(page, width, scheme) for page in PAGES for width in WIDTHS for scheme in SCHEMES]
VIEWS = [(kind, flow, scheme) for kind in PLACES for flow in FLOWS for scheme in SCHEMES]
FEED_VIEWS = [(feed, flow, scheme) for feed in FEEDS for flow in FLOWS for scheme in SCHEMES]
SCREENSHOTS = "screenshots"
BANNERS = {
    "en": ('"This is a web feed.', '"This is a list of web feeds.'),
    "he": ('"זוהי הזנת רשת.', '"זוהי רשימה של הזנות רשת.'),
}
Visits = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def browse(
    need: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Visits], Visits]:
    """Makes every visit with one browser."""
    need("node", "chromium", "node:playwright-core", "node:axe-core")
    shots = tmp_path_factory.mktemp(SCREENSHOTS)

    def visit(jobs: Visits) -> Visits:
        for name, job in jobs.items():
            job["shot"] = str(shots / f"{name.strip('/').replace(' ', '-').replace('/', '-')}.png")
        done = subprocess.run(
            ["node", str(HERE / "browser.mjs")],
            input=json.dumps(list(jobs.values())),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return dict(zip(jobs, json.loads(done.stdout), strict=True))

    return visit


@pytest.fixture(scope="module")
def visits(browse: Callable[[Visits], Visits], standing: Server) -> Visits:
    """Visits to a site made of the project's own seeds, by what they show."""
    return browse(visits_to(standing))


@pytest.fixture(scope="module")
def views(browse: Callable[[Visits], Visits]) -> Visits:
    """Visits to a page of every kind, in both directions."""
    with open_gallery() as address:
        return browse(views_of(address))


def job(url: str, width: int = 1280, scheme: str = "light", **other: bool) -> dict[str, Any]:
    given = {"url": url, "width": width, "scheme": scheme, "script": True, "axe": False}
    return {**given, **other}


def visits_to(server: Server) -> Visits:
    entry = next(e for e in server.folder.entries() if e["title"] == ARTICLE)
    files = server.folder.published()
    section = next(
        p for p in files if p.startswith("/sections/most-popular") and p.endswith("/index.html")
    )
    urls = {
        "index": f"{server.url}/",
        "section": server.url + section.removesuffix("index.html"),
        "entry": entry["url"],
    }
    jobs = {f"{p} {w} {s}": job(urls[p], w, s) for p, w, s in LOOKS}
    jobs |= {f"axe {p} {s}": job(urls[p], 360, s, axe=True) for p in PAGES for s in SCHEMES}
    jobs |= {f"still {p}": job(urls[p], script=False) for p in PAGES}
    jobs["copy"] = job(urls["index"], copy=True)
    feeds = {f"{feed} {s}": job(server.url + feed, 360, s) for feed in LIVE_FEEDS for s in SCHEMES}
    return jobs | feeds


def views_of(address: str) -> Visits:
    """Wide ones under the policy that pages have, narrow ones judged by axe."""
    jobs = {}
    for kind, flow, scheme in VIEWS:
        url = f"{address}/{flow}{PLACES[kind]}"
        jobs[f"{kind} {flow} {scheme} 1280"] = job(url, 1280, scheme)
        jobs[f"{kind} {flow} {scheme} 360"] = job(url, 360, scheme, axe=True)
    for feed, flow, scheme in FEED_VIEWS:
        jobs[f"{feed} {flow} {scheme}"] = job(f"{address}/{flow}{feed}", 360, scheme)
    return jobs


def words(visit: dict[str, Any]) -> str:
    """The visible text without that of buttons, blanks folded."""
    shown = (item["text"] for item in visit["texts"] if not item["button"])
    return " ".join(" ".join(shown).split())


@pytest.mark.parametrize(("page", "width", "scheme"), LOOKS)
def test_a_page_reads_well(page: str, width: int, scheme: str, visits: Visits) -> None:
    visit = visits[f"{page} {width} {scheme}"]

    assert visit["errors"] == []
    assert visit["overflow"] <= 0
    assert [item for item in visit["texts"] if item["size"] < 14] == []
    if page != "section":
        assert ARTICLE in words(visit)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_dark_where_the_person_wants_it_dark(page: str, visits: Visits) -> None:
    def brightness(scheme: str) -> int:
        colour = visits[f"{page} 1280 {scheme}"]["background"]
        return sum(int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])

    assert brightness("dark") < 200
    assert brightness("light") > 600


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_accessibility_violation(page: str, scheme: str, visits: Visits) -> None:
    assert visits[f"axe {page} {scheme}"]["violations"] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_no_script_but_for_its_buttons(page: str, visits: Visits) -> None:
    assert words(visits[f"still {page}"]) == words(visits[f"{page} 1280 light"])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("feed", LIVE_FEEDS)
def test_a_feed_opened_in_a_browser_is_readable(feed: str, scheme: str, visits: Visits) -> None:
    visit = visits[f"{feed} {scheme}"]

    assert visit["type"].startswith("application/xml")
    assert visit["errors"] == []
    assert visit["overflow"] <= 0
    assert visit["banners"] != []
    assert ARTICLE in words(visit)
    assert "<p>" not in words(visit)
    assert [item for item in visit["texts"] if item["size"] < 14] == []


def test_a_button_copies_the_address_of_the_feed(visits: Visits, standing: Server) -> None:
    assert visits["copy"]["copy"] == {"clipboard": f"{standing.url}/rss.xml", "said": "Copied"}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("kind", "flow", "scheme"), VIEWS)
def test_every_kind_of_page_reads_well(
    kind: str, flow: str, scheme: str, width: int, views: Visits
) -> None:
    view = views[f"{kind} {flow} {scheme} {width}"]

    assert view["errors"] == []
    assert view["overflow"] <= 0
    assert [item for item in view["texts"] if item["size"] < 14] == []
    assert view["direction"] == {"en": "ltr", "he": "rtl"}[flow]


@pytest.mark.parametrize(("kind", "flow", "scheme"), VIEWS)
def test_no_kind_of_page_has_an_accessibility_violation(
    kind: str, flow: str, scheme: str, views: Visits
) -> None:
    assert views[f"{kind} {flow} {scheme} 360"]["violations"] == []


@pytest.mark.parametrize(("feed", "flow", "scheme"), FEED_VIEWS)
def test_a_feed_says_what_it_is_in_the_language_of_its_site(
    feed: str, flow: str, scheme: str, views: Visits
) -> None:
    view = views[f"{feed} {flow} {scheme}"]
    (banner,) = view["banners"][:1]
    list_banner = feed == "/feeds.opml"

    assert view["errors"] == []
    assert view["overflow"] <= 0
    assert banner.startswith(BANNERS[flow][list_banner])
