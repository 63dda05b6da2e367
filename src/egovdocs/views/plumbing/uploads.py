"""The files that a form sent."""

from __future__ import annotations

from egovdocs.app.request import Request


def uploaded_files(request: Request, field: str) -> list[tuple[str, bytes]]:
    """Return the name and the octets of each file sent in a field; none for an input that was left empty."""
    sent = request.POST.getall(field)
    return [(file.filename, file.file.read()) for file in sent if getattr(file, "filename", "")]


def uploaded_file(request: Request, field: str) -> bytes:
    """Return the octets of the file sent in a field; empty when there is none."""
    return next((data for _name, data in uploaded_files(request, field)), b"")
