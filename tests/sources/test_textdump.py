"""Dumps of many kinds, languages and encodings, read into items."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import BrokenSource, UnknownFormat
from feedsvc.model import Limits, Noise, Origin, RawItem, Refused
from feedsvc.sources import Hints, textdump
from tests.sources.cases import documents, verify

SEED = Path(__file__).parents[2] / "seeds" / "000_64ba767ae4b7ab50.txt"


def read(text: str | bytes) -> list[RawItem]:
    data = text if isinstance(text, bytes) else text.encode()
    return [piece for piece in textdump.read("dump.txt", data) if isinstance(piece, RawItem)]


def titles(text: str) -> list[str | None]:
    return [item.title for item in read(text)]


def noise(text: str) -> list[Noise]:
    return [piece for piece in textdump.read("dump.txt", text.encode()) if isinstance(piece, Noise)]


@pytest.mark.parametrize("path", documents("textdump"), ids=lambda path: path.stem)
def test_a_dump_of_its_kind(path):
    verify(path)


def test_the_seed_is_nineteen_items():
    items = read(SEED.read_bytes())

    assert [item.line for item in items] == [*range(1, 12), 24, 26, 28, 30, 32, 35, 37, 39]
    assert [item.rank for item in items] == [None] * 11 + [1, 2, 3, 4, 5, 1, 2, 3]
    assert [item.section for item in items] == (
        [None] * 11 + ["Most Popular"] * 5 + ["Editors' Picks"] * 3
    )
    assert [item.group for item in items] == (
        ["teasers"] * 10 + ["articles"] + ["most popular"] * 5 + ["editors' picks"] * 3
    )


def test_the_seed_loses_no_word():
    lines = SEED.read_text("utf-8").split("\n")

    items = read(SEED.read_bytes())

    assert all(item.title is None and item.body == lines[item.line - 1] for item in items[:10])
    assert items[10].title == lines[10]
    assert items[10].body == "\n".join(lines[12:20])
    assert [item.title for item in items[11:]] == [lines[item.line - 1] for item in items[11:]]
    assert all(item.body == "" for item in items[11:])


@pytest.mark.parametrize("change", [
    pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="CRLF"),
    pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="byte order mark"),
    pytest.param(lambda data: data.decode().encode("utf-16"), id="UTF-16"),
    pytest.param(lambda data: data.decode().encode("cp1252"), id="Windows-1252"),
    pytest.param(lambda data: data.rstrip(b"\n"), id="no last line end"),
])  # fmt: skip
def test_the_seed_says_the_same_however_it_is_written(change):
    data = SEED.read_bytes()

    assert read(change(data)) == read(data)


def test_a_list_added_above_renames_no_group():
    seed = SEED.read_text("utf-8")
    added = seed.replace("Most Popular\n", "Trending\n\nA headline on top of all\n\nMost Popular\n")

    assert [i.group for i in read(added) if i.section != "Trending"] == [
        i.group for i in read(seed)
    ]


@pytest.mark.parametrize("line", [
    "Most read in Europe", "MOST POPULAR", "Editors’ Picks", "Mehr zum Thema:", "• Trending",
    "À lire aussi", "Lo más leído", "最新ニュース", "اقرأ أيضًا", "Читайте также:",
])  # fmt: skip
def test_a_label_is_known_however_it_is_set(line):
    items = read(f"One thing happened here today.\n{line}\nA headline of several words\n")

    assert [item.title for item in items] == [None, "A headline of several words"]
    assert items[1].section is not None


@pytest.mark.parametrize("line", [
    "Opinion polls show a narrow lead", "Latest attack kills five in the port",
    "News travels fast in small towns", "World leaders meet on the island",
])  # fmt: skip
def test_a_headline_that_begins_like_a_label_is_a_headline(line):
    assert line in titles(f"{line}\n\nSome other headline for today\n")


@pytest.mark.parametrize("line", [
    "May 14, 2025", "2025-05-14", "14.05.2025 10:30", "Wed, 14 May 2025 10:00 GMT", "14 мая 2025 г.",
    "14. Mai 2025", "14 mai 2025 à 18h30", "2025年5月14日（水）", "2025년 5월 14일 오전 10:30",
    "١٤ مايو ٢٠٢٥", "14 พ.ค. 2568", "3 hours ago", "vor 3 Stunden", "Published: May 14, 2025",
    "Опубликовано 14.05.2025, 12:00", "May 14, 2025 | By Ann Lee", "14 maja 2025, 12:30",
    "14. Mai 2025, 14:30 MESZ", "14 de maig de 2025", "dnia 14 maja 2025",
])  # fmt: skip
def test_a_line_that_is_only_a_date_is_no_item(line):
    (item,) = read(f"Bakers buy the old mill\n{line}\n\nThe sale was signed.\n")

    assert (item.title, item.body) == ("Bakers buy the old mill", "The sale was signed.")
    assert len(item.dates) == 1
    assert item.dates[0].words in line


@pytest.mark.parametrize("line", [
    "10 partners launch 3 projects", "Victory Day at 80", "1.2.3", "$25,000 found in 2 days",
    "May the best team win 3 to 1", "Boeing 747", "100",
])  # fmt: skip
def test_a_line_with_other_words_or_numbers_is_no_date(line):
    assert not any(item.dates for item in read(f"{line}\nSomething happened.\n"))


def test_a_line_holds_the_date_it_was_updated_apart():
    (item,) = read(
        "Bakers buy the old mill\nPublished May 13, 2025 Updated May 14, 2025\nIt is sold.\n"
    )

    assert [(d.words, d.role.value, d.name) for d in item.dates] == [
        ("May 13, 2025", "published", "Published"),
        ("May 14, 2025", "updated", "Updated"),
    ]


@pytest.mark.parametrize("text, expected", [
    pytest.param("14 May 2025\nFirst of two headlines\n13 May 2025\nSecond of two headlines\n",
                 ["14 May 2025", "13 May 2025"], id="above each"),
    pytest.param("First of two headlines\n14 May 2025\nSecond of two headlines\n13 May 2025\n",
                 ["14 May 2025", "13 May 2025"], id="below each"),
    pytest.param("First of two headlines\n\n14 May 2025\n\nSecond of two headlines\n\n13 May 2025\n",
                 ["14 May 2025", "13 May 2025"], id="below each, blank lines between"),
    pytest.param("It has rained.\n14 May 2025\n\nIt has snowed.\n13 May 2025\n",
                 ["14 May 2025", "13 May 2025"], id="below each teaser"),
])  # fmt: skip
def test_a_date_line_belongs_to_the_item_it_stands_with(text, expected):
    items = read(text)

    assert [date.words for item in items for date in item.dates] == expected
    assert {date.origin for item in items for date in item.dates} == {Origin.LINE}


def test_a_year_alone_stands_above_what_comes():
    items = read("2024\n\nA headline of four words\n\nAnother one of five words\n")

    assert [(d.words, d.origin) for i in items for d in i.dates] == [("2024", Origin.HEADING)] * 2


def test_a_number_on_its_own_line_is_the_rank_of_the_next():
    items = read("Most Read\n1\nA headline of four words\n2\nAnother one of five words\n")

    assert [(i.title, i.rank) for i in items] == [
        ("A headline of four words", 1),
        ("Another one of five words", 2),
    ]


def test_a_numbered_list_inside_an_article_stays_there():
    (item,) = read("How to bake bread\n\nIt is easy.\n1. Take flour.\n2. Add water.\n")

    assert item.body == "It is easy.\n1. Take flour.\n2. Add water."


def test_an_item_of_a_numbered_list_is_an_item_whatever_its_words():
    items = read("Trending\n1. World\n2. May 14, 2025\n3. Who pays for it?\n4. It rains.\n")

    assert [(i.title or i.body, i.rank) for i in items] == [
        ("World", 1), ("May 14, 2025", 2), ("Who pays for it?", 3), ("It rains.", 4),
    ]  # fmt: skip


def test_an_article_below_a_list_of_teasers_is_not_of_the_list():
    items = read("Latest\nIt rains.\nIt snows.\nBakers buy the mill\n\nIt is sold.\nWork begins.\n")

    assert [(i.section, i.rank) for i in items] == [("Latest", 1), ("Latest", 2), (None, None)]


def test_a_line_beyond_the_limit_is_refused_and_its_neighbours_are_kept():
    found = list(textdump.read("dump.txt", b"One.\n" + b"x" * 10_000_000 + b"\nTwo.\n"))

    refusal = found[1]
    assert isinstance(refusal, Refused)
    assert (refusal.line, len(refusal.words)) == (2, 200)
    assert "break it into lines" in refusal.remedy
    assert [i.body for i in found if isinstance(i, RawItem)] == ["One.", "Two."]


def test_lines_beyond_the_limit_are_refused_in_one_piece():
    story = b"".join(b"It rained for the day number %d.\n" % n for n in range(25))
    hints = Hints(limits=Limits(dump_items=5))

    *_, refusal = textdump.read("dump.txt", b"Rain in the north of the land\n\n" + story, hints)

    assert isinstance(refusal, Refused)
    assert (refusal.line, refusal.words) == (22, "It rained for the day number 19.")


def test_a_line_said_over_and_over_is_said_once_and_the_rest_is_noise():
    item, last, noise = textdump.read("dump.txt", b"It rains.\n" * 300_000 + b"It snows.\n")

    assert (item.body, last.body, last.line) == ("It rains.", "It snows.", 300_001)
    assert noise.n_lines == 299_999


def test_a_setting_raises_the_limits_of_a_dump():
    dump = b"".join(b"It rained on street %d.\n" % n for n in range(10_002))

    *items, refusal, _ = textdump.read("dump.txt", dump + b"Share\n")
    raised = textdump.read("dump.txt", dump, Hints(limits=Limits(dump_items=10_002)))

    assert len(items) == 10_000
    assert "more than the limit of 10,000 items a dump" in refusal.reason
    assert sum(isinstance(piece, RawItem) for piece in raised) == 10_002


@pytest.mark.parametrize("line", [
    "Home | World | Business", "Teilen  Drucken  Merken", "Kommentare (47)", "首页 > 新闻 > 社会",
    "Read more", "© 2025 The Courier", "We use cookies to make things better.", "Menu",
    "Photo: Ann Lee", "Lire aussi : Pourquoi la sardine rapetisse", "좋아요 15  댓글 3", "نظرات (۸)",
    "Показать ещё", "Volg ons op Instagram", "press@news.example", "責任編輯：孫磊",
])  # fmt: skip
def test_a_line_of_the_page_is_noise_and_counted(line):
    text = f"Bakers buy the old mill\n\nIt is sold.\nWork begins.\n\n{line}\n"

    assert [(i.title, i.body) for i in read(text)] == [
        ("Bakers buy the old mill", "It is sold.\nWork begins.")
    ]
    assert noise(text) == [Noise(source="dump.txt", n_lines=1, lines=(6,))]


def test_noise_names_a_hundred_lines_and_counts_all():
    (told,) = noise("It rains.\n" + "Share\n" * 250)

    assert (told.n_lines, told.lines) == (250, tuple(range(2, 102)))


def test_a_dump_without_noise_tells_none():
    assert noise("It rains.\nIt snows.\n") == []


@pytest.mark.parametrize("line", [
    "Sources say the talks collapsed", "Water | fire and the old stone houses", "Video games sell well",
    "Homeowners share the cost", "Press freedom is in danger", "Photographers win a prize",
])  # fmt: skip
def test_a_headline_that_begins_like_noise_is_a_headline(line):
    assert titles(f"{line}\n\nSome other headline for today\n")[0] == line


@pytest.mark.parametrize("line", [
    "2 hours ago", "an hour ago", "just now", "5h ago", "yesterday", "Today, 07:10", "vor einer Stunde",
    "gestern, 19:25 Uhr", "il y a 3 heures", "hier à 12h30", "hace 2 horas", "ayer", "3 ore fa", "ieri",
    "há 2 dias", "ontem", "2 godziny temu", "wczoraj", "3 uur geleden", "gisteren", "před 2 hodinami",
    "včera", "πριν από 2 ώρες", "χθες", "2 часа назад", "вчера в 19:25", "сегодня, 10:30", "5 хвилин тому",
    "вчора", "3時間前", "昨日 10:30", "2小时前", "昨天 10:30", "刚刚", "3시간 전", "어제", "2 ชั่วโมงที่แล้ว", "เมื่อวาน",
    "منذ ساعتين", "أمس", "۳ ساعت پیش", "دیروز", "לפני שעתיים", "אתמול",
])  # fmt: skip
def test_a_line_that_says_how_long_ago_is_a_date_line(line):
    (item,) = read(f"Bakers buy the old mill\n{line}\nThe sale was signed.\n")

    assert (item.title, item.body) == ("Bakers buy the old mill", "The sale was signed.")
    assert [(d.words, d.origin) for d in item.dates] == [(line, Origin.LINE)]


@pytest.mark.parametrize("line", [
    "15 ذو القعدة 1446 هـ", "۲۳ اردیبهشت ۱۴۰۴", "令和7年3月3日", "民國114年5月13日", "12 พฤษภาคม 2568",
    "วันที่ 12 พ.ค. 2568 เวลา 10.30 น.", "ט״ו באייר 5785",
])  # fmt: skip
def test_a_line_in_another_calendar_is_a_date_line(line):
    (item,) = read(f"Bakers buy the old mill\n{line}\nThe sale was signed.\n")

    assert [d.words for d in item.dates] == [line]


@pytest.mark.parametrize("line, when, title", [
    ("13.05.2025 Bus stops at the mill", "13.05.2025", "Bus stops at the mill"),
    ("2025-05-13 – Bus stops at the mill", "2025-05-13", "Bus stops at the mill"),
    ("2025-05-13 14:05 Bus stops at the mill", "2025-05-13 14:05", "Bus stops at the mill"),
    ("[May 13] Bus stops at the mill", "May 13", "Bus stops at the mill"),
    ("May 13, 2025: Bus stops at the mill", "May 13, 2025", "Bus stops at the mill"),
    ("14 мая, 14:05 — Автобус едет к мельнице", "14 мая, 14:05", "Автобус едет к мельнице"),
    ("5月13日：新しい橋が開通", "5月13日", "新しい橋が開通"),
    ("2025年5月13日 新しい橋が開通", "2025年5月13日", "新しい橋が開通"),
    ("13. Mai 2025 | Bus hält an der Mühle", "13. Mai 2025", "Bus hält an der Mühle"),
    ("3 mars 2025 – Le bus passe au moulin", "3 mars 2025", "Le bus passe au moulin"),
    ("12:30 Bus stops at the mill", "12:30", "Bus stops at the mill"),
    ("Bus stops at the mill (11.09.2022)", "11.09.2022", "Bus stops at the mill"),
])  # fmt: skip
def test_a_day_or_time_at_the_end_of_a_line_is_taken_off_where_lines_agree(line, when, title):
    items = read(f"{line}\n{line}\n")

    assert [(i.title, [d.words for d in i.dates]) for i in items] == [(title, [when])] * 2


@pytest.mark.parametrize("line", [
    "13 May 2025 was a hot day in town", "May 13 will be remembered by many", "10 partners launch a plan",
    "2025 budget passes at last", "3 May Day marches end in rain", "Monday: The council meets again",
])  # fmt: skip
def test_a_headline_that_begins_with_a_number_or_month_stays_whole(line):
    assert titles(f"{line}\n\nSome other headline for today\n")[0] == line


def test_a_time_without_a_day_above_is_given_alone():
    items = read("14:05\nFirst of two headlines\n13:10\nSecond of two headlines\n")

    assert [[d.words for d in i.dates] for i in items] == [["14:05"], ["13:10"]]


def test_times_below_their_items_are_joined_with_the_day_above():
    items = read(
        "May 13, 2025\n\nFirst of two headlines\n14:05\n\nSecond of two headlines\n13:10\n"
    )

    assert [[(d.words, d.origin) for d in i.dates] for i in items] == [
        [("May 13, 2025 14:05", Origin.LINE)],
        [("May 13, 2025 13:10", Origin.LINE)],
    ]


def test_a_name_above_pairs_that_are_no_record_begins_no_record():
    (item,) = read("Title: the word on the cover of it\n\nIt was sold.\nNobody asked.\n")

    assert item.body == "It was sold.\nNobody asked."


@pytest.mark.parametrize("text", [
    pytest.param("13 May 2025\n" * 20_000, id="nothing but days"),
    pytest.param("Line\n" * 20_000, id="one word a line"),
    pytest.param("Title: a\nDate: b\n" * 5_000, id="pairs in one block"),
    pytest.param("word, 1 " * 120_000, id="a line of a megabyte"),
    pytest.param(("(" * 500 + "\n") * 2_000, id="brackets"),
    pytest.param(("a" + " " * 900_000 + "b\n") * 5, id="blanks"),
    pytest.param("- " * 450_000, id="bullets"),
    pytest.param("12 " * 40 + "\n" + "1.1.1 " * 15_000, id="numbers"),
])  # fmt: skip
def test_absurd_text_takes_no_long_time(text):
    began = time.process_time()

    items = read(f"{text}\n\nIt rains at last.\n")

    assert "It rains at last." in items[-1].body
    assert time.process_time() - began < 20


def test_a_binary_file_is_no_dump():
    with pytest.raises(UnknownFormat, match="binary"):
        read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


def test_a_file_beyond_the_limit_names_limit_and_remedy():
    with pytest.raises(BrokenSource, match=r"limit of 20 MB; split it"):
        read(b"One. \n" * 4_000_000)


WORD = re.compile(r"[^\W\d]+")
PIECES = st.sampled_from([
    "A teaser that ends with a stop.", "Is it a question?", "A headline of several words",
    "Short one", "Word", "She said: “It is over.”", "这是一个句子。", "新的标题在这里", "1. Numbered thing",
    "2. Numbered other", "- Bulleted thing of words", "lower case line goes on", "", "", "----",
    "He works in the U.S.", "Ещё один заголовок", "Всё кончено.", "https://example.org/a",
])  # fmt: skip

ANY_LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=14))
def test_every_word_is_in_exactly_one_item(lines):
    words = Counter(WORD.findall("\n".join(lines)))

    items = read("\n".join(lines))

    kept = Counter(w for i in items for w in WORD.findall(f"{i.title} {i.body} {i.link}"))
    headings = {w for item in items for w in WORD.findall(item.section or "")}
    told = [lines[number - 1] for piece in noise("\n".join(lines)) for number in piece.lines]
    assert kept - words <= Counter({"None": 2 * len(items)})
    assert set(words - kept) <= headings | set(WORD.findall(" ".join(told)))


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | ANY_LINE).map("\n".join))
def test_any_text_is_read(text):
    items = read(text)

    assert [item.position for item in items] == list(range(len(items)))
    assert all(item.line for item in items)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_as_a_whole(data):
    try:
        pieces = list(textdump.read("dump.txt", data))
    except UnknownFormat as refusal:
        pieces = [refusal]

    assert isinstance(pieces, list)
