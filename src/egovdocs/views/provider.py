"""The provider's desk: the queue, a case under review, the decision.

The pages stand at ``/provider``. Behind it the same object tree is traversed, so
``/provider/cases/{reference}`` is the applicant's case as the provider's people see it. What may be done is
casework's to say: a view calls it and shows the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config, view_config, view_defaults
from translationstring import TranslationString

from egovdocs.casework import (
    Altered,
    Decided,
    Mistake,
    Status,
    absent_colleagues,
    check_takes_down,
    check_two_persons,
    claim_case,
    draft_outcome,
    enter_answer,
    enter_withdrawal,
    grant_case,
    hand_over,
    make_remark,
    may_review,
    offer_outcome,
    officers,
    read_document,
    refuse_case,
    release_case,
    return_case,
    set_checklist,
    status,
    validate_again,
)
from egovdocs.content import LIVE, Account, Case, CaseState, Site
from egovdocs.i18n import _
from egovdocs.rendering import Section, readable
from egovdocs.schemas import Text, document_type_of
from egovdocs.signing import ValidationReport
from egovdocs.views.errors import page
from egovdocs.views.exchanges import exchanges, sent_files, title_of
from egovdocs.views.remarks import exchange_at, told

TEMPLATES = "egovdocs:views/templates/provider/"
PAGE = 50
MOST_COUNTED = 99

ANSWERS = {"met": True, "not-met": False, "": None}
SHOWN = {
    "review": _("To review"),
    "mine": _("Mine"),
    "free": _("Taken by nobody"),
    "sign": _("To sign"),
    "all": _("All open requests"),
}
STATES = {
    "review": (CaseState.REGISTERED, CaseState.IN_REVIEW),
    "free": (CaseState.REGISTERED,),
    "sign": (CaseState.AWAITING_SIGNATURE,),
    "all": (),
}
DONE = {
    "claimed": _("taken"),
    "released": _("given back to the queue"),
    "checked": _("checklist worked through"),
    "handed-over": _("handed over"),
    "granted": _("decided: to grant"),
    "refused": _("decided: to refuse"),
    "returned": _("decision returned to review"),
    "remarked": _("remark to the applicant"),
    "answer-entered": _("the applicant's answer entered"),
    "withdrawal-entered": _("the applicant's withdrawal entered"),
}


class Desk:
    """What stands behind ``/provider``: the site's cases and licences, seen by the provider."""

    __name__ = "provider"

    def __init__(self, request: Request) -> None:
        self.__parent__: Site = request.site

    def __getitem__(self, name: str) -> Any:
        if name not in ("cases", "licences"):
            raise KeyError(name)
        return self.__parent__[name]


def includeme(config: Configurator) -> None:
    config.add_route("provider", "/provider*traverse", factory=Desk)


@dataclass(frozen=True)
class Row:
    """A case in a list."""

    case: Case
    status: Status
    service: Text
    action: Text
    applicant: str
    assignee: str
    asked: bool
    answered: bool


def row(request: Request, case: Case) -> Row:
    service = request.office.services[case.service]
    last = case.remarks[-1] if case.remarks and case.state in LIVE else None
    return Row(
        case=case,
        status=status(request.office, case),
        service=service.title,
        action=service.actions[case.action].title,
        applicant=applicant_of(request.site, case),
        assignee=name_of(request.site, case.assignee),
        asked=last is not None and last.answered_at is None,
        answered=last is not None and last.answered_at is not None,
    )


def applicant_of(site: Site, case: Case) -> str:
    """The applicant's name, as their certificate gave it when they registered, or a state's register."""
    return str(case.values.get("applicant", {}).get("name", case.applicant))


def name_of(site: Site, login: str | None) -> str:
    account = site["accounts"].get(login) if login else None
    return account.name if account is not None else ""


def page_number(request: Request) -> int:
    """Which page of a list is asked for, the first being 1."""
    wish = request.params.get("page", "1")
    return int(wish) if re.fullmatch("[1-9][0-9]{0,4}", wish) else 1


def tag_of(request: Request, account: Account) -> str:
    """What a colleague is called in an address: a login may be an IIN, which no address may hold."""
    secret = request.registry["settings"].session_secret.encode()[:64]
    return blake2b(account.login.encode(), key=secret, digest_size=6).hexdigest()


def colleagues(request: Request) -> list[Account]:
    """The provider's officers, by name."""
    return sorted(officers(request.site, str(request.account.provider)), key=lambda each: each.name)


@view_defaults(route_name="provider", context=Desk, permission="review")
class Queue:
    """The provider's open requests by deadline: a list of them, of one service, of one officer."""

    def __init__(self, desk: Desk, request: Request) -> None:
        self.request = request
        self.account = request.account
        self.cases = request.site["cases"]
        self.service = request.GET.get("service", "")
        self.officer = request.GET.get("officer", "")
        self.services = {
            each.id: each.title
            for each in request.office.services.values()
            if each.provider.bin == self.account.provider
        }
        self.officers = {tag_of(request, each): each for each in colleagues(request)}
        if self.service not in {"", *self.services} or self.officer not in {"", *self.officers}:
            raise HTTPNotFound()

    @view_config(request_method="GET", renderer=TEMPLATES + "queue.jinja2")
    def show(self) -> dict[str, Any]:
        counts = {name: sum(1 for case in islice(self._chosen(name), MOST_COUNTED + 1)) for name in SHOWN}
        shown = self.request.GET.get("show") or self._default(counts)
        if shown not in SHOWN:
            raise HTTPNotFound()
        number = page_number(self.request)
        cases = list(islice(self._chosen(shown), (number - 1) * PAGE, number * PAGE + 1))
        return {
            "shown": SHOWN,
            "counts": {
                name: str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"
                for name, count in counts.items()
            },
            "show": shown,
            "services": self.services,
            "service": self.service,
            "officers": {tag: each.name for tag, each in self.officers.items()},
            "officer": self.officer,
            "address": self._address,
            "substituted": [each.name for each in self._absent()],
            "rows": [row(self.request, case) for case in cases[:PAGE]],
            "page": number,
            "more": len(cases) > PAGE,
            "waiting": "officer" in self.account.roles and counts["free"] > 0,
            "done": not counts["all"],
        }

    def _default(self, counts: dict[str, int]) -> str:
        """The list with work in it for this person."""
        lists = [
            name
            for role, name in (("officer", "review"), ("signatory", "sign"))
            if role in self.account.roles
        ]
        return next((name for name in lists if counts[name]), lists[0])

    @view_config(name="next", request_method="POST")
    def take_next(self) -> Response:
        """Take the case whose deadline is nearest of those that nobody has taken."""
        request = self.request
        for case in self._chosen("free"):
            try:
                claim_case(request.office, request.site, case, self.account)
            except Decided:
                continue
            return HTTPSeeOther(f"/provider/cases/{case.reference}")
        request.session.flash(request.tr(_("There is nothing left to take.")))
        return HTTPSeeOther("/provider")

    def _chosen(self, shown: str) -> Iterator[Case]:
        service = self.service or None
        if shown == "mine":
            absent = [each.login for each in self._absent()]
            return self.cases.assigned(self.account.login, *absent, service=service)
        if self.officer:
            login = self.officers[self.officer].login
            return self.cases.assigned(login, states=STATES[shown], service=service)
        return self.cases.queue(self.account.provider, *STATES[shown], service=service)

    def _absent(self) -> Iterator[Account]:
        return absent_colleagues(self.request.office, self.request.site, self.account)

    def _address(self, shown: str, page: int = 1) -> str:
        """A list's address, with the filters as they are."""
        parts = {"show": shown, "service": self.service, "officer": self.officer}
        if shown == "mine":
            del parts["officer"]
        if page > 1:
            parts["page"] = str(page)
        return "/provider?" + urlencode({name: value for name, value in parts.items() if value})


@view_defaults(route_name="provider", context=Desk, name="search", permission="review")
class Search:
    """A request by its number, an applicant's by their IIN or BIN: asked in a form, never in an address."""

    def __init__(self, desk: Desk, request: Request) -> None:
        self.request = request

    @view_config(request_method="POST", renderer=TEMPLATES + "search.jinja2")
    def find(self) -> dict[str, Any]:
        wanted = "".join(self.request.POST.get("wanted", "").split())
        found = list(islice(self._found(wanted), PAGE + 1))
        return {
            "wanted": wanted,
            "rows": [row(self.request, case) for case in found[:PAGE]],
            "more": len(found) > PAGE,
        }

    def _found(self, wanted: str) -> Iterator[Case]:
        cases, provider = self.request.site["cases"], self.request.account.provider
        if re.fullmatch("[0-9]{12}", wanted):
            found = cases.of_applicant(wanted)
        else:
            case = cases.by_number(wanted)
            found = iter(() if case is None else (case,))
        return (each for each in found if each.provider == provider and each.number is not None)

    @view_config(request_method="GET")
    def begin(self) -> Response:
        return HTTPSeeOther("/provider")


@view_defaults(route_name="provider", context=Case, permission="review")
class Review:
    """A registered case at the provider's."""

    def __init__(self, case: Case, request: Request) -> None:
        self.case = case
        self.request = request
        self.office = request.office
        self.site: Site = request.site
        self.account = request.account
        self.service = request.office.services[case.service]
        self.base = f"/provider/cases/{case.reference}"

    @view_config(request_method="GET", renderer=TEMPLATES + "case.jinja2")
    def show(self) -> dict[str, Any]:
        return self._page()

    @view_config(name="claim", request_method="POST")
    def claim(self) -> Response:
        claim_case(self.office, self.site, self.case, self.account)
        return HTTPSeeOther(self.base)

    @view_config(name="release", request_method="POST")
    def release(self) -> Response:
        release_case(self.office, self.site, self.case, self.account)
        return self._back_to_queue(_("${number} is back in the queue."))

    @view_config(name="hand-over", request_method="POST", renderer=TEMPLATES + "case.jinja2")
    def hand_over(self) -> dict[str, Any] | Response:
        post = self.request.POST
        chosen = {tag_of(self.request, each): each for each in colleagues(self.request)}
        colleague = chosen.get(post.get("to", ""))
        try:
            login = colleague.login if colleague else ""
            hand_over(self.office, self.site, self.case, self.account, login, post.get("note", ""))
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self._page(handing=mistake.message)
        return self._back_to_queue(_("${number} is handed over."))

    @view_config(name="review", request_method="POST", renderer=TEMPLATES + "case.jinja2")
    def review(self) -> dict[str, Any] | Response:
        """Keep the checklist; then grant, go on to the refusal, or stay."""
        post = self.request.POST
        answers = {
            requirement.code: ANSWERS.get(post.get(f"requirement-{requirement.code}", ""))
            for requirement in self.service.requirements
        }
        try:
            set_checklist(self.office, self.case, self.account, answers, post.get("notes", ""))
            if "grant" in post:
                grant_case(self.office, self.site, self.case, self.account, post.get("conditions", ""))
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self._page(mistake.message)
        if "refuse" in post:
            return HTTPSeeOther(f"{self.base}/refuse")
        if "grant" not in post:
            self._say(_("The checklist of ${number} is saved."))
            return HTTPSeeOther(self.base)
        return self._decided()

    @view_config(name="refuse", request_method="GET", renderer=TEMPLATES + "refuse.jinja2")
    def refusing(self) -> dict[str, Any]:
        return self._refusal()

    @view_config(name="refuse", request_method="POST", renderer=TEMPLATES + "refuse.jinja2")
    def refuse(self) -> dict[str, Any] | Response:
        grounds, reason = self.request.POST.getall("grounds"), self.request.POST.get("reason", "")
        try:
            refuse_case(self.office, self.site, self.case, self.account, grounds, reason)
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self._refusal(grounds, reason, mistake.message)
        return self._decided()

    @view_config(name="remark", request_method="POST", renderer=TEMPLATES + "case.jinja2")
    def remark(self) -> dict[str, Any] | Response:
        """Ask the applicant; with the remark's number in the address, take down a visitor's answer."""
        if self.request.subpath:
            return self.answer()
        try:
            make_remark(self.office, self.site, self.case, self.account, self.request.POST.get("remark", ""))
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self._page(remarking=mistake.message)
        self._say(_("The remark on ${number} has reached the applicant."))
        return HTTPSeeOther(self.base)

    @view_config(name="remark", request_method="GET", renderer="egovdocs:views/templates/remark.jinja2")
    def answering(self) -> dict[str, Any]:
        check_takes_down(self.office, self.case, self.account)
        return self._answer()

    def answer(self) -> dict[str, Any] | Response:
        exchange, text = exchange_at(self.case, self.request), self.request.POST.get("text", "")
        number, files = exchange.remark.number, sent_files(self.request)
        try:
            enter_answer(self.office, self.site, self.case, self.account, number, text, files)
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            self.request.override_renderer = "egovdocs:views/templates/remark.jinja2"
            return self._answer(text, told(self.request, mistake))
        self._say(_("The applicant's answer on ${number} is entered."))
        return HTTPSeeOther(self.base)

    def _answer(self, text: str = "", error: str | None = None) -> dict[str, Any]:
        return {
            "case": self.case,
            "service": self.service,
            "base": self.base,
            "exchange": exchange_at(self.case, self.request),
            "text": text,
            "error": error,
            "entering": True,
        }

    @view_config(name="withdraw", request_method="GET", renderer="egovdocs:views/templates/withdraw.jinja2")
    def withdrawing(self) -> dict[str, Any]:
        check_takes_down(self.office, self.case, self.account)
        return {"case": self.case, "service": self.service, "base": self.base, "reason": "", "error": None}

    @view_config(name="withdraw", request_method="POST", renderer="egovdocs:views/templates/withdraw.jinja2")
    def withdraw(self) -> dict[str, Any] | Response:
        reason = self.request.POST.get("reason", "")
        try:
            enter_withdrawal(self.office, self.site, self.case, self.account, reason)
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self.withdrawing() | {"reason": reason, "error": mistake.message}
        self._say(_("${number} is withdrawn."))
        return HTTPSeeOther(self.base)

    @view_config(name="return", request_method="POST")
    def take_back(self) -> Response:
        return_case(self.office, self.site, self.case, self.account)
        self._say(_("${number} is under review again."))
        return HTTPSeeOther(self.base)

    @view_config(name="sign", request_method="POST", permission="issue")
    def sign(self) -> Response:
        signing = offer_outcome(self.office, self.site, self.case, self.account)
        return HTTPSeeOther(f"/signings/{signing.token}")

    def _page(
        self,
        error: TranslationString | None = None,
        handing: TranslationString | None = None,
        remarking: TranslationString | None = None,
    ) -> dict[str, Any]:
        case, checklist = self.case, self.case.checklist or {"met": {}, "notes": ""}
        mine = may_review(self.office, case, self.account)
        head = "signatory" in self.account.roles
        waiting = case.state == CaseState.AWAITING_SIGNATURE
        return {
            "case": case,
            "base": self.base,
            "error": error,
            "service": self.service,
            "row": row(self.request, case),
            **self._request(),
            "outcome": self._read("outcome") or self._read("refusal"),
            "draft": self._draft() if waiting else None,
            "report": self._report(),
            "documents": [(kind, title_of(self.service, kind)) for kind in case.documents],
            "exchanges": exchanges(case),
            "may_remark": mine,
            "remark": self.request.POST.get("remark", ""),
            "remarking": remarking,
            "takes_down": case.channel != "portal" and case.state in LIVE and "officer" in self.account.roles,
            "procedure": self.service.channels[case.channel],
            "checklist": checklist["met"],
            "notes": checklist["notes"],
            "conditions": self.request.POST.get("conditions")
            or (case.decision.conditions if case.decision else ""),
            "may_claim": case.state == CaseState.REGISTERED and "officer" in self.account.roles,
            "may_decide": mine,
            "substituting": mine and case.assignee != self.account.login,
            "may_hand_over": mine or (head and case.state == CaseState.IN_REVIEW),
            "handing": handing,
            "colleagues": {
                tag_of(self.request, each): each.name
                for each in colleagues(self.request)
                if each.login != case.assignee
            },
            "desk": [
                (
                    entry,
                    DONE.get(entry.what, ""),
                    *(self._name(one) for one in (entry.by, entry.to, entry.instead_of)),
                )
                for entry in case.desk
            ],
            "may_sign": waiting and bool(self.request.has_permission("issue", case)),
            "may_not_sign": self._may_not_sign() if waiting else None,
        }

    def _name(self, login: str) -> str:
        return name_of(self.site, login) or login

    def _may_not_sign(self) -> TranslationString | None:
        """Why a signatory may not sign this; None if they may."""
        try:
            check_two_persons(self.office, self.site, self.case, self.account)
        except Mistake as mistake:
            return mistake.message
        return None

    def _request(self) -> dict[str, Any]:
        """The signed request; the files it names stand in a table of their own, beside those kept."""
        section = self._read("request")
        signed = list(section.all("attachments/attachment")) if section else []
        checksums = {one.text("sha256") for one in signed}
        for each in exchanges(self.case):
            named = (each.answer or {}).get("files", {}).get("file", [])
            checksums.update(file["sha256"] for file in named)
        kinds = {kind.code: kind.title for kind in self.service.attachments}
        kinds |= {kind: title_of(self.service, kind) for kind in self.case.documents if "-" in kind}
        return {
            "request_content": section
            and replace(section, children=tuple(c for c in section.children if c.name != "attachments")),
            "attachments": [
                (number, file, kinds.get(file.kind, file.kind), file.sha256 in checksums)
                for number, file in enumerate(self.case.attachments)
            ],
        }

    def _read(self, kind: str) -> Section | None:
        """A kept document's signed content; nothing of it if it is not what was accepted."""
        if kind not in self.case.documents:
            return None
        try:
            content = read_document(self.case, kind)
        except Altered:
            return None
        document_type = document_type_of(content, self.office.services)
        return readable(document_type, content, self.request.language, service=self.service)

    def _draft(self) -> Section:
        name = self.account.name if "signatory" in self.account.roles else "—"
        draft = draft_outcome(self.office, self.case, name, self.office.today())
        document_type = document_type_of(draft, self.office.services)
        return readable(document_type, draft, self.request.language, service=self.service)

    def _report(self) -> ValidationReport:
        """The checks of the request's signature."""
        return validate_again(self.office, self.case.documents["request"])

    def _refusal(
        self, grounds: list[str] | None = None, reason: str = "", error: TranslationString | None = None
    ) -> dict[str, Any]:
        decision, met = self.case.decision, (self.case.checklist or {"met": {}})["met"]
        if grounds is None and decision is not None and not decision.granted:
            grounds, reason = list(decision.grounds), decision.reason
        tr = self.request.tr
        return {
            "case": self.case,
            "base": self.base,
            "error": error,
            "applicant": applicant_of(self.site, self.case),
            "grounds": grounds or [],
            "reason": reason,
            "ground_items": [{"value": one.code, "text": tr(one.title)} for one in self.service.grounds],
            "not_met": [one for one in self.service.requirements if met.get(one.code) is False],
        }

    def _decided(self) -> Response:
        self._say(_("${number} is decided and waits for the signatory."))
        return HTTPSeeOther(self.base)

    def _back_to_queue(self, message: TranslationString) -> Response:
        self._say(message)
        return HTTPSeeOther("/provider")

    def _say(self, message: TranslationString) -> None:
        told = TranslationString(message, mapping={"number": self.case.number})
        self.request.session.flash(self.request.tr(told))


@exception_view_config(Decided, renderer="egovdocs:views/templates/error.jinja2")
def decided(problem: Decided, request: Request) -> dict[str, Any]:
    """Somebody else was faster."""
    return page(
        request,
        409,
        _("Somebody else was faster"),
        problem.message,
        back=found[0] if (found := re.match("(/provider)?/cases/[^/]+", request.path)) else "/provider",
        back_text=_("See how the request stands now"),
    )
