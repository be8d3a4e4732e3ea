"""Bytes in, a tree with line numbers out, or the line where it stops being XML.

Room: check. No entity is resolved, nothing is fetched, no DTD is read; size and depth are
capped. Entered by `check_document`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from lxml import etree

from feedsvc.check import _bytes
from feedsvc.check._letters import every_element
from feedsvc.check._xml import line_of, local_name
from feedsvc.check.findings import Finding, Rule, Severity, shown

NOT_WELL_FORMED = Rule(
    name="xml-not-well-formed",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="write XML with a library that escapes, never by pasting strings",
    section="XML 1.0 §2.1",
)
TAGS_CROSSED = Rule(
    name="xml-tags-crossed",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="close every element, in the order they were opened, with the same capitals",
    section="XML 1.0 §3",
)
TRUNCATED = Rule(
    name="xml-truncated",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="write the file whole before putting it in place",
    section="XML 1.0 §2.1",
)
AFTER_ROOT = Rule(
    name="xml-after-root",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="a document has one root, and no words after it",
    section="XML 1.0 §2.1",
)
AMPERSAND = Rule(
    name="xml-ampersand",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="write & as &amp;, in addresses too",
    section="XML 1.0 §2.4",
)
LESS_THAN = Rule(
    name="xml-less-than",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="write < as &lt;, in attributes too",
    section="XML 1.0 §2.4",
)
ENTITY_UNDECLARED = Rule(
    name="xml-entity-undeclared",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="write the letter itself or its number: &#160; for &nbsp;",
    section="XML 1.0 §4.1",
)
ENTITY_DECLARED = Rule(
    name="xml-entity-declared",
    severity=Severity.ERROR,
    harm="readers refuse documents that declare entities: they can be bombs",
    remedy="write the words themselves",
    section="RFC 4287 §8.5; XML 1.0 §4.2",
)
DOCTYPE = Rule(
    name="xml-doctype",
    severity=Severity.WARNING,
    harm="hardened readers refuse documents with a document type",
    remedy="leave out the document type",
    section="XML 1.0 §2.8",
)
CONTROL = Rule(
    name="xml-control-character",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="drop the character before writing, its number is not allowed either",
    section="XML 1.0 §2.2",
)
NAMESPACE_INVALID = Rule(
    name="xml-namespace-invalid",
    severity=Severity.ERROR,
    harm="readers do not know the elements, and strict parsers refuse the document",
    remedy="copy the name of the vocabulary letter by letter",
    section="Namespaces in XML 1.0 §3",
)
PREFIX_UNDECLARED = Rule(
    name="xml-prefix-undeclared",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="declare the prefix on the root element",
    section="Namespaces in XML 1.0 §5",
)
ATTRIBUTE_TWICE = Rule(
    name="xml-attribute-twice",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="keep one of the two",
    section="XML 1.0 §3.1",
)
ATTRIBUTE_UNQUOTED = Rule(
    name="xml-attribute-unquoted",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy='write attributes as in name="value"',
    section="XML 1.0 §3.1",
)
PROGRAM = Rule(
    name="xml-program-code",
    severity=Severity.WARNING,
    harm="everybody reads the program, and nobody what it should have written",
    remedy="let the server run the program instead of sending it",
    section="XML 1.0 §2.6",
)
TOO_DEEP = Rule(
    name="xml-too-deep",
    severity=Severity.ERROR,
    harm="readers give up: it looks like an attack",
    remedy="nest fewer elements, and keep single texts below 10 MB",
    section="RFC 4287 §8.5",
)
_FATAL = {
    "ERR_TAG_NAME_MISMATCH": TAGS_CROSSED,
    "ERR_DOCUMENT_END": AFTER_ROOT,
    "ERR_UNDECLARED_ENTITY": ENTITY_UNDECLARED,
    "WAR_UNDECLARED_ENTITY": ENTITY_UNDECLARED,
    "ERR_NAME_REQUIRED": LESS_THAN,
    "ERR_LT_IN_ATTRIBUTE": LESS_THAN,
    "ERR_ENTITYREF_SEMICOL_MISSING": AMPERSAND,
    "ERR_INVALID_CHAR": CONTROL,
    "ERR_INVALID_CHARREF": CONTROL,
    "ERR_INVALID_HEX_CHARREF": CONTROL,
    "ERR_INVALID_DEC_CHARREF": CONTROL,
    "NS_ERR_UNDEFINED_NAMESPACE": PREFIX_UNDECLARED,
    "ERR_ATTRIBUTE_REDEFINED": ATTRIBUTE_TWICE,
    "NS_ERR_ATTRIBUTE_REDEFINED": ATTRIBUTE_TWICE,
    "ERR_ATTRIBUTE_NOT_STARTED": ATTRIBUTE_UNQUOTED,
    "ERR_ATTRIBUTE_WITHOUT_VALUE": ATTRIBUTE_UNQUOTED,
    "ERR_ENTITY_LOOP": ENTITY_DECLARED,
    "ERR_RESOURCE_LIMIT": TOO_DEEP,
}
_SOFT = ("NS_ERR_UNDEFINED_NAMESPACE", "WAR_NS_URI", "NS_ERR_QNAME")  #: the parse goes on after
_PREDEFINED = ("amp", "lt", "gt", "quot", "apos")
#: what is no text; each runs to the end of the document when it never closes
_UNPARSED = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|"
    r"<!DOCTYPE[^\[>]*(?:\[.*?(?:\]\s*>|\Z)|>|\Z)",
    re.DOTALL,
)
_REFERENCE = re.compile(r"&(?:(?P<name>[A-Za-z_][\w.-]*);|(?P<number>#(?:x[0-9A-Fa-f]+|\d+);)|)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?(?:\]\s*>|\Z)|>|\Z)", re.DOTALL | re.IGNORECASE)
_NETSCAPE = "//Netscape Communications//DTD RSS 0.91//"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A document read: `root` is None when it is not well-formed, and `findings` say why."""

    words: str
    root: etree._Element | None
    findings: tuple[Finding, ...]


def tree_of(data: bytes) -> Tree:
    """Decode and parse; the findings are those of the layer below the vocabulary."""
    decoded = _bytes.decoded(data)
    words = decoded.words
    if words is None:
        return Tree(words="", root=None, findings=decoded.findings)
    below = (*_bytes.opening(words), *_document_type(words), *_programs(words))
    before = (*decoded.findings, *below)
    root, found = _parsed(words)
    if root is None:
        known = {finding.rule for finding in before}
        is_told = bool(known & {_bytes.BLANK_FIRST, _bytes.JUNK_FIRST, _bytes.DECLARATION})
        return Tree(words=words, root=None, findings=(*before, *(() if is_told else found)))
    return Tree(
        words=words,
        root=root,
        findings=(*before, *found, *_undeclared(words, root), *every_element(root)),
    )


def _parsed(words: str) -> tuple[etree._Element | None, tuple[Finding, ...]]:
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever is declared: the words are decoded already
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    data = words.encode("utf-8", "surrogatepass")
    try:
        return etree.fromstring(data, parser), ()
    except etree.XMLSyntaxError:
        if {entry.type_name for entry in _log(parser)} == {"WAR_NS_URI"}:
            return _misnamed(data, parser)
        return None, tuple(_fatal(parser, words))


def _misnamed(
    data: bytes, parser: etree.XMLParser
) -> tuple[etree._Element | None, tuple[Finding, ...]]:
    """A document with nothing wrong but names of vocabularies that are no addresses: read on."""
    told = tuple(NAMESPACE_INVALID.at(entry.line, entry.message) for entry in _log(parser))
    lenient = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(data, lenient), told


def _fatal(parser: etree.XMLParser, words: str) -> Iterator[Finding]:
    """What ends the parse, and its like elsewhere; what follows from it is not told."""
    log = [entry for entry in _log(parser) if entry.level_name != "WARNING"]
    hard = [entry for entry in log if entry.type_name not in _SOFT]
    if not hard:
        for entry in log:
            yield _FATAL.get(entry.type_name, NOT_WELL_FORMED).at(entry.line, entry.message)
        return
    same = list(_everywhere(words))
    if same and (same[0].line or 0) <= hard[0].line:
        yield from same
    elif _is_cut_off(words):
        yield TRUNCATED.at(words.rstrip().count("\n") + 1, f"it ends in {shown(words[-60:])}")
    else:
        rule = _FATAL.get(hard[0].type_name, NOT_WELL_FORMED)
        yield rule.at(hard[0].line, hard[0].message.strip())


def _log(parser: etree.XMLParser) -> Iterator[Any]:
    """The entries of a parser's log, for which the stubs have no type."""
    return iter(cast(Any, parser.error_log))


def _everywhere(words: str) -> Iterator[Finding]:
    """Every character and reference that XML does not allow, in order of line."""
    found = [*_illegal(words), *_references(words)]
    yield from sorted(found, key=lambda finding: finding.line or 0)


def _illegal(words: str) -> Iterator[Finding]:
    for found, line in _numbered(_ILLEGAL, words):
        around = _ILLEGAL.sub("�", words[max(0, found.start() - 20) : found.end() + 20])
        yield CONTROL.at(line, f"U+{ord(found[0]):04X} stands in {shown(around)}")


def _references(words: str) -> Iterator[Finding]:
    is_declared = "<!ENTITY" in _prolog(words)
    parsed = _UNPARSED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), words)
    for found, line in _numbered(_REFERENCE, parsed):
        rule, told = _judged(found, is_declared=is_declared)
        if rule:
            around = parsed[found.start() : found.start() + 30]
            yield rule.at(line, f"{told} in {shown(around)}")


def _numbered(pattern: re.Pattern[str], words: str) -> Iterator[tuple[re.Match[str], int]]:
    """Every match with its line."""
    line, at = 1, 0
    for found in pattern.finditer(words):
        line += words.count("\n", at, found.start())
        at = found.start()
        yield found, line


def _judged(found: re.Match[str], *, is_declared: bool) -> tuple[Rule | None, str]:
    name, number = found["name"], found["number"]
    if number:
        return (None if _is_character(number) else CONTROL), f"{found[0]} numbers no character"
    if not name:
        return AMPERSAND, "a bare & stands"
    is_known = name in _PREDEFINED or is_declared
    return (None if is_known else ENTITY_UNDECLARED), f"XML does not know {found[0]}"


def _undeclared(words: str, root: etree._Element) -> Iterator[Finding]:
    """What a parser lets pass behind a document type it does not read."""
    if "<!DOCTYPE" not in _prolog(words):
        return
    yield from _references(words)
    for element in root.iter(etree.Element):
        if ":" in (name := local_name(element)):
            yield PREFIX_UNDECLARED.at(line_of(element), f"the prefix of <{name}> is not declared")


def _is_character(number: str) -> bool:
    code = int(number[2:-1], 16) if number[1] == "x" else int(number[1:-1])
    is_illegal = code < 32 and code not in (9, 10, 13)
    return not is_illegal and (
        code < 0xD800 or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    )


def _is_cut_off(words: str) -> bool:
    root = _bytes.root_tag(words)
    if root is None:
        return False
    return f"</{root[0][1:]}" not in words and not words.rstrip().endswith("/>")


def _prolog(words: str) -> str:
    """What stands before the root's opening tag."""
    root = _bytes.root_tag(words)
    return words[: root.start()] if root else words


def _programs(words: str) -> Iterator[Finding]:
    if "<?php" not in words and "<?=" not in words:
        return
    for found, line in _numbered(_UNPARSED, words):
        if found[0].startswith(("<?php", "<?=")):
            yield PROGRAM.at(line, f"it holds {shown(found[0])}")


def _document_type(words: str) -> Iterator[Finding]:
    found = _DOCTYPE.search(_prolog(words))
    if not found or _NETSCAPE in found[0]:
        return
    line = words.count("\n", 0, found.start()) + 1
    yield DOCTYPE.at(line, f"it is {shown(found[0])}")
    for entity in re.finditer(r"<!ENTITY[^>]*>", found[0]):
        at = line + found[0].count("\n", 0, entity.start())
        yield ENTITY_DECLARED.at(at, f"it declares {shown(entity[0])}")
