from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from egovdocs.schemas import CommonEdition, ServiceEdition, Services, load_services
from egovdocs.schemas.identifiers import licence_number, request_number

ADDRESS = {"region": "47", "locality": "Актау", "street": "14-й микрорайон, дом 1", "postcode": "130000"}
PAID_AT = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)


TODAY = date(2026, 5, 12)


@pytest.fixture(scope="session")
def services() -> Services:
    return load_services(Path(__file__).parent / "services")


@pytest.fixture(scope="session")
def in_force(services: Services) -> Mapping[str, ServiceEdition]:
    return services.in_force(TODAY)


@pytest.fixture(scope="session")
def common(services: Services) -> CommonEdition:
    return services.common.in_force(TODAY)


@pytest.fixture(scope="session")
def service(in_force: Mapping[str, ServiceEdition]) -> ServiceEdition:
    return in_force["medical-licence"]


@pytest.fixture(scope="session")
def clinic_attachment(in_force: Mapping[str, ServiceEdition]) -> ServiceEdition:
    return in_force["clinic-attachment"]


@pytest.fixture
def values(service: ServiceEdition) -> dict[str, Any]:
    """A request to issue a licence, complete."""
    return {
        "service": service.service_id,
        "action": "issue",
        "channel": "portal",
        "reference": "r4nd0m_Reference",
        "language": "kk",
        "applicant": {
            "kind": "natural",
            "identifier": "680503250034",
            "name": "ӘБІШЕВА ГҮЛНҰР ҚАНАТҚЫЗЫ",
            "address": dict(ADDRESS),
        },
        "activities": {"activity": ["dentistry", "therapy"]},
        "sites": {"site": [{"name": "Тіс емханасы", "address": dict(ADDRESS)}]},
        "contacts": {"phone": "+7 729 212 34 56", "email": "clinic@example.kz"},
        "declarations": {"truthful": True, "mayPractise": True, "personalData": True},
        "payment": {"reference": "P-1", "amount": Decimal("39320"), "currency": "KZT", "paidAt": PAID_AT},
        "attachments": {
            "attachment": [
                attached(kind) for kind in ("premises", "sanitary-conclusion", "equipment", "staff")
            ]
        },
    }


@pytest.fixture
def duplicate_values(values: dict[str, Any]) -> dict[str, Any]:
    """A request for a duplicate, complete."""
    kept = {name: one for name, one in values.items() if name not in ("activities", "sites", "attachments")}
    return kept | {
        "action": "duplicate",
        "duplicate": {"licence": licence_number("MED", 7), "reason": "lost"},
    }


@pytest.fixture
def attachment_values(values: dict[str, Any]) -> dict[str, Any]:
    """A request for attachment to a clinic, complete."""
    for name in ("activities", "sites", "payment", "attachments"):
        del values[name]
    return values | {
        "service": "clinic-attachment",
        "action": "attach",
        "choice": {"clinic": "shanyraq", "reason": "free-choice"},
        "declarations": {"truthful": True, "oneClinic": True, "personalData": True},
    }


def attached(kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": f"{kind}.pdf",
        "mediaType": "application/pdf",
        "size": 1000,
        "sha256": "a" * 64,
    }


@pytest.fixture
def grant() -> dict[str, Any]:
    """A decision that grants a medical licence."""
    return {
        "service": "medical-licence",
        "outcome": "grant",
        "number": licence_number("MED", 1),
        "date": date(2026, 5, 12),
        "firstIssuedOn": date(2026, 5, 12),
        "request": {"number": request_number(2026, 1), "sha256": "b" * 64},
        "signatory": {"name": "СЕРІКОВ АЙДАР"},
    }


@pytest.fixture
def refusal() -> dict[str, Any]:
    """A decision that refuses a medical licence."""
    return {
        "service": "medical-licence",
        "outcome": "refuse",
        "number": request_number(2026, 2),
        "date": date(2026, 5, 12),
        "request": {"number": request_number(2026, 1), "sha256": "b" * 64},
        "grounds": {"ground": ["requirements-not-met", "documents-incomplete-or-false"]},
        "reason": "Нет оборудования для стоматологии.\nНет сертификата.",
        "signatory": {"name": "СЕРІКОВ АЙДАР"},
    }


@pytest.fixture
def make_decision(common: CommonEdition) -> Callable[[Mapping[str, Any]], bytes]:
    return common.document_types["decision"].build
