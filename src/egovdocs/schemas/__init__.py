"""What a document is: XSDs, and one folder per service.

``load_services()`` reads the folders beside this file (``docs/services.md`` says how to write one).
A ``DocumentType`` builds, reads and checks documents as its XSD says.
"""

from egovdocs.schemas.documents import DocumentProblems, DocumentType, Problem
from egovdocs.schemas.fields import Condition, Field
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
    Service,
    Step,
)
from egovdocs.schemas.orders import find_ground, order_grounds
from egovdocs.schemas.services import DOCUMENT_TYPES, document_type_of, load_service, load_services
from egovdocs.schemas.text import LANGUAGES, Text
from egovdocs.schemas.toml import Mistake, ServiceError

__all__ = [
    "DOCUMENT_TYPES",
    "DUTIES",
    "END",
    "LANGUAGES",
    "Action",
    "AttachmentKind",
    "Condition",
    "DocumentProblems",
    "DocumentType",
    "Fee",
    "Field",
    "Ground",
    "Indicator",
    "Limit",
    "Mistake",
    "Problem",
    "Procedure",
    "Provider",
    "Remarks",
    "Requirement",
    "Service",
    "ServiceError",
    "Step",
    "Text",
    "document_type_of",
    "find_ground",
    "load_service",
    "load_services",
    "order_grounds",
]
