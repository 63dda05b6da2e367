"""The registers over SOAP: our side in this process, the gateway's stand-in in one of its own."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

import egovdocs.sandbox
from egovdocs.integrations.external_system_errors import (
    ExternalSystemError,
    ExternalSystemUnavailable,
    ForgedResponse,
)
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.messages import Sender
from egovdocs.integrations.state_registers.gateway_registers import GatewayRegisters
from egovdocs.integrations.state_registers.register_port import user_message
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.sandbox.gateway_stub import CsvRegisters
from egovdocs.sandbox.running_site import RunningServer, free_port

REGISTERS = Path(egovdocs.sandbox.__file__).parent / "demo_registers"
IIN, NOBODY = "910203450036", "880229300611"
BIN, NO_ENTITY = "120540000567", "210340000717"
POWER = ("2026-0602-1", "120540000567", "850311300176")
PASSWORD = "stand-in password"
SENDER = Sender("portal", "sender password")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Корень", algorithm="ec")


@pytest.fixture(scope="module")
def ours(authority: Authority) -> IssuedKey:
    return authority.issue_system("Портал", "940140000385", algorithm="ec")


@pytest.fixture(scope="module")
def theirs(authority: Authority) -> IssuedKey:
    return authority.issue_system("ШЭП", "080641000131")


class StandIn(RunningServer):
    """``egovdocs gateway`` on a free port."""

    def __init__(self, folder: Path, caller: IssuedKey, key: IssuedKey) -> None:
        self.control = folder / "control.json"
        (folder / "gateway.p12").write_bytes(key.pkcs12(PASSWORD))
        (folder / "password").write_text(PASSWORD + "\n")
        (folder / "caller.pem").write_bytes(caller.certificate.public_bytes(Encoding.PEM))
        address = f"127.0.0.1:{free_port()}"
        command = ["gateway", "--listen", address, "--data", str(REGISTERS)]
        command += ["--key", str(folder / "gateway.p12"), "--password-file", str(folder / "password")]
        command += ["--caller", str(folder / "caller.pem"), "--control", str(self.control)]
        super().__init__(command, f"http://{address}", folder / "gateway.log")

    def switch(self, **switches: Any) -> None:
        self.control.write_text(json.dumps(switches))


@pytest.fixture(scope="module")
def process(
    tmp_path_factory: pytest.TempPathFactory, ours: IssuedKey, theirs: IssuedKey
) -> Iterator[StandIn]:
    with StandIn(tmp_path_factory.mktemp("gateway"), ours, theirs) as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(process: StandIn) -> StandIn:
    process.switch()
    return process


@pytest.fixture
def registers(stand_in: StandIn, ours: IssuedKey, theirs: IssuedKey) -> GatewayRegisters:
    return GatewayRegisters(
        GatewayClient(stand_in.url, ours.signer, theirs.certificate, SENDER, timeout=60), "portal"
    )


def reaching(url: str, ours: IssuedKey, theirs: IssuedKey, timeout: float = 60) -> GatewayRegisters:
    return GatewayRegisters(
        GatewayClient(url, ours.signer, theirs.certificate, SENDER, timeout=timeout), "portal"
    )


# Found and not found


def test_answers_are_those_of_the_register(registers: GatewayRegisters) -> None:
    known = CsvRegisters(REGISTERS)
    person, entity, power = registers.person(IIN), registers.entity(BIN), registers.power_of_attorney(*POWER)
    assert person == known.person(IIN)
    assert entity == known.entity(BIN)
    assert power == known.power_of_attorney(*POWER)
    assert person is not None
    assert entity is not None
    assert power is not None
    assert person.full_name == "Сапарова Айгерім Маратқызы"
    assert entity.name_kk == "«Шипа Клиника» ЖШС"
    assert power.in_force(date(2026, 6, 2))


def test_a_person_may_have_no_patronymic_and_a_power_may_be_revoked(registers: GatewayRegisters) -> None:
    person = registers.person("740902300552")
    assert person is not None
    assert person.patronymic == ""
    power = registers.power_of_attorney("2024-0910-8", IIN, "960815400214")
    assert power is not None
    assert power.revoked == date(2026, 2, 2)


def test_who_is_not_there_is_none(registers: GatewayRegisters) -> None:
    assert registers.person(NOBODY) is None
    assert registers.entity(NO_ENTITY) is None
    assert registers.power_of_attorney(POWER[0], POWER[1], NOBODY) is None


# What goes wrong


def outcomes(registers: GatewayRegisters) -> list[type[ExternalSystemError]]:
    """What each of the three registers raises."""
    found = []
    for ask in (
        lambda: registers.person(IIN),
        lambda: registers.entity(BIN),
        lambda: registers.power_of_attorney(*POWER),
    ):
        with pytest.raises(ExternalSystemError) as caught:
            ask()
        found.append(caught.type)
    return found


@pytest.mark.parametrize(
    ("switches", "error", "reason"),
    [
        ({"down": True}, ExternalSystemUnavailable, "HTTP status 503"),
        ({"fault": "E-17"}, Fault, "a fault, code E-17"),
        ({"altered": True}, ForgedResponse, "changed after it was signed"),
        ({"forged": True}, ForgedResponse, "not by the expected key"),
        ({"replayed": True}, ForgedResponse, "the response to another message"),
    ],
)
def test_each_mishap_has_its_own_answer(
    stand_in: StandIn,
    registers: GatewayRegisters,
    caplog: pytest.LogCaptureFixture,
    switches: dict[str, Any],
    error: type[ExternalSystemError],
    reason: str,
) -> None:
    registers.person(NOBODY)
    stand_in.switch(**switches)
    assert outcomes(registers) == [error] * 3
    assert caplog.text.count(reason) == 3
    logged = logging.ERROR if error is ForgedResponse else logging.WARNING
    assert {record.levelno for record in caplog.records if record.name.startswith("egovdocs")} == {logged}

    stand_in.switch()
    assert registers.person(IIN) is not None


def test_a_slow_gateway_is_unavailable(stand_in: StandIn, ours: IssuedKey, theirs: IssuedKey) -> None:
    stand_in.switch(delay=30)
    start = time.monotonic()
    with pytest.raises(ExternalSystemUnavailable):
        reaching(stand_in.url, ours, theirs, timeout=0.5).person(IIN)
    assert time.monotonic() - start < 15


def test_killed_and_started_again(stand_in: StandIn, registers: GatewayRegisters) -> None:
    stand_in.kill()
    assert outcomes(registers) == [ExternalSystemUnavailable] * 3
    stand_in.start()
    assert registers.person(IIN) is not None


def test_the_gateway_answers_only_who_it_knows(
    stand_in: StandIn, authority: Authority, theirs: IssuedKey, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = authority.issue_system("Чужой", "150940000884", algorithm="ec")
    assert outcomes(reaching(stand_in.url, stranger, theirs)) == [Fault] * 3
    assert caplog.text.count("code bad-signature") == 3


def test_an_answer_is_believed_only_from_the_certificate_in_the_settings(
    stand_in: StandIn, ours: IssuedKey, authority: Authority
) -> None:
    another = authority.issue_system("ШЭП", "080641000131")
    assert outcomes(reaching(stand_in.url, ours, another)) == [ForgedResponse] * 3


def test_no_answer_is_believed_once_the_certificate_has_ended(
    stand_in: StandIn, ours: IssuedKey, theirs: IssuedKey
) -> None:
    later = datetime.now(UTC) + timedelta(days=800)
    gateway = GatewayClient(stand_in.url, ours.signer, theirs.certificate, SENDER, clock=lambda: later)
    with pytest.raises(ExternalSystemError):
        GatewayRegisters(gateway, "portal").person(IIN)


def test_clocks_apart_are_noticed(stand_in: StandIn, ours: IssuedKey, theirs: IssuedKey) -> None:
    later = datetime.now(UTC) + timedelta(minutes=6)
    gateway = GatewayClient(stand_in.url, ours.signer, theirs.certificate, SENDER, clock=lambda: later)
    with pytest.raises(ExternalSystemUnavailable, match="fault, code stale"):
        GatewayRegisters(gateway, "portal").person(IIN)


class Wire:
    """A server of one answer, byte by byte as given."""

    def __init__(self, answer: bytes, *, pause: float = 0.0) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._answer, self._pause = answer, pause
        self._thread = threading.Thread(target=self._serve)
        self._left = threading.Event()

    def __enter__(self) -> Wire:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._left.set()
        self._thread.join(20)
        self._socket.close()

    def _serve(self) -> None:
        connection, _address = self._socket.accept()
        with connection:
            connection.recv(65536)
            try:
                if not self._pause:
                    connection.sendall(self._answer)
                else:
                    for byte in self._answer:
                        connection.sendall(bytes([byte]))
                        if self._left.wait(self._pause):
                            break
            except OSError:
                pass


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not HTTP at all\r\n\r\n",
        HEAD + b"Content-Length: 1000\r\n\r\n<half",
        HEAD + b"Content-Length: 31\r\n\r\n<html><body>Proxy</body></html>",
        HEAD + b"Content-Length: 0\r\n\r\n",
        HEAD + b"Connection: close\r\n\r\n" + b"<x>" * 400_000,
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_whatever_else_comes_is_no_answer(answer: bytes, ours: IssuedKey, theirs: IssuedKey) -> None:
    with Wire(answer) as wire, pytest.raises(ExternalSystemUnavailable):
        reaching(wire.url, ours, theirs).person(IIN)


@pytest.mark.parametrize(
    "answer",
    [HEAD + b"Content-Length: 500\r\n\r\n" + b" " * 60, HEAD + b"\r\n" + b" " * 60, HEAD * 2],
    ids=["body", "endless body", "headers"],
)
def test_dripping_does_not_stretch_the_time_there_is(
    answer: bytes, ours: IssuedKey, theirs: IssuedKey
) -> None:
    with Wire(answer, pause=0.2) as wire:
        start = time.monotonic()
        with pytest.raises(ExternalSystemUnavailable):
            reaching(wire.url, ours, theirs, timeout=0.5).person(IIN)
        assert time.monotonic() - start < 8  # all of it takes longer


# Nobody's data where it does not belong


def test_neither_log_nor_error_names_anybody(
    stand_in: StandIn,
    registers: GatewayRegisters,
    ours: IssuedKey,
    theirs: IssuedKey,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    texts = []
    for switches in ({"fault": "E-1"}, {"altered": True}, {"forged": True}, {"down": True}, {}):
        stand_in.switch(**switches)
        try:
            registers.person(IIN)
            registers.entity(BIN)
            registers.power_of_attorney(*POWER)
        except ExternalSystemError as error:
            texts += [str(error), repr(error), str(user_message(error))]
    with pytest.raises(ExternalSystemUnavailable):
        reaching("http://127.0.0.1:9", ours, theirs).person(IIN)
    everything = "\n".join([*texts, caplog.text, stand_in.log.read_text()])
    # Not any twelve digits: a message's random id may end in them.
    for identifier in (IIN, BIN, *POWER):
        assert identifier not in everything
    assert "сапарова" not in everything.lower()
    for secret in (PASSWORD, SENDER.password, "PRIVATE"):
        assert secret not in everything
    assert SENDER.password not in repr(SENDER)
