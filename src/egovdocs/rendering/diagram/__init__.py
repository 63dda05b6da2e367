"""The interaction diagrams of the regulation, drawn from the table of steps.

A diagram shows a procedure. With a case's journal it also shows the steps the case passed, their times
against the limits, and the current step.
"""

from egovdocs.rendering.diagram.drawing import draw
from egovdocs.rendering.diagram.layout import DiagramLayout, lay_out
from egovdocs.rendering.diagram.progress import Passage, Progress, limit_words, progress_of

__all__ = ["DiagramLayout", "Passage", "Progress", "draw", "lay_out", "limit_words", "progress_of"]
