"""Documents to put on paper; everyone in them is made up."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from egovdocs.sandbox.authority import Authority
from egovdocs.schemas import DocumentType, ServiceEdition, Services, load_services
from egovdocs.signing import Indication, Role, SignatureReport, holder

REQUEST = {"number": "2026-000123-38", "sha256": "5f" * 32}
PROVIDER = {
    "bin": "950341000052",
    "name": {
        "ru": "ГУ «Управление здравоохранения Мангистауской области»",
        "kk": "«Маңғыстау облысының денсаулық сақтау басқармасы» ММ",
    },
}
APPLICANT = {
    "kind": "legal",
    "identifier": "940140000385",
    "name": "ТОО «Ұлытау Жүрек Клиникасы»",
    "address": {"region": "47", "locality": "г. Актау", "street": "14 мкр., д. 5", "postcode": "130000"},
}
SIGNATORY = {
    "name": "Қосанова Әйгүл Һамитқызы",
    "position": {"ru": "Руководитель управления", "kk": "Басқарма басшысы"},
}
GROUND = {
    "code": "requirements-not-met",
    "wording": {
        "ru": "Заявитель не соответствует квалификационным требованиям",
        "kk": "Өтініш беруші біліктілік талаптарына сәйкес келмейді",
    },
}
SIGNED_AT = datetime(2026, 3, 13, 9, 5, tzinfo=UTC)


@cache
def services() -> Services:
    return load_services()


@cache
def medical_licence() -> ServiceEdition:
    return services()["medical-licence"].newest


def licence(sites: int = 2, **more: Any) -> tuple[DocumentType, bytes]:
    activities = [
        {"code": code, "wording": {language: text[language] for language in ("ru", "kk")}}
        for code, text in activity_choices()[:4]
    ]
    values = {
        "service": "medical-licence",
        "action": "issue",
        "number": "KZ29LAM00002781",
        "issuedOn": "2026-03-13",
        "firstIssuedOn": "2026-03-13",
        "licensee": APPLICANT,
        "activity": {"ru": "Медицинская деятельность", "kk": "Медициналық қызмет"},
        "note": {"ru": "Неотчуждаемая, класс 1", "kk": "Иеліктен шығарылмайтын, 1-сынып"},
        "licensor": PROVIDER,
        "signatory": SIGNATORY,
        "place": {"ru": "г. Актау", "kk": "Ақтау қ."},
        "request": REQUEST,
        "appendices": {
            "appendix": [
                {
                    "number": f"{number:03d}",
                    "issuedOn": "2026-03-13",
                    "basis": {"ru": "Запрос № 2026-000123-38", "kk": "№ 2026-000123-38 сұрау салу"},
                    "activities": {"activity": activities},
                    "site": {"name": f"Клиника № {number}", "address": APPLICANT["address"]},
                }
                for number in range(1, sites + 1)
            ]
        },
        "clause": {
            "ru": "Равнозначен документу на бумажном носителе.",
            "kk": "Қағаз құжатпен маңызы бірдей.",
        },
        **more,
    }
    document_type = medical_licence().outcome
    return document_type, document_type.build(values)


@cache
def clinic_attachment() -> ServiceEdition:
    return services()["clinic-attachment"].newest


def certificate(**more: Any) -> tuple[DocumentType, bytes]:
    clinic = clinic_attachment().request.field("choice/clinic").choice("qaisar")
    assert clinic is not None
    values = {
        "service": "clinic-attachment",
        "action": "attach",
        "number": "2026-000007-36",
        "date": "2026-03-13",
        "applicant": APPLICANT
        | {"kind": "natural", "identifier": "010515600417", "name": "ҚОЖАБЕКОВА ЖАНСАЯ НҰРЛАНҚЫЗЫ"},
        "clinic": {"code": "qaisar", "name": {"ru": clinic.ru, "kk": clinic.kk}},
        "reason": {"ru": "Смена места жительства", "kk": "Тұрғылықты жерінің өзгеруі"},
        "provider": PROVIDER,
        "signatory": SIGNATORY | {"position": {"ru": "Главный врач", "kk": "Бас дәрігер"}},
        "request": REQUEST,
        **more,
    }
    document_type = clinic_attachment().outcome
    return document_type, document_type.build(values)


def activity_choices() -> tuple[tuple[str, Any], ...]:
    return medical_licence().request.field("activities/activity").choices


def refusal(**more: Any) -> tuple[DocumentType, bytes]:
    values = {
        "service": "medical-licence",
        "action": "issue",
        "number": "2026-000123-38",
        "date": "2026-03-13",
        "request": REQUEST,
        "applicant": APPLICANT,
        "grounds": {"ground": [GROUND]},
        "reason": "По адресу объекта нет процедурного кабинета.\nСтаж врача не подтверждён.",
        "provider": PROVIDER,
        "signatory": SIGNATORY,
        **more,
    }
    document_type = medical_licence().document_types["refusal"]
    return document_type, document_type.build(values)


def receipt() -> tuple[DocumentType, bytes]:
    values = {
        "service": "medical-licence",
        "action": "issue",
        "channel": "portal",
        "number": REQUEST["number"],
        "registeredAt": "2026-03-02T05:12:44Z",
        "applicant": APPLICANT["identifier"],
        "requestSha256": REQUEST["sha256"],
        "deadline": "2026-03-27",
        "provider": PROVIDER,
    }
    document_type = medical_licence().document_types["receipt"]
    return document_type, document_type.build(values)


def request() -> tuple[DocumentType, bytes]:
    values = {
        "service": "medical-licence",
        "action": "issue",
        "channel": "portal",
        "reference": "Zk3_reference-1",
        "language": "ru",
        "applicant": APPLICANT,
        "activities": {"activity": [code for code, _ in activity_choices()[:3]]},
        "sites": {
            "site": [
                {"name": "Клиника", "address": APPLICANT["address"]},
                {"name": "Филиал", "address": APPLICANT["address"]},
            ]
        },
        "contacts": {"phone": "+7 729 212 34 56", "email": "klinika@example.kz"},
        "declarations": {"truthful": True, "mayPractise": True, "personalData": True},
        "payment": {
            "reference": "pay-0001-abcd",
            "amount": "39320.00",
            "currency": "KZT",
            "paidAt": "2026-03-02T05:10:00Z",
        },
        "attachments": {
            "attachment": [
                {
                    "kind": kind.code,
                    "name": f"скан {kind.code}.pdf",
                    "mediaType": "application/pdf",
                    "size": 183042,
                    "sha256": "ab" * 32,
                }
                for kind in medical_licence().attachments_for("issue", "portal")
                if kind.required
            ]
        },
    }
    document_type = medical_licence().request
    return document_type, document_type.build(values)


@cache
def signature() -> SignatureReport:
    authority = Authority.create("Куәландырушы орталық", algorithm="ec")
    issued = authority.issue_employee(
        "Қосанова Әйгүл Һамитқызы",
        "830717350867",
        "ГУ «Управление здравоохранения»",
        PROVIDER["bin"],
        role=Role.RIGHT_TO_SIGN,
        algorithm="ec",
    )
    return SignatureReport(
        Indication.TOTAL_PASSED,
        None,
        (),
        level="XAdES-B",
        covers="whole",
        signer=holder(issued.certificate),
        certificate=issued.certificate,
        signing_time=SIGNED_AT,
    )
