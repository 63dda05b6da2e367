"""The request that a public service centre's own system writes, and the files it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from egovdocs.integrations.centres.hand_in_messages import Scan

KINDS = ("premises", "sanitary-conclusion", "equipment", "staff", "fee-receipt")


def scans_of(picture: bytes) -> list[Scan]:
    """A file for each kind of document, each with bytes of its own."""
    return [Scan(f"{kind}.png", picture + kind.encode()) for kind in KINDS]


def values_of(
    reference: str,
    identifier: str,
    name: str,
    pages: Mapping[str, Any],
    operator: tuple[str, str],
    files: Sequence[Scan],
) -> dict[str, Any]:
    """What the request of a visitor says.

    :param pages: of the form, as they were filled in.
    :param operator: their name, and their centre's BIN.
    """
    named = [
        {
            "kind": kind,
            "name": scan.name,
            "mediaType": "image/png",
            "size": len(scan.data),
            "sha256": sha256(scan.data).hexdigest(),
        }
        for kind, scan in zip(KINDS, files, strict=True)
    ]
    return {
        "service": "medical-licence",
        "action": "issue",
        "channel": "centre",
        "reference": reference,
        "language": "ru",
        **pages,
        "applicant": {"kind": "natural", "identifier": identifier, "name": name, **pages["applicant"]},
        "attachments": {"attachment": named},
        "papers": {"paper": list(KINDS)},
        "reception": {"name": operator[0], "bin": operator[1], "organisation": "ЦОН города Актау"},
    }
