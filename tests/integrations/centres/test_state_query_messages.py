"""The messages by which a centre's system queries the state of a request."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.gateway_parties import DOCUMENT, TIME, transmit

from egovdocs.integrations.centres.state_query_messages import (
    RequestState,
    StateQuery,
    build_query,
    build_request,
    build_response,
    parse_query,
    parse_request,
    parse_response,
)
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure


@pytest.mark.parametrize("outcome", [None, DOCUMENT])
@pytest.mark.parametrize("handed_over_at", [None, TIME])
def test_a_state_is_transmitted_unchanged(outcome: bytes | None, handed_over_at: datetime | None) -> None:
    state = RequestState(
        number="2026-000001-16",
        state="issued",
        ru="Выдан",
        kk="Берілді",
        step="",
        deadline=date(2026, 6, 22),
        outcome=outcome,
        handed_over_at=handed_over_at,
    )
    assert parse_response(transmit(build_response(state))) == state


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_query_is_transmitted_unchanged(handed_over: bool) -> None:
    query = StateQuery(centre="131040001006", number="2026-000001-16", handed_over=handed_over)
    document = build_query(query)
    assert parse_request(transmit(build_request(document))) == document
    assert parse_query(document) == query


@pytest.mark.parametrize("content", [b"", b"<a/>", b"<!DOCTYPE a><a/>"])
def test_another_document_is_not_a_query(content: bytes) -> None:
    with pytest.raises(UnexpectedStructure):
        parse_query(content)
