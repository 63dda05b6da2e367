"""Signing an offered document: prepared and completed in the browser, or signed elsewhere and uploaded.

Whatever way the signed document comes, it is then validated as if a stranger had sent it.
"""

from __future__ import annotations

from collections.abc import Sequence

from translationstring import TranslationStringFactory

from egovdocs.casework.accounts.register_applicant import check_newcomer, register_applicant
from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.issue_outcome import check_signatory, issue_outcome
from egovdocs.casework.outcomes.order_licence import check_order, issue_order
from egovdocs.casework.requests.submit_request import check_signer, check_unchanged, submit_request
from egovdocs.casework.requests.withdraw_request import accept_withdrawal
from egovdocs.casework.review.remark_case import accept_answer, check_applicant
from egovdocs.casework.signatures.check_certificate import load_certificate
from egovdocs.content import Account, Case, Licence, Signing, Site
from egovdocs.signing import PreparedSignature, SigningError, prepare

_ = TranslationStringFactory("egovdocs")

APPLICANTS = {"answer": accept_answer, "withdrawal": accept_withdrawal}
RESULTS = {"registration": "accounts", "order": "licences"}  # of any other purpose: "cases"


def prepare_signing(
    office: Office, site: Site, signing: Signing, certificate_der: bytes, chain_der: Sequence[bytes] = ()
) -> PreparedSignature:
    """Check the chosen certificate (C3 of table A1) and prepare its signature over the offered document.

    :param chain_der: issuers' certificates to stand in the document beside it, nearest first.
    :raises Refusal: the certificate may not sign this request (P7).
    :raises Mistake: the signing is over, or the certificate may not sign this document.
    """
    _check_open(office, site, signing)
    certificate = load_certificate(certificate_der)
    chain = [load_certificate(der) for der in chain_der]
    if signing.purpose == "registration":
        check_newcomer(office, certificate, chain)
    elif signing.purpose == "request":
        check_unchanged(office, site["cases"][signing.case], signing.document)
        check_signer(office, site["cases"][signing.case], certificate, chain)
    elif signing.purpose == "order":
        check_order(office, site, signing, certificate, chain)
    elif signing.purpose in APPLICANTS:
        check_applicant(office, site["cases"][signing.case], certificate, chain)
    else:
        signatory = site["accounts"][signing.owner]
        check_signatory(office, site["cases"][signing.case], signatory, certificate, chain)
    try:
        prepared = prepare(signing.document, certificate, chain=chain, at=office.clock())
    except SigningError as problem:
        raise Mistake(problem.message) from None
    signing.prepared = prepared.dump()
    return prepared


def complete_signing(office: Office, site: Site, signing: Signing, value: bytes) -> Account | Case | Licence:
    """Put the signature's value into what was prepared, and do what the signing is for.

    Asked again after it succeeded, it gives the same result and does nothing.

    :raises Refusal, Mistake: as :func:`upload_signed`; or the value is not the certificate's key's.
    """
    if done := _done(site, signing):
        return done
    _check_open(office, site, signing)
    if signing.prepared is None:
        raise Mistake(_("Choose a certificate first."))
    try:
        signed = PreparedSignature.load(signing.prepared).complete(value)
    except SigningError as problem:
        raise Mistake(problem.message) from None
    return upload_signed(office, site, signing, signed)


def upload_signed(office: Office, site: Site, signing: Signing, signed: bytes) -> Account | Case | Licence:
    """Take the offered document, signed somewhere, and do what the signing is for.

    :returns: the account of a registration, the case of a request or an outcome, the licence of an order.
    :raises Refusal: the request's signature is not confirmed (P7).
    :raises Mistake: the signing is over, or a challenge's or an outcome's signature does not pass.
    """
    if done := _done(site, signing):
        return done
    _check_open(office, site, signing)
    if signing.purpose == "registration":
        return register_applicant(office, site, signing, signed)
    if signing.purpose == "order":
        return issue_order(office, site, signing, signed)
    case = site["cases"][signing.case]
    if signing.purpose == "request":
        check_unchanged(office, case, signing.document)
        return submit_request(office, site, case, signed, signing.token)
    if signing.purpose in APPLICANTS:
        return APPLICANTS[signing.purpose](office, site, case, signing, signed)
    return issue_outcome(office, site, case, signing, signed)


def _done(site: Site, signing: Signing) -> Account | Case | Licence | None:
    name = site.idempotency.get(signing.token)
    if name is None:
        return None
    result: Account | Case | Licence = site[RESULTS.get(signing.purpose, "cases")][name]
    return result


def _check_open(office: Office, site: Site, signing: Signing) -> None:
    if signing.token in site.idempotency:
        raise Mistake(_("This has been signed already."))
    if signing.expires <= office.clock():
        raise Mistake(_("The time for signing is over. Begin the signing again."))
