"""Draw each kind of block of a layout: one function a kind, from a block and a context to flowables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, Spacer, Table

from egovdocs.rendering.drawing_context import DrawingContext
from egovdocs.rendering.layouts import Block, wording
from egovdocs.rendering.ornament import GOLD, LINE, MIST, TEAL, Rosette
from egovdocs.rendering.proof_block import draw_proof
from egovdocs.rendering.readable import Section
from egovdocs.rendering.sheet import wording_of
from egovdocs.rendering.styles import (
    CELL,
    CENTRED,
    CHECKSUM,
    HEADING,
    HOLDER,
    KEY_LABEL,
    KEY_VALUE,
    LABEL,
    LABEL_BESIDE,
    PROVIDER,
    SMALL,
    SMALLEST,
    STRONG,
    SUBHEADING,
    TITLE,
    TITLE_CENTRED,
    VALUE,
    cell_padding,
    distinct,
    join_distinct,
    numbered_label,
    paragraph,
)
from egovdocs.schemas.identifiers import receipt_code

_HALF_LINE = 60  # characters
_SMALL_FROM = 4  # columns; a table with as many has small letters
_SPLIT_FROM = 1000  # characters; a longer value may be split between two pages


def draw_block(block: Block, context: DrawingContext) -> list[Flowable]:
    """Return the flowables of one block; none when the document has nothing of what the block shows."""
    return list(_BLOCKS[block.kind](block, context))


def _masthead(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    names = context.values(block.paths[0])
    rosette = Rosette(18 * mm)
    if len(names) == 2:
        side = (context.width - 30 * mm) / 2
        row: list[Any] = [paragraph(names[0], PROVIDER), rosette, paragraph(names[1], PROVIDER)]
        widths = [side, 30 * mm, side]
    else:
        row, widths = [rosette, paragraph(names[0], STRONG)], [27 * mm, context.width - 27 * mm]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.8, GOLD),
        *cell_padding(0, 5),
    ]
    yield Table([row], widths, style=[*style, ("ALIGN", (0, 0), (-1, -1), "CENTER")])
    yield Spacer(0, 3 * mm)


def _title(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    titles = context.words(block.text) if block.text else context.sheet.title
    for title in titles:
        yield paragraph(title, TITLE_CENTRED if len(titles) > 1 else TITLE)
    yield Spacer(0, 2 * mm)


def _name(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """The document's own title, where it says more than the paper's title ``text``."""
    assert block.text is not None
    names = context.sheet.title
    if any(
        name.lower() not in title.lower()
        for name, title in zip(names, context.words(block.text), strict=True)
    ):
        for name in names:
            yield paragraph(name, KEY_VALUE)
        yield Spacer(0, 2 * mm)


def _heading(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    assert block.text is not None
    if not block.of or context.has(block.of):
        yield paragraph(join_distinct(context.words(block.text)), HEADING)


def _key(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """The numbers and dates that identify the paper, large, side by side."""
    paths = [path for path in block.paths if context.has(path)]
    cells = [
        [
            *(paragraph(label, KEY_LABEL) for label in distinct(context.labels(path))),
            *(paragraph(value, KEY_VALUE) for value in distinct(context.values(path))),
        ]
        for path in paths
    ]
    style = [("BACKGROUND", (0, 0), (-1, -1), MIST), ("VALIGN", (0, 0), (-1, -1), "TOP"), *cell_padding(6, 6)]
    yield Table([cells], [context.width / len(cells)] * len(cells), style=style)
    yield Spacer(0, 3 * mm)


def _holder(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """The person the paper is issued to: the name large, the rest below it."""
    assert block.text is not None
    name, *others = (path for path in block.paths if context.has(path))
    lines = [paragraph(join_distinct(context.words(block.text)), KEY_LABEL)]
    lines += [paragraph(texts, HOLDER) for texts in distinct(context.values(name))]
    for path in others:
        texts = distinct(context.values(path))
        if len(texts) == 1:
            texts = [f"{join_distinct(context.labels(path))}: {texts[0]}"]
        lines += [paragraph(line, CENTRED) for line in texts]
    yield Table(
        [[lines]], [context.width], style=[*cell_padding(2, 5), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)]
    )


def _facts(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    for path in block.paths:
        if context.has(path):
            yield _fact(context.labels(path), context.values(path), context.width)


def _signatory(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """The signatory: the position on the left, the name on the right."""
    office, name = block.paths
    labels = context.values(office)
    yield Spacer(0, 1 * mm)
    yield _fact(labels, [context.values(name)[0]] * len(labels), context.width)


def _fact(labels: Sequence[str], values: Sequence[str], width: float, indent: float = 0) -> Flowable:
    """A label and its value: side by side; in two languages with two values above each other."""
    if len(set(values)) > 1:
        cells: list[Any] = [
            [paragraph(label, LABEL), _value(value, STRONG)]
            for label, value in zip(labels, values, strict=True)
        ]
        widths = [width / len(cells)] * len(cells)
    elif len(labels) > 1 and len(values[0]) > _HALF_LINE:
        cells, widths = [[paragraph(join_distinct(labels), LABEL), _value(values[0], VALUE)]], [width]
    else:
        beside = width * (0.36 if len(labels) == 1 else 0.5)
        style = LABEL_BESIDE if len(labels) == 1 else LABEL
        label = [paragraph(label, style) for label in distinct(labels)]
        cells = [label, _value(values[0], VALUE if len(labels) == 1 else STRONG)]
        widths = [beside, width - beside]
    table_style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *cell_padding(2.5, 3),
        ("LEFTPADDING", (0, 0), (0, -1), indent),
    ]
    return Table([cells], widths, style=table_style, splitInRow=int(max(map(len, values)) > _SPLIT_FROM))


def _value(text: str, style: ParagraphStyle) -> Paragraph:
    """A value; a checksum in small letters on one line."""
    unbroken = len(text) > 48 and not any(letter.isspace() for letter in text)
    return paragraph(text, CHECKSUM if unbroken else style)


def _table(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """A repeated element as a numbered table; a column for each path that any row has."""
    rows = list(context.sheet.items(block.paths[0]))
    shares = dict(zip(block.columns, block.widths or [1] * len(block.columns), strict=True))
    columns = [path for path in shares if any(row.has(path) for row in rows)]
    if not columns:
        return
    named = {path: next(row.labels(path) for row in rows if row.has(path)) for path in columns}
    head: list[Any] = [paragraph("№", LABEL)]
    head += [[paragraph(label, LABEL) for label in distinct(named[path])] for path in columns]
    cell = VALUE if len(columns) < _SMALL_FROM else CELL
    body: list[list[Any]] = [
        [paragraph(str(number), cell)]
        + [[_value(value, cell) for value in distinct(row.values(path)) if value] for path in columns]
        for number, row in enumerate(rows, start=1)
    ]
    first = 9 * mm
    share = (context.width - first) / sum(shares[path] for path in columns)
    widths = [first, *(share * shares[path] for path in columns)]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), MIST),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, TEAL),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *cell_padding(3, 3.5),
    ]
    yield Spacer(0, 1 * mm)
    yield Table([head, *body], widths, style=style, repeatRows=1, splitInRow=1)
    yield Spacer(0, 1 * mm)


def _page(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    yield PageBreak()


def _rest(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """Everything that no other block shows, so that no signed content is left out of a paper."""
    rest = context.sheet.rest(context.shown)
    yield from _tree([tree for _, tree in rest.trees], rest.languages, context.width, depth=0)


def _tree(trees: Sequence[Section], languages: Sequence[str], width: float, depth: int) -> Iterator[Flowable]:
    indent = max(depth - 1, 0) * 5 * mm
    for sections in zip(*(tree.children for tree in trees), strict=True):
        first = sections[0]
        labels = [numbered_label(section) for section in sections]
        if first.leaf:
            yield _fact(labels, [section.value for section in sections], width, indent)
        elif first.bilingual and len(languages) > 1:
            texts = [
                wording_of(section, language) for section, language in zip(sections, languages, strict=True)
            ]
            yield _fact(labels, texts, width, indent)
        elif first.bilingual:
            yield _fact(labels, ["\n".join(child.value for child in first.children)], width, indent)
        else:
            style = ParagraphStyle("indented", SUBHEADING, leftIndent=indent) if depth else HEADING
            yield paragraph(join_distinct(labels), style)
            yield from _tree(sections, languages, width, depth + 1)


def _clause(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """The clause that an electronic document equals a paper one, in the document's own words if any."""
    own = [context.values(path) for path in block.paths if context.has(path)]
    yield Spacer(0, 2 * mm)
    yield KeepTogether(
        [paragraph(text, SMALL) for text in (own[0] if own else context.words(wording()["equal"]))]
    )


def _questions(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """The address of the questionnaire, and the code that opens it."""
    if url := context.proof.questions_url:
        code = receipt_code(context.whole.values(block.of)[0])
        texts = context.words(
            wording()["questions"], url=url, code=" ".join(code[n : n + 4] for n in (0, 4, 8))
        )
        yield Spacer(0, 2 * mm)
        yield KeepTogether([paragraph(text, VALUE) for text in texts])


def _each(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    for sheet in context.sheet.items(block.paths[0]):
        for part in block.blocks:
            yield from draw_block(part, replace(context, sheet=sheet))


def _details(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """What no other block shows, in small letters; with ``paths``, only what is at these paths."""
    rest = context.sheet.rest(context.shown - {*block.paths})
    if block.paths:
        rest = rest.only(block.paths)
    lines = [paragraph(line, SMALLEST) for line in _lines([tree for _, tree in rest.trees], "")]
    if lines and block.text:
        yield Spacer(0, 2 * mm)
        yield KeepTogether([paragraph(join_distinct(context.words(block.text)), LABEL), *lines])


def _lines(trees: Sequence[Section], above: str) -> Iterator[str]:
    for sections in zip(*(tree.children for tree in trees), strict=True):
        label = above + join_distinct(numbered_label(section) for section in sections)
        if sections[0].leaf:
            yield f"{label}: {join_distinct(section.value for section in sections)}"
        else:
            yield from _lines(sections, f"{label} — ")


_BLOCKS: dict[str, Callable[[Block, DrawingContext], Iterator[Flowable]]] = {
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
    "proof": draw_proof,
}
