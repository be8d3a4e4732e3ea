"""A text as the words it is searched by."""

from __future__ import annotations

import pytest

from feedsvc.words import spaced, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Peace, at LAST!", ["peace", "at", "last"], id="case and stops"),
        pytest.param("Café Ärger", ["cafe", "arger"], id="marks"),
        pytest.param("ＡＢＣ１２", ["abc12"], id="width"),
        pytest.param("Мир і війна", ["мир", "і", "віина"], id="another alphabet"),
        pytest.param("世界平和", ["世界", "界平", "平和"], id="no blanks between words"),
        pytest.param("v2.0_beta", ["v2", "0", "beta"], id="what joins words parts them"),
        pytest.param("日", ["日"], id="a letter alone"),
        pytest.param(" … ", [], id="nothing"),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert list(words_of(text)) == words


@pytest.mark.parametrize(
    ("phrase", "is_found"),
    [("fire brigade", True), ("brigade fire", False), ("igad", False), ("平和", True)],
)
def test_a_phrase_is_found_where_its_words_follow_one_another(phrase: str, is_found: bool) -> None:
    assert (spaced(phrase) in spaced("The fire-brigade came. 世界平和")) is is_found
