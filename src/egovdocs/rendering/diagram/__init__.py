"""The interaction diagrams of the regulation, which its printed copies lost, drawn from the table of steps.

One drawing shows a procedure; given a case's journal as well, it shows the way the case took, its times
against the limits, and where it stands now.
"""

from egovdocs.rendering.diagram.drawing import draw
from egovdocs.rendering.diagram.layout import Layout, lay_out
from egovdocs.rendering.diagram.progress import Passage, Progress, limit_words, progress_of

__all__ = ["Layout", "Passage", "Progress", "draw", "lay_out", "limit_words", "progress_of"]
