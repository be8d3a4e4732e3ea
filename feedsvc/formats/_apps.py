"""Readers that take the address of a feed in a link of theirs.

Entered by the page for people. A reader that can no longer be opened this way is one line less.
"""

from __future__ import annotations

from urllib.parse import quote

# {url} is the address, percent-encoded; {plain} as it is; {bare} without its scheme.
READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{url}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={url}"),
    ("NewsBlur", "https://www.newsblur.com/?url={url}"),
    ("Feedbin", "https://feedbin.com/?subscribe={url}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={url}"),
    ("BazQux", "https://bazqux.com/add?url={url}"),
)
PODCAST_APPS = (
    ("Apple Podcasts", "podcast://{bare}"),
    ("Overcast", "overcast://x-callback-url/add?url={url}"),
    ("Pocket Casts", "pktc://subscribe/{bare}"),
    ("AntennaPod", "https://antennapod.org/deeplink/subscribe?url={url}"),
    ("Podcast Addict", "podcastaddict://{bare}"),
)
ON_DEVICE = "feed:{plain}"  #: NetNewsWire, Liferea and others have it registered


def readers_of(address: str, *, is_show: bool) -> tuple[tuple[str, str], ...]:
    """For a feed at this absolute address: names and links, of podcast apps for a show."""
    table = PODCAST_APPS if is_show else READERS
    return tuple((name, filled(template, address)) for name, template in table)


def filled(template: str, address: str) -> str:
    """The link that hands an address to a reader."""
    return template.format(
        url=quote(address, safe=""), plain=address, bare=address.partition("://")[2]
    )
