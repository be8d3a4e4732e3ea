"""What is wrong with RSS: a golden channel with one fault, and the one rule that speaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from feedsvc.check import Finding

Told = Callable[..., set[str]]

TITLE = "<title>Second item</title>"
GUID = '<guid isPermaLink="false">tag:news.example.org,2026-11-20:second</guid>'
LINK = "<link>https://news.example.org/2026/11/second</link>"
DATE = "<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate>"
WORDS = "<description>Plain text</description>"
CHANNEL = "<description>Headlines &#x26; briefs from Example News</description>"
ENCLOSURE = (
    '<enclosure url="https://news.example.org/talks.mp3" length="123456" type="audio/mpeg"/>'
)
SELF = '<atom:link rel="self" type="application/rss+xml" href="https://news.example.org/feed.rss"/>'
HUB = '<atom:link rel="hub" href="https://hub.example.org/"/>'
DOCS = "<docs>https://www.rssboard.org/rss-specification</docs>"
EDITOR = "<managingEditor>editor@news.example.org (Ed Itor)</managingEditor>"
CLOUD = (
    '<cloud domain="rpc.example.org" port="80" path="/RPC2" registerProcedure="notify"'
    ' protocol="xml-rpc"/>'
)

#: what is wrong, the rules that tell it, what stands in the golden channel, what stands there now
FAULTS = [
    # the root and the channel
    ("no version", "rss-version-missing", '<rss version="2.0"', "<rss"),
    ("a version that never was", "rss-version-invalid", '<rss version="2.0"', '<rss version="2.1"'),
    ("an old version", "rss-version-outdated", '<rss version="2.0"', '<rss version="0.92"'),
    ("an attribute of no meaning", "rss-attribute-unknown", "<rss v", '<rss lang="en" v'),
    ("a default namespace", "rss-in-namespace", "<rss v", '<rss xmlns="http://backend.userland.com/rss2" v'),
    ("an item beside the channel", "rss-element-misplaced", "</channel>", "</channel><item><title>x</title></item>"),
    ("two channels", "rss-channel-count rss-self-missing rss-items-missing rss-language-missing", "</channel>",
     "</channel><channel><title>x</title><link>https://x.example.org/</link><description>x</description></channel>"),
    ("no title", "rss-element-missing", "<title>Example News</title>\n    <link>", "<link>"),
    ("no link", "rss-element-missing", "<link>https://news.example.org/</link>\n    <desc", "<desc"),
    ("no description", "rss-element-missing", CHANNEL, ""),
    ("a blank title", "text-blank", "<title>Example News</title>", "<title> </title>"),
    ("two titles", "rss-element-twice", CHANNEL, f"<title>Example News</title>{CHANNEL}"),
    ("two languages", "rss-element-twice", "<language>en-GB</language>", "<language>en</language><language>en</language>"),
    ("a relative link", "address-relative rss-image-link-differs", "<link>https://news.example.org/</link>", "<link>/</link>"),
    ("words beside the elements", "rss-words-loose", "<ttl>", "loose words <ttl>"),
    ("no language", "rss-language-missing", "<language>en-GB</language>", ""),
    ("a language of no country", "language-unknown", "en-GB", "en-UK"),
    ("a language with an underscore", "language-malformed", "en-GB", "en_GB"),
    ("a language spelled out", "language-unknown", "en-GB", "english"),
    ("an unknown language", "language-unknown", "en-GB", "xx-YY"),
    ("three letters for two", "language-not-shortest", "en-GB", "eng"),
    ("an element of no format", "rss-element-unknown", DOCS, f"{DOCS}<author2>x</author2>"),
    ("an element of Atom", "rss-element-unknown", DOCS, f"{DOCS}<updated>2026-11-21T08:00:00Z</updated>"),
    ("an element of an item", "rss-element-misplaced", DOCS, f"{DOCS}<guid>https://x.example.org/</guid>"),
    ("an element in wrong case", "rss-element-case", "<lastBuildDate>Sat, 21 Nov 2026 09:30:00 GMT</lastBuildDate>",
     "<lastbuilddate>Sat, 21 Nov 2026 09:30:00 GMT</lastbuilddate>"),
    ("HTML in the description", "text-holds-html", CHANNEL, "<description>&lt;b&gt;News&lt;/b&gt;</description>"),
    ("an escape of an escape", "text-double-escaped", "Copyright 2026", "&amp;copy; 2026"),
    ("metadata after an item", "rss-channel-after-items", "</channel>", "<category>Late</category></channel>"),
    ("a date older than its items", "rss-last-build-stale", "<lastBuildDate>Sat, 21 Nov 2026 09:30:00", "<lastBuildDate>Fri, 20 Nov 2026 09:30:00"),
    ("a build before its date", "rss-last-build-stale", "<pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate>\n    <last", "<pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate>\n    <last"),
    ("a name without mail", "rss-contact-mail-missing", EDITOR, "<managingEditor>Ed Itor</managingEditor>"),
    ("a mail without name", "rss-contact-name-missing", EDITOR, "<managingEditor>editor@news.example.org</managingEditor>"),
    ("a mail in angles", "rss-contact-form", EDITOR, "<managingEditor>Ed Itor &lt;editor@news.example.org&gt;</managingEditor>"),
    ("a broken mail", "rss-contact-mail-missing", "web@news.example.org (Web", "web@news (Web"),
    ("a ttl of nothing", "rss-ttl-invalid", "<ttl>60", "<ttl>0"),
    ("a ttl below nothing", "rss-ttl-invalid", "<ttl>60", "<ttl>-5"),
    ("a ttl of a year", "rss-ttl-long", "<ttl>60", "<ttl>525600"),
    ("a ttl in words", "rss-ttl-invalid", "<ttl>60", "<ttl>1 hour"),
    ("a ttl with a fraction", "rss-ttl-invalid", "<ttl>60", "<ttl>1.5"),
    ("a relative docs", "address-relative", DOCS, "<docs>/spec</docs>"),
    ("a blank domain", "attribute-blank", 'domain="https://news.example.org/tags">World', 'domain="">World'),
    ("a blank category", "text-blank", ">World<", "><"),
    ("an attribute in wrong case", "rss-attribute-unknown", '<category domain="https://news.example.org/tags">World', '<category Domain="x">World'),
    ("an attribute of another namespace", "rss-attribute-foreign", "<ttl>", '<ttl dc:unit="min">'),
    ("a rating", "rss-rating", DOCS, f"{DOCS}<rating>(PICS-1.1)</rating>"),
    # image, textInput, cloud, skips
    ("a wide image", "rss-image-size", "<width>88", "<width>145"),
    ("a high image", "rss-image-size", "<height>31", "<height>401"),
    ("an image of no width", "rss-image-size", "<width>88", "<width>0"),
    ("a width with a unit", "rss-image-size", "<width>88", "<width>88px"),
    ("an image titled otherwise", "rss-image-title-differs", "<image>\n      <url>https://news.example.org/logo.png</url>\n      <title>Example News", "<image>\n      <url>https://news.example.org/logo.png</url>\n      <title>Logo"),
    ("an image linked otherwise", "rss-image-link-differs", "<link>https://news.example.org/</link>\n      <width>", "<link>https://news.example.org/x</link>\n      <width>"),
    ("an image without address", "rss-element-missing", "<url>https://news.example.org/logo.png</url>", ""),
    ("a vector image", "rss-image-format", "logo.png</url>", "logo.svg</url>"),
    ("an unknown part of the image", "rss-element-unknown", "<width>88", "<alt>x</alt><width>88"),
    ("an input field", "rss-text-input", DOCS, f"{DOCS}<textInput><title>Go</title><description>Find</description><name>q</name><link>https://news.example.org/q</link></textInput>"),
    ("half an input field", "rss-text-input rss-element-missing", DOCS, f"{DOCS}<textInput><title>Go</title><description>Find</description><name>q</name></textInput>"),
    ("half a cloud", "rss-attribute-missing", DOCS, DOCS + CLOUD.replace(' path="/RPC2"', "")),
    ("a cloud at no port", "rss-cloud-invalid", DOCS, DOCS + CLOUD.replace('"80"', '"http"')),
    ("a cloud of no protocol", "rss-cloud-invalid", DOCS, DOCS + CLOUD.replace("xml-rpc", "smtp")),
    ("a cloud of no host", "rss-cloud-invalid", DOCS, DOCS + CLOUD.replace('"rpc.example.org"', '"https://rpc.example.org"')),
    ("a cloud with a bare path", "rss-cloud-invalid", DOCS, DOCS + CLOUD.replace('"/RPC2"', '"RPC2"')),
    ("an hour past midnight", "rss-hour-invalid", DOCS, f"{DOCS}<skipHours><hour>24</hour></skipHours>"),
    ("an hour twice", "rss-hour-invalid", DOCS, f"{DOCS}<skipHours><hour>2</hour><hour>2</hour></skipHours>"),
    ("a day in French", "rss-day-invalid", DOCS, f"{DOCS}<skipDays><day>Lundi</day></skipDays>"),
    ("a day cut short", "rss-day-invalid", DOCS, f"{DOCS}<skipDays><day>Mon</day></skipDays>"),
    ("all days skipped", "rss-skips-all", DOCS, DOCS + "<skipDays>" + "".join(f"<day>{d}</day>" for d in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")) + "</skipDays>"),
    ("no hour to skip", "text-blank", DOCS, f"{DOCS}<skipHours/>"),
    ("a stranger among the hours", "rss-element-misplaced", DOCS, f"{DOCS}<skipHours><hour>1</hour><day>Monday</day></skipHours>"),
    # items
    ("nothing to show", "rss-item-empty", TITLE + "\n      " + LINK + "\n      " + WORDS, LINK),
    ("a blank title of an item", "text-blank", TITLE, "<title/>"),
    ("HTML in a title", "text-holds-html", TITLE, "<title>&lt;i&gt;Second&lt;/i&gt;</title>"),
    ("unescaped HTML in a title", "rss-element-unknown", TITLE, "<title>The <i>second</i></title>"),
    ("a tag that never closes", "text-holds-html", TITLE, "<title>&lt;b&gt;Second item</title>"),
    ("a title of another template", "text-placeholder", TITLE, "<title>%%SITE_NAME%%</title>"),
    ("a description nobody filled in", "text-placeholder", WORDS, "<description>null</description>"),
    ("a description of nothing", "rss-item-words-blank", WORDS, "<description/>"),
    ("an id beside the guid", "rss-item-ids-several", GUID, f"{GUID}<atom:id>tag:news.example.org,2026-11-20:first</atom:id>"),
    ("a script in a body of XHTML", "html-unsafe", GUID, f'{GUID}<body xmlns="http://www.w3.org/1999/xhtml"><script>x</script></body>'),
    ("a title nobody filled in", "text-placeholder", TITLE, "<title>undefined</title>"),
    ("a title of a template", "text-placeholder", TITLE, "<title>{{ item.title }}</title>"),
    ("a description of XHTML", "rss-element-unknown", WORDS, '<description><p xmlns="http://www.w3.org/1999/xhtml">x</p></description>'),
    ("a title escaped twice", "text-double-escaped", TITLE, "<title>Tom &amp;amp; Jerry</title>"),
    ("a title with an entity left", "text-double-escaped", TITLE, "<title>Tom&amp;nbsp;Jerry</title>"),
    ("a title wrapped twice", "text-holds-html", TITLE, "<title>&lt;![CDATA[Second]]&gt;</title>"),
    ("two titles of an item", "rss-element-twice", TITLE, TITLE * 2),
    ("two links of an item", "rss-element-twice", LINK, LINK * 2),
    ("two dates of an item", "rss-element-twice", DATE, DATE * 2),
    ("a date in wrong case", "rss-element-case rss-item-date-missing", DATE, DATE.replace("pubDate", "pubdate")),
    ("a guid in wrong case", "rss-element-case rss-guid-missing", GUID, GUID.replace("guid", "GUID")),
    ("a link as Atom has it", "address-empty rss-attribute-unknown", LINK, '<link href="https://news.example.org/2026/11/second"/>'),
    ("no link of an item", "rss-item-link-missing", LINK, ""),
    ("an empty link", "address-empty", LINK, "<link/>"),
    ("a relative link of an item", "address-relative", LINK, "<link>/2026/11/second</link>"),
    ("a link without scheme", "address-relative", LINK, "<link>www.example.org/second</link>"),
    ("a link without host", "address-host", LINK, "<link>https:///second</link>"),
    ("a link with one slash", "address-host", LINK, "<link>https:/news.example.org/second</link>"),
    ("a link with two schemes", "address-host", LINK, "<link>http://https://news.example.org/</link>"),
    ("a link with a blank", "address-whitespace", LINK, "<link>https://news.example.org/a b</link>"),
    ("a link in angles", "address-character address-relative", LINK, "<link>&lt;https://news.example.org/&gt;</link>"),
    ("a link with a broken percent", "address-percent", LINK, "<link>https://news.example.org/100%</link>"),
    ("a link that is an IRI", "address-not-ascii", LINK, "<link>https://news.example.org/ñ</link>"),
    ("a link escaped twice", "address-double-escaped", LINK, "<link>https://news.example.org/?a=1&amp;amp;b=2</link>"),
    ("a link to this machine", "address-local", LINK, "<link>http://localhost:8000/second</link>"),
    ("a link with a password", "address-credentials", LINK, "<link>https://me:pw@news.example.org/</link>"),
    ("a link that is code", "address-scheme", LINK, "<link>javascript:alert(1)</link>"),
    ("a link of no scheme known", "address-scheme-unknown", LINK, "<link>foo://news.example.org/</link>"),
    ("a link to a wrong port", "address-host", LINK, "<link>https://news.example.org:99999/</link>"),
    ("a link with a backslash", "address-character", LINK, "<link>https://news.example.org/a\\b</link>"),
    ("two items of one link", "rss-item-link-duplicate", LINK, "<link>https://news.example.org/2026/11/talks?a=1&amp;b=2</link>"),
    ("no guid", "rss-guid-missing", GUID, ""),
    ("a blank guid", "rss-guid-blank", GUID, "<guid/>"),
    ("a guid with blanks around", "rss-guid-whitespace", GUID, '<guid isPermaLink="false"> tag:news.example.org,2026:second </guid>'),
    ("a guid twice", "rss-guid-duplicate", GUID, GUID.replace("20:second", "21:talks")),
    ("a guid that is said to be an address", "rss-guid-not-address rss-guid-differs", GUID, "<guid>tag:news.example.org,2026-11-20:second</guid>"),
    ("a guid with a wrong flag", "rss-guid-flag", 'isPermaLink="false">tag:news.example.org,2026-11-20', 'isPermaLink="False">https://news.example.org/2026/11/second#'),
    ("a guid with its flag misspelled", "rss-attribute-unknown rss-guid-not-address rss-guid-differs", GUID, GUID.replace("isPermaLink", "ispermalink")),
    ("a guid that is another address", "rss-guid-differs", GUID, "<guid>https://news.example.org/other</guid>"),
    ("a guid that is a count", "rss-guid-short", GUID, '<guid isPermaLink="false">42</guid>'),
    ("a guid that is no tag", "id-tag-invalid", GUID, '<guid isPermaLink="false">tag:news.example.org:second</guid>'),
    ("a guid that is no UUID", "id-urn-invalid", GUID, '<guid isPermaLink="false">urn:uuid:second</guid>'),
    ("no date", "rss-item-date-missing", DATE, ""),
    ("an empty date", "date-rfc822-invalid", DATE, "<pubDate/>"),
    ("no author's mail", "rss-contact-mail-missing", TITLE, f"{TITLE}<author>Jane Doe</author>"),
    ("an author said twice", "dc-said-twice", "<dc:creator>", "<author>jane@news.example.org (Jane Doe)</author><dc:creator>"),
    ("a further enclosure", "rss-enclosures-several", ENCLOSURE, ENCLOSURE * 2),
    ("an enclosure of no length", "rss-attribute-missing", ENCLOSURE, ENCLOSURE.replace(' length="123456"', "")),
    ("an enclosure of length -1", "rss-enclosure-length", 'length="123456"', 'length="-1"'),
    ("an enclosure in megabytes", "rss-enclosure-length", 'length="123456"', 'length="3 MB"'),
    ("an enclosure of unknown size", "rss-enclosure-unsized", 'length="123456"', 'length="0"'),
    ("an enclosure of no type", "rss-attribute-missing", ENCLOSURE, ENCLOSURE.replace(' type="audio/mpeg"', "")),
    ("an enclosure of a type nobody registered", "media-type-doubtful", 'type="audio/mpeg"', 'type="audio/mp3"'),
    ("an enclosure with words inside", "rss-words-loose", ENCLOSURE, ENCLOSURE.replace("/>", ">talks</enclosure>")),
    ("an enclosure of half a type", "media-type-invalid", 'type="audio/mpeg"', 'type="mp3"'),
    ("an enclosure of another type", "media-type-doubtful", 'type="audio/mpeg"', 'type="image/png"'),
    ("an enclosure of no address", "rss-attribute-missing", ENCLOSURE, '<enclosure length="1" type="audio/mpeg"/>'),
    ("an enclosure by ftp", "address-scheme", "https://news.example.org/talks.mp3", "ftp://news.example.org/talks.mp3"),
    ("a relative enclosure", "address-relative", "https://news.example.org/talks.mp3", "/talks.mp3"),
    ("an enclosure with href", "rss-attribute-missing rss-attribute-unknown", "<enclosure url=", "<enclosure href="),
    ("a source of no address", "rss-attribute-missing", '<source url="https://wire.example.net/rss">', "<source>"),
    ("a source of no name", "text-blank", ">Wire Example<", "><"),
    ("a source at a relative address", "address-relative", 'url="https://wire.example.net/rss"', 'url="rss"'),
    ("comments that are a feed", "rss-comments-is-feed", LINK, f"{LINK}<comments>https://news.example.org/second/feed/</comments>"),
    ("relative comments", "address-relative", LINK, f"{LINK}<comments>#comments</comments>"),
    ("a description after the content", "rss-description-after-content", WORDS, "<content:encoded>Plain text</content:encoded>" + WORDS),
    ("content alone", "rss-content-without-description", WORDS, "<content:encoded>Plain text</content:encoded>"),
    ("content not escaped", "rss-content-not-escaped", WORDS, f"{WORDS}<content:encoded><p>x</p></content:encoded>"),
    ("items from old to new", "rss-items-unsorted", DATE, "<pubDate>Sat, 21 Nov 2026 09:00:00 GMT</pubDate>"),
    ("an element of Atom in an item", "rss-element-unknown", WORDS, f"{WORDS}<summary>x</summary>"),
    ("a date of Dublin Core as RSS has it", "date-w3cdtf-invalid", DATE, "<dc:date>Fri, 20 Nov 2026 08:00:00 GMT</dc:date>"),
    ("an item within an item", "rss-element-misplaced", WORDS, f"{WORDS}<item><title>x</title></item>"),
    # links of Atom
    ("no self link", "rss-self-missing", SELF, ""),
    ("two self links", "link-self-several", SELF, SELF + SELF.replace("feed.rss", "rss.xml")),
    ("a self link of another type", "link-self-type", SELF, SELF.replace("rss+xml", "atom+xml")),
    ("a relative self link", "link-relative", SELF, SELF.replace("https://news.example.org", "")),
    ("a link of no address", "atom-attribute-missing", SELF, SELF + "<atom:link rel='hub'/>"),
    ("a link of an unknown relation", "link-rel-unregistered", HUB, HUB.replace('"hub"', '"hubb"')),
    ("a hub that is no server", "link-not-web", HUB, HUB.replace("https://hub.example.org/", "mailto:hub@example.org")),
    ("an entry of Atom", "atom-element-unknown", DOCS, f"{DOCS}<atom:foo>x</atom:foo>"),
    ("a person of Atom without a name", "atom-element-missing", DOCS, f"{DOCS}<atom:author><atom:email>a@example.org</atom:email></atom:author>"),
    ("a date of Atom as RSS has it", "date-rfc3339-invalid", DATE, f"{DATE}<atom:updated>Fri, 20 Nov 2026 08:00:00 GMT</atom:updated>"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "changes"),
    [(fault[1], fault[2:]) for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_a_fault_is_told_and_nothing_else(told: Told, rules: str, changes: tuple[str, ...]) -> None:
    assert told("feed.rss", *changes) == set(rules.split())


DATES = [
    ("as Atom has it", "date-rfc822-invalid", "2026-11-20T08:00:00Z"),
    ("without a time", "date-rfc822-invalid", "Fri, 20 Nov 2026"),
    ("without a zone", "date-rfc822-invalid", "Fri, 20 Nov 2026 08:00:00"),
    ("with the weekday in full", "date-rfc822-invalid", "Friday, 20 Nov 2026 08:00:00 GMT"),
    ("with the month in full", "date-rfc822-invalid", "Fri, 20 November 2026 08:00:00 GMT"),
    ("in German", "date-rfc822-invalid", "Fr, 20 Nov 2026 08:00:00 GMT"),
    ("with a month of no language", "date-rfc822-invalid", "Fri, 20 Nob 2026 08:00:00 GMT"),
    ("without a comma", "date-rfc822-invalid", "Fri 20 Nov 2026 08:00:00 GMT"),
    ("with hyphens", "date-rfc822-invalid", "Fri, 20-Nov-2026 08:00:00 GMT"),
    ("with a colon in the offset", "date-rfc822-invalid", "Fri, 20 Nov 2026 08:00:00 +00:00"),
    ("with half a day's clock", "date-rfc822-invalid", "Fri, 20 Nov 2026 8:00 AM GMT"),
    ("in a zone that is none", "date-rfc822-invalid", "Fri, 20 Nov 2026 08:00:00 CEST"),
    ("in UTC by name", "date-rfc822-invalid", "Fri, 20 Nov 2026 08:00:00 UTC"),
    ("as a count of seconds", "date-rfc822-invalid", "1795161600"),
    ("with slashes", "date-rfc822-invalid", "11/20/2026 08:00"),
    ("in words", "date-rfc822-invalid", "yesterday"),
    ("on a day that is none", "date-impossible", "31 Nov 2026 08:00:00 GMT"),
    ("at an hour that is none", "date-impossible", "Fri, 20 Nov 2026 24:00:00 GMT"),
    ("at an offset that is none", "date-impossible", "Fri, 20 Nov 2026 08:00:00 +9900"),
    ("on another weekday", "date-weekday-wrong", "Thu, 20 Nov 2026 08:00:00 GMT"),
    ("in a short year", "date-year-two-digits", "Fri, 20 Nov 26 08:00:00 GMT"),
    ("in a zone of America", "date-zone-american", "Fri, 20 Nov 2026 08:00:00 EST"),
    ("in a zone of one letter", "date-zone-named", "Fri, 20 Nov 2026 08:00:00 A"),
    ("in small letters", "date-spelling", "fri, 20 nov 2026 08:00:00 gmt"),
    ("without a blank", "date-spelling", "Fri,20 Nov 2026 08:00:00 GMT"),
    ("with a remark", "date-spelling", "Fri, 20 Nov 2026 08:00:00 +0000 (UTC)"),
    ("before there were feeds", "date-implausible", "Thu, 01 Jan 1970 00:00:00 GMT"),
]


@pytest.mark.parametrize(
    ("rule", "date"), [fault[1:] for fault in DATES], ids=[fault[0] for fault in DATES]
)
def test_a_date_nobody_reads(told: Told, rule: str, date: str) -> None:
    assert told("feed.rss", DATE, f"<pubDate>{date}</pubDate>") == {rule}


def test_a_date_to_come(told: Told) -> None:
    found = told("feed.rss", DATE, "<pubDate>Tue, 20 Nov 2029 08:00:00 GMT</pubDate>")

    assert found == {"date-future", "rss-items-unsorted", "rss-last-build-stale"}


@pytest.mark.parametrize(
    "date",
    [
        "20 Nov 2026 08:00 GMT",
        "Fri, 20 Nov 2026 08:00:00 +0545",
        "Fri, 20 Nov 2026 23:30:00 -0800",
        "Sat, 21 Nov 2026 00:30:00 +0200",
        "Fri, 20 Nov 2026 08:00:00 UT",
    ],
)
def test_a_date_everybody_reads(told: Told, date: str) -> None:
    assert told("feed.rss", DATE, f"<pubDate>{date}</pubDate>") == set()


HTML = [
    ("a script", "html-unsafe", "<script>x()</script>"),
    ("a frame", "html-unsafe", '<iframe src="https://example.org/"></iframe>'),
    ("a plug-in", "html-unsafe", '<object data="https://example.org/x.swf"></object>'),
    ("a form", "html-unsafe", '<form action="https://example.org/"></form>'),
    ("code in an attribute", "html-unsafe", '<img src="https://example.org/a.png" onerror="x()">'),
    ("code in an address", "html-unsafe", '<a href="javascript:x()">x</a>'),
    ("code in a torn address", "html-unsafe", '<a href=" java&#9;script:x()">x</a>'),
    ("a page in an address", "html-unsafe", '<a href="data:text/html,x">x</a>'),
    ("a drawing with code", "html-unsafe", '<svg onload="x()"><path d="M0"/></svg>'),
    ("a page within a drawing", "html-unsafe", "<svg><foreignObject>x</foreignObject></svg>"),
    ("PHP", "html-unsafe", "<?php echo 1 ?>"),
    ("a style that covers the reader", "html-style", '<p style="position: fixed">x</p>'),
    ("a style that fetches", "html-style", '<p style="background: url(https://a.example/)">x</p>'),
    ("a relative picture", "html-relative-address", '<img src="/a.png">'),
    ("a relative link", "html-relative-address", '<a href="b.html">x</a>'),
    ("a link without scheme", "html-relative-address", '<a href="//example.org/b">x</a>'),
    ("an empty link", "html-relative-address", '<a href="">x</a>'),
    ("a relative choice of pictures", "html-relative-address", '<img src="https://example.org/a.png" srcset="a.png 1x, https://example.org/b.png 2x">'),
    ("a relative poster", "html-relative-address", '<video src="https://example.org/a.mp4" poster="a.png"></video>'),
    ("a relative citation", "html-relative-address", '<blockquote cite="/source">x</blockquote>'),
    ("a jump within the page", "html-fragment-address", '<a href="#note-1">1</a>'),
    ("an embedded picture", "html-data-address", '<img src="data:image/png;base64,AAAA">'),
    ("a link with a blank", "html-address", '<a href="https://example.org/a b">x</a>'),
    ("a link to this machine", "html-address", '<img src="http://localhost/a.png">'),
    ("an element that never closes", "html-unbalanced", "<p>a <b>b</p>"),
    ("an end without a beginning", "html-unbalanced", "a</div>"),
    ("elements that cross", "html-unbalanced", "<b><i>x</b></i>"),
    ("a cell outside a table", "html-unbalanced", "<td>x</td>"),
    ("a link in a link", "html-unbalanced", '<a href="https://example.org/">x <a href="https://example.org/">y</a></a>'),
    ("a picture of no address", "html-address", '<img alt="x">'),
    ("a tag cut off", "html-truncated", '<p>a</p><a href="https://exa'),
    ("an element of no HTML", "html-unknown-element", "<foo>x</foo>"),
    ("a number of Windows", "html-character", "<p>It&#146;s</p>"),
    ("styles of an office program", "html-style", '<p style="mso-spacerun: yes">x</p>'),
    ("a margin wider than any page", "html-style", '<p style="margin: 99999em">x</p>'),
    ("elements nested without measure", "html-too-deep", "<div>" * 300 + "x" + "</div>" * 300),
    ("a line broken twice", "html-break-ended", "a<br></br>b"),
    ("a paragraph closed after the list that ended it", "html-unbalanced", "<p>a</p><p>b<ul><li>c</li></ul></p>"),
    ("a tag whose quote never ends", "html-truncated", '<p>a <a href="https://example.org/>b</a></p>'),
    ("a whole page", "html-whole-page", "<html><body><p>x</p></body></html>"),
    ("HTML escaped twice", "html-double-escaped", "&lt;p&gt;x&lt;/p&gt;"),
    ("signs escaped twice", "html-double-escaped", "<p>AT&amp;amp;T</p>"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "html"), [fault[1:] for fault in HTML], ids=[fault[0] for fault in HTML]
)
@pytest.mark.parametrize("element", ["description", "content:encoded"])
def test_content_a_reader_trips_over(told: Told, element: str, rule: str, html: str) -> None:
    words = html.replace("&", "&amp;").replace("<", "&lt;")
    summary = "<description>x</description>" if element != "description" else ""

    found = told("feed.rss", WORDS, f"{summary}<{element}>{words}</{element}>")

    assert found == {rule}


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>a<li>b</ul><p>c",
        "<ul>" + "<li>a" * 400 + "</ul>" + "<p>b" * 400,
        "<table><tr><td><p>a<td><div>b</div></table>",
        "<a href=https://example.org/a/>x</a>",
        "<p>AT&amp;T &lt;live&gt; &nbsp; &#8217;</p>",
        "a < b, 1 <2 & c",
        '<a href="mailto:jane@example.org">x</a>',
        '<p style="color: red">x</p><br><hr/>',
        "<table><tr><td>a<td>b</table>",
        '<input type="checkbox" disabled> <a href="https://example.org/?a={b}|c">x</a>',
        "<pre><code>&amp;lt;p&amp;gt;</code></pre>",
        '<svg viewBox="0 0 1 1"><path d="M0"/></svg>',
    ],
)
def test_content_nobody_trips_over(told: Told, html: str) -> None:
    words = html.replace("&", "&amp;").replace("<", "&lt;")

    assert told("feed.rss", WORDS, f"<description>{words}</description>") == set()


def test_a_channel_without_items(told: Told, golden: Callable[[str], str]) -> None:
    document = golden("feed.rss")
    items = document[document.index("<item>") : document.index("</channel>")]

    assert told("feed.rss", items, "") == {"rss-items-missing"}


def test_a_document_at_another_address_than_it_says(told: Told) -> None:
    here, elsewhere = "https://news.example.org/feed.rss", "https://news.example.org/rss.xml"

    assert told("feed.rss", address=here) == set()
    assert told("feed.rss", address=elsewhere) == {"link-self-differs"}


def test_a_channel_that_links_to_itself(told: Told) -> None:
    here = "https://news.example.org/feed.rss"
    found = told(
        "feed.rss", "<link>https://news.example.org/</link>", f"<link>{here}</link>", address=here
    )

    assert found == {"rss-link-is-feed", "rss-image-link-differs"}


def test_a_fault_has_its_line_and_the_words_found(
    golden: Callable[[str], str], findings_of: Callable[..., tuple[Finding, ...]]
) -> None:
    (found,) = findings_of(golden("feed.rss").replace("<ttl>60", "<ttl>-5"), name="feed.rss")

    assert (found.document, found.line) == ("feed.rss", 16)
    assert found.message == "<ttl> is “-5”"
    assert found.rule.severity.word == "error"


RSS_10 = """<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://example.org/rdf"><title>News</title><link>https://example.org/</link>
<description>All of it</description>
<items><rdf:Seq><rdf:li rdf:resource="https://example.org/1"/></rdf:Seq></items></channel>
<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link></item>
</rdf:RDF>"""


@pytest.mark.parametrize(
    ("rules", "old", "new"),
    [
        pytest.param("", "News", "News", id="right"),
        pytest.param("rss-element-missing", "<title>News</title>", "", id="no title"),
        pytest.param("rss-about-missing", ' rdf:about="https://example.org/rdf"', "", id="no id"),
        pytest.param("rss-about-duplicate", "</rdf:RDF>", '<item rdf:about="https://example.org/1"><title>2</title><link>https://example.org/2</link></item></rdf:RDF>', id="an id twice"),
        pytest.param("rss-contents-differ", 'resource="https://example.org/1"', 'resource="https://example.org/2"', id="other contents"),
        pytest.param("address-relative", "<link>https://example.org/1", "<link>1", id="relative"),
        pytest.param("rss-element-unknown", "<title>One", "<foo/><title>One", id="a stranger"),
    ],
)  # fmt: skip
def test_rss_1_is_outdated_and_otherwise_judged(
    findings_of: Callable[..., tuple[Finding, ...]], rules: str, old: str, new: str
) -> None:
    found = {finding.rule.name for finding in findings_of(RSS_10.replace(old, new, 1))}

    assert found == {"rss-version-outdated", *rules.split()}


def test_an_old_version_is_not_asked_for_what_it_cannot_say(told: Told) -> None:
    found = told(
        "feed.rss", '<rss version="2.0"', '<rss version="0.91"', GUID, "", SELF, "", DATE, ""
    )

    assert found == {"rss-version-outdated"}
