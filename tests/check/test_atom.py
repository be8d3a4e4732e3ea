"""What is wrong with Atom: a golden feed with one fault, and the one rule that speaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from feedsvc.check import Finding

Told = Callable[..., set[str]]

FEED_ID = "<id>tag:news.example.org,2026:feed</id>"
SELF = '<link rel="self" type="application/atom+xml" href="https://news.example.org/feed.atom"/>'
HUB = '<link rel="hub" href="https://hub.example.org/"/>'
AUTHOR = "<author><name>Example News</name><uri>https://news.example.org/</uri></author>"
JANE = "<author><name>Jane Doe</name></author>"
ID = "<id>tag:news.example.org,2026-11-20:second</id>"
TITLE = "<title>Second item</title>"
LINK = '<link rel="alternate" type="text/html" href="https://news.example.org/2026/11/second"/>'
PUBLISHED = "<published>2026-11-20T08:00:00Z</published>"
UPDATED = "<updated>2026-11-20T08:00:00Z</updated>"
CONTENT = '<content type="text">Plain text</content>'
ENCLOSURE = (
    '<link rel="enclosure" type="audio/mpeg" length="123456"'
    ' href="https://news.example.org/talks.mp3"/>'
)
CATEGORY = '<category term="ukraine" scheme="https://news.example.org/tags" label="Ukraine"/>'
SUMMARY = "<summary>A delegation will be in Istanbul.</summary>"
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'

#: what is wrong, the rules that tell it, what stands in the golden feed, what stands there now
FAULTS = [
    # the feed
    ("no id", "atom-element-missing", FEED_ID, ""),
    ("no title", "atom-element-missing", "<title>Example News</title>", ""),
    ("no updated", "atom-element-missing", "<updated>2026-11-21T09:30:00Z</updated>\n  <link", "<link"),
    ("a blank title", "text-blank", "<title>Example News</title>", "<title/>"),
    ("two ids", "atom-element-twice", FEED_ID, FEED_ID * 2),
    ("two subtitles", "atom-element-twice", "<updated>", "<subtitle>x</subtitle><updated>"),
    ("no self link", "atom-self-missing", SELF, ""),
    ("two self links", "link-self-several", SELF, SELF + SELF.replace("feed.atom", "atom.xml")),
    ("a self link of another type", "link-self-type", SELF, SELF.replace("atom+xml", "rss+xml")),
    ("a title nobody filled in", "text-placeholder", TITLE, "<title>{{ page.title }}</title>"),
    ("a link with an element in it", "", LINK, LINK.replace("/>", '><x:y xmlns:x="https://schema.org/">here</x:y></link>')),
    ("a link with words in it", "link-holds-words", LINK, LINK.replace("/>", ">here</link>")),
    ("a relative icon where no base is told", "atom-address-relative atom-self-missing", SELF, "", "https://news.example.org/favicon.png", "/favicon.png"),
    ("a relative alternate where no base is told", "link-relative atom-self-missing", SELF, "", LINK, LINK.replace("https://news.example.org", "")),
    ("a relative self link", "link-relative", SELF, SELF.replace("https://news.example.org", "")),
    ("no author anywhere", "atom-author-missing", AUTHOR, ""),
    ("an author without name", "atom-element-missing", AUTHOR, "<author><uri>https://news.example.org/</uri></author>"),
    ("an author with a blank name", "text-blank", JANE, "<author><name/></author>"),
    ("an author with two names", "atom-element-twice", JANE, "<author><name>J</name><name>D</name></author>"),
    ("an author in loose words", "atom-words-loose atom-element-missing", JANE, "<author>Jane Doe</author>"),
    ("an author with a broken mail", "mail-address-invalid", JANE, "<author><name>Jane</name><email>jane at example.org</email></author>"),
    ("an author with a mail as link", "mail-address-invalid", JANE, "<author><name>Jane</name><email>mailto:jane@example.org</email></author>"),
    ("an author with a relative page", "atom-address-relative-with-base", JANE, "<author><name>Jane</name><uri>/jane</uri></author>"),
    ("an author with a stranger inside", "atom-element-unknown", JANE, "<author><name>Jane</name><url>https://example.org/</url></author>"),
    ("a relative icon", "atom-address-relative-with-base", "https://news.example.org/favicon.png", "/favicon.png"),
    ("an icon with blanks", "address-whitespace", "https://news.example.org/favicon.png", " https://news.example.org/favicon.png "),
    ("an empty logo", "address-empty", "https://news.example.org/logo.png", ""),
    ("a logo of a broken address", "address-character", "https://news.example.org/logo.png", "https://news.example.org/{logo}.png"),
    ("a blank generator", "text-blank", ">feedsvc<", "><"),
    ("a generator at url", "atom-attribute-unknown", 'generator uri="', 'generator url="'),
    ("a generator at a broken address", "address-host", 'uri="https://example.org/feedsvc"', 'uri="https://"'),
    ("a version on the feed", "atom-attribute-unknown", "<feed ", '<feed version="1.0" '),
    ("no language", "atom-language-missing", ' xml:lang="en-GB"', ""),
    ("a language with an underscore", "language-malformed", "en-GB", "en_GB"),
    ("loose words", "atom-words-loose", FEED_ID, f"{FEED_ID} words"),
    ("metadata after entries", "atom-metadata-after-entries", "</entry>\n</feed>", "</entry><category term='x'/></feed>"),
    ("an element of Atom 0.3", "atom-element-unknown", "<rights>", "<tagline>x</tagline><rights>"),
    ("an element of RSS", "atom-element-unknown", "<rights>", "<description>x</description><rights>"),
    ("an element in no namespace", "atom-element-unknown", "<rights>", '<foo xmlns="">x</foo><rights>'),
    ("an element of an entry", "atom-element-misplaced", "<rights>", "<published>2026-11-21T08:00:00Z</published><rights>"),
    ("an element in wrong case", "atom-element-case", "<rights>Copyright 2026 Example News</rights>", "<Rights>x</Rights>"),
    ("an updated before its entries'", "atom-updated-stale", "<updated>2026-11-21T09:30:00Z</updated>\n  <link", "<updated>2026-11-21T09:00:00Z</updated>\n  <link"),
    # links
    ("a link of no address", "atom-attribute-missing", HUB, '<link rel="hub"/>'),
    ("a link of an empty address", "address-empty", HUB, '<link rel="hub" href=""/>'),
    ("a link in a wrong attribute", "atom-attribute-missing atom-attribute-unknown", HUB, '<link rel="hub" url="https://hub.example.org/"/>'),
    ("an unknown relation", "link-rel-unregistered", HUB, HUB.replace("hub", "hubb", 1)),
    ("a relation with a capital", "link-rel-unregistered atom-self-missing", SELF, SELF.replace('"self"', '"Self"')),
    ("two relations in one", "link-rel-unregistered", HUB, HUB.replace('"hub"', '"hub edit"')),
    ("a relation of paging as HTML has it", "link-rel-unregistered", "prev-archive", "prev"),
    ("a blank relation", "link-rel-blank link-alternate-duplicate", LINK, f'{LINK}<link rel="" type="text/html" href="https://news.example.org/x"/>'),
    ("a hub that is no server", "link-not-web", HUB, HUB.replace("https://hub.example.org/", "mailto:hub@example.org")),
    ("two alternates alike", "link-alternate-duplicate", LINK, LINK + LINK.replace("second", "zweite")),
    ("a relative alternate", "link-relative-with-base", LINK, LINK.replace("https://news.example.org", "")),
    ("a relative alternate below a base", "link-relative-with-base", "<feed ", '<feed xml:base="https://news.example.org/" ', LINK, LINK.replace("https://news.example.org/", "")),
    ("a relative self link below a base", "link-relative", "<feed ", '<feed xml:base="https://news.example.org/" ', SELF, SELF.replace("https://news.example.org/", "")),
    ("a relative icon below a base", "atom-address-relative-with-base", "<feed ", '<feed xml:base="https://news.example.org/" ', "https://news.example.org/favicon.png", "favicon.png"),
    ("a link of half a type", "media-type-invalid", LINK, LINK.replace("text/html", "html")),
    ("a link of a broken language", "language-malformed", LINK, LINK.replace(" href", ' hreflang="en_GB" href')),
    ("a link with a blank", "address-whitespace", LINK, LINK.replace("11/second", "11/ second")),
    ("a link to this machine", "address-local", LINK, LINK.replace("news.example.org", "127.0.0.1:8000")),
    ("a link of an empty title", "attribute-blank", LINK, LINK.replace(" href", ' title="" href')),
    ("an enclosure of no length", "link-enclosure-length-missing", ENCLOSURE, ENCLOSURE.replace(' length="123456"', "")),
    ("an enclosure of no type", "link-enclosure-type-missing", ENCLOSURE, ENCLOSURE.replace(' type="audio/mpeg"', "")),
    ("an enclosure of length -1", "number-invalid", '"123456"', '"-1"'),
    ("an enclosure of another type", "media-type-doubtful", "audio/mpeg", "image/png"),
    ("an enclosure by ftp", "link-not-web", "https://news.example.org/talks.mp3", "ftp://news.example.org/talks.mp3"),
    # the entry
    ("no id of an entry", "atom-element-missing", ID, ""),
    ("a blank id", "atom-id-blank", ID, "<id> </id>"),
    ("an id with blanks", "address-whitespace", ID, "<id>\n tag:news.example.org,2026-11-20:second </id>"),
    ("an id with a blank inside", "address-whitespace id-tag-invalid", ID, "<id>tag:news.example.org,2026:the second</id>"),
    ("an id that is no IRI", "id-not-iri", ID, "<id>second</id>"),
    ("an id that is a path", "id-not-iri", ID, "<id>/2026/11/second</id>"),
    ("a tag without a date", "id-tag-invalid", ID, "<id>tag:news.example.org:second</id>"),
    ("a tag on a day that is none", "id-tag-invalid", ID, "<id>tag:news.example.org,2026-13-01:second</id>"),
    ("a UUID that is none", "id-urn-invalid", ID, "<id>urn:uuid:second</id>"),
    ("a UUID too short", "id-urn-invalid", ID, "<id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6</id>"),
    ("an id of host with capitals", "id-not-canonical", ID, "<id>https://News.example.org/2</id>"),
    ("an id of a default port", "id-not-canonical", ID, "<id>https://news.example.org:443/2</id>"),
    ("an id of dot segments", "id-not-canonical", ID, "<id>https://news.example.org/a/../2</id>"),
    ("an id without path", "id-not-canonical", ID, "<id>https://news.example.org</id>"),
    ("an id of a scheme with capitals", "id-not-canonical", ID, "<id>HTTPS://news.example.org/2</id>"),
    ("a tag of an authority with capitals", "id-not-canonical", ID, "<id>tag:News.example.org,2026:second</id>"),
    ("two entries of one page", "atom-alternate-of-two", LINK, LINK.replace("second", "talks?a=1&amp;b=2")),
    ("XHTML beside the content", "atom-xhtml-misplaced", CONTENT, f"{CONTENT}<div {XHTML}>x</div>"),
    ("an empty language", "atom-language-missing", 'xml:lang="en-GB"', 'xml:lang=""'),
    ("an id encoded without need", "id-not-canonical", ID, "<id>https://news.example.org/%61</id>"),
    ("an id that is the feed's", "atom-id-of-feed", ID, FEED_ID),
    ("an id twice", "atom-id-versions", ID, "<id>tag:news.example.org,2026-11-21:talks</id>"),
    ("no title of an entry", "atom-element-missing", TITLE, ""),
    ("two titles of an entry", "atom-element-twice", TITLE, TITLE * 2),
    ("no updated of an entry", "atom-element-missing", f"{PUBLISHED}\n    {UPDATED}", PUBLISHED),
    ("published after updated", "atom-published-after-updated", PUBLISHED, "<published>2026-11-20T08:00:01Z</published>"),
    ("two entries of one moment", "atom-updated-duplicate", UPDATED, "<updated>2026-11-21T09:30:00Z</updated>"),
    ("neither content nor link", "atom-content-or-alternate-missing", f"{LINK}\n    ", "<summary>x</summary>", CONTENT, ""),
    ("neither content nor summary", "atom-text-missing", CONTENT, ""),
    ("two contents", "atom-element-twice", CONTENT, CONTENT * 2),
    ("a category without term", "atom-attribute-missing", CATEGORY, '<category label="Ukraine"/>'),
    ("a category of words", "atom-attribute-missing", CATEGORY, "<category>Ukraine</category>"),
    ("a category with a blank term", "attribute-blank", CATEGORY, '<category term=""/>'),
    ("a category of a relative scheme", "address-relative", CATEGORY, '<category term="x" scheme="tags"/>'),
    ("a category of HTML", "text-holds-html", CATEGORY, '<category term="x" label="&lt;b&gt;x&lt;/b&gt;"/>'),
    ("a category in a wrong attribute", "atom-attribute-missing atom-attribute-unknown", CATEGORY, '<category name="x"/>'),
    ("an entry in an entry", "atom-element-misplaced", CONTENT, f"{CONTENT}<entry/>"),
    ("a source of no id", "atom-source-incomplete", "<id>https://wire.example.net/rss</id>", ""),
    ("a source of no updated", "atom-source-incomplete", "<updated>2026-11-21T07:00:00Z</updated>", ""),
    ("a source with an entry's element", "atom-element-misplaced", "<title>Wire Example</title>", f"<title>Wire Example</title>{CONTENT}"),
    # texts
    ("a text of no type", "atom-text-type", TITLE, '<title type="text/html">Second</title>'),
    ("a type with capitals", "atom-text-type", TITLE, '<title type="HTML">Second</title>'),
    ("HTML in a plain title", "text-holds-html", TITLE, "<title>&lt;b&gt;Second&lt;/b&gt;</title>"),
    ("markup in a title", "atom-markup-not-escaped", TITLE, f"<title>A <b {XHTML}>second</b></title>"),
    ("a title escaped twice", "text-double-escaped", TITLE, "<title>Tom &amp;amp; Jerry</title>"),
    ("an unclosed tag in a summary", "html-unbalanced", SUMMARY, '<summary type="html">&lt;b&gt;x</summary>'),
    ("a script in a summary", "html-unsafe", SUMMARY, '<summary type="html">&lt;script&gt;x&lt;/script&gt;</summary>'),
    ("a relative picture", "html-relative-address", CONTENT, '<content type="html">&lt;img src="/a.png"&gt;</content>'),
    ("a relative picture below a base", "html-relative-with-base", CONTENT, '<content type="html" xml:base="https://example.org/">&lt;img src="/a.png"&gt;</content>'),
    ("a relative base", "xml-base-relative", CONTENT, '<content type="text" xml:base="/blog/">x</content>'),
    ("HTML not escaped", "atom-markup-not-escaped", CONTENT, f'<content type="html"><p {XHTML}>x</p></content>'),
    ("HTML not escaped, in no namespace", "atom-markup-not-escaped", CONTENT, '<content type="html"><p>x</p></content>'),
    ("HTML said to be text", "text-holds-html", CONTENT, '<content type="text">&lt;p&gt;x&lt;/p&gt;</content>'),
    ("HTML of no type", "text-holds-html", CONTENT, "<content>&lt;p&gt;x&lt;/p&gt;</content>"),
    ("blank content", "text-blank", CONTENT, '<content type="html"></content>'),
    ("XHTML without div", "atom-xhtml-div", CONTENT, f'<content type="xhtml"><p {XHTML}>x</p></content>'),
    ("XHTML with two divs", "atom-xhtml-div", CONTENT, f'<content type="xhtml"><div {XHTML}>x</div><div {XHTML}>y</div></content>'),
    ("XHTML with words beside", "atom-xhtml-div", CONTENT, f'<content type="xhtml">x<div {XHTML}>y</div></content>'),
    ("XHTML in words", "atom-xhtml-div", CONTENT, '<content type="xhtml">&lt;div&gt;x&lt;/div&gt;</content>'),
    ("a div of Atom", "atom-xhtml-namespace", CONTENT, '<content type="xhtml"><div>x</div></content>'),
    ("a div of another namespace", "atom-xhtml-namespace", CONTENT, '<content type="xhtml"><div xmlns="http://www.w3.org/1999/html">x</div></content>'),
    ("an empty div", "text-blank", CONTENT, f'<content type="xhtml"><div {XHTML}/></content>'),
    ("a script in XHTML", "html-unsafe", CONTENT, f'<content type="xhtml"><div {XHTML}><script>x()</script></div></content>'),
    ("code in XHTML", "html-unsafe", CONTENT, f'<content type="xhtml"><div {XHTML} onclick="x()">x</div></content>'),
    ("a script in a drawing", "html-unsafe", CONTENT, f'<content type="xhtml"><div {XHTML}><svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg></div></content>'),
    ("a page in a drawing", "html-unsafe", CONTENT, '<content type="image/svg+xml"><svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg></content>'),
    ("a relative link in XHTML", "html-relative-address", CONTENT, f'<content type="xhtml"><div {XHTML}><a href="x">x</a></div></content>'),
    ("XHTML with capitals", "html-unknown-element", CONTENT, f'<content type="xhtml"><div {XHTML}><P>x</P></div></content>'),
    ("content of half a type", "atom-content-type", CONTENT, '<content type="markdown">x</content>'),
    ("content of several parts", "atom-content-type", CONTENT, '<summary>x</summary><content type="multipart/mixed">x</content>'),
    ("a picture that is words", "atom-content-base64", CONTENT, '<summary>x</summary><content type="image/png">no picture!</content>'),
    ("a picture and no summary", "atom-summary-missing", CONTENT, '<content type="image/png">iVBORw0KGgo=</content>'),
    ("markup in other text", "atom-markup-not-escaped", CONTENT, f'<content type="text/plain">a <b {XHTML}>b</b></content>'),
    ("XML that is words", "atom-content-not-xml", CONTENT, '<content type="image/svg+xml">&lt;svg/&gt;</content>'),
    ("content elsewhere and no summary", "atom-summary-missing", CONTENT, '<content type="text/html" src="https://news.example.org/2"/>'),
    ("content elsewhere and here", "atom-content-src-filled", CONTENT, '<summary>x</summary><content type="text/html" src="https://news.example.org/2">x</content>'),
    ("content elsewhere of no type", "atom-content-src-untyped", CONTENT, '<summary>x</summary><content src="https://news.example.org/2"/>'),
    ("content elsewhere of type html", "atom-content-src-type", CONTENT, '<summary>x</summary><content type="html" src="https://news.example.org/2"/>'),
    ("content at a relative address", "atom-address-relative-with-base", CONTENT, '<summary>x</summary><content type="text/html" src="/2"/>'),
    ("content with a mode of Atom 0.3", "atom-attribute-unknown", CONTENT, '<content type="text" mode="escaped">x</content>'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "changes"),
    [(fault[1], fault[2:]) for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_a_fault_is_told_and_nothing_else(told: Told, rules: str, changes: tuple[str, ...]) -> None:
    assert told("feed.atom", *changes) == set(rules.split())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((CONTENT, f'<content type="xhtml"><div {XHTML}><p>x</p></div></content>'), id="XHTML"),
        pytest.param((CONTENT, '<content type="text/html">&lt;p&gt;x&lt;/p&gt;</content>'), id="a media type of text"),
        pytest.param((CONTENT, '<summary>x</summary><content type="image/png">iVBO\nRw0K\nGgo=</content>'), id="base64 in lines"),
        pytest.param((CONTENT, '<content type="image/svg+xml"><svg xmlns="http://www.w3.org/2000/svg"/></content>'), id="XML"),
        pytest.param((CONTENT, '<summary>x</summary><content type="audio/mpeg" src="https://news.example.org/2.mp3"/>'), id="content elsewhere"),
        pytest.param((AUTHOR, "", CONTENT, f"{JANE}{CONTENT}"), id="an author each"),
        pytest.param((AUTHOR, "", CONTENT, f"<source><id>https://a.example/</id><title>A</title><updated>2026-11-20T07:00:00Z</updated>{JANE}</source>{CONTENT}"), id="an author of the source"),
        pytest.param((TITLE, '<title type="html">AT&amp;amp;T &lt;b&gt;live&lt;/b&gt;</title>'), id="a title of HTML"),
        pytest.param((HUB, '<link rel="https://example.org/rels/tip" href="https://example.org/tip"/>'), id="a relation of one's own"),
        pytest.param((HUB, '<link rel="http://www.iana.org/assignments/relation/hub" href="https://hub.example.org/"/>'), id="a relation in full"),
        pytest.param((LINK, LINK + LINK.replace(" href", ' hreflang="fr" href')), id="an alternate in French"),
        pytest.param((UPDATED, "<updated>2026-11-20T08:00:00.123456+05:45</updated>", PUBLISHED, ""), id="fractions and an offset"),
        pytest.param((ID, "<id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>"), id="a UUID"),
        pytest.param((ID, "<id>https://münchen.example.org/a?b=c#d</id>"), id="an IRI"),
        pytest.param((TITLE, "<title>How to use &lt;canvas&gt;</title>"), id="words about a tag"),
    ],
)  # fmt: skip
def test_what_is_allowed_is_not_told(told: Told, changes: tuple[str, ...]) -> None:
    assert told("feed.atom", *changes) == set()


DATES = [
    ("as RSS has it", "date-rfc3339-invalid", "Fri, 20 Nov 2026 08:00:00 GMT"),
    ("of a day alone", "date-rfc3339-invalid", "2026-11-20"),
    ("without a zone", "date-rfc3339-invalid", "2026-11-20T08:00:00"),
    ("with a blank for T", "date-rfc3339-invalid", "2026-11-20 08:00:00Z"),
    ("with a small t", "date-rfc3339-invalid", "2026-11-20t08:00:00Z"),
    ("with a small z", "date-rfc3339-invalid", "2026-11-20T08:00:00z"),
    ("without seconds", "date-rfc3339-invalid", "2026-11-20T08:00Z"),
    ("with a short offset", "date-rfc3339-invalid", "2026-11-20T08:00:00+0000"),
    ("in basic form", "date-rfc3339-invalid", "20261120T080000Z"),
    ("with a comma", "date-rfc3339-invalid", "2026-11-20T08:00:00,5Z"),
    ("with blanks around", "date-rfc3339-invalid", " 2026-11-20T08:00:00Z "),
    ("of a count of seconds", "date-rfc3339-invalid", "1795161600"),
    ("that is empty", "date-rfc3339-invalid", ""),
    ("on a day that is none", "date-impossible", "2026-11-31T08:00:00Z"),
    ("in a month that is none", "date-impossible", "2026-13-20T08:00:00Z"),
    ("at an hour that is none", "date-impossible", "2026-11-20T24:00:00Z"),
    ("at a second that is none", "date-impossible", "2026-11-20T08:00:60Z"),
    ("at an offset that is none", "date-impossible", "2026-11-20T08:00:00+25:00"),
]


@pytest.mark.parametrize(
    ("rule", "date"), [fault[1:] for fault in DATES], ids=[fault[0] for fault in DATES]
)
@pytest.mark.parametrize("element", ["updated", "published"])
def test_a_date_nobody_reads(told: Told, element: str, rule: str, date: str) -> None:
    old = f"<{element}>2026-11-20T08:00:00Z</{element}>"

    assert told("feed.atom", old, f"<{element}>{date}</{element}>") == {rule}


def test_a_date_before_there_were_feeds(told: Told) -> None:
    found = told("feed.atom", PUBLISHED, "<published>1970-01-01T00:00:00Z</published>")

    assert found == {"date-implausible"}


def test_a_date_to_come(told: Told) -> None:
    found = told("feed.atom", UPDATED, "<updated>2026-12-24T08:00:00Z</updated>")

    assert found == {"date-future", "atom-updated-stale"}  # by publication they are in order


def test_entries_from_old_to_new(told: Told) -> None:
    found = told(
        "feed.atom",
        UPDATED,
        "<updated>2026-11-21T09:45:00Z</updated>",
        PUBLISHED,
        "<published>2026-11-21T09:40:00Z</published>",
    )

    assert found == {"atom-entries-unsorted", "atom-updated-stale"}


def test_the_same_entry_twice(told: Told) -> None:
    found = told(
        "feed.atom",
        f"{PUBLISHED}\n    {UPDATED}",
        "<updated>2026-11-21T09:30:00Z</updated>",
        ID,
        "<id>tag:news.example.org,2026-11-21:talks</id>",
    )

    assert found == {"atom-id-duplicate", "atom-updated-duplicate"}


def test_a_feed_without_entries(told: Told, golden: Callable[[str], str]) -> None:
    document = golden("feed.atom")
    entries = document[document.index("<entry>") : document.index("</feed>")]

    assert told("feed.atom", entries, "") == {"atom-entries-missing"}


def test_a_document_at_another_address_than_it_says(told: Told) -> None:
    here, elsewhere = "https://news.example.org/feed.atom", "https://news.example.org/atom.xml"

    assert told("feed.atom", address=here) == set()
    assert told("feed.atom", address=elsewhere) == {"link-self-differs"}


@pytest.mark.parametrize(
    ("rules", "uri"),
    [
        ("atom-version-outdated", "http://purl.org/atom/ns#"),
        ("atom-namespace namespace-misspelled", "https://www.w3.org/2005/Atom"),
        ("atom-namespace namespace-misspelled", "http://www.w3.org/2005/Atom/"),
        ("atom-namespace namespace-misspelled", "http://www.w3.org/2005/atom"),
        ("atom-namespace", "http://example.org/feed"),
        ("atom-namespace", ""),
    ],
)
def test_a_feed_of_another_namespace(told: Told, rules: str, uri: str) -> None:
    assert told("feed.atom", "http://www.w3.org/2005/Atom", uri) == set(rules.split())


def test_a_feed_with_prefixes(findings_of: Callable[..., tuple[Finding, ...]]) -> None:
    document = """<?xml version="1.0" encoding="utf-8"?>
<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:lang="en"><a:id>tag:example.org,2026:a</a:id>
<a:title>A</a:title><a:updated>2026-11-20T08:00:00Z</a:updated>
<a:link rel="self" href="https://example.org/atom.xml"/><a:entry><a:id>tag:example.org,2026:b</a:id>
<a:title>B</a:title><a:updated>2026-11-20T08:00:00Z</a:updated><a:content>x</a:content>
<a:author><a:name>C</a:name></a:author></a:entry></a:feed>"""

    assert {finding.rule.name for finding in findings_of(document)} == {"namespace-prefix-avoid"}


def test_a_document_of_one_entry(findings_of: Callable[..., tuple[Finding, ...]]) -> None:
    document = """<?xml version="1.0" encoding="utf-8"?>
<entry xmlns="http://www.w3.org/2005/Atom"><id>tag:example.org,2026:b</id>
<title>B</title><updated>2026-11-20T08:00:00Z</updated><content>x</content></entry>"""

    assert {finding.rule.name for finding in findings_of(document)} == {"atom-author-missing"}
