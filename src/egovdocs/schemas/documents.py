"""Document types: building, reading and checking documents as their XSDs say.

The content given here is signed by a stranger. It is parsed without DTD, entities or network, its size is the
caller's to bound, and every answer is a sentence that a citizen understands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, cast

import xmlschema
from lxml import etree
from xmlschema.xpath import ElementPathMixin

from egovdocs.schemas import identifiers, wording
from egovdocs.schemas.fields import Field, fields_of, label_of
from egovdocs.schemas.text import Text

# Where zope.interface is loaded it gives collections.abc.Sequence a __provides__ that subclasses can't read,
# and xmlschema reads every attribute of its classes.
ElementPathMixin.__provides__ = None  # type: ignore[attr-defined]

COMMON = Path(__file__).parent / "common"

PREFIXES = {
    "urn:egovdocs:request:1": "req",
    "urn:egovdocs:licence:1": "lic",
    "urn:egovdocs:certificate:1": "cert",
    "urn:egovdocs:refusal:1": "ref",
    "urn:egovdocs:receipt:1": "rcp",
    "urn:egovdocs:order:1": "ord",
    "urn:egovdocs:challenge:1": "chl",
    "urn:egovdocs:report:1": "rep",
    "urn:egovdocs:common:1": "com",
}

CHECKS: Mapping[str, Callable[[str], bool]] = {
    "identifier": identifiers.is_identifier,
    "iin": identifiers.is_iin,
    "bin": identifiers.is_bin,
    "licence-number": identifiers.is_licence_number,
    "request-number": identifiers.is_request_number,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a document: the field's path (``sites/site[2]/name``) and a sentence about it."""

    path: str
    message: Text


class DocumentProblems(ValueError):  # noqa: N818 — it carries problems
    """A document is not as its schema wants: see ``problems``."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.path}: {p.message.en}" for p in self.problems))


Rule = Callable[[Mapping[str, Any]], Iterable[Problem]]


class DocumentType:
    """A kind of document: an XSD with labels.

    :param schema_path: the XSD. Its one global element is the document's root.
    :param rules: what the XSD can't say, asked once the document is otherwise in order.
    """

    def __init__(self, schema_path: Path, rules: Iterable[Rule] = ()) -> None:
        self.schema_path = schema_path
        self._rules = tuple(rules)
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"DocumentType({self.schema_path.name!r})"

    @cached_property
    def name(self) -> str:
        """The local name of the root element."""
        return self.root.local_name

    @cached_property
    def namespace(self) -> str:
        return self.root.target_namespace

    @cached_property
    def tag(self) -> str:
        """The root element's name as ``{namespace}name``."""
        return f"{{{self.namespace}}}{self.name}"

    @cached_property
    def title(self) -> Text:
        return label_of(self.root) or Text(self.name, self.name, self.name)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields below the root, in the schema's order."""
        return fields_of(self.root)

    @cached_property
    def root(self) -> xmlschema.XsdElement:
        """The root element in xmlschema's reading."""
        [root] = self._structure.elements.values()
        return root

    def load(self) -> None:
        """Load both readings of the schema and the fields now, so that a mistake in them shows at start.

        :raises OSError, lxml.etree.LxmlError, xmlschema.XMLSchemaException, ValueError: as they find it.
        """
        _ = self._schema, self.fields

    @cached_property
    def _structure(self) -> xmlschema.XMLSchema:
        return xmlschema.XMLSchema(str(self.schema_path), uri_mapper=_shared_file)

    @cached_property
    def _schema(self) -> etree.XMLSchema:
        parser = safe_parser()
        parser.resolvers.add(SharedFiles())
        return etree.XMLSchema(etree.parse(str(self.schema_path), parser))

    def field(self, path: str) -> Field:
        """The field at a path; indexes such as ``site[2]`` are passed over.

        :raises KeyError: there is none.
        """
        fields, found = self.fields, None
        for name in path.split("/"):
            found = next((f for f in fields if f.name == name.partition("[")[0]), None)
            if found is None:
                raise KeyError(path)
            fields = found.children
        assert found is not None
        return found

    def walk(self) -> Iterator[Field]:
        """Every field, each group before what is in it."""
        for top in self.fields:
            yield from top.walk()

    def pages(self, values: Mapping[str, Any]) -> tuple[Field, ...]:
        """The groups a form asks for, one page each, given what is known (``action`` above all)."""
        return tuple(f for f in self.fields if f.asked and (f.when is None or f.when.holds(values)))

    def labels(self, language: str) -> dict[str, str]:
        """Every label by path, every choice's label by ``path=value``."""
        labels = {}
        for found in self.walk():
            labels[found.path] = found.label[language]
            labels |= {f"{found.path}={value}": label[language] for value, label in found.choices}
        return labels

    def check_page(self, page: str, values: Mapping[str, Any]) -> tuple[Problem, ...]:
        """What is wrong with the answers of one page; what no form asks is passed over.

        :param page: the name of the top-level group.
        :param values: the whole document's values so far, ``values[page]`` among them.
        """
        values = _tidy(values)
        return tuple(_Check(values, asked_only=True).group([self.field(page)], values, ""))

    def check(self, values: Mapping[str, Any]) -> tuple[Problem, ...]:
        """What is wrong with a document's values, before it is built."""
        values = _tidy(values)
        return self._wrong_values(values) or self._broken_rules(values)

    def build(self, values: Mapping[str, Any]) -> bytes:
        """Make the document, unsigned: UTF-8, one prefix, the schema's order.

        :param values: nested by local names; a list where a field repeats. Empty values are left out.
        :raises DocumentProblems: the values aren't as the schema wants.
        """
        values = _tidy(values)
        problems = self.check(values)
        if problems:
            raise DocumentProblems(problems)
        root = etree.Element(self.tag, nsmap={PREFIXES[self.namespace]: self.namespace})
        self._append(root, self.fields, values)
        etree.indent(root)
        fault = self._fault(root)
        if fault is not None:
            raise DocumentProblems([fault])
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    def read(self, content: bytes) -> dict[str, Any]:
        """The document's values by local names: lists where a field repeats, booleans and integers as such,
        everything else as text.

        :raises DocumentProblems: the content isn't such a document.
        """
        root = self._parse(content)
        values = self._read(root, self.fields)
        fault = self._fault(root)
        if fault is not None:
            raise DocumentProblems(self._wrong_values(values) or [fault])
        return values

    def problems(self, content: bytes) -> tuple[Problem, ...]:
        """What is wrong with a document, each with its field's path; empty when it is in order."""
        try:
            values = self.read(content)
        except DocumentProblems as found:
            return found.problems
        return tuple(_Check(values, typed=False).group(self.fields, values, "")) or self._broken_rules(values)

    def _parse(self, content: bytes) -> etree._Element:
        root = parse(content)
        if root.tag != self.tag:
            raise DocumentProblems([Problem("", wording.ANOTHER_DOCUMENT.with_values(label=self.title))])
        if any(not child.tag.startswith(f"{{{self.namespace}}}") for child in root):
            # The schema has room for a signature, but what a signature covers never contains it.
            raise DocumentProblems([Problem("", wording.ANOTHER_STRUCTURE.with_values(label=self.title))])
        return root

    def _wrong_values(self, values: Mapping[str, Any]) -> tuple[Problem, ...]:
        return (
            *_Check(values).group(self.fields, values, ""),
            *_strangers(self.fields, values, ""),
        )

    def _broken_rules(self, values: Mapping[str, Any]) -> tuple[Problem, ...]:
        return tuple(problem for rule in self._rules for problem in rule(values))

    def _fault(self, root: etree._Element) -> Problem | None:
        """The last thing that libxml2 finds wrong; None when the document keeps to its schema."""
        with self._lock:  # the log belongs to the schema, which threads share
            if self._schema.validate(root):
                return None
            paths = [error.path or "" for error in cast(Any, self._schema.error_log)]
        path = "/".join(step.partition(":")[2] or step for step in paths[-1].split("/")[2:]) if paths else ""
        try:
            label = self.field(path).label
        except KeyError:
            label = self.title
        return Problem(path, wording.ANOTHER_STRUCTURE.with_values(label=label))

    def _append(self, parent: etree._Element, fields: Iterable[Field], values: Mapping[str, Any]) -> None:
        for field in fields:
            for value in _given(field, values.get(field.name)):
                child = etree.SubElement(parent, f"{{{self.namespace}}}{field.name}")
                if field.kind == "group":
                    self._append(child, field.children, value)
                else:
                    child.text = field.type.normalize(_lexical(value))

    def _read(self, parent: etree._Element, fields: Iterable[Field]) -> dict[str, Any]:
        """The values below an element, also of a document that breaks its schema."""
        known = {field.name: field for field in fields}
        values: dict[str, Any] = {}
        for child in parent:
            name = etree.QName(child).localname
            field = known.get(name)
            if field is None:
                values[name] = child.text or ""
                continue
            value = self._read(child, field.children) if field.kind == "group" else _value(field, child)
            if field.repeats:
                values.setdefault(name, []).append(value)
            elif name in values:
                values[name] = [values[name], value]
            else:
                values[name] = value
        return values


@dataclass(frozen=True, slots=True)
class _Check:
    """Checks values against fields.

    :ivar document: what conditions look at.
    :ivar asked_only: pass over what no form asks.
    :ivar typed: check each value's type; not needed once libxml2 has done so.
    """

    document: Mapping[str, Any]
    asked_only: bool = False
    typed: bool = True

    def group(self, fields: Iterable[Field], values: Mapping[str, Any], above: str) -> Iterator[Problem]:
        for field in fields:
            if self.asked_only and not field.asked:
                continue
            path = f"{above}{field.name}"
            value = values.get(field.name)
            given = _given(field, value)
            if field.when is not None and not field.when.holds(self.document):
                if given:
                    yield _problem(path, wording.NOT_ASKED, field)
            elif not given:
                if field.required:
                    yield from self._missing(field, path)
            elif isinstance(value, list) is not field.repeats:
                yield _problem(path, wording.ANOTHER_STRUCTURE, field)
            else:
                yield from self._values(field, given, path)

    def _missing(self, field: Field, path: str) -> Iterator[Problem]:
        if field.kind == "group" and not field.repeats:
            # Each field that is missing is named, so that a form can point at it.
            yield from self.group(field.children, {}, f"{path}/")
        elif field.kind == "group":
            yield _problem(path, wording.NONE_GIVEN, field)
        elif field.choices:
            yield _problem(path, wording.MISSING_CHOICE, field)
        elif field.kind == "boolean" and field.problem is not None:
            yield Problem(path, field.problem)
        else:
            yield _problem(path, wording.MISSING, field)

    def _values(self, field: Field, given: list[Any], path: str) -> Iterator[Problem]:
        if field.most is not None and len(given) > field.most:
            yield _problem(path, wording.TOO_MANY, field, most=field.most)
            return
        if field.choices and len(set(map(str, given))) < len(given):
            yield _problem(path, wording.TWICE, field)
        for index, value in enumerate(given, 1):
            here = f"{path}[{index}]" if field.repeats else path
            if field.kind != "group":
                yield from self._value(field, value, here)
            elif isinstance(value, Mapping):
                yield from self.group(field.children, value, f"{here}/")
            else:
                yield _problem(here, wording.ANOTHER_STRUCTURE, field)

    def _value(self, field: Field, value: Any, path: str) -> Iterator[Problem]:
        if isinstance(value, Mapping | list):
            yield _problem(path, wording.ANOTHER_STRUCTURE, field)
            return
        text = _lexical(value)
        if not _is_xml_text(text):
            yield _problem(path, wording.BAD_CHARACTERS, field)
        elif (self.typed and not field.type.is_valid(text)) or not _keeps_check(field, text):
            yield _explain(field, text, path)


def _explain(field: Field, text: str, path: str) -> Problem:
    """Say what is wrong with a value that its type refuses."""
    if field.choices:
        return _problem(path, wording.NOT_A_CHOICE, field)
    if field.max_length is not None and len(text) > field.max_length:
        return _problem(path, wording.TOO_LONG, field, most=field.max_length)
    if field.problem is not None:
        return Problem(path, field.problem)
    if field.kind in ("date", "datetime"):
        return _problem(path, wording.NOT_A_DATE, field)
    if field.kind in ("integer", "decimal"):
        return _problem(path, wording.NOT_A_NUMBER, field)
    return _problem(path, wording.WRONG, field)


def _keeps_check(field: Field, text: str) -> bool:
    return field.check is None or CHECKS[field.check](field.type.normalize(text))


def _strangers(fields: Iterable[Field], values: Mapping[str, Any], above: str) -> Iterator[Problem]:
    """Values that no field has a place for."""
    known = {field.name: field for field in fields}
    for name, value in values.items():
        path = f"{above}{name}"
        field = known.get(name)
        if field is None:
            yield Problem(path, wording.NOT_ASKED.with_values(label=name[:60]))
        elif field.kind == "group":
            for index, item in enumerate(_given(field, value), 1):
                if isinstance(item, Mapping):
                    here = f"{path}[{index}]" if field.repeats else path
                    yield from _strangers(field.children, item, f"{here}/")


def _problem(path: str, message: Text, field: Field, **values: int) -> Problem:
    return Problem(path, message.with_values(label=field.label, **values))


def _given(field: Field, value: Any) -> list[Any]:
    """A field's values as a list, whether it repeats or not; what is empty is not given."""
    values = value if isinstance(value, list | tuple) else [value]
    if field.kind == "boolean" and field.pattern == "true":
        # A consent that was not ticked is a consent not given.
        values = [v for v in values if v not in (False, "false")]
    return [v for v in values if v is not None and v != "" and v != {}]


def _tidy(value: Any) -> Any:
    """Values as they go into a document: no spaces around, one kind of line end."""
    if isinstance(value, Mapping):
        return {name: _tidy(item) for name, item in value.items()}
    if isinstance(value, str):
        return "\n".join(value.strip().splitlines())
    if isinstance(value, Sequence):
        return [_tidy(item) for item in value]
    return value


def _lexical(value: Any) -> str:
    """A value as XSD writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            if value.tzinfo is None:
                raise ValueError("a time needs its zone")
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def _value(field: Field, element: etree._Element) -> Any:
    if len(element):
        return {}
    text: str = field.type.normalize(element.text or "")
    if field.kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if field.kind == "integer" and text.removeprefix("-").isascii() and text.removeprefix("-").isdigit():
        return int(text) if len(text) < 20 else text
    return text


def _is_xml_text(text: str) -> bool:
    """XML 1.0, production 2: no control characters, no lone surrogates."""
    return all(
        c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000" for c in text
    )


def parse(content: bytes) -> etree._Element:
    """Parse a stranger's XML: no DTD, no entities, no network, no comments in the middle of a value.

    :raises DocumentProblems: it is no XML, or has a DOCTYPE.
    """
    try:
        root = etree.fromstring(content, safe_parser())
    except (etree.XMLSyntaxError, ValueError):
        raise DocumentProblems([Problem("", wording.NOT_XML)]) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentProblems([Problem("", wording.HAS_DOCTYPE)])
    return root


def safe_parser() -> etree.XMLParser:
    """No DTD, no entities, no network; comments and processing instructions are left out."""
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _shared_file(location: str) -> str:
    """A service's folder may stand anywhere: ``../common/x.xsd`` is ours when there is none beside it."""
    path = Path(location.removeprefix("file://"))
    if path.parent.name == "common" and not path.exists():
        return str(COMMON / path.name)
    return location


class SharedFiles(etree.Resolver):
    """Finds the shared schemas and stylesheets for a service's folder that stands elsewhere."""

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
        return self.resolve_filename(_shared_file(system_url), context)  # type: ignore[attr-defined]
