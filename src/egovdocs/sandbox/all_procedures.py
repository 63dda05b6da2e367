"""``egovdocs demo --all``: a case through each procedure with each action, and orders on a licence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from egovdocs.sandbox import scenario
from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.sandbox.http_visitor import Visitor, WebPage
from egovdocs.sandbox.running_site import RunningSite
from egovdocs.sandbox.sample_requests import (
    ATTACHMENT_REQUEST,
    LICENCE_REQUEST,
    SampleRequest,
    licence_change,
)
from egovdocs.signing import Signer

APPLICANT_IIN = "910203450036"
ORDERS = (
    ("suspension", "violations-found", "Акт проверки № 7: истёк срок аренды помещения."),
    ("resumption", "violations-remedied", "Представлен новый договор аренды."),
    ("termination", "holders-request", "Заявление лицензиата."),
)


@dataclass(frozen=True)
class ReceptionDesk:
    """Where requests are made in person.

    :ivar login: of the member of staff.
    :ivar key: of who signs the request; "" where it is sealed by the site.
    :ivar path: of the desk's pages.
    :ivar applicant: the IIN or BIN.
    :ivar fields: more fields of the form, about the representative.
    """

    login: str
    key: str
    path: str
    applicant: str
    fields: Mapping[str, str] = field(default_factory=dict)


DESKS = {
    "A2": ReceptionDesk("officer", "", "/provider/visitors", CLINIC_BIN),
    "A3": ReceptionDesk(
        "operator",
        "operator",
        "/centre",
        CLINIC_BIN,
        {"representative": "850311300176", "power": "2026-0602-1"},
    ),
    "B2": ReceptionDesk("registrar", "registrar", "/provider/visitors", APPLICANT_IIN),
}
"""The desk of each table whose requests are made in person."""

DECIDING_STAFF = {"A": ("officer2", "signatory"), "B": ("registrar", "physician")}
"""Officer and signatory by the service's letter."""


@dataclass
class AllProcedures:
    """Runs all procedures on a demo site whose applicant is registered.

    :ivar step: runs a step and reports it; gets the case's name, a description, and what to run.
    :ivar documents: the documents, by ``<case>/<file name>``.
    """

    site: RunningSite
    step: Callable[[str, str, Callable[[], Any]], Any]
    documents: dict[str, bytes] = field(default_factory=dict)
    _visitors: dict[str, Visitor] = field(default_factory=dict)

    def run(self) -> dict[str, bytes]:
        """Run each table with each action, a remark, refusals, a withdrawal and orders.

        :returns: the documents.
        """
        for table in ("A1", "A2", "A3"):
            licence = ""
            for action in ("issue", "reissue", "duplicate"):
                name = f"{table}-{action}"
                request = licence_change(action, licence) if licence else LICENCE_REQUEST
                licence = self._grant(name, request, remark=name == "A1-issue")
        for kind, ground, reason in ORDERS:
            self._issue_order(licence, kind, ground, reason)
        self._grant("B1-attach", ATTACHMENT_REQUEST)
        self._grant("B2-attach", ATTACHMENT_REQUEST)
        self._refuse("A1-refused", LICENCE_REQUEST)
        self._refuse("B1-refused", ATTACHMENT_REQUEST)
        self._withdraw("A1-withdrawn", LICENCE_REQUEST)
        return self.documents

    def _grant(self, name: str, request: SampleRequest, *, remark: bool = False) -> str:
        """Carry a request to a granted outcome.

        :returns: the number of the outcome.
        """
        owner, case = self._submit(name, request)
        officer, signatory, key = self._deciding_staff(name)
        page = scenario.claim_case(officer, scenario.request_number(case))
        if remark:
            question = "Приложите действующий договор аренды."
            answer = "Договор продлён до 2030 года."
            self.step(
                name,
                "The officer makes a remark",
                lambda: scenario.make_remark(officer, page, question),
            )
            self.step(
                name,
                "The applicant answers it",
                lambda: scenario.answer_remark(owner, case, answer, self._key("applicant")),
            )
            page = officer.open(page.url)
        decided = self.step(name, "The officer grants it", lambda: scenario.decide_case(officer, page))
        self.step(name, "The signatory signs", lambda: scenario.sign_outcome(signatory, decided, key))
        if name[:2] in DESKS:
            self.step(name, "The outcome is handed over", lambda: scenario.hand_out(owner, case))
        self._download(name, owner, case)
        outcome = etree.fromstring(self.documents[f"{name}/outcome.xml"])
        return outcome.findtext("{*}number") or ""

    def _refuse(self, name: str, request: SampleRequest) -> None:
        owner, case = self._submit(name, request)
        officer, signatory, key = self._deciding_staff(name)
        page = scenario.claim_case(officer, scenario.request_number(case))
        refusing = self.step(
            name,
            "The officer finds a requirement not met",
            lambda: scenario.decide_case(officer, page, met=False),
        )
        decided = scenario.refuse_case(officer, refusing, request)
        self.step(
            name, "The signatory signs the refusal", lambda: scenario.sign_outcome(signatory, decided, key)
        )
        self._download(name, owner, case)

    def _withdraw(self, name: str, request: SampleRequest) -> None:
        owner, case = self._submit(name, request)
        reason = "Открытие кабинета откладывается."
        self.step(
            name,
            "The applicant withdraws it",
            lambda: scenario.withdraw_request(owner, case, reason, self._key("applicant")),
        )
        self._download(name, owner, case)

    def _issue_order(self, licence: str, kind: str, ground: str, reason: str) -> None:
        signatory, key = self._visitor("signatory"), self._key("signatory")
        page = self.step(
            "order",
            f"The {kind} is signed",
            lambda: scenario.issue_order(signatory, licence, kind, ground, reason, key),
        )
        for file, document in scenario.download_documents(signatory, page).items():
            if not file.startswith("outcome.") and document not in self.documents.values():
                self.documents[f"orders/{kind}.{file.rpartition('.')[2]}"] = document

    def _submit(self, name: str, request: SampleRequest) -> tuple[Visitor, WebPage]:
        """Submit a request through the portal or at the table's desk.

        :returns: who has access to the case, and its page.
        """
        if name[:2] not in DESKS:
            owner, key = self._visitor(APPLICANT_IIN), self._key("applicant")
            case = self.step(
                name,
                "Submitted through the portal",
                lambda: scenario.submit_request(owner, key, request),
            )
            return owner, case
        desk = DESKS[name[:2]]
        staff = self._visitor(desk.login)

        def submit_in_person() -> WebPage:
            parts = scenario.receive_visitor(staff, request, desk.applicant, desk.path, 200, **desk.fields)
            check = scenario.fill_visitor_request(staff, parts, request)
            if not desk.key:
                return scenario.seal_request(staff, check)
            return scenario.sign_request(staff, check, self._key(desk.key))

        return staff, self.step(name, f"Submitted in person at the {desk.login}", submit_in_person)

    def _deciding_staff(self, name: str) -> tuple[Visitor, Visitor, Signer]:
        """Return officer and signatory of a case, and the signatory's key."""
        officer, signatory = DECIDING_STAFF[name[0]]
        return self._visitor(officer), self._visitor(signatory), self._key(signatory)

    def _download(self, name: str, owner: Visitor, case: WebPage) -> None:
        for file, document in scenario.download_documents(owner, owner.open(case.url)).items():
            self.documents[f"{name}/{file}"] = document

    def _visitor(self, login: str) -> Visitor:
        if login not in self._visitors:
            self._visitors[login] = Visitor(self.site.url)
            scenario.log_in(self._visitors[login], login)
        return self._visitors[login]

    def _key(self, name: str) -> Signer:
        return scenario.load_key(self.site.keys, name)
