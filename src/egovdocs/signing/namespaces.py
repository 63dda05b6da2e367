"""The XML namespaces of signatures (XML Signature 1.1, 1.3; ETSI EN 319 132-1, 4.2)."""

from __future__ import annotations

from typing import Final

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
DS11: Final = "http://www.w3.org/2009/xmldsig11#"
XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
XADES141: Final = "http://uri.etsi.org/01903/v1.4.1#"
XML: Final = "http://www.w3.org/XML/1998/namespace"
