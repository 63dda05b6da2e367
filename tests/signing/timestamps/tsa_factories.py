"""A time-stamping authority, and requests for it."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import tsp

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TrustStore
from egovdocs.signing.timestamps.tokens import TimestampToken, read_response
from egovdocs.signing.timestamps.tsa import TimestampAuthority

DATA = "Өтініш".encode()


@dataclass(frozen=True)
class TsaWorld:
    """An authority, its time-stamping key, and a store that trusts them."""

    root: Authority
    ca: Authority
    key: IssuedKey
    tsa: TimestampAuthority
    store: TrustStore


def request_for(data: bytes = DATA, **changes: Any) -> tsp.TimeStampReq:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": _sha256(data)}
    fields = {"version": "v1", "message_imprint": imprint, "nonce": 2**70 + 1, "cert_req": True}
    return tsp.TimeStampReq({**fields, **changes})


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def stamp(tsa: TimestampAuthority, data: bytes = DATA) -> TimestampToken:
    return read_response(tsa.respond(request_for(data).dump()))


def openssl(*arguments: str | Path) -> str:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


Answer = Callable[[bytes], tuple[int, str, bytes]]
