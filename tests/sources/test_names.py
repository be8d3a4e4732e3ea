"""What the names of fields tell: whole ones, and those of dates by their parts."""

import pytest

from feedsvc.sources._names import kinds_named


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("Fecha de alta", "created", id="Spanish, entered"),
        pytest.param("Datum vložení", "created", id="Czech, entered"),
        pytest.param("Дата добавления", "created", id="Russian, added"),
        pytest.param("تاريخ الإضافة", "created", id="Arabic, added"),
        pytest.param("作成日時", "created", id="Japanese, made"),
        pytest.param("publicationTimestamp", "published", id="an English name of two words"),
        pytest.param("Datum plaatsing", "published", id="Dutch, placed"),
        pytest.param("公布时间", "published", id="Chinese, announced"),
        pytest.param("Datum letzte Aktualisierung", "updated", id="German, brought up to date"),
        pytest.param("dateLastActivity", "updated", id="of a board's card"),
        pytest.param("Date d’export", "captured", id="French, exported"),
    ],
)
def test_a_date_is_known_by_the_parts_of_its_name(name, kind):
    kinds = [kind for _, kind in kinds_named(name)]

    assert kinds == [kind]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Event Date", id="an event, English"),
        pytest.param("Datum akce", id="an event, Czech"),
        pytest.param("Data scadenza pubblicazione", id="the end of a publication, Italian"),
        pytest.param("掲載終了日", id="the end of a publication, Japanese"),
        pytest.param("Дата окончания", id="an end, Russian"),
        pytest.param("תאריך לידה", id="a birth, Hebrew"),
        pytest.param("updated_by", id="a person"),
        pytest.param("release_notes", id="no day at all"),
    ],
)
def test_a_name_of_something_else_tells_no_date(name):
    kinds = kinds_named(name)

    assert kinds == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("zagolovok", "title"),
        ("opublikovano", "published"),
        ("zaholovok", "title"),
        ("opys", "description"),
    ],
)
def test_cyrillic_names_may_be_written_in_latin_letters(name, kind):
    kinds = [kind for _, kind in kinds_named(name)]

    assert kind in kinds
