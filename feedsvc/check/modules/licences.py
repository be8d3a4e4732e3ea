"""Whose it is and on what terms: the two Creative Commons vocabularies.

Room: check, modules.
"""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc.check._grammar import Place, Term, Vocabulary, tag_of
from feedsvc.check._kinds import ANY, address
from feedsvc.check._namespaces import PREFIXES
from feedsvc.check._xml import line_of
from feedsvc.check.findings import Finding, Rule, Severity

RESOURCES = "http://web.resource.org/cc/"
TWO_LICENCES = Rule(
    name="licence-said-twice",
    severity=Severity.WARNING,
    harm="readers show either licence, and nobody knows which one binds",
    remedy="keep creativeCommons:license",
    section="creativeCommons RSS Module; W3C feed validator, duplicate semantics",
)


def one_vocabulary(place: Place) -> Iterator[Finding]:
    """The licence is told in one of the two vocabularies."""
    for element in place.ours:
        if place.parent.find(f"{{{PREFIXES['creativeCommons']}}}license") is not None:
            told = f"{tag_of(element)} stands beside <creativeCommons:license>"
            yield TWO_LICENCES.at(line_of(element), told)


CREATIVE_COMMONS = Vocabulary(
    prefix="creativeCommons",
    uri=PREFIXES["creativeCommons"],
    section="creativeCommons RSS Module",
    harm="readers show no licence, and reuse what they may not, or the other way round",
    terms={"license": Term(text=address)},
)

CC = Vocabulary(
    prefix="cc",
    uri=RESOURCES,
    section="Creative Commons RSS 1.0 Module",
    harm=CREATIVE_COMMONS.harm,
    is_living=True,
    terms={"license": Term(text=ANY, may_be_blank=True, is_open=True)},
    extras=(one_vocabulary,),
)

VOCABULARIES = (CREATIVE_COMMONS, CC)
