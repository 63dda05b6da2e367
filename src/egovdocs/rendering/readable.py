"""A document as a tree of labelled sections, for web pages and for paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from egovdocs.i18n import ZONE
from egovdocs.rendering.formats import format_value

if TYPE_CHECKING:
    from egovdocs.schemas import DocumentType, Field, ServiceEdition, Text


@dataclass(frozen=True)
class Section:
    """One element of a document with its label: a group has children, anything else a value."""

    name: str
    path: str
    label: str
    kind: str
    value: str = ""
    raw: str = ""
    number: int | None = None
    children: tuple[Section, ...] = ()

    @property
    def leaf(self) -> bool:
        """Whether this is a value and not a group."""
        return self.kind != "group"

    @property
    def bilingual(self) -> bool:
        """Whether this is one text in Russian and Kazakh (``Bilingual`` of the common schema)."""
        return {child.name for child in self.children} == {"ru", "kk"}

    @property
    def wording(self) -> Section | None:
        """The bilingual text that this section is, or that accompanies its code; None if neither."""
        if self.bilingual:
            return self
        beside = [child for child in self.children if child.name != "code"]
        return beside[0] if len(beside) == 1 < len(self.children) and beside[0].bilingual else None

    @property
    def line(self) -> bool:
        """Whether this is shown in one line: a value, or one bilingual text."""
        return self.leaf or self.wording is not None

    def all(self, path: str) -> Iterator[Section]:
        """Yield every section below this one at a path such as ``sites/site``, in the document's order."""
        head, _, rest = path.partition("/")
        for child in self.children:
            if child.name == head:
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def find(self, path: str) -> Section | None:
        """Return the first section at a path, or None."""
        return next(self.all(path), None)

    def text(self, path: str) -> str:
        """Return the text at a path; several values are joined by semicolons."""
        return "; ".join(section.value for section in self.all(path) if section.value)


def readable(
    document_type: DocumentType,
    content: bytes,
    language: str,
    *,
    service: ServiceEdition | None = None,
    zone: tzinfo = ZONE,
) -> Section:
    """Return everything a document says as labelled sections, in the document's order.

    The one exception to the order: of a bilingual text the reader's language comes first.

    :param content: the document without its signature; of a signed document only
        ``ValidationReport.content`` may be given.
    :param language: ``ru``, ``kk`` or ``en``; labels and choices are the schema's.
    :param service: the edition it was made under; gives the titles of the codes of service, action and
        attached files.
    :returns: the document as the outermost group; absent elements have no section.
    """
    values = document_type.read(content)
    title = document_type.title[language]
    reader = _Reader(language, zone, titles_of(service) if service else {})
    children = tuple(reader.sections(document_type.fields, values))
    return Section(document_type.name, "", title, "group", children=children)


def titles_of(service: ServiceEdition) -> dict[tuple[str, str], Text]:
    """Return the titles of a service's codes by path and code."""
    return {
        ("service", service.service_id): service.title,
        **{("action", action.id): action.title for action in service.actions.values()},
        **{
            (path, kind.code): kind.title
            for kind in service.attachments
            for path in ("attachments/attachment/kind", "papers/paper")
        },
    }


@dataclass(frozen=True)
class _Reader:
    language: str
    zone: tzinfo
    titles: Mapping[tuple[str, str], Text]

    def sections(self, fields: Sequence[Field], values: Mapping[str, Any]) -> Iterator[Section]:
        for field in fields:
            value = values.get(field.name)
            if value is None:
                continue
            items = value if isinstance(value, list) else [value]
            for number, item in enumerate(items, start=1):
                yield self._section(field, item, number if len(items) > 1 else None)

    def _section(self, field: Field, value: Any, number: int | None) -> Section:
        label = field.label[self.language]
        if field.kind == "group":
            children = tuple(self.sections(field.children, value))
            group = Section(field.name, field.path, label, "group", number=number, children=children)
            if group.bilingual:
                readers_first = sorted(children, key=lambda one: one.name != self.language)
                return replace(group, children=tuple(readers_first))
            return group
        raw = str(value).lower() if isinstance(value, bool) else str(value)
        title = dict(field.choices).get(raw) or self.titles.get((field.path, raw))
        texts = title[self.language] if title else format_value(value, field.kind, self.language, self.zone)
        return Section(field.name, field.path, label, field.kind, texts, raw, number)
