"""The officers of a provider, and the tags that name them in addresses."""

from __future__ import annotations

from hashlib import blake2b

from egovdocs.app.request import Request
from egovdocs.casework.review.review_case import officers
from egovdocs.content import Account


def tag_of(request: Request, account: Account) -> str:
    """Return the tag of an account for addresses: a login may be an IIN, which addresses must not contain."""
    secret = request.settings.session_secret.encode()[:64]
    return blake2b(account.login.encode(), key=secret, digest_size=6).hexdigest()


def colleagues(request: Request) -> list[Account]:
    """Return the provider's officers by name."""
    return sorted(officers(request.site, request.provider), key=lambda each: each.name)
