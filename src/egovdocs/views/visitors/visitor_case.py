"""The buttons of a case that is made in person: the look-up again, the hand-over of the outcome."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config

from egovdocs.casework.visitors.hand_out import hand_out
from egovdocs.casework.visitors.look_up_applicant import look_up_applicant
from egovdocs.content import Case
from egovdocs.i18n import _
from egovdocs.views.shared.case_view import CaseView


@view_config(context=Case, name="look-up", permission="edit", request_method="POST")
class RepeatedLookUp(CaseView):
    """Repeats the look-up after a register did not answer."""

    def __call__(self) -> dict[str, Any] | Response:
        look_up_applicant(self.office, self.request.site, self.case)
        return HTTPSeeOther(self.url)


@view_config(context=Case, name="hand-out", permission="hand-out", request_method="POST")
class OutcomeHandOver(CaseView):
    """Records that the outcome was handed to the applicant."""

    def __call__(self) -> Response:
        hand_out(self.office, self.request.site, self.case, self.request.account)
        self.request.flash(_("The outcome is marked as handed over."))
        return HTTPSeeOther(self.url)
