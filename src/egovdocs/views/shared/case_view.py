"""The base of the views of one case."""

from __future__ import annotations

from typing import Any

from egovdocs import schemas
from egovdocs.app.request import Request
from egovdocs.casework.office import Office
from egovdocs.casework.payments.pay_fee import fee_of
from egovdocs.casework.requests.carry_draft import carry_draft, questions_to_answer
from egovdocs.casework.requests.draft_request import find_problems
from egovdocs.content import DRAFTS, Case
from egovdocs.i18n import _
from egovdocs.views.shared.home_pages import home_of

VISITORS = ("/provider/visitors", _("Visitors"))


class CaseView:
    """A case with the edition of its service, its table, the pages of its form and its fee.

    A draft is carried to the edition in force.

    :ivar carried: that has happened now, so that the page that was requested may be another one.
    :ivar offered: whether the draft can still be sent by the rules in force.
    """

    def __init__(self, case: Case, request: Request) -> None:
        self.case = case
        self.request = request
        self.office: Office = request.office
        former = case.edition
        self.offered = carry_draft(self.office, request.site, case)
        self.carried = case.edition != former
        self.service = self.office.edition_of(case)
        self.procedure = self.service.channels[case.channel]
        self.url = f"/cases/{case.reference}"
        self.document = {"action": case.action, **case.values}
        self.pages = {page.name: page for page in self.service.request.pages(self.document)}
        self.fee = fee_of(self.office, case)
        self.kinds = self.service.attachments_for(case.action, case.channel)

    def problems(self) -> dict[str, list[schemas.Problem]]:
        """Return what is missing or wrong in the request, by page."""
        found: dict[str, list[schemas.Problem]] = {}
        for problem in find_problems(self.office, self.case):
            page = problem.path.partition("/")[0].partition("[")[0].replace("papers", "attachments")
            if page in self.pages or page == "attachments":
                found.setdefault(page, []).append(problem)
        return found

    def answered(self, page: schemas.Field) -> bool:
        """Return whether a field of this page was filled in."""
        values = self.case.values.get(page.name, {})
        return any(child.asked and child.name in values for child in page.children)

    def common(self, **more: Any) -> dict[str, Any]:
        """Return the values that every template of a case takes, and more."""
        home, home_text = home_of(self.request.account, VISITORS)
        links = {"url": self.url, "home": home, "home_text": home_text}
        rules = {"changed_rules": self.changed_rules(), "offered": self.offered}
        case = {"case": self.case, "service": self.service, "procedure": self.procedure}
        return {**case, **links, **rules, **more}

    def changed_rules(self) -> dict[str, Any] | None:
        """Return what an applicant is told of the rules that their draft was carried to."""
        if self.case.begun_under is None or self.case.state not in DRAFTS:
            return None
        questions = questions_to_answer(self.office, self.case)
        return {"since": self.service.in_force_from, "to_answer": questions}
