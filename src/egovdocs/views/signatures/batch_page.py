"""The page on which several decisions are read and signed at once."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.signatures.offer_signing import offered_case
from egovdocs.casework.signatures.sign_many import (
    Uploaded,
    signings_of,
    upload_many,
)
from egovdocs.content import Signing, SigningBatch
from egovdocs.i18n import _
from egovdocs.rendering import Section
from egovdocs.schemas import recognise_document
from egovdocs.views.plumbing.downloads import download
from egovdocs.views.plumbing.uploads import uploaded_files
from egovdocs.views.shared.case_filters import outcome_kind
from egovdocs.views.shared.case_rows import CaseRow, case_row
from egovdocs.views.shared.document_display import section_of
from egovdocs.views.signatures.script_texts import MESSAGES, labels_of
from egovdocs.views.signatures.signing_page import expired_page

BATCH = "signatures/batch.jinja2"


@dataclass(frozen=True)
class BatchItem:
    """A document of the batch.

    :ivar labels: the key of its labels among those of the page.
    """

    signing: Signing
    row: CaseRow
    granted: bool
    signed: bool
    section: Section
    labels: str


@view_defaults(context=SigningBatch, permission="sign", renderer=BATCH)
class BatchPage:
    """Shows each document of a batch; each gets a signature of its own, with the key opened once."""

    def __init__(self, batch: SigningBatch, request: Request) -> None:
        self.batch = batch
        self.request = request

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        items = self._items()
        if self.batch.expires <= self.request.office.clock() and not all(item.signed for item in items):
            return expired_page(self.request, "/provider/to-sign")
        return self._page(items)

    @view_config(name="documents.zip", request_method="GET")
    def documents(self) -> Response:
        """Download the documents that are not signed yet, for signing in another program."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for item in self._items():
                if not item.signed:
                    archive.writestr(f"{item.row.case.number}.xml", item.signing.document)
        return download(packed.getvalue(), "documents.zip", "application/zip")

    @view_config(name="upload", request_method="POST")
    def upload(self) -> dict[str, Any]:
        request, files = self.request, uploaded_files(self.request, "files")
        if not files:
            request.response.status_int = 422
            return self._page(self._items(), error=_("Choose the signed XML files."))
        uploaded = list(upload_many(request.office, request.site, self.batch, files))
        if any(each.problem for each in uploaded):
            request.response.status_int = 422
        return self._page(self._items(), uploaded)

    def _page(
        self,
        items: list[BatchItem],
        uploaded: list[Uploaded] | None = None,
        error: TranslationString | None = None,
    ) -> dict[str, Any]:
        request = self.request
        return {
            "batch": self.batch,
            "base": f"/signings/{self.batch.token}",
            "items": items,
            "waiting": [item for item in items if not item.signed],
            "uploaded": uploaded or [],
            "error": error,
            "labels": self._labels(items),
            "messages": {name: request.tr(message) for name, message in MESSAGES.items()},
        }

    def _items(self) -> list[BatchItem]:
        return [self._item(signing) for signing in signings_of(self.request.site, self.batch)]

    def _item(self, signing: Signing) -> BatchItem:
        request, site = self.request, self.request.site
        case = offered_case(site, signing)
        section = section_of(request, signing.document, case.edition)
        return BatchItem(
            signing=signing,
            row=case_row(request, case),
            granted=bool(case.decision and case.decision.granted),
            signed=signing.token in site.idempotency or outcome_kind(case) is not None,
            section=section,
            labels=f"{case.service} {case.edition} {section.name}",
        )

    def _labels(self, items: list[BatchItem]) -> dict[str, dict[str, str]]:
        """Return the labels of each kind of document in the batch, by the key of its items."""
        request, labels = self.request, {}
        for item in items:
            if item.labels not in labels:
                edition = item.row.case.edition
                recognised = recognise_document(item.signing.document, request.office.services, edition)
                labels[item.labels] = labels_of(request, recognised)
        return labels
