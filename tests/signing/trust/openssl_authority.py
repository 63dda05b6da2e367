"""A certification authority run by OpenSSL: its lists and OCSP responses."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from egovdocs.sandbox.authority import Authority, IssuedKey

CONFIGURATION = """
[ca]
default_ca = it
[it]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 1
[extensions]
authorityKeyIdentifier = keyid
{extensions}
[scope]
{scope}
"""


class OpensslAuthority:
    """An authority whose lists and responses come from ``openssl ca`` and ``openssl ocsp``."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self.authority, self.folder = authority, folder
        folder.mkdir()
        (folder / "crlnumber").write_text("1000\n")
        (folder / "index.txt").write_text("")
        (folder / "index.txt.attr").write_text("unique_subject = no\n")
        self._write_key("ca", IssuedKey(authority.key, authority.certificate, ()))

    def _write_key(self, name: str, key: IssuedKey) -> None:
        pem = key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / f"{name}.key").write_bytes(pem)
        (self.folder / f"{name}.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))

    def register(self, *certificates: x509.Certificate, revoked: Mapping[int, tuple[datetime, str]]) -> None:
        """Write its register of issued certificates, and of those revoked with time and reason."""
        lines = []
        for each in certificates:
            number = f"{each.serial_number:X}"
            number = number.zfill(len(number) + len(number) % 2)
            ended = f"{each.not_valid_after_utc:%y%m%d%H%M%SZ}"
            when = ""
            if each.serial_number in revoked:
                moment, reason = revoked[each.serial_number]
                when = f"{moment:%y%m%d%H%M%SZ},{reason}"
            lines.append(f"{'R' if when else 'V'}\t{ended}\t{when}\t{number}\tunknown\t/CN=x\n")
        (self.folder / "index.txt").write_text("".join(lines))

    def crl(self, *options: str, extensions: str = "", scope: str = "", hours: int = 1) -> bytes:
        text = CONFIGURATION.format(extensions=extensions, scope=scope)
        (self.folder / "ca.cnf").write_text(text)
        self.run(
            "ca",
            "-gencrl",
            "-config",
            "ca.cnf",
            "-keyfile",
            "ca.key",
            "-cert",
            "ca.pem",
            "-crlexts",
            "extensions",
            "-crlhours",
            str(hours),
            "-out",
            "list.pem",
            *options,
        )
        crl = x509.load_pem_x509_crl((self.folder / "list.pem").read_bytes())
        return crl.public_bytes(Encoding.DER)

    def ocsp(self, request: bytes, *options: str, responder: IssuedKey | None = None) -> bytes:
        self._write_key(
            "responder", responder or IssuedKey(self.authority.key, self.authority.certificate, ())
        )
        (self.folder / "request").write_bytes(request)
        self.run(
            "ocsp",
            "-index",
            "index.txt",
            "-CA",
            "ca.pem",
            "-rsigner",
            "responder.pem",
            "-rkey",
            "responder.key",
            "-reqin",
            "request",
            "-respout",
            "response",
            *(options or ("-nmin", "60")),
        )
        return (self.folder / "response").read_bytes()

    def run(self, *arguments: str) -> str:
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr
