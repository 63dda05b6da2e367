"""The base of the views of a case under review at the provider."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.content import Case, Site
from egovdocs.i18n import _


class ReviewView:
    """A registered case, as the provider's staff see it at ``/provider/cases/{reference}``."""

    def __init__(self, case: Case, request: Request) -> None:
        self.case = case
        self.request = request
        self.office = request.office
        self.site: Site = request.site
        self.account = request.account
        self.service = request.office.edition_of(case)
        self.base = f"/provider/cases/{case.reference}"

    def to_decided_case(self) -> Response:
        self.say(_("${number} is decided and waits for the signatory."))
        return HTTPSeeOther(self.base)

    def back_to_queue(self, message: TranslationString) -> Response:
        self.say(message)
        return HTTPSeeOther("/provider")

    def say(self, message: TranslationString) -> None:
        self.request.flash(message, number=self.case.number)
