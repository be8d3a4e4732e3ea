"""What an element may hold, as data, and the one check that reads it.

Room: check. RSS and Atom describe their elements as shapes; names, attributes, numbers and
values are judged here. Entered by the formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from feedsvc.check._namespaces import XML
from feedsvc.check._xml import children, line_of, local_name, namespace_of, text_of, written_name
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

Element = etree._Element
Reader = Callable[[str, int, str, Context], Iterator[Finding]]
Judge = Callable[[Element, Context], Iterator[Finding]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Shape:
    """What one element may be."""

    words: Reader | None = None  #: reads the text; None when only children are expected
    judge: Judge | None = None  #: looks at the element as a whole
    attributes: Mapping[str, Reader] = field(default_factory=dict)
    required: tuple[str, ...] = ()  #: attributes
    holds: Mapping[str, Shape] = field(default_factory=dict)
    must_hold: tuple[str, ...] = ()
    is_once: bool = True
    is_container: bool = False
    is_empty: bool = False  #: everything is told by attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """One format: its namespace, and its rules about shapes in general."""

    namespace: str
    unknown: Rule
    spelled: Rule
    misplaced: Rule
    missing: Rule
    twice: Rule
    attribute_unknown: Rule
    attribute_foreign: Rule | None
    attribute_missing: Rule
    loose: Rule
    names: frozenset[str]  #: every element of the format, wherever it stands
    hints: Mapping[str, str] = field(default_factory=dict)  #: what to write instead


def grammar(
    name: str,
    section: str,
    namespace: str,
    names: frozenset[str],
    hints: Mapping[str, str],
    *,
    is_closed: bool = False,
) -> Grammar:
    """The rules of a format, called after it.

    `is_closed`: other vocabularies may add elements, but no attributes.
    """

    def rule(about: str, harm: str, remedy: str, severity: Severity = Severity.ERROR) -> Rule:
        return Rule(
            name=f"{name}-{about}", severity=severity, harm=harm, remedy=remedy, section=section
        )

    ignored = "readers ignore it, or refuse the document"
    return Grammar(
        namespace=namespace,
        names=names,
        hints=hints,
        unknown=rule("element-unknown", ignored, "use an element of the format, or a namespace"),
        spelled=rule("element-case", ignored, "write the name with the format's own capitals"),
        misplaced=rule("element-misplaced", ignored, "move it to where the format has it"),
        missing=rule("element-missing", "readers make something up, or refuse", "add the element"),
        twice=rule("element-twice", "readers show either of the two", "keep one of them"),
        attribute_unknown=rule("attribute-unknown", ignored, "use an attribute of the format"),
        attribute_foreign=rule(
            "attribute-foreign", ignored, "say it with an element of its own", Severity.WARNING
        )
        if is_closed
        else None,
        attribute_missing=rule("attribute-missing", ignored, "add the attribute"),
        loose=rule("words-loose", "readers ignore them", "put the words into an element"),
    )


def check_shape(
    element: Element, shape: Shape, rules: Grammar, context: Context
) -> Iterator[Finding]:
    """Everything wrong with an element and what it holds, by its shape."""
    yield from _attributes(element, shape, rules, context)
    what = f"<{written_name(element)}>"
    if shape.words:
        yield from shape.words(text_of(element), line_of(element), what, context)
    if shape.judge:
        yield from shape.judge(element, context)
    if shape.words or shape.is_container or shape.is_empty:
        yield from _held(element, shape, rules, context)
    if shape.is_container or shape.is_empty:
        yield from _loose(element, rules)
    if shape.is_container:
        yield from _missing(element, shape, rules)


def _attributes(
    element: Element, shape: Shape, rules: Grammar, context: Context
) -> Iterator[Finding]:
    line, name = line_of(element), written_name(element)
    for needed in shape.required:
        if needed not in element.attrib:
            yield rules.attribute_missing.at(line, f"<{name}> has no {needed}")
    for key, value in element.attrib.items():
        attribute, words = str(key), str(value)
        if reader := shape.attributes.get(attribute):
            yield from reader(words, line, f"<{name} {attribute}>", context)
        elif not attribute.startswith("{"):
            yield rules.attribute_unknown.at(
                line, f'<{name}> has the attribute {attribute}="{words[:40]}"'
            )
        elif rules.attribute_foreign and not attribute.startswith(f"{{{XML}}}"):
            yield rules.attribute_foreign.at(line, f"<{name}> has an attribute of {attribute[1:]}")


def _held(element: Element, shape: Shape, rules: Grammar, context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for child in children(element):
        if shape.is_container and namespace_of(child) not in (rules.namespace, ""):
            continue
        name = local_name(child)
        held = shape.holds.get(name) if namespace_of(child) == rules.namespace else None
        if held is None:
            yield _stranger(child, element, shape, rules)
            continue
        if held.is_once and name in seen:
            yield rules.twice.at(line_of(child), f"a further <{name}> stands in {_tag(element)}")
        seen.add(name)
        yield from check_shape(child, held, rules, context)


def _stranger(child: Element, parent: Element, shape: Shape, rules: Grammar) -> Finding:
    name, line = local_name(child), line_of(child)
    told = f"<{written_name(child)}> stands in {_tag(parent)}"
    if namespace_of(child) != rules.namespace:
        return rules.unknown.at(line, f"{told}, of {shown(namespace_of(child) or 'no namespace')}")
    alike = {known.lower(): known for known in (*shape.holds, *rules.names)}.get(name.lower())
    if name in rules.names:
        return rules.misplaced.at(line, told)
    if alike:
        return rules.spelled.at(line, f"{told}; it is spelled <{alike}>")
    hint = rules.hints.get(name.lower())
    return rules.unknown.at(line, f"{told}; {hint}" if hint else told)


def _loose(element: Element, rules: Grammar) -> Iterator[Finding]:
    for words in (element.text, *(child.tail for child in element)):
        if words and words.strip():
            yield rules.loose.at(line_of(element), f"{_tag(element)} holds {shown(words)}")


def _missing(element: Element, shape: Shape, rules: Grammar) -> Iterator[Finding]:
    present = {local_name(c) for c in children(element) if namespace_of(c) == rules.namespace}
    for needed in shape.must_hold:
        if needed not in present:
            yield rules.missing.at(line_of(element), f"{_tag(element)} has no <{needed}>")


def _tag(element: Element) -> str:
    return f"<{written_name(element)}>"
