"""Our signatures, verified by xmlsec1, the JDK and xmldsigjs."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.signing.judges.verifiers import Jdk, Xmldsigjs, xmlsec1_verifies

from egovdocs.sandbox.authority import Algorithm, Authority
from egovdocs.signing import Revocation, TrustStore, ValidationPolicy, canonical, sign, validate

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
    "instructions": "it ignores what is outside of the root",
    "line-separator": "xmldom treats U+2028 as a line end, as XML 1.1 does",
    "ds-otherwise": "it confuses a prefix that is declared twice",
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
    assert xmlsec1_verifies(signed / f"{name}.xml", signed / "root.pem")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_validation_returns_what_was_signed(signed: Path, name: str) -> None:
    trust = TrustStore.load([signed / "root.pem"])
    policy = ValidationPolicy(trust=trust, revocation=Revocation.NONE)
    report = validate((signed / f"{name}.xml").read_bytes(), policy)
    assert report.passed, report.reason
    assert report.signatures[0].level == "XAdES-B"
    assert report.content == canonical(DOCUMENTS[name].encode(ENCODINGS.get(name, "utf-8")))


def test_xmlsec1_rejects_a_changed_document(signed: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.xml"
    changed.write_bytes((signed / "plain.xml").read_bytes().replace("Ақтау".encode(), "Ақтөбе".encode()))
    assert not xmlsec1_verifies(changed, signed / "root.pem")


def test_the_jdk_accepts(signed: Path, jdk: Jdk) -> None:
    assert [name for name in DOCUMENTS if not jdk.verify(signed / f"{name}.xml")] == []


def test_xmldsigjs_accepts(signed: Path, xmldsigjs: Xmldsigjs) -> None:
    names = DOCUMENTS.keys() - BEYOND_XMLDSIGJS.keys()
    verdicts = {name: xmldsigjs.verify(signed / f"{name}.xml") for name in names}
    assert verdicts == dict.fromkeys(names, "true")
