"""Parse documents of unknown origin, and find the files that schemas and stylesheets refer to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from egovdocs.schemas import wording
from egovdocs.schemas.problems import DocumentProblems, Problem

SERVICES = Path(__file__).parent / "services"
"""The folder of the services that are shipped, and of the common editions."""
COMMON = "common"


def parse(content: bytes) -> etree._Element:
    """Parse XML of unknown origin, without comments and processing instructions.

    :raises DocumentProblems: it is not XML, or has a DOCTYPE.
    """
    try:
        root = etree.fromstring(content, safe_parser())
    except (etree.XMLSyntaxError, ValueError):
        raise DocumentProblems([Problem("", wording.NOT_XML)]) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentProblems([Problem("", wording.HAS_DOCTYPE)])
    return root


def safe_parser() -> etree.XMLParser:
    """Return a parser without DTD, entities and network that drops comments and processing instructions."""
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def common_file(location: str, folder: Path = Path()) -> str:
    """Return where a referenced file is: ``../../common/<edition>/x.xsd`` is ours if it is not there.

    So the folder of an edition can be anywhere.

    :param location: as the schema gives it, or absolute.
    :param folder: of the schema, for a location that is relative.
    """
    path = folder / location.removeprefix("file://")
    if path.parent.parent.name == COMMON and not path.exists():
        return str(SERVICES / COMMON / path.parent.name / path.name)
    return location


class CommonFiles(etree.Resolver):
    """Resolves references to the common editions for lxml as :func:`common_file` does."""

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
        return self.resolve_filename(common_file(system_url), context)  # type: ignore[attr-defined]
