"""RSS 1.0's modules that stayed: content, syndication, slash, and the well-formed web.

Room: check, modules.
"""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc.check._grammar import ENTRY, FEED, Place, Term, Vocabulary, own_text, tag_of
from feedsvc.check._kinds import (
    ANY,
    COUNT,
    POSITIVE,
    address,
    one_of,
    pattern,
    w3cdtf,
)
from feedsvc.check._namespaces import ATOM, CONTENT, PREFIXES, RDF, SYNDICATION
from feedsvc.check._xml import line_of, local_name
from feedsvc.check.findings import Finding, Rule, Severity

COUNT_UNDATED = Rule(
    name="slash-comments-undated",
    severity=Severity.WARNING,
    harm="readers that ask for what is new do not learn of the new count",
    remedy="give the channel a lastBuildDate",
    section="RSS 1.0 Slash; W3C feed validator, slash date",
)
PING_IN_RDF = Rule(
    name="trackback-address-missing",
    severity=Severity.ERROR,
    harm="readers find nothing to ping",
    remedy="write the address as the element's words: rdf:resource is for RSS 1.0",
    section="TrackBack Module, RSS 2.0",
)
PROGRAM_TWICE = Rule(
    name="admin-generator-said-twice",
    severity=Severity.WARNING,
    harm="readers show either program",
    remedy="keep <generator>",
    section="RSS Profile, generator; W3C feed validator, duplicate semantics",
)


def counts_are_dated(place: Place) -> Iterator[Finding]:
    """A count of comments changes, and the channel says when."""
    channel, context = place.parent, place.context
    if context.kind != "rss" or context.level != FEED or local_name(channel) != "channel":
        return
    dates = ("lastBuildDate", f"{{{ATOM}}}updated", f"{{{PREFIXES['dcterms']}}}modified")
    counted = channel.find(f"item/{{{PREFIXES['slash']}}}comments")
    if counted is not None and all(channel.find(date) is None for date in dates):
        told = f"{tag_of(counted)} counts, and the channel has no <lastBuildDate>"
        yield COUNT_UNDATED.at(line_of(counted), told)


def pings_are_words(place: Place) -> Iterator[Finding]:
    """RSS 2.0 writes the addresses as words; RSS 1.0 in an attribute."""
    is_rdf = local_name(place.parent.getroottree().getroot()) == "RDF"
    for element in place.ours:
        if not is_rdf and not own_text(element).strip() and f"{{{RDF}}}resource" in element.attrib:
            yield PING_IN_RDF.at(line_of(element), f"{tag_of(element)} says it in rdf:resource")


def one_program(place: Place) -> Iterator[Finding]:
    """The program is named in one way."""
    for element in place.named("generatorAgent"):
        if place.parent.find("generator") is not None:
            yield PROGRAM_TWICE.at(line_of(element), f"{tag_of(element)} stands beside <generator>")


CONTENT_MODULE = Vocabulary(
    prefix="content",
    uri=CONTENT,
    section="RSS 1.0 Content; RSS Profile, content:encoded",
    harm="readers show the summary alone, or nothing",
    terms={
        "encoded": Term(text=ANY, within=(ENTRY,), once=True),
        "items": Term(within=(ENTRY,), once=True, is_open=True),
    },
)

UPDATES = Vocabulary(
    prefix="sy",
    uri=SYNDICATION,
    section="RSS 1.0 Syndication",
    harm="readers fall back to a rhythm of their own, too often or too seldom",
    terms={
        "updatePeriod": Term(
            text=one_of("hourly", "daily", "weekly", "monthly", "yearly"), within=(FEED,), once=True
        ),
        "updateFrequency": Term(text=POSITIVE, within=(FEED,), once=True),
        "updateBase": Term(text=w3cdtf, within=(FEED,), once=True),
    },
)

SLASH = Vocabulary(
    prefix="slash",
    uri=PREFIXES["slash"],
    section="RSS 1.0 Slash",
    harm="readers show no count of comments, or a wrong one",
    terms={
        "comments": Term(text=COUNT, within=(ENTRY,), once=True),
        "section": Term(text=ANY, within=(ENTRY,)),
        "department": Term(text=ANY, within=(ENTRY,)),
        "hit_parade": Term(
            text=pattern("whole numbers with commas between", r"\d+(?:,\s*\d+)*"),
            within=(ENTRY,),
            once=True,
        ),
    },
    extras=(counts_are_dated,),
)

COMMENTS = Vocabulary(
    prefix="wfw",
    uri=PREFIXES["wfw"],
    section="Comment API",
    harm="readers find no comments",
    terms={
        "comment": Term(text=address, within=(ENTRY,), once=True),
        "commentRss": Term(text=address, within=(FEED, ENTRY), once=True),
    },
)

TRACKBACK = Vocabulary(
    prefix="trackback",
    uri=PREFIXES["trackback"],
    section="TrackBack Module",
    harm="readers find nothing to ping",
    terms={
        "ping": Term(text=address, within=(ENTRY,), once=True, may_be_blank=True, is_open=True),
        "about": Term(text=address, within=(ENTRY,), may_be_blank=True, is_open=True),
    },
    extras=(pings_are_words,),
)

ADMIN = Vocabulary(
    prefix="admin",
    uri=PREFIXES["admin"],
    section="RSS 1.0 Admin",
    harm="nobody knows whom to tell of a fault",
    is_living=True,
    terms={
        "errorReportsTo": Term(text=ANY, within=(FEED,), may_be_blank=True, is_open=True),
        "generatorAgent": Term(text=ANY, within=(FEED,), may_be_blank=True, is_open=True),
    },
    extras=(one_program,),
)

VOCABULARIES = (CONTENT_MODULE, UPDATES, SLASH, COMMENTS, TRACKBACK, ADMIN)
