"""Somebody says where, in which language and whether they want to be told of their requests or work."""

from __future__ import annotations

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.content import Account
from egovdocs.i18n import LANGUAGES
from egovdocs.integrations.mail.mail_port import is_address

_ = TranslationStringFactory("egovdocs")


def change_settings(account: Account, *, email: str, language: str, notices: bool) -> None:
    """Change how an account is written to.

    :param email: "" for the address that stands in each request; for the staff: for no letters.
    :raises Mistake: it is no address, or a language that is not spoken here.
    """
    email = email.strip()
    if email and not is_address(email):
        raise Mistake(_("Enter an e-mail address, such as name@example.kz, or leave the field empty."))
    if language not in LANGUAGES:
        raise Mistake(_("Choose one of the languages."))
    if email != account.undelivered:
        account.undelivered = ""
    account.email = email or None
    account.language = language
    account.notices = notices
