"""The readable view: everything the content says, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from lxml import etree
from tests.rendering import samples

from egovdocs.i18n import say_moment
from egovdocs.rendering import Section, readable
from egovdocs.rendering.formats import format_value
from egovdocs.schemas import DocumentType


def leaves(section: Section) -> list[Section]:
    return [section] if section.leaf else [leaf for child in section.children for leaf in leaves(child)]


def test_labels_choices_and_titles_are_in_the_language() -> None:
    document_type, content = samples.request()
    service = samples.medical_licence()
    russian = readable(document_type, content, "ru", service=service)
    english = readable(document_type, content, "en", service=service)
    assert russian.text("applicant/address/region") == "Мангистауская область"
    assert russian.text("service") == service.title.ru
    assert english.text("action") == service.actions["issue"].title.en
    assert english.text("declarations/truthful") == "Yes"
    assert russian.text("attachments/attachment/kind").split("; ")[0] == service.attachments[0].title.ru
    assert english.find("applicant").label == "Applicant"  # type: ignore[union-attr]


def test_codes_stay_codes_without_their_service() -> None:
    document_type, content = samples.request()
    assert readable(document_type, content, "ru").text("service") == "medical-licence"


def test_everything_said_is_there() -> None:
    document_type, content = samples.request()
    said = [leaf.raw for leaf in leaves(readable(document_type, content, "kk"))]
    values = document_type.read(content)["attachments"]["attachment"]
    assert {str(value) for each in values for value in each.values()} <= set(said)
    assert "true" in said
    elements = etree.fromstring(content).iter("{*}*")
    assert len(said) == sum(len(element) == 0 for element in elements)


@pytest.mark.parametrize(
    ("language", "order"), [("ru", ["ru", "kk"]), ("kk", ["kk", "ru"]), ("en", ["ru", "kk"])]
)
def test_of_two_languages_the_readers_comes_first(language: str, order: list[str]) -> None:
    document_type, content = samples.licence()
    wording = readable(document_type, content, language).find("activity")
    assert wording is not None
    assert [child.name for child in wording.children] == order


def test_repeated_elements_are_counted() -> None:
    document_type, content = samples.request()
    sites = list(readable(document_type, content, "ru").all("sites/site"))
    assert [site.number for site in sites] == [1, 2]
    assert [site.text("name") for site in sites] == ["Клиника", "Филиал"]
    assert readable(document_type, content, "ru").find("contacts").number is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("value", "kind", "language", "said"),
    [
        ("2026-03-13", "date", "ru", "13 марта 2026\u00a0г."),
        ("2026-03-13", "date", "kk", "2026\u00a0ж. 13 наурыз"),
        ("2026-03-13", "date", "en", "13 March 2026"),
        ("2026-03-13T09:05:07Z", "datetime", "ru", "13 марта 2026\u00a0г., 14:05:07 (UTC+5)"),
        ("39320.50", "decimal", "ru", "39\u00a0320,50"),
        (183042, "integer", "en", "183,042"),
        (True, "boolean", "kk", "Иә"),
        (False, "boolean", "ru", "Нет"),
        ("not a date", "date", "ru", "not a date"),
        ("many", "integer", "ru", "many"),
    ],
)
def test_values_in_the_form_of_the_language(value: object, kind: str, language: str, said: str) -> None:
    assert format_value(value, kind, language) == said


def test_a_moment_keeps_its_distance_from_utc() -> None:
    moment = datetime(2026, 3, 13, 9, 5, tzinfo=UTC)
    assert say_moment(moment, "en", timezone(timedelta(hours=-3, minutes=-30))).endswith(
        "05:35:00 (UTC−3:30)"
    )


@pytest.mark.parametrize(
    ("document", "path"),
    [(samples.refusal, "grounds/ground"), (samples.licence, "appendices/appendix/activities/activity")],
)
def test_a_code_is_read_as_its_wording_and_once(
    document: Callable[[], tuple[DocumentType, bytes]], path: str
) -> None:
    coded = readable(*document(), "en").find(path)
    assert coded is not None
    assert coded.line
    assert coded.wording is not None
    assert [child.path for child in coded.wording.children] == [f"{path}/wording/ru", f"{path}/wording/kk"]


def test_a_group_of_several_things_is_not_one_line() -> None:
    for name in ("licensee", "licensor", "signatory"):
        group = readable(*samples.licence(), "ru").find(name)
        assert group is not None
        assert (group.line, group.wording) == (False, None)
