"""Tables, row by row: how they are written is found out, a bad row costs itself alone."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import sources
from feedsvc.errors import SourceError
from feedsvc.model import Noise, RawItem, Refused
from feedsvc.sources import Hints, table
from tests.sources.cases import documents, verify


def read(text: str, hints: Hints | None = None) -> list[RawItem | Refused | Noise]:
    return list(table.read("news.csv", text.encode(), hints or Hints()))


@pytest.mark.parametrize("path", documents("table"), ids=lambda path: path.name)
def test_tables_of_their_kind(path):
    verify(path)


@pytest.mark.parametrize("name, text, expected", [
    pytest.param("a", "title;date\nA;2025-05-13\n", "table", id="a header of known names"),
    pytest.param("a.csv", "x,y\nA,2025-05-13\n", "table", id="a suffix"),
    pytest.param("a.txt", "Paris, May 12. Rain, they say.\nRome, May 13. Sun, they say.\n", "textdump",
                 id="text with commas"),
    pytest.param("a.txt", "2025-05-13|A|x\n2025-05-14|B|y\n2025-05-15|C|z\n", "table",
                 id="days in a column"),
    pytest.param("a.csv", '[{"title": "A, B"}, {"title": "C, D"}]', "records", id="JSON"),
    pytest.param("a.txt", "A title\n\nSome text; more text.\nAnother line; again.\n", "textdump",
                 id="text with semicolons"),
])  # fmt: skip
def test_what_is_a_table(name, text, expected):
    assert expected == sources.recognise(name, text.encode()).NAME


def test_lines_that_are_no_rows_are_counted():
    found = read("An export\n\ntitle;date;n\nA;2025-05-13;1\nTotal;;1\n")

    assert [piece for piece in found if isinstance(piece, Noise)] == [
        Noise(source="news.csv", n_lines=2, lines=(1, 5))
    ]


def test_a_path_that_matches_nothing_is_logged_once(caplog):
    read("title,date\nA,2025-05-13\nB,2025-05-14\n", Hints(fields={"body": ("words",)}))

    assert caplog.messages == ["news.csv: no record has what `fields` names: words"]


def test_a_cell_longer_than_the_csv_module_allows_is_read_and_its_limit_stays():
    before = csv.field_size_limit()

    found = read('title,body\nA,"' + "long, " * 40_000 + '"\nB,b\n')

    assert [len(piece.body) for piece in found if isinstance(piece, RawItem)] == [239_999, 1]
    assert csv.field_size_limit() == before


def test_a_row_beyond_the_limit_is_refused_and_its_neighbours_are_kept():
    found = read('title,body\nA,a\nB,"' + "x" * 1_000_001 + '"\nC,c\n')

    assert [getattr(piece, "title", None) for piece in found] == ["A", None, "C"]
    assert (found[1].line, len(found[1].words)) == (3, 200)


@pytest.mark.parametrize("text", [
    pytest.param('a,b\n"' + '""' * 500_000, id="quotes in a quote"),
    pytest.param('title,b\n' + 'x,"open\n' * 5_000, id="quotes never closed"),
    pytest.param('"\n' * 10_000, id="a quote a line"),
    pytest.param("," * 900_000, id="delimiters alone"),
    pytest.param("|" * 50_000 + "\n|-|\n|a|\n", id="bars"),
])  # fmt: skip
def test_hostile_tables_end(text):
    assert all(isinstance(piece, RawItem | Refused | Noise) for piece in read(text))


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0\x1f\v\f"), max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_whatever_the_csv_module_writes_is_read_row_by_row(rows, delimiter):
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows(
        [
            ("title", "body"),
            *((f"T{n}{title}", f"B {body}") for n, (title, body) in enumerate(rows)),
        ]
    )

    found = [piece for piece in read(written.getvalue()) if isinstance(piece, RawItem)]

    assert [item.title[:2] for item in found] == [f"T{n}" for n in range(len(rows))]
    assert [item.position for item in found] == list(range(len(rows)))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from('ab ",;\t|\n\\-2025:.'), max_size=120))
def test_any_text_is_read_the_same_twice_and_never_crashes(text):
    try:
        found = read(text)
    except SourceError:
        return

    assert found == read(text)
    items = [piece for piece in found if isinstance(piece, RawItem)]
    assert [item.position for item in items] == list(range(len(items)))
    assert all(piece.line for piece in found if not isinstance(piece, Noise))
