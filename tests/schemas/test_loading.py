from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.editions import FIRST, write_second_edition

from egovdocs.schemas import NotInForce, ServiceError, Services, UnknownEdition, load_services
from egovdocs.schemas.xml_files import SERVICES

FOLDER = Path(__file__).parent / "services" / "no-debt-certificate" / FIRST
SECOND = "2026-06-08"


def test_a_third_service_is_a_folder_of_data(services: Services) -> None:
    assert set(services) == {"clinic-attachment", "medical-licence", "no-debt-certificate"}
    files = list(FOLDER.iterdir())
    assert not [file for file in files if file.suffix == ".py"]
    assert sum(len(file.read_text("utf-8").splitlines()) for file in files) <= 150


def test_a_folder_adds_an_edition_to_a_shipped_service(tmp_path: Path) -> None:
    write_second_edition(tmp_path, SECOND)
    services = load_services(tmp_path)
    first, second = services["medical-licence"]
    assert [edition.edition for edition in (first, second)] == [FIRST, SECOND]
    assert services["medical-licence"].newest is second
    assert services["medical-licence"].in_force(date(2026, 6, 7)) is first
    assert services["medical-licence"].in_force(date(2026, 6, 8)) is second
    assert (first.common.edition, second.common.edition) == (FIRST, SECOND)
    assert services["clinic-attachment"].newest.common is first.common
    with pytest.raises(NotInForce):
        services["medical-licence"].in_force(date(2013, 1, 2))
    with pytest.raises(UnknownEdition):
        services["medical-licence"].edition("2020-01-01")


def test_a_service_that_is_not_in_force_yet_is_not_offered(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "no-debt-certificate" / "2030-01-01")
    services = load_services(tmp_path)
    assert "no-debt-certificate" not in services.in_force(date(2029, 12, 31))
    assert "no-debt-certificate" in services.in_force(date(2030, 1, 1))


def test_all_mistakes_of_all_editions_are_told_at_once(tmp_path: Path) -> None:
    for service, edition in (("one", FIRST), ("two", FIRST), ("two", "2014-01-01")):
        shutil.copytree(FOLDER, tmp_path / service / edition)
        file = tmp_path / service / edition / "service.toml"
        text = (
            file.read_text("utf-8").replace("working_days = 3", "working_days = 0").replace('"20 s"', '"x"')
        )
        file.write_text(text.replace("10-15 s", "later"), "utf-8")
    with pytest.raises(ServiceError) as refused:
        load_services(tmp_path)
    assert len(refused.value.mistakes) == 6


def test_two_editions_of_one_day(tmp_path: Path) -> None:
    for parent in ("a", "b"):
        shutil.copytree(FOLDER, tmp_path / parent / "no-debt-certificate" / FIRST)
    with pytest.raises(ServiceError, match=f"there is another edition {FIRST} of “no-debt-certificate”"):
        load_services(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("name", ["2013-1-3", "2013-02-30", "first", "20130103"])
def test_an_edition_is_named_by_a_day(tmp_path: Path, name: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "no-debt-certificate" / name)
    with pytest.raises(ServiceError, match="named by the day it is in force from"):
        load_services(tmp_path)


def test_a_service_without_editions_is_not_passed_over(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "no-debt-certificate")
    with pytest.raises(ServiceError, match="in the folder of an edition"):
        load_services(tmp_path)


def test_the_common_edition_is_named_and_there(tmp_path: Path) -> None:
    folder = tmp_path / "no-debt-certificate" / FIRST
    shutil.copytree(FOLDER, folder)
    file = folder / "service.toml"
    file.write_text(file.read_text("utf-8").replace(FIRST, "2012-01-01", 1), "utf-8")
    with pytest.raises(ServiceError, match=r"service.toml:1: common: no edition “2012-01-01”"):
        load_services(tmp_path)


def test_nothing_outside_an_edition_changes_it(tmp_path: Path) -> None:
    """What its fingerprint does not cover is not referred to."""
    write_second_edition(tmp_path, SECOND)
    file = tmp_path / "medical-licence" / SECOND / "outcome.xsd"
    text = file.read_text("utf-8")
    for other in (f"../../common/{FIRST}/types.xsd", f"../{FIRST}/activities.xsd"):
        file.write_text(text.replace(f"../../common/{SECOND}/types.xsd", other), "utf-8")
        with pytest.raises(ServiceError, match="is no file of this edition or of common/2026-06-08"):
            load_services(tmp_path)


def test_a_mistake_in_a_common_edition_is_told(tmp_path: Path) -> None:
    common = tmp_path / "common" / SECOND
    shutil.copytree(SERVICES / "common" / FIRST, common)
    file = common / "questionnaire.toml"
    file.write_text(file.read_text("utf-8").replace("title.kk", "title.xx", 1), "utf-8")
    with pytest.raises(ServiceError, match=r"questionnaire\.toml:\d+: "):
        load_services(tmp_path)


def test_a_stylesheet_is_tried_with_the_outcomes_of_former_editions(tmp_path: Path) -> None:
    """A duplicate of a licence of the first edition would lack what the second one wants."""
    write_second_edition(tmp_path, SECOND)
    file = tmp_path / "medical-licence" / SECOND / "outcome.xsd"
    text = file.read_text("utf-8")
    assert 'name="rooms" type="lic:Code" minOccurs="0"' in text
    file.write_text(text.replace(' type="lic:Code" minOccurs="0"', ' type="lic:Code"'), "utf-8")
    with pytest.raises(ServiceError, match=r"rooms”, which the schema requires \(duplicate\)"):
        load_services(tmp_path)


@pytest.mark.parametrize(
    ("renamed", "rule"),
    [
        ('[renamed.Activity]\nx = "nothing"', "there is no “nothing”"),
        ('[renamed.Activity]\nsurgery = "therapy"', "“surgery” still is a choice"),
        ('[renamed.Nothing]\nx = "therapy"', "no field has a list of choices of this type"),
        ('[renamed.actions]\nx = "nothing"', "there is no “nothing”"),
        ("[renamed]\nx = 1", "a table is required"),
    ],
)
def test_codes_are_renamed_to_ones_that_exist(tmp_path: Path, renamed: str, rule: str) -> None:
    folder = tmp_path / "medical-licence" / SECOND
    shutil.copytree(SERVICES / "medical-licence" / FIRST, folder)
    with (folder / "service.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{renamed}\n")
    with pytest.raises(ServiceError, match=rule):
        load_services(tmp_path)
