"""A built site: its documents, the walk over its archives, and the links between them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.check.folder import check_folder

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BASE = "https://news.example.org/blog/"
ATOM = "application/atom+xml"


def entry(n: int) -> str:
    return (
        f"<entry><id>tag:news.example.org,2026:{n}</id><title>Entry {n}</title>"
        f'<link rel="alternate" type="text/html" href="{BASE}entries/{n}/"/>'
        f"<updated>2026-11-{n:02}T08:00:00Z</updated><content>Words</content></entry>\n"
    )


def atom(name: str, *entries: int, links: dict[str, str] | None = None, head: str = "") -> str:
    own = {"self": name} | (links or {})
    told = "".join(
        f'<link rel="{rel}" type="{ATOM}" href="{BASE}{path}"/>\n' for rel, path in own.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" '
        'xmlns:fh="http://purl.org/syndication/history/1.0">\n'
        f"{head}<id>tag:news.example.org,2026:feed</id><title>News</title>"
        "<updated>2026-11-21T08:00:00Z</updated><author><name>News</name></author>\n"
        f"{told}{''.join(entry(n) for n in entries)}</feed>\n"
    )


def archive(number: int, *entries: int, **links: str) -> str:
    told = {"current": "atom.xml"} | {rel.replace("_", "-"): to for rel, to in links.items()}
    return atom(f"archive/{number}/atom.xml", *entries, links=told, head="<fh:archive/>\n")


RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>News</title><link>{BASE}</link><description>News</description><language>en</language>
<lastBuildDate>Sat, 21 Nov 2026 08:00:00 GMT</lastBuildDate>
<atom:link rel="self" type="application/rss+xml" href="{BASE}rss.xml"/>
<item><title>Entry 5</title><link>{BASE}entries/5/</link><description>Words</description>
<guid isPermaLink="false">tag:news.example.org,2026:5</guid>
<pubDate>Thu, 05 Nov 2026 08:00:00 GMT</pubDate>
<enclosure url="{BASE}media/5.mp3" length="5" type="audio/mpeg"/></item>
</channel></rss>
"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "News",
    "home_page_url": BASE,
    "feed_url": f"{BASE}feed.json",
    "items": [
        {
            "id": "tag:news.example.org,2026:5",
            "url": f"{BASE}entries/5/",
            "content_text": "Words",
            "date_published": "2026-11-05T08:00:00Z",
        }
    ],
}
OPML = f"""<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>Feeds</title></head><body>
<outline type="rss" text="News" title="News" xmlUrl="{BASE}rss.xml" htmlUrl="{BASE}"/>
</body></opml>
"""
PAGE = """<!doctype html>
<html lang="en"><head><title>News</title>
<link rel="stylesheet" href="page.css">
<link rel="alternate" type="application/rss+xml" title="News (RSS)" href="rss.xml">
<link rel="alternate" type="application/atom+xml" title="News (Atom)" href="/blog/atom.xml">
<link rel="alternate" type="application/feed+json" title="News (JSON)" href="https://news.example.org/blog/feed.json">
<link rel="alternate" hreflang="de" href="de/">
</head><body><p>Words</p></body></html>
"""
SITEMAP = f"""<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{BASE}</loc><lastmod>2026-11-21</lastmod><changefreq>daily</changefreq><priority>0.5</priority></url>
<url><loc>{BASE}entries/5/</loc></url>
</urlset>
"""
SITE: dict[str, str] = {
    "atom.xml": atom("atom.xml", 5, links={"prev-archive": "archive/2/atom.xml"}),
    "archive/2/atom.xml": archive(2, 4, 3, prev_archive="archive/1/atom.xml"),
    "archive/1/atom.xml": archive(1, 2, 1, next_archive="archive/2/atom.xml"),
    "rss.xml": RSS,
    "feed.json": json.dumps(JSON, indent=1),
    "feeds.opml": OPML,
    "index.html": PAGE,
    "sitemap.xml": SITEMAP,
    "robots.txt": "User-agent: *\nDisallow: /blog/private/\n",
    "media/5.mp3": "sound",
    "page.css": "p {}",
    "package.json": '{"name": "not a feed"}',
    ".hidden/atom.xml": "<feed>",
    **{f"entries/{n}/index.html": "<!doctype html><title>Entry</title>" for n in range(1, 6)},
}


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., list[tuple[str, str]]]:
    """Writes a site, changed where a test says so, and gives what is found in it."""

    def check(
        edits: dict[str, tuple[str, str]] | None = None,
        files: dict[str, str | None] | None = None,
    ) -> list[tuple[str, str]]:
        contents: dict[str, str | None] = SITE | (files or {})
        for name, (old, new) in (edits or {}).items():
            before = contents[name] or ""
            assert old in before
            contents[name] = before.replace(old, new)
        for name, words in contents.items():
            if words is not None:
                (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / name).write_text(words, encoding="utf-8")
        found = check_folder(tmp_path, now=NOW)
        return [(finding.document, finding.rule.name) for finding in found]

    return check


Check = Callable[..., list[tuple[str, str]]]


def test_a_site_in_order_has_nothing_to_report(site: Check) -> None:
    assert site() == []


def test_every_document_of_a_site_is_judged(site: Check) -> None:
    assert site(
        {
            "rss.xml": ("<description>News</description>", ""),
            "feed.json": ('"title": "News",', ""),
            "feeds.opml": (' text="News"', ""),
            "archive/1/atom.xml": ("<title>Entry 1</title>", ""),
        }
    ) == [
        ("archive/1/atom.xml", "atom-element-missing"),
        ("feed.json", "jsonfeed-title-missing"),
        ("feeds.opml", "opml-outline-text-missing"),
        ("rss.xml", "rss-element-missing"),
    ]


def test_a_folder_without_feeds(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")

    (finding,) = check_folder(tmp_path, now=NOW)

    assert finding.rule.name == "site-no-feed"


def test_a_document_cut_off_is_still_taken_for_a_feed(site: Check) -> None:
    (told,) = {rule for name, rule in site({"atom.xml": ("</feed>", "")}) if name == "atom.xml"}

    assert told == "xml-truncated"


EDITS = [
    ("an archive that is not there", {"archive/2/atom.xml": ("archive/1/atom.xml", "archive/9/atom.xml")},
     [("archive/1/atom.xml", "site-archive-unreached"), ("archive/2/atom.xml", "site-link-broken")]),
    ("a newer archive that is not there", {"archive/1/atom.xml": (f'next-archive" type="{ATOM}" href="{BASE}archive/2', f'next-archive" type="{ATOM}" href="{BASE}archive/3')},
     [("archive/1/atom.xml", "site-link-broken"), ("archive/1/atom.xml", "site-archive-next-wrong")]),
    ("archives in a circle", {"archive/1/atom.xml": (f'<link rel="next-archive" type="{ATOM}" href="{BASE}archive/2/atom.xml"/>', f'<link rel="prev-archive" type="{ATOM}" href="{BASE}archive/2/atom.xml"/>')},
     [("atom.xml", "site-archive-loop")]),
    ("another current", {"archive/1/atom.xml": (f'rel="current" type="{ATOM}" href="{BASE}atom.xml"', f'rel="current" type="{ATOM}" href="{BASE}other.xml"')},
     [("archive/1/atom.xml", "site-link-broken"), ("archive/1/atom.xml", "site-archive-current-wrong")]),
    ("an archive nobody leads to", {"atom.xml": (f'<link rel="prev-archive" type="{ATOM}" href="{BASE}archive/2/atom.xml"/>\n', "")},
     [("archive/1/atom.xml", "site-archive-unreached"), ("archive/2/atom.xml", "site-archive-unreached")]),
    ("an entry in two archives", {"archive/1/atom.xml": (entry(2), entry(3))},
     [("archive/1/atom.xml", "site-archive-entry-twice")]),
    ("a feed that is elsewhere", {"rss.xml": (f"{BASE}rss.xml", f"{BASE}old/rss.xml")},
     [("rss.xml", "site-self-elsewhere")]),
    ("a list of a feed that is not there", {"feeds.opml": ("rss.xml", "gone.xml")},
     [("feeds.opml", "site-link-broken")]),
    ("an entry without its page", {"rss.xml": ("entries/5/", "entries/55/")},
     [("rss.xml", "site-entry-page-missing")]),
    ("a file that is not there", {"rss.xml": ("media/5.mp3", "media/55.mp3")},
     [("rss.xml", "site-link-broken")]),
    ("other ids in another format", {"feed.json": ("tag:news.example.org,2026:5", "5")},
     [("feed.json", "site-ids-differ")]),
    ("robots that keep readers off", {"robots.txt": ("/blog/private/", "/blog/rss")},
     [("robots.txt", "site-robots-disallow-feed")]),
    ("a page that names no feed", {"index.html": ("alternate", "author")},
     [("index.html", "discovery-none")]),
    ("a page that names a feed that is not there", {"index.html": ('"rss.xml"', '"rss2.xml"')},
     [("index.html", "site-link-broken")]),
    ("a page that names it as another format", {"index.html": ('"rss.xml"', '"atom.xml?x"')},
     [("index.html", "site-link-kind-wrong")]),
    ("a page with an odd rel", {"index.html": ('rel="alternate" type="application/rss+xml"', 'rel="alternative" type="application/rss+xml"')},
     [("index.html", "discovery-rel")]),
    ("a page with an odd type", {"index.html": ("application/rss+xml", "text/xml")},
     [("index.html", "discovery-type")]),
    ("a page whose link says nothing", {"index.html": ('href="rss.xml"', 'href=""')},
     [("index.html", "discovery-href-missing")]),
    ("a page whose link has no title", {"index.html": (' title="News (RSS)"', "")},
     [("index.html", "discovery-title-missing")]),
    ("a page that names a feed twice", {"index.html": ('type="application/atom+xml" title="News (Atom)" href="/blog/atom.xml"', 'type="application/rss+xml" title="Again" href="rss.xml"')},
     [("index.html", "discovery-twice")]),
    ("a page that names it in the body", {"index.html": ("<p>Words</p>", '<link rel="alternate" type="application/rss+xml" title="More" href="/blog/rss.xml">')},
     [("index.html", "discovery-in-body")]),
    ("a sitemap that is no XML", {"sitemap.xml": ("</urlset>", "")}, [("sitemap.xml", "sitemap-not-well-formed")]),
    ("a sitemap of another name", {"sitemap.xml": ("/0.9", "/1.0")}, [("sitemap.xml", "sitemap-namespace")]),
    ("a sitemap of pages that are not there", {"sitemap.xml": ("entries/5/", "entries/6/")}, [("sitemap.xml", "site-link-broken")]),
    ("a sitemap with relative addresses", {"sitemap.xml": (f"{BASE}entries/5/", "/entries/5/")}, [("sitemap.xml", "address-relative"), ("sitemap.xml", "sitemap-other-host")]),
    ("a sitemap with an odd date", {"sitemap.xml": ("2026-11-21", "21.11.2026")}, [("sitemap.xml", "date-w3cdtf-invalid")]),
    ("a sitemap with an odd rhythm", {"sitemap.xml": ("daily", "often")}, [("sitemap.xml", "sitemap-changefreq-invalid")]),
    ("a sitemap with an odd priority", {"sitemap.xml": ("0.5", "5")}, [("sitemap.xml", "sitemap-priority-invalid")]),
    ("a sitemap with a page twice", {"sitemap.xml": (f"{BASE}entries/5/", BASE)}, [("sitemap.xml", "sitemap-address-twice")]),
    ("a sitemap without an address", {"sitemap.xml": (f"<url><loc>{BASE}entries/5/</loc></url>", "<url/>")}, [("sitemap.xml", "sitemap-url-loc-missing")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edits", "expected"), [case[1:] for case in EDITS], ids=[case[0] for case in EDITS]
)
def test_a_site_with_one_fault(
    site: Check, edits: dict[str, tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert sorted(site(edits)) == sorted(expected)


def test_an_archive_that_does_not_say_so(site: Check) -> None:
    told = site({"archive/1/atom.xml": ("<fh:archive/>", "")})

    assert ("archive/1/atom.xml", "site-archive-unmarked") in told


def test_pages_of_a_json_feed_in_a_circle(site: Check) -> None:
    second = JSON | {"feed_url": f"{BASE}2.json", "next_url": f"{BASE}feed.json", "items": []}
    first = JSON | {"next_url": f"{BASE}2.json"}

    told = site(files={"feed.json": json.dumps(first), "2.json": json.dumps(second)})

    assert ("feed.json", "site-archive-loop") in told


def test_feeds_alone_need_no_pages(site: Check) -> None:
    pages = [name for name in SITE if name.endswith(".html")]

    assert site(files=dict.fromkeys([*pages, "sitemap.xml"])) == []


def test_too_many_addresses_in_a_sitemap(site: Check) -> None:
    many = "".join(f"<url><loc>https://other.example.org/{n}</loc></url>\n" for n in range(50_001))
    start = SITEMAP.index("<url>")

    told = site(files={"sitemap.xml": SITEMAP[:start] + many + "</urlset>"})

    assert told == [("sitemap.xml", "sitemap-too-long")]


def test_an_index_of_sitemaps(site: Check) -> None:
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{BASE}sitemap.xml</loc></sitemap>"
        f"<sitemap><loc>{BASE}sitemap-2.xml</loc></sitemap></sitemapindex>"
    )

    assert site(files={"sitemaps.xml": index}) == [("sitemaps.xml", "site-link-broken")]


def test_a_site_that_names_no_address_is_judged_document_by_document(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(OPML, encoding="utf-8")

    assert check_folder(tmp_path, now=NOW) == ()


def test_a_heap_of_feeds_is_judged_document_by_document(tmp_path: Path) -> None:
    for name in ("atom.xml", "saved.atom"):
        (tmp_path / name).write_text(str(SITE["atom.xml"]), encoding="utf-8")

    assert check_folder(tmp_path, now=NOW) == ()
