"""Remarks to the applicant and the answers to them, each a signed document of the case.

A remark is sealed by the site, as a receipt is: officers who review need no key of their own. An answer is
signed by the applicant, as the request was; a visitor's answer is entered by an employee and sealed.

Where the service provides for it, the first remark suspends the time limit. The deadline is then moved by the
days that the applicant may take, and moved back by the days they did not take; so no running clock has to be
kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake, WrongFile
from egovdocs.casework.notices.notify_applicant import notify, schedule_deadline_reminder
from egovdocs.casework.notices.notify_staff import notify_staff
from egovdocs.casework.office import Office
from egovdocs.casework.requests.attach_file import check_file_content
from egovdocs.casework.requests.media import clean_name
from egovdocs.casework.review.review_case import check_provider, check_reviewer, record_desk_action
from egovdocs.casework.signatures.accept_signed import accept_signed, acceptance_record
from egovdocs.casework.signatures.check_certificate import find_applicant_mismatch, find_trust_problem
from egovdocs.casework.signatures.draft_document import draft_document, request_reference
from egovdocs.casework.signatures.offer_signing import offer, offered_case
from egovdocs.casework.signatures.store_document import seal_document, store_document
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import Account, Attachment, Case, CaseState, Remark, Signing, Site, store
from egovdocs.signing import holder

_ = TranslationStringFactory("egovdocs")

MAX_FILES = 10
ANSWERABLE = frozenset({CaseState.REGISTERED, CaseState.IN_REVIEW})


def make_remark(office: Office, site: Site, case: Case, account: Account, text: str) -> Remark:
    """Ask the applicant to correct or explain something.

    :param text: the remark.
    :raises Mistake: there is no text, or the case is not under review.
    :raises Decided: it is decided already, or another officer reviews it.
    """
    check_reviewer(office, case, account)
    if not text.strip():
        raise Mistake(_("Write what the applicant is to correct or explain."))
    with exclusive_transaction(site):
        check_reviewer(office, case, account)
        rules, now, today = office.edition_of(case).remarks, office.clock(), office.today()
        assert case.deadline is not None, "what is under review has a deadline"
        stops = rules.stop_clock and not case.remarks and today <= case.deadline
        days = rules.working_days
        remark = Remark(
            number=len(case.remarks) + 1,
            by=account.login,
            at=now,
            answer_by=office.calendar.add_working_days(today, days) if days else None,
            stopped=case.deadline if stops else None,
        )
        edition = office.edition_of(case)
        document = draft_document(
            edition,
            "remark",
            request_reference(case)
            | {
                "ordinal": remark.number,
                "madeAt": now.isoformat(timespec="seconds"),
                "text": text.strip(),
                "answerBy": remark.answer_by and remark.answer_by.isoformat(),
                "stopsClock": stops,
                "officer": account.name,
                "provider": edition.provider.named,
            },
        )
        store_document(office, site, case, f"remark-{remark.number}", *seal_document(office, document))
        if stops and days:
            case.deadline = office.calendar.add_working_days(case.deadline, days)
        case.remarks = (*case.remarks, remark)
        record_desk_action(office, case, account, "remarked")
        notify(office, site, case, "remark")
        site.cases.reindex(case)
    return remark


def open_remark(case: Case, number: int) -> Remark:
    """Return a remark that can be answered.

    :raises Decided: it is answered already, or the case is decided.
    :raises Mistake: there is no such remark.
    """
    remark = next((each for each in case.remarks if each.number == number), None)
    if remark is None:
        raise Mistake(_("There is no such remark."))
    if remark.answered_at is not None:
        raise Decided(_("This remark is answered already."))
    if case.state not in ANSWERABLE:
        raise Decided(_("This case has been decided already."))
    return remark


def offer_answer(
    office: Office,
    site: Site,
    case: Case,
    account: Account,
    number: int,
    text: str,
    files: Sequence[tuple[str, Path | bytes]] = (),
) -> Signing:
    """Offer the applicant their answer to a remark for signing; the files are stored with the offer.

    :param number: the number of the remark.
    :param files: the name and the content of each.
    :raises Mistake: there is no text, or a file is too large, damaged or of another format.
    :raises Decided: the remark is answered already, or the case is decided.
    """
    attachments = _files(office, site, number, files)
    document = _answer(office, case, open_remark(case, number), text, attachments)
    signing = offer(office, site, purpose="answer", document=document, owner=account, case=case)
    signing.files = attachments
    return signing


def check_applicant(
    office: Office,
    site: Site,
    signing: Signing,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
) -> None:
    """Check the certificate that an applicant chose to sign an answer or a withdrawal.

    :raises Mistake: it is out of date, revoked, or not the applicant's.
    """
    reason = find_trust_problem(office, certificate, chain) or find_applicant_mismatch(
        holder(certificate), offered_case(site, signing).applicant
    )
    if reason:
        raise Mistake(reason)


def accept_applicant_signature(office: Office, case: Case, signing: Signing, signed: bytes) -> dict[str, Any]:
    """Validate a document signed by the applicant, and return its acceptance record.

    :raises Mistake: the signature does not pass, covers something else, or is not the applicant's.
    """
    report, signer = accept_signed(office, signed, signing.document)
    if reason := find_applicant_mismatch(signer, case.applicant):
        raise Mistake(reason)
    return acceptance_record(report)


def accept_answer(office: Office, site: Site, signing: Signing, signed: bytes) -> Case:
    """Accept the applicant's signed answer: store it with its files, and resume the time limit. Once per
    signing.

    :param signed: the signed answer, byte for byte.
    :raises Mistake: the signature does not pass, covers something else, or is not the applicant's.
    :raises Decided: the remark is answered already, or the case is decided.
    """
    case = offered_case(site, signing)
    report = accept_applicant_signature(office, case, signing, signed)
    number = int(office.edition_of(case).document_types["answer"].read(signing.document)["remark"]["ordinal"])
    with exclusive_transaction(site):
        if signing.token not in site.idempotency:
            open_remark(case, number)
            store_document(office, site, case, f"answer-{number}", signed, report)
            _answered(office, site, case, number, signing.files)
            site.idempotency[signing.token] = case.reference
    return case


def enter_answer(
    office: Office,
    site: Site,
    case: Case,
    account: Account,
    number: int,
    text: str,
    files: Sequence[tuple[str, Path | bytes]] = (),
) -> Case:
    """Enter a visitor's answer on their behalf; it is sealed.

    :param account: the officer or operator who enters it.
    :param number: the number of the remark.
    :param files: the name and the content of each.
    :raises Mistake: the applicant signs with a key of their own; or as :func:`offer_answer`.
    :raises Decided: the remark is answered already, or the case is decided.
    """
    check_may_enter_for_applicant(office, case, account)
    attachments = _files(office, site, number, files)
    with exclusive_transaction(site):
        document = _answer(office, case, open_remark(case, number), text, attachments, account.name)
        store_document(office, site, case, f"answer-{number}", *seal_document(office, document))
        record_desk_action(office, case, account, "answer-entered")
        _answered(office, site, case, number, attachments, account)
    return case


def check_may_enter_for_applicant(office: Office, case: Case, account: Account) -> None:
    """Check that an employee may enter an applicant's words: an officer, or an operator of the centre they
    came to.

    :raises Mistake: the employee is neither, or the request came through the portal and the applicant has a
        key.
    """
    if case.channel == "portal":
        raise Mistake(_("This request came through the portal: the applicant signs it with their own key."))
    if "operator" in account.roles and account.provider == case.received_by:
        return
    check_provider(office, case, account)
    if "officer" not in account.roles:
        raise Mistake(_("Only an officer enters what an applicant says."))


def resume_clock(office: Office, case: Case, at: datetime) -> None:
    """Resume the time limit: the deadline is later by the working days for which it was suspended."""
    for index, remark in enumerate(case.remarks):
        if remark.stopped is not None and remark.answer_by is not None:
            calendar, day = office.calendar, office.calendar.today(at)
            began, ended = calendar.today(remark.at), min(day, remark.answer_by)
            stood_still = calendar.working_days_left(ended, began)
            case.deadline = calendar.add_working_days(remark.stopped, stood_still)
            rest = (*case.remarks[:index], replace(remark, stopped=None), *case.remarks[index + 1 :])
            case.remarks = rest


def check_may_answer_first(office: Office, case: Case) -> None:
    """Check that the applicant has answered every remark, or had the time to; a refusal must wait for it.

    :raises Mistake: they still have time to answer a remark.
    """
    for remark in case.remarks:
        if not remark.answered_at and remark.answer_by and office.today() <= remark.answer_by:
            raise Mistake(_("The applicant has not answered your remark yet and still has time to."))


def _files(
    office: Office, site: Site, number: int, files: Sequence[tuple[str, Path | bytes]]
) -> tuple[Attachment, ...]:
    if len(files) > MAX_FILES:
        raise Mistake(_("An answer has at most ${most} files.", mapping={"most": MAX_FILES}))
    attachments = []
    for name, source in files:
        try:
            found = check_file_content(source, office.max_file_bytes)
        except Mistake as mistake:
            raise WrongFile(name, mistake.message) from None
        body = store(source, site)
        kind = f"answer-{number}"
        attachments.append(Attachment(kind, clean_name(name, found), found, office.clock(), body))
    return tuple(attachments)


def _answer(
    office: Office,
    case: Case,
    remark: Remark,
    text: str,
    files: Sequence[Attachment],
    entered_by: str | None = None,
) -> bytes:
    if not text.strip():
        raise Mistake(_("Write your answer."))
    named = [
        {"name": each.name, "mediaType": each.media_type, "size": each.size, "sha256": each.sha256}
        for each in files
    ]
    kept = case.documents[f"remark-{remark.number}"]
    values = request_reference(case) | {
        "remark": {"ordinal": remark.number, "sha256": kept.sha256},
        "applicant": case.applicant,
        "answeredAt": office.clock().isoformat(timespec="seconds"),
        "text": text.strip(),
        "files": {"file": named} if named else None,
        "enteredBy": entered_by,
    }
    return draft_document(office.edition_of(case), "answer", values)


def _answered(
    office: Office,
    site: Site,
    case: Case,
    number: int,
    files: Sequence[Attachment],
    entered_by: Account | None = None,
) -> None:
    now = office.clock()
    for attachment in files:
        attachment.__parent__ = case
        attachment.__name__ = attachment.name
        case.attachments.append(attachment)
    resume_clock(office, case, now)
    schedule_deadline_reminder(office, site, case)  # the deadline may be earlier than the scheduled reminder
    case.remarks = tuple(
        replace(each, answered_at=now) if each.number == number else each for each in case.remarks
    )
    site.cases.reindex(case)
    notify(office, site, case, "answered")
    notify_staff(office, site, case, "answered", by=entered_by)
