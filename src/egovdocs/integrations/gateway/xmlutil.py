"""Reading and building the gateway's messages. What is read was verified before; here it is only awkward."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lxml import etree


class WrongShape(ValueError):  # noqa: N818 - says what is wrong
    """Something is missing, or stands there twice, or can't be read; the text names no value."""


def local(element: etree._Element) -> str:
    """The element's name without its namespace: systems here qualify as they please."""
    return etree.QName(element).localname


def children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element.iterchildren(etree.Element) if local(child) == name]


def child(element: etree._Element, *path: str) -> etree._Element:
    """The one element of a path.

    :raises WrongShape: there is none, or another beside it.
    """
    for name in path:
        found = children(element, name)
        if len(found) != 1:
            raise WrongShape(f"{len(found)} elements {name}")
        (element,) = found
    return element


def text(element: etree._Element, *path: str) -> str:
    """The text of the one element of a path, without the blanks around it.

    :raises WrongShape: there is no such element, or it has elements in it.
    """
    found = child(element, *path)
    if len(found):
        raise WrongShape(f"elements in {local(found)}")
    return (found.text or "").strip()


def whole(element: etree._Element, *path: str) -> bytes:
    """The text of the one element of a path to its last blank: a document that stands in it, escaped.

    :raises WrongShape: there is no such element, or it has elements in it.
    """
    found = child(element, *path)
    if len(found):
        raise WrongShape(f"elements in {local(found)}")
    return (found.text or "").encode()


def optional(element: etree._Element, name: str) -> str:
    """The text of a child that may be missing."""
    return text(element, name) if children(element, name) else ""


def moment(element: etree._Element, name: str) -> datetime:
    """:raises WrongShape: no moment with a zone."""
    try:
        found = datetime.fromisoformat(text(element, name))
    except ValueError:
        raise WrongShape(f"no moment in {name}") from None
    if found.tzinfo is None:
        raise WrongShape(f"no time zone in {name}")
    return found.astimezone(UTC)


def day(element: etree._Element, name: str) -> date:
    """A date; the time of day or the zone that some systems add is left out.

    :raises WrongShape: it is none.
    """
    try:
        return date.fromisoformat(text(element, name)[:10])
    except ValueError:
        raise WrongShape(f"no date in {name}") from None


def in_language(element: etree._Element, ending: str) -> str:
    """What an element says in a language, its parts joined by commas.

    Dictionary values are ``{code, nameRu, nameKz}``; beside them a street or a house stands as plain text.

    :param ending: "Ru" or "Kz".
    """
    parts = list(element.iterchildren(etree.Element))
    if not parts:
        return (element.text or "").strip()
    for part in parts:
        if local(part).lower() == f"name{ending}".lower():
            return (part.text or "").strip()
    told = (in_language(part, ending) for part in parts if not local(part).lower().endswith(("code", "date")))
    return ", ".join(part for part in told if part)


def add(parent: etree._Element, name: str, value: str | None = None) -> etree._Element:
    """Add an element in its parent's namespace, or in none where the parent's is not to be inherited."""
    element = etree.SubElement(parent, name)
    element.text = value
    return element


def add_all(parent: etree._Element, values: dict[str, str], namespace: str = "") -> None:
    """Add an element with a text for each value that is not empty."""
    for name, value in values.items():
        if value:
            add(parent, f"{{{namespace}}}{name}" if namespace else name, value)
