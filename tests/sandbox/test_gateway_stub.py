"""The adapter of the state registers, with the gateway stub in a process of its own."""

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
PASSWORD = "stub password"
SENDER = Sender("portal", "sender password")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Корень", algorithm="ec")


@pytest.fixture(scope="module")
def site_key(authority: Authority) -> IssuedKey:
    return authority.issue_system("Портал", "940140000385", algorithm="ec")


@pytest.fixture(scope="module")
def gateway_key(authority: Authority) -> IssuedKey:
    return authority.issue_system("ШЭП", "080641000131")


class StubProcess(RunningServer):
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

    def inject_faults(self, **faults: Any) -> None:
        self.control.write_text(json.dumps(faults))


@pytest.fixture(scope="module")
def process(
    tmp_path_factory: pytest.TempPathFactory, site_key: IssuedKey, gateway_key: IssuedKey
) -> Iterator[StubProcess]:
    with StubProcess(tmp_path_factory.mktemp("gateway"), site_key, gateway_key) as stub:
        yield stub


@pytest.fixture
def stub(process: StubProcess) -> StubProcess:
    process.inject_faults()
    return process


@pytest.fixture
def registers(stub: StubProcess, site_key: IssuedKey, gateway_key: IssuedKey) -> GatewayRegisters:
    return GatewayRegisters(
        GatewayClient(stub.url, site_key.signer, gateway_key.certificate, SENDER, timeout=60), "portal"
    )


def connected_registers(
    url: str, site_key: IssuedKey, gateway_key: IssuedKey, timeout: float = 60
) -> GatewayRegisters:
    return GatewayRegisters(
        GatewayClient(url, site_key.signer, gateway_key.certificate, SENDER, timeout=timeout), "portal"
    )


# Found and not found


def test_responses_have_the_entries_of_the_registers(registers: GatewayRegisters) -> None:
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


def test_unknown_identifiers_have_no_entry(registers: GatewayRegisters) -> None:
    assert registers.person(NOBODY) is None
    assert registers.entity(NO_ENTITY) is None
    assert registers.power_of_attorney(POWER[0], POWER[1], NOBODY) is None


# Errors


def raised_errors(registers: GatewayRegisters) -> list[type[ExternalSystemError]]:
    """Return the type of the error of each of the three registers."""
    found = []
    for query in (
        lambda: registers.person(IIN),
        lambda: registers.entity(BIN),
        lambda: registers.power_of_attorney(*POWER),
    ):
        with pytest.raises(ExternalSystemError) as caught:
            query()
        found.append(caught.type)
    return found


@pytest.mark.parametrize(
    ("faults", "error", "reason"),
    [
        ({"down": True}, ExternalSystemUnavailable, "HTTP status 503"),
        ({"fault": "E-17"}, Fault, "a fault, code E-17"),
        ({"altered": True}, ForgedResponse, "changed after it was signed"),
        ({"forged": True}, ForgedResponse, "not by the expected key"),
        ({"replayed": True}, ForgedResponse, "the response to another message"),
    ],
)
def test_each_fault_has_its_error(
    stub: StubProcess,
    registers: GatewayRegisters,
    caplog: pytest.LogCaptureFixture,
    faults: dict[str, Any],
    error: type[ExternalSystemError],
    reason: str,
) -> None:
    registers.person(NOBODY)
    stub.inject_faults(**faults)
    assert raised_errors(registers) == [error] * 3
    assert caplog.text.count(reason) == 3
    logged = logging.ERROR if error is ForgedResponse else logging.WARNING
    assert {record.levelno for record in caplog.records if record.name.startswith("egovdocs")} == {logged}

    stub.inject_faults()
    assert registers.person(IIN) is not None


def test_a_slow_gateway_is_unavailable(
    stub: StubProcess, site_key: IssuedKey, gateway_key: IssuedKey
) -> None:
    stub.inject_faults(delay=30)
    start = time.monotonic()
    with pytest.raises(ExternalSystemUnavailable):
        connected_registers(stub.url, site_key, gateway_key, timeout=0.5).person(IIN)
    assert time.monotonic() - start < 15


def test_killed_and_started_again(stub: StubProcess, registers: GatewayRegisters) -> None:
    stub.kill()
    assert raised_errors(registers) == [ExternalSystemUnavailable] * 3
    stub.start()
    assert registers.person(IIN) is not None


def test_an_unknown_caller_gets_a_fault(
    stub: StubProcess, authority: Authority, gateway_key: IssuedKey, caplog: pytest.LogCaptureFixture
) -> None:
    unknown = authority.issue_system("Чужой", "150940000884", algorithm="ec")
    assert raised_errors(connected_registers(stub.url, unknown, gateway_key)) == [Fault] * 3
    assert caplog.text.count("code bad-signature") == 3


def test_only_the_configured_certificate_is_accepted(
    stub: StubProcess, site_key: IssuedKey, authority: Authority
) -> None:
    another = authority.issue_system("ШЭП", "080641000131")
    assert raised_errors(connected_registers(stub.url, site_key, another)) == [ForgedResponse] * 3


def test_an_expired_certificate_is_not_accepted(
    stub: StubProcess, site_key: IssuedKey, gateway_key: IssuedKey
) -> None:
    later = datetime.now(UTC) + timedelta(days=800)
    gateway = GatewayClient(stub.url, site_key.signer, gateway_key.certificate, SENDER, clock=lambda: later)
    with pytest.raises(ExternalSystemError):
        GatewayRegisters(gateway, "portal").person(IIN)


def test_a_clock_difference_is_detected(
    stub: StubProcess, site_key: IssuedKey, gateway_key: IssuedKey
) -> None:
    later = datetime.now(UTC) + timedelta(minutes=6)
    gateway = GatewayClient(stub.url, site_key.signer, gateway_key.certificate, SENDER, clock=lambda: later)
    with pytest.raises(ExternalSystemUnavailable, match="fault, code stale"):
        GatewayRegisters(gateway, "portal").person(IIN)


class RawServer:
    """A server that sends these octets to its first client, with a pause between them."""

    def __init__(self, answer: bytes, *, pause: float = 0.0) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._answer, self._pause = answer, pause
        self._thread = threading.Thread(target=self._serve)
        self._left = threading.Event()

    def __enter__(self) -> RawServer:
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
def test_other_responses_mean_unavailable(answer: bytes, site_key: IssuedKey, gateway_key: IssuedKey) -> None:
    with RawServer(answer) as server, pytest.raises(ExternalSystemUnavailable):
        connected_registers(server.url, site_key, gateway_key).person(IIN)


@pytest.mark.parametrize(
    "answer",
    [HEAD + b"Content-Length: 500\r\n\r\n" + b" " * 60, HEAD + b"\r\n" + b" " * 60, HEAD * 2],
    ids=["body", "endless body", "headers"],
)
def test_a_slow_response_does_not_extend_the_timeout(
    answer: bytes, site_key: IssuedKey, gateway_key: IssuedKey
) -> None:
    with RawServer(answer, pause=0.2) as server:
        start = time.monotonic()
        with pytest.raises(ExternalSystemUnavailable):
            connected_registers(server.url, site_key, gateway_key, timeout=0.5).person(IIN)
        assert time.monotonic() - start < 8  # the whole response takes longer


# Personal data


def test_log_and_errors_contain_no_personal_data(
    stub: StubProcess,
    registers: GatewayRegisters,
    site_key: IssuedKey,
    gateway_key: IssuedKey,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    texts = []
    for faults in ({"fault": "E-1"}, {"altered": True}, {"forged": True}, {"down": True}, {}):
        stub.inject_faults(**faults)
        try:
            registers.person(IIN)
            registers.entity(BIN)
            registers.power_of_attorney(*POWER)
        except ExternalSystemError as error:
            texts += [str(error), repr(error), str(user_message(error))]
    with pytest.raises(ExternalSystemUnavailable):
        connected_registers("http://127.0.0.1:9", site_key, gateway_key).person(IIN)
    everything = "\n".join([*texts, caplog.text, stub.log.read_text()])
    # Only these numbers are looked for: a random message id may end in twelve digits.
    for identifier in (IIN, BIN, *POWER):
        assert identifier not in everything
    assert "сапарова" not in everything.lower()
    for secret in (PASSWORD, SENDER.password, "PRIVATE"):
        assert secret not in everything
    assert SENDER.password not in repr(SENDER)
