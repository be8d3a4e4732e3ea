"""Dumps of many kinds, languages and encodings, read into items."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import BrokenSource, UnknownFormat
from feedsvc.model import Origin, RawItem, Refused
from feedsvc.sources import textdump

CASES = Path(__file__).parents[1] / "cases" / "textdump"
SEED = Path(__file__).parents[2] / "seeds" / "000_64ba767ae4b7ab50.txt"


def read(text: str | bytes) -> list[RawItem]:
    data = text if isinstance(text, bytes) else text.encode()
    return [piece for piece in textdump.read("dump.txt", data) if isinstance(piece, RawItem)]


def titles(text: str) -> list[str | None]:
    return [item.title for item in read(text)]


def told(item: RawItem, names: list[str]) -> dict[str, object]:
    """The fields a case speaks of, as its file writes them."""
    found: dict[str, object] = {name: getattr(item, name) for name in names}
    if "dates" in found:
        found["dates"] = [[date.words, date.origin.value] for date in item.dates]
    if "authors" in found:
        found["authors"] = [author.name for author in item.authors]
    return found


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_dump_of_its_kind(path):
    shows, *expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))

    items = read(path.read_bytes())

    assert [item.position for item in items] == list(range(len(expected))), shows["shows"]
    assert [told(i, list(e)) for i, e in zip(items, expected, strict=True)] == expected


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
    *_, refusal = textdump.read("dump.txt", b"It rains.\n" + b"\n" * 499_999 + b"It snows.\n")

    assert isinstance(refusal, Refused)
    assert (refusal.line, refusal.words) == (500_001, "It snows.")


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
    assert kept - words <= Counter({"None": 2 * len(items)})
    assert set(words - kept) <= headings


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
