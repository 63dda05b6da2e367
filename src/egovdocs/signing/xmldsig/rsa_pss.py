"""RSASSA-PSS with parameters in the document (RFC 9231, 2.3.9)."""

from __future__ import annotations

from typing import Any

from lxml import etree
from signxml.algorithms import DigestAlgorithm
from translationstring import TranslationStringFactory

from ..indications import NotPassed, SubIndication
from ..namespaces import DS
from .structure import algorithm_not_allowed, value_text

_ = TranslationStringFactory("egovdocs")

_PSS = "{http://www.w3.org/2007/05/xmldsig-more#}"
_MGF1 = "http://www.w3.org/2007/05/xmldsig-more#MGF1"
_GENERATOR = f"{_PSS}MaskGenerationFunction"
_DIGEST_METHOD = f"{{{DS}}}DigestMethod"


def pss_digests(method: etree._Element) -> list[str]:
    """Return the digest methods that the parameters name, so that the policy can check them.

    :param method: the ds:SignatureMethod element.
    """
    return [digest.get("Algorithm", "") for digest in method.iter(_DIGEST_METHOD)]


def check_pss_parameters(method: etree._Element) -> None:
    """:raises NotPassed: the parameters cannot be read, or require something that is not supported."""
    for generator in method.iter(_GENERATOR):
        if generator.get("Algorithm") != _MGF1:
            raise algorithm_not_allowed(generator.get("Algorithm", ""))
    try:
        pss_parameters(method)
    except ValueError:
        raise NotPassed(
            SubIndication.FORMAT_FAILURE,
            "algorithms",
            _("The parameters of the RSA-PSS signature cannot be read, or are not those of RFC 9231."),
        ) from None


def pss_parameters(method: etree._Element) -> tuple[int, Any, Any]:
    """Return the length of the salt in bytes, the mask digest and the message digest.

    The default is SHA-256, and the size of the message digest (RFC 9231, 2.3.9).

    :raises ValueError: they cannot be read.
    """
    parameters = method.find(f"{_PSS}RSAPSSParams")
    if parameters is None:
        parameters = method
    digest = _digest(parameters.find(_DIGEST_METHOD), DigestAlgorithm.SHA256)
    generator = parameters.find(_GENERATOR)
    mask = _digest(None if generator is None else generator.find(_DIGEST_METHOD), digest)
    salt = parameters.find(f"{_PSS}SaltLength")
    trailer = parameters.find(f"{_PSS}TrailerField")
    if trailer is not None and value_text(trailer) != "1":
        raise ValueError("unknown trailer field")
    length = digest.implementation().digest_size if salt is None else int(value_text(salt))
    if length < 0:
        raise ValueError("negative length of the salt")
    return length, mask.implementation(), digest.implementation()


def _digest(element: etree._Element | None, default: DigestAlgorithm) -> DigestAlgorithm:
    return default if element is None else DigestAlgorithm(element.get("Algorithm"))
