"""The messages of the notary register (ЕНИС) over the gateway.

Their real structure is not public. This one follows the persons register's, in a namespace of this project;
only this module must change when the real structure is known.
"""

from __future__ import annotations

from lxml import etree

from egovdocs.content import PowerOfAttorney
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway.messages import new_data
from egovdocs.integrations.gateway.xmlutil import add, add_all, child, children, date_value, text

SERVICE = "ENIS_PowerOfAttorney"
NAMESPACE = "urn:egovdocs:notary:1"
FOUND = "00000"
NOT_FOUND = "00001"


def build_request(number: str, principal: str, representative: str) -> etree._Element:
    data = new_data(NAMESPACE, "Request")
    add_all(data, {"number": number, "principal": principal, "representative": representative})
    return data


def parse_request(data: etree._Element) -> tuple[str, str, str]:
    """Return number, principal and representative of a request.

    :raises egovdocs.integrations.gateway.xmlutil.UnexpectedStructure: one is missing.
    """
    return text(data, "number"), text(data, "principal"), text(data, "representative")


def build_response(power: PowerOfAttorney | None) -> etree._Element:
    data = new_data(NAMESPACE, "Response")
    add_all(add(data, "messageResult"), {"code": NOT_FOUND if power is None else FOUND})
    if power is not None:
        values = {
            "number": power.number,
            "principal": power.principal,
            "representative": power.representative,
            "issueDate": power.issued.isoformat(),
            "endDate": power.expires.isoformat(),
            "revocationDate": power.revoked.isoformat() if power.revoked else "",
            "notary": power.notary,
        }
        entry = add(data, "powerOfAttorney")
        add_all(entry, values)
        add_all(add(entry, "subject"), {"nameRu": power.subject_ru, "nameKz": power.subject_kk})
    return data


def parse_response(
    data: etree._Element, number: str, principal: str, representative: str
) -> PowerOfAttorney | None:
    """Return the power of attorney in a response; None when the register has none.

    The other parameters are those of the request.

    :raises ExternalSystemUnavailable: the register reports an error.
    :raises ForgedResponse: the response is about another power of attorney.
    :raises egovdocs.integrations.gateway.xmlutil.UnexpectedStructure: a part is missing or can't be read.
    """
    code = text(data, "messageResult", "code")
    if code == NOT_FOUND:
        return None
    if code != FOUND:
        raise ExternalSystemUnavailable("the notary register reports an error")
    entry = child(data, "powerOfAttorney")
    if parse_request(entry) != (number, principal, representative):
        raise ForgedResponse("the response is about another power of attorney")
    return PowerOfAttorney(
        number=number,
        principal=principal,
        representative=representative,
        issued=date_value(entry, "issueDate"),
        expires=date_value(entry, "endDate"),
        revoked=date_value(entry, "revocationDate") if children(entry, "revocationDate") else None,
        notary=text(entry, "notary"),
        subject_ru=text(entry, "subject", "nameRu"),
        subject_kk=text(entry, "subject", "nameKz"),
    )
