"""Made-up requests for the services, to fill in their forms with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

ADDRESS = {
    "address-region": "47",
    "address-locality": "г. Актау",
    "address-street": "15-й микрорайон, дом 8, кв. 21",
    "address-postcode": "130000",
}
CONTACTS = {"phone": "+7 701 000 00 01", "email": "applicant@example.test"}


@dataclass(frozen=True)
class SampleRequest:
    """The data of a request, and of its refusal.

    :ivar form: the values of the fields, by page of the form.
    :ivar grounds: the codes of the grounds of a refusal.
    :ivar reason: the reason of a refusal.
    """

    service: str
    action: str
    form: Mapping[str, Mapping[str, Any]]
    grounds: tuple[str, ...]
    reason: str


LICENCE_REQUEST = SampleRequest(
    "medical-licence",
    "issue",
    {
        "applicant": ADDRESS,
        "activities": {"activity": ["therapy", "paediatrics"]},
        "sites": {
            "site-0-name": "Кабинет семейного врача «Дәрігер»",
            "site-0-address-region": "47",
            "site-0-address-locality": "г. Актау",
            "site-0-address-street": "27-й микрорайон, дом 3, помещение 4",
            "site-0-address-postcode": "130002",
        },
        "contacts": CONTACTS,
        "declarations": {"truthful": "y", "mayPractise": "y", "personalData": "y"},
    },
    ("requirements-not-met",),
    "Помещение не соответствует санитарным правилам.",
)
ATTACHMENT_REQUEST = SampleRequest(
    "clinic-attachment",
    "attach",
    {
        "applicant": ADDRESS,
        "choice": {"clinic": "tolqyn", "reason": "moved"},
        "contacts": CONTACTS,
        "declarations": {"truthful": "y", "oneClinic": "y", "personalData": "y"},
    },
    ("no-room",),
    "Все участки поликлиники заполнены до конца года.",
)


def licence_change(action: str, licence: str) -> SampleRequest:
    """Return a request for a reissue or a duplicate of a licence.

    :param action: "reissue" or "duplicate".
    :param licence: the licence's number.
    """
    own: dict[str, str] = {"licence": licence}
    if action == "reissue":
        since = datetime.now(UTC).date() - timedelta(days=10)
        own |= {"reason": "site-loss", "since-day": f"{since:%d}", "since-month": f"{since:%m}"}
        own |= {"since-year": f"{since:%Y}"}
    else:
        own |= {"reason": "lost"}
    return replace(LICENCE_REQUEST, action=action, form={**LICENCE_REQUEST.form, action: own})


def sample_file(name: str) -> tuple[str, bytes, str]:
    """Return file name, bytes and media type of an attachment: an image for ``staff``, otherwise a PDF."""
    data = BytesIO()
    if name.endswith("staff"):
        Image.new("RGB", (640, 480), "white").save(data, "PNG")
        return "Сертификаты специалистов.png", data.getvalue(), "image/png"
    canvas = Canvas(data, invariant=True)
    canvas.drawString(72, 760, f"A made-up document: {name}")
    canvas.save()
    return f"{name}.pdf", data.getvalue(), "application/pdf"
