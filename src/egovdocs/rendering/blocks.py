"""Paints each kind of block of a layout: a function a kind, from a block and a sheet to flowables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCode
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, Spacer, Table

from egovdocs.i18n import say_moment
from egovdocs.rendering.fonts import BOLD, REGULAR
from egovdocs.rendering.layouts import Block, Words, wording
from egovdocs.rendering.ornament import GOLD, INK, LINE, MIST, QUIET, TEAL, Rosette
from egovdocs.rendering.readable import Section
from egovdocs.rendering.sheet import Sheet, wording_of
from egovdocs.schemas.identifiers import receipt_code


def _style(size: float, font: str = REGULAR, colour: Any = INK, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font}-{size}",
        fontName=font,
        fontSize=size,
        leading=more.pop("leading", size * 1.32),
        textColor=colour,
        splitLongWords=True,
        **more,
    )


_LONG = 60  # letters that half a line holds
_MANY = 4  # columns, from which on a table has small letters
_LONGER = 1000  # letters that may begin on one page and end on the next

VALUE = _style(9.5)
STRONG = _style(9.5, BOLD)
CELL = _style(8, leading=10)
LABEL = _style(7.4, colour=QUIET)
SMALL = _style(7.4, leading=9.6)
SMALLEST = _style(6.6, colour=QUIET, leading=8.4)
TITLE = _style(19, BOLD, TEAL, leading=23)
TITLE_CENTRED = _style(17, BOLD, TEAL, leading=21, alignment=TA_CENTER)
HEADING = _style(11.5, BOLD, TEAL, spaceBefore=6, spaceAfter=2, keepWithNext=True)
SUBHEADING = _style(9.5, BOLD, INK, spaceBefore=5, spaceAfter=1, keepWithNext=True)
PROVIDER = _style(9.5, BOLD, INK, alignment=TA_CENTER)
LABEL_BESIDE = _style(8.6, colour=QUIET, leading=12.5)
CHECKSUM = _style(6.6, leading=10)
LINK = _style(7.4, BOLD, TEAL, leading=9.6)
KEY_LABEL = _style(7.4, colour=QUIET, alignment=TA_CENTER)
HOLDER = _style(15, BOLD, INK, alignment=TA_CENTER, spaceAfter=2)
CENTRED = _style(9, alignment=TA_CENTER)
KEY_VALUE = _style(12.5, BOLD, INK, alignment=TA_CENTER)


@dataclass(frozen=True)
class SignatureLine:
    """Who signed, as the proof block says it."""

    name: str
    organisation: str | None
    identifier: str | None
    moment: datetime | None
    serial: str | None
    issuer: str | None


@dataclass(frozen=True)
class Proof:
    """What vouches for the paper."""

    signatures: tuple[SignatureLine, ...]
    verify_url: str | None
    questions_url: str | None
    file_name: str
    zone: tzinfo


@dataclass(frozen=True)
class Easel:
    """All a painter needs besides its block.

    :ivar sheet: the document, or the repeated part that an ``each`` is at; ``whole`` is always the document.
    """

    sheet: Sheet
    whole: Sheet
    shown: frozenset[str]
    proof: Proof
    width: float

    @property
    def languages(self) -> tuple[str, ...]:
        return self.sheet.languages

    def has(self, path: str) -> bool:
        sheet, path = self._at(path)
        return sheet.has(path)

    def labels(self, path: str) -> tuple[str, ...]:
        sheet, path = self._at(path)
        return sheet.labels(path)

    def values(self, path: str) -> tuple[str, ...]:
        sheet, path = self._at(path)
        return sheet.values(path)

    def _at(self, path: str) -> tuple[Sheet, str]:
        return (self.whole, path[1:]) if path.startswith("/") else (self.sheet, path)

    def words(self, words: Words, **values: str) -> tuple[str, ...]:
        """A wording in each of the sheet's languages."""
        return tuple(words[language].format(**values) for language in self.languages)


def paint(block: Block, easel: Easel) -> list[Flowable]:
    """The flowables of one block; none when the document says nothing of what it shows."""
    return list(_PAINTERS[block.kind](block, easel))


def paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """Text as it is: no markup, its line ends kept."""
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def _masthead(block: Block, easel: Easel) -> Iterator[Flowable]:
    names = easel.values(block.paths[0])
    rosette = Rosette(18 * mm)
    if len(names) == 2:
        side = (easel.width - 30 * mm) / 2
        row: list[Any] = [paragraph(names[0], PROVIDER), rosette, paragraph(names[1], PROVIDER)]
        widths = [side, 30 * mm, side]
    else:
        row, widths = [rosette, paragraph(names[0], STRONG)], [27 * mm, easel.width - 27 * mm]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.8, GOLD),
        *_cells(0, 5),
    ]
    yield Table([row], widths, style=[*style, ("ALIGN", (0, 0), (-1, -1), "CENTER")])
    yield Spacer(0, 3 * mm)


def _title(block: Block, easel: Easel) -> Iterator[Flowable]:
    titles = easel.words(block.text) if block.text else easel.sheet.title
    for title in titles:
        yield paragraph(title, TITLE_CENTRED if len(titles) > 1 else TITLE)
    yield Spacer(0, 2 * mm)


def _name(block: Block, easel: Easel) -> Iterator[Flowable]:
    """What the document calls itself, where that says more than the paper's title, which is ``text``."""
    assert block.text is not None
    names = easel.sheet.title
    if any(
        name.lower() not in title.lower() for name, title in zip(names, easel.words(block.text), strict=True)
    ):
        for name in names:
            yield paragraph(name, KEY_VALUE)
        yield Spacer(0, 2 * mm)


def _heading(block: Block, easel: Easel) -> Iterator[Flowable]:
    assert block.text is not None
    if not block.of or easel.has(block.of):
        yield paragraph(_both(easel.words(block.text)), HEADING)


def _key(block: Block, easel: Easel) -> Iterator[Flowable]:
    """The numbers and dates by which the paper is known, large, side by side."""
    paths = [path for path in block.paths if easel.has(path)]
    cells = [
        [
            *(paragraph(label, KEY_LABEL) for label in _once(easel.labels(path))),
            *(paragraph(value, KEY_VALUE) for value in _once(easel.values(path))),
        ]
        for path in paths
    ]
    style = [("BACKGROUND", (0, 0), (-1, -1), MIST), ("VALIGN", (0, 0), (-1, -1), "TOP"), *_cells(6, 6)]
    yield Table([cells], [easel.width / len(cells)] * len(cells), style=style)
    yield Spacer(0, 3 * mm)


def _holder(block: Block, easel: Easel) -> Iterator[Flowable]:
    """To whom the paper is given: the name large, the rest below it."""
    assert block.text is not None
    name, *others = (path for path in block.paths if easel.has(path))
    lines = [paragraph(_both(easel.words(block.text)), KEY_LABEL)]
    lines += [paragraph(said, HOLDER) for said in _once(easel.values(name))]
    for path in others:
        said = _once(easel.values(path))
        if len(said) == 1:
            said = [f"{_both(easel.labels(path))}: {said[0]}"]
        lines += [paragraph(line, CENTRED) for line in said]
    yield Table([[lines]], [easel.width], style=[*_cells(2, 5), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)])


def _facts(block: Block, easel: Easel) -> Iterator[Flowable]:
    for path in block.paths:
        if easel.has(path):
            yield _fact(easel.labels(path), easel.values(path), easel.width)


def _signatory(block: Block, easel: Easel) -> Iterator[Flowable]:
    """Who signs, as papers have it: the office on the left, the name on the right."""
    office, name = block.paths
    labels = easel.values(office)
    yield Spacer(0, 1 * mm)
    yield _fact(labels, [easel.values(name)[0]] * len(labels), easel.width)


def _fact(labels: Sequence[str], values: Sequence[str], width: float, indent: float = 0) -> Flowable:
    """A label and its value: side by side; in two languages with two values above each other."""
    if len(set(values)) > 1:
        cells: list[Any] = [
            [paragraph(label, LABEL), _value(value, STRONG)]
            for label, value in zip(labels, values, strict=True)
        ]
        widths = [width / len(cells)] * len(cells)
    elif len(labels) > 1 and len(values[0]) > _LONG:
        cells, widths = [[paragraph(_both(labels), LABEL), _value(values[0], VALUE)]], [width]
    else:
        beside = width * (0.36 if len(labels) == 1 else 0.5)
        style = LABEL_BESIDE if len(labels) == 1 else LABEL
        label = [paragraph(label, style) for label in _once(labels)]
        cells = [label, _value(values[0], VALUE if len(labels) == 1 else STRONG)]
        widths = [beside, width - beside]
    table_style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *_cells(2.5, 3),
        ("LEFTPADDING", (0, 0), (0, -1), indent),
    ]
    return Table([cells], widths, style=table_style, splitInRow=int(max(map(len, values)) > _LONGER))


def _value(text: str, style: ParagraphStyle) -> Paragraph:
    """A value; a checksum, which no one reads, in small letters on one line."""
    unbroken = len(text) > 48 and not any(letter.isspace() for letter in text)
    return paragraph(text, CHECKSUM if unbroken else style)


def _table(block: Block, easel: Easel) -> Iterator[Flowable]:
    """A repeated element as a numbered table; a column for each path that any row has."""
    rows = list(easel.sheet.items(block.paths[0]))
    shares = dict(zip(block.columns, block.widths or [1] * len(block.columns), strict=True))
    columns = [path for path in shares if any(row.has(path) for row in rows)]
    if not columns:
        return
    named = {path: next(row.labels(path) for row in rows if row.has(path)) for path in columns}
    head: list[Any] = [paragraph("№", LABEL)]
    head += [[paragraph(label, LABEL) for label in _once(named[path])] for path in columns]
    cell = VALUE if len(columns) < _MANY else CELL
    body: list[list[Any]] = [
        [paragraph(str(number), cell)]
        + [[_value(value, cell) for value in _once(row.values(path)) if value] for path in columns]
        for number, row in enumerate(rows, start=1)
    ]
    first = 9 * mm
    share = (easel.width - first) / sum(shares[path] for path in columns)
    widths = [first, *(share * shares[path] for path in columns)]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), MIST),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, TEAL),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *_cells(3, 3.5),
    ]
    yield Spacer(0, 1 * mm)
    yield Table([head, *body], widths, style=style, repeatRows=1, splitInRow=1)
    yield Spacer(0, 1 * mm)


def _page(block: Block, easel: Easel) -> Iterator[Flowable]:
    yield PageBreak()


def _rest(block: Block, easel: Easel) -> Iterator[Flowable]:
    """Everything no other block has shown, so that no paper can leave out what was signed."""
    rest = easel.sheet.rest(easel.shown)
    yield from _tree([tree for _, tree in rest.trees], rest.languages, easel.width, depth=0)


def _tree(trees: Sequence[Section], languages: Sequence[str], width: float, depth: int) -> Iterator[Flowable]:
    indent = max(depth - 1, 0) * 5 * mm
    for sections in zip(*(tree.children for tree in trees), strict=True):
        first = sections[0]
        labels = [_numbered(section) for section in sections]
        if first.leaf:
            yield _fact(labels, [section.value for section in sections], width, indent)
        elif first.bilingual and len(languages) > 1:
            said = [
                wording_of(section, language) for section, language in zip(sections, languages, strict=True)
            ]
            yield _fact(labels, said, width, indent)
        elif first.bilingual:
            yield _fact(labels, ["\n".join(child.value for child in first.children)], width, indent)
        else:
            style = ParagraphStyle("indented", SUBHEADING, leftIndent=indent) if depth else HEADING
            yield paragraph(_both(labels), style)
            yield from _tree(sections, languages, width, depth + 1)


def _proof(block: Block, easel: Easel) -> Iterator[Flowable]:
    """The signature block: who signed and when, the code that leads to the verification page."""
    proof, phrases = easel.proof, wording()
    left: list[Flowable] = []
    if not proof.signatures:
        left += [paragraph(_both(easel.words(phrases["not_signed"])), STRONG)]
    for signature in proof.signatures:
        left += _signature(signature, easel)
    left += [paragraph(text, SMALL) for text in easel.words(phrases["embedded"], name=proof.file_name)]
    if proof.verify_url:
        left += [Spacer(0, 3)]
        left += [paragraph(_both(easel.words(phrases["verify"])), SMALL)]
        left += [paragraph(proof.verify_url, LINK)]
    code = 33 * mm if proof.verify_url else 0
    cells: list[Any] = [left]
    if proof.verify_url:
        cells.append(QrCode(proof.verify_url, width=code, height=code, qrBorder=2, qrLevel="M"))
    widths = [easel.width - code - 3 * mm, code + 3 * mm] if code else [easel.width]
    style = [
        ("BOX", (0, 0), (-1, -1), 0.8, TEAL),
        ("LINEBEFORE", (0, 0), (0, -1), 3, TEAL),
        ("VALIGN", (0, 0), (0, -1), "TOP"),
        ("VALIGN", (-1, 0), (-1, -1), "MIDDLE"),
        *_cells(6, 6),
        ("LEFTPADDING", (0, 0), (0, -1), 9),
    ]
    yield KeepTogether([Spacer(0, 3 * mm), Table([cells], widths, style=style)])


def _clause(block: Block, easel: Easel) -> Iterator[Flowable]:
    """That an electronic document equals one on paper, in the document's own words if it has any."""
    own = [easel.values(path) for path in block.paths if easel.has(path)]
    yield Spacer(0, 2 * mm)
    yield KeepTogether(
        [paragraph(text, SMALL) for text in (own[0] if own else easel.words(wording()["equal"]))]
    )


def _questions(block: Block, easel: Easel) -> Iterator[Flowable]:
    """Where the applicant is asked how they were served, and the code that opens it."""
    if url := easel.proof.questions_url:
        code = receipt_code(easel.whole.values(block.of)[0])
        texts = easel.words(
            wording()["questions"], url=url, code=" ".join(code[n : n + 4] for n in (0, 4, 8))
        )
        yield Spacer(0, 2 * mm)
        yield KeepTogether([paragraph(text, VALUE) for text in texts])


def _each(block: Block, easel: Easel) -> Iterator[Flowable]:
    for sheet in easel.sheet.items(block.paths[0]):
        for part in block.blocks:
            yield from paint(part, replace(easel, sheet=sheet))


def _details(block: Block, easel: Easel) -> Iterator[Flowable]:
    """What no other block has shown, in small letters; with ``paths``, of what stands there alone."""
    rest = easel.sheet.rest(easel.shown - {*block.paths})
    if block.paths:
        rest = rest.only(block.paths)
    lines = [paragraph(line, SMALLEST) for line in _lines([tree for _, tree in rest.trees], "")]
    if lines and block.text:
        yield Spacer(0, 2 * mm)
        yield KeepTogether([paragraph(_both(easel.words(block.text)), LABEL), *lines])


def _lines(trees: Sequence[Section], above: str) -> Iterator[str]:
    for sections in zip(*(tree.children for tree in trees), strict=True):
        label = above + _both(_numbered(section) for section in sections)
        if sections[0].leaf:
            yield f"{label}: {_both(section.value for section in sections)}"
        else:
            yield from _lines(sections, f"{label} — ")


def _signature(signature: SignatureLine, easel: Easel) -> Iterator[Flowable]:
    phrases = wording()

    def line(phrase: str, said: Sequence[str]) -> Paragraph:
        label = _both(easel.words(phrases[phrase]))
        return Paragraph(f"{escape(label)}: <b>{escape(' / '.join(_once(said)))}</b>", SMALL)

    yield paragraph(_both(easel.words(phrases["signed"])), LABEL)
    yield paragraph(signature.name, STRONG)
    if signature.organisation:
        yield paragraph(signature.organisation, VALUE)
    if signature.identifier:
        yield line("identifier", [signature.identifier])
    if moment := signature.moment:
        yield line("signed_at", [say_moment(moment, lang, easel.proof.zone) for lang in easel.languages])
    if signature.serial:
        yield line("serial", [signature.serial])
    if signature.issuer:
        yield line("issuer", [signature.issuer])
    yield Spacer(0, 4)


def _numbered(section: Section) -> str:
    return f"{section.label} {section.number}" if section.number else section.label


def _both(texts: Iterable[str]) -> str:
    return " / ".join(_once(texts))


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _cells(top: float, bottom: float) -> Iterator[tuple[Any, ...]]:
    """What every table's style begins with; its default is a typeface that is not embedded."""
    yield "FONTNAME", (0, 0), (-1, -1), REGULAR
    yield "TOPPADDING", (0, 0), (-1, -1), top
    yield "BOTTOMPADDING", (0, 0), (-1, -1), bottom


_PAINTERS: dict[str, Callable[[Block, Easel], Iterator[Flowable]]] = {
    "masthead": _masthead,
    "name": _name,
    "title": _title,
    "heading": _heading,
    "key": _key,
    "holder": _holder,
    "facts": _facts,
    "signatory": _signatory,
    "table": _table,
    "page": _page,
    "rest": _rest,
    "details": _details,
    "each": _each,
    "clause": _clause,
    "questions": _questions,
    "proof": _proof,
}
