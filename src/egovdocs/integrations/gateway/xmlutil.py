"""Functions to read and build the XML of messages whose signature was verified before."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lxml import etree


class UnexpectedStructure(ValueError):  # noqa: N818 - says what is wrong
    """An element is missing, occurs twice, or its text can't be read; the message quotes no text."""


def local_name(element: etree._Element) -> str:
    """Return the name without the namespace, which the external systems use inconsistently."""
    return etree.QName(element).localname


def children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element.iterchildren(etree.Element) if local_name(child) == name]


def child(element: etree._Element, *path: str) -> etree._Element:
    """Return the element at a path of local names, each of which occurs once.

    :raises UnexpectedStructure: there is none, or more than one.
    """
    for name in path:
        found = children(element, name)
        if len(found) != 1:
            raise UnexpectedStructure(f"{len(found)} elements {name}")
        (element,) = found
    return element


def text(element: etree._Element, *path: str) -> str:
    """Return the text of the element at a path, without white space around it.

    :raises UnexpectedStructure: there is no such element, or it has child elements.
    """
    found = child(element, *path)
    if len(found):
        raise UnexpectedStructure(f"unexpected elements in {local_name(found)}")
    return (found.text or "").strip()


def raw_text(element: etree._Element, *path: str) -> bytes:
    """Return the text of the element at a path in UTF-8, with all white space: an escaped document.

    :raises UnexpectedStructure: there is no such element, or it has child elements.
    """
    found = child(element, *path)
    if len(found):
        raise UnexpectedStructure(f"unexpected elements in {local_name(found)}")
    return (found.text or "").encode()


def optional_text(element: etree._Element, name: str) -> str:
    """Return the text of a child; "" when there is no such child."""
    return text(element, name) if children(element, name) else ""


def datetime_value(element: etree._Element, name: str) -> datetime:
    """Return the date and time in a child, in UTC.

    :raises UnexpectedStructure: it is none, or has no time zone.
    """
    try:
        found = datetime.fromisoformat(text(element, name))
    except ValueError:
        raise UnexpectedStructure(f"no date and time in {name}") from None
    if found.tzinfo is None:
        raise UnexpectedStructure(f"no time zone in {name}")
    return found.astimezone(UTC)


def date_value(element: etree._Element, name: str) -> date:
    """Return the date in a child. Some systems add a time or a zone, which is ignored.

    :raises UnexpectedStructure: it is none.
    """
    try:
        return date.fromisoformat(text(element, name)[:10])
    except ValueError:
        raise UnexpectedStructure(f"no date in {name}") from None


def text_in_language(element: etree._Element, suffix: str) -> str:
    """Return the text of an element in a language, its parts joined by commas.

    A dictionary value is ``{code, nameRu, nameKz}``; other parts, such as a street, are plain text.

    :param suffix: "Ru" or "Kz".
    """
    parts = list(element.iterchildren(etree.Element))
    if not parts:
        return (element.text or "").strip()
    for part in parts:
        if local_name(part).lower() == f"name{suffix}".lower():
            return (part.text or "").strip()
    named = (part for part in parts if not local_name(part).lower().endswith(("code", "date")))
    texts = (text_in_language(part, suffix) for part in named)
    return ", ".join(each for each in texts if each)


def add(parent: etree._Element, name: str, value: str | None = None) -> etree._Element:
    """Add a child with a text; ``name`` may have a namespace."""
    element = etree.SubElement(parent, name)
    element.text = value
    return element


def add_all(parent: etree._Element, values: dict[str, str], namespace: str = "") -> None:
    """Add a child with a text for each value that is not empty."""
    for name, value in values.items():
        if value:
            add(parent, f"{{{namespace}}}{name}" if namespace else name, value)
