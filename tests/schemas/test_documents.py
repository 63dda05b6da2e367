from __future__ import annotations

import subprocess
import sys
from collections import UserDict, UserList
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from egovdocs.schemas import LANGUAGES, CommonEdition, DocumentProblems, Problem, ServiceEdition
from egovdocs.schemas.identifiers import licence_number, request_number

REQ = "{urn:egovdocs:request:1}"


def paths(problems: tuple[Problem, ...]) -> list[str]:
    for problem in problems:
        assert all(problem.message[language].strip() for language in LANGUAGES)
        assert "{" not in problem.message.en
    return [problem.path for problem in problems]


def test_what_is_built_is_read_again(service: ServiceEdition, values: dict[str, Any]) -> None:
    content = service.request.build(values)
    assert service.request.problems(content) == ()
    read = service.request.read(content)
    assert read["payment"].pop("paidAt") == "2026-04-20T09:30:00Z"
    assert read["payment"].pop("amount") == "39320"
    del values["payment"]["paidAt"], values["payment"]["amount"]
    assert read == values


def test_built_documents_have_one_prefix_and_no_markup_of_their_own(
    service: ServiceEdition, values: dict[str, Any]
) -> None:
    content = service.request.build(values)
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<req:request xmlns:req=")
    assert content.count(b"xmlns") == 1
    assert "ГҮЛНҰР".encode() in content


def test_values_are_tidied(service: ServiceEdition, values: dict[str, Any]) -> None:
    values["applicant"]["name"] = "  АХМЕТОВ \r\n ЕРЖАН "
    values["applicant"]["address"]["postcode"] = "  "
    applicant = service.request.read(service.request.build(values))["applicant"]
    assert applicant["name"] == "АХМЕТОВ ЕРЖАН"
    assert "postcode" not in applicant["address"]


def test_any_mapping_and_sequence_will_do(service: ServiceEdition, values: dict[str, Any]) -> None:
    other = UserDict(values)
    other["sites"] = UserDict(site=UserList(values["sites"]["site"]))
    assert service.request.build(other) == service.request.build(values)


def test_times_are_written_in_utc(service: ServiceEdition, values: dict[str, Any]) -> None:
    values["payment"]["paidAt"] = datetime(2026, 4, 20, 14, 30, tzinfo=timezone(timedelta(hours=5)))
    assert service.request.read(service.request.build(values))["payment"]["paidAt"] == "2026-04-20T09:30:00Z"
    values["payment"]["paidAt"] = datetime(2026, 4, 20, 14, 30)
    with pytest.raises(ValueError, match="zone"):
        service.request.build(values)


Change = Callable[[dict[str, Any]], None]


def put(path: str, value: Any) -> Change:
    def change(values: dict[str, Any]) -> None:
        *groups, name = path.split("/")
        for group in groups:
            values = values[int(group)] if isinstance(values, list) else values[group]
        if value is None:
            del values[name]
        else:
            values[name] = value

    return change


WRONG: list[tuple[Change, str, str]] = [
    (put("applicant/name", None), "applicant/name", "Fill in"),
    (put("applicant/name", "  "), "applicant/name", "Fill in"),
    (put("applicant/name", "x" * 251), "applicant/name", "at most 250"),
    (put("applicant/name", "a\x00b"), "applicant/name", "not allowed"),
    (put("applicant/name", "a\ud800b"), "applicant/name", "not allowed"),
    (put("applicant/name", ["a", "b"]), "applicant/name", "not built"),
    (put("activities/activity", "therapy"), "activities/activity", "not built"),
    (put("activities/activity", ["therapy"] * 25), "activities/activity", "at most 24"),
    (put("action", ["issue"]), "action", "not built"),
    (put("applicant/name", {"a": "b"}), "applicant/name", "not built"),
    (put("applicant", "text"), "applicant", "not built"),
    (put("applicant/identifier", "680503250035"), "applicant/identifier", "12 digits"),
    (put("applicant/identifier", "68050325003"), "applicant/identifier", "12 digits"),
    (put("applicant/identifier", "940140000385"), "applicant/identifier", "disagree"),
    (put("applicant/address/region", "99"), "applicant/address/region", "from the list"),
    (put("applicant/address/postcode", "1300"), "applicant/address/postcode", "postcode"),
    (put("activities/activity", []), "activities/activity", "Choose"),
    (put("activities/activity", ["therapy", "magic"]), "activities/activity[2]", "from the list"),
    (put("activities/activity", ["therapy", "therapy"]), "activities/activity", "twice"),
    (put("sites/site/0/name", None), "sites/site[1]/name", "Fill in"),
    (put("sites/site", []), "sites/site", "at least one"),
    (put("contacts/phone", "телефон"), "contacts/phone", "telephone number"),
    (put("contacts/email", "clinic@"), "contacts/email", "e-mail"),
    (put("declarations/truthful", False), "declarations/truthful", "tick “All information"),
    (put("declarations", None), "declarations/truthful", "tick “All information"),
    (put("payment", None), "payment", "not been paid"),
    (put("payment/amount", "12.345"), "payment/amount", "number"),
    (put("payment/paidAt", "2026-13-01T00:00:00Z"), "payment/paidAt", "real date"),
    (put("attachments/attachment", []), "attachments/attachment", "at least one"),
    (put("attachments", None), "attachments", "Document on the right"),
    (put("attachments/attachment/0/size", 11 * 1024**2), "attachments/attachment[1]/size", "at most 10 MB"),
    (put("attachments/attachment/0/mediaType", "text/html"), "attachments/attachment[1]/mediaType", "format"),
    (put("attachments/attachment/0/kind", "change"), "attachments/attachment[1]/kind", "no document of this"),
    (put("service", "another-service"), "service", "another service"),
    (put("action", "repair"), "activities", "no place"),
    (put("channel", "post"), "channel", "from the list"),
    (put("duplicate", {"licence": licence_number("MED", 1), "reason": "lost"}), "duplicate", "no place"),
    (put("junk", "1"), "junk", "no place"),
    (put("contacts/junk", "1"), "contacts/junk", "no place"),
]


@pytest.mark.parametrize(("change", "path", "words"), WRONG, ids=[f"{p}: {w}" for _, p, w in WRONG])
def test_problems_name_the_field_in_plain_words(
    service: ServiceEdition, values: dict[str, Any], change: Change, path: str, words: str
) -> None:
    change(values)
    problems = service.request.check(values)
    assert path in paths(problems)
    assert words in next(problem.message.en for problem in problems if problem.path == path)
    with pytest.raises(DocumentProblems) as refused:
        service.request.build(values)
    assert refused.value.problems == problems


def test_a_channel_must_be_the_services(
    clinic_attachment: ServiceEdition, attachment_values: dict[str, Any]
) -> None:
    assert clinic_attachment.request.check(attachment_values) == ()
    (problem,) = clinic_attachment.request.check(attachment_values | {"channel": "centre"})
    assert (problem.path, "not provided" in problem.message.en) == ("channel", True)


def test_only_a_person_is_attached_to_a_clinic(
    clinic_attachment: ServiceEdition, attachment_values: dict[str, Any]
) -> None:
    attachment_values["applicant"] |= {"kind": "legal", "identifier": "120540000567"}
    assert paths(clinic_attachment.request.check(attachment_values)) == ["applicant/kind"]


def test_a_wrong_document_is_explained_like_wrong_values(
    service: ServiceEdition, values: dict[str, Any]
) -> None:
    content = service.request.build(values)
    root = etree.fromstring(content)
    [phone] = root.iter(f"{REQ}phone")
    phone.text = "no phone"
    [site] = root.iter(f"{REQ}site")
    site.remove(site[0])
    problems = service.request.problems(etree.tostring(root))
    assert paths(problems) == ["sites/site[1]/name", "contacts/phone"]


def test_a_check_digit_is_checked_in_documents_too(service: ServiceEdition, values: dict[str, Any]) -> None:
    content = service.request.build(values).replace(b"680503250034", b"680503250035")
    assert paths(service.request.problems(content)) == ["applicant/identifier"]


def test_swapped_elements_are_a_fault_of_structure(service: ServiceEdition, values: dict[str, Any]) -> None:
    root = etree.fromstring(service.request.build(values))
    contacts = root.find(f"{REQ}contacts")
    assert contacts is not None
    contacts.append(contacts[0])
    [problem] = service.request.problems(etree.tostring(root))
    assert "built" in problem.message.en
    with pytest.raises(DocumentProblems):
        service.request.read(etree.tostring(root))


BOMB = b"""<!DOCTYPE req:request [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<req:request xmlns:req="urn:egovdocs:request:1"><req:service>&b;</req:service></req:request>"""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<a",
        b"<req:request xmlns:req='urn:egovdocs:request:2'/>",
        b"<request/>",
        b"<req:request xmlns:req='urn:egovdocs:request:1'/>",
        b"<req:request xmlns:req='urn:egovdocs:request:1'>text</req:request>",
        b"<req:request xmlns:req='urn:egovdocs:request:1'><req:applicant>text</req:applicant></req:request>",
        b"<req:request xmlns:req='urn:egovdocs:request:1'>" + b"<req:service>" * 100,
        BOMB,
        b"<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>",
        "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".encode("utf-16"),
        b"\xff\xfe\x00",
    ],
)
def test_hostile_content_is_answered_with_problems(service: ServiceEdition, content: bytes) -> None:
    assert service.request.problems(content)
    with pytest.raises(DocumentProblems):
        service.request.read(content)


def test_a_comment_cannot_cut_a_value_short(service: ServiceEdition, values: dict[str, Any]) -> None:
    content = service.request.build(values)
    cut = content.replace(b"clinic@example.kz", b"clinic@example.kz<!-- -->.evil.kz")
    assert service.request.read(cut)["contacts"]["email"] == "clinic@example.kz.evil.kz"
    cut = content.replace(b"clinic@example.kz", b"clinic<?x y?>@example.kz")
    assert service.request.read(cut)["contacts"]["email"] == "clinic@example.kz"


def test_markup_in_a_value_is_a_fault(service: ServiceEdition, values: dict[str, Any]) -> None:
    content = service.request.build(values)
    assert service.request.problems(content.replace(b"clinic@", b"<req:x/>clinic@"))
    assert service.request.problems(content.replace(b"clinic@", b"<x xmlns='urn:x'>clinic@</x>"))


def test_a_signed_document_keeps_to_its_schema_but_is_no_content(
    service: ServiceEdition, values: dict[str, Any]
) -> None:
    signature = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="s"><ds:X/></ds:Signature>'
    content = service.request.build(values).replace(b"</req:request>", signature + b"</req:request>")
    schema = etree.XMLSchema(etree.parse(str(service.request.schema_path)))
    assert schema.validate(etree.fromstring(content))
    assert service.request.problems(content)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(data=st.data())
def test_nothing_makes_it_stumble(
    service: ServiceEdition, values: dict[str, Any], data: st.DataObject
) -> None:
    """A document with elements moved, doubled, renamed, emptied or filled is in order or has problems."""
    root = etree.fromstring(service.request.build(values))
    for _ in range(data.draw(st.integers(1, 3))):
        elements = list(root.iter())[1:]
        one, other = data.draw(st.sampled_from(elements)), data.draw(st.sampled_from(elements))
        match data.draw(st.sampled_from(["move", "double", "rename", "empty", "fill", "swap text"])):
            case "move" if other not in one.iter():
                other.append(one)
            case "double":
                one.addnext(deepcopy(one))
            case "rename":
                one.tag = data.draw(st.sampled_from([other.tag, "stranger", "{urn:x}y", f"{REQ}signature"]))
            case "empty":
                one.clear()
            case "fill":
                one.text = data.draw(
                    st.text(st.characters(exclude_categories=["Cc", "Cs"], max_codepoint=0xFFFD))
                )
            case "swap text":
                one.text, other.text = other.text, one.text
    content = etree.tostring(root)
    problems = service.request.problems(content)
    paths(problems)
    if not problems:
        assert service.request.check(service.request.read(content)) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(at=st.integers(0, 4000), cut=st.integers(0, 8), put=st.binary(max_size=8))
def test_bytes_at_random(
    service: ServiceEdition, values: dict[str, Any], at: int, cut: int, put: bytes
) -> None:
    content = service.request.build(values)
    paths(service.request.problems(content[:at] + put + content[at + cut :]))


TEXT = st.text(max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    name=TEXT,
    phone=st.from_regex(r"\+7[0-9 ()-]{9,15}", fullmatch=True) | TEXT,
    email=st.emails() | TEXT,
    day=TEXT | st.dates().map(str),
)
def test_both_readings_of_the_schema_agree(
    service: ServiceEdition, duplicate_values: dict[str, Any], name: str, phone: str, email: str, day: str
) -> None:
    """Whatever the check by xmlschema lets through, libxml2 accepts when the document is built."""
    reissue = {"licence": licence_number("MED", 5), "reason": "site-loss", "since": day}
    values = duplicate_values | {
        "action": "reissue",
        "reissue": reissue,
        "contacts": {"phone": phone, "email": email},
        "activities": {"activity": ["therapy"]},
        "sites": {"site": [{"name": name, "address": duplicate_values["applicant"]["address"]}]},
    }
    del values["duplicate"]
    if service.request.check(values) == ():
        service.request.build(values)


def test_pages_follow_what_is_asked_for(service: ServiceEdition) -> None:
    def pages(action: str) -> list[str]:
        return [page.name for page in service.request.pages({"action": action})]

    assert pages("issue") == ["applicant", "activities", "sites", "contacts", "declarations"]
    assert pages("reissue") == ["applicant", "reissue", "activities", "sites", "contacts", "declarations"]
    assert pages("duplicate") == ["applicant", "duplicate", "contacts", "declarations"]


def test_a_page_is_checked_by_itself(service: ServiceEdition) -> None:
    values = {"action": "issue", "applicant": {"address": {"region": "47", "locality": "Актау"}}}
    assert paths(service.request.check_page("applicant", values)) == ["applicant/address/street"]
    assert paths(service.request.check_page("contacts", values)) == ["contacts/phone"]
    assert service.request.check_page("reissue", values) == ()


def test_requests_for_other_actions(service: ServiceEdition, duplicate_values: dict[str, Any]) -> None:
    assert service.request.problems(service.request.build(duplicate_values)) == ()
    duplicate_values["duplicate"]["licence"] = "KZ29MED00002781"
    assert paths(service.request.check(duplicate_values)) == ["duplicate/licence"]


def test_fields_tell_a_form_what_it_needs(service: ServiceEdition, common: CommonEdition) -> None:
    field = service.request.field
    assert field("sites/site[2]/address/region").choice("47") is not None
    assert field("sites/site").repeats
    assert field("sites/site").most == 50
    assert field("activities/activity").kind == "choice"
    assert field("activities/activity").repeats
    assert len(field("activities/activity").choices) == 24
    assert field("contacts/phone").kind == "phone"
    assert field("contacts/email").kind == "email"
    assert field("contacts/email").hint is not None
    assert field("contacts/email").max_length == 254
    assert field("declarations/truthful").kind == "boolean"
    assert field("reissue/since").kind == "date"
    assert field("payment/amount").kind == "decimal"
    assert field("payment/paidAt").kind == "datetime"
    assert field("attachments/attachment/size").kind == "integer"
    assert field("reissue/reason").label.kk == "Қайта ресімдеу себебі"
    assert not field("applicant/address/postcode").required
    assert field("applicant/identifier").filled_by == "system"
    assert not field("attachments/attachment/name").asked
    assert [child.name for child in service.outcome.field("activity").children] == ["ru", "kk"]
    assert common.document_types["refusal"].field("reason").kind == "multiline"
    with pytest.raises(KeyError):
        field("sites/nothing")


def test_labels(service: ServiceEdition) -> None:
    labels = service.request.labels("ru")
    assert labels["applicant"] == "Заявитель"
    assert labels["activities/activity=dentistry"] == "Стоматология"
    assert service.request.labels("kk")["applicant/address/region=47"] == "Маңғыстау облысы"


def test_common_documents(common: CommonEdition) -> None:
    now = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
    common.document_types["challenge"].build(
        {
            "site": "https://egovdocs.example",
            "purpose": "registration",
            "nonce": "n0nce-n0nce",
            "issuedAt": now,
            "expiresAt": now + timedelta(minutes=15),
        }
    )
    bilingual = {"ru": "Управление", "kk": "Басқарма"}
    provider = {"bin": "940140000385", "name": bilingual}
    receipt = {
        "service": "medical-licence",
        "action": "issue",
        "channel": "portal",
        "number": request_number(2026, 1),
        "registeredAt": now,
        "applicant": "680503250034",
        "requestSha256": "c" * 64,
        "deadline": date(2026, 5, 13),
        "provider": provider,
    }
    assert (
        common.document_types["receipt"].read(common.document_types["receipt"].build(receipt))["deadline"]
        == "2026-05-13"
    )
    order = {
        "service": "medical-licence",
        "kind": "suspension",
        "number": request_number(2026, 3),
        "date": date(2026, 6, 1),
        "licence": {"number": licence_number("MED", 1), "sha256": "d" * 64},
        "holder": {
            "kind": "legal",
            "identifier": "950341000052",
            "name": "ТОО «Дәрігер»",
            "address": {"region": "47", "locality": "Актау", "street": "дом 1"},
        },
        "effectiveFrom": date(2026, 6, 2),
        "ground": {"code": "requirements-not-met", "wording": bilingual},
        "reason": "Нет врача-терапевта.",
        "provider": provider,
        "signatory": {"name": "СЕРІКОВ АЙДАР", "position": bilingual},
    }
    assert common.document_types["order"].problems(common.document_types["order"].build(order)) == ()


def test_threads_share_a_document_type(service: ServiceEdition, values: dict[str, Any]) -> None:
    content = service.request.build(values)
    wrong = {
        name: content.replace(value, b"?")
        for name, value in {
            "contacts/email": b"clinic@example.kz",
            "contacts/phone": b"+7 729 212 34 56",
        }.items()
    }

    def ask(number: int) -> bool:
        if number % 3 == 0:
            return service.request.problems(content) == ()
        path = ("contacts/email", "contacts/phone")[number % 2]
        return [problem.path for problem in service.request.problems(wrong[path])] == [path]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(200)))


def test_loads_beside_zope_interface() -> None:
    program = "import BTrees.OOBTree; from egovdocs.schemas import load_services; load_services()"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
