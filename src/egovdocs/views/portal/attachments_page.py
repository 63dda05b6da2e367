"""The documents that are attached to a request."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from egovdocs import schemas
from egovdocs.casework.errors import Mistake
from egovdocs.casework.requests.attach_file import attach_file, mark_papers, remove_file
from egovdocs.content import Case
from egovdocs.i18n import _
from egovdocs.views.portal.document_pages import attachment_at
from egovdocs.views.portal.draft_view import DraftView


@view_defaults(context=Case, name="attachments", permission="edit", renderer="portal/attachments.jinja2")
class AttachmentsPage(DraftView):
    """Attaches and removes files, and marks which originals a visitor showed."""

    saves = True

    @property
    def papers(self) -> bool:
        """Whether the case's table has a step at which originals are shown."""
        return self.procedure.step_for("papers") is not None

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        found = self.problems().get("attachments", []) if self.request.GET.get("from") == "check" else []
        return self.shown(self.at_files(found))

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        post = self.request.POST
        if "remove" in post:
            self.remove(post["remove"])
            self.mark()
            return HTTPSeeOther(f"{self.url}/attachments")
        errors = {}
        sent = False
        self.mark()
        for kind in self.kinds:
            for file in post.getall(f"file-{kind.code}"):
                if not getattr(file, "filename", ""):
                    continue
                sent = True
                try:
                    attach_file(self.office, self.case, kind.code, file.filename, file.file.read())
                except Mistake as mistake:
                    errors[f"file-{kind.code}"] = self.request.tr(mistake.message)
        missing = self.problems().get("attachments", [])
        if "add" in post and not sent and not errors:
            errors["files"] = self.request.tr(_("Choose a file first."))
        if "continue" in post and missing:
            # The reason why a file was rejected says more than that the document is missing.
            errors = self.at_files(missing) | errors
        if errors:
            self.request.response.status_int = 422
            return self.shown(errors)
        return HTTPSeeOther(f"{self.url}/check" if "continue" in post else f"{self.url}/attachments")

    def at_files(self, found: list[schemas.Problem]) -> dict[str, str]:
        """Return problems by the id of the input for the missing document."""
        return {
            problem.path.replace("attachments/", "file-").replace("papers/", "paper-"): self.request.tr(
                problem.message
            )
            for problem in found
        }

    def mark(self) -> None:
        """Store which originals were shown."""
        if self.papers:
            mark_papers(self.office, self.case, self.request.POST.getall("paper"))

    def remove(self, place: str) -> None:
        if (attachment := attachment_at(self.case, place)) is not None:
            remove_file(self.case, attachment)

    def shown(self, errors: dict[str, str]) -> dict[str, Any]:
        attached = list(enumerate(self.case.attachments))
        return self.common(
            kinds=[
                (kind, [(n, file) for n, file in attached if file.kind == kind.code]) for kind in self.kinds
            ],
            errors=errors,
            papers=self.papers,
            back=f"{self.url}/form/{list(self.pages)[-1]}",
        )
