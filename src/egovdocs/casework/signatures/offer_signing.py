"""Offer a document for signing with a key that is elsewhere: in the browser, or in another program."""

from __future__ import annotations

import secrets
from datetime import timedelta

from egovdocs.casework.office import Office
from egovdocs.content import Account, Case, Licence, Signing, Site

SIGNING_LIFE = timedelta(hours=1)


def new_token() -> str:
    """Return a random name that cannot be guessed."""
    return secrets.token_urlsafe(24)


def offer(
    office: Office,
    site: Site,
    *,
    purpose: str,
    document: bytes,
    owner: Account | None = None,
    case: Case | None = None,
    licence: Licence | None = None,
    language: str = "ru",
    password_hash: str | None = None,
) -> Signing:
    """Offer a document for signing: once, for an hour, to one account (or to whoever has the token).

    :param purpose: the name of its kind, a key of :data:`egovdocs.casework.signatures.kinds.KINDS`.
    :param document: the unsigned document.
    :param owner: who may sign it; None for whoever has the token.
    :param case: the case it belongs to; ``licence`` the licence of an order.
    :param password_hash: of the account that a registration opens, in the language ``language``.
    """
    now = office.clock()
    signing = Signing(
        token=new_token(),
        purpose=purpose,
        document=document,
        owner=owner.login if owner else None,
        case=case.reference if case else None,
        licence=licence.number if licence else None,
        created=now,
        expires=now + SIGNING_LIFE,
        language=language,
        password_hash=password_hash,
    )
    site["signings"].add(signing)
    return signing


def offered_case(site: Site, signing: Signing) -> Case:
    """Return the case that an offered document belongs to."""
    assert signing.case is not None, "the document of a case is offered with it"
    return site.cases[signing.case]


def offered_to(site: Site, signing: Signing) -> Account:
    """Return the account that a document is offered to."""
    assert signing.owner is not None, "only a challenge is offered to nobody in particular"
    return site.accounts[signing.owner]
