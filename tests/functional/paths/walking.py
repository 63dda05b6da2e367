"""Who walks the tables: an applicant of either kind, who asks for anything, and those who answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.casework.conftest import ANOTHER, APPLICANT, COMPANY, PAGES, PASSWORD, World, png

from egovdocs import casework
from egovdocs.content import Account, Case
from egovdocs.signing import Role
from egovdocs.signing.authority import IssuedKey

CENTRE = "131040001006"
UNKNOWN = {"natural": "930609350794", "legal": "120540000567"}
COMMON = {name: PAGES[name] for name in ("applicant", "contacts")}
ATTACHMENT = {
    **COMMON,
    "choice": {"clinic": "akbota", "reason": "first"},
    "declarations": {"truthful": True, "oneClinic": True, "personalData": True},
}


def form(action: str, licence: str | None) -> dict[str, Mapping[str, Any]]:
    """What an applicant fills in, by page."""
    if action == "attach":
        return ATTACHMENT
    if action == "issue":
        return PAGES
    if action == "reissue":
        return {**PAGES, "reissue": {"licence": licence, "reason": "site-loss", "since": "2026-05-20"}}
    own = {"licence": licence, "reason": "lost"}
    return {**COMMON, "declarations": PAGES["declarations"], "duplicate": own}


@dataclass
class Applicant:
    """An applicant of one kind who asks for one thing, and the provider that answers.

    :ivar key: the applicant's own.
    """

    world: World
    kind: str
    action: str
    service: str

    def __post_init__(self) -> None:
        self.key: IssuedKey = getattr(
            self.world.keys, {"natural": "applicant", "legal": "company"}[self.kind]
        )
        self.provider = self.world.office.service(self.service).provider.bin

    def register(self) -> Account:
        return self.world.register(self.key)

    def licensed(self) -> str:
        """The number of a licence the applicant has."""
        case = Applicant(self.world, self.kind, "issue", self.service).granted()
        assert case.licence is not None
        return case.licence

    def draft(self) -> Case:
        """P3: filled in, with its documents."""
        world, office = self.world, self.world.office
        licence = self.licensed() if self.action in ("reissue", "duplicate") else None
        case = self.open()
        for page, values in form(self.action, licence).items():
            assert casework.save_page(office, case, page, values) == ()
        asked = office.service(self.service).attachments_for(self.action, case.channel)
        wanted = [kind.code for kind in asked if kind.required]
        for code in wanted:
            casework.attach_file(office, case, code, f"{code}.png", png())
        if case.received_by is not None:
            casework.mark_papers(office, case, wanted)
        world.tick()
        return case

    def open(self) -> Case:
        """A new request."""
        account = self.register()
        return casework.open_case(self.world.office, self.world.site, account, self.service, self.action)

    def paid(self) -> Case:
        """As far as the fee, if there is one."""
        case = self.draft()
        if self.world.office.fee(self.service, self.action):
            casework.start_payment(self.world.office, self.world.site, case)
            self.world.tick()
            assert case.payment is not None
            notice = self.world.notice(case, str(case.payment.amount))
            casework.take_payment_notice(self.world.office, self.world.site, notice)
        return case

    def registered(self) -> Case:
        return self.world.submit(self.paid(), self.key)

    def granted(self) -> Case:
        return self.answer(self.registered())

    def refused(self) -> Case:
        return self.answer(self.registered(), grant=False)

    def answer(self, case: Case, *, grant: bool = True) -> Case:
        """The provider's condition, by an officer; and the outcome, by the signatory."""
        world, office, site = self.world, self.world.office, self.world.site
        officer, signatory = self.staff("officer"), self.staff("signatory")
        casework.claim_case(office, site, case, officer)
        service = office.service(case.service)
        world.tick()
        if grant:
            world.grant(case, officer)
        else:
            casework.refuse_case(office, site, case, officer, [service.grounds[-1].code], "Не подтверждено.")
        world.tick()
        return world.issue(case, signatory, self.signatorys_key())

    def staff(self, role: str) -> Account:
        """The provider's one with the role."""
        found: Account | None = self.world.site["accounts"].get(role)
        return found or self.world.staff(role, role, provider=self.provider)

    def signatorys_key(self) -> IssuedKey:
        return self.employee("СТЕПАНОВА СОФЬЯ", Role.RIGHT_TO_SIGN)

    def employee(self, name: str, role: Role) -> IssuedKey:
        """The key of somebody who works for the provider."""
        return self.world.keys.employee(name, self.provider, role)


@dataclass
class InPerson(Applicant):
    """The same, come in person: to an officer of the provider or to an operator of the centre.

    :ivar channel: "provider" or "centre".
    :ivar power: the number of a representative's power of attorney.
    """

    channel: str = "provider"
    power: str = ""

    def receiver(self) -> Account:
        """The officer or operator, logged in."""
        role = casework.RECEIVING[self.channel]
        employer = CENTRE if self.channel == "centre" else self.provider
        account: Account | None = self.world.site["accounts"].get(f"receiving-{role}")
        if account is None:
            account = self.world.staff(f"receiving-{role}", role, provider=employer, iin=ANOTHER)
        casework.log_in(self.world.office, self.world.site, account.login, PASSWORD)
        self.world.tick()
        return account

    def receive(self, *, known: bool = True) -> Case:
        """The officer or operator begins the request."""
        case = casework.receive_visitor(
            self.world.office,
            self.world.site,
            self.receiver(),
            self.channel,
            self.service,
            self.action,
            (COMPANY if self.kind == "legal" else APPLICANT) if known else UNKNOWN[self.kind],
            language="ru",
            representative=ANOTHER if self.power else "",
            power=self.power,
        )
        self.world.tick()
        return case

    def open(self) -> Case:
        """A new request, its applicant looked up."""
        return casework.look_up_applicant(self.world.office, self.world.site, self.receive())

    def registered(self) -> Case:
        """Signed by who took it down, or sealed, as the table says."""
        office, site, case = self.world.office, self.world.site, self.draft()
        if not casework.is_signed_by_person(office, case):
            return casework.seal_request(office, site, case)
        account = site["accounts"][case.account]
        return self.world.submit(case, self.world.keys.employee("СОТРУДНИКОВ САБИТ", account.provider))

    def handed_out(self) -> Case:
        """Granted, and given to the applicant where they asked."""
        case = self.granted()
        casework.hand_out(self.world.office, self.world.site, case, self.receiver())
        return case
