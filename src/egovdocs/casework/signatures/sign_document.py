"""Sign an offered document: prepared and completed in the browser, or signed elsewhere and uploaded.

Either way the signed document is then validated like one from a third party. What differs from kind to kind
is looked up in :mod:`egovdocs.casework.signatures.kinds`.
"""

from __future__ import annotations

from collections.abc import Sequence

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.signatures.check_certificate import load_certificate
from egovdocs.casework.signatures.document_kind import SigningResult
from egovdocs.casework.signatures.kinds import signing_rules
from egovdocs.content import Signing, Site
from egovdocs.signing import PreparedSignature, SigningError, prepare

_ = TranslationStringFactory("egovdocs")


def prepare_signing(
    office: Office, site: Site, signing: Signing, certificate_der: bytes, chain_der: Sequence[bytes] = ()
) -> PreparedSignature:
    """Check the chosen certificate (C3 of table A1) and prepare its signature over the offered document.

    :param certificate_der: the signer's certificate.
    :param chain_der: issuers' certificates to be put into the document beside it, nearest first.
    :raises Refusal: the certificate may not sign this request (P7).
    :raises Mistake: the signing has expired, or the certificate may not sign this document.
    """
    _check_open(office, site, signing)
    certificate = load_certificate(certificate_der)
    chain = [load_certificate(der) for der in chain_der]
    signing_rules(signing).check_certificate(office, site, signing, certificate, chain)
    try:
        prepared = prepare(signing.document, certificate, chain=chain, at=office.clock())
    except SigningError as problem:
        raise Mistake(problem.message) from None
    signing.prepared = prepared.dump()
    return prepared


def complete_signing(office: Office, site: Site, signing: Signing, value: bytes) -> SigningResult:
    """Put the signature value into the prepared signature, and accept the signed document.

    Called again after it succeeded, it returns the same result and does nothing.

    :param value: the signature value (XML-DSig SignatureValue, decoded).
    :raises Refusal, Mistake: as :func:`upload_signed`; or the certificate's key did not make this value.
    """
    if done := _find_result(site, signing):
        return done
    _check_open(office, site, signing)
    if signing.prepared is None:
        raise Mistake(_("Choose a certificate first."))
    try:
        signed = PreparedSignature.load(signing.prepared).complete(value)
    except SigningError as problem:
        raise Mistake(problem.message) from None
    return upload_signed(office, site, signing, signed)


def upload_signed(office: Office, site: Site, signing: Signing, signed: bytes) -> SigningResult:
    """Accept the offered document, signed in any program.

    Called again after it succeeded, it returns the same result and does nothing.

    :param signed: the signed document, byte for byte.
    :returns: what came of it: an account for a registration, a licence for an order, otherwise the case.
    :raises Refusal: the signature of the request is not confirmed (P7).
    :raises Mistake: the signing has expired, or the signature does not pass.
    """
    if done := _find_result(site, signing):
        return done
    _check_open(office, site, signing)
    return signing_rules(signing).accept(office, site, signing, signed)


def is_signed(site: Site, signing: Signing) -> bool:
    """Return whether the document is signed already, by this offer or by another one of the same document."""
    if signing.token in site.idempotency:
        return True
    if signing.case is None:
        return False
    return not signing_rules(signing).stored_kinds.isdisjoint(site.cases[signing.case].documents)


def _find_result(site: Site, signing: Signing) -> SigningResult | None:
    name = site.idempotency.get(signing.token)
    return None if name is None else signing_rules(signing).find_result(site, name)


def _check_open(office: Office, site: Site, signing: Signing) -> None:
    if signing.token in site.idempotency:
        raise Mistake(_("This has been signed already."))
    if signing.expires <= office.clock():
        raise Mistake(_("The time for signing is over. Begin the signing again."))
