"""One item, several sources: one entry, one id, wherever and whenever it is met."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from feedsvc.config import Settings
from feedsvc.intake import Report, ingest
from feedsvc.model import Entry, How
from feedsvc.seeds import find_inputs
from feedsvc.store import Store, open_store
from feedsvc.tell import report_lines
from tests.builders import at

NOW = at("2025-06-01")
SITE = "https://old.example"
STORM = (
    "The storm that crossed the coast on Tuesday night tore the roofs from forty houses in the "
    "harbour district, and left the upper town without water until the following evening.",
    "Crews from three counties worked through the night to clear the road along the cliff, which "
    "had been closed since a part of it slid into the sea in the first hour of the storm.",
    "The mayor said that the old sea wall had held, and that it would be raised before winter.",
)
BRIDGE = (
    "Engineers have closed the old iron bridge to lorries after they found cracks in two of the "
    "bearings that carry its middle span, and they expect repairs to last until the autumn.",
    "Buses will go round by the mill, which adds a quarter of an hour to the way into town.",
)


@dataclass
class Desk:
    """A seeds folder and the store that it is read into."""

    folder: Path
    store: Store
    sources: list[dict[str, object]] = field(default_factory=list)
    site: dict[str, object] = field(default_factory=dict)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def move(self, name: str, other: str) -> None:
        (self.folder / other).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).rename(self.folder / other)

    def read(self, *, now: datetime = NOW, **options: Any) -> Report:
        return ingest(
            self.store,
            find_inputs([self.folder]),
            settings=Settings.model_validate({"site": self.site, "source": self.sources}),
            clock=lambda: now,
            whole=True,
            **options,
        )

    def entries(self) -> list[Entry]:
        with self.store.snapshot() as snapshot:
            return list(snapshot.all_entries())

    def only(self) -> Entry:
        (entry,) = self.entries()
        return entry

    def ids(self) -> dict[str, str]:
        return {entry.title: entry.id for entry in self.entries()}


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    desks: list[Desk] = []

    def make() -> Desk:
        folder = tmp_path / str(len(desks))
        folder.mkdir()
        desks.append(Desk(folder, open_store("sqlite://")))
        return desks[-1]

    yield make
    for desk in desks:
        desk.store.close()


@pytest.fixture
def desk(new_desk: Callable[[], Desk]) -> Desk:
    return new_desk()


# --- documents of each kind -----------------------------------------------------------------


def item(
    title: str, body: str, link: str = "", guid: str = "", day: str = "Tue, 07 May 2024"
) -> str:
    parts = {
        "title": title,
        "link": link,
        "guid": guid,
        "pubDate": f"{day} 08:00:00 GMT" if day else "",
        "description": f"<![CDATA[{body}]]>",
    }
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in parts.items() if v) + "</item>"


def rss(*items: str) -> str:
    channel = f"<title>Old</title><link>{SITE}/</link><description>Old</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{"".join(items)}</channel></rss>'


def html(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<p>{words}</p>" for words in paragraphs)


def markdown(title: str, paragraphs: tuple[str, ...], **header: object) -> str:
    lines = [f"title: {title}", *(f"{key}: {value}" for key, value in header.items())]
    return "---\n" + "\n".join(lines) + "\n---\n\n" + "\n\n".join(paragraphs) + "\n"


def page(title: str, paragraphs: tuple[str, ...], head: str = "") -> str:
    body = html(paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    )


OLD_FEED = rss(
    item("Storm tears roofs from houses", html(STORM), f"{SITE}/2024/05/storm/", "old-1"),
    item(
        "The iron bridge is closed to lorries",
        html(BRIDGE),
        f"{SITE}/2024/04/bridge/",
        "tag:old.example,2024:bridge",
        "Mon, 15 Apr 2024",
    ),
)
STORM_POST = markdown("Storm tears roofs from houses", STORM, date="2024-05-07")
BRIDGE_POST = markdown("The iron bridge is closed to lorries", BRIDGE, date="2024-04-15")


# --- an old site's feed and what it was made from --------------------------------------------


@pytest.mark.parametrize("first", ["feed", "posts", "together"])
def test_no_subscriber_sees_an_old_post_twice(desk: Desk, first: str) -> None:
    if first != "posts":
        desk.write("feed.xml", OLD_FEED)
    if first != "feed":
        desk.write("_posts/2024-05-07-storm.md", STORM_POST)
        desk.write("_posts/2024-04-15-bridge.md", BRIDGE_POST)
    desk.read()
    before = desk.ids()
    desk.write("feed.xml", OLD_FEED)
    desk.write("_posts/2024-05-07-storm.md", STORM_POST)
    desk.write("_posts/2024-04-15-bridge.md", BRIDGE_POST)

    report = desk.read(now=at("2025-07-01"))

    assert desk.ids() == before
    assert len(before) == 2
    assert all(change.new == change.gone == 0 for change in report.changes)
    if first != "posts":
        assert before["The iron bridge is closed to lorries"] == "tag:old.example,2024:bridge"


def test_the_document_gives_the_content_and_the_feed_id_date_and_page(desk: Desk) -> None:
    desk.write("feed.xml", rss(item("Storm tears roofs", STORM[0], f"{SITE}/s/", "urn:x-old:1")))
    desk.write("storm.md", markdown("Storm tears roofs", (*STORM, "A [note](n).")))

    report = desk.read()

    entry = desk.only()
    assert (entry.id, entry.link) == ("urn:x-old:1", f"{SITE}/s/")
    assert entry.published.instant == at("2024-05-07T08:00")
    assert entry.published.how is How.STATED
    assert entry.updated == entry.published.instant
    assert "raised before winter" in entry.content_text
    assert entry.source == "storm.md"
    assert [place.source for place in entry.also_in] == ["feed.xml"]
    assert (report.total("n_new"), report.total("n_duplicates")) == (1, 1)


def test_what_is_read_again_in_any_order_stays_where_it_is(desk: Desk) -> None:
    desk.write("feed.xml", OLD_FEED)
    desk.write("storm.md", STORM_POST)
    desk.read()
    before = desk.entries()

    for _ in range(3):
        report = desk.read(again=True, now=at("2025-08-01"))

        assert desk.entries() == before
        assert all(change.changed == change.redated == 0 for change in report.changes)


def test_a_feed_added_later_dates_what_had_no_date(desk: Desk) -> None:
    desk.write("storm.md", markdown("Storm tears roofs from houses", STORM))
    desk.read()
    first = desk.only()
    desk.write("feed.xml", OLD_FEED)

    desk.read(now=at("2025-07-01"))

    entry = next(e for e in desk.entries() if e.id == first.id)
    assert first.published.how is How.SEEN
    assert entry.published.instant == at("2024-05-07T08:00")
    assert entry.updated == entry.published.instant
    assert (entry.source, entry.content_html) == ("storm.md", first.content_html)
    assert len(desk.entries()) == 2


def test_an_item_of_the_feed_is_known_by_its_own_id_although_its_post_was_rewritten(
    desk: Desk,
) -> None:
    desk.write("storm.md", STORM_POST)
    desk.write("feed.xml", OLD_FEED)
    desk.read()
    before = desk.ids()["Storm tears roofs from houses"]
    desk.write("storm.md", markdown("What the storm did", BRIDGE[::-1] + STORM, date="2024-05-07"))
    desk.read()
    desk.write("feed.xml", OLD_FEED.replace("Old</title>", "Older</title>"))

    desk.read()

    assert desk.ids()["What the storm did"] == before
    assert len(desk.entries()) == 2


def test_an_edit_of_the_post_is_seen_and_one_of_the_feeds_copy_is_not(desk: Desk) -> None:
    desk.write("feed.xml", OLD_FEED)
    desk.write("storm.md", STORM_POST)
    desk.read()
    desk.write("feed.xml", OLD_FEED.replace("forty houses", "fifty houses"))

    assert desk.read(now=at("2025-07-01")).total("n_changed") == 0

    desk.write("storm.md", STORM_POST.replace("forty", "sixty"))
    desk.read(now=at("2025-07-02"))

    storm = next(e for e in desk.entries() if e.title.startswith("Storm"))
    assert "sixty houses" in storm.content_text
    assert storm.updated == at("2025-07-02")


def test_a_post_that_takes_over_what_was_published_is_no_edit_unless_its_words_differ(
    desk: Desk,
) -> None:
    desk.write("feed.xml", OLD_FEED)
    desk.read()
    desk.write("storm.md", STORM_POST)
    desk.write("bridge.md", BRIDGE_POST + "\nThe mill road was widened for it.\n")

    desk.read(now=at("2025-07-01"))

    updated = {e.title: e.updated for e in desk.entries()}
    assert updated == {
        "Storm tears roofs from houses": at("2024-05-07T08:00"),
        "The iron bridge is closed to lorries": at("2025-07-01"),
    }


def test_an_enclosure_is_not_lost_to_a_document_without_it(desk: Desk) -> None:
    audio = f'<enclosure url="{SITE}/1.mp3" type="audio/mpeg" length="5"/></item>'
    desk.write("feed.xml", OLD_FEED.replace("</item>", audio, 1))
    desk.write("storm.md", STORM_POST)

    desk.read()

    storm = next(e for e in desk.entries() if e.title.startswith("Storm"))
    assert [media.url for media in storm.media] == [f"{SITE}/1.mp3"]


def test_a_saved_page_is_matched_by_its_canonical_address(desk: Desk) -> None:
    head = f'<link rel="canonical" href="{SITE}/2024/05/storm/?utm_source=x">'
    desk.write("feed.xml", OLD_FEED)
    desk.write("saved/p1.html", page("Roofs torn off - Old", STORM, head))

    desk.read()

    assert len(desk.entries()) == 2


def test_a_post_is_matched_by_the_address_that_settings_give_it(desk: Desk) -> None:
    desk.sources = [
        {"path": "blog", "link": f"{SITE}/{{year}}/{{month}}/{{slug}}/", "id": "{link}"}
    ]
    desk.write("feed.xml", rss(item("Short", "One.", f"{SITE}/2024/05/storm/", "1")))
    desk.write("blog/2024-05-07-storm.md", markdown("Another title", STORM))
    desk.write("blog/2024-04-15-bridge.md", BRIDGE_POST)

    desk.read()

    assert len(desk.entries()) == 2
    bridge = next(e for e in desk.entries() if "bridge" in e.title)
    assert bridge.id == bridge.link == f"{SITE}/2024/04/bridge/"


def test_a_short_title_and_the_name_of_its_page_are_enough(desk: Desk) -> None:
    feed = rss(item("Hello", "My first words here.", f"{SITE}/2024/05/hello.html", "1"))
    desk.write("feed.xml", feed)
    desk.write("content/2024-05-07-hello.md", markdown("Hello", STORM))

    desk.read()

    assert desk.only().source == "content/2024-05-07-hello.md"


def test_a_site_with_new_addresses_has_no_post_twice(desk: Desk) -> None:
    desk.sources = [{"path": "posts", "link": f"{SITE}/blog/{{slug}}/"}]
    desk.write("feed.xml", OLD_FEED)
    desk.write("posts/2024-05-07-storm.md", STORM_POST)
    desk.write("posts/2024-04-15-bridge.md", BRIDGE_POST)

    desk.read()

    assert sorted(e.link or "" for e in desk.entries()) == [
        f"{SITE}/blog/bridge/",
        f"{SITE}/blog/storm/",
    ]


def test_a_ledger_carries_what_copies_are_known_by(
    new_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    old, new = new_desk(), new_desk()
    for desk in (old, new):
        desk.write("storm.md", STORM_POST)
    old.read(ledger=ledger)
    for desk in (old, new):
        desk.write("feed.xml", OLD_FEED)
    old.read(ledger=ledger, now=at("2025-07-01"))
    lines = ledger.read_bytes()

    new.read(ledger=ledger, now=at("2025-08-01"))

    assert new.entries() == old.entries()
    assert ledger.read_bytes() == lines


# --- the same thing told elsewhere -----------------------------------------------------------


def test_a_syndicated_copy_is_one_appearance_more(desk: Desk) -> None:
    title = "Storm tears roofs from houses"
    desk.write(
        "a.xml", rss(item(title, html(STORM), "https://a.example/storm", "https://a.example/1"))
    )
    desk.write(
        "b.xml", rss(item(title, html(STORM), "https://b.example/x?id=9", "https://b.example/2"))
    )

    report = desk.read()

    assert [place.source for place in desk.only().also_in] == ["b.xml"]
    assert report.total("n_duplicates") == 1


def test_tracking_parameters_make_no_other_address(desk: Desk) -> None:
    desk.write("a.xml", rss(item("Storm", "Roofs are gone.", f"{SITE}/storm/?utm_medium=rss", "1")))
    desk.write(
        "b.json", '[{"title": "The storm", "url": "http://OLD.example/storm", "body": "Roofs."}]'
    )

    desk.read()

    assert len(desk.entries()) == 1


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_teaser_and_its_article_are_one(desk: Desk, order: tuple[str, str]) -> None:
    article, teaser = order
    desk.write(f"{article}.md", markdown("Storm tears roofs from houses", STORM, date="2024-05-07"))
    desk.write(f"{teaser}.json", f'[{{"body": "{STORM[0]}", "date": "2024-05-07"}}]')

    desk.read()

    assert desk.only().content_text == "\n".join(STORM)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            {
                "title": "Open thread",
                "body": "Talk of anything you like here.",
                "date": "2024-05-07",
            },
            {
                "title": "Open thread",
                "body": "Talk of anything you like here.",
                "date": "2024-05-09",
            },
            id="another day's thread",
        ),
        pytest.param(
            {"title": "News in brief", "body": STORM[0], "date": "2024-05-07"},
            {"title": "News in brief", "body": BRIDGE[0], "date": "2024-05-07"},
            id="one rubric of two papers",
        ),
        pytest.param(
            {
                "title": "Ministers meet in Geneva for talks",
                "body": " ".join(STORM),
                "date": "2024-05-07",
                "url": "https://a.example/1",
            },
            {
                "title": "Ministers meet in Geneva for talks",
                "body": " ".join(BRIDGE),
                "date": "2024-05-07",
                "url": "https://b.example/1",
            },
            id="two papers' articles under one headline",
        ),
        pytest.param(
            {"title": "Weekly notes from the garden", "body": " ".join(STORM)},
            {"title": "Weekly notes from the garden", "body": " ".join(BRIDGE)},
            id="an undated series",
        ),
        pytest.param(
            {"id": "1", "title": "Minutes of the council", "body": "", "url": f"{SITE}/m/1"},
            {"id": "2", "title": "Minutes of the council", "body": "", "url": f"{SITE}/m/2"},
            id="two pages of one site",
        ),
    ],
)
def test_what_is_clearly_different_stays_apart(
    desk: Desk, one: dict[str, str], other: dict[str, str]
) -> None:
    desk.write("a.json", json.dumps([one]))
    desk.write("b.json", json.dumps([other]))

    desk.read()

    assert len(desk.entries()) == 2


def test_near_ones_are_only_suggested(desk: Desk) -> None:
    changed = STORM[0].replace("forty", "four"), STORM[1].replace("three", "two"), STORM[2]
    desk.write("a.md", markdown("Storm tears roofs from houses", STORM, date="2024-05-07"))
    desk.write("b.md", markdown("Roofs torn off by a storm", changed, date="2024-05-07"))
    desk.write("c.md", markdown("The iron bridge is closed", BRIDGE, date="2024-05-07"))

    report = desk.read()

    (found,) = report.suggestions
    ids = desk.ids()
    assert {found.one_id, found.other_id} == {
        ids["Storm tears roofs from houses"],
        ids["Roofs torn off by a storm"],
    }
    assert 0.5 <= found.likeness < 1
    assert sum("maybe told twice" in line for line in report_lines(report)) == 1
    assert desk.read(again=True).suggestions == ()


def test_a_site_that_moves_has_changed_nothing(desk: Desk) -> None:
    words = (*STORM, "See [the map](/map/) and [more](https://x.org/).")
    desk.write("storm.md", markdown("Storm", words, date="2024-05-07", link="/storm/"))
    desk.read()
    before = desk.only()
    desk.site = {"base_url": "https://moved.example"}

    report = desk.read(now=at("2025-07-01"))

    entry = desk.only()
    assert 'href="https://moved.example/map/"' in entry.content_html
    assert (entry.id, entry.updated) == (before.id, before.updated)
    assert report.total("n_unchanged") == 1


# --- files that move -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["renamed.md", "folder/storm.md", "folder/renamed.markdown"])
@pytest.mark.parametrize("edit", ["forty", "sixty"])
def test_a_file_renamed_or_moved_keeps_its_id(desk: Desk, name: str, edit: str) -> None:
    desk.write("other.md", BRIDGE_POST)
    desk.write("storm.md", STORM_POST)
    desk.read()
    before = desk.ids()
    desk.move("storm.md", name)
    desk.write(name, STORM_POST.replace("forty", edit))

    report = desk.read(now=at("2025-07-01"))

    assert desk.ids() == before
    storm = next(e for e in desk.entries() if e.title.startswith("Storm"))
    assert (storm.source, storm.also_in) == (name, ())
    assert f"{edit} houses" in storm.content_text
    assert (report.absent, report.total("n_buried")) == ((), 0)


def test_a_folder_renamed_keeps_every_id(desk: Desk) -> None:
    posts = [f"{n}{STORM[n % 3]} {BRIDGE[n % 2]}" for n in range(12)]
    for n, words in enumerate(posts):
        desk.write(f"old/{n}.md", markdown(f"Post {n}", (words,), date=f"2024-05-{n + 1:02}"))
    desk.read()
    before = desk.ids()
    (desk.folder / "old").rename(desk.folder / "new")

    report = desk.read()

    assert desk.ids() == before
    assert len(before) == 12
    assert report.absent == ()


def test_a_post_written_anew_under_its_title_stays_itself(desk: Desk) -> None:
    desk.write("storm.md", markdown("Storm", STORM, date="2024-05-07"))
    desk.read()
    before = desk.only().id
    desk.write("storm.md", markdown("Storm", BRIDGE, date="2024-05-07"))
    desk.read()
    desk.write("storm.md", markdown("A title of another day", STORM, date="2024-05-07"))

    desk.read()

    assert desk.only().id == before


# --- changes that change nothing -------------------------------------------------------------

GARDEN = (
    "L’été dernier, la ville a rouvert le « jardin des brumes » après deux ans de travaux menés "
    "par les habitants eux-mêmes, qui s'y retrouvent désormais chaque soir.",
    "Le maire a salué “un lieu pour tous” lors de l’inauguration.",
)
TITLES = ("L’été au jardin des brumes", "Storm tears roofs from houses", "The bridge is closed")
TEXTS = (GARDEN, STORM, BRIDGE)


def in_text(order: tuple[int, ...]) -> str:
    return "\n\n\n".join(f"{TITLES[n]}\n\n" + "\n".join(TEXTS[n]) for n in order)


def in_json(order: tuple[int, ...]) -> str:
    rows = [{"title": TITLES[n], "body": "\n\n".join(TEXTS[n])} for n in order]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def in_table(order: tuple[int, ...]) -> str:
    rows = [f'"{TITLES[n]}","{" ".join(TEXTS[n]).replace(chr(34), chr(34) * 2)}"' for n in order]
    return "\n".join(("title,body", *rows)) + "\n"


def in_rss(order: tuple[int, ...]) -> str:
    return rss(*(item(TITLES[n], html(TEXTS[n]), f"{SITE}/{n}/") for n in order))


def in_changelog(order: tuple[int, ...]) -> str:
    parts = (f"## [1.{n}.0] - 2024-05-0{n + 1}\n\n- " + "\n- ".join(TEXTS[n]) for n in order)
    return "# Changelog\n\n" + "\n\n".join(parts) + "\n"


def in_mbox(order: tuple[int, ...]) -> str:
    mails = (
        f"From a@x.org Tue May  7 08:0{n}:00 2024\nFrom: A <a@x.org>\nSubject: Mail {n}\n"
        f"Date: Tue, 7 May 2024 08:0{n}:00 +0000\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n\n" + "\n\n".join(TEXTS[n]) + "\n\n"
        for n in order
    )
    return "".join(mails)


MAKERS: dict[str, Callable[[tuple[int, ...]], str]] = {
    "a.txt": in_text,
    "a.json": in_json,
    "a.csv": in_table,
    "a.xml": in_rss,
    "CHANGELOG.md": in_changelog,
    "a.mbox": in_mbox,
    "a.md": lambda order: markdown(TITLES[0], TEXTS[0]),
    "a.html": lambda order: page(TITLES[0], TEXTS[0]),
}
ONLY_TEXT = ("a.txt", "a.md", "a.html", "a.mbox")
QUOTES = str.maketrans("’“”", '\'""')
CHANGES: dict[str, Callable[[str], str]] = {
    "line ends": lambda text: text.replace("\n", "\r\n"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "blanks at the end": lambda text: text + "\n\n",
    "a mark at the beginning": lambda text: "\ufeff" + text,
    "https": lambda text: text.replace("https://old", "http://old"),
    "tracked": lambda text: text.replace("/</link>", "/?utm_source=feed</link>"),
    "no slash": lambda text: text.replace("/</link>", "</link>"),
}


def same(desk: Desk, name: str, changed: str, n_more: int = 0) -> None:
    """Read the change after the original: nothing is new but what was added."""
    desk.write(name, MAKERS[name]((0, 1)))
    desk.read()
    before = {entry.id for entry in desk.entries()}
    desk.write(name, changed)
    report = desk.read(now=at("2025-07-01"))
    after = {entry.id for entry in desk.entries()}
    assert before <= after
    assert before
    assert len(after - before) == n_more
    assert report.total("n_vanished") == 0


FORMS = [
    (name, change)
    for name in MAKERS
    for change in CHANGES
    if name != "a.mbox" or change != "a mark at the beginning"  # which no mailbox has
]


@pytest.mark.parametrize(("name", "change"), FORMS)
def test_a_change_of_form_moves_no_id(desk: Desk, name: str, change: str) -> None:
    same(desk, name, CHANGES[change](MAKERS[name]((0, 1))))


@pytest.mark.parametrize("name", ONLY_TEXT)
def test_straight_quotes_move_no_id(desk: Desk, name: str) -> None:
    same(desk, name, MAKERS[name]((0, 1)).translate(QUOTES))


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.csv", "a.xml", "CHANGELOG.md", "a.mbox"])
def test_order_and_additions_move_no_id(desk: Desk, name: str) -> None:
    same(desk, name, MAKERS[name]((2, 1, 0)), n_more=1)


@pytest.mark.parametrize("name", MAKERS)
def test_a_new_name_for_a_file_of_any_kind_moves_no_id(desk: Desk, name: str) -> None:
    desk.write(name, MAKERS[name]((0, 1)))
    desk.write("stays.md", BRIDGE_POST)
    desk.read()
    before = desk.ids()
    desk.move(name, f"folder/b-{name}")

    report = desk.read()

    assert desk.ids() == before
    assert report.absent == ()
