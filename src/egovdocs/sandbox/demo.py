"""``egovdocs demo``: two requests from registration to the archive, over real HTTP."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import TypeVar
from zipfile import ZipFile

import click
from lxml import etree

from egovdocs.sandbox import scenario as walk
from egovdocs.sandbox.demo_all import Tour
from egovdocs.sandbox.http_visitor import Page, Unexpected, Visitor
from egovdocs.sandbox.running_site import RunningSite
from egovdocs.signing import TrustStore, ValidationPolicy, validate

T = TypeVar("T")
LICENCE = "{urn:egovdocs:licence:1}"


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the documents go; what an earlier demo left there is replaced.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Then a case through each procedure with each action, and orders on a licence; in folders of DIR.",
)
def demo(out: Path, everything: bool) -> None:
    """Carry a licence request from registration to verification and a second one to refusal.

    A fresh site is made in a temporary folder and served by a process of its own. The signed documents, the
    licence's PDF, the archive's bag and the trust store they verify with are written to DIR.
    """
    steps = Steps()
    try:
        with tempfile.TemporaryDirectory() as folder:
            site = RunningSite(Path(folder))
            steps("start", "A fresh demo site is served", site.start)
            try:
                documents = carry(site, steps)
                if everything:
                    documents |= Tour(site, steps).go()
            except Unexpected:
                click.echo(site.log.read_text("utf-8")[-3000:], err=True)
                raise
            finally:
                site.stop()
            _write(out, documents, Path(folder) / "demo")
            signed = [name for name in documents if name.endswith(".xml")]
            steps(
                "check", "Every document verifies with the trust store beside it", lambda: _check(out, signed)
            )
    except (Unexpected, RuntimeError) as problem:
        click.echo(f"The demo stopped: {problem}", err=True)
    finally:
        steps.print()
    if steps.failed:
        sys.exit(1)


class Steps:
    """Does the steps, tells each as it goes, and times it."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, float, bool]] = []

    def __call__(self, number: str, what: str, do: Callable[[], T]) -> T:
        click.echo(f"{number:12} {what} …", err=True)
        start = time.perf_counter()
        done = False
        try:
            result = do()
            done = True
        finally:
            self.rows.append((number, what, time.perf_counter() - start, done))
        return result

    @property
    def failed(self) -> bool:
        return not all(done for *_rest, done in self.rows)

    def print(self) -> None:
        """The table of the steps with their times."""
        width = max(len(what) for _number, what, *_rest in self.rows)
        click.echo(f"{'step':12} {'what happened':{width}} {'seconds':>8}")
        for number, what, seconds, done in self.rows:
            click.echo(f"{number:12} {what:{width}} {seconds:8.2f}  {'done' if done else 'FAILED'}")


def carry(site: RunningSite, steps: Steps) -> dict[str, bytes]:
    """Carry one request to its licence and one to its refusal; return the documents by file name."""
    applicant, officer, signatory = Visitor(site.url), Visitor(site.url), Visitor(site.url)
    key, official = walk.key(site.keys, "applicant"), walk.key(site.keys, "signatory")
    steps("registration", "The applicant registers with a certificate", lambda: walk.register(applicant, key))
    applicant = Visitor(site.url)
    steps("P1 C1", "The applicant logs in", lambda: walk.log_in(applicant, walk.holder_of(key)))
    for visitor, login in ((officer, "officer"), (signatory, "signatory")):
        steps("P1 C1", f"The {login} logs in", lambda v=visitor, name=login: walk.log_in(v, name))  # type: ignore[misc]

    def ask() -> Page:
        check = steps("P3", "The form is filled in, documents are attached", lambda: walk.fill(applicant))
        steps("P4 C2", "The fee is paid at the bank's page", lambda: walk.pay(applicant, check))
        return steps(
            "P6 C3 P8 P9",
            "The request is signed and registered",
            lambda: walk.sign_request(applicant, check, key),
        )

    case = ask()
    request = applicant.open(case.link("/request.xml")).body
    receipt = applicant.open(case.link("/receipt.xml")).body
    number = etree.fromstring(receipt).findtext("{urn:egovdocs:receipt:1}number") or ""
    granted = steps("C4", "The officer reviews and grants", lambda: walk.review(officer, number))
    steps("P11", "The signatory signs the licence", lambda: walk.sign_outcome(signatory, granted, official))
    case = applicant.open(case.url)
    licence = applicant.open(case.link("/outcome.xml")).body
    pdf = applicant.open(case.link("/outcome.pdf")).body
    steps(
        "verify", "Anybody verifies the licence", lambda: walk.verify(Visitor(site.url), "licence.pdf", pdf)
    )

    augmented = steps(
        "evidence", "The licence gets its time-stamp", lambda: walk.augmented(applicant, case, "outcome")
    )

    second = ask()
    second_receipt = applicant.open(second.link("/receipt.xml")).body
    second_number = etree.fromstring(second_receipt).findtext("{urn:egovdocs:receipt:1}number") or ""
    refusing = steps(
        "C4", "The officer finds a requirement not met", lambda: walk.review(officer, second_number, False)
    )
    decided = steps("P10", "The officer refuses with a coded ground", lambda: walk.refuse(officer, refusing))
    steps("P10", "The signatory signs the refusal", lambda: walk.sign_outcome(signatory, decided, official))
    second = applicant.open(second.url)
    refusal = applicant.open(second.link("/refusal.xml")).body

    archivist = Visitor(site.url)
    steps("P1 C1", "The archivist logs in", lambda: walk.log_in(archivist, "archivist"))
    bags = steps(
        "archive", "The archivist exports the licence's case", lambda: walk.export(archivist, number)
    )
    return {
        "request.xml": request,
        "receipt.xml": receipt,
        "licence.xml": licence,
        "licence-augmented.xml": augmented,
        "licence.pdf": pdf,
        "refusal.xml": refusal,
        "bags.zip": bags,
    }


def _write(out: Path, documents: dict[str, bytes], demo_folder: Path) -> None:
    """Replace what an earlier demo left, and nothing else."""
    out.mkdir(parents=True, exist_ok=True)
    for folder in {"bag", "trust", *(name.partition("/")[0] for name in documents if "/" in name)}:
        shutil.rmtree(out / folder, ignore_errors=True)
    with ZipFile(BytesIO(documents.pop("bags.zip"))) as bags:
        (top,) = {name.partition("/")[0] for name in bags.namelist()}
        with tempfile.TemporaryDirectory(dir=out) as unpacked:
            bags.extractall(unpacked)
            (Path(unpacked) / top).rename(out / "bag")
    for name, data in documents.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(data)
    trust = out / "trust"
    trust.mkdir()
    store = demo_folder.parent / "trust"
    anchors = sorted((store / "anchors").glob("*.pem"))
    (trust / "anchors.pem").write_bytes(b"".join(anchor.read_bytes() for anchor in anchors))
    for crl in sorted((store / "crls").glob("*.crl")):
        shutil.copy(crl, trust / crl.name)


def _check(out: Path, signed: Iterable[str]) -> None:
    trust = TrustStore.load(
        anchors=[out / "trust" / "anchors.pem"], crls=sorted((out / "trust").glob("*.crl"))
    )
    for name in signed:
        report = validate((out / name).read_bytes(), ValidationPolicy(trust=trust))
        if report.content is None:
            raise click.ClickException(f"{name} does not verify:\n{report.text('en')}")
