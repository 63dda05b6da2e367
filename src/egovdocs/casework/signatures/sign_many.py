"""Sign several outcomes in one session. Each has its own offer, checks and signature.

In the browser the key is opened once and signs one document after the other. Without a browser key, the
unsigned documents are signed in another program; what comes back is recognised by its content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.issue_outcome import offer_outcome
from egovdocs.casework.signatures.offer_signing import SIGNING_LIFE, new_token
from egovdocs.casework.signatures.sign_document import upload_signed
from egovdocs.content import Account, Case, Signing, SigningBatch, Site
from egovdocs.signing import canonical, validate

_ = TranslationStringFactory("egovdocs")

MAX_AT_ONCE = 50


@dataclass(frozen=True)
class Uploaded:
    """What happened to an uploaded file: the case whose outcome it is, or why it was not accepted."""

    name: str
    case: Case | None = None
    problem: TranslationString | None = None


def offer_outcomes(office: Office, site: Site, cases: Sequence[Case], account: Account) -> SigningBatch:
    """Offer the outcomes of decided cases to a signatory, each by itself, on one page.

    :raises Mistake: none or too many are chosen, or this signatory may not sign one of them.
    :raises Decided: the decision of one of them does not wait for a signature.
    """
    if not cases:
        raise Mistake(_("Choose the requests whose decisions you sign."))
    if len(cases) > MAX_AT_ONCE:
        raise Mistake(_("At most ${most} decisions are signed at once.", mapping={"most": MAX_AT_ONCE}))
    now = office.clock()
    signings = [offer_outcome(office, site, case, account) for case in cases]
    tokens = [each.token for each in signings]
    batch = SigningBatch(new_token(), tokens, account.login, now, now + SIGNING_LIFE)
    for each in signings:
        each.batch = batch.token
    site.signings.add(batch)
    return batch


def signings_of(site: Site, batch: SigningBatch) -> list[Signing]:
    """Return the signings of a batch that have not been removed yet."""
    found = (site.signings.get(token) for token in batch.signings)
    return [each for each in found if each is not None]


def upload_many(
    office: Office, site: Site, batch: SigningBatch, files: Sequence[tuple[str, bytes]]
) -> Iterator[Uploaded]:
    """Accept documents of a batch that were signed elsewhere: each that passes, whatever happens to the
    others.

    :param files: the name and the bytes of each. A document is recognised by its content, not by its name.
    :returns: the result of each file.
    """
    offered = {canonical(each.document): each for each in signings_of(site, batch)}
    for name, signed in files:
        report = validate(signed, office.policy(), at=office.clock())
        signing = offered.get(report.content) if report.content is not None else None
        if signing is None:
            strange = _("This is not one of the documents that were offered for signing here.")
            yield Uploaded(name, problem=(None if report.passed else report.reason) or strange)
            continue
        try:
            case = upload_signed(office, site, signing, signed)
        except (Mistake, Refusal) as no:
            yield Uploaded(name, problem=no.message)
        else:
            assert isinstance(case, Case), "an outcome is of a case"
            yield Uploaded(name, case)
