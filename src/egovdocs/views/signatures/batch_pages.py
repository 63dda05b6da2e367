"""Signing many decisions at once: a list to choose from, and one page to read and sign what was chosen."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake
from egovdocs.casework.outcomes.issue_outcome import check_may_sign
from egovdocs.casework.signatures.offer_signing import offered_case
from egovdocs.casework.signatures.sign_many import (
    MAX_AT_ONCE,
    Uploaded,
    offer_outcomes,
    signings_of,
    upload_many,
)
from egovdocs.content import Case, CaseState, Signing, SigningBatch
from egovdocs.i18n import _
from egovdocs.rendering import Section
from egovdocs.schemas import recognise_document
from egovdocs.views.desk.queue_pages import Desk
from egovdocs.views.plumbing.case_lists import Row, row
from egovdocs.views.plumbing.downloads import download
from egovdocs.views.plumbing.uploads import uploaded_files
from egovdocs.views.portal.document_pages import section_of
from egovdocs.views.shared.case_filters import outcome_kind
from egovdocs.views.signatures.signing_page import MESSAGES, labels_of, over

BATCH = "egovdocs:views/signatures/batch.jinja2"


@dataclass(frozen=True)
class Choice:
    """A decision that waits for a signature; ``reason`` says why this signatory may not sign it."""

    row: Row
    granted: bool
    reason: TranslationString | None


@view_defaults(
    route_name="provider",
    context=Desk,
    name="to-sign",
    permission="issue",
    renderer="egovdocs:views/signatures/to-sign.jinja2",
)
class ToSign:
    """The decisions that wait for a signature, the most urgent first; fifty are signed at once."""

    def __init__(self, desk: Desk, request: Request) -> None:
        self.request = request
        self.account = request.account

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return self._page(chosen=() if "all" not in self.request.GET else None)

    @view_config(request_method="POST")
    def choose(self) -> dict[str, Any] | Response:
        request, chosen = self.request, self.request.POST.getall("case")
        cases = [case for case in map(request.site.cases.get, chosen) if case is not None]
        try:
            batch = offer_outcomes(request.office, request.site, cases, self.account)
        except Mistake as mistake:
            request.response.status_int = 422
            return self._page(chosen, mistake.message)
        return HTTPSeeOther(f"/signings/{batch.token}")

    def _page(self, chosen: Any, error: TranslationString | None = None) -> dict[str, Any]:
        """:param chosen: references; None for all that may be signed."""
        queue = self.request.site.cases.queue(self.request.provider, CaseState.AWAITING_SIGNATURE)
        cases = list(islice(queue, MAX_AT_ONCE + 1))
        choices = [self._choice(case) for case in cases[:MAX_AT_ONCE]]
        if chosen is None:
            chosen = [each.row.case.reference for each in choices if each.reason is None]
        return {"choices": choices, "chosen": chosen, "error": error, "more": len(cases) > MAX_AT_ONCE}

    def _choice(self, case: Case) -> Choice:
        reason = None
        try:
            check_may_sign(self.request.office, self.request.site, case, self.account)
        except Mistake as mistake:
            reason = mistake.message
        return Choice(row(self.request, case), bool(case.decision and case.decision.granted), reason)


@dataclass(frozen=True)
class Item:
    """A document of the batch."""

    signing: Signing
    row: Row
    granted: bool
    signed: bool
    section: Section
    labels: str


@view_defaults(context=SigningBatch, permission="sign", renderer=BATCH)
class BatchPage:
    """Each document is read here and signed by itself; the key is opened once."""

    def __init__(self, batch: SigningBatch, request: Request) -> None:
        self.batch = batch
        self.request = request

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        items = self._items()
        if self.batch.expires <= self.request.office.clock() and not all(item.signed for item in items):
            return over(self.request, "/provider/to-sign")
        return self._page(items)

    @view_config(name="documents.zip", request_method="GET")
    def documents(self) -> Response:
        """The unsigned documents, for a program of the signatory's."""
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
        items: list[Item],
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

    def _items(self) -> list[Item]:
        return [self._item(signing) for signing in signings_of(self.request.site, self.batch)]

    def _item(self, signing: Signing) -> Item:
        request, site = self.request, self.request.site
        case = offered_case(site, signing)
        section = section_of(request, signing.document, case.edition)
        return Item(
            signing=signing,
            row=row(request, case),
            granted=bool(case.decision and case.decision.granted),
            signed=signing.token in site.idempotency or outcome_kind(case) is not None,
            section=section,
            labels=f"{case.service} {case.edition} {section.name}",
        )

    def _labels(self, items: list[Item]) -> dict[str, dict[str, str]]:
        """Once for each kind of document, however many there are of it."""
        request, labels = self.request, {}
        for item in items:
            if item.labels not in labels:
                edition = item.row.case.edition
                recognised = recognise_document(item.signing.document, request.office.services, edition)
                labels[item.labels] = labels_of(request, recognised)
        return labels
