"""What a request says of its visitor."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from pyramid.httpexceptions import HTTPForbidden
from pyramid.testing import DummySecurityPolicy, DummySession, setUp, tearDown

from egovdocs.app.request import Request
from egovdocs.content import Account
from egovdocs.i18n import ZONE, _
from egovdocs.schemas import Text

APPLICANT = Account(login="910203450036", name="A", roles=["applicant"], identifier="910203450036")
OFFICER = Account(login="officer", name="B", roles=["officer"], provider="940140000385")


def request_of(account: Account | None) -> Any:
    request = Request.blank("/")
    config = setUp(request=request)
    config.set_security_policy(DummySecurityPolicy(identity=account))
    config.registry["settings"] = SimpleNamespace(time_zone=ZONE)
    request.registry = config.registry
    request.session = DummySession()
    request.locale_name = "ru"
    return request


@pytest.fixture(autouse=True)
def _no_registry_is_left() -> Any:
    yield
    tearDown()


def test_a_member_of_the_staff_has_a_provider_and_is_no_applicant() -> None:
    request = request_of(OFFICER)
    assert request.account is OFFICER
    assert request.provider == "940140000385"
    with pytest.raises(HTTPForbidden):
        print(request.applicant)


def test_an_applicant_has_an_identifier_and_no_provider() -> None:
    request = request_of(APPLICANT)
    assert request.applicant == "910203450036"
    with pytest.raises(HTTPForbidden):
        print(request.provider)


@pytest.mark.parametrize("name", ["account", "provider", "applicant"])
def test_an_anonymous_visitor_is_sent_to_the_log_in(name: str) -> None:
    request = request_of(None)
    assert request.identity is None
    with pytest.raises(HTTPForbidden):
        getattr(request, name)


def test_messages_and_texts_are_in_the_language_of_the_page() -> None:
    request = request_of(APPLICANT)
    assert request.tr(Text("да", "иә", "yes")) == "да"
    request.flash(_("${number} is withdrawn."), number="2026-000001-16")
    (shown,) = request.session.pop_flash()
    assert "2026-000001-16" in shown
    assert "is withdrawn" not in shown
