"""What a document is: XSDs, and one folder per service with its editions.

``load_services()`` reads the folders in ``services`` (see ``docs/services.md``).
A ``DocumentType`` builds, reads and checks documents by its XSD.
"""

from egovdocs.schemas.common_edition import CommonEdition
from egovdocs.schemas.documents import DocumentType
from egovdocs.schemas.editions import (
    Editions,
    NotInForce,
    Service,
    ServiceEdition,
    Services,
    UnknownEdition,
)
from egovdocs.schemas.fields import Condition, Field
from egovdocs.schemas.loading import load_common, load_services
from egovdocs.schemas.model import (
    DUTIES,
    END,
    Action,
    AttachmentKind,
    Fee,
    Ground,
    Indicator,
    Limit,
    Procedure,
    Provider,
    Remarks,
    Requirement,
    Step,
)
from egovdocs.schemas.outcomes import make_outcome, make_refusal
from egovdocs.schemas.problems import DocumentProblems, Problem
from egovdocs.schemas.recognition import RecognisedDocument, recognise_document
from egovdocs.schemas.renaming import codes_in, rename_codes, rename_values, renamed_code, renamings
from egovdocs.schemas.service_reader import load_edition
from egovdocs.schemas.text import LANGUAGES, Text
from egovdocs.schemas.toml import Mistake, ServiceError

__all__ = [
    "DUTIES",
    "END",
    "LANGUAGES",
    "Action",
    "AttachmentKind",
    "CommonEdition",
    "Condition",
    "DocumentProblems",
    "DocumentType",
    "Editions",
    "Fee",
    "Field",
    "Ground",
    "Indicator",
    "Limit",
    "Mistake",
    "NotInForce",
    "Problem",
    "Procedure",
    "Provider",
    "RecognisedDocument",
    "Remarks",
    "Requirement",
    "Service",
    "ServiceEdition",
    "ServiceError",
    "Services",
    "Step",
    "Text",
    "UnknownEdition",
    "codes_in",
    "load_common",
    "load_edition",
    "load_services",
    "make_outcome",
    "make_refusal",
    "recognise_document",
    "rename_codes",
    "rename_values",
    "renamed_code",
    "renamings",
]
