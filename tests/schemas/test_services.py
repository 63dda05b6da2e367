from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from egovdocs.schemas import (
    END,
    LANGUAGES,
    Action,
    Fee,
    Remarks,
    Service,
    ServiceError,
    Text,
    load_service,
    load_services,
)
from egovdocs.schemas.identifiers import is_bin
from egovdocs.schemas.limits import parse_limit

FOLDER = Path(__file__).parent / "services" / "no-debt-certificate"

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
    services: Mapping[str, Service], of: str, channel: str, table: str
) -> None:
    procedure = services[of].channels[channel]
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


def test_the_regulation_has_these_tables_and_no_other(services: Mapping[str, Service]) -> None:
    told = {(of, channel) for of, channel, _ in TABLES}
    assert {
        (of, channel) for of in ("medical-licence", "clinic-attachment") for channel in services[of].channels
    } == told


@pytest.mark.parametrize(("table", "duties"), DUTIES_OF.items(), ids=list(DUTIES_OF))
def test_what_each_row_of_a_table_is_for(services: Mapping[str, Service], table: str, duties: str) -> None:
    of, channel = next((of, channel) for of, channel, name in TABLES if name == table)
    steps = services[of].channels[channel].steps.values()
    assert ", ".join(f"{step.number} {does}" for step in steps for does in step.does) == duties


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rows_of_different_tables_say_what_differs(
    services: Mapping[str, Service], language: str
) -> None:
    for of, channel, _ in TABLES:
        said = [step.text[language] for step in services[of].channels[channel].steps.values()]
        assert len(set(said)) == len(said)


def test_steps_are_found_by_what_they_are_for(service: Service) -> None:
    procedure = service.channels["portal"]
    for duty, number in {"login": "P1", "check-payment": "C2", "sign": "P8", "review": "C4"}.items():
        step = procedure.step_for(duty)
        assert step is not None
        assert step.number == number
    assert procedure.step_for("lookup") is None


def test_actions_days_and_fees(service: Service) -> None:
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


def test_provider_and_applicants(service: Service) -> None:
    assert is_bin(service.provider.bin)
    assert service.applicants == ("natural", "legal")
    assert service.licence_series == "MED"


def test_attachment_is_for_people_free_and_done_in_a_day(
    service: Service, clinic_attachment: Service
) -> None:
    assert clinic_attachment.applicants == ("natural",)
    assert clinic_attachment.licence_series is None
    assert (clinic_attachment.one_in_force, service.one_in_force) == (True, False)
    (action,) = clinic_attachment.actions.values()
    assert (action.working_days, action.fee) == (1, None)
    assert is_bin(clinic_attachment.provider.bin)
    assert clinic_attachment.provider.bin != service.provider.bin


def test_both_services_have_the_questionnaires_indicators(
    service: Service, clinic_attachment: Service
) -> None:
    assert [indicator.code for indicator in service.indicators] == ["quality", "accessibility"]
    assert clinic_attachment.indicators == service.indicators
    for indicator in service.indicators:
        assert indicator.question.ru.startswith("Удовлетворены ли Вы качеством")
        assert [code for code, _ in indicator.answers] == ["not-satisfied", "partly", "satisfied"]


def test_documents_wanted_depend_on_the_action(service: Service) -> None:
    def wanted(action: str, channel: str = "portal") -> list[str]:
        return [kind.code for kind in service.attachments_for(action, channel) if kind.required]

    assert wanted("issue") == ["premises", "sanitary-conclusion", "equipment", "staff"]
    assert wanted("reissue") == ["change"]
    assert wanted("duplicate") == []
    assert wanted("duplicate", "centre") == wanted("duplicate", "provider") == ["fee-receipt"]


def test_grounds_of_refusal(service: Service) -> None:
    assert [ground.code for ground in service.grounds] == [
        "forbidden-activity",
        "fee-not-paid",
        "requirements-not-met",
        "documents-incomplete-or-false",
        "court-decision",
    ]


ACTIONS = [
    Action("issue", Text("", "", ""), 15, None),
    Action("duplicate", Text("", "", ""), 2, None),
]


@pytest.mark.parametrize(
    ("text", "least", "most", "russian"),
    [
        ("20 s", None, 20, "20 с"),
        ("10-15 s", 10, 15, "10–15 с"),
        ("1.5 min", None, 90, "1,5 мин"),
        ("30 s - 1 min", 30, 60, "30 с – 1 мин"),
    ],
)
def test_short_limits(text: str, least: int | None, most: int, russian: str) -> None:
    limit = parse_limit(text, ACTIONS)
    assert limit.least == (None if least is None else timedelta(seconds=least))
    assert limit.most == timedelta(seconds=most)
    assert limit.text.ru == russian
    assert limit.days(ACTIONS[0]) is None


@pytest.mark.parametrize(
    ("text", "days", "russian", "kazakh", "english"),
    [
        ("1 working day", 1, "1 рабочий день", "1 жұмыс күні", "1 working day"),
        ("3 working days", 3, "3 рабочих дня", "3 жұмыс күні", "3 working days"),
        ("11 working days", 11, "11 рабочих дней", "11 жұмыс күні", "11 working days"),
        ("21 working days", 21, "21 рабочий день", "21 жұмыс күні", "21 working days"),
        ("by action", 15, "15 / 2 рабочих дня", "15 / 2 жұмыс күні", "15 / 2 working days"),
    ],
)
def test_limits_in_days(text: str, days: int, russian: str, kazakh: str, english: str) -> None:
    limit = parse_limit(text, ACTIONS)
    assert limit.days(ACTIONS[0]) == days
    assert limit.text == Text(russian, kazakh, english)


@pytest.mark.parametrize(
    "text", ["", "soon", "15", "15 h", "10-15", "1,5 min", "-5 s", "1 working week", "0 s", "0-0 min"]
)
def test_no_limits(text: str) -> None:
    with pytest.raises(ValueError, match="limit"):
        parse_limit(text, ACTIONS)


@pytest.mark.parametrize("text", ["15-10 s", "10-10 s", "2 min - 30 s", "0 working days"])
def test_limits_that_nothing_can_keep(text: str) -> None:
    with pytest.raises(ValueError, match="limit"):
        parse_limit(text, ACTIONS)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("", Remarks()),
        ("working_days = 3", Remarks(working_days=3)),
        ("working_days = 5\nstop_clock = true", Remarks(stop_clock=True, working_days=5)),
    ],
)
def test_what_a_remark_means_for_the_time_limit(tmp_path: Path, said: str, read: Remarks) -> None:
    folder = tmp_path / FOLDER.name
    shutil.copytree(FOLDER, folder)
    with (folder / "service.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[remarks]\n{said}\n")
    assert load_service(folder).remarks == read


def test_a_third_service_is_a_folder_of_data(services: dict[str, Service]) -> None:
    assert set(services) == {"clinic-attachment", "medical-licence", "no-debt-certificate"}
    files = list(FOLDER.iterdir())
    assert not [file for file in files if file.suffix == ".py"]
    assert sum(len(file.read_text("utf-8").splitlines()) for file in files) < 150


SCAN = "[[attachments]]\ncode = 'scan'\ntitle = { ru = 'а', kk = 'а', en = 'a' }\n"
BROKEN = [
    # file, what stands there, what is put in its place, line of the mistake (of the text named), rule
    ("service.toml", 'yes = "P3"', 'yes = "P33"', 'yes = "P33"', "no step “P33”"),
    ("service.toml", 'yes = "P3"', 'yes = "P2"', 'number = "P3"', "P3 is never reached"),
    ("service.toml", 'next = "P7"', 'next = "P4"', 'number = "P6"', "P6 goes round in a circle"),
    ("service.toml", 'no = "P2", ', "", 'number = "C1"', "step C1: next = { yes = …, no = … }"),
    ("service.toml", 'next = "C1"', 'next = ["C1"]', 'number = "P1"', "step P1: next = “step”"),
    ("service.toml", 'number = "P6"', 'number = "P4"', 'what = "sign"', "P4 stands there twice"),
    ("service.toml", '"10-15 s"', '"10-15 h"', '"10-15 h"', "limit “10-15 h”"),
    (
        "service.toml",
        'unit = "portal", what = "check-log',
        'unit = "port", what = "check-log',
        '"port"',
        "unit",
    ),
    ("service.toml", 'what = "sign"', 'what = "sing"', '"sing"', "no wording “sing”"),
    ("service.toml", 'what = "sign"', 'what = "log-in"', '"P6"', "another step does “login”"),
    ("service.toml", 'title.kk = "Берешек бар"', "", "title.ru = ", "no text in “kk”"),
    ("service.toml", 'title.kk = "Анықтама беру"', 'title.kk = " "', 'title.kk = " "', "no text in “kk”"),
    ("service.toml", "title.en = ", "titel.en = ", "titel.en = ", "unknown key"),
    ("service.toml", '"950341000052"', '"950341000053"', "950341000053", "not a BIN"),
    ("service.toml", "working_days = 3", "working_days = 0", "working_days = 0", "above zero"),
    ("service.toml", "working_days = 3", "working_days = 3\nfee = { percent = 5 }", "fee =", "indices"),
    ("service.toml", '["natural"]', '["citizens"]', '["citizens"]', "neither natural nor legal"),
    ("service.toml", "[channels.portal]", "[channels.post]", "[channels.post]", "portal, provider or centre"),
    ("service.toml", 'code = "debt"', "", "[[grounds]]", "grounds.0.code"),
    ("service.toml", "[[grounds]]", "[[grounds]", "[[grounds]", "Expected"),
    (
        "service.toml",
        "applicants =",
        'indicators = ["speed"]\napplicants =',
        "indicators",
        "indicators: no “speed” in common/questionnaire.toml",
    ),
    ("service.toml", 'table = "D1"', "", "[channels.portal]", "channels.portal.table: a text is wanted"),
    ("service.toml", '"D2"', '"D1"', "table = ", "“D1” is another channel's"),
    ("service.toml", "[[grounds]]", "[[refusals]]", "[[refusals]]", "refusals: unknown key"),
    (
        "service.toml",
        "[[grounds]]",
        "[[grounds]]\ncode = 'debt'\ntitle = { ru = 'а', kk = 'а', en = 'a' }\n[[grounds]]",
        "[[grounds]]",
        "“debt” stands there twice",
    ),
    (
        "service.toml",
        'what = "log-in"',
        'what = "register"',
        "steps = [",
        "a step that does “login” is wanted",
    ),
    ("service.toml", 'P8", unit', 'P8", unti', "P8", "unknown key"),
    (
        "service.toml",
        "[[grounds]]",
        "[remarks]\nstop_clock = true\n[[grounds]]",
        "[remarks]",
        "a clock that stops needs working_days",
    ),
    (
        "service.toml",
        "[[grounds]]",
        "[remarks]\nworking_days = 0\n[[grounds]]",
        "working_days = 0",
        "remarks.working_days: a whole number above zero",
    ),
    (
        "service.toml",
        "[[grounds]]",
        "[remarks]\nstop_clock = 1\n[[grounds]]",
        "stop_clock",
        "remarks.stop_clock: true or false",
    ),
    (
        "service.toml",
        'no = "P8", yes = "P9"',
        'no = "P9", yes = "P8"',
        '"C3"',
        "“no” leads to the step that does “refuse”",
    ),
    ("service.toml", '"sign"', '"check-payment"', '"P6"', "what does “check-payment” is a condition"),
    (
        "service.toml",
        "working_days = 3",
        "working_days = 3\nfee = { indices = 5 }",
        "fee =",
        "does “payment”",
    ),
    (
        "service.toml",
        "working_days = 3",
        "working_days = 3\nfee = { indices = nan }",
        "fee =",
        "numbers above zero",
    ),
    (
        "service.toml",
        "[[grounds]]",
        "[wording.idle]\ndoes = ['send']\nru = 'а'\nkk = 'а'\nen = 'a'\n[[grounds]]",
        "[wording.idle]",
        "wording.idle is used by no step",
    ),
    ("service.toml", "[[grounds]]", f"{2 * SCAN}[[grounds]]", "[[attachments]]", "“scan” stands there twice"),
    (
        "service.toml",
        "[[grounds]]",
        f"{SCAN}media_types = ['text/html']\n[[grounds]]",
        "media_types",
        "“text/html” is none of",
    ),
    (
        "request.xsd",
        '<xs:documentation xml:lang="kk">Б',
        '<xs:documentation xml:lang="uz">Б',
        'request"',
        "label",
    ),
    ("request.xsd", "req:Contacts", "req:Contact", 'req:Contact"', "not a schema"),
    ("request.xsd", '<xs:group ref="req:header"/>', "", "", "needs an element “action”"),
    ("request.xsd", '"req:Contacts"', '"req:Line"', '"contacts"', "label"),
    ("request.xsd", '"req:Contacts"', '"req:Contacts" form:when="x=1"', '"contacts"', "form:when names “x”"),
    ("request.xsd", "</xs:schema>", "", "", "not a schema"),
    ("outcome.xsd", '<xs:group ref="cert:ending"/>', "", "", "needs an element “request”"),
    ("outcome.xsd", 'xml:lang="en">Statement', 'xml:lang="de">Statement', '"statement"', "“statement”"),
    (
        "outcome.xsd",
        "certificate:1",
        "permit:1",
        'name="certificate"',
        "the root element is {urn:egovdocs:permit:1}",
    ),
    ("outcome.xsd", 'name="statement"', 'name="сведения"', '"сведения"', "names are in ASCII"),
    (
        "service.toml",
        "[actions.issue]",
        "[actions.Issue]",
        "[actions.Issue]",
        "a code is of small Latin letters",
    ),
    ("service.toml", 'code = "debt"', 'code = "Долг"', "Долг", "a code is of small Latin letters"),
    ("service.toml", "[[grounds]]", f"{SCAN}[[grounds]]".replace("scan", "a/b"), "a/b", "a code is of"),
    (
        "service.toml",
        "working_days = 3",
        "working_days = 3\nfee = { indices = 5, percent = 5, of = 'issue' }",
        "fee =",
        "indices, or percent",
    ),
    (
        "service.toml",
        "applicants =",
        'indicators = ["quality", "quality"]\napplicants =',
        "indicators",
        "one stands there twice",
    ),
    (
        "service.toml",
        'title.en = "There is a debt"',
        'title.en = "Debt"\ntitle.de = "Schuld"',
        "title.de",
        "title.de: unknown key",
    ),
    ("request.xsd", '"req:Contacts"', '"req:Contacts" form:check="tin"', '"contacts"', "“tin” is none of"),
    ("request.xsd", '"req:Contacts"', '"req:Contacts" form:by="clerk"', '"contacts"', "“clerk” is none of"),
    ("request.xsd", '"req:Contacts"', '"req:Contacts" form:kind="box"', '"contacts"', "“box” is none of"),
    ("request.xsd", '"req:Contacts"', '"req:Contacts" form:hint="x"', '"contacts"', "form:hint is none of"),
    (
        "request.xsd",
        '"req:Contacts"',
        '"req:Contacts" form:when="action=renew"',
        '"contacts"',
        "form:when waits for “renew”, which “action” never is",
    ),
    ("request.xsd", '<xs:group ref="req:f', '<xs:any/><xs:group ref="req:f', "<xs:any/>", "no xs:any"),
    ("outcome.xsl", "<cert:statement>", "<xsl:statement>", "", "not a stylesheet"),
    ("outcome.xsl", "common/outcome.xsl", "common/income.xsl", "", "not a stylesheet"),
    (
        "outcome.xsl",
        'call-template name="beg',
        'call-template name="big',
        '"biginning"',
        "was not found. (issue)",
    ),
    (
        "outcome.xsl",
        'match="case"',
        'match="cases"',
        "",
        "it makes no {urn:egovdocs:certificate:1}certificate",
    ),
    (
        "outcome.xsl",
        '<xsl:call-template name="beginning"/>',
        "",
        "",
        "it makes no “applicant”, which the schema wants",
    ),
    ("outcome.xsl", "<cert:statement>", "<cert:debt/><cert:statement>", "", "where the schema knows none"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "at", "rule"), BROKEN, ids=[f"{b[0]}: {b[4]}" for b in BROKEN]
)
def test_a_mistake_names_file_line_and_rule(
    tmp_path: Path, name: str, old: str, new: str, at: str, rule: str
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(FOLDER, folder)
    file = folder / name
    text = file.read_text("utf-8").replace(
        "elementFormDefault", 'xmlns:form="urn:egovdocs:form:1" elementFormDefault'
    )
    assert old in text
    text = text.replace(old, new) if name == "outcome.xsd" else text.replace(old, new, 1)
    file.write_text(text, "utf-8")
    with pytest.raises(ServiceError) as refused:
        load_service(folder)
    told = [mistake for mistake in refused.value.mistakes if rule in mistake.rule]
    assert told, refused.value
    assert told[0].file == file
    if at:
        assert at in text.splitlines()[told[0].line - 1]
    assert str(told[0]) == f"{file}:{told[0].line}: {told[0].rule}"


def test_one_mistake_is_told_once_and_nothing_is_made_of_it(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "broken")
    file = tmp_path / "broken" / "service.toml"
    whole = file.read_text("utf-8")
    for right, wrong in (('yes = "P6"', 'yes = "P66"'), ('no = "P5", yes', 'maybe = "P5", yes')):
        file.write_text(whole.replace(right, wrong, 1), "utf-8")
        with pytest.raises(ServiceError) as refused:
            load_service(tmp_path / "broken")
        assert len(refused.value.mistakes) == 1, refused.value


def test_a_licence_number_is_for_a_licence(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "broken")
    file = tmp_path / "broken" / "service.toml"
    file.write_text(f"licence_series = 'MED'\n{file.read_text('utf-8')}", "utf-8")
    with pytest.raises(ServiceError, match=r"outcome\.xsd:\d+: the root element is .*, not .*licence"):
        load_service(tmp_path / "broken")


def test_all_mistakes_of_all_services_are_told_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(FOLDER, tmp_path / name)
        file = tmp_path / name / "service.toml"
        text = (
            file.read_text("utf-8").replace("working_days = 3", "working_days = 0").replace('"20 s"', '"x"')
        )
        file.write_text(text.replace("10-15 s", "later"), "utf-8")
    with pytest.raises(ServiceError) as refused:
        load_services(tmp_path)
    assert len(refused.value.mistakes) == 4


def test_a_folder_without_files_is_no_service(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"service\.toml:1"):
        load_service(tmp_path)
    shutil.copy(FOLDER / "service.toml", tmp_path)
    with pytest.raises(ServiceError, match=r"request\.xsd:1: not a schema"):
        load_service(tmp_path)


def test_two_services_of_one_name(tmp_path: Path) -> None:
    for parent in ("a", "b"):
        shutil.copytree(FOLDER, tmp_path / parent / "no-debt-certificate")
    with pytest.raises(ServiceError, match="another service"):
        load_services(tmp_path / "a", tmp_path / "b")
