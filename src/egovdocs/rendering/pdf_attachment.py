"""Extract the signed XML that a PDF embeds."""

from __future__ import annotations

import logging
from io import BytesIO
from itertools import islice

from pypdf import PdfReader

MAX_PDF_BYTES = 64 * 1024 * 1024


def embedded_xml(pdf: bytes) -> bytes | None:
    """Return the one XML document embedded in a PDF, byte for byte.

    The pages of such a PDF prove nothing: validate the returned document and read only that.

    :param pdf: untrusted bytes. Never raises, whatever they are.
    :returns: None when it is no PDF, or embeds no XML document, or more than one.
    """
    if len(pdf) > MAX_PDF_BYTES or b"%PDF-" not in pdf[:1024]:
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
