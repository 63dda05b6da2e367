from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from egovdocs.schemas import Remarks, Service, ServiceEdition, ServiceError, load_common, load_edition
from egovdocs.schemas.trials import trial_mistakes

FOLDER = Path(__file__).parent / "services" / "no-debt-certificate" / "2013-01-03"
COMMON = load_common()


def loaded(folder: Path) -> ServiceEdition:
    """An edition that was read and whose stylesheets were tried."""
    edition = load_edition(folder, COMMON)
    if mistakes := trial_mistakes(Service(edition.service_id, [edition])):
        raise ServiceError(mistakes)
    return edition


def copied(tmp_path: Path) -> Path:
    """The folder of an edition, to be changed."""
    folder = tmp_path / "broken" / "2013-01-03"
    shutil.copytree(FOLDER, folder)
    return folder


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("", Remarks()),
        ("working_days = 3", Remarks(working_days=3)),
        ("working_days = 5\nstop_clock = true", Remarks(stop_clock=True, working_days=5)),
    ],
)
def test_what_a_remark_means_for_the_time_limit(tmp_path: Path, said: str, read: Remarks) -> None:
    folder = copied(tmp_path)
    with (folder / "service.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[remarks]\n{said}\n")
    assert loaded(folder).remarks == read


SCAN = "[[attachments]]\ncode = 'scan'\ntitle = { ru = 'а', kk = 'а', en = 'a' }\n"
BROKEN = [
    # file, what stands there, what is put in its place, line of the mistake (of the text named), rule
    ("service.toml", 'yes = "P3"', 'yes = "P33"', 'yes = "P33"', "no step “P33”"),
    ("service.toml", 'yes = "P3"', 'yes = "P2"', 'number = "P3"', "P3 is never reached"),
    ("service.toml", 'next = "P7"', 'next = "P4"', 'number = "P6"', "P6 goes round in a circle"),
    ("service.toml", 'no = "P2", ', "", 'number = "C1"', "step C1: next = { yes = …, no = … }"),
    ("service.toml", 'next = "C1"', 'next = ["C1"]', 'number = "P1"', "step P1: next = “step”"),
    ("service.toml", 'number = "P6"', 'number = "P4"', 'what = "sign"', "P4 occurs twice"),
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
        "indicators: no “speed” in the common questionnaire.toml",
    ),
    ("service.toml", 'table = "D1"', "", "[channels.portal]", "channels.portal.table: a text is required"),
    ("service.toml", '"D2"', '"D1"', "table = ", "“D1” is another channel's"),
    ("service.toml", "[[grounds]]", "[[refusals]]", "[[refusals]]", "refusals: unknown key"),
    (
        "service.toml",
        "[[grounds]]",
        "[[grounds]]\ncode = 'debt'\ntitle = { ru = 'а', kk = 'а', en = 'a' }\n[[grounds]]",
        "[[grounds]]",
        "“debt” occurs twice",
    ),
    (
        "service.toml",
        'what = "log-in"',
        'what = "register"',
        "steps = [",
        "a step that does “login” is required",
    ),
    ("service.toml", 'P8", unit', 'P8", unti', "P8", "unknown key"),
    (
        "service.toml",
        "[[grounds]]",
        "[remarks]\nstop_clock = true\n[[grounds]]",
        "[remarks]",
        "stop_clock needs working_days",
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
    ("service.toml", "[[grounds]]", f"{2 * SCAN}[[grounds]]", "[[attachments]]", "“scan” occurs twice"),
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
        "one occurs twice",
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
    ("outcome.xsl", "2013-01-03/outcome.xsl", "2013-01-03/income.xsl", "", "not a stylesheet"),
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
        "it makes no “applicant”, which the schema requires",
    ),
    ("outcome.xsl", "<cert:statement>", "<cert:debt/><cert:statement>", "", "where the schema knows none"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "at", "rule"), BROKEN, ids=[f"{b[0]}: {b[4]}" for b in BROKEN]
)
def test_a_mistake_names_file_line_and_rule(
    tmp_path: Path, name: str, old: str, new: str, at: str, rule: str
) -> None:
    folder = copied(tmp_path)
    file = folder / name
    text = file.read_text("utf-8").replace(
        "elementFormDefault", 'xmlns:form="urn:egovdocs:form:1" elementFormDefault'
    )
    assert old in text
    text = text.replace(old, new) if name == "outcome.xsd" else text.replace(old, new, 1)
    file.write_text(text, "utf-8")
    with pytest.raises(ServiceError) as refused:
        loaded(folder)
    told = [mistake for mistake in refused.value.mistakes if rule in mistake.rule]
    assert told, refused.value
    assert told[0].file == file
    if at:
        assert at in text.splitlines()[told[0].line - 1]
    assert str(told[0]) == f"{file}:{told[0].line}: {told[0].rule}"


def test_one_mistake_is_told_once_and_nothing_is_made_of_it(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = folder / "service.toml"
    whole = file.read_text("utf-8")
    for right, wrong in (('yes = "P6"', 'yes = "P66"'), ('no = "P5", yes', 'maybe = "P5", yes')):
        file.write_text(whole.replace(right, wrong, 1), "utf-8")
        with pytest.raises(ServiceError) as refused:
            loaded(folder)
        assert len(refused.value.mistakes) == 1, refused.value


def test_a_licence_number_is_for_a_licence(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = folder / "service.toml"
    file.write_text(f"licence_series = 'MED'\n{file.read_text('utf-8')}", "utf-8")
    with pytest.raises(ServiceError, match=r"outcome\.xsd:\d+: the root element is .*, not .*licence"):
        loaded(folder)


def test_a_folder_without_files_is_no_service(tmp_path: Path) -> None:
    folder = tmp_path / "no-debt-certificate" / "2013-01-03"
    folder.mkdir(parents=True)
    with pytest.raises(ServiceError, match=r"service\.toml:1"):
        loaded(folder)
    shutil.copy(FOLDER / "service.toml", folder)
    with pytest.raises(ServiceError, match=r"request\.xsd:1: not a schema"):
        loaded(folder)
