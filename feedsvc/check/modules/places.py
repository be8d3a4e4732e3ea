"""Where on earth: GeoRSS, GML inside it, W3C Geo, and the pairs of before.

Room: check, modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedsvc.check._grammar import Element, Place, Term, Vocabulary, own_text, tag_of
from feedsvc.check._kinds import AMOUNT, ANY, DECIMAL, WHOLE, between
from feedsvc.check._namespaces import PREFIXES
from feedsvc.check._xml import children, line_of, local_name, namespace_of
from feedsvc.check.findings import Finding, Rule, Severity, shown

GML = PREFIXES["gml"]
COORDINATES_WRONG = Rule(
    name="georss-coordinates-wrong",
    severity=Severity.ERROR,
    harm="readers show no map, or another place",
    remedy="write latitude, then longitude, with blanks between: “45.256 -71.92”",
    section="GeoRSS Simple",
)
COMMAS = Rule(
    name="georss-commas",
    severity=Severity.WARNING,
    harm="readers that split at blanks see no coordinates",
    remedy="put blanks, not commas, between the numbers",
    section="GeoRSS Simple",
)
HALF_A_PLACE = Rule(
    name="geo-half-a-place",
    severity=Severity.ERROR,
    harm="readers show no map",
    remedy="give geo:lat and geo:long both",
    section="W3C Geo",
)
#: numbers that a figure takes: how many at least, and whether exactly so many
_FIGURES = {
    "point": (2, True),
    "pos": (2, True),
    "lowerCorner": (2, True),
    "upperCorner": (2, True),
    "box": (4, True),
    "circle": (3, True),
    "line": (4, False),
    "polygon": (8, False),
    "posList": (4, False),
}


def figures(place: Place) -> Iterator[Finding]:
    """Points, lines and polygons, here and in GML inside."""
    for element in place.ours:
        inside = (one for one in element.iter() if isinstance(one.tag, str))
        for one in inside:
            if local_name(one) in _FIGURES:
                yield from _figure(one)


def _figure(element: Element) -> Iterator[Finding]:
    words, line, tag = own_text(element).strip(), line_of(element), tag_of(element)
    if reason := _fault(local_name(element), words.replace(",", " ").split()):
        yield COORDINATES_WRONG.at(line, f"{tag} is {shown(words)}: {reason}")
    elif "," in words:
        yield COMMAS.at(line, f"{tag} is {shown(words)}")


def _fault(name: str, numbers: Sequence[str]) -> str:
    least, is_exact = _FIGURES[name]
    if not all(DECIMAL.accepts(number) for number in numbers):
        return "not all of these are numbers"
    n_figure = len(numbers)
    if n_figure < least or (is_exact and n_figure > least) or (name != "circle" and n_figure % 2):
        return f"{n_figure} numbers, where {'' if is_exact else 'at least '}{least} in pairs belong"
    pairs = numbers[:2] if name == "circle" else numbers
    if any(abs(float(latitude)) > 90 for latitude in pairs[::2]):
        return "a latitude is beyond 90 degrees; latitude stands first"
    if any(abs(float(longitude)) > 180 for longitude in pairs[1::2]):
        return "a longitude is beyond 180 degrees"
    if name == "polygon" and list(numbers[:2]) != list(numbers[-2:]):
        return "a polygon ends where it began"
    return ""


def both_halves(place: Place) -> Iterator[Finding]:
    """A latitude has its longitude."""
    for holder in (place.parent, *place.named("Point")):
        here = {local_name(c): c for c in children(holder) if namespace_of(c) == PREFIXES["geo"]}
        found = [here[name] for name in ("lat", "long") if name in here]
        if len(found) == 1 or (not found and holder is not place.parent):
            line = line_of(found[0] if found else holder)
            yield HALF_A_PLACE.at(line, "a place has no geo:lat or no geo:long")


_FIGURE = Term(text=ANY, is_open=True)
GEORSS = Vocabulary(
    prefix="georss",
    uri=PREFIXES["georss"],
    section="GeoRSS",
    harm="readers show no map, or another place",
    terms={
        **dict.fromkeys(("point", "line", "polygon", "box", "circle"), _FIGURE),
        "where": Term(is_open=True),
        "elev": Term(text=DECIMAL),
        "floor": Term(text=WHOLE),
        "radius": Term(text=AMOUNT),
        **dict.fromkeys(
            ("featuretypetag", "relationshiptag", "featurename", "featureTypeTag", "relationshipTag",
             "featureName"),
            Term(text=ANY),
        ),
    },
    extras=(figures,),
)  # fmt: skip

_WITHIN = ("feed", "entry", "Point")
GEO = Vocabulary(
    prefix="geo",
    uri=PREFIXES["geo"],
    section="W3C Geo",
    harm="readers show no map, or another place",
    terms={
        "Point": Term(is_open=True),
        "lat": Term(text=between(-90, 90), within=_WITHIN),
        "long": Term(text=between(-180, 180), within=_WITHIN),
        "alt": Term(text=DECIMAL, within=_WITHIN),
        "lat_long": Term(text=ANY, within=_WITHIN),
    },
    extras=(both_halves,),
)


def _pair(prefix: str, uri: str) -> Vocabulary:
    """A vocabulary that says where, and no more."""
    return Vocabulary(
        prefix=prefix,
        uri=uri,
        section="RSS 1.0 modules, places",
        harm="readers show no map, or another place",
        is_living=True,
        terms={
            "latitude": Term(text=between(-90, 90)),
            "longitude": Term(text=between(-180, 180)),
        },
    )


ICBM = _pair("icbm", "http://postneo.com/icbm")
GEOURL = _pair("geourl", "http://geourl.org/rss/module/")

VOCABULARIES = (GEORSS, GEO, ICBM, GEOURL)
