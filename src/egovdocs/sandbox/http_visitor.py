"""A visitor of the site over HTTP: cookies, pages, forms, and signing as the pages' own scripts do it."""

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


class UnexpectedResponse(Exception):  # noqa: N818 - says what is wrong
    """The site's response differs from what the step expects."""


@dataclass(frozen=True)
class WebPage:
    """A response of the site."""

    url: str
    status: int
    body: bytes

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.body.decode("utf-8"), base_url=self.url)

    @property
    def text(self) -> str:
        """The text of the page's main part, with white space collapsed."""
        main = self.tree.find(".//main")
        return " ".join((main if main is not None else self.tree).text_content().split())

    def form(self, part: str = "") -> html.FormElement:
        """Return the first form of the main part with ``part`` in its action, or as the name of a field.

        :raises UnexpectedResponse: there is none.
        """
        for form in self.tree.xpath("//main//form"):
            if part in (form.action or self.url) or form.xpath(".//*[@name=$name]", name=part):
                return form
        raise UnexpectedResponse(f"{self.url} ({self.status}) has no form {part!r}: {self.text[:500]}")

    def link(self, part: str) -> str:
        """Return the URL of the first link of the main part whose target contains ``part``.

        :raises UnexpectedResponse: there is none.
        """
        for target in map(str, self.tree.xpath("//main//a/@href")):
            if part in target:
                return urljoin(self.url, target)
        raise UnexpectedResponse(f"{self.url} ({self.status}) has no link {part!r}: {self.text[:500]}")


class Visitor:
    """A person with a browser of their own.

    :param site: the URL of the site.
    :param language: the preferred language.
    """

    def __init__(self, site: str, language: str = "ru") -> None:
        self.site = site
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Accept-Language"] = language

    def open(self, target: str, expect: int = 200) -> WebPage:
        """Open a page or a document.

        :raises UnexpectedResponse: the status is another than ``expect``.
        """
        return self._page(self.http.get(urljoin(self.site, target), timeout=60), expect)

    def submit(
        self,
        page: WebPage,
        form: str = "",
        values: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        expect: int = 200,
    ) -> WebPage:
        """Fill in a form of the page and send it, as a browser does. Other fields retain their values.

        :param form: part of the form's action, or the name of one of its fields or buttons.
        :param values: by field name; a sequence for several values, ``None`` to leave the field out.
        :param files: by field name: file name, bytes, media type.
        """
        element = page.form(form)
        values = dict(values or {})
        if form and element.xpath(".//button[@name=$name]", name=form):
            values.setdefault(form, element.xpath(".//button[@name=$name]/@value", name=form)[0])
        unchanged = [(name, value) for name, value in element.form_values() if name not in values]
        given = [
            (name, str(one))
            for name, value in values.items()
            if value is not None
            for one in (value if isinstance(value, Sequence) and not isinstance(value, str) else [value])
        ]
        target = urljoin(page.url, element.action or page.url)
        response = self.http.post(target, data=unchanged + given, files=files or None, timeout=120)
        return self._page(response, expect)

    def sign(self, page: WebPage, signer: Signer, expect: int = 200) -> WebPage:
        """Sign the document of the signing page, after a check of what the site prepared.

        :raises UnexpectedResponse: the prepared data do not fit the shown document, or the site refuses.
        """
        form = page.tree.get_element_by_id("signing")
        token = {"X-CSRF-Token": form.get("data-csrf-token")}

        def post(name: str, **values: Any) -> dict[str, str]:
            target = urljoin(page.url, form.get(f"data-{name}-url"))
            response = self.http.post(target, json=values, headers=token, timeout=60)
            if not response.ok:
                raise UnexpectedResponse(response.json()["error"])
            content: dict[str, str] = response.json()
            return content

        shown = self.open(urljoin(page.url, form.get("data-document-url"))).body
        prepared = post(
            "certificate",
            certificate=_certificate(signer.certificate),
            chain=[_certificate(one) for one in signer.chain],
        )
        signed_info = base64.b64decode(prepared["signedInfo"])
        digests = etree.fromstring(signed_info).findall(f".//{DS}DigestValue")
        hashes = [sha256(shown).digest(), sha256(base64.b64decode(prepared["signedProperties"])).digest()]
        if [base64.b64decode(digest.text or "") for digest in digests] != hashes:
            raise UnexpectedResponse("the prepared signature is not over the document that is shown")
        return self.open(post("value", value=_base64(signer.sign(signed_info)))["location"], expect)

    def _page(self, response: requests.Response, expect: int) -> WebPage:
        page = WebPage(response.url, response.status_code, response.content)
        if page.status != expect:
            excerpt = (
                page.text[:600]
                if "html" in response.headers.get("Content-Type", "")
                else repr(page.body[:300])
            )
            raise UnexpectedResponse(f"{page.url} answered {page.status}, not {expect}: {excerpt}")
        return page


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _certificate(certificate: x509.Certificate) -> str:
    return _base64(certificate.public_bytes(Encoding.DER))
