"""The notary register (ЕНИС) over the gateway.

The shape of its messages is not public. This one follows the persons register's, in a namespace of ours, so
that everything around it is real; the true shape takes this module's place.
"""

from __future__ import annotations

from lxml import etree

from egovdocs.content import PowerOfAttorney
from egovdocs.integrations.gateway.channel import new_data
from egovdocs.integrations.gateway.xmlutil import add, add_all, child, children, day, text
from egovdocs.integrations.state_registers.register_ports import ForgedAnswer, RegisterUnavailable

SERVICE = "ENIS_PowerOfAttorney"
NAMESPACE = "urn:egovdocs:notary:1"
FOUND = "00000"
NOT_FOUND = "00001"


def question(number: str, principal: str, representative: str) -> etree._Element:
    data = new_data(NAMESPACE, "Request")
    add_all(data, {"number": number, "principal": principal, "representative": representative})
    return data


def asked(data: etree._Element) -> tuple[str, str, str]:
    """Number, principal and representative of a question.

    :raises egovdocs.integrations.gateway.xmlutil.WrongShape: it is no question.
    """
    return text(data, "number"), text(data, "principal"), text(data, "representative")


def answer(power: PowerOfAttorney | None) -> etree._Element:
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


def read_answer(
    data: etree._Element, number: str, principal: str, representative: str
) -> PowerOfAttorney | None:
    """The power of attorney that was asked for; None when there is none such.

    :raises RegisterUnavailable: the register could not look.
    :raises ForgedAnswer: it is about another one.
    :raises egovdocs.integrations.gateway.xmlutil.WrongShape: it is no answer.
    """
    code = text(data, "messageResult", "code")
    if code == NOT_FOUND:
        return None
    if code != FOUND:
        raise RegisterUnavailable("the notary register could not look")
    entry = child(data, "powerOfAttorney")
    if asked(entry) != (number, principal, representative):
        raise ForgedAnswer("the answer is about another power of attorney")
    return PowerOfAttorney(
        number=number,
        principal=principal,
        representative=representative,
        issued=day(entry, "issueDate"),
        expires=day(entry, "endDate"),
        revoked=day(entry, "revocationDate") if children(entry, "revocationDate") else None,
        notary=text(entry, "notary"),
        subject_ru=text(entry, "subject", "nameRu"),
        subject_kk=text(entry, "subject", "nameKz"),
    )
