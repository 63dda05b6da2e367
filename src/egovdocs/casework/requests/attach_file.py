"""Attach documents to a draft (P3 of table A1). The type of a file is determined by its content."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.requests.media import clean_name, media_type
from egovdocs.casework.requests.save_page import check_draft
from egovdocs.content import Attachment, Case

_ = TranslationStringFactory("egovdocs")

MAX_FILES = 50
FORMATS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}
MEGABYTE = 1024 * 1024
TOO_MANY = _("A request has at most ${most} files.", mapping={"most": MAX_FILES})


def attach_file(office: Office, case: Case, kind: str, name: str, source: Path | bytes) -> Attachment:
    """Attach a file to a draft.

    :param kind: the code of one of the service's kinds of documents.
    :param name: the file's name at the applicant's.
    :param source: the file, or its bytes.
    :raises Mistake: the file is too large, empty, damaged or of another format; there are too many; or the
        case is no longer a draft.
    """
    check_draft(case)
    if len(case.attachments) >= MAX_FILES:
        raise Mistake(TOO_MANY)
    found = check_file(office, case, kind, source)
    return case.attach(kind, clean_name(name, found), source, found, office.clock())


def check_file(office: Office, case: Case, kind: str, source: Path | bytes) -> str:
    """Return the media type of a file that is to be attached, determined by its content.

    :raises Mistake: it is too large, empty, damaged or of another format; or the service has no such kind of
        document.
    """
    kinds = office.edition_of(case).attachments_for(case.action, case.channel)
    wanted = {k.code: k for k in kinds}.get(kind)
    if wanted is None:
        raise Mistake(_("The service does not ask for such a document."))
    max_bytes = min(wanted.max_bytes, office.max_file_bytes)
    return check_file_content(source, max_bytes, wanted.media_types)


def check_file_content(
    source: Path | bytes, max_bytes: int, media_types: Collection[str] = FORMATS.keys()
) -> str:
    """Return the media type of a file, after checking its size, its format, and that it is complete.

    :param max_bytes: the largest size accepted.
    :param media_types: the formats accepted.
    :raises Mistake: it is not acceptable.
    """
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size == 0:
        raise Mistake(_("The file is empty."))
    if size > max_bytes:
        raise Mistake(
            _(
                "The file has ${size} MB; at most ${most} MB are accepted.",
                mapping={"size": f"{size / MEGABYTE:.1f}", "most": f"{max_bytes / MEGABYTE:g}"},
            )
        )
    found = media_type(source)
    if found is None or found not in media_types:
        formats = ", ".join(FORMATS[allowed] for allowed in media_types)
        raise Mistake(
            _(
                "This is not a complete file of an accepted format: ${formats}. The content of the file "
                "counts, not its name.",
                mapping={"formats": formats},
            )
        )
    return found


def mark_papers(office: Office, case: Case, codes: Collection[str]) -> None:
    """Mark the kinds of documents whose originals were shown (P6 of table A2, P5 of A3 and B2).

    :param codes: all of them; kinds that this request does not need are ignored.
    :raises Mistake: the case is no longer a draft.
    """
    check_draft(case)
    kinds = office.edition_of(case).attachments_for(case.action, case.channel)
    case.papers = tuple(kind.code for kind in kinds if kind.code in codes)


def remove_file(case: Case, attachment: Attachment) -> None:
    """Remove a file from a draft.

    :raises Mistake: it is not there, or the case is no longer a draft.
    """
    check_draft(case)
    if attachment not in case.attachments:
        raise Mistake(_("There is no such file."))
    case.attachments.remove(attachment)
