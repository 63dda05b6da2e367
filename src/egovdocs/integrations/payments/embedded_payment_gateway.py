"""The embedded default: a bank inside the site, whose page and server are part of it.

No money is transferred.
"""

from __future__ import annotations

from dataclasses import dataclass

import requests
from cryptography.x509 import Certificate

from egovdocs.integrations.payments.bank_notices import build_notice, parse_notice
from egovdocs.integrations.payments.payment_port import (
    ForgedNotice,
    PaymentNotice,
    PaymentOrder,
    PaymentStatus,
    Unpaid,
)
from egovdocs.signing import (
    Indication,
    Revocation,
    Signer,
    TrustStore,
    ValidationPolicy,
    sign,
    validate,
)

TIMEOUT = 10.0  # seconds


class EmbeddedPaymentGateway:
    """The site's side of the embedded bank, whose page is at ``/bank/{reference}``.

    :param certificate: the bank's; no other signature on a notice is accepted.
    :param site_url: the address of the site, and so of the bank's page.
    :param has_page: the site has the bank's key and so its page.
    """

    can_query = False

    def __init__(self, certificate: Certificate, site_url: str, *, has_page: bool = True) -> None:
        self.has_page = has_page
        self._policy = ValidationPolicy(trust=TrustStore.load([certificate]), revocation=Revocation.NONE)
        self._site_url = site_url

    def open_payment(self, order: PaymentOrder) -> str:
        return f"{self._site_url}/bank/{order.reference}"

    def query_payment(self, reference: str) -> PaymentNotice | Unpaid:
        return Unpaid(reference, PaymentStatus.PENDING)

    def verify_notice(self, notice: bytes) -> PaymentNotice:
        report = validate(notice, self._policy)
        if report.indication is not Indication.TOTAL_PASSED or report.content is None:
            raise ForgedNotice("the notice does not have the bank's signature")
        return parse_notice(report.content)


@dataclass(frozen=True)
class EmbeddedBank:
    """The bank's side: makes notices and sends them.

    :ivar signer: the bank's key.
    """

    signer: Signer

    def sign_notice(self, notice: PaymentNotice) -> bytes:
        """Return the notice as a signed document."""
        return sign(build_notice(notice), self.signer)

    def send_notice(self, signed_notice: bytes, url: str) -> None:
        """Post a signed notice to the site.

        :raises requests.RequestException: the site did not accept it; the caller repeats it later.
        """
        headers = {"Content-Type": "application/xml"}
        requests.post(url, data=signed_notice, headers=headers, timeout=TIMEOUT).raise_for_status()
