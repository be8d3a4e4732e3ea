"""The pages for people, as search engines take them."""

from __future__ import annotations

from lxml import etree

from feedsvc import publish
from feedsvc.formats import formats_for, sitemap
from feedsvc.model import SiteMap
from tests.builders import at, site

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PAGES = (
    ("/index.html", at("2025-05-14T09:30:00")),
    ("/entries/ä-1/index.html", None),
    ("/tags/war/index.html", at("2025-05-13")),
)


def test_the_document():
    made = SiteMap(site=site(base_url="https://a.test/news"), pages=PAGES)

    assert sitemap.render(made).decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<url><loc>https://a.test/news/</loc><lastmod>2025-05-14T09:30:00Z</lastmod></url>\n"
        "<url><loc>https://a.test/news/entries/%C3%A4-1/</loc></url>\n"
        "<url><loc>https://a.test/news/tags/war/</loc><lastmod>2025-05-13T12:00:00Z</lastmod></url>\n"
        "</urlset>"
    )


def test_an_index_names_its_parts():
    root = etree.fromstring(sitemap.render(SiteMap(site=site(), pages=(), n_parts=2)))

    assert root.tag == f"{NS}sitemapindex"
    assert [one.findtext(f"{NS}loc") for one in root.iterfind(f"{NS}sitemap")] == [
        "http://127.0.0.1:8000/sitemap-1.xml",
        "http://127.0.0.1:8000/sitemap-2.xml",
    ]


def test_a_part_is_a_map():
    root = etree.fromstring(sitemap.render(SiteMap(site=site(), pages=PAGES, number=2)))

    assert root.tag == f"{NS}urlset"
    assert len(root) == 3


def test_a_full_map_stays_within_the_limits():
    most = tuple(
        (f"/entries/entry-{n:060}/index.html", at("2025-05-13")) for n in range(publish.MAP_PAGES)
    )

    body = sitemap.render(SiteMap(site=site(), pages=most))

    assert body.count(b"<loc>") == 50_000
    assert len(body) < 50 * 1024 * 1024


def test_it_is_the_format_of_the_map():
    (format,) = formats_for(SiteMap)

    assert (format.FILENAME, format.MEDIA_TYPE) == ("sitemap.xml", "application/xml; charset=utf-8")
