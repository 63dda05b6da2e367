"""``egovdocs trust status``: how fresh the revocation data of a trust store are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from egovdocs.cli.trust.ask_responder import describe_answer
from egovdocs.cli.trust.store_folder import (
    NOT_ALL_IN_ORDER,
    describe_freshness,
    format_name,
    is_fresh,
    load_store,
    store_option,
)
from egovdocs.signing.trust.crls import RevocationList, continues

_StoredList = tuple[Path, RevocationList]


@click.command()
@store_option
@click.pass_context
def status(context: click.Context, store: Path) -> None:
    """Show how fresh the newest revocation list of each authority and kind (complete, delta, partial) is,
    and what each stored OCSP response says.

    Exit code 0: all lists are fresh; 1: one is stale without a fresh delta to it, or can't be read, or an
    authority that is an anchor has none. OCSP responses may be stale: each is about one certificate at one
    time.
    """
    now = datetime.now(UTC)
    opened = load_store(sorted(store.glob("anchors/*.pem")))
    in_order = True
    newest = _newest_lists(store)
    for path, each in newest:
        remark, good = _judge(each, newest, now)
        in_order = in_order and good
        issuer = format_name(each.crl.issuer)
        click.echo(f"{path.name}: {describe_freshness(each.crl, now)}{remark} ({issuer})")
    issuers = {each.crl.issuer for _path, each in newest}
    for anchor in opened.anchors:
        if anchor not in opened.end_entity_anchors and anchor.subject not in issuers:
            in_order = False
            click.echo(f"MISSING: a list by {format_name(anchor.subject)}")
    for path in sorted([*store.glob("ocsp/*.ocsp"), *store.glob("ocsp/*.der")]):
        for answer in load_store([], [], [path]).ocsps[0].single_responses:
            click.echo(f"{path.name}: {describe_answer(answer, now)}")
    context.exit(0 if in_order else NOT_ALL_IN_ORDER)


def _newest_lists(store: Path) -> list[_StoredList]:
    newest: dict[object, _StoredList] = {}
    for path in sorted(store.glob("crls/*.crl")):
        for each in load_store([], [path]).revocation_data.crls:
            series = each.series, each.base is None
            if series not in newest or each.this_update > newest[series][1].this_update:
                newest[series] = (path, each)
    return list(newest.values())


def _judge(each: RevocationList, stored: Sequence[_StoredList], now: datetime) -> tuple[str, bool]:
    """Return a remark on a list, and whether it is in order."""
    remark, in_order = "", True
    deltas = [path for path, other in stored if continues(other, each) and is_fresh(other.crl, now)]
    if deltas:
        remark = f", continued by {deltas[0].name}"
    elif not is_fresh(each.crl, now):
        in_order = False
    if each.base is not None and not any(continues(each, other) for _path, other in stored):
        remark = f", DELTA to a list that is not stored, number {each.base} or later"
        in_order = False
    return remark, in_order
