"""Parsers of the values of settings: each takes a setting's text and returns its value.

Each raises ValueError with the form that is expected.
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("an address starting with http:// or https:// is expected")
    return value


def base_url(value: str) -> str:
    return web_address(value).rstrip("/")


def database_address(value: str) -> str:
    if not value.startswith(("file://", "postgresql://")):
        raise ValueError("file://FOLDER or postgresql://… is expected")
    return value


def boolean(value: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if value.lower() not in known:
        raise ValueError("true or false is expected")
    return known[value.lower()]


def embedded_or_gateway(value: str) -> str:
    if value not in ("embedded", "gateway"):
        raise ValueError("embedded or gateway is expected")
    return value


def origin(value: str) -> str:
    parts = urlsplit(base_url(value))
    _ = parts.port  # raises ValueError when it is not a number
    if not parts.hostname or f"{parts.scheme}://{parts.netloc}" != base_url(value) or "@" in parts.netloc:
        raise ValueError("scheme, host and port are expected, such as https://pay.example")
    if not re.fullmatch(r"[a-z0-9.:\[\]-]+", parts.netloc):
        raise ValueError("a host in lower case and ASCII is expected")
    return base_url(value)


def mail_address(value: str) -> str:
    parts = urlsplit(value)
    folder = parts.scheme == "file" and (parts.netloc or parts.path)
    server = parts.scheme in ("smtp", "smtps") and parts.hostname and not parts.path
    if not (folder or server):
        raise ValueError("file://FOLDER, smtp://[USER@]HOST[:PORT] or smtps://… is expected")
    if parts.password is not None:
        raise ValueError("the password belongs in egovdocs.mail_password")
    _ = parts.port  # raises ValueError when it is not a number
    return value


def email_address(value: str) -> str:
    if value.count("@") != 1 or not value.isascii() or not value.isprintable():
        raise ValueError("an e-mail address is expected")
    return value


def seconds(value: str) -> float:
    seconds = float(value)
    if not 0 < seconds <= 90:
        raise ValueError("seconds from 0 to 90 are expected")
    return seconds


def object_identifier(value: str) -> str:
    if value and not re.fullmatch(r"[0-2](\.(0|[1-9]\d*))+", value):
        raise ValueError("an object identifier such as 1.2.398.3.3.2.6.1 is expected")
    return value


def secret_text(value: str) -> str:
    if len(value) < 32:
        raise ValueError("at least 32 characters are expected")
    return value


def time_zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("a time zone such as Asia/Aqtau is expected") from None


def working_hours(value: str) -> tuple[time, time]:
    start, _, end = value.partition("-")
    hours = time.fromisoformat(start.strip()), time.fromisoformat(end.strip())
    if hours[0] >= hours[1]:
        raise ValueError("hours such as 09:00-18:30 are expected")
    return hours


def dated_values(value: str) -> dict[date, str]:
    """Parse lines of ``YYYY-MM-DD = value``."""
    rows = {}
    for line in value.splitlines():
        if not line.strip():
            continue
        day, equals, what = line.partition("=")
        if not equals:
            raise ValueError(f"a line such as 2026-01-01 = value is expected, not {line.strip()!r}")
        rows[date.fromisoformat(day.strip())] = what.strip()
    return rows


def dated_amounts(value: str) -> dict[date, Decimal]:
    try:
        return {day: Decimal(amount) for day, amount in dated_values(value).items()}
    except InvalidOperation:
        raise ValueError("amounts such as 2025-01-01 = 3932 are expected") from None


def dated_days(value: str) -> dict[date, bool]:
    days = dated_values(value)
    if set(days.values()) - {"working", "off"}:
        raise ValueError("each day is 'working' or 'off'")
    return {day: what == "working" for day, what in days.items()}
