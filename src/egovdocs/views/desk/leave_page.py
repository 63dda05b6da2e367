"""The leave of the provider's officers and their substitutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake, WrongAnswer
from egovdocs.casework.review.take_leave import end_leave, take_leave
from egovdocs.content import Account
from egovdocs.i18n import _
from egovdocs.views.desk.colleagues import colleagues, tag_of
from egovdocs.views.shared.case_rows import name_of
from egovdocs.views.shared.provider_root import ProviderRoot

NOTED = _("The leave of ${name} is noted.")
ENDED = _("The leave of ${name} is ended.")


@view_defaults(
    route_name="provider",
    context=ProviderRoot,
    name="leave",
    permission="review",
    renderer="desk/leave.jinja2",
)
class LeavePage:
    """Enters and ends leave: an officer's own, or a signatory everybody's."""

    def __init__(self, root: ProviderRoot, request: Request) -> None:
        self.request = request
        self.account: Account = request.account
        self.officers = {tag_of(request, each): each for each in colleagues(request)}
        self.head = "signatory" in self.account.roles

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return self._page({})

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        request, post = self.request, self.request.POST
        officer = self.officers.get(post.get("officer", ""), self.account)
        try:
            if "end" in post:
                end_leave(request.office, request.site, self.account, officer)
            else:
                self._take(officer, post)
        except Mistake as mistake:
            request.response.status_int = 422
            return self._page(post, mistake)
        message = ENDED if "end" in post else NOTED
        request.flash(message, name=officer.name)
        return HTTPSeeOther("/provider/leave")

    def _take(self, officer: Account, post: Mapping[str, str]) -> None:
        first, last = self._day("first"), self._day("last")
        substitute = self.officers.get(post.get("substitute", ""))
        login = substitute.login if substitute else ""
        take_leave(self.request.office, self.request.site, self.account, officer, first, last, login)

    def _day(self, field: str) -> date:
        try:
            return date.fromisoformat(self.request.POST.get(field, ""))
        except ValueError:
            raise WrongAnswer(field, _("Give the first and the last day of the leave.")) from None

    def _page(self, post: Mapping[str, str], mistake: Mistake | None = None) -> dict[str, Any]:
        tags = {each.login: tag for tag, each in self.officers.items()}
        own = tags.get(self.account.login, "")
        return {
            "error": mistake and mistake.message,
            "wrong": mistake.field if isinstance(mistake, WrongAnswer) else "",
            "first": post.get("first", ""),
            "last": post.get("last", ""),
            "officer": post.get("officer", own),
            "substitute": post.get("substitute", ""),
            "officers": {tag: each.name for tag, each in self.officers.items()},
            "own": own,
            "head": self.head,
            "away": [
                (tag, each, name_of(self.request.site, each.leave.substitute), self.head or tag == own)
                for tag, each in self.officers.items()
                if each.leave is not None and each.leave.last >= self.request.office.today()
            ],
        }
