"""Register an applicant, who proves possession of a certificate's key by signing a challenge."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.accounts.log_in import hash_password, journal_login, login_procedure
from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.procedures import ProcedureRun
from egovdocs.casework.signatures.accept_signed import accept_signed
from egovdocs.casework.signatures.check_certificate import find_authority_problem, find_trust_problem
from egovdocs.casework.signatures.offer_signing import SIGNING_LIFE, new_token, offer
from egovdocs.casework.transactions import commit_and_begin
from egovdocs.content import Account, JournalEntry, Signing, Site
from egovdocs.signing import Holder, holder

_ = TranslationStringFactory("egovdocs")


def new_challenge(office: Office, site: Site, password: str, language: str = "ru") -> Signing:
    """Offer a challenge to a new applicant for signing. The hash of their password is stored with it.

    :param language: the language of the account's notices.
    :raises Mistake: the password is too weak.
    """
    now = office.clock()
    document = (
        office.common_edition()
        .document_types["challenge"]
        .build(
            {
                "site": office.site_url,
                "purpose": "registration",
                "nonce": new_token(),
                "issuedAt": now.isoformat(timespec="seconds"),
                "expiresAt": (now + SIGNING_LIFE).isoformat(timespec="seconds"),
            }
        )
    )
    return offer(
        office,
        site,
        purpose="registration",
        document=document,
        language=language,
        password_hash=hash_password(password),
    )


def register_applicant(office: Office, site: Site, signing: Signing, signed: bytes) -> Account:
    """Open an account for the person who signed the challenge. IIN/BIN and name come from the certificate
    alone.

    If there is an account already, it gets the new password: the key proves more than a password does.

    :param signed: the signed challenge.
    :raises Mistake: the signature does not pass or covers something else; the certificate has no IIN/BIN; or
        the login belongs to an employee.
    """
    _report, person = accept_signed(office, signed, signing.document)
    if reason := _not_an_applicant(person):
        raise Mistake(reason)
    account: Account | None = site.accounts.get(person.identifier)
    if account is None:
        account = Account(
            login=person.identifier,
            identifier=person.identifier,
            name=person.organisation if person.bin else person.name,
            roles=frozenset({"applicant"}),
            language=signing.language,
            password_hash=signing.password_hash,
        )
        site.accounts.add(account)
    elif "applicant" not in account.roles:
        raise Mistake(_("This login belongs to a member of staff."))
    account.password_hash = signing.password_hash
    account.end_sessions()
    office.throttle.succeeded(account.login)
    entries: list[JournalEntry] = []
    run = ProcedureRun(login_procedure(office, account), entries)
    run.carry_out("registration", office.clock(), account.login)
    account.journal.extend(entries)
    journal_login(office, account, genuine=True)  # proven by the certificate and the new password
    site.idempotency[signing.token] = account.login
    commit_and_begin(site)
    return account


def check_newcomer(
    office: Office,
    site: Site,
    signing: Signing,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
) -> None:
    """Check the certificate that a newcomer chose, before they sign the challenge.

    :raises Mistake: it is out of date, revoked, of an unknown authority, or not an applicant's.
    """
    reason = find_trust_problem(office, certificate, chain) or _not_an_applicant(holder(certificate))
    if reason:
        raise Mistake(reason)


def _not_an_applicant(person: Holder) -> TranslationString | None:
    if not person.identifier:
        return _("The certificate has neither an IIN nor a BIN.")
    return find_authority_problem(person) if person.bin else None
