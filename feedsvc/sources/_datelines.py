"""Lines that say when and by whom, and nothing else.

Room: sources, private. Finds the words; what day they mean is judged in normalise.
Imports model and calendar_names.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from feedsvc import calendar_names
from feedsvc.model import Author, DateRole, Origin, RawDate
from feedsvc.sources._labels import BYLINE, is_furniture

LONGEST = 100
LOCALES = (
    "en uk ru de fr es it pt pl nl cs el ja zh ko th ar fa he tr sv da fi nb hu ro bg hi id vi"
)


def _longest_first(names: str) -> str:
    return "|".join(sorted(names.split("|"), key=len, reverse=True))


PUBLISHED = (
    "published|publication date|posted|posted on|date|released|first published"
    "|опубликовано|дата публикации|опубліковано|дата публікації|veröffentlicht|veröffentlicht am|erschienen"
    "|stand|publié|publié le|publicado|publicado el|publicado em|fecha|pubblicato|pubblicato il|data"
    "|opublikowano|gepubliceerd|gepubliceerd op|publikováno|vydáno|δημοσιεύτηκε|δημοσίευση|公開日?|発行日?|配信|掲載"
    "|发布时间|发布|發布時間|發布|发表于|입력|등록|게시|เผยแพร่|تم النشر|نشر في|تاریخ انتشار|انتشار|פורסם|פורסם ב"
)
UPDATED = (
    "updated|last updated|modified|last modified|edited|обновлено|оновлено|aktualisiert|geändert|mis à jour"
    "|mis à jour le|modifié le|actualizado|aggiornato|atualizado|zaktualizowano|aktualizacja|bijgewerkt"
    "|aktualizováno|ενημερώθηκε|更新日?|更新时间|更新時間|수정|업데이트|อัปเดต|آخر تحديث|تحديث|به‌روزرسانی|עודכן"
)
LABEL = re.compile(
    rf"(?<!\w)(?:(?P<published>{_longest_first(PUBLISHED)})|(?P<updated>{_longest_first(UPDATED)}))"
    r"(?!\w)\s*[:：]?\s*",
    re.IGNORECASE,
)
WHOLE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\s?(\d{4}|\d{2})|\d{1,2}:\d{2}(:\d{2})?"
    r"|\d{1,2}\s*[月월]|(?<!\d)\d{1,2}\s?[ap]\.?m\b",
    re.IGNORECASE,
)
AGO = re.compile(
    r"\d+ (?:second|minute|min|hour|hr|day|week|month)s? ago|vor \d+ \w+|il y a \d+ \w+|hace \d+ \w+"
    r"|\d+ \w+ (?:fa|atrás|temu|geleden|назад|тому)|\d+\s?(?:秒|分|時間|日|分钟|小时|天|小時|分鐘)前|\d+\s?(?:분|시간|일) 전",
    re.IGNORECASE,
)
SMALL_WORDS = """
at on of the st nd rd th and a à às le la el al il de del di do da den der dem am um im uhr h hs hrs o ore
alle kl klo v ve в у о об г года год р року ч час r roku godz godzina dne om en η στις ώρα ๒ น เวลา ศ utc
gmt z t est edt et cst cdt ct mst mdt mt pst pdt pt bst ist jst kst cet cest eet eest msk мск wib aest m p pm
am noon 火 水 木 金 土 一 二 三 四 五 六 화 수 목 금 토 年 月 日 時 时 分 秒 午前 午後 上午 下午 년 월 일 시 분 초 오전 오후 الساعة ساعة ص م هـ ساعت ב בשעה
"""
SEGMENTS = re.compile(r"\s+[|·•—–-]\s+|\s*[|·•]\s*|\t+")
ADDRESS = re.compile(r"https?://[^\s<>]{4,2000}")
YEAR = re.compile(r"(?:19|20)\d{2}")
DIGIT = re.compile(r"\d")
WORDS = re.compile(r"[^\W\d_]+")
AUTHORS = re.compile(
    r"\s*(?:,|&|、|،|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bi\b|\ben\b|\bи\b|\bта\b|\bі\b)\s+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What a line about an item, not of it, says."""

    dates: tuple[RawDate, ...] = ()
    authors: tuple[Author, ...] = ()
    link: str | None = None


NOTHING = Credits()


def credits_of(text: str) -> Credits | None:
    """Read a line that is only dates and bylines ("By A. B. | May 14, 2025"), or an address.

    None for every other line.
    """
    if ADDRESS.fullmatch(text):
        return Credits(link=text)
    if len(text) > LONGEST:
        return None
    parts = [part for part in SEGMENTS.split(text) if part]
    return _read([text]) or (_read(parts) if len(parts) > 1 else None)


def _read(parts: list[str]) -> Credits | None:
    dates: list[RawDate] = []
    authors: list[Author] = []
    for part in parts:
        found, people = _dates(part), _authors(part)
        if not (found or people or is_furniture(part)):
            return None
        dates += found
        authors += people
    return Credits(dates=tuple(dates), authors=tuple(authors)) if dates or authors else None


def _dates(text: str) -> tuple[RawDate, ...]:
    """The dates of a line that is nothing else, each with the label before it; else none."""
    if not DIGIT.search(text):
        return ()
    labels = list(LABEL.finditer(text))
    if not labels:
        return (RawDate(words=text, origin=Origin.LINE),) if _is_date(text) else ()
    ends = [label.start() for label in labels[1:]] + [len(text)]
    found = [
        _labelled(label, text[label.end() : end]) for label, end in zip(labels, ends, strict=True)
    ]
    is_all = labels[0].start() == 0 and all(_is_date(date.words) for date in found)
    return tuple(found) if is_all else ()


def _labelled(label: re.Match[str], words: str) -> RawDate:
    role = DateRole.UPDATED if label["updated"] else DateRole.PUBLISHED
    name = (label["updated"] or label["published"]).strip()
    return RawDate(words=words.strip(" ,;|()"), role=role, origin=Origin.LABEL, name=name)


def _is_date(text: str) -> bool:
    folded = unicodedata.normalize("NFKC", text).casefold().strip(" .,;()[]")
    if AGO.fullmatch(folded) or YEAR.fullmatch(folded):
        return True
    if len(folded) > 60 or not DIGIT.search(folded):
        return False
    names = {word for word in WORDS.findall(folded) if word not in _small_words()}
    has_name = bool(names & _names().months)
    return names <= _names().all and bool(has_name or WHOLE.search(folded))


def _authors(text: str) -> tuple[Author, ...]:
    """The people of a byline; names are one to four words, the first one capitalised."""
    byline = BYLINE.fullmatch(text)
    if not byline:
        return ()
    people = [name.strip(" ,.") for name in AUTHORS.split(byline[1])]
    is_names = all(name and len(name.split()) <= 4 and not name[0].islower() for name in people)
    return tuple(Author(name=name) for name in people) if is_names else ()


@dataclass(frozen=True, slots=True)
class _Names:
    months: frozenset[str]
    all: frozenset[str]


@cache
def _small_words() -> frozenset[str]:
    return frozenset(SMALL_WORDS.split())


@cache
def _names() -> _Names:
    """The names of months, and those of months and weekdays, in all our languages."""
    months, days = calendar_names.words_of(LOCALES.split())
    split = _words(months), _words(days)
    return _Names(split[0], split[0] | split[1])


def _words(names: frozenset[str]) -> frozenset[str]:
    """The single words of names: "พ.ค." is written with stops, "1月" with a digit."""
    folded = unicodedata.normalize("NFKC", "\n".join(names)).casefold()
    return frozenset(word for word in WORDS.findall(folded) if word not in _small_words())
