from dataclasses import replace
from pathlib import Path

import pytest
from tests.editions import with_parts
from tests.factories import APPLICANT, PAGES, png
from tests.worlds import CaseWorld, steps

from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.casework.requests.attach_file import attach_file, remove_file
from egovdocs.casework.requests.draft_request import find_problems
from egovdocs.casework.requests.open_case import open_case
from egovdocs.casework.requests.save_page import save_page
from egovdocs.content import Case

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def case(world: CaseWorld) -> Case:
    account = world.register(world.keys.applicant)
    return open_case(world.office, world.site, account, "medical-licence", "issue")


@pytest.mark.parametrize(("service", "action"), [("nothing", "issue"), ("medical-licence", "steal")])
def test_only_what_there_is_can_be_asked_for(world: CaseWorld, service: str, action: str) -> None:
    account = world.register(world.keys.applicant)
    with pytest.raises(Mistake, match="no such service"):
        open_case(world.office, world.site, account, service, action)


def test_an_applicant_goes_by_the_portal_and_by_no_other_channel(world: CaseWorld) -> None:
    account = world.register(world.keys.applicant)
    chosen = world.office.service("medical-licence")
    assert set(chosen.channels) == {"portal", "provider", "centre"}
    assert open_case(world.office, world.site, account, chosen.service_id, "issue").channel == "portal"
    elsewhere = {name: table for name, table in chosen.channels.items() if name != "portal"}
    world.office = replace(world.office, services=with_parts(world.office.services, channels=elsewhere))
    with pytest.raises(Mistake, match="no such service"):
        open_case(world.office, world.site, account, chosen.service_id, "issue")


def test_a_strangers_guessing_does_not_stop_who_is_logged_in(world: CaseWorld) -> None:
    account = world.register(world.keys.applicant)
    with pytest.raises(Refusal):
        log_in(world.office, world.site, APPLICANT, "a guess of somebody's")
    case = open_case(world.office, world.site, account, "medical-licence", "issue")
    assert steps(case.journal) == "P1 C1+ (P3)"


def test_staff_ask_for_nothing(world: CaseWorld) -> None:
    with pytest.raises(Mistake):
        open_case(world.office, world.site, world.staff("officer", "officer"), "medical-licence", "issue")


def test_a_draft_is_gone_on_with(world: CaseWorld, case: Case, connect) -> None:
    save_page(world.office, case, "contacts", {"phone": "+7 729 212 34 56", "email": "typing…"})
    world.commit()
    [again] = connect().site["cases"].of_account(APPLICANT)
    assert again.values["contacts"]["email"] == "typing…"


def test_a_page_tells_what_is_wrong_and_keeps_it(world: CaseWorld, case: Case) -> None:
    problems = save_page(world.office, case, "contacts", {"phone": "12", "email": "ivanova@"})
    assert {problem.path for problem in problems} == {"contacts/phone", "contacts/email"}
    assert case.values["contacts"] == {"phone": "12", "email": "ivanova@"}


def test_who_the_applicant_is_no_form_says(world: CaseWorld, case: Case) -> None:
    forged = {**PAGES["applicant"], "identifier": "760212350620", "name": "Другой", "kind": "legal"}
    save_page(world.office, case, "applicant", forged)
    applicant = case.values["applicant"]
    assert (applicant["kind"], applicant["identifier"]) == ("natural", APPLICANT)
    assert applicant["name"] == "ИВАНОВА АННА ПЕТРОВНА"
    assert applicant["address"] == PAGES["applicant"]["address"]


@pytest.mark.parametrize("page", ["payment", "attachments", "reference", "nothing", "reissue"])
def test_only_the_forms_pages_are_filled_in(world: CaseWorld, case: Case, page: str) -> None:
    with pytest.raises(Mistake, match="no such page"):
        save_page(world.office, case, page, {"amount": "1"})


def test_problems_of_the_whole_request(world: CaseWorld, case: Case) -> None:
    paths = {problem.path for problem in find_problems(world.office, case)}
    assert {"contacts/phone", "declarations/truthful", "attachments/staff"} <= paths
    assert not {path for path in paths if path.startswith("payment") or path == "attachments"}
    for page, values in PAGES.items():
        save_page(world.office, case, page, values)
    for kind in ("premises", "sanitary-conclusion", "equipment", "staff"):
        attach_file(world.office, case, kind, "a.pdf", PDF)
    assert find_problems(world.office, case) == ()


def test_after_registration_nothing_changes(world: CaseWorld) -> None:
    case = world.submitted()
    with pytest.raises(Mistake, match="no longer be changed"):
        save_page(world.office, case, "contacts", PAGES["contacts"])
    with pytest.raises(Mistake, match="no longer be changed"):
        attach_file(world.office, case, "other", "a.png", png())
    with pytest.raises(Mistake, match="no longer be changed"):
        remove_file(case, case.attachments[0])


# Files


def test_a_file_is_taken_by_its_content(world: CaseWorld, case: Case, tmp_path: Path) -> None:
    attached = attach_file(world.office, case, "staff", "C:\\дипломы\\диплом.exe", png())
    assert (attached.name, attached.media_type, attached.kind) == ("диплом.exe.png", "image/png", "staff")
    assert attached.data == png()
    (tmp_path / "upload").write_bytes(PDF)
    attached = attach_file(world.office, case, "staff", "диплом.pdf", tmp_path / "upload")
    assert (attached.media_type, attached.size) == ("application/pdf", len(PDF))
    remove_file(case, attached)
    assert [a.name for a in case.attachments] == ["диплом.exe.png"]
    with pytest.raises(Mistake, match="no such file"):
        remove_file(case, attached)


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("staff", b"", "empty"),
        ("staff", b"MZ\x90\x00" + bytes(100), "PDF, PNG, JPEG"),
        ("staff", PDF[:30], "PDF, PNG, JPEG"),
        ("staff", PDF + bytes(2_000_000), "1.9 MB; at most 1 MB"),
        ("luck", PDF, "not ask for such a document"),
        ("change", PDF, "not ask for such a document"),  # for a reissue only
    ],
)
def test_a_file_is_refused_with_a_reason(
    world: CaseWorld, case: Case, kind: str, data: bytes, reason: str
) -> None:
    office = replace(world.office, max_file_bytes=1024 * 1024)
    with pytest.raises(Mistake, match=reason):
        attach_file(office, case, kind, "диплом.pdf", data)
    assert list(case.attachments) == []


def test_there_is_a_most_number_of_files(world: CaseWorld, case: Case) -> None:
    for _file in range(50):
        attach_file(world.office, case, "other", "a.png", png())
    with pytest.raises(Mistake, match="at most 50"):
        attach_file(world.office, case, "other", "a.png", png())
