"""What an address asks the search: a query string in, a Query in its one canonical form out.

Room: questions. Pure. Imports the kernel; called by delivery, which is handed the address, and by
publish.

What cannot be meant is a fault told in words; what says nothing, or says it twice, is left out.
`addresses.query_string` spells the canonical form again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl

from feedsvc.addresses import SEARCH, query_string
from feedsvc.errors import BadQuestion
from feedsvc.model import Content, Family, Feed, Query
from feedsvc.words import phrases, words_of

MOST_TERMS = 20  #: of all keys together
MOST_CHARACTERS = 200  #: of one value
MOST_FIELDS = 100  #: of a query string, those that say nothing included
LIMITS = range(1, 201)
T = TypeVar("T", bound=StrEnum)


class Order(StrEnum):
    """Which of the entries found come first."""

    DATE = "date"
    RANK = "rank"


def parse(asked: str) -> Query:
    """The question of a query string; raises BadQuestion where one of its keys cannot be meant.

    Case, outer and repeated blanks and the order of values mean nothing. Unknown keys are left
    out, as trackers add them to any address.
    """
    values = _values(asked)
    query = Query(
        words=_words(*values.get("q", [])),
        sections=_names("section", values),
        tags=_names("tag", values),
        authors=_names("author", values),
        languages=_names("lang", values),
        exclude=tuple(name for name in _names("exclude", values) if any(words_of(name))),
        since=_day(values.get("since", [])),
        limit=_limit(values.get("limit", [])),
        content=_choice("content", values, Content),
        is_ranked=_choice("order", values, Order) is Order.RANK,
    )
    _require_few(query)
    return query


def feed_of(query: Query, content: Content) -> Feed:
    """The feed of what answers a question, titled by what is asked; `content` is the site's."""
    return Feed(
        path=SEARCH,
        title=_title(query),
        family=Family.SEARCH,
        content=query.content or content,
        size=query.limit,
    )


def _title(query: Query) -> str:
    """In words of the question alone, which need no translation."""
    names = (*query.sections, *query.tags, *query.authors, *query.languages)
    parts = [query.words, *names, *(f"−{name}" for name in query.exclude)]
    if query.since:
        parts.append(f"≥ {query.since}")
    return " · ".join(filter(None, parts)) or SEARCH.capitalize()


def is_canonical(asked: str, query: Query) -> bool:
    """Whether a query string is the one spelling of its question."""
    return asked == query_string(query)


def is_empty(query: Query) -> bool:
    """Whether nothing is searched for, whatever is said of how to show it."""
    bare = Query(limit=query.limit, content=query.content, is_ranked=query.is_ranked)
    return query == bare


def _values(asked: str) -> dict[str, list[str]]:
    """The values of each key that say something, cleaned."""
    try:
        pairs = parse_qsl(asked, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadQuestion("search", f"more than {MOST_FIELDS} fields; ask for less") from error
    values: dict[str, list[str]] = {}
    for key, value in pairs:
        if cleaned := _cleaned(value):
            values.setdefault(key, []).append(cleaned)
    if "q" in values:
        values["q"] = [" ".join(values["q"])]
    for key, found in values.items():
        if max(map(len, found)) > MOST_CHARACTERS:
            raise BadQuestion(key, f"longer than {MOST_CHARACTERS} characters; shorten it")
    return values


def _cleaned(value: str) -> str:
    """One blank where there were several, and neither case nor what cannot be seen."""
    folded = " ".join(unicodedata.normalize("NFC", value).lower().split())
    return "".join(char for char in folded if char.isprintable())


def _words(given: str = "") -> str:
    """Words and quoted phrases, each once, in the order given."""
    found = dict.fromkeys(phrase for phrase in phrases(given) if any(words_of(phrase)))
    if given and not found:
        raise BadQuestion("q", f"no word in {given!r}; give letters or digits to look for")
    return " ".join(f'"{phrase}"' if " " in phrase else phrase for phrase in found)


def _names(key: str, values: Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(sorted(set(values.get(key, []))))


def _day(values: Iterable[str]) -> date | None:
    """The latest of the days given, which all of them ask for."""
    try:
        return max(map(date.fromisoformat, values), default=None)
    except ValueError as error:
        raise BadQuestion("since", f"{error}; write a day as 2025-05-31") from error


def _limit(values: list[str]) -> int:
    if not values:
        return Query().limit
    if not (values[-1].isascii() and values[-1].isdigit()):
        raise BadQuestion("limit", f"not a whole number: {values[-1]!r}; give 1 to {LIMITS[-1]}")
    return min(max(int(values[-1]), LIMITS[0]), LIMITS[-1])


def _choice(key: str, values: Mapping[str, list[str]], choices: type[T]) -> T | None:
    given = values.get(key, [])
    try:
        return choices(given[-1]) if given else None
    except ValueError as error:
        raise BadQuestion(key, f"not {given[-1]!r}; give {' or '.join(choices)}") from error


def _require_few(query: Query) -> None:
    names = (query.sections, query.tags, query.authors, query.languages, query.exclude)
    n_terms = len(phrases(query.words)) + sum(map(len, names))
    if n_terms > MOST_TERMS:
        raise BadQuestion("search", f"{n_terms} words and names; ask for at most {MOST_TERMS}")
