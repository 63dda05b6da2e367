from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from tests.editions import FIRST, RENAMED, write_second_edition

from egovdocs.schemas import (
    Service,
    ServiceEdition,
    codes_in,
    load_services,
    rename_codes,
    rename_values,
    renamed_code,
    renamings,
)

SECOND = "2026-06-08"


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service whose code was renamed twice."""
    folder = tmp_path_factory.mktemp("services")
    write_second_edition(folder, SECOND)
    first, second = load_services(folder)["medical-licence"]
    again = MappingProxyType({"Activity": MappingProxyType({RENAMED[1]: "medicine"})})
    return Service("medical-licence", [first, second, replace(second, edition="2027-01-01", renamed=again)])


def test_a_code_has_its_last_name(twice: Service) -> None:
    for since, until, name in (
        (FIRST, FIRST, RENAMED[0]),
        (FIRST, SECOND, RENAMED[1]),
        (FIRST, "2027-01-01", "medicine"),
    ):
        assert renamed_code(twice, "Activity", RENAMED[0], since, until) == name
    assert renamed_code(twice, "Activity", RENAMED[1], SECOND, "2027-01-01") == "medicine"
    assert renamed_code(twice, "Activity", "surgery", FIRST, "2027-01-01") == "surgery"
    assert renamed_code(twice, "Activity", RENAMED[1], SECOND, FIRST) == RENAMED[1]


def test_only_codes_of_the_type_are_renamed(twice: Service, values: dict[str, Any]) -> None:
    first, second = twice.edition(FIRST), twice.edition(SECOND)
    names = renamings(twice, first, second)
    values["sites"]["site"][0]["name"] = RENAMED[0]
    renamed = rename_values(values, first.request.fields, names)
    assert renamed["activities"] == {"activity": ["dentistry", RENAMED[1]]}
    assert renamed["sites"]["site"][0]["name"] == RENAMED[0]
    content = rename_codes(first.request.build(values), first.request, names)
    assert f">{RENAMED[1]}</req:activity>".encode() in content
    assert f"<req:name>{RENAMED[0]}</req:name>".encode() in content


def test_codes_of_a_document(service: ServiceEdition, values: dict[str, Any]) -> None:
    found = [(field.path, code) for field, code in codes_in(values, service.request.fields)]
    assert ("activities/activity", "therapy") in found
    assert ("sites/site/address/region", "47") in found
    of_type = [code for _field, code in codes_in(values, service.request.fields, type_name="Activity")]
    assert of_type == ["dentistry", "therapy"]
