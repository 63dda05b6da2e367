"""What `make docs` makes, and that the hooks are what `make lint` runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from lxml import etree, html

import egovdocs.signing

PROJECT = Path(__file__).parents[1]
SCHEMAS = PROJECT / "src" / "egovdocs" / "schemas"


def test_the_hooks_run_what_lint_runs() -> None:
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (PROJECT / "Makefile").read_text(), re.M)
    assert recipe is not None
    lint = [line.strip().replace("$(BIN)", ".venv/bin").removesuffix(" .") for line in recipe[1].splitlines()]
    hooks = re.findall(r"entry: ([^,]+),", (PROJECT / ".pre-commit-config.yaml").read_text())
    assert hooks == lint


def make(tool: str, out: Path) -> None:
    done = subprocess.run(
        [sys.executable, PROJECT / "tools" / tool, out],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_schema_has_a_page_with_its_labels_and_links_lead_somewhere(tmp_path: Path) -> None:
    make("schema_reference.py", tmp_path)
    schemas = sorted(SCHEMAS.rglob("*.xsd"))
    assert schemas
    pages = {page: html.parse(str(page)).getroot() for page in tmp_path.rglob("*.html")}
    assert len(pages) == len(schemas) + 1
    for schema in schemas:
        text = pages[(tmp_path / schema.relative_to(SCHEMAS)).with_suffix(".html")].text_content()
        for label in etree.parse(schema).iter("{http://www.w3.org/2001/XMLSchema}documentation"):
            assert " ".join((label.text or "").split()) in text
    for page, tree in pages.items():
        for link in tree.xpath("//a/@href"):
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve()
            assert target in pages, f"{page}: {link}"
            assert not anchor or pages[target].xpath("//@id[.=$anchor]", anchor=anchor), f"{page}: {link}"


def test_the_reference_of_signing_has_everything_public(tmp_path: Path) -> None:
    make("signing_reference.py", tmp_path)
    page = html.parse(str(tmp_path / "egovdocs" / "signing.html")).getroot()
    assert set(egovdocs.signing.__all__) <= set(page.xpath("//section/@id"))
    assert ":ivar" not in page.text_content()
