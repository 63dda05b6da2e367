"""Renamed codes: translate an earlier document into the codes of a later edition.

``[renamed.<type>]`` in a ``service.toml`` maps the codes of the editions before it to its own, by the type of
the XSDs that lists them (``Activity``), or as ``actions`` and ``attachments``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from egovdocs.schemas.documents import DocumentType
from egovdocs.schemas.editions import Service, ServiceEdition
from egovdocs.schemas.fields import Field
from egovdocs.schemas.xml_files import parse


def renamings(service: Service, since: ServiceEdition, until: ServiceEdition) -> Mapping[str, dict[str, str]]:
    """Return the codes of a later edition for those of an earlier one, by the type in the XSDs.

    A code that was renamed more than once has its last name. Nothing is renamed between an edition and
    itself or an earlier one.
    """
    names: dict[str, dict[str, str]] = {}
    for edition in service:
        if since.in_force_from < edition.in_force_from <= until.in_force_from:
            for type_name, codes in edition.renamed.items():
                known = names.setdefault(type_name, {})
                for former, code in known.items():
                    known[former] = codes.get(code, code)
                known.update({former: code for former, code in codes.items() if former not in known})
    return names


def renamed_code(service: Service, type_name: str, code: str, since: str, until: str) -> str:
    """Return a code of one edition as a later one has it; unchanged if it was not renamed."""
    names = renamings(service, service.edition(since), service.edition(until))
    return names.get(type_name, {}).get(code, code)


def rename_codes(content: bytes, made_as: DocumentType, names: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return a document with its codes renamed.

    :param made_as: the type that the document has, of the edition it was made under.
    :param names: see :func:`renamings`.
    """
    root = parse(content)
    _rename_elements(root, made_as.fields, names)
    return etree.tostring(root)


def rename_values(
    values: Mapping[str, Any], fields: Iterable[Field], names: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return a document's values with their codes renamed."""
    known = {field.name: field for field in fields}
    return {name: _renamed(value, known.get(name), names) for name, value in values.items()}


def codes_in(
    values: Mapping[str, Any], fields: Iterable[Field], *, type_name: str | None = None
) -> Iterator[tuple[Field, str]]:
    """Yield each code that a document's values name, with its field.

    :param type_name: only those of this type of the XSDs.
    """
    for field in fields:
        value = values.get(field.name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping):
                yield from codes_in(one, field.children, type_name=type_name)
            elif isinstance(one, str) and field.choices and type_name in (None, field.type_name):
                yield field, one


def _renamed(value: Any, field: Field | None, names: Mapping[str, Mapping[str, str]]) -> Any:
    if field is None:
        return value
    if isinstance(value, Mapping):
        return rename_values(value, field.children, names)
    if isinstance(value, list | tuple):
        return [_renamed(each, field, names) for each in value]
    return names.get(field.type_name, {}).get(value, value) if isinstance(value, str) else value


def _rename_elements(
    parent: etree._Element, fields: Iterable[Field], names: Mapping[str, Mapping[str, str]]
) -> None:
    known = {field.name: field for field in fields}
    for child in parent:
        field = known.get(etree.QName(child).localname)
        if field is None:
            continue
        if field.children:
            _rename_elements(child, field.children, names)
        elif (code := names.get(field.type_name, {}).get((child.text or "").strip())) is not None:
            child.text = code
