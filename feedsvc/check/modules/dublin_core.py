"""Dublin Core: dc, the fifteen elements, and dcterms, their refinements.

Room: check, modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from feedsvc.check._grammar import Place, Term, Vocabulary, tag_of
from feedsvc.check._kinds import ANY, language, plain, w3cdtf
from feedsvc.check._namespaces import DUBLIN_CORE, PREFIXES
from feedsvc.check._xml import children, line_of, local_name, namespace_of
from feedsvc.check.findings import Finding, Rule, Severity

SAID_TWICE = Rule(
    name="dc-said-twice",
    severity=Severity.WARNING,
    harm="readers show the fact twice, or pick either",
    remedy="keep the element of RSS, or the Dublin Core one where RSS cannot say it",
    section="RSS Profile, Dublin Core",
)
#: what says the same in RSS itself, by level
SAME: Mapping[str, Mapping[str, str]] = {
    "feed": {
        "creator": "managingEditor",
        "publisher": "webMaster",
        "language": "language",
        "rights": "copyright",
        "date": "pubDate",
        "subject": "category",
        "modified": "lastBuildDate",
    },
    "entry": {"creator": "author", "date": "pubDate", "subject": "category", "source": "source"},
}

_REFERENCES = (
    "isVersionOf hasVersion isReplacedBy replaces isRequiredBy requires isPartOf hasPart "
    "isReferencedBy references isFormatOf hasFormat conformsTo tableOfContents"
)
_OTHERS = (
    "accessRights accrualMethod accrualPeriodicity accrualPolicy available "
    "bibliographicCitation contributor coverage creator date educationLevel format "
    "identifier instructionalMethod language license medium provenance publisher relation "
    "rights rightsHolder source spatial subject temporal type valid"
)
_ONCE = Term(text=ANY, once=True)
_MANY = Term(text=ANY)
_DATE = Term(text=w3cdtf, once=True)
_REFERENCE = Term(text=ANY, may_be_blank=True, is_open=True)
_ANYTHING = Term(text=ANY, may_be_blank=True, is_open=True)


def said_once(place: Place) -> Iterator[Finding]:
    """No fact stands in RSS and in Dublin Core both."""
    context = place.context
    same = SAME[context.level] if context.kind == "rss" else {}
    core = {local_name(child) for child in children(place.parent) if namespace_of(child) == ""}
    for element in place.ours:
        other = same.get(local_name(element))
        if other in core:
            told = f"{tag_of(element)} says what <{other}> says"
            yield SAID_TWICE.at(line_of(element), told)


ELEMENTS = Vocabulary(
    prefix="dc",
    uri=DUBLIN_CORE,
    section="Dublin Core 1.1",
    harm="readers ignore the element, or show its words as they stand",
    terms={
        **dict.fromkeys(("title", "description", "type", "format", "source"), _ONCE),
        **dict.fromkeys(
            (
                "creator",
                "subject",
                "publisher",
                "contributor",
                "identifier",
                "relation",
                "coverage",
            ),
            _MANY,
        ),
        "date": _DATE,
        "language": Term(text=language, once=True),
        "rights": Term(text=plain, once=True),
    },
    extras=(said_once,),
)

TERMS = Vocabulary(
    prefix="dcterms",
    uri=PREFIXES["dcterms"],
    section="DCMI Metadata Terms",
    harm="readers ignore the element",
    terms={
        **dict.fromkeys(("created", "issued", "modified"), _DATE),
        **dict.fromkeys(("abstract", "dateAccepted", "dateCopyrighted", "dateSubmitted"), _ONCE),
        "extent": Term(text=ANY, once=True),
        **dict.fromkeys(("alternative", "audience", "mediator", "title", "description"), _MANY),
        **dict.fromkeys(
            _REFERENCES.split(),
            _REFERENCE,
        ),
        **dict.fromkeys(
            _OTHERS.split(),
            _ANYTHING,
        ),
    },
    extras=(said_once,),
)

VOCABULARIES = (ELEMENTS, TERMS)
