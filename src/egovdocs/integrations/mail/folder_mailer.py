"""The embedded default: letters are written to a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from egovdocs.integrations.mail.mail_port import Letter, MailUnavailable, build_email


@dataclass(frozen=True)
class FolderMailer:
    """Writes each letter to ``{id}.eml`` in a folder; a repeated letter replaces its file."""

    folder: Path
    sender: str

    def send(self, letter: Letter) -> None:
        email = build_email(letter, self.sender)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = self.folder / f"{letter.id}.new"
            new.write_bytes(email.as_bytes())
            new.replace(self.folder / f"{letter.id}.eml")
        except OSError as problem:
            raise MailUnavailable(f"the folder: {problem.strerror}") from None
