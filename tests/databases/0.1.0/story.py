"""The life of the kept site: everything that people can do with version 0.1.0, over its own pages.

First with everything embedded, then over the stand-in of the gateway, and at last with everything outside out
of reach, so that payments, sent requests, evidence and letters are under way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import requests
from egovdocs.cli.demo_all import PERSON, Tour
from egovdocs.cli.demo_site import CLINIC_BIN, PASSWORD
from egovdocs.cli.running_site import GATEWAY, RunningGateway, RunningSite
from egovdocs.cli.visitor import Page, Visitor
from reportlab.pdfgen.canvas import Canvas
from tests.functional.test_handed_in import Linked

from egovdocs.cli import walk
from egovdocs.signing import Signer

UNKNOWN = "680503250034"  # the persons register knows nobody of this number
NOWHERE = "127.0.0.1:9"  # nobody answers there
OFFLINE = f"""\
# Nothing outside is in reach, so that the messages that wait in the outbox stay there.
egovdocs.timestamp_url = http://{NOWHERE}/
egovdocs.mail = smtp://{NOWHERE}
"""


class Story:
    """Makes the site in a folder.

    :param folder: gets the database, keys, trust store and ini file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = RunningSite(folder)
        self.base = (folder / "site.ini").read_text()

    def tell(self) -> None:
        with self.site:
            self._tour()
            self._registrations()
            self._drafts()
            self._queue()
            self._decisions()
            self._orders()
            self._staff()
            self._visitors()
            time.sleep(20)  # the workers take the evidence of what was signed
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

    # Who

    def key(self, name: str) -> Signer:
        return walk.key(self.site.keys, name)

    def person(self, login: str) -> Visitor:
        visitor = Visitor(self.site.url)
        walk.log_in(visitor, login)
        return visitor

    @property
    def clinic(self) -> tuple[Visitor, Signer]:
        return self.person(CLINIC_BIN), self.key("clinic")

    def asked(self, errand: walk.Errand = walk.LICENCE) -> Page:
        return walk.asked(self.person(PERSON), self.key("applicant"), errand)

    # What they do

    def _tour(self) -> None:
        """Every table with every action, as ``demo --all`` goes through them."""
        walk.register(Visitor(self.site.url), self.key("applicant"))

        def step(name: str, what: str, do: Callable[[], Any]) -> Any:
            print(name, what)
            return do()

        Tour(self.site, step).go()

    def _registrations(self) -> None:
        """An account asked for and not yet signed for, and a password that was wrong."""
        visitor = Visitor(self.site.url, "kk")
        page = visitor.open("/register")
        visitor.submit(page, "password", {"password": PASSWORD, "again": PASSWORD})
        wrong = {"login": PERSON, "password": "wrong"}
        visitor.submit(visitor.open("/login"), "password", wrong, expect=403)

    def _drafts(self) -> None:
        """Half filled in, filled in, at the bank, paid, offered for signing; of a person and of a clinic."""
        visitor = self.person(PERSON)
        page = visitor.open("/services/medical-licence")
        page = visitor.submit(page, "/services/medical-licence", {"action": "issue"})
        visitor.submit(page, "/form/applicant", walk.ADDRESS)
        walk.fill(visitor)
        check = walk.fill(visitor)
        visitor.submit(visitor.open(f"{walk.case_url(check)}/payment"), "/payment")
        self.paid = walk.fill(visitor)
        walk.pay(visitor, self.paid)
        walk.pay(visitor, walk.fill(visitor))
        check = walk.fill(visitor)
        walk.pay(visitor, check)
        visitor.submit(visitor.open(f"{walk.case_url(check)}/check"), "/sign")
        visitor.submit(walk.fill(visitor, walk.ATTACHMENT), "/sign")
        clinic, _key = self.clinic
        walk.fill(clinic)

    def _queue(self) -> None:
        """Registered with large files, claimed, handed over, given back, with remarks and answers."""
        small = walk.scan
        walk.scan = large_scan
        self.asked()
        walk.scan = small
        self.asked(walk.ATTACHMENT)
        clinic, key = self.clinic
        walk.asked(clinic, key)
        officer = self.person("officer")
        page = walk.claim(officer, walk.number_of(self.asked()))
        form = page.form("/review")
        half = {name: "met" for name in sorted(set(form.fields)) if name.startswith("requirement-")}
        half.popitem()
        officer.submit(page, "/review", {**half, "notes": "Ждём ответа санитарной службы."})
        page = walk.claim(officer, walk.number_of(self.asked()))
        (tag,) = {
            option.get("value")
            for option in page.tree.xpath("//main//select[@name='to']/option")
            if "Жумабаева" in option.text_content()
        }
        officer.submit(page, "/hand-over", {"to": tag, "note": "По договорённости."})
        page = walk.claim(officer, walk.number_of(self.asked()))
        officer.submit(page, "/release")
        self._remarks(officer)

    def _remarks(self, officer: Visitor) -> None:
        """One answered, one answer offered and not signed, one unanswered, one request withdrawn."""
        applicant, key = self.person(PERSON), self.key("applicant")
        cases = [self.asked() for _each in range(4)]
        for case in cases:
            page = walk.claim(officer, walk.number_of(case))
            walk.remark(officer, page, "Приложите план помещения.")
        answered, offered, _waiting, withdrawn = cases
        for case, signed in ((answered, True), (offered, False)):
            page = applicant.open(f"{case.url}/remark/1")
            page = applicant.submit(
                page, "/remark/1", {"text": "План приложен."}, {"files": large_scan("plan")}
            )
            if signed:
                applicant.sign(page, key)
        walk.remark(officer, walk_to(officer, answered), "План не подписан.")
        walk.withdraw(applicant, withdrawn, "Помещение не подошло.", key)
        page = applicant.open(f"{offered.url}/withdraw")
        applicant.submit(page, "/withdraw", {"reason": "Передумала."})

    def _decisions(self) -> None:
        """Granted and refused and not yet signed, some of them in a batch; an outcome nobody has opened."""
        officer, signatory = self.person("officer"), self.person("signatory")
        key = self.key("signatory")
        for met in (True, True, False, True):
            page = walk.review(officer, walk.number_of(self.asked()), met)
            if not met:
                walk.refuse(officer, page)
        page = signatory.open("/provider/to-sign")
        chosen = page.tree.xpath("//main//input[@name='case']/@value")[:3]
        batch = signatory.submit(page, "/to-sign", {"case": chosen})
        token = batch.tree.xpath("//*[@data-signing]/@data-document-url")[0].split("/")[2]
        signatory.sign(signatory.open(f"/signings/{token}"), key)
        page = walk.review(officer, walk.number_of(self.asked()))
        walk.sign_outcome(signatory, page, key)
        registrar, physician = self.person("registrar"), self.person("physician")
        case = self.asked(walk.ATTACHMENT)
        page = walk.review(registrar, walk.number_of(case))
        walk.sign_outcome(physician, page, self.key("physician"))
        walk.review(registrar, walk.number_of(self.asked(walk.ATTACHMENT)))
        applicant = self.person(PERSON)
        questions = applicant.open(f"{case.url}/questionnaire")
        answers = {
            name: questions.tree.xpath("//main//input[@type='radio' and @name=$name]/@value", name=name)[-1]
            for name in set(questions.tree.xpath("//main//input[@type='radio']/@name"))
        }
        applicant.submit(questions, "/questionnaire", answers)

    def _orders(self) -> None:
        """Of three licences: one suspended, one with an order of a later day, one with one not signed."""
        signatory, key = self.person("signatory"), self.key("signatory")
        numbers = []
        for _each in range(3):
            officer = self.person("officer")
            page = walk.review(officer, walk.number_of(self.asked()))
            walk.sign_outcome(signatory, page, key)
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
        """Turned away, half filled in, registered, and answered with the outcome still to be handed over."""
        officer, operator = self.person("officer"), self.person("operator")
        registrar = self.person("registrar")
        walk.receive(officer, walk.LICENCE, UNKNOWN, "/provider/visitors", 403)
        acting = {"representative": "991120400333", "power": "2026-0417-3"}
        parts = walk.receive(operator, walk.LICENCE, PERSON, "/centre", 200, **acting)
        walk.fill_for(operator, parts)
        parts = walk.receive(operator, walk.LICENCE, PERSON, "/centre", 200, **acting)
        walk.sign_request(operator, walk.fill_for(operator, parts), self.key("operator"))
        parts = walk.receive(registrar, walk.ATTACHMENT, PERSON)
        case = walk.sign_request(
            registrar, walk.fill_for(registrar, parts, walk.ATTACHMENT), self.key("registrar")
        )
        page = walk.review(registrar, walk.number_of(case))
        walk.sign_outcome(self.person("physician"), page, self.key("physician"))

    def _over_the_gateway(self, town: Linked) -> None:
        """Handed in by a centre's system, sent by the portal, paid at the payment gateway."""
        town.hand_in(town.request())
        number = town.hand_in(town.request()).number
        page = walk.review(self.person("officer"), number)
        walk.sign_outcome(self.person("signatory"), page, self.key("signatory"))
        applicant, key = self.person(PERSON), self.key("applicant")
        check = walk.fill(applicant, walk.ATTACHMENT)
        walk.arrived(applicant, walk.sign_request(applicant, check, key))
        check = walk.fill(applicant)
        payment = applicant.submit(applicant.open(f"{walk.case_url(check)}/payment"), "/payment")
        with requests.Session() as session:
            session.trust_env = False
            session.post(f"{payment.url}/pay", allow_redirects=False, timeout=60)
        while not applicant.open(f"{walk.case_url(check)}/payment").url.endswith("/check"):
            time.sleep(0.5)
        walk.sign_request(applicant, check, key)
        check = walk.fill(applicant, walk.LICENCE)
        applicant.submit(applicant.open(f"{walk.case_url(check)}/payment"), "/payment")

    def _out_of_reach(self) -> None:
        """Sent and not arrived, paid for and not heard of, registered without evidence, not yet looked up."""
        applicant, key = self.person(PERSON), self.key("applicant")
        walk.sign_request(applicant, walk.fill(applicant, walk.ATTACHMENT), key)
        check = walk.fill(applicant)
        page = applicant.open(f"{walk.case_url(check)}/payment")
        applicant.submit(page, "/payment", expect=503)
        page = applicant.submit(applicant.open(f"{walk.case_url(self.paid)}/check"), "/sign")
        walk.review(self.person("officer"), walk.number_of(applicant.sign(page, key)))
        walk.receive(self.person("officer"), walk.LICENCE, PERSON)


def walk_to(officer: Visitor, case: Page) -> Page:
    """The page of a case at the provider's."""
    return officer.open(f"/provider/cases/{case.url.rpartition('/')[2]}")


def large_scan(name: str) -> tuple[str, bytes, str]:
    """A made-up paper document of more than 64 KB, which is kept in a file of its own."""
    data = BytesIO()
    canvas = Canvas(data, invariant=True, pageCompression=0)
    for page in range(30):
        for line in range(60):
            canvas.drawString(72, 790 - 12 * line, f"A made-up document: {name}, page {page}")
        canvas.showPage()
    canvas.save()
    return f"{name}.pdf", data.getvalue(), "application/pdf"
