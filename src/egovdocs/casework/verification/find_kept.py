"""Find the stored document that has the same content as one that somebody submits."""

from __future__ import annotations

from lxml import etree

from egovdocs.casework.signatures.kinds import kind_of_root
from egovdocs.casework.signatures.read_document import Altered, read_document
from egovdocs.content import Case, Licence, Site
from egovdocs.schemas.xml_files import parse


def find_kept(site: Site, content: bytes) -> tuple[Case | Licence, str] | None:
    """Return the case or licence that a document belongs to, and its key among the documents there.

    It is found by the numbers it names, without any schema: the edition it was made under is known only
    when it is found.

    :param content: what a signature covers, in canonical form.
    :returns: None if nothing of this content is stored.
    :raises egovdocs.schemas.DocumentProblems: it is not XML.
    """
    root = parse(content)
    name = etree.QName(root)
    kind = kind_of_root(name.localname)
    if kind is None or kind.locate is None:
        return None

    def text_at(path: str) -> str:
        steps = (f"{{{name.namespace}}}{step}" for step in path.split("/"))
        return root.findtext("/".join(steps)) or ""

    owner, key = kind.locate(site, text_at)
    try:
        if owner is not None and read_document(owner, key) == content:
            return owner, key
    except (KeyError, Altered):
        pass
    return None
