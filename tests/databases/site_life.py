"""The life of a site that is kept: everything that people can do on it, over its pages.

First with embedded external systems, then through the stub of the gateway, and at last with every external
system out of reach, so that payments, sent requests, evidence and letters are left pending.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import requests
from reportlab.pdfgen.canvas import Canvas
from tests.functional.test_handed_in import Linked

from egovdocs.sandbox import sample_requests, scenario
from egovdocs.sandbox.all_procedures import AllProcedures
from egovdocs.sandbox.demo_people import CLINIC_BIN, PASSWORD
from egovdocs.sandbox.http_visitor import Visitor, WebPage
from egovdocs.sandbox.running_site import GATEWAY, RunningGateway, RunningSite
from egovdocs.sandbox.sample_requests import ATTACHMENT_REQUEST, LICENCE_REQUEST, SampleRequest
from egovdocs.signing import Signer

PERSON = "910203450036"
UNKNOWN = "680503250034"  # in no register
NOWHERE = "127.0.0.1:9"  # no server is there
OFFLINE = f"""\
# No external system is in reach, so that the pending messages of the outbox stay there.
egovdocs.timestamp_url = http://{NOWHERE}/
egovdocs.mail = smtp://{NOWHERE}
"""


class SiteLife:
    """Makes the site in a folder.

    :param folder: gets the database, keys, trust store and ini file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = RunningSite(folder)
        self.base = (folder / "site.ini").read_text()

    def run(self) -> None:
        """Make the site; its database is closed afterwards."""
        with self.site:
            self._all_procedures()
            self._registrations()
            self._drafts()
            self._queue()
            self._decisions()
            self._orders()
            self._staff()
            self._visitors()
            time.sleep(20)  # for the workers, which take the evidence
        gateway = RunningGateway(self.folder)
        self._configure(gateway)
        gateway.forward_to(self.site)
        with self.site:
            with gateway:
                self._over_the_gateway(Linked(self.site, gateway))
            time.sleep(1)
        self._configure(gateway, OFFLINE)
        with self.site:
            self._out_of_reach()

    def _configure(self, gateway: RunningGateway, more: str = "") -> None:
        """Serve the site with the gateway from the next start on."""
        settings = {
            "sending": "gateway",
            "payments": "gateway",
            "payment_pages": gateway.url,
        }
        lines = "".join(f"egovdocs.{name} = {value}\n" for name, value in settings.items())
        lines += GATEWAY.format(folder=self.folder.resolve(), url=gateway.url, password=PASSWORD)
        ini = self.base
        if "egovdocs.mail" in more:
            ini = "".join(line for line in ini.splitlines(True) if not line.startswith("egovdocs.mail "))
        ini = ini.replace("\n[server:main]", f"{lines}{more}\n[server:main]")
        (self.folder / "site.ini").write_text(ini)
        self.site = RunningSite(self.folder)

    # People

    def key(self, name: str) -> Signer:
        return scenario.load_key(self.site.keys, name)

    def person(self, login: str) -> Visitor:
        visitor = Visitor(self.site.url)
        scenario.log_in(visitor, login)
        return visitor

    @property
    def clinic(self) -> tuple[Visitor, Signer]:
        return self.person(CLINIC_BIN), self.key("clinic")

    def submitted(self, request: SampleRequest = LICENCE_REQUEST) -> WebPage:
        """Submit a request of the person; return the case's page."""
        return scenario.submit_request(self.person(PERSON), self.key("applicant"), request)

    # Actions

    def _all_procedures(self) -> None:
        """Run every table with every action, as ``demo --all`` does."""
        scenario.register_applicant(Visitor(self.site.url), self.key("applicant"))

        def step(name: str, what: str, do: Callable[[], Any]) -> Any:
            print(name, what)
            return do()

        AllProcedures(self.site, step).run()

    def _registrations(self) -> None:
        """A registration without its signature, and a wrong password."""
        visitor = Visitor(self.site.url, "kk")
        page = visitor.open("/register")
        visitor.submit(page, "password", {"password": PASSWORD, "again": PASSWORD})
        wrong = {"login": PERSON, "password": "wrong"}
        visitor.submit(visitor.open("/login"), "password", wrong, expect=403)

    def _drafts(self) -> None:
        """Drafts half filled in, filled in, in payment, paid, offered for signing; one of a clinic."""
        visitor = self.person(PERSON)
        page = visitor.open("/services/medical-licence")
        page = visitor.submit(page, "/services/medical-licence", {"action": "issue"})
        visitor.submit(page, "/form/applicant", sample_requests.ADDRESS)
        scenario.fill_request(visitor)
        check = scenario.fill_request(visitor)
        visitor.submit(visitor.open(f"{scenario.case_url(check)}/payment"), "/payment")
        self.paid = scenario.fill_request(visitor)
        scenario.pay_fee(visitor, self.paid)
        scenario.pay_fee(visitor, scenario.fill_request(visitor))
        check = scenario.fill_request(visitor)
        scenario.pay_fee(visitor, check)
        visitor.submit(visitor.open(f"{scenario.case_url(check)}/check"), "/sign")
        visitor.submit(scenario.fill_request(visitor, ATTACHMENT_REQUEST), "/sign")
        clinic, _key = self.clinic
        scenario.fill_request(clinic)

    def _queue(self) -> None:
        """Cases registered with large files, claimed, handed over, released, with remarks and answers."""
        small = scenario.sample_file
        scenario.sample_file = large_file
        self.submitted()
        scenario.sample_file = small
        self.submitted(ATTACHMENT_REQUEST)
        clinic, key = self.clinic
        scenario.submit_request(clinic, key)
        officer = self.person("officer")
        page = scenario.claim_case(officer, scenario.request_number(self.submitted()))
        form = page.form("/review")
        half = {name: "met" for name in sorted(set(form.fields)) if name.startswith("requirement-")}
        half.popitem()
        officer.submit(page, "/review", {**half, "notes": "Ждём ответа санитарной службы."})
        page = scenario.claim_case(officer, scenario.request_number(self.submitted()))
        (tag,) = {
            option.get("value")
            for option in page.tree.xpath("//main//select[@name='to']/option")
            if "Жумабаева" in option.text_content()
        }
        officer.submit(page, "/hand-over", {"to": tag, "note": "По договорённости."})
        page = scenario.claim_case(officer, scenario.request_number(self.submitted()))
        officer.submit(page, "/release")
        self._remarks(officer)

    def _remarks(self, officer: Visitor) -> None:
        """Remarks: one answered, one with an unsigned answer, one unanswered, one on a withdrawn request."""
        applicant, key = self.person(PERSON), self.key("applicant")
        cases = [self.submitted() for _each in range(4)]
        for case in cases:
            page = scenario.claim_case(officer, scenario.request_number(case))
            scenario.make_remark(officer, page, "Приложите план помещения.")
        answered, offered, _waiting, withdrawn = cases
        for case, signed in ((answered, True), (offered, False)):
            page = applicant.open(f"{case.url}/remark/1")
            page = applicant.submit(
                page, "/remark/1", {"text": "План приложен."}, {"files": large_file("plan")}
            )
            if signed:
                applicant.sign(page, key)
        scenario.make_remark(officer, provider_page(officer, answered), "План не подписан.")
        scenario.withdraw_request(applicant, withdrawn, "Помещение не подошло.", key)
        page = applicant.open(f"{offered.url}/withdraw")
        applicant.submit(page, "/withdraw", {"reason": "Передумала."})

    def _decisions(self) -> None:
        """Decisions without a signature, some of them in a batch; an outcome that was not opened."""
        officer, signatory = self.person("officer"), self.person("signatory")
        key = self.key("signatory")
        for met in (True, True, False, True):
            page = scenario.review_case(officer, scenario.request_number(self.submitted()), met)
            if not met:
                scenario.refuse_case(officer, page)
        page = signatory.open("/provider/to-sign")
        chosen = page.tree.xpath("//main//input[@name='case']/@value")[:3]
        batch = signatory.submit(page, "/to-sign", {"case": chosen})
        token = batch.tree.xpath("//*[@data-signing]/@data-document-url")[0].split("/")[2]
        signatory.sign(signatory.open(f"/signings/{token}"), key)
        page = scenario.review_case(officer, scenario.request_number(self.submitted()))
        scenario.sign_outcome(signatory, page, key)
        registrar, physician = self.person("registrar"), self.person("physician")
        case = self.submitted(ATTACHMENT_REQUEST)
        page = scenario.review_case(registrar, scenario.request_number(case))
        scenario.sign_outcome(physician, page, self.key("physician"))
        scenario.review_case(registrar, scenario.request_number(self.submitted(ATTACHMENT_REQUEST)))
        applicant = self.person(PERSON)
        questions = applicant.open(f"{case.url}/questionnaire")
        answers = {
            name: questions.tree.xpath("//main//input[@type='radio' and @name=$name]/@value", name=name)[-1]
            for name in set(questions.tree.xpath("//main//input[@type='radio']/@name"))
        }
        applicant.submit(questions, "/questionnaire", answers)

    def _orders(self) -> None:
        """Licences: one suspended, one with an order of a later day, one with an unsigned order."""
        signatory, key = self.person("signatory"), self.key("signatory")
        numbers = []
        for _each in range(3):
            officer = self.person("officer")
            page = scenario.review_case(officer, scenario.request_number(self.submitted()))
            scenario.sign_outcome(signatory, page, key)
            newest = signatory.open("/provider/licences").link("/provider/licences/KZ")
            numbers.append(newest.rpartition("/")[2])
        violated = {"ground": "violations-found", "reason": "Акт проверки № 7."}
        page = signatory.open(f"/provider/licences/{numbers[0]}/order/suspension")
        signatory.sign(signatory.submit(page, "/order/suspension", violated), key)
        day = datetime.now(UTC).date() + timedelta(days=30)
        later = {"effective-day": day.day, "effective-month": day.month, "effective-year": day.year}
        page = signatory.open(f"/provider/licences/{numbers[1]}/order/termination")
        reason = {"ground": "holders-request", "reason": "Заявление лицензиата.", **later}
        signatory.sign(signatory.submit(page, "/order/termination", reason), key)
        page = signatory.open(f"/provider/licences/{numbers[2]}/order/suspension")
        signatory.submit(page, "/order/suspension", violated)

    def _staff(self) -> None:
        """A leave, and settings of notices."""
        officer = self.person("officer2")
        page = officer.open("/provider/leave")
        (substitute,) = {
            option.get("value")
            for option in page.tree.xpath("//main//select[@name='substitute']/option")
            if "Ким" in option.text_content()
        }
        today = datetime.now(UTC).date()
        days = {"first": today.isoformat(), "last": (today + timedelta(days=20)).isoformat()}
        officer.submit(page, "substitute", {**days, "substitute": substitute})
        applicant, clinic = self.person(PERSON), self.person(CLINIC_BIN)
        applicant.submit(applicant.open("/settings"), "email", {"email": "notices@example.test"})
        clinic.submit(clinic.open("/settings"), "email", {"language": "kk", "notices": None})

    def _visitors(self) -> None:
        """Visitors: refused, half filled in, registered, and answered with the outcome not handed out."""
        officer, operator = self.person("officer"), self.person("operator")
        registrar = self.person("registrar")
        scenario.receive_visitor(officer, LICENCE_REQUEST, UNKNOWN, "/provider/visitors", 403)
        acting = {"representative": "991120400333", "power": "2026-0417-3"}
        parts = scenario.receive_visitor(operator, LICENCE_REQUEST, PERSON, "/centre", 200, **acting)
        scenario.fill_visitor_request(operator, parts)
        parts = scenario.receive_visitor(operator, LICENCE_REQUEST, PERSON, "/centre", 200, **acting)
        scenario.sign_request(operator, scenario.fill_visitor_request(operator, parts), self.key("operator"))
        parts = scenario.receive_visitor(registrar, ATTACHMENT_REQUEST, PERSON)
        check = scenario.fill_visitor_request(registrar, parts, ATTACHMENT_REQUEST)
        case = scenario.sign_request(registrar, check, self.key("registrar"))
        page = scenario.review_case(registrar, scenario.request_number(case))
        scenario.sign_outcome(self.person("physician"), page, self.key("physician"))

    def _over_the_gateway(self, town: Linked) -> None:
        """Requests handed in by a centre's system, sent by the portal, paid at the payment gateway."""
        town.hand_in(town.request())
        number = town.hand_in(town.request()).number
        page = scenario.review_case(self.person("officer"), number)
        scenario.sign_outcome(self.person("signatory"), page, self.key("signatory"))
        applicant, key = self.person(PERSON), self.key("applicant")
        check = scenario.fill_request(applicant, ATTACHMENT_REQUEST)
        scenario.wait_until_registered(applicant, scenario.sign_request(applicant, check, key))
        check = scenario.fill_request(applicant)
        payment = applicant.submit(applicant.open(f"{scenario.case_url(check)}/payment"), "/payment")
        with requests.Session() as session:
            session.trust_env = False
            session.post(f"{payment.url}/pay", allow_redirects=False, timeout=60)
        while not applicant.open(f"{scenario.case_url(check)}/payment").url.endswith("/check"):
            time.sleep(0.5)
        scenario.sign_request(applicant, check, key)
        check = scenario.fill_request(applicant, LICENCE_REQUEST)
        applicant.submit(applicant.open(f"{scenario.case_url(check)}/payment"), "/payment")

    def _out_of_reach(self) -> None:
        """A request sent without an answer, a payment without a notice, no evidence, no look-up."""
        applicant, key = self.person(PERSON), self.key("applicant")
        scenario.sign_request(applicant, scenario.fill_request(applicant, ATTACHMENT_REQUEST), key)
        check = scenario.fill_request(applicant)
        page = applicant.open(f"{scenario.case_url(check)}/payment")
        applicant.submit(page, "/payment", expect=503)
        page = applicant.submit(applicant.open(f"{scenario.case_url(self.paid)}/check"), "/sign")
        scenario.review_case(self.person("officer"), scenario.request_number(applicant.sign(page, key)))
        scenario.receive_visitor(self.person("officer"), LICENCE_REQUEST, PERSON)


def provider_page(officer: Visitor, case: WebPage) -> WebPage:
    """Open the provider's page of a case."""
    return officer.open(f"/provider/cases/{case.url.rpartition('/')[2]}")


def large_file(name: str) -> tuple[str, bytes, str]:
    """A made-up paper document of more than 64 KB, which is stored in a blob."""
    data = BytesIO()
    canvas = Canvas(data, invariant=True, pageCompression=0)
    for page in range(30):
        for line in range(60):
            canvas.drawString(72, 790 - 12 * line, f"A made-up document: {name}, page {page}")
        canvas.showPage()
    canvas.save()
    return f"{name}.pdf", data.getvalue(), "application/pdf"
