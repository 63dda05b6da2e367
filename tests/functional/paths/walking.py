"""Who walks the tables: an applicant of either kind, whatever they ask for, and the provider that answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.casework.conftest import PAGES, START, YEAR, World, png

from egovdocs import casework
from egovdocs.content import Account, Case
from egovdocs.signing import Role
from egovdocs.signing.authority import IssuedKey

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
        world, office, site = self.world, self.world.office, self.world.site
        licence = self.licensed() if self.action in ("reissue", "duplicate") else None
        account = self.register()
        case = casework.open_case(office, site, account, self.service, self.action)
        for page, values in form(self.action, licence).items():
            assert casework.save_page(office, case, page, values) == ()
        for kind in office.service(self.service).attachments_for(self.action):
            if kind.required:
                casework.attach_file(office, case, kind.code, f"{kind.code}.png", png())
        world.tick()
        return case

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
        met = {requirement.code: grant for requirement in service.requirements}
        casework.set_checklist(office, case, officer, met)
        world.tick()
        if grant:
            casework.grant_case(office, site, case, officer)
        else:
            casework.refuse_case(office, site, case, officer, [service.grounds[-1].code], "Не подтверждено.")
        world.tick()
        world.sign(casework.offer_outcome(office, site, case, signatory), self.signatorys_key())
        return case

    def staff(self, role: str) -> Account:
        """The provider's one with the role."""
        found: Account | None = self.world.site["accounts"].get(role)
        return found or self.world.staff(role, role, provider=self.provider)

    def signatorys_key(self) -> IssuedKey:
        return self.employee("СТЕПАНОВА СОФЬЯ", Role.RIGHT_TO_SIGN)

    def employee(self, name: str, role: Role) -> IssuedKey:
        """The key of somebody who works for the provider."""
        return self.world.keys.authority.issue_employee(
            name,
            "871008401427",
            "Организация",
            self.provider,
            role=role,
            algorithm="ec",
            not_before=START - timedelta(days=1),
            not_after=START + YEAR,
        )
