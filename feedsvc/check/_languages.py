"""Language tags, BCP 47.

Room: check. Well-formedness by the grammar; two-letter languages and regions by the codes
that are assigned. Entered by every format and module of the room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedsvc.check.findings import Finding, Rule, Severity, shown

MALFORMED = Rule(
    name="language-malformed",
    severity=Severity.ERROR,
    harm="readers guess the language: wrong voice, hyphenation and translation",
    remedy="write a tag as in “en” or “pt-BR”, parts joined by hyphens",
    section="RFC 5646 §2.1",
)
UNKNOWN = Rule(
    name="language-unknown",
    severity=Severity.ERROR,
    harm="readers do not know the language or the region",
    remedy="use a registered code: “en-GB”, not “en-UK”",
    section="RFC 5646 §2.2",
)
NOT_SHORTEST = Rule(
    name="language-not-shortest",
    severity=Severity.WARNING,
    harm="readers that know two-letter codes alone miss the language",
    remedy="write the two-letter code where there is one",
    section="RFC 5646 §4.5",
)

_TAG = re.compile(
    r"(?:(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})"
    r"(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*)"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+|i-[a-z]{3,8}|art-lojban|zh-min(?:-nan)?)",
    re.IGNORECASE,
)
# fmt: off
_ASSIGNED_LANGUAGES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv "
    "kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr "
    "nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq "
    "sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi "
    "yo za zh zu"
)
_ASSIGNED_REGIONS = (
    "AC AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO "
    "BQ BR BS BT BU BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CR CS CU CV CW CX CY CZ DD "
    "DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET EU EZ FI FJ FK FM FO FR FX GA GB GD GE GF GG GH "
    "GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM "
    "JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH "
    "MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NT NU NZ OM PA "
    "PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM "
    "SN SO SR SS ST SU SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TP TR TT TV TW TZ UA UG UM "
    "UN US UY UZ VA VC VE VG VI VN VU WF WS XK YD YE YT YU ZA ZM ZR ZW AA ZZ"
)
LANGUAGES = frozenset(_ASSIGNED_LANGUAGES.split())
REGIONS = frozenset(_ASSIGNED_REGIONS.split())
SHORTER = {
    "alb": "sq", "ara": "ar", "arm": "hy", "baq": "eu", "bel": "be", "ben": "bn", "bul": "bg",
    "cat": "ca", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de", "dut": "nl",
    "ell": "el", "eng": "en", "est": "et", "eus": "eu", "fas": "fa", "fin": "fi", "fra": "fr",
    "fre": "fr", "geo": "ka", "ger": "de", "gle": "ga", "glg": "gl", "gre": "el", "heb": "he",
    "hin": "hi", "hrv": "hr", "hun": "hu", "ice": "is", "ind": "id", "isl": "is", "ita": "it",
    "jpn": "ja", "kat": "ka", "kor": "ko", "lat": "la", "lav": "lv", "lit": "lt", "mac": "mk",
    "may": "ms", "mkd": "mk", "msa": "ms", "nld": "nl", "nor": "no", "per": "fa", "pol": "pl",
    "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl",
    "spa": "es", "sqi": "sq", "srp": "sr", "swa": "sw", "swe": "sv", "tha": "th", "tur": "tr",
    "ukr": "uk", "urd": "ur", "vie": "vi", "wel": "cy", "zho": "zh",
}
# fmt: on


def language(words: str, line: int, what: str) -> Iterator[Finding]:
    """What is wrong with a language tag; `what` names the place: `<language>`."""
    tag = words.strip()
    found = _TAG.fullmatch(tag)
    if not found:
        yield MALFORMED.at(line, f"{what} is {shown(tag)}")
        return
    primary, region = (found["language"] or "").lower(), (found["region"] or "").upper()
    if _is_unknown(primary):
        yield UNKNOWN.at(line, f"{what} is {shown(tag)}: no language has the code {primary}")
    if region.isalpha() and not _is_region(region):
        yield UNKNOWN.at(line, f"{what} is {shown(tag)}: no region has the code {region}")
    if primary in SHORTER:
        yield NOT_SHORTEST.at(line, f"{what} is {shown(tag)}, which is {SHORTER[primary]}")


def _is_unknown(primary: str) -> bool:
    """Three letters are taken on trust; longer ones are reserved or were never given out."""
    first = primary.partition("-")[0]
    return len(first) > 3 or (len(first) == 2 and first not in LANGUAGES)


def _is_region(region: str) -> bool:
    is_private = region[0] == "X" or (region[0] == "Q" and region[1] in "MNOPQRSTUVWXYZ")
    return is_private or region in REGIONS
