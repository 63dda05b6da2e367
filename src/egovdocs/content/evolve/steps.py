"""All steps, in order."""

from __future__ import annotations

from egovdocs.content.evolve import step_2026_12_01_class_names, step_2026_12_01_editions

STEPS = (step_2026_12_01_class_names.STEP, step_2026_12_01_editions.STEP)

SCHEMA_VERSION = len(STEPS)
