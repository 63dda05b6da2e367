"""A process killed right after an acknowledged step has lost nothing of it."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from egovdocs.content import CaseState, Site, open_database
from egovdocs.content.storage.file_backend import BLOBS

SCAN = b"%PDF-1.7 " + bytes(range(256)) * 1000  # above 64 KB: a blob
STEPS = ["opened", "attached", "paid", "submitted", "issued"]

# The life of a case; each step is printed once it is committed.
LIFE = """
import sys, time
from datetime import UTC, date, datetime
from decimal import Decimal
import transaction
from egovdocs.content import (Case, CaseState, JournalEntry, Licence, Payment, Site, bootstrap, exclusive,
                              next_number, open_database)

folder, scan = sys.argv[1:]
now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
manager = transaction.TransactionManager(explicit=True)
database = open_database(f"file://{folder}")
connection = database.open(manager)
manager.begin()
site = bootstrap(connection.root())

def acknowledge(step):
    case.journal.append(JournalEntry(step=step, unit="applicant", actor="a", started=now, ended=now))
    site.outbox.put("notice", step=step)
    manager.commit()
    manager.begin()
    print(step, flush=True)

manager.commit()
manager.begin()
exclusive(site)
case = site.cases.add(Case(service="s", edition="2013-01-03", action="issue", channel="portal",
                              provider="p", applicant="a", account="a", created_at=now, reference="case"))
acknowledge("opened")
case.attach("scan", "scan.pdf", open(scan, "rb").read(), "application/pdf", now)
acknowledge("attached")
case.payment = Payment(reference="r", amount=Decimal(39320), currency="KZT", started_at=now, paid_at=now)
case.state = CaseState.PAID
site.cases.reindex(case)
acknowledge("paid")
exclusive(site)
case.number = f"2026-{next_number(site, 'requests'):06d}"
case.state, case.deadline = CaseState.REGISTERED, date(2026, 3, 25)
case.documents.add("request", "request.xml", b"<request/>" * 20000, now)
site.cases.reindex(case)
site.idempotency["key"] = case.number
acknowledge("submitted")
exclusive(site)
case.state, case.closed_at = CaseState.ISSUED, now
case.documents.add("outcome", "licence.xml", b"<licence/>", now)
site.licences.add(Licence(number="KZ29LAM00002781", service="s", edition="2013-01-03",
                             provider="p", holder="a", holder_name="A", issued_on=now.date(), case="case"))
site.cases.reindex(case)
acknowledge("issued")
print("more", flush=True)
while True:  # killed in the middle of a commit
    case.values["page"] = {"time": time.time_ns()}
    manager.commit()
    manager.begin()
"""


def live_until(step: str, folder: Path, scan: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LIFE, str(folder), str(scan)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            if line.strip() == step:
                process.kill()
                break
        assert process.wait() == -signal.SIGKILL


def check(site: Site, done: list[str]) -> None:
    case: Any = site.cases["case"]
    steps = [entry.step for entry in case.journal]
    assert steps[: len(done)] == done, "nothing that was acknowledged is lost"
    assert steps == list(STEPS[: len(steps)]), "and what came before the process was killed is in order"
    assert len(site.outbox) == len(steps)
    assert site.cases.differences() == []
    if "attached" in steps:
        assert case.attachments[0].data == SCAN
        assert case.attachments[0].sha256 == hashlib.sha256(SCAN).hexdigest()
    if "paid" in steps:
        assert site.cases.by_payment("r") is case
    if "submitted" in steps:
        assert site.cases.by_number("2026-000001") is case
        assert site.idempotency["key"] == "2026-000001"
        assert case.documents["request"].data == b"<request/>" * 20000
    if "issued" in steps:
        assert case.state is CaseState.ISSUED
        assert list(site.cases.queue("p")) == []
        assert site.licences["KZ29LAM00002781"].case == "case"
    elif "submitted" in steps:
        assert list(site.cases.queue("p")) == [case]


@pytest.mark.parametrize("step", [*STEPS, "more"])
def test_killed_right_after(step: str, folder: Path, tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(SCAN)
    live_until(step, folder, scan)

    database = open_database(f"file://{folder}")
    try:
        with database.transaction() as connection:
            done = STEPS if step == "more" else STEPS[: STEPS.index(step) + 1]
            check(connection.root()["site"], done)
    finally:
        database.close()
    assert (folder / BLOBS).is_dir()
