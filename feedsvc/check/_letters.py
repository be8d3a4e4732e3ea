"""What holds for every element whatever its vocabulary: its namespace, letters and xml:lang.

Room: check. Entered by `_tree`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from lxml import etree

from feedsvc.check import _texts
from feedsvc.check._addresses import reference
from feedsvc.check._languages import language
from feedsvc.check._namespaces import (
    ATOM,
    ATOM_03,
    PREFIXES,
    RDF,
    RSS_090,
    RSS_10,
    SAME,
    XHTML,
    XML,
)
from feedsvc.check._xml import line_of, namespace_of, written_name
from feedsvc.check.findings import Finding, Rule, Severity, shown

NAMESPACE_MISSPELLED = Rule(
    name="namespace-misspelled",
    severity=Severity.ERROR,
    harm="readers do not know the elements and ignore them",
    remedy="copy the name letter by letter, with http and the slash at its end",
    section="Namespaces in XML 1.0 §2.3",
)
PREFIX_TAKEN = Rule(
    name="namespace-prefix-taken",
    severity=Severity.WARNING,
    harm="readers that go by the prefix take the elements for others",
    remedy="keep well-known prefixes for what everybody uses them for",
    section="Namespaces in XML 1.0 §4; W3C feed validator, reserved prefix",
)
PREFIX_UNUSUAL = Rule(
    name="namespace-prefix-unusual",
    severity=Severity.ADVICE,
    harm="readers that go by the prefix ignore the elements",
    remedy="use the prefix everybody uses",
    section="W3C feed validator, nonstandard prefix",
)
PREFIX_NEEDLESS = Rule(
    name="namespace-prefix-avoid",
    severity=Severity.WARNING,
    harm="naive readers look for names without a prefix",
    remedy="make the namespace the default one",
    section="W3C feed validator, avoid namespace prefix",
)
BASE = Rule(
    name="xml-base-relative",
    severity=Severity.WARNING,
    harm="readers do not know what relative addresses are relative to",
    remedy="give xml:base a whole address",
    section="XML Base §4.2",
)

FREE = ("app", "at", "admin")  #: prefixes short enough for anybody to choose
_LIKE = 0.85  #: how alike two names of a vocabulary are when one is a slip


def every_element(root: etree._Element) -> Iterator[Finding]:
    """What holds for every element whatever its vocabulary."""
    yield from _namespaces(root)
    is_based = bool(re.match(r"[A-Za-z][\w+.-]*:", root.get(f"{{{XML}}}base", "")))
    for element in root.iter(etree.Element):
        line, name, text, tail = line_of(element), written_name(element), element.text, element.tail
        if text and _texts.is_telling(text):
            yield from _texts.letters(text, line, f"<{name}>")
        if tail and _texts.is_telling(tail):
            yield from _texts.letters(tail, line, f"what follows <{name}>")
        for key, value in element.attrib.items():
            yield from _attribute(str(key), str(value), line, name, is_based=is_based)


def _attribute(key: str, value: str, line: int, name: str, *, is_based: bool) -> Iterator[Finding]:
    yield from _texts.letters(value, line, f"<{name} {key.rpartition('}')[2]}>")
    if key == f"{{{XML}}}lang" and value:
        yield from language(value, line, f"<{name} xml:lang>")
    elif key == f"{{{XML}}}base":
        yield from reference(value, line, f"<{name} xml:base>")
        if not re.match(r"[A-Za-z][\w+.-]*:", value) and not is_based:
            yield BASE.at(line, f"<{name} xml:base> is {shown(value)}")


def _namespaces(root: etree._Element) -> Iterator[Finding]:
    bound: dict[tuple[str | None, str], int] = {}
    for element in root.iter(etree.Element):
        for prefix, uri in element.nsmap.items():
            bound.setdefault((prefix, str(uri)), line_of(element))
    is_atom = namespace_of(root) == ATOM
    for (prefix, uri), line in bound.items():
        yield from _binding(prefix, uri, line, is_atom=is_atom)


def _binding(prefix: str | None, uri: str, line: int, *, is_atom: bool) -> Iterator[Finding]:
    told = f"xmlns{':' + prefix if prefix else ''} is {shown(uri)}"
    known = {*PREFIXES.values(), *SAME, ATOM_03, RDF, RSS_10, RSS_090, XML}
    if uri not in known and (meant := _meant(prefix, uri)):
        yield NAMESPACE_MISSPELLED.at(line, f"{told}; {meant} was meant")
    elif prefix in PREFIXES and prefix not in FREE and not _is_usual(prefix, uri):
        yield PREFIX_TAKEN.at(line, f"{told}; readers expect {PREFIXES[prefix]}")
    elif is_atom and prefix and uri in (ATOM, XHTML):
        yield PREFIX_NEEDLESS.at(line, told)
    elif prefix and uri in PREFIXES.values() and not _is_usual(prefix, uri):
        usual = next(usual for usual, name in PREFIXES.items() if name == uri)
        yield PREFIX_UNUSUAL.at(line, f"{told}; the usual prefix is {usual}")


def _is_usual(prefix: str, uri: str) -> bool:
    """Whether a vocabulary goes by this prefix; openSearch by its capital too."""
    names = {usual.lower() for usual, name in PREFIXES.items() if name == uri}
    return prefix.lower() in {*names, SAME.get(uri, "").lower()}


def _meant(prefix: str | None, uri: str) -> str | None:
    """The vocabulary a name comes so close to that it is a slip."""
    for known in (*PREFIXES.values(), RSS_10):
        if _essence(uri) == _essence(known):
            return known
    usual = PREFIXES.get(prefix or "")
    is_alike = usual and SequenceMatcher(None, _essence(uri), _essence(usual)).ratio() >= _LIKE
    return usual if is_alike else None


def _essence(uri: str) -> str:
    """What a name says, without the parts people get wrong."""
    bare = re.sub(r"^https?:/*(?:www\.)?", "", uri.strip().lower())
    return bare.rstrip("/#")
