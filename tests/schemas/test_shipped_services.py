"""What the shipped services say is what the decree says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from egovdocs.schemas import END, LANGUAGES, Fee, ServiceEdition
from egovdocs.schemas.identifiers import is_bin

# The tables of the decree's two appendices 1: step, unit, limit, next.
TABLES = {
    ("medical-licence", "portal", "A1"): """
registration | applicant | | P1
P1 | applicant | 10–15 s | C1
C1 | portal | | no P2, yes P3
P2 | portal | 20 s | end
P3 | applicant | 1.5 min | P4
P4 | payment-gateway | 1.5 min | C2
C2 | licence-register | | no P5, yes P6
P5 | portal | 20 s | end
P6 | applicant | | C3
C3 | portal | | no P7, yes P8
P7 | portal | 10–15 s | end
P8 | applicant | 1.5 min | P9
P9 | licence-register | 1.5 min | C4
C4 | provider | | no P10, yes P11
P10 | licence-register | 20 s | end
P11 | licence-register | 15 / 10 / 2 working days | end
""",
    ("medical-licence", "provider", "A2"): """
P1 | officer | 10–15 s | C1
C1 | licence-register | | no P2, yes P3
P2 | licence-register | 20 s | end
P3 | officer | 1.5 min | P4
P4 | gateway | 1.5 min | C2
C2 | identity-registers | | no P5, yes P6
P5 | licence-register | 20 s | end
P6 | officer | 10–15 s | P7
P7 | licence-register | 10–15 s | C3
C3 | provider | | no P8, yes P9
P8 | licence-register | 20 s | end
P9 | licence-register | 15 / 10 / 2 working days | end
""",
    ("medical-licence", "centre", "A3"): """
P1 | operator | 30 s – 1 min | P2
P2 | operator | 30 s | P3
P3 | gateway | 1.5 min | C1
C1 | identity-and-notary-registers | | no P4, yes P5
P4 | centre | 1.5 min | end
P5 | operator | 30 s – 1 min | P6
P6 | operator | 1 min | P7
P7 | licence-register | 1 min | C2
C2 | provider | | no P8, yes P9
P8 | licence-register | 30 s – 1 min | end
P9 | licence-register | 15 / 10 / 2 working days | end
""",
    ("clinic-attachment", "portal", "B1"): """
registration | applicant | | P1
P1 | applicant | 30 s – 1 min | C1
C1 | portal | | no P2, yes P3
P2 | portal | 30 s | end
P3 | applicant | 1.5 min | C2
C2 | portal | | no P4, yes P5
P4 | portal | 1.5 min | end
P5 | applicant | 30 s – 1 min | P6
P6 | provider-workstation | 1 min | C3
C3 | provider | | no P7, yes P8
P7 | provider-workstation | 1 working day | end
P8 | provider-workstation | 1 working day | end
""",
    ("clinic-attachment", "provider", "B2"): """
P1 | officer | 10–15 s | P2
P2 | officer | 10 s | P3
P3 | gateway | 1.5 min | C1
C1 | persons-register | | no P4, yes P5
P4 | persons-register | 10–15 s | end
P5 | officer | 10–15 s | P6
P6 | provider-workstation | 1.5 min | C2
C2 | provider | | no P7, yes P8
P7 | provider-workstation | 1 working day | end
P8 | provider-workstation | 1 working day | end
""",
}
# What a row is for, where that is more than its kind: whoever walks a table finds the row by this.
DUTIES_OF = {
    "A2": "P1 login, C1 check-login, P2 refuse-login, P3 form, P4 lookup, C2 check-lookup, P5 refuse-lookup, "
    "P6 papers, P7 register, C3 review, P8 refuse, P9 grant",
    "A3": "P1 login, P2 form, P3 lookup, P3 powers, C1 check-lookup, P4 refuse-lookup, P5 papers, "
    "P5 sign, P6 send, P7 register, C2 review, P8 refuse, P9 grant",
    "B1": "registration registration, P1 login, C1 check-login, P2 refuse-login, P3 form, P3 certificate, "
    "C2 check-certificate, P4 refuse-certificate, P5 sign, P5 send, P6 register, C3 review, P7 refuse, "
    "P8 grant",
    "B2": "P1 login, P2 form, P3 lookup, C1 check-lookup, P4 refuse-lookup, P5 papers, P5 sign, P6 register, "
    "C2 review, P7 refuse, P8 grant",
}


@pytest.mark.parametrize(("of", "channel", "table"), TABLES, ids=[table for *_, table in TABLES])
def test_a_channel_is_the_regulations_table(
    in_force: Mapping[str, ServiceEdition], of: str, channel: str, table: str
) -> None:
    procedure = in_force[of].channels[channel]
    assert procedure.table == table
    rows = []
    for step in procedure.steps.values():
        ways = ", ".join(f"{event} {to}".removeprefix("done ") for event, to in step.next.items())
        limit = step.limit.text.en if step.limit else ""
        rows.append(f"{step.number} | {step.unit} | {limit} | {ways}".replace("|  |", "| |"))
        assert step.kind == ("condition" if step.number.startswith("C") else "process")
        assert step.ends == (set(step.next.values()) == {END})
    assert "\n".join(rows) == TABLES[of, channel, table].strip()
    assert procedure.first.number == ("registration" if channel == "portal" else "P1")


def test_the_regulation_has_these_tables_and_no_other(in_force: Mapping[str, ServiceEdition]) -> None:
    told = {(of, channel) for of, channel, _ in TABLES}
    assert {
        (of, channel) for of in ("medical-licence", "clinic-attachment") for channel in in_force[of].channels
    } == told


@pytest.mark.parametrize(("table", "duties"), DUTIES_OF.items(), ids=list(DUTIES_OF))
def test_what_each_row_of_a_table_is_for(
    in_force: Mapping[str, ServiceEdition], table: str, duties: str
) -> None:
    of, channel = next((of, channel) for of, channel, name in TABLES if name == table)
    steps = in_force[of].channels[channel].steps.values()
    assert ", ".join(f"{step.number} {does}" for step in steps for does in step.does) == duties


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rows_of_different_tables_say_what_differs(
    in_force: Mapping[str, ServiceEdition], language: str
) -> None:
    for of, channel, _ in TABLES:
        said = [step.text[language] for step in in_force[of].channels[channel].steps.values()]
        assert len(set(said)) == len(said)


def test_steps_are_found_by_what_they_are_for(service: ServiceEdition) -> None:
    procedure = service.channels["portal"]
    for duty, number in {"login": "P1", "check-payment": "C2", "sign": "P8", "review": "C4"}.items():
        step = procedure.step_for(duty)
        assert step is not None
        assert step.number == number
    assert procedure.step_for("lookup") is None


def test_actions_days_and_fees(service: ServiceEdition) -> None:
    days = {action.id: action.working_days for action in service.actions.values()}
    assert days == {"issue": 15, "reissue": 10, "duplicate": 2}
    index = Decimal(3932)
    fees = {a.id: a.fee.amount(index) for a in service.actions.values() if a.fee is not None}
    assert fees == {"issue": 39320, "reissue": 3932, "duplicate": 39320}
    last = service.channels["portal"].steps["P11"].limit
    assert last is not None
    assert [last.days(action) for action in service.actions.values()] == [15, 10, 2]


def test_fees_are_whole_tenge() -> None:
    assert Fee(Decimal("0.5")).amount(Decimal(1731)) == 866


def test_provider_and_applicants(service: ServiceEdition) -> None:
    assert is_bin(service.provider.bin)
    assert service.applicants == ("natural", "legal")
    assert service.licence_series == "MED"


def test_attachment_is_for_people_free_and_done_in_a_day(
    service: ServiceEdition, clinic_attachment: ServiceEdition
) -> None:
    assert clinic_attachment.applicants == ("natural",)
    assert clinic_attachment.licence_series is None
    assert (clinic_attachment.one_in_force, service.one_in_force) == (True, False)
    (action,) = clinic_attachment.actions.values()
    assert (action.working_days, action.fee) == (1, None)
    assert is_bin(clinic_attachment.provider.bin)
    assert clinic_attachment.provider.bin != service.provider.bin


def test_both_services_have_the_questionnaires_indicators(
    service: ServiceEdition, clinic_attachment: ServiceEdition
) -> None:
    assert [indicator.code for indicator in service.indicators] == ["quality", "accessibility"]
    assert clinic_attachment.indicators == service.indicators
    for indicator in service.indicators:
        assert indicator.question.ru.startswith("Удовлетворены ли Вы качеством")
        assert [code for code, _ in indicator.answers] == ["not-satisfied", "partly", "satisfied"]


def test_documents_wanted_depend_on_the_action(service: ServiceEdition) -> None:
    def wanted(action: str, channel: str = "portal") -> list[str]:
        return [kind.code for kind in service.attachments_for(action, channel) if kind.required]

    assert wanted("issue") == ["premises", "sanitary-conclusion", "equipment", "staff"]
    assert wanted("reissue") == ["change"]
    assert wanted("duplicate") == []
    assert wanted("duplicate", "centre") == wanted("duplicate", "provider") == ["fee-receipt"]


def test_grounds_of_refusal(service: ServiceEdition) -> None:
    assert [ground.code for ground in service.grounds] == [
        "forbidden-activity",
        "fee-not-paid",
        "requirements-not-met",
        "documents-incomplete-or-false",
        "court-decision",
    ]
