"""A signatory signs several outcomes in one go. Each has an offer, checks and a signature of its own.

In the browser the key is opened once and signs one document after the other. Without, the unsigned documents
are signed in another program, and what comes back is told apart by its content.
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

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Uploaded:
    """What became of a signed file: the case it answers, or why it was not taken."""

    name: str
    case: Case | None = None
    problem: TranslationString | None = None


def offer_outcomes(office: Office, site: Site, cases: Sequence[Case], account: Account) -> SigningBatch:
    """Offer the outcomes of decided cases to a signatory, each by itself, on one page.

    :raises Mistake: none or too many are chosen, or one of them may not be signed by this signatory.
    :raises Decided: a decision of one of them waits for no signature.
    """
    if not cases:
        raise Mistake(_("Choose the requests whose decisions you sign."))
    if len(cases) > MOST_AT_ONCE:
        raise Mistake(_("At most ${most} decisions are signed at once.", mapping={"most": MOST_AT_ONCE}))
    now = office.clock()
    signings = [offer_outcome(office, site, case, account) for case in cases]
    tokens = [each.token for each in signings]
    batch = SigningBatch(new_token(), tokens, account.login, now, now + SIGNING_LIFE)
    for each in signings:
        each.batch = batch.token
    site.signings.add(batch)
    return batch


def signings_of(site: Site, batch: SigningBatch) -> list[Signing]:
    """The signings of a batch that are kept still."""
    found = (site.signings.get(token) for token in batch.signings)
    return [each for each in found if each is not None]


def upload_many(
    office: Office, site: Site, batch: SigningBatch, files: Sequence[tuple[str, bytes]]
) -> Iterator[Uploaded]:
    """Take documents of a batch that were signed elsewhere: each that passes, whatever the others do.

    :param files: each by its name, which says nothing: a document is known by its content.
    """
    offered = {canonical(each.document): each for each in signings_of(site, batch)}
    for name, signed in files:
        report = validate(signed, office.policy(), at=office.clock())
        signing = offered.get(report.content) if report.content is not None else None
        if signing is None:
            strange = _("This is none of the documents that were offered for signing here.")
            yield Uploaded(name, problem=(None if report.passed else report.reason) or strange)
            continue
        try:
            case = upload_signed(office, site, signing, signed)
        except (Mistake, Refusal) as no:
            yield Uploaded(name, problem=no.message)
        else:
            assert isinstance(case, Case), "an outcome is of a case"
            yield Uploaded(name, case)
