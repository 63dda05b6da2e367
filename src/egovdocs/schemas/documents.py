"""Document types: build, read and check documents as their XSDs say.

The content given here is of unknown origin. The caller limits its size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Any, cast

import xmlschema
from lxml import etree
from xmlschema.xpath import ElementPathMixin

from egovdocs.schemas import wording
from egovdocs.schemas.checks import FieldCheck, unknown_values
from egovdocs.schemas.fields import Field, fields_of, label_of
from egovdocs.schemas.problems import DocumentProblems, Problem, Rule
from egovdocs.schemas.text import Text
from egovdocs.schemas.values import given_values, lexical, read_value, tidy
from egovdocs.schemas.xml_files import CommonFiles, common_file, parse, safe_parser

# Where zope.interface is loaded it gives collections.abc.Sequence a __provides__ that subclasses can't read,
# and xmlschema reads every attribute of its classes.
ElementPathMixin.__provides__ = None  # type: ignore[attr-defined]

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


class DocumentType:
    """A kind of document: an XSD with labels.

    :param schema_path: the XSD. Its one global element is the document's root.
    :param rules: what the XSD can't express; checked when the document is otherwise valid.
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
        """Load both readings of the schema and the fields now, so that a mistake in them is found at start.

        :raises OSError, lxml.etree.LxmlError, xmlschema.XMLSchemaException, ValueError: as they find it.
        """
        _ = self._schema, self.fields

    @cached_property
    def _structure(self) -> xmlschema.XMLSchema:
        return xmlschema.XMLSchema(
            str(self.schema_path), uri_mapper=partial(common_file, folder=self.schema_path.parent)
        )

    @cached_property
    def _schema(self) -> etree.XMLSchema:
        parser = safe_parser()
        parser.resolvers.add(CommonFiles())
        return etree.XMLSchema(etree.parse(str(self.schema_path), parser))

    def field(self, path: str) -> Field:
        """The field at a path; indexes such as ``site[2]`` are ignored.

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
        """Yield every field, each group before its members."""
        for top in self.fields:
            yield from top.walk()

    def pages(self, values: Mapping[str, Any]) -> tuple[Field, ...]:
        """Return the groups that a form has, one page each, for known values (``action`` above all)."""
        return tuple(f for f in self.fields if f.asked and (f.when is None or f.when.holds(values)))

    def labels(self, language: str) -> dict[str, str]:
        """Return every label by path, and every choice's label by ``path=value``."""
        labels = {}
        for found in self.walk():
            labels[found.path] = found.label[language]
            labels |= {f"{found.path}={value}": label[language] for value, label in found.choices}
        return labels

    def check_page(self, page: str, values: Mapping[str, Any]) -> tuple[Problem, ...]:
        """Return the problems of the answers of one page; fields that no form has are ignored.

        :param page: the name of the top-level group.
        :param values: the whole document's values so far, ``values[page]`` among them.
        """
        values = tidy(values)
        return tuple(FieldCheck(values, asked_only=True).group([self.field(page)], values, ""))

    def check(self, values: Mapping[str, Any]) -> tuple[Problem, ...]:
        """Return the problems of a document's values, before it is built."""
        values = tidy(values)
        return self._wrong_values(values) or self._broken_rules(values)

    def build(self, values: Mapping[str, Any]) -> bytes:
        """Make the document, unsigned: UTF-8, one prefix, the schema's order.

        :param values: nested by local names; a list where a field repeats. Empty values are left out.
        :raises DocumentProblems: the values break the schema.
        """
        values = tidy(values)
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
        """Return the problems of a document, each with its field's path; none when it is valid."""
        try:
            values = self.read(content)
        except DocumentProblems as found:
            return found.problems
        return tuple(FieldCheck(values, typed=False).group(self.fields, values, "")) or self._broken_rules(
            values
        )

    def _parse(self, content: bytes) -> etree._Element:
        root = parse(content)
        if root.tag != self.tag:
            raise DocumentProblems([Problem("", wording.ANOTHER_DOCUMENT.with_values(label=self.title))])
        if any(not child.tag.startswith(f"{{{self.namespace}}}") for child in root):
            # The schema allows a signature, but what a signature covers never contains it.
            raise DocumentProblems([Problem("", wording.ANOTHER_STRUCTURE.with_values(label=self.title))])
        return root

    def _wrong_values(self, values: Mapping[str, Any]) -> tuple[Problem, ...]:
        return (
            *FieldCheck(values).group(self.fields, values, ""),
            *unknown_values(self.fields, values, ""),
        )

    def _broken_rules(self, values: Mapping[str, Any]) -> tuple[Problem, ...]:
        return tuple(problem for rule in self._rules for problem in rule(values))

    def _fault(self, root: etree._Element) -> Problem | None:
        """Return the last error of libxml2; None when the document is valid."""
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
            for value in given_values(field, values.get(field.name)):
                child = etree.SubElement(parent, f"{{{self.namespace}}}{field.name}")
                if field.kind == "group":
                    self._append(child, field.children, value)
                else:
                    child.text = field.type.normalize(lexical(value))

    def _read(self, parent: etree._Element, fields: Iterable[Field]) -> dict[str, Any]:
        """Return the values below an element, also of an invalid document."""
        known = {field.name: field for field in fields}
        values: dict[str, Any] = {}
        for child in parent:
            name = etree.QName(child).localname
            field = known.get(name)
            if field is None:
                values[name] = child.text or ""
                continue
            value = self._read(child, field.children) if field.kind == "group" else read_value(field, child)
            if field.repeats:
                values.setdefault(name, []).append(value)
            elif name in values:
                values[name] = [values[name], value]
            else:
                values[name] = value
        return values
