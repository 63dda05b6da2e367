"""The client of a time-stamp service."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from asn1crypto import tsp
from tests.signing.timestamps.tsa_factories import DATA, Answer, TsaWorld, request_for

from egovdocs.signing.errors import BadTimestamp, TimestampUnavailable
from egovdocs.signing.timestamps.timestamper import TimestampService
from egovdocs.signing.timestamps.tokens import TimestampToken
from egovdocs.signing.timestamps.tsa import REPLY


def test_responses_of_a_service(ec_tsa: TsaWorld, serve_answers: Callable[[Answer], str]) -> None:
    def asked(answer: Answer, **options: Any) -> TimestampToken:
        return TimestampService(serve_answers(answer), **options).stamp(DATA)

    old = ec_tsa.tsa.respond(request_for().dump())
    good = asked(lambda request: (200, f"{REPLY}; charset=binary", ec_tsa.tsa.respond(request)))
    assert good.covers(DATA)
    with pytest.raises(BadTimestamp, match="another request"):
        asked(lambda request: (200, REPLY, old))
    with pytest.raises(BadTimestamp, match="something else"):
        asked(lambda request: (200, REPLY, _other_response(ec_tsa, request, DATA + b"!")))
    with pytest.raises(BadTimestamp, match=r"policy 2\.999\.3161"):
        asked(lambda request: (200, REPLY, ec_tsa.tsa.respond(request)), policy="1.2.3")
    with pytest.raises(TimestampUnavailable, match="cannot be read"):
        asked(lambda request: (200, REPLY, b"no answer"))
    with pytest.raises(TimestampUnavailable, match="too long"):
        asked(lambda request: (200, REPLY, b"0" * 100_000))
    with pytest.raises(TimestampUnavailable, match="status 200"):
        asked(lambda request: (200, "text/html", ec_tsa.tsa.respond(request)))
    for status in (302, 404, 500):
        with pytest.raises(TimestampUnavailable, match=f"status {status}"):
            asked(lambda request, status=status: (status, REPLY, ec_tsa.tsa.respond(request)))  # type: ignore[misc]
    waiting = threading.Event()
    with pytest.raises(TimestampUnavailable, match="did not answer"):
        asked(lambda request: (200, REPLY, bytes(waiting.wait(5))), timeout=0.2)
    waiting.set()
    with pytest.raises(TimestampUnavailable, match="did not answer"):
        TimestampService("http://127.0.0.1:9/").stamp(DATA)


def _other_response(ec_tsa: TsaWorld, request: bytes, data: bytes) -> bytes:
    nonce = tsp.TimeStampReq.load(request)["nonce"].native
    return ec_tsa.tsa.respond(request_for(data, nonce=nonce).dump())
