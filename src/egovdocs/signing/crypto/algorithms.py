"""Algorithms by their XML identifiers (XML Signature 1.1, 6; RFC 9231): those implemented, which are also
those allowed by default.

The identifiers come from signxml's enumerations where it has them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

from signxml.algorithms import CanonicalizationMethod as Canonicalization
from signxml.algorithms import DigestAlgorithm as Digest
from signxml.algorithms import SignatureMethod as Method

from ..namespaces import DS

EXCLUSIVE: Final = Canonicalization.EXCLUSIVE_XML_CANONICALIZATION_1_0.value
FILTER2: Final = "http://www.w3.org/2002/06/xmldsig-filter2"

ENVELOPED: Final = f"{DS}enveloped-signature"
BASE64: Final = f"{DS}base64"
XPATH: Final = "http://www.w3.org/TR/1999/REC-xpath-19991116"

RSA_PSS: Final = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss"
"""RSASSA-PSS with its parameters in the document (RFC 9231, 2.3.9); signxml implements only the forms without
parameters (RFC 9231, 2.3.10).
"""

SHA256: Final = Digest.SHA256.value

DIGESTS: Final[dict[str, Callable[[bytes], Any]]] = {
    SHA256: hashlib.sha256,
    Digest.SHA384.value: hashlib.sha384,
    Digest.SHA512.value: hashlib.sha512,
    Digest.SHA3_256.value: hashlib.sha3_256,
    Digest.SHA3_384.value: hashlib.sha3_384,
    Digest.SHA3_512.value: hashlib.sha3_512,
}

DIGEST_METHODS: Final = frozenset(DIGESTS)
PSS_METHODS: Final = frozenset(
    {
        RSA_PSS,
        Method.SHA256_RSA_MGF1.value,
        Method.SHA384_RSA_MGF1.value,
        Method.SHA512_RSA_MGF1.value,
        Method.SHA3_256_RSA_MGF1.value,
        Method.SHA3_384_RSA_MGF1.value,
        Method.SHA3_512_RSA_MGF1.value,
    }
)
SIGNATURE_METHODS: Final = PSS_METHODS | frozenset(
    {
        Method.RSA_SHA256.value,
        Method.RSA_SHA384.value,
        Method.RSA_SHA512.value,
        Method.ECDSA_SHA256.value,
        Method.ECDSA_SHA384.value,
        Method.ECDSA_SHA512.value,
        Method.ECDSA_SHA3_256.value,
        Method.ECDSA_SHA3_384.value,
        Method.ECDSA_SHA3_512.value,
    }
)
CANONICALIZATIONS: Final = frozenset(method.value for method in Canonicalization)
TRANSFORMS: Final = frozenset({ENVELOPED, BASE64, XPATH, FILTER2}) | CANONICALIZATIONS
CURVES: Final = frozenset(
    {"secp256r1", "secp384r1", "secp521r1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"}
)
