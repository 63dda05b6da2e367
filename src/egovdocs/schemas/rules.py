"""Rules for a service's documents that their XSDs can't express."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from egovdocs.schemas import identifiers, wording
from egovdocs.schemas.model import Action, AttachmentKind, Procedure
from egovdocs.schemas.problems import Problem, Rule


def own_service(service: str) -> Rule:
    """Check that a document of a service names that service."""

    def rule(values: Mapping[str, Any]) -> Iterator[Problem]:
        if values["service"] != service:
            yield Problem("service", wording.ANOTHER_SERVICE)

    return rule


def request_rule(
    service: str,
    applicants: tuple[str, ...],
    actions: Mapping[str, Action],
    channels: Mapping[str, Procedure],
    attachments: tuple[AttachmentKind, ...],
) -> Rule:
    """Check a request against the service's own data."""

    def rule(values: Mapping[str, Any]) -> Iterator[Problem]:
        yield from own_service(service)(values)
        applicant = values["applicant"]
        if applicant["kind"] not in applicants:
            yield Problem("applicant/kind", wording.NOT_FOR_THIS_KIND)
        if identifiers.kind_of(applicant["identifier"]) != applicant["kind"]:
            yield Problem("applicant/identifier", wording.KIND_AND_NUMBER)
        if values["channel"] not in channels:
            yield Problem("channel", wording.NO_SUCH_CHANNEL)
        action = actions.get(values["action"])
        if action is None:
            yield Problem("action", wording.NO_SUCH_ACTION)
            return
        procedure = channels.get(values["channel"])
        pays = procedure is not None and procedure.step_for("payment") is not None
        if pays and action.fee is not None and "payment" not in values:
            yield Problem("payment", wording.NOT_PAID)
        if procedure is not None and (values["channel"] == "portal") is ("reception" in values):
            yield Problem("reception", wording.NOT_RECEIVED)
        kinds = [k for k in attachments if action.id in k.actions and values["channel"] in k.channels]
        yield from _attached(kinds, values.get("attachments", {}).get("attachment", []))
        takes_papers = procedure is not None and procedure.step_for("papers") is not None
        shown = values.get("papers", {}).get("paper", [])
        yield from _shown(kinds if takes_papers else [], shown)

    return rule


def _shown(kinds: list[AttachmentKind], codes: list[str]) -> Iterator[Problem]:
    """Check the papers marked as shown, where the procedure marks them."""
    known = {kind.code for kind in kinds}
    for index, code in enumerate(codes, 1):
        if code not in known:
            yield Problem(f"papers/paper[{index}]", wording.NO_SUCH_ATTACHMENT)
    for kind in kinds:
        if kind.required and kind.code not in codes:
            yield Problem("papers", wording.NOT_SHOWN.with_values(label=kind.title))


def _attached(kinds: list[AttachmentKind], files: list[Mapping[str, Any]]) -> Iterator[Problem]:
    expected = {kind.code: kind for kind in kinds}
    for index, file in enumerate(files, 1):
        kind = expected.get(file["kind"])
        path = f"attachments/attachment[{index}]"
        if kind is None:
            yield Problem(f"{path}/kind", wording.NO_SUCH_ATTACHMENT)
        elif file["mediaType"] not in kind.media_types:
            yield Problem(f"{path}/mediaType", wording.WRONG_FORMAT.with_values(label=kind.title))
        elif int(file["size"]) > kind.max_bytes:
            most = kind.max_bytes // 1024**2
            yield Problem(f"{path}/size", wording.TOO_LARGE.with_values(label=kind.title, most=most))
    given = {file["kind"] for file in files}
    for kind in kinds:
        if kind.required and kind.code not in given:
            yield Problem("attachments", wording.NOT_ATTACHED.with_values(label=kind.title))
