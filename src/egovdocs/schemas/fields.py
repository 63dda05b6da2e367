"""The tree of fields that a document type's XSD describes, for forms, views and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import xmlschema
from xmlschema.validators import XsdElement

from egovdocs.schemas.text import LANGUAGES, Text

FORM = "{urn:egovdocs:form:1}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XS = "{http://www.w3.org/2001/XMLSchema}"

FieldKind = Literal[
    "group",
    "text",
    "multiline",
    "date",
    "datetime",
    "boolean",
    "choice",
    "integer",
    "decimal",
    "email",
    "phone",
]
_KINDS: Mapping[str, FieldKind] = {
    "boolean": "boolean",
    "date": "date",
    "dateTime": "datetime",
    "decimal": "decimal",
    "integer": "integer",
}


def value_at(path: str, document: Mapping[str, Any]) -> Any:
    """Return the value at a path without repeated elements; None if there is none."""
    found: Any = document
    for name in path.split("/"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


@dataclass(frozen=True, slots=True)
class Condition:
    """``path=value|value``: present exactly when the document's value at ``path`` is one of these."""

    path: str
    values: frozenset[str]

    def holds(self, document: Mapping[str, Any]) -> bool:
        found = value_at(self.path, document)
        return isinstance(found, str) and found in self.values


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One element of a document type.

    :ivar path: local names from below the root, ``sites/site/address``.
    :ivar required: it must be there (where ``when`` holds, if there is a condition).
    :ivar repeats: it may be given more than once, at most ``most`` times (None: no bound).
    :ivar when: the condition under which it is present; otherwise it must be absent.
    :ivar filled_by: "applicant", or "system" for what no form asks.
    :ivar problem: what to say when the value breaks the rule of its type.
    :ivar check: the name of a rule that XSD can't say (``checks.CHECKS``).
    """

    name: str
    path: str
    label: Text
    hint: Text | None
    kind: FieldKind
    required: bool
    repeats: bool
    most: int | None
    choices: tuple[tuple[str, Text], ...]
    pattern: str | None
    min_length: int | None
    max_length: int | None
    children: tuple[Field, ...]
    filled_by: Literal["applicant", "system"]
    when: Condition | None
    problem: Text | None
    check: str | None
    type: Any = field(repr=False)

    @property
    def type_name(self) -> str:
        """The name of its type in the XSD; "" for one without a name."""
        return str(self.type.local_name or "")

    @property
    def asked(self) -> bool:
        """Whether a form has anything of this field."""
        if self.filled_by == "system":
            return False
        return not self.children or any(child.asked for child in self.children)

    def choice(self, value: str) -> Text | None:
        """Return the label of a choice."""
        return dict(self.choices).get(value)

    def value_in(self, document: Mapping[str, Any]) -> Any:
        """Return the value of this field in a document's values; None if there is none."""
        return value_at(self.path, document)

    def walk(self) -> Iterator[Field]:
        """Yield this field and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """The place of an element or choice that lacks a label in some language."""

    file: Path
    name: str
    rule: str


def fields_of(root: XsdElement) -> tuple[Field, ...]:
    """Return the fields below a document's root element."""
    return tuple(_field(element, "", by_system=False) for element in _elements(root))


def label_of(element: XsdElement) -> Text | None:
    """Return an element's label: its own, or else its type's. None when a language is missing."""
    return _wording(element.elem, None) or _wording(_source(element.type), None)


def unlabelled(root: XsdElement) -> Iterator[Unlabelled]:
    """Yield every element and choice that lacks a label in one of the languages."""
    if label_of(root) is None:
        yield Unlabelled(_file(root), root.local_name, "element without a label in ru, kk and en")
    if root.type.is_complex():
        for element in _elements(root):
            yield from unlabelled(element)
    else:
        for choice in _enumerations(root.type):
            if _wording(choice, None) is None:
                value = choice.get("value", "")
                yield Unlabelled(_file(root.type), value, "choice without a label in ru, kk and en")


def _elements(parent: XsdElement) -> list[XsdElement]:
    content = cast(xmlschema.validators.XsdGroup, cast(Any, parent.type).content)
    return [child for child in content.iter_elements() if isinstance(child, XsdElement)]


def _field(element: XsdElement, above: str, *, by_system: bool) -> Field:
    type_: Any = element.type
    simple = not type_.is_complex()
    path = f"{above}{element.local_name}"
    by_system = by_system or _form(element, "by") == "system"
    choices = _choices(type_) if simple else ()
    patterns = type_.patterns.regexps if simple and type_.patterns is not None else []
    label = label_of(element) or Text(*[element.local_name] * 3)
    problem = _wording(element.elem, "problem") or _wording(_source(type_), "problem")
    return Field(
        name=element.local_name,
        path=path,
        label=label,
        hint=_wording(element.elem, "hint") or _wording(_source(type_), "hint"),
        kind=_kind(type_, choices) if simple else "group",
        required=element.min_occurs > 0 or _form(element, "when") is not None,
        repeats=element.max_occurs != 1,
        most=element.max_occurs,
        choices=choices,
        pattern=patterns[0] if patterns else None,
        min_length=type_.min_length if simple else None,
        max_length=type_.max_length if simple else None,
        children=()
        if simple
        else tuple(_field(child, f"{path}/", by_system=by_system) for child in _elements(element)),
        filled_by="system" if by_system else "applicant",
        when=_condition(_form(element, "when")),
        problem=problem
        and Text(**{each: problem[each].replace("{label}", label[each]) for each in LANGUAGES}),
        check=_form(element, "check"),
        type=type_,
    )


def _form(element: XsdElement, name: str) -> str | None:
    """Return an attribute of the form namespace at the element, or else at its type."""
    own = element.elem.get(FORM + name)
    source = _source(element.type)
    if own is None and source is not None:
        own = source.get(FORM + name)
    return own


def _condition(text: str | None) -> Condition | None:
    if text is None:
        return None
    path, _, values = text.partition("=")
    return Condition(path, frozenset(values.split("|")))


def _kind(type_: Any, choices: tuple[tuple[str, Text], ...]) -> FieldKind:
    if choices:
        return "choice"
    source = _source(type_)
    named = source.get(FORM + "kind") if source is not None else None
    if named is not None:
        return cast(FieldKind, named)
    while type_ is not None:
        if type_.local_name in _KINDS and type_.target_namespace == _XS[1:-1]:
            return _KINDS[type_.local_name]
        type_ = type_.base_type
    return "text"


def _choices(type_: Any) -> tuple[tuple[str, Text], ...]:
    return tuple(
        (value, _wording(choice, None) or Text(value, value, value))
        for choice in _enumerations(type_)
        for value in [choice.get("value", "")]
    )


def _enumerations(type_: Any) -> list[Any]:
    return [] if type_.elem is None else type_.elem.findall(f"{_XS}enumeration")


def _source(type_: Any) -> Any:
    """Return the XSD element that defines a type and has its annotation; None for XSD's own types."""
    if type_.elem is None or not type_.elem.tag.endswith("}restriction"):
        return type_.elem
    # xmlschema keeps a simple type's restriction, not the simple type.
    simple_types = type_.schema.root.iter(f"{_XS}simpleType")
    return next((simple for simple in simple_types if simple.find(f"{_XS}restriction") is type_.elem), None)


def _wording(elem: Any, source: str | None) -> Text | None:
    """Return the documentation of an XSD element in three languages; None unless all three are present."""
    if elem is None:
        return None
    found = {
        documentation.get(_XML_LANG): " ".join((documentation.text or "").split())
        for documentation in elem.findall(f"{_XS}annotation/{_XS}documentation")
        if documentation.get("source") == source
    }
    if not all(found.get(language) for language in LANGUAGES):
        return None
    return Text(**{language: found[language] for language in LANGUAGES})


def _file(component: Any) -> Path:
    return Path(component.schema.filepath or "")
