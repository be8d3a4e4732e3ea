"""Whose it is and on what terms: the two Creative Commons vocabularies.

Room: check, modules.
"""

from __future__ import annotations

from feedsvc.check._grammar import Term, Vocabulary
from feedsvc.check._kinds import address
from feedsvc.check._namespaces import PREFIXES

CREATIVE_COMMONS = Vocabulary(
    prefix="creativeCommons",
    uri=PREFIXES["creativeCommons"],
    section="creativeCommons RSS Module",
    harm="readers show no licence, and reuse what they may not, or the other way round",
    terms={"license": Term(text=address)},
)

VOCABULARIES = (CREATIVE_COMMONS,)
