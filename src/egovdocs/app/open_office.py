"""Construction of the office, what the use cases work with, from the settings; once, when the site starts."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cryptography.x509 import load_pem_x509_certificate

from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.casework.office import Office
from egovdocs.content import Site
from egovdocs.integrations.gateway.client import GatewayClient
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint, RequestHandler
from egovdocs.integrations.gateway.messages import MAX_CLOCK_DIFFERENCE, Sender
from egovdocs.integrations.gateway.replay_cache import ReplayCache
from egovdocs.integrations.mail.folder_mailer import FolderMailer
from egovdocs.integrations.mail.mail_port import Mailer
from egovdocs.integrations.mail.smtp_mailer import SmtpMailer
from egovdocs.integrations.payments.embedded_payment_gateway import EmbeddedPaymentGateway
from egovdocs.integrations.payments.gateway_payments import GatewayPayments
from egovdocs.integrations.payments.payment_port import PaymentGateway
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.integrations.state_registers.gateway_registers import GatewayRegisters
from egovdocs.integrations.state_registers.register_port import StateRegisters
from egovdocs.integrations.workstation.gateway_request_sender import GatewayRequestSender
from egovdocs.integrations.workstation.request_sender_port import RequestSender
from egovdocs.schemas import load_services
from egovdocs.settings import Settings
from egovdocs.signing import (
    TimestampAuthority,
    Timestamper,
    TimestampService,
    TrustStore,
    ValidationPolicy,
    load_pkcs12,
)

log = logging.getLogger(__name__)

SUBMISSION_PORT = 587  # RFC 6409


def open_office(settings: Settings) -> Office:
    """Return everything outside the database that the use cases work with.

    :raises OSError: a key or certificate named in the settings can't be read.
    :raises egovdocs.schemas.ServiceError: a service's folder is wrong.
    :raises LookupError: the settings have no monthly index for today.
    """
    office = Office(
        services=load_services(*([settings.services] if settings.services else [])),
        calendar=calendar_of(settings),
        seal=load_pkcs12(settings.seal_key.read_bytes(), settings.seal_password),
        policy=policy_of(settings.trust),
        timestamper=timestamper_of(settings),
        payments=payments_of(settings),
        monthly_index=settings.monthly_index,
        site_url=settings.site_url,
        max_file_bytes=settings.max_file_bytes,
        two_person_rule=settings.two_person_rule,
        collect_days=settings.collect_days,
        registers=registers_of(settings),
        sending=sending_of(settings),
    )
    if settings.payments == "embedded" and settings.bank_key is not None and not settings.demo:
        log.warning("egovdocs.bank_key is set: at the embedded bank fees are paid without money")
    if not office.payments.has_page:
        log.warning("egovdocs.bank_key is not set: services with a fee cannot be requested")
    if office.timestamper is None:
        log.warning("egovdocs.timestamp_url is not set: documents are stored without evidence of their time")
    office.index()  # logs its warning now, at the start
    return office


def calendar_of(settings: Settings) -> WorkingCalendar:
    """Return the calendar of working days and hours."""
    return WorkingCalendar(zone=settings.time_zone, hours=settings.working_hours, decreed=settings.calendar)


def registers_of(settings: Settings) -> Callable[[Site], StateRegisters]:
    """Return the function that gives a site its state registers: embedded, or over the gateway.

    :raises OSError: a key or certificate named in the settings can't be read.
    :raises egovdocs.signing.SigningError: the gateway's certificate or the site's key is unsupported.
    """
    if settings.registers == "embedded":
        return EmbeddedRegisters
    registers = GatewayRegisters(gateway_of(settings), settings.gateway_sender)
    return lambda site: registers


def sending_of(settings: Settings) -> RequestSender | None:
    """Return the sender of signed requests over the gateway; None when they are registered at once.

    :raises OSError: a key or certificate named in the settings can't be read.
    :raises egovdocs.signing.SigningError: the gateway's certificate or the site's key is unsupported.
    """
    if settings.sending == "embedded":
        return None
    return GatewayRequestSender(gateway_of(settings), settings.gateway_max_bytes)


def payments_of(settings: Settings) -> PaymentGateway:
    """Return the payment gateway: the embedded one, or the one behind the e-government gateway.

    :raises OSError: a key or certificate named in the settings can't be read.
    :raises egovdocs.signing.SigningError: the gateway's certificate or the site's key is unsupported.
    """
    if settings.payments == "gateway":
        return GatewayPayments(gateway_of(settings), settings.payment_pages)
    assert settings.bank_certificate is not None
    return EmbeddedPaymentGateway(
        load_pem_x509_certificate(settings.bank_certificate.read_bytes()),
        settings.site_url,
        has_page=settings.bank_key is not None,
    )


def gateway_of(settings: Settings) -> GatewayClient:
    """Return the client of the e-government gateway.

    :raises OSError: a key or certificate named in the settings can't be read.
    :raises egovdocs.signing.SigningError: the gateway's certificate or the site's key is unsupported.
    """
    assert settings.gateway_key is not None
    assert settings.gateway_certificate is not None
    return GatewayClient(
        settings.gateway_url,
        load_pkcs12(settings.gateway_key.read_bytes(), settings.gateway_password),
        load_pem_x509_certificate(settings.gateway_certificate.read_bytes()),
        Sender(settings.gateway_sender, settings.gateway_sender_password),
        timeout=settings.gateway_timeout,
    )


def endpoint_of(settings: Settings) -> Callable[[Mapping[str, RequestHandler]], GatewayEndpoint] | None:
    """Return the function that makes an endpoint for the gateway from its handlers; None when not connected.

    :raises OSError: a key or certificate named in the settings can't be read.
    :raises egovdocs.signing.SigningError: one is of an unsupported kind.
    """
    if "gateway" not in (settings.registers, settings.payments, settings.sending):
        return None
    assert settings.gateway_key is not None
    assert settings.gateway_certificate is not None
    signer = load_pkcs12(settings.gateway_key.read_bytes(), settings.gateway_password)
    caller = load_pem_x509_certificate(settings.gateway_certificate.read_bytes())
    return partial(
        GatewayEndpoint,
        signer,
        [caller],
        max_bytes=settings.gateway_max_bytes,
        replay_cache=ReplayCache(MAX_CLOCK_DIFFERENCE),
    )


def timestamper_of(settings: Settings) -> Timestamper | None:
    """Return the source of time-stamps: a service, or the embedded authority; None when neither is set.

    :raises OSError: the embedded authority's key can't be read.
    :raises egovdocs.signing.SigningError: it is not for time-stamps, or the password does not open it.
    """
    if settings.timestamp_url:
        policy = settings.timestamp_policy or None
        return TimestampService(settings.timestamp_url, policy, settings.timestamp_timeout)
    if settings.timestamp_key is None:
        return None
    return TimestampAuthority(load_pkcs12(settings.timestamp_key.read_bytes(), settings.timestamp_password))


def mailer_of(settings: Settings) -> Mailer:
    """Return the mailer of notices; without ``mail_from`` the sender is ``noreply`` at the site's host."""
    address = urlsplit(settings.mail)
    sender = settings.mail_from or f"noreply@{urlsplit(settings.site_url).hostname}"
    if address.scheme == "file":
        return FolderMailer(Path(settings.mail.removeprefix("file://")), sender)
    tls = address.scheme == "smtps"
    return SmtpMailer(
        address.hostname or "",
        address.port or (smtplib.SMTP_SSL_PORT if tls else SUBMISSION_PORT),
        sender,
        tls=tls,
        starttls=settings.mail_starttls,
        user=unquote(address.username or ""),
        password=settings.mail_password,
    )


def policy_of(trust: Path) -> Callable[[], ValidationPolicy]:
    """Return the function that gives the validation policy with a folder's trust store.

    The store is read again when a file of the folder has changed.
    """

    @lru_cache(maxsize=1)
    def read(files: tuple[tuple[Path, int], ...]) -> ValidationPolicy:
        return ValidationPolicy(trust=TrustStore.from_folder(trust))

    def files() -> Iterator[tuple[Path, int]]:
        for file in sorted(trust.rglob("*")):
            with suppress(FileNotFoundError):  # renamed or removed meanwhile
                yield file, file.stat().st_mtime_ns

    def policy() -> ValidationPolicy:
        return read(tuple(files()))

    return policy
