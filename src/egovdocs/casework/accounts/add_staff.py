"""Add an account for an employee of a provider or of a public service centre."""

from __future__ import annotations

from collections.abc import Iterable

from translationstring import TranslationStringFactory

from egovdocs.casework.accounts.log_in import hash_password
from egovdocs.casework.errors import Mistake
from egovdocs.content import Account, Site
from egovdocs.schemas import Text

_ = TranslationStringFactory("egovdocs")

ROLES = frozenset({"officer", "signatory", "operator", "archivist", "admin"})


def add_staff(
    site: Site,
    login: str,
    password: str,
    name: str,
    roles: Iterable[str],
    provider: str | None = None,
    iin: str | None = None,
    organisation: Text | None = None,
) -> Account:
    """Add an account for an employee.

    :param login: the login name; ``name`` the full name.
    :param roles: some of :data:`ROLES`.
    :param provider: the BIN of the provider or centre that employs the person; ``organisation`` is its name.
    :param iin: the person's IIN. If given, only certificates of that person sign for this account.
    :raises Mistake: the login is taken, a role is unknown, or the password is too weak.
    """
    if set(roles) - ROLES:
        raise Mistake(_("There is no such role."))
    if login in site.accounts:
        raise Mistake(_("This login is taken."))
    account = Account(
        login=login,
        identifier=iin,
        name=name,
        roles=frozenset(roles),
        provider=provider,
        organisation=organisation,
        password_hash=hash_password(password, login),
    )
    site.accounts.add(account)
    return account
