"""Is this the right certificate to sign with? In date, not revoked, and of the right person (C3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cryptography import x509
from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.content import Account
from egovdocs.schemas import ServiceEdition
from egovdocs.schemas.identifiers import kind_of
from egovdocs.signing import MAY_SIGN_OUTCOMES, Holder, holder

_ = TranslationStringFactory("egovdocs")


def load_certificate(der: bytes) -> x509.Certificate:
    """A certificate as a browser sends it.

    :raises Mistake: these bytes are none.
    """
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        raise Mistake(_("This is not a certificate.")) from None


def find_trust_problem(
    office: Office, certificate: x509.Certificate, chain: Sequence[x509.Certificate] = ()
) -> TranslationString | None:
    """Why a certificate can't be trusted now: out of date, revoked, of an unknown authority; or None."""
    verdict = office.policy().trust.check_certificate(certificate, chain=chain, at=office.clock())
    return None if verdict.status == "passed" else verdict.reason


def find_applicant_mismatch(person: Holder, identifier: str) -> TranslationString | None:
    """Why a certificate's holder may not sign the request of an applicant; None if they may.

    The IIN/BIN in the certificate must be the one in the request (C3). For a legal entity signs its first
    head or who has the right to sign: an accountant's or an ordinary employee's key does not bind it.
    """
    legal = kind_of(identifier) == "legal"
    own = person.bin if legal else person.iin
    if not own:
        return _("The certificate has no BIN.") if legal else _("The certificate has no IIN.")
    if own != identifier:
        return _(
            "The certificate is of ${own}, the request of ${identifier}.",
            mapping={"own": own, "identifier": identifier},
        )
    return find_authority_problem(person) if legal else None


def find_provider_mismatch(person: Holder, provider: str) -> TranslationString | None:
    """Why a certificate's holder may not sign a provider's outcome; None if they may."""
    if person.bin != provider:
        return _("The certificate is not of this provider: its BIN is not ${bin}.", mapping={"bin": provider})
    return find_authority_problem(person)


def find_signatory_mismatch(person: Holder, provider: str, signatory: Account) -> TranslationString | None:
    """Why a certificate's holder may not sign as this signatory, whom the outcome names; None if they may."""
    if reason := find_provider_mismatch(person, provider):
        return reason
    if signatory.identifier is not None and person.iin != signatory.identifier:
        return _(
            "The certificate is another person's: the document names ${name}.",
            mapping={"name": signatory.name},
        )
    return None


def find_request_signer_mismatch(
    office: Office, service: ServiceEdition, request: Mapping[str, Any], person: Holder
) -> TranslationString | None:
    """Why a certificate's holder may not sign a request that says this; None if they may.

    Who signs, the table says: by the portal the applicant; in person somebody of where it was taken down;
    where the table has no signature, the site's seal.

    :param request: its values, a stranger's.
    """
    procedure = service.channels.get(request["channel"])
    if procedure is None or procedure.channel == "portal":
        return find_applicant_mismatch(person, request["applicant"]["identifier"])
    if procedure.step_for("sign") is None:
        return None if is_site_seal(office, person) else _("This is not the seal of this site.")
    return _not_of_organisation(person, request.get("reception", {}).get("bin", ""))


def is_site_seal(office: Office, person: Holder) -> bool:
    """Is it the site's seal, or one of another year?"""
    seal = holder(office.seal.certificate)
    return (person.subject, person.roles) == (seal.subject, seal.roles)


def _not_of_organisation(person: Holder, bin: str) -> TranslationString | None:
    if person.bin == bin:
        return None
    return _(
        "The certificate is not of the organisation that took the request down: its BIN is not ${bin}.",
        mapping={"bin": bin},
    )


def find_staff_mismatch(person: Holder, staff: Account) -> TranslationString | None:
    """Why a certificate's holder may not sign as this officer or operator; None if they may.

    Any employee's key will do: it says who took the request down, and binds nobody else.
    """
    if reason := _not_of_organisation(person, staff.provider or ""):
        return reason
    if staff.identifier is None:
        return _(
            "Your account has no IIN, so nobody can tell your certificate. Ask the site's administrator."
        )
    if person.iin != staff.identifier:
        return _(
            "The certificate is another person's: the request names ${name}.", mapping={"name": staff.name}
        )
    return None


def find_authority_problem(person: Holder) -> TranslationString | None:
    """Why a certificate does not allow its holder to sign for their organisation; None if it does."""
    if person.roles & MAY_SIGN_OUTCOMES:
        return None
    return _("This certificate does not allow its holder to sign for the organisation.")
