"""The buttons that send a request: to its signature, or to its registration without one."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config

from egovdocs.casework.errors import Problems
from egovdocs.casework.requests.submit_request import offer_request, seal_request
from egovdocs.content import Case
from egovdocs.views.shared.case_view import CaseView


@view_config(context=Case, name="sign", permission="sign", request_method="POST")
class SignRequest(CaseView):
    """Offers the request for signing; the regulation refuses it without the payment (C2, P5)."""

    def __call__(self) -> Response:
        if self.carried or not self.offered:
            return HTTPSeeOther(self.url)
        try:
            signing = offer_request(self.office, self.request.site, self.case, self.request.account)
        except Problems:
            return HTTPSeeOther(f"{self.url}/check")
        return HTTPSeeOther(f"/signings/{signing.token}")


@view_config(context=Case, name="register", permission="sign", request_method="POST")
class RegisterRequest(CaseView):
    """Registers the request under the site's seal (P7 of table A2)."""

    def __call__(self) -> Response:
        if self.carried or not self.offered:
            return HTTPSeeOther(self.url)
        try:
            seal_request(self.office, self.request.site, self.case)
        except Problems:
            return HTTPSeeOther(f"{self.url}/check")
        return HTTPSeeOther(self.url)
