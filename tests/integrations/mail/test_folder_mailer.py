"""Letters written to a folder, and the addresses that letters can have."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integrations.mail.sample_letter import LETTER, SENDER

from egovdocs.integrations.mail.folder_mailer import FolderMailer
from egovdocs.integrations.mail.mail_port import AddressRefused, MailUnavailable, is_address


@pytest.mark.parametrize("text", ["a@b.kz", "a.b+c@d-e.f.kz"])
def test_valid_addresses(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a@b", "@b.kz", "a@", "a@b.kz,c@d.kz", "v,a@b.kz", "<a@b.kz", "a b@c.kz"),
        *(
            "a@b.kz\nBcc: c@d.kz",
            "a@b.kz>",
            "a@.",
            f"{'a' * 250}@b.kz",
            '"@b.kz',
            "a@[b.kz",
            "анна@почта.қаз",
        ),
    ],
)
def test_an_invalid_address_is_refused(tmp_path: Path, text: str) -> None:
    assert not is_address(text)
    with pytest.raises(AddressRefused):
        FolderMailer(tmp_path, SENDER).send(replace(LETTER, to=text))
    assert not list(tmp_path.iterdir())


def test_a_repeated_letter_replaces_its_file(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail", SENDER)
    mailer.send(LETTER)
    mailer.send(LETTER)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == f"{LETTER.id}.eml"
    got = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert got.get_content().splitlines() == LETTER.text.splitlines()


def test_an_unusable_folder_makes_mail_unavailable(tmp_path: Path) -> None:
    (tmp_path / "mail").touch()
    with pytest.raises(MailUnavailable):
        FolderMailer(tmp_path / "mail", SENDER).send(LETTER)
