"""Requests made in person: tables A2 (officer), A3 (operator of a centre) and B2 (officer of a clinic)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from lxml import etree
from tests.factories import ANOTHER, APPLICANT, COMPANY, PAGES, PASSWORD, png
from tests.worlds import CaseWorld, steps, together

from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.errors import Decided, Mistake, Problems, Refusal
from egovdocs.casework.outcomes.collect_outcome import is_uncollected
from egovdocs.casework.payments.pay_fee import amount_due
from egovdocs.casework.requests.attach_file import attach_file, mark_papers, remove_file
from egovdocs.casework.requests.draft_request import draft_request, find_problems
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.requests.submit_request import is_signed_by_person, offer_request, seal_request
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.signatures.sign_document import upload_signed
from egovdocs.casework.verification.examine_document import Verdict, examine_document
from egovdocs.casework.visitors.hand_out import collection_deadline, hand_out
from egovdocs.casework.visitors.look_up_applicant import look_up_applicant
from egovdocs.casework.visitors.receive_visitor import RECEIVING, receive_visitor, services_received
from egovdocs.content import Account, Case, CaseState, Entity
from egovdocs.integrations.external_system_errors import (
    ExternalSystemError,
    ExternalSystemUnavailable,
    ForgedResponse,
)
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.integrations.state_registers.register_port import user_message
from egovdocs.sandbox.authority import IssuedKey
from egovdocs.schemas.identifiers import is_request_number
from egovdocs.signing import Role, holder, validate

CENTRE = "131040001006"
UNKNOWN = "930609350794"
REQ = "{urn:egovdocs:request:1}"


@dataclass(frozen=True)
class Table:
    """A way of asking in person, and the numbers its table gives to what happens."""

    channel: str
    service: str
    action: str
    begun: str
    looking: str
    unknown: str
    known: str
    registered: str


A2 = Table(
    "provider",
    "medical-licence",
    "issue",
    "P1 C1+ P3",
    "(P4)",
    "P4 C2- P5",
    "P4 C2+ (P6)",
    "P4 C2+ P6 P7 (C3)",
)
A3 = Table(
    "centre", "medical-licence", "issue", "P1 P2", "(P3)", "P3 C1- P4", "P3 C1+ (P5)", "P3 C1+ P5 P6 P7 (C2)"
)
B2 = Table(
    "provider",
    "clinic-attachment",
    "attach",
    "P1 P2",
    "(P3)",
    "P3 C1- P4",
    "P3 C1+ (P5)",
    "P3 C1+ P5 P6 (C2)",
)
pytestmark = pytest.mark.usefixtures("register_entries")
every_table = pytest.mark.parametrize("table", [A2, A3, B2], ids=["A2", "A3", "B2"])
signed_tables = pytest.mark.parametrize("table", [A3, B2], ids=["A3", "B2"])


class Broken:
    """Registers that give no answer."""

    def __init__(self, error: ExternalSystemError) -> None:
        self.error = error

    def person(self, iin: str) -> None:
        raise self.error

    entity = person

    def power_of_attorney(self, number: str, principal: str, representative: str) -> None:
        raise self.error


def staff(world: CaseWorld, table: Table, login: str = "") -> Account:
    """The officer or operator of a table, logged in."""
    role = RECEIVING[table.channel]
    provider = CENTRE if table.channel == "centre" else world.office.service(table.service).provider.bin
    account = world.staff(login or role, role, provider=provider, iin=ANOTHER)
    log_in(world.office, world.site, account.login, PASSWORD)
    world.tick()
    return account


def receive(
    world: CaseWorld,
    table: Table,
    account: Account,
    identifier: str = APPLICANT,
    action: str = "",
    **more: str,
) -> Case:
    case = receive_visitor(
        world.office,
        world.site,
        account,
        table.channel,
        table.service,
        action or table.action,
        identifier,
        language=more.pop("language", "ru"),
        **more,
    )
    world.tick()
    return case


def looked_up(
    world: CaseWorld, table: Table, account: Account, identifier: str = APPLICANT, **more: str
) -> Case:
    return look_up_applicant(world.office, world.site, receive(world, table, account, identifier, **more))


def fill_in(world: CaseWorld, case: Case) -> None:
    pages = {page.name: PAGES[page.name] for page in world.office.edition_of(case).request.pages(
        {"action": case.action}) if page.name in PAGES}  # fmt: skip
    if case.service == "clinic-attachment":
        pages |= {
            "choice": {"clinic": "tolqyn", "reason": "moved"},
            "declarations": {"truthful": True, "oneClinic": True, "personalData": True},
        }
    for page, values in pages.items():
        assert save_page(world.office, case, page, values) == ()
    kinds = world.office.edition_of(case).attachments_for(case.action, case.channel)
    wanted = [kind.code for kind in kinds if kind.required]
    for kind in wanted:
        attach_file(world.office, case, kind, f"{kind}.png", png())
    mark_papers(world.office, case, wanted)
    world.tick()


def key_of(world: CaseWorld, account: Account, iin: str = ANOTHER) -> IssuedKey:
    """An ordinary employee's key of the account's organisation."""
    return world.keys.employee("СОТРУДНИКОВ САБИТ", account.provider or "", iin=iin)


def register(world: CaseWorld, case: Case, key: IssuedKey | None = None) -> Case:
    account = world.site["accounts"][case.account]
    if not is_signed_by_person(world.office, case):
        return seal_request(world.office, world.site, case)
    signing = offer_request(world.office, world.site, case, account)
    world.tick()
    result = world.sign(signing, key or key_of(world, account))
    assert isinstance(result, Case)
    return result


@every_table
def test_from_the_visitor_to_the_number(world: CaseWorld, table: Table) -> None:
    account = staff(world, table)
    case = receive(world, table, account)
    assert steps(case.journal) == f"{table.begun} {table.looking}"
    look_up_applicant(world.office, world.site, case)
    assert steps(case.journal) == f"{table.begun} {table.known}"
    fill_in(world, case)
    assert find_problems(world.office, case) == ()
    register(world, case)
    assert steps(case.journal) == f"{table.begun} {table.registered}"
    assert is_request_number(case.number or "")
    assert case.state is CaseState.REGISTERED
    request = etree.fromstring(read_document(case, "request"))
    assert request.findtext(f"{REQ}applicant/{REQ}name") == "Иванова Анна Петровна"
    assert request.findtext(f"{REQ}reception/{REQ}bin") == account.provider
    assert request.findtext(f"{REQ}channel") == table.channel
    assert {"request", "receipt"} == set(case.documents)


@every_table
def test_nobody_of_that_number(world: CaseWorld, table: Table) -> None:
    account = staff(world, table)
    case = receive(world, table, account, UNKNOWN)
    with pytest.raises(Refusal, match="has nobody") as refused:
        look_up_applicant(world.office, world.site, case)
    world.manager.abort()  # as a request does that ends in an exception
    world.manager.begin()
    assert steps(case.journal) == f"{table.begun} {table.unknown}"
    assert refused.value.step == case.journal[-1].step
    assert "ГБД ФЛ нет" in case.journal[-1].note
    assert (case.state, case.number) == (CaseState.CLOSED, None)
    with pytest.raises(Mistake):
        save_page(world.office, case, "contacts", PAGES["contacts"])


@every_table
@pytest.mark.parametrize("error", [ExternalSystemUnavailable("down"), ForgedResponse("forged")])
def test_a_register_that_gives_no_answer_is_asked_again(
    world: CaseWorld, table: Table, error: ExternalSystemError
) -> None:
    account = staff(world, table)
    case = receive(world, table, account)
    office = replace(world.office, registers=lambda site: Broken(error))
    for _attempt in range(2):
        with pytest.raises(Mistake) as told:
            look_up_applicant(office, world.site, case)
        assert told.value.message == user_message(error)
        world.manager.abort()
        world.manager.begin()
        assert steps(case.journal) == f"{table.begun} {table.looking}"
    look_up_applicant(world.office, world.site, case)
    look_up_applicant(office, world.site, case)  # known already: nobody is asked
    assert steps(case.journal) == f"{table.begun} {table.known}"


def test_the_provider_seals_what_nobody_signs(world: CaseWorld) -> None:
    case = looked_up(world, A2, staff(world, A2))
    with pytest.raises(Problems):
        seal_request(world.office, world.site, case)
    fill_in(world, case)
    with pytest.raises(Mistake, match="without anybody's signature"):
        offer_request(world.office, world.site, case, world.site["accounts"][case.account])
    register(world, case)
    number = case.number
    report = validate(case.documents["request"].data, world.office.policy(), at=world.clock())
    assert report.passed
    assert report.signatures[0].signer == holder(world.office.seal.certificate)
    world.tick()
    assert register(world, case).number == number
    request = etree.fromstring(read_document(case, "request"))
    assert request.findtext(f"{REQ}reception/{REQ}name") == "Officer"


@signed_tables
def test_a_signed_request_is_not_sealed(world: CaseWorld, table: Table) -> None:
    case = looked_up(world, table, staff(world, table))
    fill_in(world, case)
    with pytest.raises(Mistake, match="is to be signed"):
        seal_request(world.office, world.site, case)


@signed_tables
def test_only_the_staff_members_own_key_signs(world: CaseWorld, table: Table) -> None:
    account = staff(world, table)
    case = looked_up(world, table, account)
    fill_in(world, case)
    journal = steps(case.journal)
    for key, reason in (
        (world.keys.applicant, "not belong to the organisation"),
        (world.keys.clerk, "not belong to the organisation"),
        (key_of(world, account, UNKNOWN), "another person's"),
        (world.keys.stranger, "trusted"),
    ):
        with pytest.raises(Mistake, match=reason):
            register(world, case, key)
        signing = offer_request(world.office, world.site, case, account)
        world.tick()
        with pytest.raises(Mistake, match=reason):
            upload_signed(world.office, world.site, signing, world.signed(signing.document, key))
        world.manager.abort()
        world.manager.begin()
    account.identifier, iin = None, account.identifier
    with pytest.raises(Mistake, match="has no IIN"):
        register(world, case)
    account.identifier = iin
    world.commit()
    assert steps(case.journal) == journal
    assert case.number is None
    signing = offer_request(world.office, world.site, case, account)
    world.tick()
    signed = world.signed(signing.document, key_of(world, account))
    upload_signed(world.office, world.site, signing, signed)
    assert case.documents["request"].data == signed
    assert steps(case.journal) == f"{table.begun} {table.registered}"


@pytest.mark.parametrize("table", [A2, A3], ids=["A2", "A3"])
@pytest.mark.parametrize(
    ("language", "name", "address"),
    [
        ("ru", "ТОО «Шипа»", {"locality": "Мунайлинский район, с. Мангистау", "street": "ул. Абая, 15"}),
        ("kk", "«Шипа» ЖШС", {"locality": "Мұнайлы ауданы, Маңғыстау а.", "street": "Абай к-сі, 15"}),
    ],
)
def test_a_legal_entity_as_its_register_has_it(
    world: CaseWorld, table: Table, language: str, name: str, address: dict[str, str]
) -> None:
    case = looked_up(world, table, staff(world, table), COMPANY, language=language)
    assert case.values["applicant"] == {
        "kind": "legal",
        "identifier": COMPANY,
        "name": name,
        "address": {"region": "47", **address},
    }
    assert isinstance(case.looked_up, Entity)
    assert case.looked_up.head == ANOTHER
    fill_in(world, case)
    register(world, case)
    assert case.looked_up is None
    assert ANOTHER.encode() not in case.documents["request"].data or table is A3  # whose operator signs


def test_an_address_that_is_not_recognised_is_left_to_the_officer(world: CaseWorld) -> None:
    persons = EmbeddedRegisters(world.site)._registers["persons"]
    persons.update([replace(persons.get(APPLICANT), address_ru="Город Алматы и дальше")])
    case = looked_up(world, A2, staff(world, A2))
    assert case.values["applicant"]["address"] == {"street": "Город Алматы и дальше"}


def test_no_organisation_of_that_number(world: CaseWorld) -> None:
    with pytest.raises(Refusal, match=r"P5: .*no organisation"):
        looked_up(world, A2, staff(world, A2), "120540000567")


def test_an_organisation_is_attached_to_no_clinic(world: CaseWorld) -> None:
    with pytest.raises(Problems) as found:
        receive(world, B2, staff(world, B2), COMPANY)
    assert [problem.path for problem in found.value.problems] == ["applicant/identifier"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "12 digits"),
        ("68050325003", "12 digits"),
        ("68050325003x", "12 digits"),
        ("680503250035", "check digit"),
        ("000000000000", "first six digits"),
    ],
)
def test_a_mistyped_number_is_explained(world: CaseWorld, number: str, said: str) -> None:
    account = staff(world, A3)
    with pytest.raises(Problems) as found:
        receive(world, A3, account, number)
    [problem] = found.value.problems
    assert said in problem.message.en
    assert list(world.site["cases"].of_account(account.login)) == []
    assert receive(world, A3, account, " 680503 250034 ").applicant == APPLICANT


def test_a_representative_is_looked_up_too(world: CaseWorld) -> None:
    account = staff(world, A3)
    case = looked_up(world, A3, account, COMPANY, representative=ANOTHER, power="2026-1")
    assert case.values["representative"] == {"iin": ANOTHER, "name": "Ахметов Бауыржан", "power": "2026-1"}
    fill_in(world, case)
    register(world, case)
    request = etree.fromstring(read_document(case, "request"))
    assert request.findtext(f"{REQ}representative/{REQ}power") == "2026-1"


@pytest.mark.parametrize(
    ("representative", "power", "reason"),
    [
        (UNKNOWN, "2026-1", "no representative"),
        (APPLICANT, "2026-1", "no such power"),
        (ANOTHER, "2026-2", "no such power"),
        (ANOTHER, "2025-1", "not in force"),
    ],
)
def test_p4_of_a_representative_who_may_not_act(
    world: CaseWorld, representative: str, power: str, reason: str
) -> None:
    account = staff(world, A3)
    case = receive(world, A3, account, COMPANY, representative=representative, power=power)
    with pytest.raises(Refusal, match=f"P4: .*{reason}"):
        look_up_applicant(world.office, world.site, case)
    assert steps(case.journal) == f"{A3.begun} {A3.unknown}"


def test_a_representative_has_an_iin_and_a_power(world: CaseWorld) -> None:
    account = staff(world, A3)
    for more, path in (
        ({"representative": ANOTHER}, "representative/power"),
        ({"representative": COMPANY, "power": "2026-1"}, "representative/iin"),
        ({"power": "2026-1"}, "representative/iin"),
    ):
        with pytest.raises(Problems) as found:
            receive(world, A3, account, COMPANY, **more)
        assert [problem.path for problem in found.value.problems] == [path]


def test_papers_are_marked_and_the_receipt_of_the_fee_is_one_of_them(world: CaseWorld) -> None:
    case = looked_up(world, A2, staff(world, A2))
    fill_in(world, case)
    assert amount_due(world.office, case) == 0
    mark_papers(world.office, case, ["premises", "nonsense"])
    assert case.papers == ("premises",)
    found = [problem.path for problem in find_problems(world.office, case)]
    assert found == ["papers/sanitary-conclusion", "papers/equipment", "papers/staff", "papers/fee-receipt"]
    with pytest.raises(Problems):
        draft_request(world.office, case)
    receipt = next(file for file in case.attachments if file.kind == "fee-receipt")
    remove_file(case, receipt)
    assert "attachments/fee-receipt" in [p.path for p in find_problems(world.office, case)]


def test_the_portal_marks_no_papers(world: CaseWorld) -> None:
    case = world.draft(world.register(world.keys.applicant))
    assert not {"papers", "attachments"} & {
        problem.path.partition("/")[0] for problem in find_problems(world.office, case)
    }
    with pytest.raises(Mistake, match="not ask for such a document"):
        attach_file(world.office, case, "fee-receipt", "receipt.png", png())


def test_a_visitor_may_have_no_email(world: CaseWorld) -> None:
    case = looked_up(world, A2, staff(world, A2))
    fill_in(world, case)
    assert save_page(world.office, case, "contacts", {"phone": "+7 729 212 34 56"}) == ()
    world.tick()
    register(world, case)
    answer(world, case)
    assert case.state is CaseState.ISSUED


def test_registered_twice_at_once_it_has_one_number(
    world: CaseWorld, connect: Callable[[], CaseWorld]
) -> None:
    case = looked_up(world, A2, staff(world, A2))
    fill_in(world, case)

    def seal(w: CaseWorld) -> str:
        same = w.site["cases"][case.reference]
        return seal_request(w.office, w.site, same).number or ""

    numbers = together([connect() for _ in range(4)], seal)
    world.manager.abort()
    world.manager.begin()
    assert set(numbers) == {case.number}
    assert steps(case.journal) == f"{A2.begun} {A2.registered}"


def test_who_takes_requests_for_what(world: CaseWorld) -> None:
    officer, operator, clinic = staff(world, A2), staff(world, A3), staff(world, B2, "registrar")
    taken = {
        (account.login, channel): [s.service_id for s in services_received(world.office, account, channel)]
        for account in (officer, operator, clinic)
        for channel in RECEIVING
    }
    assert {who: what for who, what in taken.items() if what} == {
        ("officer", "provider"): ["medical-licence"],
        ("operator", "centre"): ["medical-licence"],
        ("registrar", "provider"): ["clinic-attachment"],
    }
    for account, table in ((officer, B2), (clinic, A2), (operator, A2), (officer, A3)):
        with pytest.raises(Mistake, match="do not accept"):
            receive(world, table, account)
    with pytest.raises(Mistake, match="do not accept"):
        receive(world, A2, officer, action="nonsense")


@every_table
def test_who_may_see_it(world: CaseWorld, table: Table) -> None:
    account = staff(world, table)
    case = looked_up(world, table, account)
    allowed = {who for verb, who, _what in case.__acl__ if verb == "Allow"}
    assert allowed == {f"account:{account.login}"}  # a draft is nobody else's business
    fill_in(world, case)
    register(world, case)
    allowed = {who: what for verb, who, what in case.__acl__ if verb == "Allow"}
    assert "view" in allowed[f"applicant:{APPLICANT}"]
    assert "edit" not in allowed[f"applicant:{APPLICANT}"]
    assert "hand-out" in allowed[f"operator@{account.provider}"]
    assert [case] == list(world.site["cases"].of_applicant(APPLICANT))
    assert f"operator@{CENTRE}" not in allowed or table is A3


@every_table
def test_the_outcome_is_handed_out(world: CaseWorld, table: Table) -> None:
    account = staff(world, table)
    case = looked_up(world, table, account)
    fill_in(world, case)
    register(world, case)
    cases = world.site["cases"]
    with pytest.raises(Mistake, match="no outcome"):
        hand_out(world.office, world.site, case, account)
    answer(world, case)
    assert list(cases.to_hand_out(account.provider)) == [case]
    assert collection_deadline(world.office, case) == date(2026, 7, 1)
    assert not is_uncollected(world.office, case)
    world.clock.now += timedelta(days=40)
    assert is_uncollected(world.office, case)

    stranger = world.staff("stranger", "operator", provider=COMPANY)
    with pytest.raises(Mistake, match="where the request was made"):
        hand_out(world.office, world.site, case, stranger)
    colleague = world.staff("colleague", *account.roles, provider=account.provider or "")
    hand_out(world.office, world.site, case, colleague)
    assert case.handed_out is not None
    assert (case.handed_out.by, case.handed_out.at) == ("colleague", world.clock())
    assert list(cases.to_hand_out(account.provider)) == []
    assert collection_deadline(world.office, case) is None
    assert not is_uncollected(world.office, case)
    with pytest.raises(Decided):
        hand_out(world.office, world.site, case, account)
    assert world.site.index_differences() == []


def answer(world: CaseWorld, case: Case) -> None:
    """The provider grants it and signs the outcome."""
    service = world.office.edition_of(case)
    signatory = world.staff("signatory", "officer", "signatory", provider=service.provider.bin)
    claim_case(world.office, world.site, case, signatory)
    world.grant(case, signatory)
    bin = service.provider.bin
    world.issue(case, signatory, world.keys.employee("НАЧАЛЬНИКОВ НУРЛАН", bin, Role.FIRST_HEAD))


@every_table
def test_anybody_can_verify_it(world: CaseWorld, table: Table) -> None:
    account = staff(world, table)
    case = looked_up(world, table, account)
    fill_in(world, case)
    register(world, case)

    def verdict(document: bytes) -> Verdict:
        return examine_document(world.office, world.site, document).verdict

    assert verdict(case.documents["request"].data) is Verdict.GENUINE
    content = read_document(case, "request")
    for key in (world.keys.applicant, world.keys.company):
        assert verdict(world.signed(content, key)) is Verdict.NOT_OURS
    stripped = content.replace(b"reception>", b"nothing>")
    assert verdict(world.signed(stripped, world.keys.seal)) is not Verdict.GENUINE
