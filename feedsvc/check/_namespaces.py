"""The vocabularies feeds are written in, by the prefix everybody gives them.

Room: check. Imports nothing; entered by every module of the room.
"""

from __future__ import annotations

ATOM = "http://www.w3.org/2005/Atom"
ATOM_03 = "http://purl.org/atom/ns#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS_10 = "http://purl.org/rss/1.0/"
RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"
XHTML = "http://www.w3.org/1999/xhtml"
XML = "http://www.w3.org/XML/1998/namespace"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
THREADS = "http://purl.org/syndication/thread/1.0"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
MEDIA = "http://search.yahoo.com/mrss/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/"

#: conventional prefix -> vocabulary
PREFIXES = {
    "admin": "http://webns.net/mvcb/",
    "app": "http://www.w3.org/2007/app",
    "at": TOMBSTONES,
    "atom": ATOM,
    "content": CONTENT,
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": DUBLIN_CORE,
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "fh": HISTORY,
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "googleplay": "http://www.google.com/schemas/play-podcasts/1.0",
    "itunes": ITUNES,
    "media": MEDIA,
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
    "podcast": PODCAST,
    "psc": "http://podlove.org/simple-chapters",
    "rdf": RDF,
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": SYNDICATION,
    "taxo": "http://purl.org/rss/1.0/modules/taxonomy/",
    "thr": THREADS,
    "trackback": "http://madskills.com/public/xml/rss/module/trackback/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": XHTML,
    "yt": "http://www.youtube.com/xml/schemas/2015",
}

#: vocabularies that go by a well-known prefix beside the best-known name
SAME = {
    "http://www.opengis.net/gml/3.2": "gml",
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://purl.org/atom/app#": "app",
    "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html": "creativeCommons",
    "http://a9.com/-/spec/opensearchrss/1.0/": "opensearch",
    "http://gdata.youtube.com/schemas/2007": "yt",
    "http://www.google.com/schemas/play-podcasts/1.0/": "googleplay",
    "http://www.georss.org/georss/10": "georss",
}
