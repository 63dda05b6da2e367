"""Begin a request: the applicant chose a service (P3 of table A1), and a draft is opened."""

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
    """Open a draft for a logged-in applicant, through the portal.

    The case's journal begins with the applicant's log-in (P1, C1).

    :param language: the language of the request and its answer; that of the account if not given.
    :raises Mistake: the portal has no such service or action, the service is not for such applicants, or its
        fee cannot be paid.
    """
    chosen = office.service(service)
    if action not in chosen.actions or PORTAL not in chosen.channels:
        raise Mistake(_("There is no such service."))
    if "applicant" not in account.roles or account.identifier is None:
        raise Mistake(_("Only an applicant's account can request a service."))
    kind = kind_of(account.identifier)
    if kind not in chosen.applicants:
        raise Mistake(_("This service is for other applicants: see who may request it."))
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
