"""Begin the request of a person who has come in person (P3 of table A2, P2 of A3 and B2)."""

from __future__ import annotations

from collections.abc import Iterator

from translationstring import TranslationStringFactory

from egovdocs.casework.accounts.log_in import begin_journal
from egovdocs.casework.errors import Mistake, Problems
from egovdocs.casework.office import Office
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import Account, Case, Site
from egovdocs.schemas import Problem, ServiceEdition
from egovdocs.schemas.identifiers import find_fault, is_iin, kind_of
from egovdocs.schemas.wording import MISSING, NOT_FOR_THIS_KIND

_ = TranslationStringFactory("egovdocs")

RECEIVING = {"provider": "officer", "centre": "operator"}
"""The channels for people who come in person, and the role of the employee who receives them."""


def services_received(office: Office, account: Account, channel: str) -> tuple[ServiceEdition, ...]:
    """Return the services that an officer (of their own provider) or an operator accepts requests for.

    :param channel: one of :data:`RECEIVING`.
    """
    if RECEIVING[channel] not in account.roles or account.provider is None:
        return ()
    return tuple(
        service
        for service in office.services_in_force().values()
        if channel in service.channels and (channel == "centre" or service.provider.bin == account.provider)
    )


def receive_visitor(
    office: Office,
    site: Site,
    account: Account,
    channel: str,
    service: str,
    action: str,
    identifier: str,
    *,
    language: str,
    representative: str = "",
    power: str = "",
) -> Case:
    """Open a request for a visitor; the next step is the look-up in the state registers.

    :param channel: "provider" or "centre".
    :param identifier: the applicant's IIN or BIN.
    :param language: the language of the request and its answer.
    :param representative: the IIN of the representative who has come, if the table looks up powers of
        attorney.
    :param power: the number of the power of attorney.
    :raises Problems: a number is wrong, or the service is for other applicants.
    :raises Mistake: this account does not accept such requests.
    """
    chosen = office.service(service)
    if chosen not in services_received(office, account, channel) or action not in chosen.actions:
        raise Mistake(_("You do not accept requests for this service."))
    identifier, representative = "".join(identifier.split()), "".join(representative.split())
    power = power.strip()
    if problems := tuple(_find_problems(chosen, channel, identifier, representative, power)):
        raise Problems(_("Some answers are missing or wrong."), problems)
    assert account.provider is not None, "whoever accepts requests has an employer"
    case = Case(
        service=service,
        edition=chosen.edition,
        action=action,
        channel=channel,
        provider=chosen.provider.bin,
        applicant=identifier,
        account=account.login,
        created_at=office.clock(),
        language=language,
        received_by=account.provider,
    )
    case.values["applicant"] = {"kind": kind_of(identifier), "identifier": identifier}
    if representative:
        case.values["representative"] = {"iin": representative, "power": power}
    case.values["reception"] = {
        "name": account.name,
        "bin": account.provider,
        "organisation": (account.organisation or chosen.provider.title)[language],
    }
    run = procedure_run(office, case)
    begin_journal(office, account, run)
    run.enter("form", office.clock(), account.login)
    run.enter("lookup", office.clock())
    with exclusive_transaction(site):
        site.editions.use(chosen)
        site.cases.add(case)
    return case


def _find_problems(
    service: ServiceEdition, channel: str, identifier: str, representative: str, power: str
) -> Iterator[Problem]:
    request = service.request
    if fault := find_fault(identifier):
        yield Problem("applicant/identifier", fault)
    elif kind_of(identifier) not in service.applicants:
        yield Problem("applicant/identifier", NOT_FOR_THIS_KIND)
    if not (representative or power) or service.channels[channel].step_for("powers") is None:
        return
    if fault := find_fault(representative, is_iin):
        yield Problem("representative/iin", fault)
    if not power:
        yield Problem(
            "representative/power", MISSING.with_values(label=request.field("representative/power").label)
        )
