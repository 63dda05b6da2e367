"""A file attached to a request or an answer."""

from __future__ import annotations

from egovdocs.content.stored_file import StoredFile


class Attachment(StoredFile):
    """A file of the applicant's; the signed document names it by name, media type, size and SHA-256."""
