"""After the evolution each page that the earlier version showed, is shown to the same people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.databases.conftest import KeptSite
from webtest import TestApp

from egovdocs.sandbox.demo_people import PASSWORD

LOGINS = {
    "anonymous": None,
    "applicant": "910203450036",
    "clinic": "120540000567",
    "officer": "officer",
    "substitute": "officer2",
    "signatory": "signatory",
    "registrar": "registrar",
    "physician": "physician",
    "operator": "operator",
    "archivist": "archivist",
}


@pytest.fixture(scope="module")
def new_browser(
    evolved: KeptSite, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], TestApp]]:
    """Opens browsers of a copy of the evolved site."""
    with evolved.copied_to(tmp_path_factory.mktemp("served") / "site").served() as new_browser:
        yield new_browser


def log_in(browser: TestApp, login: str) -> None:
    form = next(form for form in browser.get("/login").forms.values() if "password" in form.fields)
    form["login"], form["password"] = login, PASSWORD
    form.submit(status=303)


def pages_of(site: KeptSite, role: str) -> list[str]:
    """The pages of a role, without the files that an earlier role of the list downloads too."""
    roles = list(LOGINS)
    earlier = {page for each in roles[: roles.index(role)] for page in site.manifest["pages"][each]}
    return [page for page in site.manifest["pages"][role] if page not in earlier or not is_file(page)]


def is_file(page: str) -> bool:
    return page.endswith((".pdf", ".xml")) or "/files/" in page


@pytest.mark.parametrize("role", LOGINS)
def test_each_page_is_shown(evolved: KeptSite, new_browser: Callable[[], TestApp], role: str) -> None:
    pages = pages_of(evolved, role)
    assert len(pages) > 5
    browser = new_browser()
    if (login := LOGINS[role]) is not None:
        log_in(browser, login)
    answers = {page: browser.get(page, expect_errors=True).status_int for page in pages}
    assert {page: status for page, status in answers.items() if status != 200} == {}
