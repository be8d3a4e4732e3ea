"""RSS 1.0's modules that stayed: content, syndication, slash, and the well-formed web.

Room: check, modules.
"""

from __future__ import annotations

from feedsvc.check._grammar import ENTRY, FEED, Term, Vocabulary
from feedsvc.check._kinds import (
    ANY,
    COUNT,
    POSITIVE,
    address,
    one_of,
    pattern,
    w3cdtf,
)
from feedsvc.check._namespaces import CONTENT, PREFIXES, SYNDICATION

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
)

VOCABULARIES = (CONTENT_MODULE, UPDATES, SLASH, COMMENTS, TRACKBACK)
