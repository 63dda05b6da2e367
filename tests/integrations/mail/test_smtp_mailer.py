"""Letters sent to an SMTP server that accepts, defers or rejects them, or is unreachable."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.integrations.mail.sample_letter import LETTER, SENDER
from tests.mailroom import Mailroom, open_mailroom

from egovdocs.integrations.mail.mail_port import AddressRefused, MailUnavailable
from egovdocs.integrations.mail.smtp_mailer import SmtpMailer
from egovdocs.sandbox.running_site import free_port


@pytest.fixture
def room() -> Mailroom:
    return Mailroom()


@pytest.fixture
def mailer() -> SmtpMailer:
    return SmtpMailer("127.0.0.1", free_port(), SENDER, starttls=False)


def test_a_letter_is_received_unchanged(room: Mailroom, mailer: SmtpMailer) -> None:
    with open_mailroom(room, mailer.port):
        mailer.send(LETTER)
    (got,) = room.letters
    assert got.get_content().splitlines() == LETTER.text.splitlines()
    assert (got["Subject"], got["To"], got["From"]) == (LETTER.subject, LETTER.to, SENDER)
    assert got["Message-ID"] == "<1780293600123456789@portal.example>"
    assert got["Date"].datetime == LETTER.written_at
    assert (got["Content-Language"], got["Auto-Submitted"]) == ("ru", "auto-generated")


def test_a_repeated_letter_has_the_same_message_id(room: Mailroom, mailer: SmtpMailer) -> None:
    with open_mailroom(room, mailer.port):
        mailer.send(LETTER)
        mailer.send(LETTER)
    assert len({letter["Message-ID"] for letter in room.letters}) == 1


@pytest.mark.parametrize("answer", ["450 mailbox busy", "421 going down"])
def test_a_recipient_is_deferred(room: Mailroom, mailer: SmtpMailer, answer: str) -> None:
    room.to_recipient = answer
    with open_mailroom(room, mailer.port), pytest.raises(MailUnavailable):
        mailer.send(LETTER)


@pytest.mark.parametrize("answer", ["451 try later", "554 looks like spam"])
def test_data_are_deferred(room: Mailroom, mailer: SmtpMailer, answer: str) -> None:
    room.to_data = answer
    with open_mailroom(room, mailer.port), pytest.raises(MailUnavailable) as problem:
        mailer.send(LETTER)
    assert str(problem.value) == f"SMTPDataError {answer[:3]}"


def test_a_rejected_address_is_not_in_the_error(room: Mailroom, mailer: SmtpMailer) -> None:
    room.to_recipient = "550 ivanova@example.kz is unknown"
    with open_mailroom(room, mailer.port), pytest.raises(AddressRefused) as problem:
        mailer.send(LETTER)
    assert "example" not in repr(problem.value)


def test_an_unreachable_server(mailer: SmtpMailer) -> None:
    with pytest.raises(MailUnavailable, match="ConnectionRefusedError"):
        mailer.send(LETTER)


def test_nothing_is_sent_without_the_required_tls(room: Mailroom, mailer: SmtpMailer) -> None:
    with open_mailroom(room, mailer.port), pytest.raises(MailUnavailable, match="NotSupported"):
        replace(mailer, starttls=True).send(LETTER)
    assert room.attempts == 0


def test_starttls_and_a_password(room: Mailroom, mailer: SmtpMailer, tmp_path: Path) -> None:
    server, client = _contexts(tmp_path)

    def check(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        genuine = (data.login, data.password) == (b"portal", b"secret")
        return AuthResult(success=genuine, handled=False)

    secured = replace(mailer, starttls=True, user="portal", password="secret", context=client)
    with open_mailroom(room, mailer.port, server, authenticator=check, auth_required=True):
        secured.send(LETTER)
        with pytest.raises(MailUnavailable, match="SMTPAuthenticationError 535"):
            replace(secured, password="wrong").send(LETTER)
        with pytest.raises(MailUnavailable, match="CertVerification"):
            replace(secured, context=ssl.create_default_context()).send(LETTER)
    assert len(room.letters) == 1
    assert "secret" not in repr(secured)


def test_tls_from_the_start(room: Mailroom, mailer: SmtpMailer, tmp_path: Path) -> None:
    server, client = _contexts(tmp_path)
    with open_mailroom(room, mailer.port, ssl_context=server):
        replace(mailer, tls=True, context=client).send(LETTER)
    assert len(room.letters) == 1


def _contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the contexts of a server for 127.0.0.1 and of a client that trusts only its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Mailroom")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)
    both = folder / "mailroom.pem"
    both.write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(both)
    return server, ssl.create_default_context(cadata=pem.decode())
