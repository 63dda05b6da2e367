"""The titles of a case's documents."""

from __future__ import annotations

from egovdocs.schemas import ServiceEdition, Text


def title_of(edition: ServiceEdition, kind: str) -> Text:
    """Return the title of a document of a case, with its number where there may be several."""
    name, _dash, number = kind.partition("-")
    title = edition.document_types[name].title
    return Text(*(f"{title[language]} № {number}" for language in ("ru", "kk", "en"))) if number else title
