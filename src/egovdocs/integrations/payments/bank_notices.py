"""The notice document of the embedded bank: XML in a namespace of this project, signed by the bank."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from egovdocs.integrations.payments.payment_port import ForgedNotice, PaymentNotice

NAMESPACE = "urn:egovdocs:payment:1"
_FIELDS = ("reference", "amount", "currency", "paidAt", "transaction")


def build_notice(notice: PaymentNotice) -> bytes:
    """Return the notice as an unsigned document."""
    root = etree.Element(f"{{{NAMESPACE}}}notice", nsmap={"pay": NAMESPACE})
    texts = (
        notice.reference,
        str(notice.amount),
        notice.currency,
        notice.paid_at.isoformat(),
        notice.transaction,
    )
    for name, text in zip(_FIELDS, texts, strict=True):
        etree.SubElement(root, f"{{{NAMESPACE}}}{name}").text = text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def parse_notice(content: bytes) -> PaymentNotice:
    """Read a notice.

    :param content: what the signature of the document covers.
    :raises ForgedNotice: the document is no notice.
    """
    root = etree.fromstring(content)
    expected = [f"{{{NAMESPACE}}}{name}" for name in _FIELDS]
    if root.tag != f"{{{NAMESPACE}}}notice" or [child.tag for child in root] != expected:
        raise ForgedNotice("the document is no payment notice")
    reference, amount, currency, paid_at, transaction = (child.text or "" for child in root)
    try:
        notice = PaymentNotice(
            reference=reference,
            amount=Decimal(amount),
            currency=currency,
            paid_at=datetime.fromisoformat(paid_at),
            transaction=transaction,
        )
    except (ValueError, InvalidOperation):
        raise ForgedNotice("the notice's amount or time can't be read") from None
    if notice.paid_at.tzinfo is None or not notice.amount.is_finite():
        raise ForgedNotice("the notice's amount or time can't be read")
    return notice
