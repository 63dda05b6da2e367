"""The request by which a centre's system hands in an applicant's signed request with its files.

The response is in ``registration_messages``. The structure is that of this project, since no public one is
known.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from egovdocs.integrations.gateway.messages import new_data
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure, add, children, raw_text, text
from egovdocs.integrations.registration_messages import NAMESPACE

SERVICE = "EgovdocsRequestHandIn"
MAX_CHUNK = 1_000_000  # characters; libxml2 reads at most ten million in one text node


@dataclass(frozen=True, slots=True)
class Scan:
    """A file of a request, which names it by its SHA-256.

    :ivar name: for messages to people; the authoritative name is in the request.
    """

    name: str
    data: bytes


def build_request(document: bytes, files: Iterable[Scan]) -> etree._Element:
    """Build the message of a signed request in UTF-8 and its files.

    :raises UnicodeDecodeError: the signed request has another encoding.
    """
    data = new_data(NAMESPACE, "Request")
    add(data, "document", document.decode())
    for file in files:
        entry = add(data, "file")
        add(entry, "name", file.name)
        content = base64.b64encode(file.data).decode()
        for start in range(0, len(content), MAX_CHUNK):
            add(entry, "content", content[start : start + MAX_CHUNK])
    return data


def parse_request(data: etree._Element) -> tuple[bytes, tuple[Scan, ...]]:
    """Return the signed request, byte for byte, and its files.

    :raises UnexpectedStructure: a part is missing or can't be read.
    """
    return raw_text(data, "document"), tuple(_parse_file(entry) for entry in children(data, "file"))


def _parse_file(entry: etree._Element) -> Scan:
    content = "".join(raw_text(chunk).decode() for chunk in children(entry, "content"))
    try:
        data = base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        raise UnexpectedStructure("a file that is not in base64") from None
    return Scan(text(entry, "name"), data)
