"""Registering, logging in and out, and the history of an applicant's requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED, forget, remember
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.accounts.change_settings import change_settings
from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.accounts.register_applicant import new_challenge
from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.casework.outcomes.collect_outcome import is_uncollected
from egovdocs.casework.requests.status import status
from egovdocs.content import DRAFTS, ENDED, LIVE, Account, CaseState, Site
from egovdocs.i18n import _
from egovdocs.schemas.identifiers import kind_of
from egovdocs.views.plumbing.case_lists import page_of
from egovdocs.views.plumbing.form_recovery import form_recovery_page, is_local_path, load_form

TEMPLATES = "egovdocs:views/accounts/"
PAGE = 20
SHOWN: Mapping[str, tuple[Collection[CaseState], bool]] = {  # states, and only what was not collected in time
    "all": ((), False),
    "unsent": (DRAFTS, False),
    "open": ((CaseState.SENT, *LIVE), False),
    "answered": (ENDED, False),
    "uncollected": (ENDED, True),
}

Home = tuple[str, TranslationString]
"""A page's address, and what it is called."""
HOMES: Mapping[str, Home] = {
    "applicant": ("/account", _("My requests")),
    "archivist": ("/archive", _("Archive")),
    "operator": ("/centre", _("Public service centre")),
}
HOME_OF_OFFICERS: Home = ("/provider", _("Requests"))


@view_defaults(
    context=Site,
    name="register",
    permission=NO_PERMISSION_REQUIRED,
    renderer=TEMPLATES + "registration.jinja2",
)
class Registering:
    """A password first; then the certificate's holder proves to be its holder on the signing page."""

    def __init__(self, context: Site, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        return {"errors": {}} if self.request.identity is None else HTTPSeeOther("/account")

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        request = self.request
        password = request.POST.get("password", "")
        if password != request.POST.get("again", ""):
            return self._again("again", _("The two passwords are not the same."))
        try:
            signing = new_challenge(request.office, request.site, password, language=request.language)
        except Mistake as mistake:
            return self._again("password", mistake.message)
        # The challenge belongs to the browser that chose the password.
        request.session["registration"] = signing.token
        return HTTPSeeOther(f"/signings/{signing.token}")

    def _again(self, field: str, message: Any) -> dict[str, Any]:
        self.request.response.status_int = 422
        return {"errors": {field: self.request.tr(message)}}


@view_defaults(
    context=Site, name="login", permission=NO_PERMISSION_REQUIRED, renderer=TEMPLATES + "login.jinja2"
)
class LoggingIn:
    """The regulation's P1, C1 and P2 (table A1)."""

    def __init__(self, context: Site, request: Request) -> None:
        self.request = request
        self.goal = request.params.get("next", "")
        self.recovered = load_form(request.POST.get("recovered", ""))

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        account = self.request.identity
        if account is not None:
            return HTTPSeeOther(self._goal(account))
        return {"next": self.goal, "login": "", "error": None, "recovered": None}

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        request = self.request
        login = "".join(request.POST.get("login", "").split())
        try:
            account = log_in(request.office, request.site, login, request.POST.get("password", ""))
        except (Refusal, Mistake) as refusal:
            request.response.status_int = 403
            error = request.tr(refusal.message)
            return {"next": self.goal, "login": login, "error": error, "recovered": self.recovered}
        headers = remember(request, account.login)
        if self.recovered is None:
            return HTTPSeeOther(self._goal(account), headers=headers)
        request.response.headers.extend(headers)
        heading = _("What you filled in is kept")
        line = _("You are logged in again. Nothing was sent yet: send it now.")
        return form_recovery_page(request, self.recovered, heading, line)

    def _goal(self, account: Account) -> str:
        return self.goal if is_local_path(self.goal) else home_of(account)[0]


def home_of(account: Account, officers: Home = HOME_OF_OFFICERS) -> Home:
    """The page that somebody's work begins at."""
    return next((home for role, home in HOMES.items() if role in account.roles), officers)


@view_config(context=Site, name="logout", permission=NO_PERMISSION_REQUIRED, request_method="POST")
def log_out(request: Request) -> Response:
    return HTTPSeeOther("/", headers=forget(request))


@view_defaults(
    context=Site, name="settings", permission="receive-notices", renderer=TEMPLATES + "settings.jinja2"
)
class SettingsPage:
    """How somebody is told of their requests, or of the work that waits for them."""

    def __init__(self, context: Site, request: Request) -> None:
        self.request = request
        self.account = request.account

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        account = self.account
        return {
            "email": account.email or "",
            "language": account.language,
            "notices": account.notices,
            "error": None,
        } | self._whose()

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        post = self.request.POST
        told = {
            "email": post.get("email", ""),
            "language": post.get("language", ""),
            "notices": "notices" in post,
        }
        try:
            change_settings(self.account, **told)
        except Mistake as mistake:
            self.request.response.status_int = 422
            return told | {"error": self.request.tr(mistake.message)} | self._whose()
        self.request.flash(_("Your settings are saved."))
        return HTTPSeeOther(home_of(self.account)[0])

    def _whose(self) -> dict[str, Any]:
        return {"applicant": "applicant" in self.account.roles, "home": home_of(self.account)}


@view_config(context=Site, name="account", permission="account", renderer=TEMPLATES + "account.jinja2")
def history(request: Request) -> dict[str, Any] | Response:
    """The history of services received, a page at a time: number, service, status, time limit.

    ``?show=`` is one of :data:`SHOWN`, ``?page=`` the page, from 1 on.
    """
    account = request.account
    if "applicant" not in account.roles:
        return HTTPSeeOther(home_of(account)[0])
    show = request.GET.get("show", "all")
    wanted = SHOWN.get(show)
    if wanted is None:
        raise HTTPNotFound()
    states, late = wanted
    cases = (
        case
        for case in request.site.cases.of_applicant(request.applicant)
        # What an officer or operator is still filling in is not the applicant's to see.
        if (case.number is not None or case.account == account.login)
        and (not states or case.state in states)
        and (not late or is_uncollected(request.office, case))
    )
    page = page_of(request, cases, PAGE)
    return {
        "natural": kind_of(request.applicant) == "natural",
        "show": show,
        "page": page,
        "cases": [
            (case, request.office.edition_of(case), status(request.office, case)) for case in page.shown
        ],
    }
