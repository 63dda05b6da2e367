"""The headings that state the result of a verification."""

from __future__ import annotations

from egovdocs.casework.verification.examine_document import (
    Verdict,
)
from egovdocs.content import LicenceState
from egovdocs.i18n import _

VERDICTS = {
    Verdict.GENUINE: ("good", _("The document is genuine")),
    Verdict.NOT_OURS: ("bad", _("This is not a document of this site")),
    Verdict.BROKEN: ("bad", _("The document is not genuine")),
    Verdict.UNSURE: ("warning", _("It cannot be said whether the document is genuine")),
}
SUPERSEDED = ("warning", _("The document is genuine, but a later one has taken its place"))
IN_FORCE = {
    LicenceState.ISSUED: ("good", _("The licence is genuine and in force")),
    LicenceState.SUSPENDED: ("warning", _("The licence is genuine, but suspended")),
    LicenceState.TERMINATED: ("bad", _("The licence is genuine, but terminated")),
    LicenceState.REISSUED: ("warning", _("The licence is genuine, but replaced by another one")),
    None: ("warning", _("The licence is genuine, but not in force yet")),
}
REGISTERED = {
    LicenceState.ISSUED: ("good", _("A licence with this number is in force")),
    LicenceState.SUSPENDED: ("warning", _("The licence with this number is suspended")),
    LicenceState.TERMINATED: ("bad", _("The licence with this number is terminated")),
    LicenceState.REISSUED: ("warning", _("The licence with this number was replaced by another one")),
    None: ("warning", _("The licence with this number is not in force yet")),
}
