from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from egovdocs.schemas import (
    CommonEdition,
    DocumentProblems,
    Service,
    ServiceEdition,
    Services,
    load_common,
    load_edition,
    make_outcome,
    make_refusal,
    recognise_document,
)
from egovdocs.schemas.identifiers import licence_number, request_number
from egovdocs.schemas.outcomes import compiled
from egovdocs.schemas.trials import trial_mistakes

Decide = Callable[[Mapping[str, Any]], bytes]


def test_licence(
    service: ServiceEdition, values: dict[str, Any], grant: dict[str, Any], make_decision: Decide
) -> None:
    values["sites"]["site"].append({"name": "Зертхана", "address": values["applicant"]["address"]})
    grant["conditions"] = "Только амбулаторно"
    content = make_outcome(service, service.request.build(values), make_decision(grant))
    licence = service.outcome.read(content)
    assert licence["number"] == licence_number("MED", 1)
    assert licence["issuedOn"] == licence["firstIssuedOn"] == "2026-05-12"
    assert licence["licensee"] == values["applicant"]
    assert licence["conditions"] == "Только амбулаторно"
    assert licence["licensor"]["bin"] == service.provider.bin
    assert licence["licensor"]["name"]["kk"] == service.provider.title.kk
    assert licence["signatory"] == {
        "name": "СЕРІКОВ АЙДАР",
        "position": {"ru": "Руководитель управления", "kk": "Басқарма басшысы"},
    }
    assert licence["request"] == {"number": request_number(2026, 1), "sha256": "b" * 64}
    assert [appendix["number"] for appendix in licence["appendices"]["appendix"]] == ["001", "002"]
    second = licence["appendices"]["appendix"][1]
    assert second["site"]["name"] == "Зертхана"
    assert [activity["code"] for activity in second["activities"]["activity"]] == ["dentistry", "therapy"]
    assert second["activities"]["activity"][0]["wording"] == {"ru": "Стоматология", "kk": "Стоматология"}
    assert "370-II" in licence["clause"]["ru"]
    assert "replaces" not in licence


def test_an_outcome_is_made_the_same_twice(
    service: ServiceEdition, values: dict[str, Any], grant: dict[str, Any], make_decision: Decide
) -> None:
    request, decision = service.request.build(values), make_decision(grant)
    content = make_outcome(service, request, decision)
    assert content == make_outcome(service, request, decision)
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<lic:licence xmlns:lic=")
    assert content.count(b"xmlns") == 1


def test_a_duplicate_says_what_the_licence_says_that_it_replaces(
    service: ServiceEdition,
    values: dict[str, Any],
    duplicate_values: dict[str, Any],
    grant: dict[str, Any],
    make_decision: Decide,
) -> None:
    grant["conditions"] = "Только амбулаторно"
    lost = make_outcome(service, service.request.build(values), make_decision(grant))
    del grant["conditions"]
    grant["firstIssuedOn"] = date(2020, 1, 9)
    request, decision = service.request.build(duplicate_values), make_decision(grant)
    first = make_outcome(service, request, decision, lost)
    second = make_outcome(service, request, decision, first)
    said, once, twice = (service.outcome.read(document) for document in (lost, first, second))
    for licence, number in ((once, "1"), (twice, "2")):
        assert licence["action"] == "duplicate"
        assert licence["duplicate"] == number
        assert licence["replaces"] == licence_number("MED", 7)
        assert licence["firstIssuedOn"] == "2020-01-09"
        for part in ("licensee", "activity", "conditions", "appendices"):
            assert licence[part] == said[part]
    assert "duplicate" not in said
    with pytest.raises(DocumentProblems):
        make_outcome(service, request, decision)


def test_refusal(
    service: ServiceEdition,
    common: CommonEdition,
    values: dict[str, Any],
    refusal: dict[str, Any],
    make_decision: Decide,
) -> None:
    content = make_refusal(service, service.request.build(values), make_decision(refusal))
    read = common.document_types["refusal"].read(content)
    assert [ground["code"] for ground in read["grounds"]["ground"]] == refusal["grounds"]["ground"]
    assert read["grounds"]["ground"][0]["wording"]["kk"] == service.grounds[2].title.kk
    assert read["reason"] == refusal["reason"]
    assert read["applicant"] == values["applicant"]
    assert read["provider"]["bin"] == service.provider.bin


def test_markup_in_values_stays_text(
    service: ServiceEdition,
    common: CommonEdition,
    values: dict[str, Any],
    refusal: dict[str, Any],
    make_decision: Decide,
) -> None:
    values["applicant"]["name"] = "ТОО «<b>&amp;</b>»"
    refusal["reason"] = "</ref:reason><ref:reason>]]>"
    read = common.document_types["refusal"].read(
        make_refusal(service, service.request.build(values), make_decision(refusal))
    )
    assert read["applicant"]["name"] == values["applicant"]["name"]
    assert read["reason"] == refusal["reason"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"service": "no-debt-certificate"}, "service"),
        ({"grounds": {"ground": ["because"]}}, "grounds/ground[1]"),
        ({"grounds": None}, "grounds/ground"),
        ({"reason": ""}, "reason"),
        ({"number": "12"}, "number"),
    ],
)
def test_decisions_that_make_no_refusal(
    service: ServiceEdition,
    values: dict[str, Any],
    refusal: dict[str, Any],
    make_decision: Decide,
    change: dict[str, Any],
    path: str,
) -> None:
    with pytest.raises(DocumentProblems) as refused:
        make_refusal(service, service.request.build(values), make_decision(refusal | change))
    assert path in [problem.path for problem in refused.value.problems]


def test_a_grant_is_no_refusal(
    service: ServiceEdition,
    values: dict[str, Any],
    grant: dict[str, Any],
    refusal: dict[str, Any],
    make_decision: Decide,
) -> None:
    request = service.request.build(values)
    with pytest.raises(DocumentProblems, match="does not grant"):
        make_outcome(service, request, make_decision(refusal))
    with pytest.raises(DocumentProblems, match="does not refuse"):
        make_refusal(service, request, make_decision(grant))


def test_a_licence_needs_a_licence_number(
    service: ServiceEdition, values: dict[str, Any], grant: dict[str, Any], make_decision: Decide
) -> None:
    with pytest.raises(DocumentProblems, match="licence number"):
        make_outcome(
            service, service.request.build(values), make_decision(grant | {"number": request_number(2026, 1)})
        )


def test_the_request_is_checked_again(
    service: ServiceEdition, values: dict[str, Any], grant: dict[str, Any], make_decision: Decide
) -> None:
    request = service.request.build(values).replace(b"680503250034", b"680503250035")
    with pytest.raises(DocumentProblems, match="applicant/identifier"):
        make_outcome(service, request, make_decision(grant))


def test_attachment_certificate(
    services: Services,
    clinic_attachment: ServiceEdition,
    attachment_values: dict[str, Any],
    grant: dict[str, Any],
    make_decision: Decide,
) -> None:
    number = request_number(2026, 9)
    decision = make_decision(
        grant | {"service": "clinic-attachment", "number": number, "conditions": "Участок № 4"}
    )
    content = make_outcome(clinic_attachment, clinic_attachment.request.build(attachment_values), decision)
    assert recognise_document(content, services).document_type is clinic_attachment.outcome
    certificate = clinic_attachment.outcome.read(content)
    assert certificate["number"] == number
    assert certificate["applicant"] == attachment_values["applicant"]
    assert certificate["clinic"]["code"] == "shanyraq"
    assert "«Шанырак»" in certificate["clinic"]["name"]["ru"]
    assert "«Шаңырақ»" in certificate["clinic"]["name"]["kk"]
    assert certificate["reason"]["kk"] == "Медициналық ұйымды еркін таңдау"
    assert certificate["conditions"] == "Участок № 4"
    assert certificate["provider"]["bin"] == clinic_attachment.provider.bin
    assert certificate["signatory"]["position"]["kk"] == "Бас дәрігер"


def test_certificate_of_the_third_service(
    services: Services, values: dict[str, Any], grant: dict[str, Any], make_decision: Decide
) -> None:
    service = services["no-debt-certificate"].newest
    for name in ("activities", "sites", "declarations", "payment", "attachments"):
        del values[name]
    request = service.request.build(values | {"service": service.service_id})
    decision = grant | {"service": service.service_id, "number": request_number(2026, 9)}
    content = make_outcome(service, request, make_decision(decision))
    certificate = service.outcome.read(content)
    assert certificate["statement"]["kk"] == "Емхана алдында берешек жоқ."
    assert certificate["applicant"] == values["applicant"]
    assert recognise_document(content, services).document_type is service.outcome


def test_a_stylesheet_reads_no_files(
    tmp_path: Path, values: dict[str, Any], grant: dict[str, Any], make_decision: Decide
) -> None:
    folder = tmp_path / "no-debt-certificate" / "2013-01-03"
    shutil.copytree(Path(__file__).parent / "services" / "no-debt-certificate" / "2013-01-03", folder)
    (tmp_path / "secret.xml").write_text("<secret>secret</secret>", "utf-8")
    sheet = folder / "outcome.xsl"
    text = sheet.read_text("utf-8")
    reads = f"<xsl:value-of select=\"document('{tmp_path}/secret.xml')\"/>"
    sheet.write_text(text.replace("Емхана", f"{reads}Емхана"), "utf-8")
    edition = load_edition(folder, load_common())
    (mistake,) = trial_mistakes(Service(edition.service_id, [edition]))
    assert "denied" in mistake.rule
    hidden = f"<xsl:if test=\"$decision/*[local-name()='date'] != '2026-03-02'\">{reads}</xsl:if>"
    sheet.write_text(text.replace("Емхана", f"{hidden}Емхана"), "utf-8")
    compiled.cache_clear()
    service = load_edition(folder, load_common())
    for name in ("activities", "sites", "declarations", "payment", "attachments"):
        del values[name]
    request = service.request.build(values | {"service": service.service_id})
    decision = make_decision(grant | {"service": service.service_id, "number": request_number(2026, 9)})
    with pytest.raises(etree.XSLTApplyError, match="denied"):
        make_outcome(service, request, decision)
