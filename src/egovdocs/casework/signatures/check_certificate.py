"""Check that a certificate may sign a document: in date, not revoked, of the right person (C3)."""

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
    """Parse a certificate in DER, as a browser sends it.

    :raises Mistake: it is not a certificate.
    """
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        raise Mistake(_("This is not a certificate.")) from None


def find_trust_problem(
    office: Office, certificate: x509.Certificate, chain: Sequence[x509.Certificate] = ()
) -> TranslationString | None:
    """Return why a certificate cannot be trusted now: out of date, revoked, of an unknown authority; None if
    it can.
    """
    verdict = office.policy().trust.check_certificate(certificate, chain=chain, at=office.clock())
    return None if verdict.status == "passed" else verdict.reason


def find_applicant_mismatch(person: Holder, identifier: str) -> TranslationString | None:
    """Return why a certificate's holder may not sign an applicant's document; None if they may.

    The IIN/BIN in the certificate must be the one in the request (C3). A legal entity is bound by its first
    head or by a person with the right to sign, not by the key of an accountant or another employee.

    :param identifier: the applicant's IIN or BIN.
    """
    legal = kind_of(identifier) == "legal"
    own = person.bin if legal else person.iin
    if not own:
        return _("The certificate has no BIN.") if legal else _("The certificate has no IIN.")
    if own != identifier:
        return _(
            "The certificate belongs to ${own}, the request to ${identifier}.",
            mapping={"own": own, "identifier": identifier},
        )
    return find_authority_problem(person) if legal else None


def find_provider_mismatch(person: Holder, provider: str) -> TranslationString | None:
    """Return why a certificate's holder may not sign a provider's document; None if they may.

    :param provider: the provider's BIN.
    """
    if person.bin != provider:
        return _(
            "The certificate does not belong to this provider: its BIN is not ${bin}.",
            mapping={"bin": provider},
        )
    return find_authority_problem(person)


def find_signatory_mismatch(person: Holder, provider: str, signatory: Account) -> TranslationString | None:
    """Return why a certificate's holder may not sign as the named signatory; None if they may."""
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
    """Return why a certificate's holder may not sign a request with these values; None if they may.

    The table determines who signs: through the portal the applicant; in person an employee of the
    organisation where it was entered; where the table has no signature, the site's seal.

    :param request: its values, from an untrusted document.
    """
    procedure = service.channels.get(request["channel"])
    if procedure is None or procedure.channel == "portal":
        return find_applicant_mismatch(person, request["applicant"]["identifier"])
    if procedure.step_for("sign") is None:
        return None if is_site_seal(office, person) else _("This is not the seal of this site.")
    return _not_of_organisation(person, request.get("reception", {}).get("bin", ""))


def is_site_seal(office: Office, person: Holder) -> bool:
    """Return whether a certificate is that of the site's seal, or of an earlier one with the same subject."""
    seal = holder(office.seal.certificate)
    return (person.subject, person.roles) == (seal.subject, seal.roles)


def _not_of_organisation(person: Holder, bin: str) -> TranslationString | None:
    if person.bin == bin:
        return None
    return _(
        "The certificate does not belong to the organisation that entered the request: its BIN is "
        "not ${bin}.",
        mapping={"bin": bin},
    )


def find_staff_mismatch(person: Holder, staff: Account) -> TranslationString | None:
    """Return why a certificate's holder may not sign as this officer or operator; None if they may.

    Any employee's key is sufficient: it states who entered the request, and binds nobody else.
    """
    if reason := _not_of_organisation(person, staff.provider or ""):
        return reason
    if staff.identifier is None:
        return _(
            "Your account has no IIN, so your certificate cannot be checked. Ask the site's administrator."
        )
    if person.iin != staff.identifier:
        return _(
            "The certificate is another person's: the request names ${name}.", mapping={"name": staff.name}
        )
    return None


def find_authority_problem(person: Holder) -> TranslationString | None:
    """Return why a certificate does not authorise its holder to sign for the organisation, or None."""
    if person.roles & MAY_SIGN_OUTCOMES:
        return None
    return _("This certificate does not allow its holder to sign for the organisation.")
