"""One page of every kind, from left to right and from right to left, on a server of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import Thread
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from feedsvc import addresses, formats
from feedsvc.formats import article, opml
from feedsvc.model import (
    Article,
    Author,
    Chapter,
    Document,
    Entry,
    Episode,
    Family,
    Feed,
    How,
    Kind,
    Link,
    Media,
    Membership,
    Outline,
    Page,
    Podcast,
    Query,
    SourceFeed,
)
from feedsvc.web import create_app
from tests.builders import Shelf, at, dated, document, entry, page, site
from tests.outside.running import free_port

PICTURE = b"""<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480" viewBox="0 0 640 480">
<rect width="640" height="480" fill="#f3d9b1"/><circle cx="470" cy="130" r="60" fill="#e8894a"/>
<path d="M0 330 170 170l150 150 110-90 210 150v100H0z" fill="#7a5a4a"/>
<path d="M0 400q160-80 320 0t320 0v80H0z" fill="#33586b"/></svg>"""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "site": "The Harbour Post",
        "about": "News from the waterfront, by the people who live there",
        "title": "The ferry to the islands runs all night again",
        "text": "After three quiet winters the last boat no longer leaves at nine. The council has "
        "found the money, and the crew has found the coffee.",
        "long": "Nobody remembers who first asked for a night boat. The harbour master says it was "
        "the bakers, who start before the gulls do; the bakers say it was the band.",
        "second": "A market hall for the winter",
        "third": "Seven boats, one berth",
        "section": "Top stories",
        "tag": "ferries",
        "author": "Ada Byrne",
        "show": "Low Tide",
        "search": "Search",
        "caption": "The night ferry",
        "heading": "What it costs",
        "quote": "We count passengers, not hours.",
        "evidence": "on the second of May",
    },
    "he": {
        "site": "דואר הנמל",
        "about": "חדשות מקו המים, מפי מי שגרים בו",
        "title": "המעבורת לאיים שבה להפליג כל הלילה",
        "text": "אחרי שלושה חורפים שקטים הסירה האחרונה כבר אינה יוצאת בתשע. המועצה מצאה את "
        "הכסף, והצוות מצא את הקפה.",
        "long": "איש אינו זוכר מי ביקש לראשונה סירת לילה. מנהל הנמל אומר שאלה היו האופים, "
        "שמתחילים לפני השחפים; האופים אומרים שזו הייתה התזמורת.",
        "second": "אולם שוק לחורף",
        "third": "שבע סירות ורציף אחד",
        "section": "ידיעות ראשיות",
        "tag": "מעבורות",
        "author": "עדה ברק",
        "show": "שפל",
        "search": "חיפוש",
        "caption": "מעבורת הלילה",
        "heading": "כמה זה עולה",
        "quote": "אנחנו סופרים נוסעים, לא שעות.",
        "evidence": "בשני במאי",
    },
}
FLOWS = tuple(WORDS)
#: what a visitor meets -> where, below the language
PLACES = {
    "feed": "/",
    "section": "/sections/top/",
    "archive": "/archive/2/",
    "search": "/search/",
    "ask": "/ask/",
    "empty": "/empty/",
    "show": "/show/",
    "entry": "/entries/entry-1/",
    "episode": "/entries/entry-4/",
}
FEEDS = ("/rss.xml", "/atom.xml", "/feeds.opml")


class Gallery:
    """The pages of one language."""

    def __init__(self, language: str, address: str) -> None:
        self.words = WORDS[language]
        self.site = site(
            title=self.words["site"],
            description=self.words["about"],
            base_url=f"{address}/{language}",
            language=language,
            copyright="© 2025",
            license="https://creativecommons.org/licenses/by/4.0/",
        )
        self.home = Feed(path="", title=self.words["site"])
        self.top = self._feed("sections/top", "section", Family.SECTIONS, is_ranked=True)
        self.show = self._feed("show", "show", Family.NAMED, podcast=self._podcast())
        self.feeds = (
            self.home,
            self.top,
            self.show,
            self._feed("tags/ferries", "tag", Family.TAGS),
            self._feed("authors/ada", "author", Family.AUTHORS),
            Feed(path="languages/uk", title="uk", name="uk", family=Family.LANGUAGES),
            Feed(path="languages/ar", title="ar", name="ar", family=Family.LANGUAGES),
        )

    def documents(self) -> Iterator[Document]:
        """Every document, with the policy that it is served with."""
        for each in self._pages():
            for format in formats.formats_for(Page):
                path = addresses.page_path(each, format.FILENAME).partition("?")[0]
                yield self._document(path, format.render(each), format)
        for each in (self._entry(), self._episode()):
            made = Article(site=self.site, entry=each, feeds=self.feeds[:3])
            yield self._document(addresses.entry_path(each.slug), article.render(made), article)
        outline = Outline(site=self.site, feeds=self.feeds, updated=at("2025-05-13"))
        yield self._document(addresses.OUTLINE_PATH, opml.render(outline), opml)
        for name, (body, media_type) in formats.assets(None, self.site.language).items():
            yield document(addresses.ASSETS + name, body, media_type=media_type)
        yield document("/picture.svg", PICTURE, media_type="image/svg+xml")

    def _pages(self) -> Iterator[Page]:
        entries = (self._entry(), *self._others())
        search = self._feed("search", "search", Family.SEARCH, n_entries=3)
        asked = Query(words=self.words["tag"], sections=("A & B",), since=date(2025, 5, 1))
        yield self._page(self.home, *entries, older=2)
        yield self._page(self.top, *(replace(e, published=SEEN) for e in self._others()))
        yield self._page(
            self.home, *entries, kind=Kind.ARCHIVED, number=2, older=1, newer=3, feeds=()
        )
        yield self._page(search, *entries, query=asked)
        yield self._page(replace(search, path="ask"), query=Query())
        yield self._page(self._feed("empty", "second", Family.NAMED))
        yield self._page(self.show, self._episode())

    def _page(self, feed: Feed, *entries: Entry, **fields: Any) -> Page:
        return page(*entries, **{"site": self.site, "feed": feed, "feeds": self.feeds} | fields)

    def _feed(self, path: str, word: str, family: Family, **fields: Any) -> Feed:
        name = self.words[word]
        return Feed(path=path, title=name, name=name, family=family, **fields)

    def _document(self, path: str, body: bytes, format: formats.Format) -> Document:
        return document(
            path,
            body,
            media_type=format.MEDIA_TYPE,
            navigable_as=format.NAVIGABLE_AS,
            is_active=format.MEDIA_TYPE.startswith("text/html"),
        )

    def _podcast(self) -> Podcast:
        return Podcast(
            guid="g",
            categories=(("News",),),
            image=self._address("picture.svg"),
            funding=(Link(url="https://funds.test/"),),
        )

    def _address(self, name: str) -> str:
        return f"{self.site.base_url}/{name}"

    def _picture(self) -> Media:
        return Media(
            url=self._address("picture.svg"),
            media_type="image/svg+xml",
            is_image=True,
            title=self.words["caption"],
            credit=self.words["author"],
        )

    def _entry(self) -> Entry:
        """One with everything that an entry may have."""
        words = self.words
        return entry(
            1,
            title=words["title"],
            summary=words["text"],
            content_html=BODY.format(**words),
            content_text=words["text"] + words["long"],
            published=dated("2025-05-02", How.DERIVED, evidence=words["evidence"]),
            updated=at("2025-05-09"),
            section=words["section"],
            tags=(words["tag"], words["caption"]),
            authors=(Author(name=words["author"]), Author(name="Bo", url="https://bo.test/")),
            media=(self._picture(), Media(url="https://a.test/t.pdf", size_bytes=2_340_000)),
            feeds=(
                Membership(path=self.top.path, family=Family.SECTIONS, name=words["section"]),
                Membership(path="tags/ferries", family=Family.TAGS, name=words["tag"]),
                Membership(path="show", family=Family.NAMED, name=words["show"]),
            ),
            source_feed=SourceFeed(title="Planet Harbour", url="https://planet.test/rss"),
        )

    def _others(self) -> tuple[Entry, ...]:
        """Plain ones: a title elsewhere, a note without one, one in another language."""
        words = self.words
        return (
            entry(2, title=words["second"], link="https://news.test/a", summary=words["long"]),
            entry(
                3,
                title=words["text"],
                title_is_derived=True,
                content_html=f"<p>{words['text']}</p>",
                content_text=words["text"],
                media=(self._picture(),),
                published=dated("2025-05-02", How.CAPTURED),
            ),
            entry(5, title="Сім човнів, один причал", language="uk", published=SEEN),
        )

    def _episode(self) -> Entry:
        words = self.words
        recording = Media(
            url="https://a.test/e.mp3", media_type="audio/mpeg", duration_seconds=4000
        )
        return entry(
            4,
            title=words["third"],
            summary=words["text"],
            media=(recording,),
            episode=Episode(
                number=5,
                season=2,
                is_explicit=False,
                chapters=(
                    Chapter(start_ms=0, title=words["caption"]),
                    Chapter(start_ms=754_000, title=words["heading"], link="https://a.test/"),
                ),
                transcripts=(Media(url="https://a.test/e.vtt", media_type="text/vtt"),),
            ),
        )


SEEN = dated("2025-05-11", How.SEEN)
BODY = """<p>{text}</p><p>{long}</p><h2>{heading}</h2>
<table><thead><tr><th>{caption}</th><th>€</th></tr></thead>
<tbody><tr><td>{second}</td><td>4</td></tr><tr><td>{third}</td><td>12</td></tr></tbody></table>
<blockquote><p>{quote}</p></blockquote><pre><code>timetable --night --from harbour</code></pre>
<ul><li>{second}</li><li>{third}</li></ul><p><a href="https://a.test/">{caption}</a></p>"""


@contextmanager
def open_gallery() -> Iterator[str]:
    """The address of a server with every gallery, each below its language."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    galleries = {flow: Gallery(flow, address) for flow in FLOWS}
    apps = {
        f"/{flow}": create_app(Shelf(*one.documents(), base_url=one.site.base_url))
        for flow, one in galleries.items()
    }
    server = make_server("127.0.0.1", port, DispatcherMiddleware(NotFound(), apps), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
