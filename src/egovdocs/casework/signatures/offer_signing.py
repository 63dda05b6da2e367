"""Offering a document for signing by a key that is elsewhere."""

from __future__ import annotations

import secrets
from datetime import timedelta

from egovdocs.casework.office import Office
from egovdocs.content import Account, Case, Licence, Signing, Site

SIGNING_LIFE = timedelta(hours=1)


def new_token() -> str:
    """A random name that cannot be guessed."""
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
    """Offer a document for signing: once, for an hour, to one account (or to who has the token).

    :param purpose: "registration", "request", "outcome" or "order": what is done with the signed document.
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
