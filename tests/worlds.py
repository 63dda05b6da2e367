"""Assembled sites: the world of the use cases, and the application over a demo site."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import transaction
from tests.factories import PAGES, PASSWORD, PROVIDER, Clock, Keys, certificates, png
from tests.shortcuts import load_key
from transaction.interfaces import TransientError
from webtest import TestApp

from egovdocs import main
from egovdocs.app.site_root import shut_down
from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.accounts.register_applicant import new_challenge
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.decide_case import grant_case, refuse_case
from egovdocs.casework.outcomes.issue_outcome import offer_outcome
from egovdocs.casework.payments.pay_fee import receive_payment_notice, start_payment
from egovdocs.casework.requests.attach_file import attach_file
from egovdocs.casework.requests.draft_request import find_problems
from egovdocs.casework.requests.open_case import open_case
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.requests.submit_request import offer_request
from egovdocs.casework.review.review_case import claim_case, set_checklist
from egovdocs.casework.signatures.sign_document import complete_signing, prepare_signing, upload_signed
from egovdocs.casework.transactions import commit_and_begin
from egovdocs.casework.verification.examine_document import Verdict, examine_document
from egovdocs.content import (
    Account,
    Case,
    JournalEntry,
    Signing,
    Site,
)
from egovdocs.integrations.payments.embedded_payment_gateway import EmbeddedBank
from egovdocs.integrations.payments.payment_port import PaymentNotice
from egovdocs.sandbox.authority import IssuedKey
from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.sandbox.demo_people import PASSWORD as DEMO_PASSWORD
from egovdocs.sandbox.demo_site import ensure_demo_site
from egovdocs.settings import Settings
from egovdocs.signing import Signer, prepare, sign


@dataclass
class CaseWorld:
    """The site as one request's connection sees it, and how the people of these tests act on it."""

    office: Office
    keys: Keys
    clock: Clock
    site: Site
    manager: transaction.TransactionManager
    accounts: dict[str, Account] = field(default_factory=dict)

    def commit(self) -> None:
        self.manager.commit()
        self.manager.begin()

    def signed(self, document: bytes, key: IssuedKey) -> bytes:
        prepared = prepare(document, key.certificate, chain=key.signer.chain, at=self.clock())
        return prepared.complete(key.signer.sign(prepared.signed_info))

    def sign(self, signing: Signing, key: IssuedKey) -> Account | Case:
        """Sign in the browser."""
        certificate, *chain = certificates(key)
        prepared = prepare_signing(self.office, self.site, signing, certificate, chain)
        self.commit()
        return complete_signing(self.office, self.site, signing, key.signer.sign(prepared.signed_info))

    def register(self, key: IssuedKey) -> Account:
        signing = new_challenge(self.office, self.site, PASSWORD)
        self.commit()
        account = self.sign(signing, key)
        assert isinstance(account, Account)
        self.tick()
        return account

    def staff(self, login: str, *roles: str, provider: str = PROVIDER, iin: str | None = None) -> Account:
        account = add_staff(self.site, login, PASSWORD, login.title(), roles, provider, iin)
        self.commit()
        return account

    def draft(self, account: Account) -> Case:
        """A complete draft."""
        log_in(self.office, self.site, account.login, PASSWORD)
        self.commit()
        case = open_case(self.office, self.site, account, "medical-licence", "issue")
        for page, values in PAGES.items():
            assert save_page(self.office, case, page, values) == ()
        for kind in ("premises", "sanitary-conclusion", "equipment", "staff"):
            attach_file(self.office, case, kind, f"{kind}.png", png())
        self.tick()
        return case

    def pay(self, case: Case) -> None:
        start_payment(self.office, self.site, case)
        self.tick()
        receive_payment_notice(self.office, self.site, self.notice(case))

    def notice(self, case: Case, amount: str = "39320", key: IssuedKey | None = None) -> bytes:
        assert case.payment is not None
        bank = EmbeddedBank((key or self.keys.bank).signer)
        return bank.sign_notice(
            PaymentNotice(
                reference=case.payment.reference,
                amount=Decimal(amount),
                currency="KZT",
                paid_at=self.clock(),
                transaction="T-1",
            )
        )

    def submit(self, case: Case, key: IssuedKey) -> Case:
        account = self.site["accounts"][case.account]
        signing = offer_request(self.office, self.site, case, account)
        self.tick()
        result = self.sign(signing, key)
        assert isinstance(result, Case)
        return result

    def submitted(self) -> Case:
        """A registered request."""
        case = self.draft(self.register(self.keys.applicant))
        self.pay(case)
        return self.submit(case, self.keys.applicant)

    def granted(self, officer: Account) -> Case:
        """A request that was decided to be granted."""
        case = self.submitted()
        claim_case(self.office, self.site, case, officer)
        self.tick()
        return self.grant(case, officer)

    def grant(self, case: Case, officer: Account) -> Case:
        """Decide a case under review: every requirement is met."""
        requirements = self.office.edition_of(case).requirements
        set_checklist(self.office, case, officer, {r.code: True for r in requirements})
        return grant_case(self.office, self.site, case, officer)

    def issue(self, case: Case, signatory: Account, key: IssuedKey | None = None) -> Case:
        """Sign the outcome of a decided case."""
        signing = offer_outcome(self.office, self.site, case, signatory)
        self.sign(signing, key or self.keys.signatory)
        return case

    def is_genuine(self, document: bytes) -> bool:
        finding = examine_document(self.office, self.site, document)
        return finding.verdict is Verdict.GENUINE

    def tick(self) -> None:
        """A minute passes, and what was done is kept."""
        self.clock.now += timedelta(minutes=1)
        self.commit()


def steps(journal: Iterable[JournalEntry]) -> str:
    """A journal in short: ``P1 C1+ P3 P4 C2-``, the step it stands at in brackets."""
    marks = {"done": "", "yes": "+", "no": "-", "left": "?"}
    return " ".join(e.step + marks[e.event] if e.event else f"({e.step})" for e in journal)


def together(worlds: list[CaseWorld], do: Callable[[CaseWorld], str]) -> list[str]:
    """Do something on several connections at the same time."""
    barrier, results = Barrier(len(worlds)), []

    def run(world: CaseWorld) -> None:
        barrier.wait(60)
        try:
            results.append(do(world))
        except Exception as problem:  # the test shows it
            results.append(repr(problem))

    threads = [Thread(target=run, args=(world,)) for world in worlds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


CLINIC_PAGES = {
    "applicant": {
        "address": {"region": "47", "locality": "г. Актау", "street": "15-й микрорайон, дом 8"},
    },
    "activities": {"activity": ["therapy", "paediatrics"]},
    "sites": {
        "site": [
            {
                "name": "Клиника «Шипа»",
                "address": {"region": "47", "locality": "г. Актау", "street": "27-й микрорайон, дом 3"},
            }
        ]
    },
    "contacts": {"phone": "+7 701 000 00 01", "email": "clinic@example.test"},
    "declarations": {"truthful": True, "mayPractise": True, "personalData": True},
}


SECRET = "a secret of the tests, thirty-two letters"


def ini_of(folder: Path) -> dict[str, str]:
    """The ini section of a demo site in a folder."""
    return {
        "egovdocs.site_url": "http://localhost",
        "egovdocs.database": f"file://{folder / 'site'}",
        "egovdocs.session_secret": SECRET,
        "egovdocs.trust": str(folder / "trust"),
        "egovdocs.seal_key": str(folder / "keys" / "seal.p12"),
        "egovdocs.seal_password": SECRET,
        "egovdocs.timestamp_key": str(folder / "keys" / "tsa.p12"),
        "egovdocs.timestamp_password": SECRET,
        "egovdocs.bank_certificate": str(folder / "keys" / "bank.pem"),
        "egovdocs.bank_key": str(folder / "keys" / "bank.p12"),
        "egovdocs.bank_password": SECRET,
        "egovdocs.mail": f"file://{folder / 'mail'}",
        "egovdocs.demo": "true",
        "egovdocs.demo_folder": str(folder / "demo"),
        "egovdocs.monthly_index": "2013-01-01 = 1731\n2025-01-01 = 3932",
        "egovdocs.max_file_bytes": "1048576",
    }


@dataclass(frozen=True)
class WebWorld:
    """The application, and a back door to what it works on."""

    application: Any
    folder: Path

    @property
    def office(self) -> Office:
        return self.application.registry["office"]

    @contextmanager
    def site(self) -> Iterator[Site]:
        """The object tree in a transaction of its own."""
        with self.application.registry["database"].transaction() as connection:
            yield connection.root()["site"]

    def browser(self, login: str | None = None) -> TestApp:
        """A browser, in English; logged in if a login is given."""
        browser = TestApp(self.application, extra_environ={"HTTP_ACCEPT_LANGUAGE": "en"})
        if login is not None:
            form = next(form for form in browser.get("/login").forms.values() if "password" in form.fields)
            form["login"], form["password"] = login, DEMO_PASSWORD
            form.submit(status=303)
        return browser

    def key(self, name: str) -> Signer:
        """A demo person's key."""
        return load_key(self.folder / "demo" / "keys" / f"{name}.p12", DEMO_PASSWORD)

    def drafted(self, values: dict[str, Any] = CLINIC_PAGES) -> str:
        """The reference of a case of the clinic's, filled in and asked to be paid."""
        with self.site() as site:
            account = site["accounts"][CLINIC_BIN]
            case = open_case(self.office, site, account, "medical-licence", "issue")
            for page, answers in values.items():
                save_page(self.office, case, page, answers)
            for kind in self.office.service("medical-licence").attachments_for("issue", "portal"):
                if kind.required:
                    attach_file(self.office, case, kind.code, f"{kind.code}.png", png())
            assert not find_problems(self.office, case)
            start_payment(self.office, site, case)
            return case.reference

    def notice(self, reference: str, /, **changed: Any) -> bytes:
        """The bank's signed notice of a case's payment."""
        with self.site() as site:
            payment = site["cases"][reference].payment
            told = {
                "reference": payment.reference,
                "amount": payment.amount,
                "currency": payment.currency,
                "paid_at": datetime.now(UTC),
                "transaction": "T1",
            }
        return self.application.registry["bank"].sign_notice(PaymentNotice(**{**told, **changed}))

    def paid(self) -> str:
        reference, notice = (drafted := self.drafted()), self.notice(drafted)
        return self._do(reference, lambda site, case: receive_payment_notice(self.office, site, notice))

    def registered(self) -> str:
        return self._do(self.paid(), self._submit)

    def decided(self, grant: bool = True) -> str:
        return self._do(self.registered(), lambda site, case: self._decide(site, case, grant))

    def answered(self, grant: bool = True) -> str:
        return self._do(self.decided(grant), self._issue)

    def proven(self) -> str:
        """An answered case, each of whose documents has its evidence."""
        reference, deadline = self.answered(), time.monotonic() + 120
        while time.monotonic() < deadline:
            with self.site() as site:
                if all(document.evidence for document in site["cases"][reference].documents.values()):
                    return reference
            time.sleep(0.05)
        raise AssertionError("no evidence was taken")

    def _do(self, reference: str, what: Callable[[Site, Case], None]) -> str:
        """Again when it collides with the outbox's workers, as a request to the site is (pyramid_retry)."""
        for left in (2, 1, 0):
            try:
                with self.site() as site:
                    what(site, site["cases"][reference])
                break
            except TransientError:
                if not left:
                    raise
        return reference

    def _submit(self, site: Site, case: Case) -> None:
        account = site["accounts"][case.account]
        signing = offer_request(self.office, site, case, account)
        commit_and_begin(site)
        upload_signed(self.office, site, signing, sign(signing.document, self.key("clinic")))

    def _decide(self, site: Site, case: Case, grant: bool) -> None:
        officer, service = site["accounts"]["officer"], self.office.edition_of(case)
        claim_case(self.office, site, case, officer)
        met = {requirement.code: grant for requirement in service.requirements}
        set_checklist(self.office, case, officer, met)
        commit_and_begin(site)
        if grant:
            grant_case(self.office, site, case, officer)
        else:
            grounds = [service.grounds[0].code]
            refuse_case(self.office, site, case, officer, grounds, "Нет диплома врача.")

    def _issue(self, site: Site, case: Case) -> None:
        signatory = site["accounts"]["signatory"]
        signing = offer_outcome(self.office, site, case, signatory)
        commit_and_begin(site)
        upload_signed(self.office, site, signing, sign(signing.document, self.key("signatory")))


@contextmanager
def opened(ini: dict[str, str], folder: Path) -> Iterator[WebWorld]:
    """A demo site."""
    ensure_demo_site(Settings.read(ini), lambda step: None)
    application = main({}, **ini)
    yield WebWorld(application, folder)
    shut_down(application)


@contextmanager
def connected(folder: Path, settings: dict[str, str], **office: Any) -> Iterator[WebWorld]:
    """A demo site that is connected to a gateway which nobody serves.

    :param office: what its office has in the place of what the settings say.
    """
    keys = folder / "demo" / "gateway"
    ini = ini_of(folder) | {
        "egovdocs.gateway_url": "http://127.0.0.1:9",
        "egovdocs.gateway_certificate": str(keys / "gateway.pem"),
        "egovdocs.gateway_key": str(keys / "site.p12"),
        "egovdocs.gateway_password": DEMO_PASSWORD,
        "egovdocs.gateway_sender": "egovdocs",
        "egovdocs.gateway_sender_password": "password of the site",
    }
    with opened(ini | settings, folder) as world:
        registry = world.application.registry
        registry["office"] = replace(registry["office"], **office)
        yield world
