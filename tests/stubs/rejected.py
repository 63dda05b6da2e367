"""Mistakes that mypy must find. With ``persistent`` untyped, it finds none of those marked here."""

from datetime import date

from egovdocs.app.request import Request
from egovdocs.content import Account, Case, Licence, Site


def mistakes(site: Site, case: Case, licence: Licence, account: Account) -> None:
    case.nummer = "2026-000001"  # error: attr-defined
    case.deadline = "2026-06-01"  # error: assignment
    site.cases.reindexx(case)  # error: attr-defined
    site.cases.reindex(licence)  # error: arg-type
    print(site.casess)  # error: attr-defined
    site.cases.by_number(7)  # error: arg-type
    print(case.documents["request"].sha265)  # error: attr-defined
    case.attachments.append("plan.pdf")  # error: arg-type
    case.values[7] = "a value"  # error: index
    licence.record(account.leave)  # error: arg-type
    account._p_changd = True  # error: attr-defined
    site.registers.entries(date.today())  # error: arg-type


def mistakes_of_views(request: Request) -> None:
    print(request.offic)  # error: attr-defined
    print(request.site.cases["2026-000001"].nummer)  # error: attr-defined
    print(request.identity.roles)  # error: union-attr
    request.tr(7)  # error: arg-type
    request.may(request.site)  # error: arg-type
    print(request.settings.site_ulr)  # error: attr-defined
    request.session.flush("done")  # error: attr-defined


def correct(site: Site, case: Case) -> None:
    case.number = "2026-000001"
    site.cases.reindex(case)
    case._p_changed = True
