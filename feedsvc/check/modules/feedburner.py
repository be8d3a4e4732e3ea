"""FeedBurner: what it added to feeds that passed through it.

Room: check, modules.
"""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc.check._addresses import reference
from feedsvc.check._grammar import ENTRY, FEED, Term, Vocabulary
from feedsvc.check._kinds import ANY, address, plain, uri
from feedsvc.check._namespaces import PREFIXES
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding


def _flare(words: str, line: int, what: str, context: Context) -> Iterator[Finding]:
    """Whole in RSS; Atom has xml:base for the rest."""
    if context.kind == "rss":
        yield from uri(words, line, what, context)
    else:
        yield from reference(words, line, what)


_ADDRESS = Term(text=address, once=True)

VOCABULARIES = (
    Vocabulary(
        prefix="feedburner",
        uri=PREFIXES["feedburner"],
        section="FeedBurner",
        harm="readers that look here for the first address find none",
        is_living=True,
        terms={
            "awareness": _ADDRESS,
            "origLink": Term(text=address, within=(ENTRY,), once=True),
            "origEnclosureLink": Term(text=address, within=(ENTRY,), once=True),
            "feedburnerHostname": Term(text=address, within=(FEED,), once=True),
            "browserFriendly": Term(text=plain, within=(FEED,), once=True),
            "emailServiceId": Term(text=ANY, within=(FEED,), once=True),
            "feedFlare": Term(
                text=plain,
                attributes={"href": _flare, "src": _flare},
                required=("href", "src"),
                within=(FEED,),
            ),
            "info": Term(attributes={"uri": ANY}, within=(FEED,), is_open=True),
        },
    ),
)
