"""A made-up letter."""

from __future__ import annotations

from datetime import UTC, datetime

from egovdocs.integrations.mail.mail_port import Letter

SENDER = "noreply@portal.example"
LETTER = Letter(
    id=1780293600123456789,
    to="ivanova@example.kz",
    subject="Запрос 2026-000001: зарегистрирован",
    text="Здравствуйте!\n\nЗапрос зарегистрирован.\n",
    language="ru",
    written_at=datetime(2026, 6, 1, 5, 0, tzinfo=UTC),
)
