"""Beginning a request: the service is chosen (P3 of table A1), a draft opened."""

from __future__ import annotations

from translationstring import TranslationStringFactory

from egovdocs.casework.accounts.log_in import begin_journal
from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.payments.pay_fee import CANNOT_BE_PAID, can_be_paid
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import Account, Case, Site
from egovdocs.schemas.identifiers import kind_of

_ = TranslationStringFactory("egovdocs")


PORTAL = "portal"


def open_case(
    office: Office, site: Site, account: Account, service: str, action: str, language: str | None = None
) -> Case:
    """Open a draft for an applicant who has logged in, which is to go by the portal.

    The log-in that led here (P1, C1) opens the case's journal.

    :param language: they ask in, and are answered in; if not given, that of their registration.
    :raises Mistake: the portal has no such service or action, or the service is not for such applicants,
        or its fee can't be paid.
    """
    chosen = office.service(service)
    if action not in chosen.actions or PORTAL not in chosen.channels:
        raise Mistake(_("There is no such service."))
    if "applicant" not in account.roles or account.identifier is None:
        raise Mistake(_("Only an applicant's account can ask for a service."))
    kind = kind_of(account.identifier)
    if kind not in chosen.applicants:
        raise Mistake(_("This service is for others: see who may ask for it."))
    if not can_be_paid(office, chosen, action, PORTAL):
        raise Mistake(CANNOT_BE_PAID)
    case = Case(
        service=service,
        edition=chosen.edition,
        action=action,
        channel=PORTAL,
        provider=chosen.provider.bin,
        applicant=account.identifier,
        account=account.login,
        created_at=office.clock(),
        language=language or account.language,
    )
    case.values["applicant"] = {"kind": kind, "identifier": account.identifier, "name": account.name}
    run = procedure_run(office, case)
    begin_journal(office, account, run)
    run.enter("form", office.clock(), account.login)
    with exclusive_transaction(site):
        site.editions.use(chosen)
        site.cases.add(case)
    return case
