"""A document is recognised by its edition, also one of rules that are no longer in force."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.editions import FIRST, RENAMED, write_second_edition

from egovdocs.schemas import (
    DocumentProblems,
    Services,
    load_services,
    make_outcome,
    make_refusal,
    recognise_document,
)

SECOND = "2026-06-08"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Services:
    folder = tmp_path_factory.mktemp("services")
    write_second_edition(folder, SECOND)
    return load_services(folder)


def in_second(values: dict[str, Any]) -> dict[str, Any]:
    values["activities"] = {"activity": [RENAMED[1]]}
    values["sites"]["site"][0]["rooms"] = 2
    return values


def licence(services: Services, edition: str, values: dict[str, Any], grant: dict[str, Any]) -> bytes:
    found = services["medical-licence"].edition(edition)
    decision = found.common.document_types["decision"].build(grant)
    return make_outcome(found, found.request.build(values), decision)


@pytest.mark.parametrize("day", [date(2026, 5, 12), date(2026, 6, 9)])
def test_an_old_licence_is_recognised_whatever_its_date(
    two: Services, values: dict[str, Any], grant: dict[str, Any], day: date
) -> None:
    content = licence(two, FIRST, values, grant | {"date": day})
    found = recognise_document(content, two)
    assert (found.name, found.edition) == ("outcome", two["medical-licence"].edition(FIRST))
    assert found.document_type.problems(content) == ()


def test_a_new_licence_is_recognised(two: Services, values: dict[str, Any], grant: dict[str, Any]) -> None:
    content = licence(two, SECOND, in_second(values), grant | {"date": date(2026, 6, 8)})
    assert recognise_document(content, two).edition is two["medical-licence"].newest


def test_where_several_editions_accept_it_the_one_of_its_date_is_meant(
    two: Services, values: dict[str, Any], refusal: dict[str, Any]
) -> None:
    first = two["medical-licence"].edition(FIRST)
    for day, edition in ((date(2026, 6, 7), FIRST), (date(2026, 6, 8), SECOND)):
        decision = first.common.document_types["decision"].build(refusal | {"date": day})
        content = make_refusal(first, first.request.build(values), decision)
        found = recognise_document(content, two)
        assert found.edition is not None
        assert (found.name, found.edition.edition) == ("refusal", edition)
        assert found.common is found.edition.common


def test_a_known_edition_is_the_only_one(two: Services, values: dict[str, Any]) -> None:
    content = two["medical-licence"].edition(FIRST).request.build(values)
    for edition in (FIRST, SECOND):
        found = recognise_document(content, two, edition)
        assert found.edition is two["medical-licence"].edition(edition)
    assert recognise_document(content, two).edition is two["medical-licence"].edition(FIRST)


def test_what_no_edition_accepts_is_of_the_day_it_names(
    two: Services, values: dict[str, Any], grant: dict[str, Any]
) -> None:
    content = licence(two, FIRST, values, grant).replace(b"47</lic:region>", b"99</lic:region>")
    found = recognise_document(content, two)
    assert found.edition is two["medical-licence"].edition(FIRST)
    assert found.document_type.problems(content) != ()


def test_what_is_of_no_service_has_a_common_edition(two: Services) -> None:
    for common in two.common:
        content = common.document_types["challenge"].build(
            {
                "site": "https://egovdocs.example",
                "purpose": "registration",
                "nonce": "n0nce_n0nce_n0nce_n0nce",
                "issuedAt": datetime.combine(common.in_force_from, datetime.min.time(), UTC),
                "expiresAt": datetime(2026, 6, 9, tzinfo=UTC),
            }
        )
        found = recognise_document(content, two)
        assert (found.name, found.edition, found.common) == ("challenge", None, common)


@pytest.mark.parametrize(
    "content",
    [
        b"<licence/>",
        b"nothing",
        b'<r:request xmlns:r="urn:egovdocs:request:1"><r:service>another</r:service></r:request>',
        b'<x:x xmlns:x="urn:egovdocs:licence:1"><x:service>medical-licence</x:service></x:x>',
    ],
)
def test_what_is_none_of_ours(two: Services, content: bytes) -> None:
    with pytest.raises(DocumentProblems):
        recognise_document(content, two)
