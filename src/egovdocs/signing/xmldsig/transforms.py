"""Transforms of references, recognised but never evaluated: each has one of a few known forms, or is reported
as not supported (XML Signature 1.1, 6.6; XML Signature Best Practices, 2.1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from lxml import etree
from translationstring import TranslationStringFactory

from ..crypto.algorithms import BASE64, CANONICALIZATIONS, ENVELOPED, FILTER2, XPATH
from ..indications import NotPassed, SubIndication
from ..namespaces import DS
from ..policy import ValidationPolicy
from .structure import Transform

_ = TranslationStringFactory("egovdocs")

Omission = Literal["nothing", "own", "all"]
"""Which signatures the transforms remove: none, the signature of the reference, or all."""

_SIGNATURE_NAME = r"([^\s:()\[\]|/]+):Signature"


def _expression(*parts: str) -> re.Pattern[str]:
    """Return a pattern for an XPath expression of these tokens, with optional white space between them (XPath
    1.0, 3.7).
    """
    tokens = (part if part is _SIGNATURE_NAME else re.escape(part) for part in parts)
    return re.compile(r"[ \t\r\n]*".join(["", *tokens, ""]))


_INSIDE = ("ancestor-or-self", "::", _SIGNATURE_NAME)
_OWN = ("here", "(", ")", "/", "ancestor", "::", _SIGNATURE_NAME, "[", "1", "]")
_NOT_IN_A_SIGNATURE = _expression("not", "(", *_INSIDE, ")")
# The meaning of the enveloped-signature transform as XPath (XML Signature 1.1, 6.6.4).
_NOT_IN_THIS_SIGNATURE = _expression(
    "count", "(", *_INSIDE, "|", *_OWN, ")", ">", "count", "(", *_INSIDE, ")"
)
_EVERY_SIGNATURE = (
    _expression("/", "descendant", "::", _SIGNATURE_NAME),
    _expression("//", _SIGNATURE_NAME),
)
_THIS_SIGNATURE = _expression(*_OWN)


@dataclass(frozen=True, slots=True)
class TransformPlan:
    """The transforms of a reference: the signatures to omit, then how to make bytes."""

    omits: Omission
    from_base64: bool
    canonicalizations: tuple[Transform, ...]

    @property
    def is_plain(self) -> bool:
        """Whether the bytes are those of the whole target, as markup."""
        return self.omits == "nothing" and not self.from_base64


def plan_transforms(transforms: Sequence[Transform], policy: ValidationPolicy) -> TransformPlan:
    """Recognise the transforms of a reference.

    :raises NotPassed: one is not allowed, or has no known form.
    """
    omits: Omission = "nothing"
    from_base64 = False
    canonicalizations: list[Transform] = []
    for transform in transforms:
        algorithm = transform.algorithm
        if algorithm not in policy.transforms:
            raise transform_not_supported(algorithm)
        if algorithm in CANONICALIZATIONS and not from_base64:
            canonicalizations.append(transform)
        elif canonicalizations or from_base64:
            raise transform_not_supported(algorithm)
        elif algorithm == ENVELOPED:
            omits = _larger(omits, "own")
        elif algorithm == BASE64 and omits == "nothing":
            from_base64 = True
        elif algorithm in (XPATH, FILTER2):
            omits = _larger(omits, _xpath_omission(transform))
        else:
            raise transform_not_supported(algorithm)
    return TransformPlan(omits, from_base64, tuple(canonicalizations))


def transform_not_supported(algorithm: str) -> NotPassed:
    return NotPassed(
        SubIndication.SIG_CONSTRAINTS_FAILURE,
        "transforms",
        _(
            "The signature uses a transform that is not supported: ${algorithm}",
            mapping={"algorithm": algorithm},
        ),
    )


def _xpath_omission(transform: Transform) -> Omission:
    """Return what an XPath or XPath Filter 2.0 transform omits.

    :raises NotPassed: one of its expressions has no known form.
    """
    expressions = list(transform.element.iterchildren(etree.Element))
    recognise = _filter_omission if transform.algorithm == FILTER2 else _selection_omission
    found = [each for each in map(recognise, expressions) if each is not None]
    if not found or len(found) < len(expressions) or (transform.algorithm == XPATH and len(found) > 1):
        raise transform_not_supported(transform.algorithm)
    return reduce(_larger, found)


def _selection_omission(expression: etree._Element) -> Omission | None:
    """Return what an XPath expression does not select (XML Signature 1.1, 6.6.3); None when it is unknown."""
    if expression.tag == f"{{{DS}}}XPath":
        if _matches(_NOT_IN_A_SIGNATURE, expression):
            return "all"
        if _matches(_NOT_IN_THIS_SIGNATURE, expression):
            return "own"
    return None


def _filter_omission(expression: etree._Element) -> Omission | None:
    """Return what a filter subtracts (XML-Signature XPath Filter 2.0, 3.4); None when it is unknown.

    "intersect /" is not supported: libxmlsec and the JDK give different results for it.
    """
    if expression.tag == f"{{{FILTER2}}}XPath" and expression.get("Filter") == "subtract":
        if any(_matches(pattern, expression) for pattern in _EVERY_SIGNATURE):
            return "all"
        if _matches(_THIS_SIGNATURE, expression):
            return "own"
    return None


def _larger(one: Omission, other: Omission) -> Omission:
    return "all" if "all" in (one, other) else "own" if "own" in (one, other) else "nothing"


def _matches(pattern: re.Pattern[str], expression: etree._Element) -> bool:
    """Return whether an expression has this form, with prefixes that mean the namespace of XML signatures."""
    if len(expression):
        return False
    match = pattern.fullmatch(expression.text or "")
    return match is not None and {expression.nsmap.get(prefix) for prefix in match.groups()} == {DS}
