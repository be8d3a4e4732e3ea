"""A vocabulary as data, and the one check that reads it.

Room: check, modules, private. A term says what its element may hold and where it may stand;
the rules come from that, a name and a remedy for each: "podcast-locked-invalid".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from feedsvc.check._xml import children, line_of, local_name, namespace_of, written_name
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown
from feedsvc.check.modules._kinds import Kind, Value

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
    is_open: bool = False  #: other attributes and other elements are fine


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
    seen: set[str] = set()
    for element in children(parent):
        if namespace_of(element) != vocabulary.uri:
            continue
        name = local_name(element)
        term = vocabulary.terms.get(name)
        if term is None:
            yield _stranger(vocabulary, element)
            continue
        if term.once and name in seen:
            rule = vocabulary.rule(name, "twice", "keep one of them")
            yield rule.at(line_of(element), f"there is a further {_tag(element)}")
        seen.add(name)
        yield from _check_term(vocabulary, term, element, place, context)


def _check_term(
    vocabulary: Vocabulary, term: Term, element: Element, place: str, context: Context
) -> Iterator[Finding]:
    name, line = local_name(element), line_of(element)
    if place not in term.within:
        places = " or ".join(_place(vocabulary, one) for one in term.within)
        rule = vocabulary.rule(name, "misplaced", f"put it into {places}")
        yield rule.at(line, f"{_tag(element)} stands where readers do not look for it")
    yield from _attributes(vocabulary, term, element, context)
    yield from _text(vocabulary, term, element, context)
    yield from _needs(vocabulary, term, element)
    yield from check_terms(vocabulary, element, name, context)


def _stranger(vocabulary: Vocabulary, element: Element) -> Finding:
    name = local_name(element)
    alike = {known.lower(): known for known in vocabulary.terms}.get(name.lower())
    near = f"it is spelled {vocabulary.prefix}:{alike}" if alike else "correct its name"
    is_mild = vocabulary.is_living and not alike
    rule = Rule(
        name=f"{vocabulary.prefix}-element-unknown",
        severity=Severity.WARNING if is_mild else Severity.ERROR,
        harm="readers ignore the element",
        remedy="use an element that the vocabulary has, in its spelling",
        section=vocabulary.section,
    )
    return rule.at(line_of(element), f"{_tag(element)} is no element of its vocabulary; {near}")


def _attributes(
    vocabulary: Vocabulary, term: Term, element: Element, context: Context
) -> Iterator[Finding]:
    name, line = local_name(element), line_of(element)
    for attribute in term.required:
        if not (element.get(attribute) or "").strip():
            rule = vocabulary.rule(
                f"{name} {attribute}", "missing", f"give it the attribute {attribute}"
            )
            yield rule.at(line, f"{_tag(element)} has no {attribute}")
    for key, value in element.attrib.items():
        attribute, words = str(key), str(value)
        kind = term.attributes.get(attribute)
        if kind is not None:
            if words.strip():
                about, what = f"{name} {attribute}", f"{_tag(element)} {attribute}"
                yield from _value(vocabulary, about, what, kind, words, line, context)
            elif attribute not in term.required:
                rule = vocabulary.rule(
                    f"{name} {attribute}", "blank", "fill it or leave it out", Severity.WARNING
                )
                yield rule.at(line, f"{_tag(element)} {attribute} is empty")
        elif not term.is_open and not attribute.startswith("{"):
            rule = vocabulary.rule(
                name, "attribute-unknown", "use the attributes the vocabulary has"
            )
            yield rule.at(line, f"{_tag(element)} has an attribute {attribute}, which nobody reads")


def _text(
    vocabulary: Vocabulary, term: Term, element: Element, context: Context
) -> Iterator[Finding]:
    name, line, words = local_name(element), line_of(element), own_text(element).strip()
    if term.text is None:
        if words and not term.is_open:
            rule = vocabulary.rule(name, "text-unexpected", "move the words to an attribute")
            yield rule.at(
                line, f"{_tag(element)} holds the words {shown(words)}, which nobody reads"
            )
    elif words:
        yield from _value(vocabulary, name, _tag(element), term.text, words, line, context)
    elif not term.may_be_blank and not len(element):
        rule = vocabulary.rule(name, "blank", "fill it or leave it out", Severity.WARNING)
        yield rule.at(line, f"{_tag(element)} is empty")


def _value(
    vocabulary: Vocabulary,
    about: str,
    what: str,
    kind: Value,
    words: str,
    line: int,
    context: Context,
) -> Iterator[Finding]:
    if isinstance(kind, tuple):
        for one in kind:
            yield from _value(vocabulary, about, what, one, words, line, context)
    elif not isinstance(kind, Kind):
        yield from kind(words, line, what, context)
    elif not kind.accepts(words.strip()):
        rule = vocabulary.rule(about, "invalid", f"write {kind.expected}", kind.severity)
        yield rule.at(line, f"{what} is {shown(words)}; it must be {kind.expected}")


def _needs(vocabulary: Vocabulary, term: Term, element: Element) -> Iterator[Finding]:
    present = {local_name(child) for child in children(element)}
    for needed in term.needs:
        if needed not in present:
            rule = vocabulary.rule(
                f"{local_name(element)} {needed}",
                "missing",
                f"put a {vocabulary.prefix}:{needed} into it",
            )
            yield rule.at(line_of(element), f"{_tag(element)} has no {vocabulary.prefix}:{needed}")


def own_text(element: Element) -> str:
    """The words right inside an element, without those of elements in it."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _tag(element: Element) -> str:
    return f"<{written_name(element)}>"


def _place(vocabulary: Vocabulary, place: str) -> str:
    levels = {FEED: "the channel or feed", ENTRY: "an item or entry"}
    return levels.get(place, f"{vocabulary.prefix}:{place}")
