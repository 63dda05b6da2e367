"""All steps, in order."""

from __future__ import annotations

from egovdocs.content.evolve import step_2026_12_01_class_names

STEPS = (step_2026_12_01_class_names.STEP,)

SCHEMA_VERSION = len(STEPS)
