"""Takes the signed XML back out of a PDF of ours."""

from __future__ import annotations

import logging
import warnings
from io import BytesIO

from pypdf import PdfReader

LARGEST_PDF = 64 * 1024 * 1024


def embedded_xml(pdf: bytes) -> bytes | None:
    """The one XML document embedded in a PDF, byte for byte.

    What the pages of such a PDF say proves nothing: read the document that comes out of here, once it is validated.

    :param pdf: anything at all; a stranger may have sent it.
    :returns: nothing when it is no PDF, or holds no XML document, or more than one. Never raises.
    """
    if len(pdf) > LARGEST_PDF or b"%PDF-" not in pdf[:1024]:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [
                contents
                for file in PdfReader(BytesIO(pdf)).attachment_list
                if file.name.lower().endswith(".xml") and (contents := file.content) is not None
            ]
    except Exception:
        logging.getLogger(__name__).info("A PDF could not be read for an embedded document", exc_info=True)
        return None
    return found[0] if len(found) == 1 else None
