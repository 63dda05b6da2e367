"""The messages of the entities register (ГБД ЮЛ) over the gateway. The request is a signed document."""

from __future__ import annotations

from lxml import etree

from egovdocs.content import Entity
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway.messages import escaped_data, new_data
from egovdocs.integrations.gateway.soap import parse_xml
from egovdocs.integrations.gateway.xmlutil import (
    UnexpectedStructure,
    add,
    add_all,
    child,
    children,
    date_value,
    text,
    text_in_language,
)
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
# The codes are not public; the register's operator names them when a site is connected.
FOUND = "001"
NOT_FOUND = "002"


def build_request(bin: str, signer: Signer) -> etree._Element:
    """Build the request for the entity of a BIN.

    :param signer: the key of an organisation that the register accepts requests of.
    """
    root = etree.Element(f"{{{NAMESPACE}}}Request", nsmap={"g": NAMESPACE})
    values = {"RequestorBIN": holder(signer.certificate).bin or "", "BIN": bin}
    add_all(root, values, NAMESPACE)
    return escaped_data(sign(etree.tostring(root), signer))


def parse_request(data: etree._Element, policy: ValidationPolicy) -> str:
    """Return the BIN of a request whose signature is valid.

    :raises UnexpectedStructure: there is none, or the signature does not pass.
    """
    report = validate((data.text or "").strip().encode(), policy)
    if report.indication is not Indication.TOTAL_PASSED or report.content is None:
        raise UnexpectedStructure("the request is not signed by its sender")
    return text(parse_xml(report.content), "BIN")


def build_response(entity: Entity | None) -> etree._Element:
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


def parse_response(data: etree._Element, bin: str) -> Entity | None:
    """Return the entity in a response; None when the register has none of that BIN.

    :param bin: the BIN of the request.
    :raises ExternalSystemUnavailable: the register reports an error.
    :raises ForgedResponse: the response is about another entity.
    :raises UnexpectedStructure: a part is missing or can't be read.
    """
    if not children(data, "Organization"):
        if text(data, "Status", "Code") == NOT_FOUND:
            return None
        raise ExternalSystemUnavailable("the entities register reports an error")
    organization = child(data, "Organization")
    if text(organization, "BIN") != bin:
        raise ForgedResponse("the response is about another entity")
    address = child(organization, "Address")
    return Entity(
        bin=bin,
        name_ru=text(organization, "FullNameRu"),
        name_kk=text(organization, "FullNameKz"),
        address_ru=text_in_language(address, "Ru"),
        address_kk=text_in_language(address, "Kz"),
        registered=date_value(organization, "RegistrationDate"),
        head=text(organization, "OrganizationLeader", "IIN"),
    )


def request_policy(trust: TrustStore) -> ValidationPolicy:
    """Return the policy for the signature of a request.

    :param trust: holds the sender's own certificate as an anchor.
    """
    return ValidationPolicy(trust=trust, revocation=Revocation.NONE)
