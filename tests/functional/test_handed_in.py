"""A centre's own system, the gateway's stand-in and the site, a process each (P6, P7 and P9 of table A3).

Gateway and site are killed in the middle: nothing is lost, nothing is registered twice.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree
from tests.centre import scans_of, values_of
from tests.functional.conftest import Gated, gated

from egovdocs.integrations import registration_messages
from egovdocs.integrations.centres import hand_in_messages
from egovdocs.integrations.centres.hand_in_messages import Scan
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable
from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.messages import Sender
from egovdocs.integrations.registration_messages import Registration, RegistrationRefusal
from egovdocs.sandbox import scenario
from egovdocs.sandbox.demo_people import CENTRE_BIN, PASSWORD, SERVICES
from egovdocs.sandbox.running_site import RunningGateway
from egovdocs.sandbox.sample_requests import sample_file
from egovdocs.signing import load_pkcs12, sign

pytestmark = pytest.mark.slow

APPLICANT, NAME = "910203450036", "Сапарова Айгерім Маратқызы"
NOBODY = "680503250034"
ADDRESS = {"region": "47", "locality": "г. Актау", "street": "15-й микрорайон, дом 8"}
PAGES = {
    "applicant": {"address": ADDRESS},
    "activities": {"activity": ["therapy"]},
    "sites": {"site": [{"name": "Кабинет", "address": ADDRESS}]},
    "contacts": {"phone": "+7 701 000 00 01", "email": "applicant@example.test"},
    "declarations": {"truthful": True, "mayPractise": True, "personalData": True},
}
RCP = "{urn:egovdocs:receipt:1}"


@dataclass
class Linked(Gated):
    """A town whose centre has a system of its own."""

    requests: int = 0

    def asking(self, url: str, key: str, answering: str, patience: float = 60) -> GatewayClient:
        """Somebody with a key, who asks whoever is at an address."""
        keys = self.gateway.keys
        signer = load_pkcs12((keys / f"{key}.p12").read_bytes(), PASSWORD)
        certificate = load_pem_x509_certificate((keys / f"{answering}.pem").read_bytes())
        return GatewayClient(url, signer, certificate, Sender("con", ""), timeout=patience)

    def system(self, key: str = "centre", patience: float = 60) -> GatewayClient:
        """The centre's system; with another key, who pretends to be it."""
        return self.asking(self.gateway.url, key, "gateway", patience)

    @contextmanager
    def slow_gateway(self) -> Iterator[None]:
        """It takes messages, and hands them on when nobody waits for an answer any more."""
        self.gateway.inject_faults(delay=5)
        try:
            yield
        finally:
            self.gateway.inject_faults()

    def at_the_door(self, key: str = "gateway") -> GatewayClient:
        """The gateway before the site; with another key, who pretends to be it."""
        return self.asking(f"{self.site.url}/gateway", key, "site")

    def scans(self) -> list[Scan]:
        return scans_of(sample_file("staff")[1])

    def files(self) -> list[Path]:
        """The same on the disk."""
        for scan in self.scans():
            (self.site.folder / scan.name).write_bytes(scan.data)
        return [self.site.folder / scan.name for scan in self.scans()]

    def unsigned(self, reference: str = "", **changed: Any) -> bytes:
        """A visitor's request, as the operator has filled it in."""
        self.requests += 1
        operator = ("Сейітова Аружан Бекболатқызы", CENTRE_BIN)
        reference = reference or f"con-2026-{self.requests:06}"
        values = values_of(reference, APPLICANT, NAME, PAGES, operator, self.scans())
        return SERVICES["medical-licence"].newest.request.build(values | changed)

    def request(self, reference: str = "", key: str = "operator", **changed: Any) -> bytes:
        return sign(self.unsigned(reference, **changed), self.key(key))

    def hand_in(self, document: bytes) -> Registration:
        told = ask(self.system(), document, self.scans())
        assert isinstance(told, Registration)
        return told

    def taken(self) -> set[str]:
        """What was taken at the centre, as its operator finds it."""
        page = self.logged_in("operator").open("/centre")
        return {str(target) for target in page.tree.xpath("//main//a[contains(@href, '/cases/')]/@href")}


def ask(system: GatewayClient, document: bytes, scans: list[Scan]) -> Registration | RegistrationRefusal:
    return system.call(
        hand_in_messages.SERVICE,
        hand_in_messages.build_request(document, scans),
        registration_messages.parse_response,
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linked]:
    with gated(Linked, RunningGateway(tmp_path_factory.mktemp("site"))) as town:
        yield town


def egovdocs(*command: str | Path, expect: int = 0) -> str:
    """What a command says, in a process of its own."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("EGOVDOCS_")}
    done = subprocess.run(
        [sys.executable, "-m", "egovdocs", *map(str, command)],
        capture_output=True,
        env=environ,
        timeout=120,
        check=False,
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == expect, said
    return said


def test_a3_from_the_centres_system_to_the_licence_in_the_applicants_hand(town: Linked) -> None:
    keys, folder = town.gateway.keys, town.site.folder
    password = keys / "password"
    system = ["centre", "--gateway", town.gateway.url, "--gateway-certificate", keys / "gateway.pem"]
    system += ["--key", keys / "centre.p12", "--password-file", password]
    unsigned, signed, receipt = (folder / f"{name}.xml" for name in ("unsigned", "signed", "receipt"))
    unsigned.write_bytes(town.unsigned())
    operator = town.site.keys / "operator.p12"
    egovdocs("sign", "--key", operator, "--password-file", password, unsigned, signed)
    said = egovdocs(*system, "hand-in", "--receipt", receipt, signed, *town.files())
    number = said.split(",")[0]
    assert etree.fromstring(receipt.read_bytes()).findtext(f"{RCP}number") == number
    assert egovdocs(*system, "hand-in", signed) == said
    assert egovdocs(*system, "hand-in", unsigned, expect=2).startswith("Error: not-accepted: ")
    scenario.verify_document(town.visitor(), "request.xml", signed.read_bytes())
    scenario.verify_document(town.visitor(), "receipt.xml", receipt.read_bytes())
    outcome = folder / "outcome.xml"
    assert f"{number}: registered" in egovdocs(*system, "state", "--outcome", outcome, number)
    assert not outcome.exists()

    colleague = town.logged_in("operator2")
    granted = scenario.review_case(town.logged_in("officer"), number)
    scenario.sign_outcome(town.logged_in("signatory"), granted, town.key("signatory"))
    waiting = colleague.open("/centre")
    assert number in waiting.text
    assert f"{number}: issued" in egovdocs(*system, "state", "--outcome", outcome, number)
    scenario.verify_document(town.visitor(), "licence.xml", outcome.read_bytes())
    case = colleague.open(waiting.link("/cases/"))
    assert colleague.open(case.link("/outcome.xml")).body == outcome.read_bytes()
    assert colleague.open(case.link("/request.xml")).body == signed.read_bytes()
    assert scenario.journal_steps(case) == ["P6", "P7", "C2", "P9"]
    handed = ["state", "--handed-over-by", operator, "--operator-password-file", password, number]
    assert "handed over" in egovdocs(*system, *handed)
    assert number not in colleague.open("/centre").text
    assert number in town.applicant().open("/account").text


def test_p4_is_told_and_nothing_is_kept(town: Linked) -> None:
    before = town.taken()
    stranger = {"kind": "natural", "identifier": NOBODY, "name": "Никто", "address": ADDRESS}
    told = ask(town.system(), town.request(applicant=stranger), town.scans())
    assert isinstance(told, RegistrationRefusal)
    assert told.step == "P4"
    assert "ГБД ФЛ" in told.ru
    acting = {"iin": "960815400214", "name": "Тулегенова Мадина Бахытовна", "power": "2024-0910-8"}
    told = ask(town.system(), town.request(representative=acting), town.scans())
    assert isinstance(told, RegistrationRefusal)
    assert "оверенность" in told.ru
    assert town.taken() == before


def test_the_gateway_killed_and_started_again(town: Linked) -> None:
    document = town.request()
    town.gateway.kill()
    with pytest.raises(ExternalSystemUnavailable):
        town.hand_in(document)
    town.gateway.start()
    first = town.hand_in(document)
    town.gateway.kill()
    town.gateway.start()
    assert town.hand_in(document) == first


def test_the_site_killed_after_it_registered_and_before_it_was_heard(town: Linked) -> None:
    document, before = town.request(), town.taken()
    with pytest.raises(ExternalSystemUnavailable, match=r"in time|ReadTimeout"), town.slow_gateway():
        ask(town.system(patience=2), document, town.scans())
    deadline = time.monotonic() + 120
    while not (after := town.taken()) - before and time.monotonic() < deadline:
        time.sleep(0.05)
    town.site.kill()
    with pytest.raises(Fault) as told:
        town.hand_in(document)
    assert told.value.code == "no-answer"
    town.site.start()
    assert town.taken() == after
    assert len(after - before) == 1
    first = town.hand_in(document)
    assert town.hand_in(document) == first
    assert town.taken() == after


@pytest.mark.parametrize("seconds", [0.1, 0.3])
def test_the_site_killed_at_any_moment(town: Linked, seconds: float) -> None:
    document, before = town.request(), town.taken()
    heard: list[Registration] = []

    def send() -> None:
        with suppress(ExternalSystemUnavailable):
            heard.append(town.hand_in(document))

    sending = threading.Thread(target=send)
    sending.start()
    time.sleep(seconds)
    town.site.kill()
    sending.join(240)
    town.site.start()
    told = town.hand_in(document)
    assert heard in ([], [told])
    assert len(town.taken() - before) == 1


def test_sent_by_several_at_the_same_time(town: Linked) -> None:
    document, before = town.request(), town.taken()
    told: list[Registration] = []
    threads = [threading.Thread(target=lambda: told.append(town.hand_in(document))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert len(told) == 3
    assert told[1:] == told[:-1]
    assert len(town.taken() - before) == 1


def test_registers_that_give_no_answer(town: Linked) -> None:
    document, before = town.request(), town.taken()
    town.gateway.kill()  # the site can ask nobody
    with pytest.raises(Fault) as told:
        ask(town.at_the_door(), document, town.scans())
    assert told.value.code == "try-later"
    assert "реестр" in told.value.explanation
    assert town.taken() == before
    town.gateway.start()
    assert town.hand_in(document).number


def test_what_is_not_in_order_is_told_through_the_gateway(town: Linked) -> None:
    town.hand_in(town.request("con-taken-0001"))
    before, files = town.taken(), town.scans()
    document = town.request()

    def told(document: bytes, scans: list[Scan] = files, by: GatewayClient | None = None) -> tuple[str, str]:
        with pytest.raises(Fault) as fault:
            ask(by or town.system(), document, scans)
        return fault.value.code, fault.value.explanation

    for (code, explanation), said in (
        (told(document.replace(APPLICANT.encode(), b"860517300425")), "изменён"),
        (told(town.unsigned()), "подпис"),
        (told(document.replace(b"?>", b"?><!DOCTYPE x>", 1)), "DOCTYPE"),
        (told(document, files[1:]), "premises.png"),
        (told(document, [Scan("premises.png", b"x"), *files[1:]]), "SHA-256"),
        (told(document, [*files, Scan("extra.png", b"x")]), "extra.png"),
        (told(town.request("con-taken-0001")), "reference"),
        (told(town.request(key="stranger")), "оператор"),
        (told(town.request(key="clinic")), "оператор"),
        (told(sign(b"<a/>", town.key("operator"))), "документ"),
    ):
        assert code == "not-accepted"
        assert said in explanation
    assert told(document, by=town.at_the_door("centre"))[0] == "bad-signature"
    assert told(document, by=town.system("gateway"))[0] == "bad-signature"
    assert town.taken() == before


def test_what_is_no_message_at_all_is_a_fault_too(town: Linked) -> None:
    def post(message: bytes) -> bytes:
        with requests.Session() as session:
            session.trust_env = False
            headers = {"Content-Type": "text/xml"}
            answer = session.post(f"{town.site.url}/gateway", message, headers=headers, timeout=60)
        assert answer.status_code == 500
        assert soap.parse_message(answer.content).is_fault
        return answer.content

    assert b"bad-message" in post(b"")
    assert b"bad-message" in post(b"\xff\xfe")
    assert b"bad-message" in post(b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>")
    assert b"bad-message" in post(b"<a>" * 30_000)
    assert b"too-large" in post(b" " * (16 * 1024 * 1024 + 1))


def test_logs_name_nobody(town: Linked) -> None:
    town.hand_in(town.request("con-named-0001"))
    with pytest.raises(Fault):
        ask(town.system(), town.request(), town.scans()[1:])
    logs = town.site.log.read_text("utf-8") + town.gateway.log.read_text("utf-8")
    assert "a message from the gateway was answered by a fault" in logs
    for name in (APPLICANT, NOBODY, "Сапарова", "premises.png", "con-named-0001", " ERROR "):
        assert name not in logs
