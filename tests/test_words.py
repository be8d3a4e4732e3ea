"""A text as the words it is searched by."""

from __future__ import annotations

import pytest

from feedsvc.words import phrases, spaced, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Peace, at LAST!", ["peace", "at", "last"], id="case and stops"),
        pytest.param("Café Ärger", ["cafe", "arger"], id="accents"),
        pytest.param("ＡＢＣ１２", ["abc12"], id="width"),
        pytest.param("Straße ﬁn", ["strasse", "fin"], id="letters that stand for two"),
        pytest.param("Мир і війна", ["мир", "і", "віина"], id="another alphabet"),
        pytest.param("شَمس שָׁלוֹם", ["شمس", "שלום"], id="vowel points"),
        pytest.param("हिन्दी क्षमा", ["हिन्दी", "क्षमा"], id="vowel signs"),
        pytest.param("co\u00adoperate می\u200cخواهم", ["cooperate", "میخواهم"], id="soft hyphens"),
        pytest.param("世界平和", ["世界", "界平", "平和"], id="no blanks between words"),
        pytest.param("วิจัย", ["วิ", "ิจ", "จั", "ัย"], id="signs where there are no blanks"),
        pytest.param("서울에서", ["서울", "울에", "에서"], id="particles that cling"),
        pytest.param("がん かん", ["がん", "かん"], id="voiced letters are others"),
        pytest.param("AI人工2", ["ai", "人工", "2"], id="scripts without a blank between"),
        pytest.param("v2.0_beta", ["v2", "0", "beta"], id="what joins words parts them"),
        pytest.param("x" * 41, ["x" * 40, "x"], id="a very long word"),
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


@pytest.mark.parametrize(
    ("question", "found"),
    [
        pytest.param("peace talks", ("peace", "talks"), id="words"),
        pytest.param('a "fire brigade" came', ("a", "fire brigade", "came"), id="a phrase"),
        pytest.param("„Ärger im Amt“", ("Ärger im Amt",), id="printed quotation marks"),
        pytest.param('a "b c', ("a", "b", "c"), id="a mark that is never closed"),
        pytest.param('"" "  "', (), id="nothing between the marks"),
    ],
)
def test_the_phrases_of_a_question(question: str, found: tuple[str, ...]) -> None:
    assert phrases(question) == found
