"""One page of the form of a request."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from wtforms import FieldList, Form, FormField

from egovdocs.app.request import Request
from egovdocs.casework.requests.save_page import save_page
from egovdocs.content import Case
from egovdocs.views.portal.draft_view import DraftView
from egovdocs.views.shared.schema_forms import (
    drop_empty,
    element_id,
    entered_values,
    page_form,
)


@view_defaults(context=Case, name="form", permission="edit", renderer="portal/form.jinja2")
class FormPage(DraftView):
    """``form/{page}``: one page of the form, made from the schema."""

    saves = True

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        name = request.subpath[0] if len(request.subpath) == 1 else ""
        if name not in self.pages:
            raise HTTPSeeOther(self.url) if self.carried else HTTPNotFound()
        self.page = self.pages[name]
        self.checking = request.params.get("from") == "check"

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        kept = self.case.values.get(self.page.name, {})
        form = self.form(data=kept)
        self.grow(form)
        found = self.problems().get(self.page.name, []) if self.checking else []
        return self.shown(form, found)

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        post = self.request.POST
        form = self.form(post)
        here = f"{self.url}/form/{self.page.name}"
        if "remove" in post:
            remove_entry(form, post["remove"])
        drop_empty(form)
        found = save_page(self.office, self.case, self.page.name, entered_values(form.data))
        if "remove" in post:
            return HTTPSeeOther(f"{here}#{post['remove'].rpartition('-')[0]}")
        if "add" in post:
            return HTTPSeeOther(f"{here}?{urlencode({'add': post['add']})}#{post['add']}")
        if found:
            self.request.response.status_int = 422
            return self.shown(form, found)
        return HTTPSeeOther(self.next_page())

    def form(self, formdata: Any = None, data: Any = None) -> Form:
        return page_form(self.page, self.document, self.request.language)(formdata, data=data)

    def grow(self, form: Form) -> None:
        """Append the empty entry that the button "add another" asks for."""
        name = self.request.GET.get("add", "")
        if name not in form or not isinstance(form[name], FieldList):
            return
        field = form[name]
        if len(field.entries) < field.max_entries and entered_values(field.entries[-1].data):
            field.append_entry()

    def shown(self, form: Form, found: Any) -> dict[str, Any]:
        errors: dict[str, str] = {}
        for problem in found:
            errors.setdefault(
                element_id(form, self.page.name, problem.path), self.request.tr(problem.message)
            )
        names = list(self.pages)
        return self.common(
            page=self.page,
            form=form,
            errors=errors,
            checking=self.checking,
            number=names.index(self.page.name) + 1,
            total=len(names),
            back=f"{self.url}/check" if self.checking else self.previous_page(),
            known=[
                (self.request.tr(child.label), self.request.tr(child.choice(answer) or answer))
                for child in self.page.children
                if not child.asked and (answer := self.case.values.get(self.page.name, {}).get(child.name))
            ],
            alone=[isinstance(entry, FieldList | FormField) for entry in form] == [False],
        )

    def previous_page(self) -> str:
        names = list(self.pages)
        index = names.index(self.page.name)
        return f"{self.url}/form/{names[index - 1]}" if index else self.url

    def next_page(self) -> str:
        if self.carried:
            return self.url
        if self.checking:
            return f"{self.url}/check"
        names = list(self.pages)
        after = names[names.index(self.page.name) + 1 :]
        if after:
            return f"{self.url}/form/{after[0]}"
        return f"{self.url}/attachments" if self.kinds else f"{self.url}/check"


def remove_entry(form: Form, name: str) -> None:
    """Remove the entry of a repeated group whose "remove" button was pressed."""
    group = name.rpartition("-")[0]
    if group in form and isinstance(form[group], FieldList):
        form[group].entries = [entry for entry in form[group].entries if entry.name != name]
