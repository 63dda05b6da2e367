"""The evidence of one document."""

from __future__ import annotations

from persistent import Persistent

from egovdocs.content.evidence_values import EvidenceValues
from egovdocs.signing import Evidence


class KeptEvidence(Persistent):
    """The evidence of one document; its values are objects of their own.

    :ivar holds_until: the moment by which it has to be renewed.
    """

    def __init__(self, evidence: Evidence, values: EvidenceValues) -> None:
        self._dumped = evidence.dump(values.store)
        self.holds_until = evidence.holds_until

    @property
    def evidence(self) -> Evidence:
        """The evidence, with its values loaded."""
        return Evidence.load(self._dumped, lambda stored: stored.data)
