"""The entities register (ГБД ЮЛ) over the gateway: its signed question and its answer."""

from __future__ import annotations

from lxml import etree

from egovdocs.content import Entity
from egovdocs.integrations.gateway.channel import escaped_data, new_data
from egovdocs.integrations.gateway.soap import parse
from egovdocs.integrations.gateway.xmlutil import (
    WrongShape,
    add,
    add_all,
    child,
    children,
    day,
    in_language,
    text,
)
from egovdocs.integrations.state_registers.register_ports import ForgedAnswer, RegisterUnavailable
from egovdocs.signing import (
    Indication,
    Revocation,
    Signer,
    TrustStore,
    ValidationPolicy,
    holder,
    sign,
    validate,
)

SERVICE = "GbdulInfoByBin_v2"
NAMESPACE = "http://gbdulinfobybin_v2.egp.gbdul.tamur.kz"
# The codes are not public: the register's operator names them when a site is connected.
FOUND = "001"
NOT_FOUND = "002"


def question(bin: str, signer: Signer) -> etree._Element:
    """The question as a document, signed by whom the register lets ask."""
    root = etree.Element(f"{{{NAMESPACE}}}Request", nsmap={"g": NAMESPACE})
    values = {"RequestorBIN": holder(signer.certificate).bin or "", "BIN": bin}
    add_all(root, values, NAMESPACE)
    return escaped_data(sign(etree.tostring(root), signer))


def asked(data: etree._Element, policy: ValidationPolicy) -> str:
    """The BIN a question is about, once its signature is valid.

    :raises WrongShape: it is no question, or not signed by who sends it.
    """
    report = validate((data.text or "").strip().encode(), policy)
    if report.indication is not Indication.TOTAL_PASSED or report.content is None:
        raise WrongShape("a question that its sender did not sign")
    return text(parse(report.content), "BIN")


def answer(entity: Entity | None) -> etree._Element:
    data = new_data(NAMESPACE, "Response")
    status = add(data, "Status")
    if entity is None:
        add_all(status, {"Code": NOT_FOUND, "NameRu": "Данные не найдены"})
        return data
    add_all(status, {"Code": FOUND, "NameRu": "Данные найдены"})
    organization = add(data, "Organization")
    add_all(organization, {"BIN": entity.bin, "RegistrationDate": entity.registered.isoformat()})
    add_all(organization, {"FullNameRu": entity.name_ru, "FullNameKz": entity.name_kk})
    add_all(add(organization, "OrganizationLeader"), {"IIN": entity.head})
    add_all(add(organization, "Address"), {"NameRu": entity.address_ru, "NameKz": entity.address_kk})
    return data


def read_answer(data: etree._Element, bin: str) -> Entity | None:
    """The entity that was asked for; None when the register has none of that BIN.

    :raises RegisterUnavailable: the register could not look.
    :raises ForgedAnswer: it is about another one.
    :raises WrongShape: it is no answer.
    """
    if not children(data, "Organization"):
        if text(data, "Status", "Code") == NOT_FOUND:
            return None
        raise RegisterUnavailable("the entities register could not look")
    organization = child(data, "Organization")
    if text(organization, "BIN") != bin:
        raise ForgedAnswer("the answer is about another entity")
    address = child(organization, "Address")
    return Entity(
        bin=bin,
        name_ru=text(organization, "FullNameRu"),
        name_kk=text(organization, "FullNameKz"),
        address_ru=in_language(address, "Ru"),
        address_kk=in_language(address, "Kz"),
        registered=day(organization, "RegistrationDate"),
        head=text(organization, "OrganizationLeader", "IIN"),
    )


def policy_for(trust: TrustStore) -> ValidationPolicy:
    """By what a question's signature is judged: its sender is known by the certificate itself."""
    return ValidationPolicy(trust=trust, revocation=Revocation.NONE)
