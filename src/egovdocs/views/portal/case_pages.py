"""A case: the form page by page, attachments, payment, signing, and what became of it.

The applicant fills it in, or the officer or operator to whom they have come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString
from wtforms import FieldList, Form, FormField

from egovdocs import schemas
from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake, Problems, TryLater
from egovdocs.casework.office import Office
from egovdocs.casework.payments.pay_fee import fee_of, query_payment, start_payment
from egovdocs.casework.requests.attach_file import attach_file, mark_papers, remove_file
from egovdocs.casework.requests.draft_request import find_problems
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.requests.status import status
from egovdocs.casework.requests.submit_request import is_signed_by_person, offer_request, seal_request
from egovdocs.casework.statistics.answer_questionnaire import is_questionnaire_open
from egovdocs.casework.visitors.hand_out import collection_deadline
from egovdocs.content import DRAFTS, LIVE, Account, Case, CaseState
from egovdocs.i18n import _
from egovdocs.integrations.payments.payment_port import PaymentStatus
from egovdocs.schemas.identifiers import kind_of
from egovdocs.views.accounts.account_pages import home_of
from egovdocs.views.portal.document_pages import attachment_at
from egovdocs.views.portal.exchanges import exchanges, title_of
from egovdocs.views.shared.schema_forms import Answers, answers, cards, drop_empty, element_id, page_form

TEMPLATES = "egovdocs:views/portal/"
VISITORS = ("/provider/visitors", _("Visitors"))


@dataclass(frozen=True)
class Task:
    """A line of the task list of an application that is not sent yet."""

    title: str
    href: str | None
    state: TranslationString
    done: bool = False


class CaseView:
    """What every view of a case begins with."""

    def __init__(self, case: Case, request: Request) -> None:
        self.case = case
        self.request = request
        self.office: Office = request.office
        self.service = self.office.edition_of(case)
        self.procedure = self.service.channels[case.channel]
        self.url = f"/cases/{case.reference}"
        self.document = {"action": case.action, **case.values}
        self.pages = {page.name: page for page in self.service.request.pages(self.document)}
        self.fee = fee_of(self.office, case)
        self.kinds = self.service.attachments_for(case.action, case.channel)

    def problems(self) -> dict[str, list[schemas.Problem]]:
        """What the request still lacks, by page."""
        found: dict[str, list[schemas.Problem]] = {}
        for problem in find_problems(self.office, self.case):
            page = problem.path.partition("/")[0].partition("[")[0].replace("papers", "attachments")
            if page in self.pages or page == "attachments":
                found.setdefault(page, []).append(problem)
        return found

    def answered(self, page: schemas.Field) -> bool:
        """Has the applicant begun to answer this page?"""
        kept = self.case.values.get(page.name, {})
        return any(child.asked and child.name in kept for child in page.children)

    def common(self, **more: Any) -> dict[str, Any]:
        home, home_text = home_of(self.request.account, VISITORS)
        place = {"url": self.url, "home": home, "home_text": home_text}
        return {"case": self.case, "service": self.service, "procedure": self.procedure, **place, **more}


@view_config(context=Case, permission="view", request_method="GET", renderer=TEMPLATES + "case.jinja2")
class CasePage(CaseView):
    """Before it is sent: the tasks that remain. Afterwards: how far it is, and its documents.

    A visitor's request begins with the look-up, which has to be waited for when a register does not answer.
    """

    def __call__(self) -> dict[str, Any] | Response:
        progress = status(self.office, self.case)
        looking = progress.step is not None and "lookup" in progress.step.does
        if looking or (self.case.state == CaseState.CLOSED and self.case.number is None):
            self.request.override_renderer = "egovdocs:views/visitors/look-up.jinja2"
            return self.common(looking=looking)
        if self.case.state in DRAFTS:
            self.request.override_renderer = TEMPLATES + "tasks.jinja2"
            waiting = self.case.state == CaseState.AWAITING_PAYMENT
            return self.common(tasks=self.tasks(), waiting=waiting)
        return self.common(
            status=progress,
            may_hand_out=self.request.may("hand-out", self.case),
            collection_deadline=collection_deadline(self.office, self.case),
            place=self.place(),
            may_appraise=is_questionnaire_open(self.office, self.case)
            and self.request.may("appraise", self.case),
            natural=kind_of(self.case.applicant) == "natural",
            titles={kind: title_of(self.service, kind) for kind in self.case.documents},
            exchanges=exchanges(self.service, self.case),
            may_withdraw=self.case.state in LIVE and self.request.may("answer", self.case),
        )

    def place(self) -> schemas.Text | str:
        """Where the request was taken down; as the request has it, if the account doesn't."""
        if self.case.received_by is None:
            return ""
        staff: Account | None = self.request.site.accounts.get(self.case.account)
        return (staff and staff.organisation) or str(self.case.values["reception"]["organisation"])

    def tasks(self) -> list[Task]:
        tr = self.request.tr
        found = self.problems()
        paid = self.case.state == CaseState.PAID
        done, not_started, begun = _("Completed"), _("Not started yet"), _("Incomplete")
        tasks = []
        for name, page in self.pages.items():
            state = done if name not in found else begun if self.answered(page) else not_started
            tasks.append(Task(tr(page.label), f"{self.url}/form/{name}", state, name not in found))
        if self.kinds:
            missing = "attachments" in found
            state = done if not missing else begun if self.case.attachments else not_started
            title = tr(_("Documents to attach"))
            tasks.append(Task(title, f"{self.url}/attachments", state, not missing))
        ready = all(task.done for task in tasks)
        later = _("Cannot start yet")
        if self.fee:
            state = done if paid else _("Ready") if ready else later
            href = f"{self.url}/check" if ready and not paid else None
            tasks.append(Task(tr(_("Check your answers and pay")), href, state, paid))
            ready = paid
        href = f"{self.url}/check" if ready else None
        signed = is_signed_by_person(self.office, self.case)
        last = _("Read the request, sign it and send it") if signed else _("Read the request and register it")
        tasks.append(Task(tr(last), href, _("Ready") if ready else later))
        return tasks


class DraftView(CaseView):
    """A page that a draft is filled in on. Who comes back to one of a request sent meanwhile is led to the
    request.
    """

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        if request.method == "GET" and case.state not in DRAFTS:
            raise HTTPSeeOther(self.url)


@view_defaults(context=Case, name="form", permission="edit", renderer=TEMPLATES + "form.jinja2")
class FormPage(DraftView):
    """``form/{page}``: one page of the form, made from the schema."""

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        name = request.subpath[0] if len(request.subpath) == 1 else ""
        if name not in self.pages:
            raise HTTPNotFound()
        self.page = self.pages[name]
        self.checking = request.params.get("from") == "check"

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        kept = self.case.values.get(self.page.name, {})
        form = self.form(data=kept)
        self.grow(form)
        found = self.problems().get(self.page.name, []) if self.checking else []
        return self.shown(form, found)

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        post = self.request.POST
        form = self.form(post)
        here = f"{self.url}/form/{self.page.name}"
        if "remove" in post:
            remove_entry(form, post["remove"])
        drop_empty(form)
        found = save_page(self.office, self.case, self.page.name, answers(form.data))
        if "remove" in post:
            return HTTPSeeOther(f"{here}#{post['remove'].rpartition('-')[0]}")
        if "add" in post:
            return HTTPSeeOther(f"{here}?{urlencode({'add': post['add']})}#{post['add']}")
        if found:
            self.request.response.status_int = 422
            return self.shown(form, found)
        return HTTPSeeOther(self.next_page())

    def form(self, formdata: Any = None, data: Any = None) -> Form:
        return page_form(self.page, self.document, self.request.language)(formdata, data=data)

    def grow(self, form: Form) -> None:
        """An empty entry more, asked for by "add another"."""
        name = self.request.GET.get("add", "")
        if name not in form or not isinstance(form[name], FieldList):
            return
        field = form[name]
        if len(field.entries) < field.max_entries and answers(field.entries[-1].data):
            field.append_entry()

    def shown(self, form: Form, found: Any) -> dict[str, Any]:
        errors: dict[str, str] = {}
        for problem in found:
            errors.setdefault(
                element_id(form, self.page.name, problem.path), self.request.tr(problem.message)
            )
        names = list(self.pages)
        return self.common(
            page=self.page,
            form=form,
            errors=errors,
            checking=self.checking,
            number=names.index(self.page.name) + 1,
            total=len(names),
            back=f"{self.url}/check" if self.checking else self.previous_page(),
            known=[
                (self.request.tr(child.label), self.request.tr(child.choice(answer) or answer))
                for child in self.page.children
                if not child.asked and (answer := self.case.values.get(self.page.name, {}).get(child.name))
            ],
            alone=[isinstance(entry, FieldList | FormField) for entry in form] == [False],
        )

    def previous_page(self) -> str:
        names = list(self.pages)
        index = names.index(self.page.name)
        return f"{self.url}/form/{names[index - 1]}" if index else self.url

    def next_page(self) -> str:
        if self.checking:
            return f"{self.url}/check"
        names = list(self.pages)
        after = names[names.index(self.page.name) + 1 :]
        if after:
            return f"{self.url}/form/{after[0]}"
        return f"{self.url}/attachments" if self.kinds else f"{self.url}/check"


def remove_entry(form: Form, name: str) -> None:
    """Leave out the entry of a repeated group whose "remove" button was pressed."""
    group = name.rpartition("-")[0]
    if group in form and isinstance(form[group], FieldList):
        form[group].entries = [entry for entry in form[group].entries if entry.name != name]


@view_defaults(context=Case, name="attachments", permission="edit", renderer=TEMPLATES + "attachments.jinja2")
class AttachmentsPage(DraftView):
    """The documents that come with the request."""

    @property
    def papers(self) -> bool:
        """Are originals shown and marked, by the case's table?"""
        return self.procedure.step_for("papers") is not None

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        found = self.problems().get("attachments", []) if self.request.GET.get("from") == "check" else []
        return self.shown(self.at_files(found))

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        post = self.request.POST
        if "remove" in post:
            self.remove(post["remove"])
            self.mark()
            return HTTPSeeOther(f"{self.url}/attachments")
        errors = {}
        sent = False
        self.mark()
        for kind in self.kinds:
            for file in post.getall(f"file-{kind.code}"):
                if not getattr(file, "filename", ""):
                    continue
                sent = True
                try:
                    attach_file(self.office, self.case, kind.code, file.filename, file.file.read())
                except Mistake as mistake:
                    errors[f"file-{kind.code}"] = self.request.tr(mistake.message)
        missing = self.problems().get("attachments", [])
        if "add" in post and not sent and not errors:
            errors["files"] = self.request.tr(_("Choose a file first."))
        if "continue" in post and missing:
            # Why a file was not taken says more than that the document is missing.
            errors = self.at_files(missing) | errors
        if errors:
            self.request.response.status_int = 422
            return self.shown(errors)
        return HTTPSeeOther(f"{self.url}/check" if "continue" in post else f"{self.url}/attachments")

    def at_files(self, found: list[schemas.Problem]) -> dict[str, str]:
        """Problems by the id of the input where the missing document goes."""
        return {
            problem.path.replace("attachments/", "file-").replace("papers/", "paper-"): self.request.tr(
                problem.message
            )
            for problem in found
        }

    def mark(self) -> None:
        """Which papers were shown."""
        if self.papers:
            mark_papers(self.office, self.case, self.request.POST.getall("paper"))

    def remove(self, place: str) -> None:
        if (attachment := attachment_at(self.case, place)) is not None:
            remove_file(self.case, attachment)

    def shown(self, errors: dict[str, str]) -> dict[str, Any]:
        attached = list(enumerate(self.case.attachments))
        return self.common(
            kinds=[
                (kind, [(n, file) for n, file in attached if file.kind == kind.code]) for kind in self.kinds
            ],
            errors=errors,
            papers=self.papers,
            back=f"{self.url}/form/{list(self.pages)[-1]}",
        )


@view_defaults(context=Case, name="check", permission="edit", renderer=TEMPLATES + "check.jinja2")
class CheckPage(DraftView):
    """Everything that was answered, before it is paid for and signed."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return self.common(
            answers=list(self.answers()),
            kinds={kind.code: kind for kind in self.kinds},
            problems=[
                (self.place(page), problem.message)
                for page, found in self.problems().items()
                for problem in found
            ],
            fee=self.fee,
            to_pay=bool(self.fee) and self.case.state != CaseState.PAID,
            signed=is_signed_by_person(self.office, self.case),
        )

    def answers(self) -> Iterator[tuple[Answers, str]]:
        """The cards of the page, each with the address to change it at."""
        for name, page in self.pages.items():
            values = self.case.values.get(name, {})
            for card in cards(page, values, self.document, self.request.language):
                yield card, self.place(name)

    def place(self, page: str) -> str:
        where = "attachments" if page == "attachments" else f"form/{page}"
        return f"{self.url}/{where}?from=check"


@view_defaults(context=Case, name="payment", permission="edit", renderer=TEMPLATES + "payment.jinja2")
class PaymentPage(DraftView):
    """The regulation's P4: off to the bank; C2 and P5 when the applicant comes back (``?back``)."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        problem: Mistake | None = None
        if "back" in self.request.GET:
            try:
                if query_payment(self.office, self.request.site, self.case) is PaymentStatus.CANCELLED:
                    return HTTPSeeOther(f"{self.url}/payment?cancelled=1")
            except Mistake as no:
                problem = no
        if self.case.state == CaseState.PAID:
            return HTTPSeeOther(f"{self.url}/check")
        return self.shown(problem)

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        try:
            return HTTPSeeOther(start_payment(self.office, self.request.site, self.case))
        except Problems:
            return HTTPSeeOther(f"{self.url}/check")
        except TryLater as problem:
            self.request.response.status_int = 503
            return self.shown(problem)

    def shown(self, problem: Mistake | None) -> dict[str, Any]:
        return self.common(
            fee=fee_of(self.office, self.case),
            problem=problem,
            waiting=self.case.state == CaseState.AWAITING_PAYMENT,
            cancelled="cancelled" in self.request.GET,
        )


@view_config(context=Case, name="sign", permission="sign", request_method="POST")
class SignRequest(CaseView):
    """On to the signing page; without the payment the regulation refuses (C2, P5)."""

    def __call__(self) -> Response:
        try:
            signing = offer_request(self.office, self.request.site, self.case, self.request.account)
        except Problems:
            return HTTPSeeOther(f"{self.url}/check")
        return HTTPSeeOther(f"/signings/{signing.token}")


@view_config(context=Case, name="register", permission="sign", request_method="POST")
class RegisterRequest(CaseView):
    """P7 of table A2: the request is registered under the site's seal."""

    def __call__(self) -> Response:
        try:
            seal_request(self.office, self.request.site, self.case)
        except Problems:
            return HTTPSeeOther(f"{self.url}/check")
        return HTTPSeeOther(self.url)
