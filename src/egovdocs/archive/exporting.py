"""Export a case as a package: everything kept of it, and what proves it.

::

    bagit.txt  bag-info.txt  manifest-sha256.txt  tagmanifest-sha256.txt
    data/
        README.txt                   what this is and how to check it with third-party tools
        documents/licence.xml        each signed document, byte for byte
        documents/licence.pdf        … as PDF
        documents/order-….xml        the orders on the case's licence
        evidence/licence.json        its evidence of time and revocation, as the site keeps it
        augmented/licence.xml        … the same document with the evidence inside (XAdES-LT or -LTA)
        reports/licence.json, .txt   … its validation now, and the report of its acceptance
        attachments/01-диплом.pdf    the applicant's files, byte for byte
        metadata/case.json           the case, its files, their checksums and their own names
        metadata/journal.json        every step with its times
        metadata/licence.json        the register's entry of the case's licence
        metadata/trust/              the anchors, revocation lists and OCSP responses the validation used
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.archive.bag_zip import zip_bags
from egovdocs.archive.bags import BagWriter, new_bag
from egovdocs.archive.file_names import safe_name
from egovdocs.archive.package_readme import README
from egovdocs.casework.evidence.take_evidence import augmented_document, validate_kept
from egovdocs.casework.signatures.read_document import edition_of_document
from egovdocs.content import Attachment, Case, Document, Licence
from egovdocs.signing import TrustStore, ValidationPolicy, ValidationReport

FORMAT = "urn:egovdocs:case-package:1"

Render = Callable[[bytes, ValidationReport, str], bytes]
"""Renders a validated document as PDF: ``rendering.render_paper`` with the site's services and address.

The last argument is the edition that the document was made under.
"""


class NotRegisteredError(ValueError):
    """The case has no number, so it is a draft, and drafts are not archived."""


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """Packs the cases of a site.

    :param policy: validates the signatures, each at the moment its document was accepted.
    :param render: makes the PDFs.
    :param organisation: the archive's organisation, named in each package.
    :param language: of the reports in text form.
    """

    policy: ValidationPolicy
    render: Render
    organisation: str
    language: str = "ru"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def export(self, case: Case, folder: Path) -> Path:
        """Pack a case into a folder of its own, named by the case's number.

        The package is written whole or not at all. A document that does not pass its validation is packed
        with its report and without a PDF.

        :returns: the package's folder.
        :raises NotRegisteredError: the case has no number yet.
        :raises FileExistsError: a package of this case exists already.
        """
        target = folder / bag_name(case)
        with new_bag(target) as bag:
            bag.add("README.txt", README.encode())
            documents = [
                self._document(bag, kind, each, case) for kind, each in sorted(case.documents.items())
            ]
            licence = _licence_of(case)
            if licence is not None:
                documents += [
                    self._document(bag, f"order-{number}", order, licence)
                    for number, order in sorted(licence.documents.items())
                ]
                bag.add("metadata/licence.json", _json(_licence_facts(licence)))
            attachments = [_attachment(bag, *each) for each in enumerate(case.attachments, start=1)]
            bag.add("metadata/case.json", _json(_facts(case, documents, attachments)))
            bag.add("metadata/journal.json", _json(list(case.journal)))
            _add_trust(bag, self.policy.trust)
            bag.close(self._info(case))
        return target

    def export_all(self, cases: Iterable[Case], folder: Path) -> Iterator[Path]:
        """Pack cases one after another; each package is complete when it is yielded.

        :raises: as ``export``; the packages made before remain.
        """
        for case in cases:
            yield self.export(case, folder)

    def download(self, cases: Iterable[Case], target: IO[bytes]) -> None:
        """Write the packages of cases into one zip file.

        :raises NotRegisteredError: one of them has no number yet.
        """
        with TemporaryDirectory() as folder:
            zip_bags(self.export_all(cases, Path(folder)), target)

    def _document(
        self, bag: BagWriter, name: str, document: Document, owner: Case | Licence
    ) -> dict[str, Any]:
        edition = edition_of_document(owner, document)
        facts = _kept(document) | {"accepted": document.created_at, "edition": edition}
        if document.media_type != "application/xml":
            return facts | {
                "file": _add(bag, f"documents/{safe_name(0, f'{document.kind}-{document.name}')}", document)
            }
        signed = document.data
        evidence = document.evidence
        report = validate_kept(signed, document.created_at, evidence, self.policy, self.clock())
        reports = {"now": report.as_dict(), "at_acceptance": document.report}
        bag.add(f"reports/{name}.json", _json(reports))
        bag.add(f"reports/{name}.txt", f"{report.text(self.language)}\n".encode())
        if report.passed:
            bag.add(f"documents/{name}.pdf", self.render(signed, report, edition))
        if evidence is not None:
            bag.add(f"evidence/{name}.json", _json(evidence.dump()))
        if (augmented := augmented_document(document)) is not None:
            bag.add(f"augmented/{name}.xml", augmented)
        file = _add(bag, f"documents/{name}.xml", document)
        return facts | {"file": file, "indication": report.indication.value}

    def _info(self, case: Case) -> Iterator[tuple[str, str]]:
        """The reserved tags of RFC 8493, 2.2.2."""
        yield "Source-Organization", self.organisation
        yield "External-Identifier", str(case.number)
        yield "External-Description", f"{case.service}, {case.action}: {case.state.value}"
        yield "Internal-Sender-Identifier", case.reference
        yield "Internal-Sender-Description", FORMAT
        yield "Bagging-Date", self.clock().date().isoformat()
        yield "Bag-Software-Agent", f"egovdocs {version('egovdocs')}"


def bag_name(case: Case) -> str:
    """The name of a case's package.

    :raises NotRegisteredError: the case has no number yet.
    """
    if case.number is None:
        raise NotRegisteredError(case.reference)
    return case.number


def _attachment(bag: BagWriter, number: int, attachment: Attachment) -> dict[str, Any]:
    file = _add(bag, f"attachments/{safe_name(number, attachment.name)}", attachment)
    return _kept(attachment) | {"attached": attachment.created_at, "file": file}


def _add(bag: BagWriter, path: str, kept: Document | Attachment) -> str:
    """Copy stored bytes into the bag.

    :raises OSError: they no longer have the SHA-256 they were stored with.
    """
    with kept.open() as file:
        found = bag.add(path, file)
    if found != kept.sha256:
        raise OSError(f"{kept.kind} {kept.name!r} is damaged: SHA-256 {found} instead of {kept.sha256}")
    return f"data/{path}"


def _kept(kept: Document | Attachment) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in ("kind", "name", "media_type", "size", "sha256")}


_CASE_FACTS = (
    "reference", "number", "service", "edition", "action", "channel", "provider", "applicant", "language",
    "state",
    "created_at", "registered_at", "deadline", "closed_at", "licence", "payment", "checklist", "decision",
    "desk", "remarks", "received_by", "papers", "handed_out", "collected_at",
)  # fmt: skip

_LICENCE_FACTS = (
    "number", "edition", "holder", "holder_name", "issued_on", "activities", "places", "replaces", "events",
    "journal",
)  # fmt: skip


def _facts(case: Case, documents: list[dict[str, Any]], attachments: list[dict[str, Any]]) -> dict[str, Any]:
    case_facts = {name: getattr(case, name) for name in _CASE_FACTS}
    return {"format": FORMAT, "case": case_facts, "documents": documents, "attachments": attachments}


def _licence_of(case: Case) -> Licence | None:
    if case.licence is None:
        return None
    licence: Licence = case.__parent__.__parent__.licences[case.licence]
    return licence


def _licence_facts(licence: Licence) -> dict[str, Any]:
    return {name: getattr(licence, name) for name in _LICENCE_FACTS}


def _add_trust(bag: BagWriter, trust: TrustStore) -> None:
    anchors = b"".join(anchor.public_bytes(Encoding.PEM) for anchor in trust.anchors)
    bag.add("metadata/trust/anchors.pem", anchors)
    for number, crl in enumerate(trust.crls, start=1):
        bag.add(f"metadata/trust/{number:02d}.crl", crl.public_bytes(Encoding.DER))
    for number, response in enumerate(trust.ocsps, start=1):
        bag.add(f"metadata/trust/{number:02d}.ocsp", response.der)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"PT{value.total_seconds():.0f}S"
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return dict(value) if isinstance(value, Mapping) else list(value)
