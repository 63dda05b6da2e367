"""Change the address, the language and the sending of e-mail notices of an account."""

from __future__ import annotations

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.content import Account
from egovdocs.i18n import LANGUAGES
from egovdocs.integrations.mail.mail_port import is_address

_ = TranslationStringFactory("egovdocs")


def change_settings(account: Account, *, email: str, language: str, notices: bool) -> None:
    """Change how an account is notified.

    :param email: the address for notices; "" for the one given in each request, or, for employees, for none.
    :param language: the language of notices, one of :data:`egovdocs.i18n.LANGUAGES`.
    :param notices: whether notices are sent.
    :raises Mistake: the address is not valid, or the language is not supported.
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
