"""Make the database of this version, to be kept: ``site.tar.xz`` and ``manifest.json``.

Run ``python -m tests.databases.make tests/databases/VERSION`` before a release whose schema is new. The
manifest says what this version says of the site; the tests compare later versions with it. Everybody in the
site is made up.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html
from pyramid.paster import get_appsettings
from tests.databases.site_life import OFFLINE, SiteLife

from egovdocs.app.open_office import calendar_of, open_office
from egovdocs.casework.evidence.take_evidence import validate_again
from egovdocs.casework.office import Office
from egovdocs.casework.statistics.count_case import count_differences
from egovdocs.content import CaseState, Site, open_database, place_of, site_in
from egovdocs.content.evolve.steps import SCHEMA_VERSION
from egovdocs.sandbox.http_visitor import UnexpectedResponse, Visitor
from egovdocs.sandbox.running_site import INI, RunningSite, free_port
from egovdocs.sandbox.scenario import log_in
from egovdocs.settings import Settings

PORT = 6543
KEPT = ("site", "keys", "trust", "demo", "site.ini")
LEFT_OUT = {"data.fs.lock", "data.fs.tmp", "data.fs.index", "tmp", ".lock"}

LOGINS = {
    "anonymous": None,
    "applicant": "910203450036",
    "clinic": "120540000567",
    "officer": "officer",
    "substitute": "officer2",
    "signatory": "signatory",
    "registrar": "registrar",
    "physician": "physician",
    "operator": "operator",
    "archivist": "archivist",
}
STARTS = (
    "/",
    "/account",
    "/account?show=all",
    "/settings",
    "/login",
    "/register",
    "/verify",
    "/questionnaire",
    "/licences",
    "/licences.json",
    "/licences.csv",
    "/licences.excel.csv",
    "/indicators",
    "/indicators.csv",
    "/indicators.excel.csv",
    "/services/medical-licence",
    "/services/clinic-attachment",
    "/provider",
    *(f"/provider?show={name}" for name in ("all", "mine", "free", "review", "sign")),
    "/provider/licences",
    "/provider/leave",
    "/provider/to-sign",
    "/provider/to-sign?all=1",
    "/provider/visitors",
    "/provider/visitors/new",
    "/centre",
    "/centre/new",
    "/archive",
)


def main(target: Path) -> None:
    """Make the two files.

    :param target: the folder for them; its name is the version.
    """
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "made"
        SiteLife(folder).run()
        ini = INI.format(folder="%(here)s", port=PORT, secret=secret_of(folder), more=OFFLINE)
        (folder / "site.ini").write_text(ini.replace("egovdocs.mail = file://%(here)s/mail\n", ""))
        archive = target / "site.tar.xz"
        pack(folder, archive)
        manifest = {"version": target.name, **describe(folder)}
        starts = [f"/signings/{token}" for token in manifest["signings"]]
        starts += [f"/verify/{licence['number']}" for licence in manifest["licences"]]
        manifest["pages"] = walk_pages(archive, Path(name) / "walked", starts)
    (target / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def commit() -> str:
    """Return the commit of the code."""
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(
        command, cwd=Path(__file__).parent, capture_output=True, check=True, text=True
    ).stdout.strip()


def secret_of(folder: Path) -> str:
    """Return the password of the site's keys, which is in the ini file."""
    return str(get_appsettings(str(folder / "site.ini"))["egovdocs.seal_password"])


def pack(folder: Path, archive: Path) -> None:
    """Pack the files that are needed to open and serve the site, without times and owners."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        if Path(entry.name).name in LEFT_OUT:
            return None
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
        return entry

    with tarfile.open(archive, "w:xz", preset=9) as packed:
        for name in KEPT:
            packed.add(folder / name, name, filter=plain)


def describe(folder: Path) -> dict[str, Any]:
    """Describe each case, licence and document of the site, as this version sees them at one moment."""
    settings = Settings.read(get_appsettings(str(folder / "site.ini")))
    office = open_office(settings)
    moment = datetime.now(UTC).replace(microsecond=0)
    object.__setattr__(office, "clock", lambda: moment)
    with closing(open_database(settings.database)) as database, site_in(database) as site:
        check_site(site)
        return {
            "commit": commit(),
            "schema_version": SCHEMA_VERSION,
            "python": sys.version.split()[0],
            "moment": moment.isoformat(),
            "index_differences": [*site.index_differences(), *count_differences(calendar_of(settings), site)],
            "outbox": dict(sorted(Counter(each.kind for each in messages(site)).items())),
            "cases": [
                {
                    "reference": case.reference,
                    "service": case.service,
                    "action": case.action,
                    "channel": case.channel,
                    "state": case.state.value,
                    "number": case.number,
                    "deadline": case.deadline and case.deadline.isoformat(),
                    "journal": [f"{entry.step} {entry.event or ''}".strip() for entry in case.journal],
                }
                for case in site.cases.values()
            ],
            "licences": [
                {
                    "number": licence.number,
                    "holder": licence.holder,
                    "state": licence.state_on(office.today()).value,
                    "events": [f"{event.change.value} {event.on}" for event in licence.events],
                }
                for licence in site.licences.values()
            ],
            "signings": list(site.signings._items),
            "documents": list(documents(office, site)),
            "attachments": [
                {"case": case.reference, "name": each.name, "sha256": sha256(each.data).hexdigest()}
                for case in site.cases.values()
                for each in case.attachments
            ],
        }


def documents(office: Office, site: Site) -> Iterator[dict[str, Any]]:
    """Describe each document, with its verdict."""
    for document in site.documents():
        report = validate_again(office, document)
        first = report.signatures[0] if report.signatures else None
        yield {
            "place": list(place_of(document)),
            "sha256": sha256(document.data).hexdigest(),
            "size": len(document.data),
            "indication": report.indication.value,
            "sub_indication": report.sub_indication and report.sub_indication.value,
            "passed": report.passed,
            "proven": bool(first and first.proven_time),
            "evidence": document.evidence is not None,
        }


def messages(site: Site) -> Iterator[Any]:
    """Return the messages of the outbox."""
    return iter(site.outbox._due.values(min=1))


def check_site(site: Site) -> None:
    """Check that the site has at least one of everything that a database may contain."""
    cases, licences = list(site.cases.values()), list(site.licences.values())
    assert {case.state for case in cases} == set(CaseState)
    assert {document.evidence is None for document in site.documents()} == {True, False}
    assert any(each.stored._blob is not None for case in cases for each in case.attachments)
    assert any(licence.pending for licence in licences)
    assert any(licence.events[-1].on > datetime.now(UTC).date() for licence in licences)
    assert any(case.questioned for case in cases)
    assert any(case.papers for case in cases)
    assert any(remark.answered_at is None for case in cases for remark in case.remarks)
    assert any(remark.answered_at for case in cases for remark in case.remarks)
    assert any(account.leave for account in site.accounts.values())
    kinds = {message.kind for message in messages(site)}
    assert {"evidence", "sending", "payment-follow-up"} < kinds, kinds
    batches = [each for each in site.signings._items.values() if hasattr(each, "signings")]
    assert len(batches) == 1
    done = [token in site.idempotency for token in batches[0].signings]
    assert set(done) == {True, False}


def walk_pages(archive: Path, folder: Path, more: Sequence[str]) -> dict[str, list[str]]:
    """Return the paths that answer 200, by role; for roles other than anonymous, those that need a log-in."""
    folder.mkdir()
    with tarfile.open(archive) as packed:
        # By the attribute, because Debian 12's Python 3.11.2 has no filters (PEP 706).
        packed.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        packed.extractall(folder)
    ini = folder / "site.ini"
    ini.write_text(ini.read_text().replace(f":{PORT}", f":{free_port()}"))
    pages: dict[str, list[str]] = {}
    with RunningSite(folder) as site:
        for role, login in LOGINS.items():
            visitor = Visitor(site.url)
            if login is not None:
                log_in(visitor, login)
            found = set(crawl(visitor, [*STARTS, *more]))
            pages[role] = sorted(found - set(pages.get("anonymous", ())))
            print(role, len(pages[role]))
    shutil.rmtree(folder)
    return pages


def crawl(visitor: Visitor, starts: Sequence[str]) -> Iterator[str]:
    """Follow every link of the site from the starting pages; yield the paths that answer 200."""
    seen, waiting = set(starts), deque(starts)
    while waiting:
        address = waiting.popleft()
        answer = visitor.http.get(visitor.site + address, timeout=60, allow_redirects=False)
        if answer.status_code >= 500:
            raise UnexpectedResponse(f"{address} answered {answer.status_code}")
        targets = [answer.headers["Location"]] if "Location" in answer.headers else []
        if answer.status_code == 200:
            yield address
            if "html" in answer.headers.get("Content-Type", ""):
                tree = html.document_fromstring(answer.content.decode())
                targets += tree.xpath("//a/@href | //link[@rel='alternate']/@href")
        for target in targets:
            link = urlsplit(urljoin(answer.url, target))
            if link.netloc != urlsplit(visitor.site).netloc:
                continue
            path = link.path + (f"?{link.query}" if link.query else "")
            skipped = path.startswith("/static") or "lang=" in path or "next=" in path
            if not skipped and path not in seen:
                seen.add(path)
                waiting.append(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
