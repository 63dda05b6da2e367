"""What is read aloud in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from webtest import TestApp

from egovdocs.sandbox.demo_people import CLINIC_BIN, PASSWORD


def errors_of(page: Any) -> list[str]:
    return [" ".join(error.text.split()) for error in page.html.select(".govuk-error-message")]


@pytest.fixture
def russian(world: Any) -> TestApp:
    return TestApp(world.application, extra_environ={"HTTP_ACCEPT_LANGUAGE": "ru"})


@pytest.mark.parametrize("fields", [{}, {"number": "1", "identifier": "1"}])
def test_errors_are_announced_in_the_readers_language(russian: TestApp, fields: dict[str, str]) -> None:
    form = next(f for f in russian.get("/verify").forms.values() if set(fields) <= set(f.fields))
    for name, value in fields.items():
        form[name] = value
    said = errors_of(form.submit(status=422))
    assert len(said) == max(len(fields), 1)
    assert all(error.startswith("Ошибка: ") and "::" not in error for error in said)


def test_errors_of_a_form_are_announced_once(world: Any, russian: TestApp) -> None:
    form = next(form for form in russian.get("/login").forms.values() if "password" in form.fields)
    form["login"], form["password"] = CLINIC_BIN, PASSWORD
    form.submit(status=303)
    page = russian.get(f"/cases/{world.drafted()}/form/contacts")
    form = next(form for form in page.forms.values() if "email" in form.fields)
    form["email"] = "nobody"
    said = errors_of(form.submit(status=422))
    assert said
    assert all(error.startswith("Ошибка: ") and "::" not in error for error in said)
