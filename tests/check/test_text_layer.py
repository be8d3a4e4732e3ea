"""What is wrong below RSS and Atom: bytes, XML, namespaces, and letters."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from feedsvc.check import Finding, Severity, check_document
from feedsvc.check._bytes import MAX_BYTES

CASES = Path(__file__).parent.parent / "cases" / "check"
Told = Callable[..., set[str]]
Findings = Callable[..., tuple[Finding, ...]]

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
TITLE = "<title>Second item</title>"
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
ROOT = '<rss version="2.0"'

#: what is wrong, the rules that tell it, what stands in the golden channel, what stands there now
FAULTS = [
    ("a blank line first", "xml-blank-first", DECLARATION, f"\n{DECLARATION}"),
    ("a blank first", "xml-blank-first", DECLARATION, f" {DECLARATION}"),
    ("a program's warning first", "xml-words-before", DECLARATION, f"<br />\n<b>Warning</b>: x in y\n{DECLARATION}"),
    ("words first", "xml-words-before", DECLARATION, f"Warning: x\n{DECLARATION}"),
    ("a comment first", "xml-words-before", DECLARATION, f"<!-- made by x -->\n{DECLARATION}"),
    ("a declaration without version", "xml-declaration", '<?xml version="1.0" ', "<?xml "),
    ("XML 1.1", "xml-declaration", 'version="1.0" e', 'version="1.1" e'),
    ("an encoding of no name", "xml-encoding-unknown", '"utf-8"', '"utf-ate"'),
    ("an encoding without hyphen", "xml-encoding-name", '"utf-8"', '"utf8"'),
    ("UTF-16 declared, UTF-8 written", "xml-encoding-wrong", '"utf-8"', '"utf-16"'),
    ("a byte order mark", "xml-byte-order-mark", DECLARATION, f"\ufeff{DECLARATION}"),
    ("a root far down", "xml-root-late", DECLARATION, f"{DECLARATION}<!-- {'x' * 600} -->"),
    ("a document type", "xml-doctype", DECLARATION, f"{DECLARATION}<!DOCTYPE rss>\n"),
    ("an entity of one's own", "xml-doctype xml-entity-declared", DECLARATION, f'{DECLARATION}<!DOCTYPE rss [<!ENTITY a "b">]>\n', TITLE, "<title>x &a;</title>"),
    ("a file as entity", "xml-doctype xml-entity-declared", DECLARATION, f'{DECLARATION}<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n'),
    ("an entity of HTML", "xml-entity-undeclared", TITLE, "<title>a&nbsp;b</title>"),
    ("an entity behind a document type", "xml-doctype xml-entity-undeclared", DECLARATION, f'{DECLARATION}<!DOCTYPE rss SYSTEM "rss.dtd">\n', TITLE, "<title>a&eacute;b</title>"),
    ("a bare ampersand", "xml-ampersand", TITLE, "<title>Tom & Jerry</title>"),
    ("a bare ampersand in an address", "xml-ampersand", "a=1&amp;b=2", "a=1&b=2"),
    ("a bare less-than", "xml-less-than", TITLE, "<title>a < b</title>"),
    ("a less-than in an attribute", "xml-less-than", '<category domain="', '<category domain="<'),
    ("a control character", "xml-control-character", TITLE, "<title>a\x0bb</title>"),
    ("the number of a control character", "xml-control-character", TITLE, "<title>a&#x1F;b</title>"),
    ("a number of no character", "xml-control-character", TITLE, "<title>a&#xFFFF;b</title>"),
    ("half a surrogate's number", "xml-control-character", TITLE, "<title>a&#xD83D;b</title>"),
    ("tags that cross", "xml-tags-crossed", TITLE, "<title>Second</titel>"),
    ("a tag closed in other case", "xml-tags-crossed", TITLE, "<title>Second</Title>"),
    ("a tag not closed", "xml-tags-crossed", TITLE, "<title>Second"),
    ("a document cut off", "xml-truncated", "</item>\n  </channel>\n</rss>", ""),
    ("a document cut off in a tag", "xml-truncated", "</item>\n  </channel>\n</rss>", "</ite"),
    ("two roots", "xml-after-root", "</rss>", "</rss><rss/>"),
    ("words after the root", "xml-after-root", "</rss>", "</rss>\nserved in 0.1 s"),
    ("an attribute twice", "xml-attribute-twice", ROOT, f'{ROOT} version="2.0"'),
    ("an attribute without quotes", "xml-attribute-unquoted", ROOT, "<rss version=2.0"),
    ("a prefix not declared", "xml-prefix-undeclared", DC, ""),
    ("a prefix not declared, behind a document type", "xml-doctype xml-prefix-undeclared", DC, "", DECLARATION, f'{DECLARATION}<!DOCTYPE rss SYSTEM "rss.dtd">\n'),
    ("the end of CDATA in words", "xml-not-well-formed", TITLE, "<title>a ]]> b</title>"),
    ("CDATA that never ends", "xml-not-well-formed", TITLE, "<title><![CDATA[a]]</title>"),
    ("elements without end of depth", "xml-too-deep", TITLE, f"{TITLE}{'<a>' * 300}{'</a>' * 300}"),
    ("a namespace that is no address, and what follows", "xml-namespace-invalid text-blank", ROOT, f'{ROOT} xmlns:x="http://www.example.org/]]>"', TITLE, "<title/>"),
    ("a namespace without its slash", "namespace-misspelled", MEDIA, MEDIA.replace("mrss/", "mrss")),
    ("a namespace with https", "namespace-misspelled", DC, DC.replace("http:", "https:")),
    ("a namespace of another version", "namespace-misspelled", DC, DC.replace("1.1", "1.0")),
    ("a namespace in other case", "namespace-misspelled", DC, DC.replace("purl.org/dc", "purl.org/DC")),
    ("a prefix that is taken", "namespace-prefix-taken", ROOT, f'{ROOT} xmlns:itunes="http://example.org/ns"'),
    ("a prefix nobody uses", "namespace-prefix-unusual", ROOT, f'{ROOT} xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"'),
    ("garbled letters before a quote", "text-mojibake", TITLE, "<title>Ã“pera</title>"),
    ("a letter of Windows", "text-character", TITLE, "<title>It\x92s</title>"),
    ("the number of a letter of Windows", "text-character", TITLE, "<title>It&#146;s</title>"),
    ("a replacement character", "text-character", TITLE, "<title>S\ufffdcond</title>"),
    ("a mark of byte order in words", "text-character", TITLE, "<title>\ufeffSecond</title>"),
    ("a direction that never turns back", "text-direction", TITLE, "<title>S\u202econd</title>"),
    ("a program", "xml-program-code", DECLARATION, f"{DECLARATION}<?php echo 1 ?>"),
    ("garbled letters", "text-mojibake", TITLE, "<title>Ã‰tÃ©</title>"),
    ("garbled quotes", "text-mojibake", TITLE, "<title>Itâ€™s</title>"),
    ("garbled letters in an attribute", "text-mojibake", '<source url="https://wire.example.net/rss">Wire', '<source url="https://wire.example.net/rss">CafÃ©'),
    ("a language of no tag", "language-malformed", TITLE, '<title xml:lang="en_US">Second</title>'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "changes"),
    [(fault[1], fault[2:]) for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_a_fault_is_told_and_nothing_else(told: Told, rules: str, changes: tuple[str, ...]) -> None:
    assert told("feed.rss", *changes) == set(rules.split())


@pytest.mark.parametrize(
    ("rules", "encoding", "declared"),
    [
        ("xml-not-utf8", "iso-8859-1", "iso-8859-1"),
        ("xml-not-utf8", "utf-16", "utf-16"),
        ("xml-not-utf8", "utf-16-le", "utf-16"),
        ("xml-not-utf8 xml-encoding-wrong", "utf-16", "utf-8"),
        ("xml-encoding-wrong", "iso-8859-1", "utf-8"),
        ("xml-encoding-wrong", "iso-8859-1", "us-ascii"),
        ("xml-encoding-wrong text-mojibake", "utf-8", "iso-8859-1"),
        ("xml-byte-order-mark xml-encoding-wrong", "utf-8-sig", "iso-8859-1"),
        ("", "utf-8", "UTF-8"),
    ],
)
def test_the_encoding_is_told(
    golden: Callable[[str], str], findings_of: Findings, rules: str, encoding: str, declared: str
) -> None:
    document = golden("feed.rss").replace('"utf-8"', f'"{declared}"')
    document = document.replace("Second item", "Café")

    found = {finding.rule.name for finding in findings_of(document.encode(encoding))}

    assert found == set(rules.split())


@pytest.mark.parametrize(
    ("changes"),
    [
        pytest.param((DECLARATION, ""), id="no declaration"),
        pytest.param((DECLARATION, DECLARATION.replace('"', "'")), id="other quotes"),
        pytest.param((TITLE, "<title>S\u202bcon\u202cd \u2067x\u2069</title>"), id="a direction and back"),
        pytest.param((DECLARATION, f'{DECLARATION}<?xml-stylesheet href="/feed.css"?>\n'), id="a stylesheet"),
        pytest.param((TITLE, "<title><![CDATA[Tom & Jerry]]></title>"), id="CDATA"),
        pytest.param((TITLE, "<title>Tom &#38; Jerry &#x2014; &apos;</title>"), id="numbers"),
        pytest.param((TITLE, "<title>Ãngel, Âge, “quotes” – ñ Ð 日本 😀</title>"), id="letters of the world"),
        pytest.param((TITLE, "<title>“Até AMANHÔ, «IRMû</title>"), id="quotes after a tilde"),
        pytest.param((ROOT, f'{ROOT} xmlns:openSearch="http://a9.com/-/spec/opensearch/1.1/"'), id="a prefix with a capital"),
        pytest.param((TITLE, "<!-- a & b -->" + TITLE), id="a comment"),
        pytest.param((ROOT, f'{ROOT} xmlns:own="https://example.org/ns"'), id="a namespace of one's own"),
        pytest.param((ROOT, f'{ROOT} xml:base="https://example.org/"'), id="a base"),
        pytest.param(("<description>Plain text</description>", "<description><![CDATA[<!-- <!DOCTYPE a [<!ENTITY b 'c'>]> -->a]]></description>"), id="a document type in content"),
    ],
)  # fmt: skip
def test_what_is_allowed_is_not_told(told: Told, changes: tuple[str, ...]) -> None:
    assert told("feed.rss", *changes) == set()


@pytest.mark.parametrize(
    ("rule", "document"),
    [
        ("document-empty", b""),
        ("document-empty", b" \n\t"),
        ("not-a-feed", b"Not found"),
        ("not-a-feed", b"<!doctype html><title>News</title>"),
        ("not-a-feed", b"<html><body><p>x<br></body></html>"),
        ("not-a-feed", b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>"),
        ("atom-root-name", b"<Feed xmlns='http://www.w3.org/2005/Atom'/>"),
        ("document-too-large", b"<rss>" + b" " * MAX_BYTES),
        ("rss-root-name", b"<RSS version='2.0'/>"),
        ("xml-encoding-wrong", b"<rss>\xff</rss>"),
    ],
)
def test_what_is_no_feed(findings_of: Findings, rule: str, document: bytes) -> None:
    assert findings_of(document)[0].rule.name == rule


def test_a_page_in_place_of_a_feed_names_the_feeds_it_links_to(findings_of: Findings) -> None:
    page = '<!DOCTYPE html><link rel=alternate type="application/rss+xml" href="/a?b&amp;c">'

    (found,) = findings_of(page)

    assert found.message == "the document is a web page; it links to /a?b&c"


@pytest.mark.parametrize(
    ("name", "is_told"),
    [("feed.rss", False), ("feed.xml", False), ("feed", False), ("feed.json", True), ("feed.atom", True)],
)  # fmt: skip
def test_a_name_that_misleads(told: Told, name: str, is_told: bool) -> None:
    assert told("feed.rss", name=name) == ({"name-misleads"} if is_told else set())


def test_json_under_the_name_of_xml(findings_of: Findings) -> None:
    found = {finding.rule.name for finding in findings_of('{"version": "x"}', name="feed.xml")}

    assert "name-misleads" in found


def test_every_bare_ampersand_has_its_line(
    golden: Callable[[str], str], findings_of: Findings
) -> None:
    document = golden("feed.rss").replace("&#x26;", "&").replace("&amp;b", "&b")

    found = [(finding.rule.name, finding.line) for finding in findings_of(document)]

    assert found == [("xml-ampersand", 6), ("xml-ampersand", 30), ("xml-ampersand", 31)]


def test_the_line_counts_beyond_the_limits_of_small_parsers(
    golden: Callable[[str], str], findings_of: Findings
) -> None:
    document = golden("feed.rss").replace("<item>", "\n" * 70_000 + "<item>", 1)
    document = document.replace("<ttl>60", "<ttl>-5").replace(TITLE, "<title/>")

    found = [(finding.rule.name, finding.line) for finding in findings_of(document)]

    assert found == [("rss-ttl-invalid", 16), ("text-blank", 70_044)]


def test_a_fault_of_many_items_is_folded(
    golden: Callable[[str], str], findings_of: Findings
) -> None:
    fault = "\n<category> </category>"
    document = golden("feed.rss").replace(TITLE, TITLE + fault * 50)

    found = findings_of(document)

    assert [finding.line for finding in found] == list(range(44, 64))
    assert {finding.rule.name for finding in found} == {"text-blank"}
    assert [finding.message for finding in found[-2:]] == [
        "<category> is blank",
        "<category> is blank (and 30 more)",
    ]


BROKEN = {
    "a01_no_id.atom": "atom-element-missing",
    "a03_no_updated.atom": "atom-element-missing",
    "a05_dup_id.atom": "atom-id-versions",
    "a07_two_alternates.atom": "link-alternate-duplicate",
    "a09_no_self.atom": "atom-self-missing",
    "a11_xhtml_nodiv.atom": "atom-xhtml-div",
    "a13_two_contents.atom": "atom-element-twice",
    "a15_ws_in_id.atom": "address-whitespace",
    "a17_entry_before_meta.atom": "atom-metadata-after-entries",
    "a19_category_noterm.atom": "atom-attribute-missing",
    "a21_bad_rel.atom": "link-rel-unregistered",
    "a23_no_content_no_alt.atom": "atom-content-or-alternate-missing atom-text-missing",
    "r02_no_channel_link.rss": "rss-element-missing",
    "r04_bad_pubdate_iso.rss": "date-rfc822-invalid",
    "r06_future_date.rss": "date-future rss-items-unsorted rss-last-build-stale",
    "r08_dup_guid.rss": "rss-guid-duplicate",
    "r10_no_self.rss": "rss-self-missing",
    "r12_relative_img_in_html.rss": "html-relative-address",
    "r14_author_name_only.rss": "rss-contact-mail-missing",
    "r16_control_char.rss": "xml-control-character",
    "r18_undeclared_prefix.rss": "xml-prefix-undeclared",
    "r20_double_escaped_title.rss": "text-double-escaped",
    "r22_ttl_negative.rss": "rss-ttl-invalid",
    "r24_truncated.rss": "xml-truncated",
    "r26_leading_blank.rss": "xml-blank-first",
    "r28_image_link_mismatch.rss": "rss-image-link-differs",
    "r30_two_enclosures.rss": "rss-enclosures-several",
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_document_is_told(findings_of: Findings, name: str) -> None:
    data = (CASES / "broken" / name).read_bytes()

    assert {finding.rule.name for finding in findings_of(data)} == set(BROKEN[name].split())


@pytest.mark.parametrize("name", sorted(file.name for file in (CASES / "golden").iterdir()))
def test_a_golden_document_gives_nothing(findings_of: Findings, name: str) -> None:
    data = (CASES / "golden" / name).read_bytes()

    assert findings_of(data, name=name) == ()


@pytest.mark.parametrize("name", ["archive.atom", "feed.atom", "feed.rss", "podcast.rss"])
def test_bytes_of_any_kind_are_told_and_raise_nothing(name: str) -> None:
    data = (CASES / "golden" / name).read_bytes()
    chance = random.Random(20261122)

    for _ in range(150):
        torn = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(torn))
            torn[at : at + chance.randint(0, 9)] = chance.randbytes(chance.randint(0, 3))
        for finding in check_document(bytes(torn)):
            assert finding.message
            assert finding.rule.severity in Severity
            assert finding.line is None or 1 <= finding.line <= torn.count(b"\n") + 2


@pytest.mark.parametrize("hidden", ["<!-- <?xml version='1.0'?> -->", "<!-- <?xml --><!-- a -->"])
def test_a_declaration_within_a_comment_is_none(
    hidden: str, golden: Callable[[str], str], findings_of: Callable[..., tuple[Finding, ...]]
) -> None:
    bare = golden("feed.rss").replace(DECLARATION, "").lstrip()

    assert findings_of(hidden + bare) == ()


def test_elements_and_entities_in_odd_places_raise_nothing() -> None:
    odd = ["&foo;", "<b/>", "<link/>", "<content type='text/plain'>&foo;</content>", "<guid/>",
           "<skipHours>&foo;</skipHours>", "<image/>", "<thr:total/>", "<title>&foo;<b/></title>",
           "<entry/>", "<item/>", "<content type='xhtml'>&foo;</content>", "<author/>"]  # fmt: skip
    chance = random.Random(20261122)
    documents = [
        file.read_text(encoding="utf-8").replace("?>", '?><!DOCTYPE x SYSTEM "y">', 1)
        for file in (CASES / "golden").iterdir()
    ]

    for _ in range(200):
        document = chance.choice(documents)
        start = document.index('"y">') + 10
        at = chance.choice([n for n, sign in enumerate(document) if sign == ">" and n > start]) + 1
        found = check_document((document[:at] + chance.choice(odd) + document[at:]).encode())
        assert "xml-doctype" in {finding.rule.name for finding in found}


def test_a_rule_has_one_name_and_every_word_of_its_own() -> None:
    import importlib
    import pkgutil

    from feedsvc import check

    modules = [
        importlib.import_module(f"feedsvc.check.{found.name}")
        for found in pkgutil.iter_modules(check.__path__)
    ]
    rules = {
        id(value): value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, check.Rule)
    }
    names = [rule.name for rule in rules.values()]

    assert sorted(names) == sorted(set(names))
    assert all(rule.harm and rule.remedy and rule.section for rule in rules.values())
