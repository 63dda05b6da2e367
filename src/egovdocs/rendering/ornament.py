"""The rosette and the frame of official papers, drawn from curves."""

from __future__ import annotations

from math import cos, pi, sin

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

INK = HexColor(0x12262E)
QUIET = HexColor(0x47606A)
TEAL = HexColor(0x00647C)
GOLD = HexColor(0xB8892B)
STAMP = HexColor(0xA3262A)
LINE = HexColor(0xBFD0D6)
MIST = HexColor(0xEFF6F8)


class Rosette(Flowable):
    """A guilloche rosette."""

    def __init__(self, size: float) -> None:
        super().__init__()
        self.width = self.height = size
        self.hAlign = "CENTER"

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.translate(self.width / 2, self.height / 2)
        draw_rosette(self.canv, self.width / 2)
        self.canv.restoreState()


def draw_rosette(canvas: Canvas, radius: float) -> None:
    """Draw a rosette around the origin."""
    canvas.setLineWidth(radius / 90)
    for petals, wave, reach, colour in (
        (12, 0.16, 0.84, TEAL),
        (12, -0.16, 0.84, TEAL),
        (8, 0.14, 0.58, GOLD),
        (8, -0.14, 0.58, GOLD),
        (6, 0.12, 0.32, TEAL),
        (6, -0.12, 0.32, TEAL),
    ):
        canvas.setStrokeColor(colour)
        for turn in range(3):
            _wave(canvas, radius, petals, wave, reach, phase=turn * pi / 3)


def _wave(canvas: Canvas, radius: float, petals: int, wave: float, reach: float, phase: float) -> None:
    path = canvas.beginPath()
    steps = petals * 24
    for step in range(steps + 1):
        angle = 2 * pi * step / steps
        distance = radius * (reach + wave * sin(petals * angle + phase))
        point = distance * cos(angle), distance * sin(angle)
        path.lineTo(*point) if step else path.moveTo(*point)
    canvas.drawPath(path)


def draw_frame(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """Draw a licence's frame: a teal line, a gold one inside it, and a woven band between them."""
    band = 9.0
    canvas.saveState()
    canvas.setLineWidth(1.1)
    canvas.setStrokeColor(TEAL)
    canvas.rect(x, y, width, height)
    canvas.setLineWidth(0.5)
    canvas.setStrokeColor(GOLD)
    canvas.rect(x + band, y + band, width - 2 * band, height - 2 * band)
    for colour, phase in ((TEAL, 0.0), (GOLD, pi), (LINE, pi / 2)):
        _weave(canvas, x, y, width, height, band, colour, phase)
    canvas.restoreState()


def _weave(
    canvas: Canvas, x: float, y: float, width: float, height: float, band: float, colour: Color, phase: float
) -> None:
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.35)
    middle, swing = band / 2, band * 0.34
    inner_width, inner_height = width - band, height - band
    corners = (
        (x + middle, y + middle, 1, 0, inner_width),
        (x + width - middle, y + middle, 0, 1, inner_height),
        (x + width - middle, y + height - middle, -1, 0, inner_width),
        (x + middle, y + height - middle, 0, -1, inner_height),
    )
    for left, bottom, right, up, length in corners:
        waves = round(length / 14)
        path = canvas.beginPath()
        steps = waves * 12
        for step in range(steps + 1):
            along = length * step / steps
            aside = swing * sin(2 * pi * waves * step / steps + phase)
            point = left + right * along - up * aside, bottom + up * along + right * aside
            path.lineTo(*point) if step else path.moveTo(*point)
        canvas.drawPath(path)
