"""Every setting of the site, read and checked in one place.

A setting stands in the ini file as ``egovdocs.<name>`` and may be overridden by the environment variable
``EGOVDOCS_<NAME>``. A secret may stand in a file of its own: ``egovdocs.<name>_file``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class SettingsError(ValueError):
    """Some settings are missing or wrong; the message has one line for each."""


def _setting(parse: Callable[[str], Any], about: str, default: Any = MISSING, *, secret: bool = False) -> Any:
    metadata = {"parse": parse, "about": about, "secret": secret}
    if callable(default):
        return field(default_factory=default, metadata=metadata, repr=not secret)
    return field(default=default, metadata=metadata, repr=not secret)


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("an address starting with http:// or https:// is wanted")
    return value


def _url(value: str) -> str:
    return _web_address(value).rstrip("/")


def _database(value: str) -> str:
    if not value.startswith(("file://", "postgresql://")):
        raise ValueError("file://FOLDER or postgresql://… is wanted")
    return value


def _boolean(value: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if value.lower() not in known:
        raise ValueError("true or false is wanted")
    return known[value.lower()]


def _registers(value: str) -> str:
    if value not in ("embedded", "gateway"):
        raise ValueError("embedded or gateway is wanted")
    return value


def _origin(value: str) -> str:
    parts = urlsplit(_url(value))
    _ = parts.port  # may be no number
    if not parts.hostname or f"{parts.scheme}://{parts.netloc}" != _url(value) or "@" in parts.netloc:
        raise ValueError("scheme, host and port are wanted, such as https://pay.example")
    if not re.fullmatch(r"[a-z0-9.:\[\]-]+", parts.netloc):
        raise ValueError("a host in lower case and ASCII is wanted")
    return _url(value)


def _mail(value: str) -> str:
    parts = urlsplit(value)
    folder = parts.scheme == "file" and (parts.netloc or parts.path)
    server = parts.scheme in ("smtp", "smtps") and parts.hostname and not parts.path
    if not (folder or server):
        raise ValueError("file://FOLDER, smtp://[USER@]HOST[:PORT] or smtps://… is wanted")
    if parts.password is not None:
        raise ValueError("a password stands in egovdocs.mail_password, not here")
    _ = parts.port  # may be no number
    return value


def _address(value: str) -> str:
    if value.count("@") != 1 or not value.isascii() or not value.isprintable():
        raise ValueError("an e-mail address is wanted")
    return value


def _seconds(value: str) -> float:
    seconds = float(value)
    if not 0 < seconds <= 90:
        raise ValueError("seconds from 0 to 90 are wanted")
    return seconds


def _oid(value: str) -> str:
    if value and not re.fullmatch(r"[0-2](\.(0|[1-9]\d*))+", value):
        raise ValueError("an object identifier such as 1.2.398.3.3.2.6.1 is wanted")
    return value


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("at least 32 characters are wanted")
    return value


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("a time zone such as Asia/Aqtau is wanted") from None


def _hours(value: str) -> tuple[time, time]:
    start, _, end = value.partition("-")
    hours = time.fromisoformat(start.strip()), time.fromisoformat(end.strip())
    if hours[0] >= hours[1]:
        raise ValueError("hours such as 09:00-18:30 are wanted")
    return hours


def _dated(value: str) -> dict[date, str]:
    """Lines of ``YYYY-MM-DD = value``."""
    rows = {}
    for line in value.splitlines():
        if not line.strip():
            continue
        day, equals, what = line.partition("=")
        if not equals:
            raise ValueError(f"a line such as 2026-01-01 = value is wanted, not {line.strip()!r}")
        rows[date.fromisoformat(day.strip())] = what.strip()
    return rows


def _dated_amounts(value: str) -> dict[date, Decimal]:
    try:
        return {day: Decimal(amount) for day, amount in _dated(value).items()}
    except InvalidOperation:
        raise ValueError("amounts such as 2025-01-01 = 3932 are wanted") from None


def _dated_days(value: str) -> dict[date, bool]:
    days = _dated(value)
    if set(days.values()) - {"working", "off"}:
        raise ValueError("each day is either 'working' or 'off'")
    return {day: what == "working" for day, what in days.items()}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the site is told from outside. Paths are taken relative to the working folder."""

    site_url: str = _setting(_url, "The address people reach the site at; it stands in QR codes.")
    database: str = _setting(_database, "Where documents are kept: file://FOLDER or postgresql://….")
    session_secret: str = _setting(_secret, "Signs the session cookies.", secret=True)
    trust: Path = _setting(Path, "The trust store: anchors/*.pem, crls/*.crl and ocsp/*.ocsp.")
    seal_key: Path = _setting(Path, "The site's seal, a PKCS#12 file; it signs receipts.")
    seal_password: str = _setting(str, "The seal's password.", secret=True)
    timestamp_url: str = _setting(
        _web_address, "The time-stamping service (RFC 3161) evidence is asked of.", ""
    )
    timestamp_policy: str = _setting(_oid, "The only policy (dotted) time-stamps may be under.", "")
    timestamp_timeout: float = _setting(_seconds, "Seconds until the service must have answered.", 10.0)
    timestamp_key: Path | None = _setting(
        Path, "The embedded time-stamping authority's key (PKCS#12); not for production.", None
    )
    timestamp_password: str = _setting(str, "The password of that key.", "", secret=True)
    payments: str = _setting(
        _registers,
        "Where fees are paid: the embedded bank, or the payment gateway over the gateway.",
        "embedded",
    )
    payment_pages: str = _setting(
        _origin, "The origin of the payment gateway's pages; nobody is sent elsewhere to pay.", ""
    )
    bank_certificate: Path | None = _setting(Path, "The certificate whose key signs payment notices.", None)
    bank_key: Path | None = _setting(Path, "The embedded bank's key (PKCS#12); not for production.", None)
    bank_password: str | None = _setting(str, "The embedded bank's password.", None, secret=True)
    registers: str = _setting(
        _registers, "The state's registers: embedded, or asked over the gateway.", "embedded"
    )
    sending: str = _setting(
        _registers,
        "A signed request that its table sends through the gateway: registered at once, or sent over it.",
        "embedded",
    )
    gateway_url: str = _setting(_url, "The e-government gateway's address.", "")
    gateway_certificate: Path | None = _setting(
        Path, "The only certificate whose answers are believed.", None
    )
    gateway_key: Path | None = _setting(Path, "The key our messages are signed with (PKCS#12).", None)
    gateway_password: str = _setting(str, "The password of that key.", "", secret=True)
    gateway_sender: str = _setting(str, "The site's login at the gateway (senderId).", "")
    gateway_sender_password: str = _setting(str, "The password of that login.", "", secret=True)
    gateway_timeout: float = _setting(_seconds, "Seconds until the gateway must have answered.", 10.0)
    gateway_max_bytes: int = _setting(
        int, "The largest message from the gateway, with a request's files in it.", 16 * 1024 * 1024
    )
    mail: str = _setting(
        _mail, "Where notices go: file://FOLDER, smtp://USER@HOST:PORT or smtps://….", "file://var/mail"
    )
    mail_from: str = _setting(_address, "The address that notices come from.", "")
    mail_password: str = _setting(str, "The password of the mail server's user.", "", secret=True)
    mail_starttls: bool = _setting(_boolean, "Send nothing over smtp:// before it speaks TLS.", True)
    demo: bool = _setting(_boolean, "Create the demo site on first start.", False)
    demo_folder: Path = _setting(Path, "Where the demo authority and keys are kept.", Path("var/demo"))
    services: Path | None = _setting(Path, "A folder with services besides those that come along.", None)
    time_zone: ZoneInfo = _setting(_zone, "The zone of working days and shown times.", ZoneInfo("Asia/Aqtau"))
    working_hours: tuple[time, time] = _setting(
        _hours, "A request after these hours counts from the next working day.", (time(9), time(18, 30))
    )
    calendar: Mapping[date, bool] = _setting(
        _dated_days, "Days decreed working or off after the calendar library was made.", dict
    )
    monthly_index: Mapping[date, Decimal] = _setting(
        _dated_amounts, "The monthly calculation index (МРП) in tenge from each day on."
    )
    two_person_rule: bool = _setting(_boolean, "Whoever decided a request may not sign its outcome.", True)
    collect_days: int = _setting(
        int, "Days after which an answer that nobody has opened is called not collected.", 30
    )
    max_file_bytes: int = _setting(int, "The largest attached file.", 10 * 1024 * 1024)
    max_request_bytes: int = _setting(int, "The largest body of an HTTP request.", 32 * 1024 * 1024)

    @classmethod
    def read(cls, ini: Mapping[str, str], environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        :param ini: the ini file's section, names with the prefix ``egovdocs.``.
        :param environ: environment variables; the process's own when left out.
        :raises SettingsError: names every setting that is missing or wrong, never a secret's value.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for setting in fields(cls):
            try:
                text = _text(setting.name, ini, environ)
            except OSError as problem:
                wrong.append(f"egovdocs.{setting.name}_file: {problem.strerror}")
                continue
            if text is None:
                if setting.default is MISSING and setting.default_factory is MISSING:
                    wrong.append(f"egovdocs.{setting.name} is missing. {setting.metadata['about']}")
                continue
            try:
                values[setting.name] = setting.metadata["parse"](text)
            except ValueError as problem:
                values[setting.name] = None
                wrong.append(f"egovdocs.{setting.name}: {problem}")
        wrong += [
            f"egovdocs.{name} is not a setting" for name in _unknown(ini, {f.name for f in fields(cls)})
        ]
        wrong += _missing(values)
        if _tells_its_password(values):
            wrong.append("egovdocs.mail_starttls: a password is not sent without TLS")
        if wrong:
            raise SettingsError("\n".join(wrong))
        return cls(**values)


def _text(name: str, ini: Mapping[str, str], environ: Mapping[str, str]) -> str | None:
    text = environ.get(f"EGOVDOCS_{name.upper()}", ini.get(f"egovdocs.{name}"))
    file = environ.get(f"EGOVDOCS_{name.upper()}_FILE", ini.get(f"egovdocs.{name}_file"))
    if text is None and file is not None:
        text = Path(file).read_text("utf-8").strip()
    return text


def _missing(values: Mapping[str, Any]) -> list[str]:
    """What is not there of the settings that only the choice of another makes necessary."""
    needed = {"payment_pages"} if values.get("payments") == "gateway" else {"bank_certificate"}
    if "gateway" in (values.get("registers"), values.get("payments"), values.get("sending")):
        needed |= {
            each.name for each in fields(Settings) if each.name.startswith("gateway_") and not each.default
        }
    return [
        f"egovdocs.{setting.name} is missing. {setting.metadata['about']}"
        for setting in fields(Settings)
        if setting.name in needed and setting.name not in values
    ]


def _tells_its_password(values: Mapping[str, Any]) -> bool:
    plain = str(values.get("mail")).startswith("smtp:") and values.get("mail_starttls") is False
    return plain and bool(values.get("mail_password"))


def _unknown(ini: Mapping[str, str], known: set[str]) -> list[str]:
    names = (key.removeprefix("egovdocs.") for key in ini if key.startswith("egovdocs."))
    return sorted(name for name in names if name.removesuffix("_file") not in known and name not in known)
