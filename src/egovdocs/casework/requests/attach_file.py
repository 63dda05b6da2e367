"""Attaching documents to a draft (P3 of table A1). What a file is, its content says."""

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

MOST_FILES = 50
FORMATS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}
MEGABYTE = 1024 * 1024
TOO_MANY = _("A request has at most ${most} files.", mapping={"most": MOST_FILES})


def attach_file(office: Office, case: Case, kind: str, name: str, source: Path | bytes) -> Attachment:
    """Attach a file to a draft.

    :param kind: the code of one of the service's kinds of documents.
    :param name: the file's name, as the applicant has it.
    :param source: the file, or its bytes.
    :raises Mistake: too large, empty, broken or of another format; too many; or no draft any more.
    """
    check_draft(case)
    if len(case.attachments) >= MOST_FILES:
        raise Mistake(TOO_MANY)
    found = check_file(office, case, kind, source)
    return case.attach(kind, clean_name(name, found), source, found, office.clock())


def check_file(office: Office, case: Case, kind: str, source: Path | bytes) -> str:
    """The media type of a file that is to be attached, told by its content.

    :raises Mistake: too large, empty, broken or of another format; or there is no such kind of document.
    """
    kinds = office.edition_of(case).attachments_for(case.action, case.channel)
    wanted = {k.code: k for k in kinds}.get(kind)
    if wanted is None:
        raise Mistake(_("The service asks for no such document."))
    most = min(wanted.max_bytes, office.max_file_bytes)
    return check_file_content(source, most, wanted.media_types)


def check_file_content(source: Path | bytes, most: int, media_types: Collection[str] = FORMATS.keys()) -> str:
    """The media type of a file that is whole, no larger than ``most`` bytes, and of a format that is taken.

    :raises Mistake: it is not.
    """
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size == 0:
        raise Mistake(_("The file is empty."))
    if size > most:
        raise Mistake(
            _(
                "The file has ${size} MB; at most ${most} MB are taken.",
                mapping={"size": f"{size / MEGABYTE:.1f}", "most": f"{most / MEGABYTE:g}"},
            )
        )
    found = media_type(source)
    if found is None or found not in media_types:
        formats = ", ".join(FORMATS[allowed] for allowed in media_types)
        raise Mistake(
            _(
                "This is no whole file of a format that is taken here: ${formats}. Its name does not matter, "
                "its content does.",
                mapping={"formats": formats},
            )
        )
    return found


def mark_papers(office: Office, case: Case, codes: Collection[str]) -> None:
    """Mark of which kinds of documents the originals were shown (P6 of table A2, P5 of A3 and B2).

    :param codes: all of them; kinds that this request takes no papers of are passed over.
    :raises Mistake: no draft any more.
    """
    check_draft(case)
    kinds = office.edition_of(case).attachments_for(case.action, case.channel)
    case.papers = tuple(kind.code for kind in kinds if kind.code in codes)


def remove_file(case: Case, attachment: Attachment) -> None:
    """Take a file off a draft.

    :raises Mistake: it is not there, or no draft any more.
    """
    check_draft(case)
    if attachment not in case.attachments:
        raise Mistake(_("There is no such file."))
    case.attachments.remove(attachment)
