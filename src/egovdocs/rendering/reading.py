"""Takes the signed XML back out of a PDF of ours."""

from __future__ import annotations

import logging
from io import BytesIO
from itertools import islice

from pypdf import PdfReader

LARGEST_PDF = 64 * 1024 * 1024


def embedded_xml(pdf: bytes) -> bytes | None:
    """The one XML document embedded in a PDF, byte for byte.

    What the pages of such a PDF say proves nothing: validate what comes out of here, and read that.

    :param pdf: anything at all; a stranger may have sent it.
    :returns: nothing when it is no PDF, or holds no XML document, or more than one. Never raises.
    """
    if len(pdf) > LARGEST_PDF or b"%PDF-" not in pdf[:1024]:
        return None
    try:
        files = (
            file for file in PdfReader(BytesIO(pdf)).attachment_list if file.name.lower().endswith(".xml")
        )
        found = [file.content for file in islice(files, 2)]
    except Exception:
        logging.getLogger(__name__).info("A PDF could not be read for an embedded document", exc_info=True)
        return None
    return found[0] if len(found) == 1 else None
