"""The Atom Publishing Protocol's marks on entries: drafts, and when one was edited.

Room: check, modules.
"""

from __future__ import annotations

from feedsvc.check._dates import rfc3339
from feedsvc.check._grammar import ENTRY, FEED, Term, Vocabulary
from feedsvc.check._kinds import ANY, one_of
from feedsvc.check._namespaces import PREFIXES

VOCABULARIES = (
    Vocabulary(
        prefix="app",
        uri=PREFIXES["app"],
        section="RFC 5023",
        harm="readers show drafts, or overwrite what is newer",
        is_living=True,
        terms={
            "edited": Term(text=rfc3339, within=(ENTRY,), once=True),
            "control": Term(within=(ENTRY,), once=True, is_open=True),
            "draft": Term(text=one_of("yes", "no"), within=("control",), once=True),
            "collection": Term(within=(FEED,), is_open=True),
            "accept": Term(text=ANY, within=("collection",), may_be_blank=True),
            "categories": Term(within=("collection",), is_open=True),
        },
    ),
)
