"""The words around a day that tell a report from an event: one pattern a language.

Room: normalise. Pure data and its lookup; imports nothing of ours; called by mentions.
`past` is the verb of a report or of what it reports, `future` announces, `event` looks back.
To add a language, add a line to `_WORDS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple


class Cue(StrEnum):
    """What a word says of the day beside it."""

    PAST = "past"
    FUTURE = "future"
    EVENT = "event"


class _Words(NamedTuple):
    past: str
    future: str
    event: str


_WORDS: Mapping[str, _Words] = {
    "en": _Words(
        past=r"said|told|wrote|met|held|began|won|took|gave|made|became|broke|came|went|struck|hit"
        r"|shot|found|sent|got|led|left|rose|fell|saw|swore|spoke|brought"
        r"|(?!(?:hundr|unpreced|arm|limit|nam|alleg|suppos|claim|unit|sacr|nak|belov)ed\b)[a-z]{3,}(?<!spe)(?<!fe)(?<!see)ed",
        future=r"will|won't|would|shall|should|may|might|can|could|must|[Uu]ntil|till|[Bb]efore|(?:[Bb]y|[Ff]or)\s*$"
        r"|to(?:\s*$|\s[a-z]+)|ahead of|due|deadline|upcoming|forthcoming|next|planned|plans"
        r"|scheduled|expected|slated|set|going|postponed|delayed|(?:is|are)\s\w+ing|starting"
        r"|begins?|starts?|takes?\splace|opens?|arrives?|kicks?\soff|through",
        event=r"[Ss]ince|[Aa]fter|[Ff]ollowing|born|signed|founded|died|dated|elected|invaded"
        r"|annexed|married|buried|had|ago|[Aa]s\sof|[Ff]rom|[Bb]etween|[Dd]uring|anniversary|(?:of|[Ii]n)\s*$"
        r"|attacks?(?:\s+(?:of|on))?\s*$|which\s(?:was|were)|who\s(?:was|were)|back",
    ),
    "uk": _Words(
        past=r"(?:повідом|заяв|сказа|розпов|оголос|опубл|затверд|ухвал|схвал|прийня|підтверд|затрим"
        r"|провел|відбу|зустрі|атакува|здійсн|вдари|збил|уклал|презент|відкри|запуст|призначи"
        r"|звільни|написа|запропон|приб|переда|наголос|зазначи|провів|завдал|обстріл)\w*"
        r"(?:в|ла|ло|ли|вся|лася|лось|лися|но|то)|пише|повідомляє|повідомляють",
        future=r"буд(?:е|уть|емо)|має|мають|планує\w*|до|зможе|\w+(?:еться|иться)|відбуд\w+|наступн\w+"
        r"|очіку\w+|заплан\w+",
        event=r"з|із|після|від|народи\w+|заснован\w*|загину\w+|підписа\w+|помер\w*|починаючи",
    ),
    "ru": _Words(
        past=r"(?:сообщ|заяв|сказа|рассказ|объяв|опублик|утверд|одобр|приня|подтверд|задерж|арест"
        r"|пров[её]л|состоя|встрет|атакова|нан[её]с|сбил|презент|откры|запуст|назнач|уволи|написа|предлож|призва|потребова|приб"
        r"|переда|отмети|подчеркн|произош)\w*(?:л|ла|ло|ли|лся|лась|лось|лись|но|ны|на|с)"
        r"|пишет|сообщает|сообщают",
        future=r"буд(?:ет|ут|ем)|должн\w+|планиру\w+|до|сможет|состоится|состоятся|пройд[её]т|намер\w+"
        r"|следующ\w+|ожида\w+|заплан\w+",
        event=r"с|со|после|от|родил\w+|основан\w*|погиб\w*|подписа\w+|умер\w*|начиная",
    ),
    "de": _Words(
        past=r"sagte|sagten|teilte|teilten|meldete|meldeten|berichtete|berichteten|erklärte|erklärten"
        r"|kündigte|gab|beschloss|verabschiedete|stimmte|begann|mitteilten?|bekanntgab|traf|schrieb|starb|unterlag|gewann"
        r"|(?:mitgeteilt|angekündigt|gemeldet|bekannt\s?gegeben|festgenommen|beschlossen|gestartet"
        r"|verabschiedet|vorgestellt|veröffentlicht|eröffnet|getroffen|gebilligt|verhaftet|verletzt"
        r"|angegriffen|abgeschossen|gestimmt)(?!\s+(?:wird|werden|würde|sein))",
        future=r"wird|werden|würde|soll|sollen|will|wollen|findet|finden|bis|ab|vor|beginnt|startet"
        r"|geplant|kommend\w+|nächst\w+|plant|eröffnet(?=\s+wird)|steht",
        event=r"seit|nach|vom|von|geboren|gegründet|unterzeichnet|unterschrieben|zwischen|während",
    ),
    "fr": _Words(
        past=r"(?:annonc|déclar|indiqu|rapport|affirm|publi|adopt|approuv|arrêt|confirm|rencontr"
        r"|interpell|lanc|inaugur|frapp|vot|présent|précis|condamn|nomm|révél|inform)é(?:e?s?)"
        r"|dit|tenue?s?|fait savoir|déclarait|annonçait|(?:annonç|déclar|affirm|indiqu)a",
        future=r"sera|seront|doit|doivent|devrait|devraient|va|vont|jusqu['’]au|avant|prévue?s?|aura"
        r"|prochaine?|d['’]ici|\w{3,}(?:era|eront|ira|iront)|pour|au",
        event=r"depuis|après|dès|née?s?|fondée?s?|signée?s?|mort|décédée?|entre|du|de",
    ),
    "es": _Words(
        past=r"dijo|dijeron|\w{2,}ó|(?:anunci|inform|declar|firm|aprob|report|present)aron|hizo"
        r"|hicieron|tuvo|puso",
        future=r"será|serán|debe|deberá|va|van|hasta|antes|previst[oa]s?|\w{2,}(?:ará|erá|irá|arán|erán|irán)"
        r"|próxim[oa]|para|podría",
        event=r"desde|tras|después|nació|fund(?:ó|ad[oa])|firm(?:ó|ad[oa])|murió|falleció|entre|del|de",
    ),
    "it": _Words(
        past=r"(?:annunciat|dichiarat|riferit|pubblicat|approvat|adottat|arrestat|confermat|incontrat"
        r"|presentat|comunicat|inaugurat|lanciat|colpit|condannat|nominat)[oaie]|reso noto|detto"
        r"|disse|annunciò|dichiarò",
        future=r"sarà|saranno|deve|dovrà|dovrebbe|fino|entro|prima|previst[oaie]|prossim[oa]|per"
        r"|\w{3,}(?:erà|irà|eranno|iranno)",
        event=r"da|dal|dopo|nat[oa]|fondat[oa]|firmat[oa]|mort[oa]|tra|fra|del|di",
    ),
    "pl": _Words(
        past=r"(?:powiedzi|poinformow|ogłosi|oświadczy|podpis|przyję|zatwierdzi|zatrzym|poda|opublikow"
        r"|potwierdzi|spotka|przekaz|zaatakow|odby|otworzy|uchwali|napisa|stwierdzi)\w*"
        r"(?:ł|ła|ło|li|ły|no|to)(?:\ssię)?",
        future=r"będzie|będą|ma|mają|planuje|do|przed|zostanie|odbędzie|odbędą|zaplanowan\w+|następn\w+",
        event=r"od|po|urodz\w+|założon\w+|zmarł\w*|zginął|zginęł\w+|podpisał\w*|między|z",
    ),
    "pt": _Words(
        past=r"disse|disseram|(?:anunci|inform|declar|aprov|apresent|confirm|public|lanç|revel|afirm"
        r"|adot|encontr)(?:ou|aram)|\w{4,}(?:aram|iram)|prendeu|divulgou|decidiu",
        future=r"será|serão|deve|deverá|vai|vão|até|antes|previst[oa]s?|próxim[oa]|para|\w{3,}(?:ará|erá|irá)",
        event=r"desde|após|depois|nasceu|fund(?:ou|ad[oa])|assin(?:ou|ad[oa])|morreu|entre",
    ),
    "nl": _Words(
        past=r"zei|zeiden|meldde|meldden|verklaarde|kondigde|maakte|berichtte|schreef|vertelde|keurde"
        r"|bekendgemaakt|aangekondigd|gemeld|gezegd|goedgekeurd|gearresteerd|gepresenteerd|geopend"
        r"|aangehouden|gepubliceerd",
        future=r"zal|zullen|wordt|worden|moet|moeten|gaat|gaan|tot|vóór|voor|gepland|volgende|komende",
        event=r"sinds|na|van|vanaf|geboren|opgericht|getekend|ondertekend|overleden|tussen",
    ),
    "ar": _Words(
        past=r"(?:أعلن|قال|ذكر|أفاد|أكد|صرح|نشر|وافق)\w*",
        future=r"سوف|سي\w+|ست\w+|حتى|قبل|المقبل|القادم",
        event=r"منذ|بعد|من|وقع\w*|ولد\w*",
    ),
}


def cues_in(text: str, language: str) -> Iterator[tuple[Cue, int, int]]:
    """Every cue of a language in a stretch of text, with its span, in order."""
    pattern = _pattern(language)
    for found in pattern.finditer(text) if pattern else ():
        yield Cue(found.lastgroup or Cue.EVENT), found.start(), found.end()


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    words = _WORDS.get(language)
    if words is None:
        return None
    return re.compile(
        rf"\b(?:(?P<future>{words.future})|(?P<event>{words.event})|(?P<past>{words.past}))(?!\w)"
    )
