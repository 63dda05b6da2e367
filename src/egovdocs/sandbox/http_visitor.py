"""A visitor of the site over real HTTP: cookies, pages, forms, and a key that never leaves this process.

It does what the pages' own scripts do and nothing they could not; the demo and the tests walk with it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin

import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree, html

from egovdocs.signing import Signer

DS = "{http://www.w3.org/2000/09/xmldsig#}"


class Unexpected(Exception):  # noqa: N818 - reads as what it is
    """The site answered something other than what the path foresees."""


@dataclass(frozen=True)
class Page:
    """An answer of the site."""

    url: str
    status: int
    body: bytes

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.body.decode("utf-8"), base_url=self.url)

    @property
    def text(self) -> str:
        """The words of the page, white space folded."""
        main = self.tree.find(".//main")
        return " ".join((main if main is not None else self.tree).text_content().split())

    def form(self, part: str = "") -> html.FormElement:
        """The first form of the page's main part whose action or content names ``part``.

        :raises Unexpected: there is none.
        """
        for form in self.tree.xpath("//main//form"):
            if part in (form.action or self.url) or form.xpath(".//*[@name=$name]", name=part):
                return form
        raise Unexpected(f"{self.url} ({self.status}) has no form {part!r}: {self.text[:500]}")

    def link(self, part: str) -> str:
        """The address of the first link of the main part whose target contains ``part``.

        :raises Unexpected: there is none.
        """
        for target in self.tree.xpath("//main//a/@href"):
            if part in target:
                return urljoin(self.url, target)
        raise Unexpected(f"{self.url} ({self.status}) has no link {part!r}: {self.text[:500]}")


class Visitor:
    """A person with a browser, without the browser.

    :param site: the address of the site.
    :param language: the language asked for.
    """

    def __init__(self, site: str, language: str = "ru") -> None:
        self.site = site
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Accept-Language"] = language

    def open(self, target: str, expect: int = 200) -> Page:
        """Open a page or a document.

        :raises Unexpected: the status is another than ``expect``.
        """
        return self._page(self.http.get(urljoin(self.site, target), timeout=60), expect)

    def submit(
        self,
        page: Page,
        form: str = "",
        values: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        expect: int = 200,
    ) -> Page:
        """Fill a form of the page and send it, as a browser does: what is not named keeps its value.

        :param form: part of the form's action, or the name of one of its fields or buttons.
        :param values: by field name; a sequence ticks several boxes, ``None`` leaves the field out.
        :param files: by field name: file name, bytes, media type.
        """
        element = page.form(form)
        values = dict(values or {})
        if form and element.xpath(".//button[@name=$name]", name=form):
            values.setdefault(form, element.xpath(".//button[@name=$name]/@value", name=form)[0])
        kept = [(name, value) for name, value in element.form_values() if name not in values]
        told = [
            (name, str(one))
            for name, value in values.items()
            if value is not None
            for one in (value if isinstance(value, Sequence) and not isinstance(value, str) else [value])
        ]
        target = urljoin(page.url, element.action or page.url)
        answer = self.http.post(target, data=kept + told, files=files or None, timeout=120)
        return self._page(answer, expect)

    def sign(self, page: Page, signer: Signer, expect: int = 200) -> Page:
        """Sign what the signing page offers: read and hash the document, check, sign, send the value.

        :raises Unexpected: the site asks to sign something other than the document it shows, or refuses.
        """
        form = page.tree.get_element_by_id("signing")
        token = {"X-CSRF-Token": form.get("data-csrf-token")}

        def ask(name: str, **said: Any) -> dict[str, str]:
            target = urljoin(page.url, form.get(f"data-{name}-url"))
            answer = self.http.post(target, json=said, headers=token, timeout=60)
            if not answer.ok:
                raise Unexpected(answer.json()["error"])
            return answer.json()

        shown = self.open(urljoin(page.url, form.get("data-document-url"))).body
        prepared = ask(
            "certificate",
            certificate=_certificate(signer.certificate),
            chain=[_certificate(one) for one in signer.chain],
        )
        signed_info = base64.b64decode(prepared["signedInfo"])
        digests = etree.fromstring(signed_info).findall(f".//{DS}DigestValue")
        hashes = [sha256(shown).digest(), sha256(base64.b64decode(prepared["signedProperties"])).digest()]
        if [base64.b64decode(digest.text or "") for digest in digests] != hashes:
            raise Unexpected("the site asks to sign something other than the document it shows")
        return self.open(ask("value", value=_base64(signer.sign(signed_info)))["location"], expect)

    def _page(self, answer: requests.Response, expect: int) -> Page:
        page = Page(answer.url, answer.status_code, answer.content)
        if page.status != expect:
            said = (
                page.text[:600] if "html" in answer.headers.get("Content-Type", "") else repr(page.body[:300])
            )
            raise Unexpected(f"{page.url} answered {page.status}, not {expect}: {said}")
        return page


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _certificate(certificate: x509.Certificate) -> str:
    return _base64(certificate.public_bytes(Encoding.DER))
