"""``egovdocs demo``: two requests from registration to the archive, over HTTP."""

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

from egovdocs.sandbox import scenario
from egovdocs.sandbox.all_procedures import AllProcedures
from egovdocs.sandbox.http_visitor import UnexpectedResponse, Visitor, WebPage
from egovdocs.sandbox.running_site import RunningSite
from egovdocs.signing import TrustStore, ValidationPolicy, validate

T = TypeVar("T")


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the documents; those of an earlier demo are replaced.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also run each procedure with each action, and orders on a licence; in subfolders.",
)
def demo(out: Path, everything: bool) -> None:
    """Carry a licence request from registration to verification and a second one to refusal.

    A new site is created in a temporary folder and served by a process of its own. The signed documents, the
    licence's PDF, the archive package and the trust store to verify them with are written to the folder.
    """
    steps = Steps()
    try:
        with tempfile.TemporaryDirectory() as folder:
            site = RunningSite(Path(folder))
            steps("start", "A new demo site is served", site.start)
            try:
                documents = run_two_cases(site, steps)
                if everything:
                    documents |= AllProcedures(site, steps).run()
            except UnexpectedResponse:
                click.echo(site.log.read_text("utf-8")[-3000:], err=True)
                raise
            finally:
                site.stop()
            _write(out, documents, Path(folder) / "trust")
            signed = [name for name in documents if name.endswith(".xml")]
            steps("check", "Every document verifies with the trust store", lambda: _check(out, signed))
    except (UnexpectedResponse, RuntimeError) as problem:
        click.echo(f"The demo stopped: {problem}", err=True)
    finally:
        steps.print()
    if steps.failed:
        sys.exit(1)


class Steps:
    """Runs the steps of the demo, reports each and measures its time."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, float, bool]] = []

    def __call__(self, number: str, description: str, run: Callable[[], T]) -> T:
        """Run a step and return its result.

        :param number: the numbers of the regulation's steps, or a word.
        """
        click.echo(f"{number:12} {description} …", err=True)
        start = time.perf_counter()
        done = False
        try:
            result = run()
            done = True
        finally:
            self.rows.append((number, description, time.perf_counter() - start, done))
        return result

    @property
    def failed(self) -> bool:
        return not all(done for *_rest, done in self.rows)

    def print(self) -> None:
        """Print the table of the steps with their times."""
        width = max(len(description) for _number, description, *_rest in self.rows)
        click.echo(f"{'step':12} {'what happened':{width}} {'seconds':>8}")
        for number, description, seconds, done in self.rows:
            click.echo(f"{number:12} {description:{width}} {seconds:8.2f}  {'done' if done else 'FAILED'}")


def run_two_cases(site: RunningSite, steps: Steps) -> dict[str, bytes]:
    """Grant one request and refuse another; return the documents by file name."""
    applicant, officer, signatory = Visitor(site.url), Visitor(site.url), Visitor(site.url)
    key = scenario.load_key(site.keys, "applicant")
    signatory_key = scenario.load_key(site.keys, "signatory")
    steps(
        "registration",
        "The applicant registers with a certificate",
        lambda: scenario.register_applicant(applicant, key),
    )
    applicant = Visitor(site.url)
    steps("P1 C1", "The applicant logs in", lambda: scenario.log_in(applicant, scenario.login_of(key)))
    steps("P1 C1", "The officer logs in", lambda: scenario.log_in(officer, "officer"))
    steps("P1 C1", "The signatory logs in", lambda: scenario.log_in(signatory, "signatory"))

    def submit() -> tuple[WebPage, bytes, str]:
        """Submit a request; return the page of its case, its receipt and its number."""
        check = steps(
            "P3",
            "The form is filled in, documents are attached",
            lambda: scenario.fill_request(applicant),
        )
        steps("P4 C2", "The fee is paid at the bank's page", lambda: scenario.pay_fee(applicant, check))
        case = steps(
            "P6 C3 P8 P9",
            "The request is signed and registered",
            lambda: scenario.sign_request(applicant, check, key),
        )
        receipt = applicant.open(case.link("/receipt.xml")).body
        number = etree.fromstring(receipt).findtext("{urn:egovdocs:receipt:1}number") or ""
        return case, receipt, number

    case, receipt, number = submit()
    request = applicant.open(case.link("/request.xml")).body
    granted = steps("C4", "The officer reviews and grants", lambda: scenario.review_case(officer, number))
    steps(
        "P11",
        "The signatory signs the licence",
        lambda: scenario.sign_outcome(signatory, granted, signatory_key),
    )
    case = applicant.open(case.url)
    licence = applicant.open(case.link("/outcome.xml")).body
    pdf = applicant.open(case.link("/outcome.pdf")).body
    steps(
        "verify",
        "A visitor without an account verifies the licence",
        lambda: scenario.verify_document(Visitor(site.url), "licence.pdf", pdf),
    )
    augmented = steps(
        "evidence",
        "The licence gets its time-stamp",
        lambda: scenario.download_augmented(applicant, case, "outcome"),
    )

    second, _receipt, second_number = submit()
    refusing = steps(
        "C4",
        "The officer finds a requirement not met",
        lambda: scenario.review_case(officer, second_number, met=False),
    )
    decided = steps(
        "P10", "The officer refuses with a coded ground", lambda: scenario.refuse_case(officer, refusing)
    )
    steps(
        "P10",
        "The signatory signs the refusal",
        lambda: scenario.sign_outcome(signatory, decided, signatory_key),
    )
    second = applicant.open(second.url)
    refusal = applicant.open(second.link("/refusal.xml")).body

    archivist = Visitor(site.url)
    steps("P1 C1", "The archivist logs in", lambda: scenario.log_in(archivist, "archivist"))
    bags = steps(
        "archive",
        "The archivist exports the licence's case",
        lambda: scenario.export_case(archivist, number),
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


def _write(out: Path, documents: dict[str, bytes], store: Path) -> None:
    """Write documents, unpacked package and trust store; replace those of an earlier demo only."""
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
    anchors = sorted((store / "anchors").glob("*.pem"))
    (trust / "anchors.pem").write_bytes(b"".join(anchor.read_bytes() for anchor in anchors))
    for crl in sorted((store / "crls").glob("*.crl")):
        shutil.copy(crl, trust / crl.name)


def _check(out: Path, signed: Iterable[str]) -> None:
    """:raises click.ClickException: a document does not verify."""
    trust = TrustStore.load(
        anchors=[out / "trust" / "anchors.pem"], crls=sorted((out / "trust").glob("*.crl"))
    )
    for name in signed:
        report = validate((out / name).read_bytes(), ValidationPolicy(trust=trust))
        if report.content is None:
            raise click.ClickException(f"{name} does not verify:\n{report.text('en')}")
