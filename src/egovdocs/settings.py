"""Every setting of the site, read and checked in one place.

The ini file names a setting ``egovdocs.<name>``; the environment variable ``EGOVDOCS_<NAME>`` overrides it.
``egovdocs.<name>_file`` names a file that contains the value, for secrets.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from egovdocs import setting_values as parse


class SettingsError(ValueError):
    """Some settings are missing or wrong; the message has one line for each."""


def _setting(
    parser: Callable[[str], Any], about: str, default: Any = MISSING, *, secret: bool = False
) -> Any:
    metadata = {"parser": parser, "about": about, "secret": secret}
    if callable(default):
        return field(default_factory=default, metadata=metadata, repr=not secret)
    return field(default=default, metadata=metadata, repr=not secret)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a site. Paths are relative to the working folder."""

    site_url: str = _setting(parse.base_url, "The public address of the site; QR codes contain it.")
    database: str = _setting(parse.database_address, "The database: file://FOLDER or postgresql://….")
    session_secret: str = _setting(parse.secret_text, "The key that signs the session cookies.", secret=True)
    trust: Path = _setting(Path, "The folder of the trust store: anchors/*.pem, crls/*.crl and ocsp/*.ocsp.")
    seal_key: Path = _setting(Path, "The PKCS#12 file with the key of the site's seal, which signs receipts.")
    seal_password: str = _setting(str, "The password of the seal's file.", secret=True)
    timestamp_url: str = _setting(
        parse.web_address, "The address of the time-stamping service (RFC 3161) for evidence.", ""
    )
    timestamp_policy: str = _setting(
        parse.object_identifier, "The only policy that time-stamps may have, a dotted object identifier.", ""
    )
    timestamp_timeout: float = _setting(
        parse.seconds, "The seconds after which a request to the service fails.", 10.0
    )
    timestamp_key: Path | None = _setting(
        Path, "The PKCS#12 file of the embedded time-stamping authority; not for production.", None
    )
    timestamp_password: str = _setting(str, "The password of that file.", "", secret=True)
    payments: str = _setting(
        parse.embedded_or_gateway,
        "How fees are paid: embedded (the embedded bank) or gateway (over the e-government gateway).",
        "embedded",
    )
    payment_pages: str = _setting(
        parse.origin, "The origin of the payment gateway's pages, the only one that payers are sent to.", ""
    )
    bank_certificate: Path | None = _setting(
        Path, "The certificate of the key that signs payment notices.", None
    )
    bank_key: Path | None = _setting(Path, "The PKCS#12 file of the embedded bank; not for production.", None)
    bank_password: str | None = _setting(str, "The password of the embedded bank's file.", None, secret=True)
    registers: str = _setting(
        parse.embedded_or_gateway,
        "The state registers: embedded, or gateway (over the e-government gateway).",
        "embedded",
    )
    sending: str = _setting(
        parse.embedded_or_gateway,
        "Signed requests of a table with a step that sends them: embedded (registered at once) or gateway.",
        "embedded",
    )
    gateway_url: str = _setting(parse.base_url, "The address of the e-government gateway.", "")
    gateway_certificate: Path | None = _setting(
        Path, "The certificate of the key that signs the gateway's messages.", None
    )
    gateway_key: Path | None = _setting(
        Path, "The PKCS#12 file with the key that signs the site's messages.", None
    )
    gateway_password: str = _setting(str, "The password of that file.", "", secret=True)
    gateway_sender: str = _setting(str, "The site's login at the gateway (senderId).", "")
    gateway_sender_password: str = _setting(str, "The password of that login.", "", secret=True)
    gateway_timeout: float = _setting(
        parse.seconds, "The seconds after which a request to the gateway fails.", 10.0
    )
    gateway_max_bytes: int = _setting(
        int,
        "The size in bytes of the largest message from the gateway, with the files of a request.",
        16 * 1024 * 1024,
    )
    mail: str = _setting(
        parse.mail_address,
        "How notices are sent: file://FOLDER, smtp://USER@HOST:PORT or smtps://….",
        "file://var/mail",
    )
    mail_from: str = _setting(parse.email_address, "The sender's address of notices.", "")
    mail_password: str = _setting(str, "The password of the mail server's user.", "", secret=True)
    mail_starttls: bool = _setting(parse.boolean, "Whether mail over smtp:// requires STARTTLS.", True)
    demo: bool = _setting(parse.boolean, "Whether the first start creates the demo site.", False)
    demo_folder: Path = _setting(Path, "The folder of the demo authority and its keys.", Path("var/demo"))
    services: Path | None = _setting(Path, "A folder with further services.", None)
    time_zone: ZoneInfo = _setting(
        parse.time_zone, "The time zone of working days and of the times on pages.", ZoneInfo("Asia/Aqtau")
    )
    working_hours: tuple[time, time] = _setting(
        parse.working_hours,
        "The working hours; the limits of a later request begin on the next working day.",
        (time(9), time(18, 30)),
    )
    calendar: Mapping[date, bool] = _setting(
        parse.dated_days, "Days decreed working or off that the calendar library does not know.", dict
    )
    monthly_index: Mapping[date, Decimal] = _setting(
        parse.dated_amounts, "The monthly calculation index (МРП) in tenge, by the day from which it applies."
    )
    two_person_rule: bool = _setting(
        parse.boolean, "Whether the person who decided a request may not sign its outcome.", True
    )
    collect_days: int = _setting(
        int, "The days after which an outcome that was not opened counts as not collected.", 30
    )
    max_file_bytes: int = _setting(int, "The size in bytes of the largest attached file.", 10 * 1024 * 1024)
    max_request_bytes: int = _setting(
        int, "The size in bytes of the largest body of an HTTP request.", 32 * 1024 * 1024
    )

    @classmethod
    def read(cls, ini: Mapping[str, str], environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        :param ini: a section of the ini file; names have the prefix ``egovdocs.``.
        :param environ: environment variables; those of the process when left out.
        :raises SettingsError: some are missing or wrong; the message has a line for each and no secret.
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
                values[setting.name] = setting.metadata["parser"](text)
            except ValueError as problem:
                values[setting.name] = None
                wrong.append(f"egovdocs.{setting.name}: {problem}")
        wrong += [
            f"egovdocs.{name} is not a setting" for name in _unknown(ini, {f.name for f in fields(cls)})
        ]
        wrong += _missing(values)
        if _sends_password_in_clear(values):
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
    """Return a line for each missing setting that another setting's value makes necessary."""
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


def _sends_password_in_clear(values: Mapping[str, Any]) -> bool:
    plain = str(values.get("mail")).startswith("smtp:") and values.get("mail_starttls") is False
    return plain and bool(values.get("mail_password"))


def _unknown(ini: Mapping[str, str], known: set[str]) -> list[str]:
    names = (key.removeprefix("egovdocs.") for key in ini if key.startswith("egovdocs."))
    return sorted(name for name in names if name.removesuffix("_file") not in known and name not in known)
