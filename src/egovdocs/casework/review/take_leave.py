"""An officer's leave: a substitute sees and works on their cases while it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake, WrongAnswer
from egovdocs.casework.office import Office
from egovdocs.casework.review.review_case import officers, substitutes
from egovdocs.content import Account, Leave, Site

_ = TranslationStringFactory("egovdocs")


def take_leave(
    office: Office, site: Site, by: Account, officer: Account, first: date, last: date, substitute: str
) -> None:
    """Record an officer's leave; it replaces one recorded before.

    :param by: who records it: the officer, or a signatory of the provider.
    :param first: the first day; ``last`` the last.
    :param substitute: the login of another officer of the provider, who is present all the time.
    :raises WrongAnswer: a day or the substitute is not possible.
    :raises Mistake: this account may not record the leave.
    """
    _check_own(site, by, officer)
    if not first <= last:
        raise WrongAnswer("last", _("The leave ends on the day it begins or later."))
    if last < office.today():
        raise WrongAnswer("last", _("The leave is over already. Enter days in the future."))
    colleagues = officers(site, str(officer.provider))
    colleague = next((each for each in colleagues if each.login == substitute), None)
    if colleague is None or colleague.login == officer.login:
        raise WrongAnswer("substitute", _("Choose one of your colleagues who review requests."))
    if colleague.leave and colleague.leave.overlaps(first, last):
        raise WrongAnswer(
            "substitute",
            _("${name} is on leave then. Choose somebody else.", mapping={"name": colleague.name}),
        )
    for each in colleagues:
        away = each.leave
        if away and away.substitute == officer.login and away.overlaps(first, last):
            raise WrongAnswer(
                "first",
                _("${name} counts on this officer as a substitute then.", mapping={"name": each.name}),
            )
    officer.leave = Leave(first=first, last=last, substitute=substitute)


def end_leave(office: Office, site: Site, by: Account, officer: Account) -> None:
    """Delete an officer's leave: they are back, or do not go.

    :raises Mistake: this account may not change the leave.
    """
    _check_own(site, by, officer)
    officer.leave = None


def absent_colleagues(office: Office, site: Site, account: Account) -> Iterator[Account]:
    """Yield the officers that an officer substitutes today."""
    for colleague in officers(site, str(account.provider)):
        if substitutes(office, site, account, colleague.login):
            yield colleague


def _check_own(site: Site, by: Account, officer: Account) -> None:
    if officer.provider != by.provider or officer.provider is None:
        raise Mistake(_("This officer is another provider's."))
    if officer.login != by.login and "signatory" not in by.roles:
        raise Mistake(_("An officer's leave is entered by the officer or by a signatory."))
