"""Render a signed document as PDF: pages for reading, with the signed XML embedded as the proof."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.x509.oid import NameOID
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFCatalog,
    PDFDictionary,
    PDFName,
    PDFStream,
    PDFString,
    PDFZCompress,
)
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from egovdocs.i18n import ZONE
from egovdocs.rendering.blocks import draw_block
from egovdocs.rendering.drawing_context import DrawingContext, Proof, SignatureLine
from egovdocs.rendering.fonts import BOLD, REGULAR, load_fonts
from egovdocs.rendering.layouts import PaperLayout, layout_of, wording
from egovdocs.rendering.ornament import LINE, QUIET, STAMP, TEAL, draw_frame
from egovdocs.rendering.readable import readable
from egovdocs.rendering.sheet import Sheet

if TYPE_CHECKING:
    from egovdocs.schemas import DocumentType, ServiceEdition
    from egovdocs.signing import SignatureReport

_WIDTH, _HEIGHT = A4
_MARGIN = 18 * mm
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_BUILD_LOCK = Lock()  # a reportlab font collects the glyphs of one document at a time


def render_pdf(
    document_type: DocumentType,
    content: bytes,
    signed: bytes,
    *,
    signatures: Sequence[SignatureReport],
    verify_url: str | None,
    questions_url: str | None = None,
    language: str,
    service: ServiceEdition | None = None,
    zone: tzinfo = ZONE,
) -> bytes:
    """Render a document as PDF.

    The same arguments give the same bytes: dates come from the signatures, identifiers from the content.

    :param content: what the signatures cover (``ValidationReport.content``); only this is shown.
    :param signed: the signed document as it came, embedded byte for byte (PDF 2.0, 14.13, associated files).
    :param signatures: the reports of the passed signatures; with none the paper says that nobody signed.
    :param verify_url: where the document is verified; printed as an address and as a QR code.
    :param questions_url: the questionnaire's address, for requests made in person.
    :param language: ``ru``, ``kk`` or ``en``; papers bilingual by law are Kazakh and Russian in any case.
    :param service: gives the codes of service, action and attachments their titles.
    :raises DocumentProblems: the content is no document of this type.
    """
    load_fonts()
    layout = layout_of(document_type.namespace)
    languages = layout.languages or (language,)
    trees = [(each, readable(document_type, content, each, service=service, zone=zone)) for each in languages]
    sheet = Sheet(trees)
    lines = tuple(_line(signature) for signature in signatures)
    proof = Proof(lines, verify_url, questions_url, f"{document_type.name}.xml", zone)
    context = DrawingContext(sheet, sheet, layout.shown, proof, _WIDTH - 2 * _MARGIN)
    moment = max((line.moment for line in lines if line.moment), default=_UNDATED)
    story = [flowable for block in layout.blocks for flowable in draw_block(block, context)]
    with _BUILD_LOCK:
        return _build(story, layout, sheet, signed, proof.file_name, moment)


def _line(signature: SignatureReport) -> SignatureLine:
    signer, certificate = signature.signer, signature.certificate
    return SignatureLine(
        name=signer.name if signer else "",
        organisation=signer.organisation if signer else None,
        identifier=signer.identifier if signer else None,
        moment=signature.proven_time or signature.signing_time,
        serial=f"{certificate.serial_number:x}" if certificate else None,
        issuer=_common_name(certificate.issuer) if certificate else None,
    )


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else str(name.rfc4514_string())


def _build(
    story: list[Flowable], layout: PaperLayout, sheet: Sheet, signed: bytes, file_name: str, moment: datetime
) -> bytes:
    target = BytesIO()
    title = " / ".join(dict.fromkeys(sheet.title))
    fingerprint = hashlib.sha256(signed).hexdigest()

    def finish_page(canvas: Canvas, page: int, pages: int) -> None:
        _draw_page_furniture(canvas, layout, sheet, fingerprint, page, pages)

    def first(canvas: Canvas, _: Any) -> None:
        canvas.setProducer("egovdocs")
        canvas.setDateFormatter(lambda *_: _date(moment))
        canvas.setViewerPreference("DisplayDocTitle", "true")
        _embed(canvas, signed, file_name, moment)

    frame = Frame(_MARGIN, 21 * mm, _WIDTH - 2 * _MARGIN, _HEIGHT - 21 * mm - 17 * mm, 0, 0, 0, 0)
    document = BaseDocTemplate(
        target,
        pagesize=A4,
        pageTemplates=[PageTemplate("page", [frame], onPage=first)],
        title=title,
        author=_author(layout, sheet),
        subject=fingerprint,
        creator="egovdocs",
        lang=sheet.languages[-1],
        invariant=1,
        initialFontName=REGULAR,
        pageCompression=1,
    )
    document.build(story, canvasmaker=_counting_canvas(finish_page))
    return target.getvalue()


def _author(layout: PaperLayout, sheet: Sheet) -> str:
    paths = (block.paths[0] for block in layout.blocks if block.kind == "masthead")
    return " / ".join(sheet.values(path)[-1] for path in paths) or "egovdocs"


def _counting_canvas(finish: Callable[[Canvas, int, int], None]) -> type[Canvas]:
    """Return a canvas class that finishes its pages when their number is known."""

    class CountingCanvas(Canvas):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                finish(self, number, len(self._pages))
                super().showPage()
            super().save()

    return CountingCanvas


def _draw_page_furniture(
    canvas: Canvas, layout: PaperLayout, sheet: Sheet, fingerprint: str, page: int, pages: int
) -> None:
    if layout.framed:
        inset = 7 * mm
        draw_frame(canvas, inset, inset, _WIDTH - 2 * inset, _HEIGHT - 2 * inset)
    canvas.saveState()
    foot = 15.5 * mm
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(_MARGIN, foot + 9, _WIDTH - _MARGIN, foot + 9)
    canvas.setFillColor(QUIET)
    canvas.setFont(REGULAR, 6.4)
    canvas.drawString(_MARGIN, foot, f"SHA-256 (XML): {fingerprint}")
    phrase = wording()["page"]
    texts = dict.fromkeys(phrase[each].format(page=page, pages=pages) for each in sheet.languages)
    canvas.drawRightString(_WIDTH - _MARGIN, foot, " / ".join(texts))
    if layout.stamp and sheet.has(layout.stamped_by):
        number = sheet.values(layout.stamped_by)[0]
        stamp = " / ".join(layout.stamp[each].format(number=number) for each in sheet.languages).upper()
        canvas.setFont(BOLD, 10)
        canvas.setFillColor(STAMP)
        canvas.drawRightString(_WIDTH - _MARGIN, _HEIGHT - 15 * mm, stamp)
    if page > 1:
        number = sheet.values(layout.known_by)[0] if layout.known_by else ""
        canvas.setFont(BOLD, 7.4)
        canvas.setFillColor(TEAL)
        canvas.drawString(_MARGIN, _HEIGHT - 15 * mm, f"{' / '.join(dict.fromkeys(sheet.title))}  {number}")
    canvas.restoreState()


def _date(moment: datetime) -> str:
    """Format a date (ISO 32000-2, 7.9.4)."""
    return f"D:{moment.astimezone(UTC):%Y%m%d%H%M%S}+00'00'"


def _embed(canvas: Canvas, signed: bytes, file_name: str, moment: datetime) -> None:
    """Attach the signed document: ISO 32000-2, 7.11.4 (embedded files) and 14.13 (associated files)."""
    document = canvas._doc  # type: ignore[attr-defined]
    if getattr(document.Catalog, "AF", None) is not None:
        return
    day = PDFString(_date(moment))
    stream = PDFStream(
        PDFDictionary(
            {
                "Type": PDFName("EmbeddedFile"),
                "Subtype": "/text#2Fxml",
                "Params": PDFDictionary({"Size": len(signed), "ModDate": day}),
            }
        ),
        signed,
        filters=[PDFZCompress],
    )
    name = PDFString(file_name)
    content = document.Reference(stream)
    file = document.Reference(
        PDFDictionary(
            {
                "Type": PDFName("Filespec"),
                "F": name,
                "UF": name,
                "AFRelationship": PDFName("Source"),
                "EF": PDFDictionary({"F": content, "UF": content}),
            }
        )
    )
    names = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray([name, file])})})
    document.Catalog.Names = names
    document.Catalog.AF = PDFArray([file])
    document.Catalog.__NoDefault__ = [*PDFCatalog.__NoDefault__, "AF"]
