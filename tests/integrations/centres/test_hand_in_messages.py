"""The request by which a centre's system hands in a signed request with its files."""

from __future__ import annotations

import pytest
from lxml import etree
from tests.gateway_parties import DOCUMENT, transmit

from egovdocs.integrations.centres.hand_in_messages import MAX_CHUNK, Scan, build_request, parse_request
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure


@pytest.mark.parametrize("size", [0, 1, 2, 3, MAX_CHUNK * 3 // 4, MAX_CHUNK, 2 * MAX_CHUNK + 1])
def test_documents_and_files_are_transmitted_byte_for_byte(size: int) -> None:
    files = (Scan("Диплом.pdf", bytes(range(256)) * (size // 256) + bytes(size % 256)), Scan("b.png", b"<&>"))
    assert parse_request(transmit(build_request(DOCUMENT, files))) == (DOCUMENT, files)


def test_a_document_in_another_encoding_than_utf_8_is_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        build_request("<ы/>".encode("windows-1251"), [])


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<document><a/></document>",
        "<document>a</document><document>b</document>",
        "<document>a</document><file><name>a</name><content>не base64</content></file>",
        "<document>a</document><file><name>a</name><content>QUI</content></file>",
        "<document>a</document><file><content>QUJD</content></file>",
    ],
)
def test_data_of_another_structure_are_rejected(inner: str) -> None:
    with pytest.raises(UnexpectedStructure):
        parse_request(etree.fromstring(f"<data>{inner}</data>"))
