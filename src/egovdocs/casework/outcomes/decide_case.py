"""Decide a case: grant it, or refuse it with coded grounds and a reason (C4 of table A1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake, Problems
from egovdocs.casework.notices.notify_staff import notify_of_work, notify_staff
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.replaced_licence import (
    LICENCE_GONE,
    find_licence_problem,
    first_issued_on,
    former_outcome,
    replaced_licence,
    site_of,
)
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.review.remark_case import check_may_answer_first, resume_clock
from egovdocs.casework.review.review_case import check_provider, check_reviewer, record_desk_action
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import Account, Case, CaseState, Decision, Site, next_number
from egovdocs.schemas import DocumentProblems, make_outcome, make_refusal
from egovdocs.schemas.identifiers import request_number

_ = TranslationStringFactory("egovdocs")

MAX_TEXT = 4000


def grant_case(office: Office, site: Site, case: Case, account: Account, conditions: str = "") -> Case:
    """Decide to grant a request; a signatory then signs the outcome.

    :param conditions: special conditions that the outcome names.
    :raises Mistake: a requirement is not marked as met.
    :raises Decided: it is decided already, or another officer reviews it.
    """
    check_reviewer(office, case, account)
    requirements = office.edition_of(case).requirements
    if not all((case.checklist or {"met": {}})["met"].get(requirement.code) for requirement in requirements):
        raise Mistake(_("A request is granted when every requirement is marked as met."))
    if find_licence_problem(office, case, case.values):
        raise Mistake(LICENCE_GONE)
    return _decide(office, site, case, account, granted=True, conditions=conditions.strip())


def refuse_case(
    office: Office, site: Site, case: Case, account: Account, grounds: Sequence[str], reason: str
) -> Case:
    """Decide to refuse a request; a signatory then signs the reasoned refusal.

    :param grounds: codes of the service's grounds, at least one.
    :param reason: the reason in the officer's own words.
    :raises Mistake: there is no ground, an unknown one, or no reason.
    :raises Decided: it is decided already, or another officer reviews it.
    """
    check_reviewer(office, case, account)
    known = [ground.code for ground in office.edition_of(case).grounds]
    if not grounds or set(grounds) - set(known):
        raise Mistake(_("Choose at least one ground."))
    if not reason.strip():
        raise Mistake(_("Give the reason in your own words."))
    check_may_answer_first(office, case)
    chosen = tuple(code for code in known if code in grounds)
    return _decide(office, site, case, account, granted=False, grounds=chosen, reason=reason.strip())


def return_case(office: Office, site: Site, case: Case, account: Account) -> Case:
    """Take a decision back before it is signed: the same officer reviews the case again.

    :raises Decided: there is no unsigned decision.
    :raises Mistake: the account is not of the provider.
    """
    check_provider(office, case, account)
    with exclusive_transaction(site):
        if case.state is not CaseState.AWAITING_SIGNATURE:
            raise Decided(_("There is no decision that waits for a signature."))
        case.state = CaseState.IN_REVIEW
        record_desk_action(office, case, account, "returned")
        procedure_run(office, case).enter("review", office.clock(), account.login)
        site.cases.reindex(case)
        notify_staff(office, site, case, "returned", by=account)
    return case


def draft_outcome(office: Office, case: Case, signatory: str, day: date) -> bytes:
    """Return the unsigned outcome or refusal of a decided case, made by the service from the signed request.

    The same decision, signatory and day give the same bytes.

    :param signatory: the full name of the person who will sign.
    :param day: the date of the document.
    """
    decision = case.decision
    assert decision is not None, "only a decided case has an outcome"
    service = office.edition_of(case)
    decision_type = service.document_types["decision"]
    request = read_document(case, "request")
    values: dict[str, object] = {
        "service": case.service,
        "outcome": "grant" if decision.granted else "refuse",
        "number": decision.number,
        "date": day.isoformat(),
        "request": {"number": case.number, "sha256": case.documents["request"].sha256},
        "signatory": {"name": signatory},
    }
    if not decision.granted:
        values |= {"grounds": {"ground": list(decision.grounds)}, "reason": decision.reason}
        return make_refusal(service, request, decision_type.build(values))
    values |= {"firstIssuedOn": day.isoformat(), "conditions": decision.conditions}
    former = None
    if replaced := replaced_licence(site_of(case), service, service.request.read(request)):
        former = former_outcome(office, case, replaced)
        values["firstIssuedOn"] = first_issued_on(site_of(case), replaced).isoformat()
    return make_outcome(service, request, decision_type.build(values), former)


def _decide(
    office: Office,
    site: Site,
    case: Case,
    account: Account,
    *,
    granted: bool,
    conditions: str = "",
    grounds: tuple[str, ...] = (),
    reason: str = "",
) -> Case:
    if max(len(conditions), len(reason)) > MAX_TEXT:
        raise Mistake(_("The text is longer than ${longest} characters.", mapping={"longest": MAX_TEXT}))
    with exclusive_transaction(site):
        check_reviewer(office, case, account)
        now = office.clock()
        resume_clock(office, case, now)
        # A decision that was taken back and made again keeps its number, so that no number is lost.
        earlier = case.decision
        if earlier and earlier.granted == granted:
            number = earlier.number
        else:
            number = _new_number(office, site, case, granted=granted)
        case.decision = Decision(
            granted=granted,
            number=number,
            by=account.login,
            at=now,
            grounds=grounds,
            reason=reason,
            conditions=conditions,
        )
        try:
            draft_outcome(office, case, account.name, office.today())
        except DocumentProblems as found:
            raise Problems(_("The text has characters that are not allowed."), found.problems) from None
        record_desk_action(office, case, account, "granted" if granted else "refused")
        case.state = CaseState.AWAITING_SIGNATURE
        run = procedure_run(office, case)
        run.answer_condition("review", granted, now, account.login)
        run.enter("grant" if granted else "refuse", now, account.login)
        site.cases.reindex(case)
        notify_of_work(office, site, case, "sign")
    return case


def _new_number(office: Office, site: Site, case: Case, *, granted: bool) -> str:
    series = office.edition_of(case).licence_series
    if granted and series:
        return office.numbering.next_licence_number(site, series)
    year = office.today().year
    kind = f"outcomes/{case.service}" if granted else "refusals"
    return request_number(year, next_number(site, f"{kind}/{year}"))
