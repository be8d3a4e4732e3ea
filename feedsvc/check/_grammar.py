"""A vocabulary as data, and the one check that reads it.

Room: check, private. A term says what its element may hold and where it may stand;
the rules come from that, a name and a remedy for each: "podcast-locked-invalid".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from feedsvc.check._kinds import Kind, Value
from feedsvc.check._xml import children, line_of, local_name, namespace_of, written_name
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

Element = etree._Element
FEED, ENTRY = "feed", "entry"
BOTH = (FEED, ENTRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel, item, feed or entry, and the elements of one vocabulary right inside it."""

    parent: Element
    ours: Sequence[Element]
    context: Context

    def named(self, name: str) -> Iterator[Element]:
        """Those of ours with a name."""
        return (element for element in self.ours if local_name(element) == name)

    def deep(self, name: str = "*") -> Iterator[Element]:
        """Ours and what of the vocabulary stands inside them."""
        for element in self.ours:
            yield from element.iter(f"{{{namespace_of(element)}}}{name}")


Extra = Callable[[Place], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one element of a vocabulary may be."""

    text: Value | None = None  #: None: it holds no words of its own
    attributes: Mapping[str, Value] = field(default_factory=dict)
    required: tuple[str, ...] = ()  #: attributes
    within: tuple[str, ...] = BOTH  #: levels, or terms it stands in
    once: bool = False
    needs: tuple[str, ...] = ()  #: terms that must stand in it
    may_be_blank: bool = False
    is_open: bool = False  #: other attributes are fine


@dataclass(frozen=True, eq=False, kw_only=True)
class Vocabulary:
    """The terms of one namespace, and the rules about several of them."""

    prefix: str
    uri: str
    section: str
    harm: str
    terms: Mapping[str, Term]
    extras: tuple[Extra, ...] = ()
    is_living: bool = False  #: gains terms between our versions: a stranger is no error

    def tag(self, name: str) -> str:
        """A term as documents write it, by the conventional prefix."""
        return f"<{self.prefix}:{name}>" if self.uri else f"<{name}>"

    @cache  # noqa: B019  # vocabularies live as long as the program
    def rule(
        self, about: str, fault: str, remedy: str, severity: Severity = Severity.ERROR
    ) -> Rule:
        """The rule for one fault of one term."""
        name = "-".join((self.prefix, *(kebab(part) for part in about.split()), fault))
        section = f"{self.section}, {about.partition(' ')[0]}"
        return Rule(name=name, severity=severity, harm=self.harm, remedy=remedy, section=section)


def kebab(name: str) -> str:
    """A name in the spelling of rules: `episodeType` is `episode-type`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_:.]", "-", name).lower()


def check_terms(
    vocabulary: Vocabulary, parent: Element, place: str, context: Context
) -> Iterator[Finding]:
    """Everything wrong with the terms of a vocabulary right inside an element.

    `place` is the level, or the name of the term that the element is.
    """
    return _Reading(vocabulary, context).inside(parent, place)


def check_elements(
    vocabulary: Vocabulary, elements: Iterable[Element], place: str, context: Context
) -> Iterator[Finding]:
    """Everything wrong with elements of a vocabulary that stand in one place."""
    return _Reading(vocabulary, context).among(elements, place)


def own_text(element: Element) -> str:
    """The words right inside an element, without those of elements in it."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One vocabulary read in one document."""

    vocabulary: Vocabulary
    context: Context

    def inside(self, parent: Element, place: str) -> Iterator[Finding]:
        uri = self.vocabulary.uri
        ours = (child for child in children(parent) if namespace_of(child) == uri)
        return self.among(ours, place)

    def among(self, elements: Iterable[Element], place: str) -> Iterator[Finding]:
        seen: set[str] = set()
        for element in elements:
            name = local_name(element)
            term = self.vocabulary.terms.get(name)
            if term is None:
                yield self._stranger(element)
                continue
            if term.once and name in seen:
                rule = self.vocabulary.rule(name, "twice", "keep one of them")
                yield rule.at(line_of(element), f"there is a further {tag_of(element)}")
            seen.add(name)
            yield from self.term(term, element, place)

    def term(self, term: Term, element: Element, place: str) -> Iterator[Finding]:
        name = local_name(element)
        if place not in term.within:
            places = " or ".join(self._place(one) for one in term.within)
            rule = self.vocabulary.rule(name, "misplaced", f"put it into {places}")
            told = f"{tag_of(element)} stands where readers do not look for it"
            yield rule.at(line_of(element), told)
        yield from self._attributes(term, element)
        yield from self._text(term, element)
        yield from self._needs(term, element)
        if len(element):
            yield from self.inside(element, name)

    def _stranger(self, element: Element) -> Finding:
        name = local_name(element)
        alike = {known.lower(): known for known in self.vocabulary.terms}.get(name.lower())
        is_mild = self.vocabulary.is_living and not alike
        severity = Severity.WARNING if is_mild else Severity.ERROR
        remedy = "use an element that the vocabulary has, in its spelling"
        rule = self.vocabulary.rule("element", "unknown", remedy, severity)
        told = f"{tag_of(element)} is no element of its vocabulary"
        near = f"; it is spelled {self.vocabulary.tag(alike)}" if alike else ""
        return rule.at(line_of(element), told + near)

    def _attributes(self, term: Term, element: Element) -> Iterator[Finding]:
        name, line = local_name(element), line_of(element)
        for attribute in term.required:
            if not (element.get(attribute) or "").strip():
                remedy = f"give it the attribute {attribute}"
                rule = self.vocabulary.rule(f"{name} {attribute}", "missing", remedy)
                yield rule.at(line, f"{tag_of(element)} has no {attribute}")
        for key, words in element.attrib.items():
            if not str(key).startswith("{"):
                yield from self._attribute(term, element, str(key), str(words))

    def _attribute(
        self, term: Term, element: Element, attribute: str, words: str
    ) -> Iterator[Finding]:
        name, line = local_name(element), line_of(element)
        kind = term.attributes.get(attribute)
        about, what = f"{name} {attribute}", f"{tag_of(element)} {attribute}"
        if kind is None:
            yield from self._strange_attribute(term, element, attribute)
        elif words.strip():
            yield from self._value(about, what, kind, words, line)
        elif attribute not in term.required and not term.is_open:
            remedy = "fill it or leave it out"
            rule = self.vocabulary.rule(about, "blank", remedy, Severity.WARNING)
            yield rule.at(line, f"{what} is empty")

    def _strange_attribute(self, term: Term, element: Element, attribute: str) -> Iterator[Finding]:
        name, line = local_name(element), line_of(element)
        alike = {known.lower(): known for known in term.attributes}.get(attribute.lower())
        if alike:
            rule = self.vocabulary.rule(name, "attribute-spelling", f"spell it {alike}")
            yield rule.at(line, f"{tag_of(element)} has {attribute}; it is spelled {alike}")
        elif not term.is_open:
            remedy = "use the attributes the vocabulary has"
            rule = self.vocabulary.rule(name, "attribute-unknown", remedy)
            yield rule.at(line, f"{tag_of(element)} has {attribute}, which nobody reads")

    def _text(self, term: Term, element: Element) -> Iterator[Finding]:
        name, line, words = local_name(element), line_of(element), own_text(element).strip()
        if term.text is None:
            if words:
                remedy = "move the words to an attribute or an element"
                rule = self.vocabulary.rule(name, "text-unexpected", remedy)
                told = f"{tag_of(element)} holds {shown(words)}, which nobody reads"
                yield rule.at(line, told)
        elif words:
            yield from self._value(name, tag_of(element), term.text, words, line)
        elif not term.may_be_blank and not len(element):
            remedy = "fill it or leave it out"
            rule = self.vocabulary.rule(name, "blank", remedy, Severity.WARNING)
            yield rule.at(line, f"{tag_of(element)} is empty")

    def _value(
        self, about: str, what: str, kind: Value, words: str, line: int
    ) -> Iterator[Finding]:
        if isinstance(kind, tuple):
            for one in kind:
                yield from self._value(about, what, one, words, line)
        elif not isinstance(kind, Kind):
            yield from kind(words, line, what, self.context)
        elif not kind.accepts(words.strip()):
            rule = self.vocabulary.rule(about, "invalid", f"write {kind.expected}", kind.severity)
            yield rule.at(line, f"{what} is {shown(words)}; it must be {kind.expected}")

    def _needs(self, term: Term, element: Element) -> Iterator[Finding]:
        present = {local_name(child) for child in children(element)}
        for needed in term.needs:
            if needed not in present:
                tag = self.vocabulary.tag(needed)
                about = f"{local_name(element)} {needed}"
                rule = self.vocabulary.rule(about, "missing", f"put {tag} into it")
                yield rule.at(line_of(element), f"{tag_of(element)} has no {tag}")

    def _place(self, place: str) -> str:
        levels = {FEED: "the channel or feed", ENTRY: "an item or entry"}
        return levels.get(place) or self.vocabulary.tag(place)


def tag_of(element: Element) -> str:
    """An element's opening tag as the document writes it, without attributes."""
    return f"<{written_name(element)}>"
