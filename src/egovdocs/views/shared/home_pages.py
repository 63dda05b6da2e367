"""The page where the work of each role begins."""

from __future__ import annotations

from collections.abc import Mapping

from translationstring import TranslationString

from egovdocs.content import Account
from egovdocs.i18n import _

Home = tuple[str, TranslationString]
"""The path and the title of a page."""
HOMES: Mapping[str, Home] = {
    "applicant": ("/account", _("My requests")),
    "archivist": ("/archive", _("Archive")),
    "operator": ("/centre", _("Public service centre")),
}
HOME_OF_OFFICERS: Home = ("/provider", _("Requests"))


def home_of(account: Account, officers: Home = HOME_OF_OFFICERS) -> Home:
    """Return the page where an account's work begins.

    :param officers: the page for officers and signatories.
    """
    return next((home for role, home in HOMES.items() if role in account.roles), officers)
