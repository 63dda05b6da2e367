"""What makes up a kind of signed document: who signs it, how it is accepted, what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.office import Office
from egovdocs.content import Account, Case, Licence, Signing, Site
from egovdocs.schemas import ServiceEdition
from egovdocs.signing import Holder

_ = TranslationStringFactory("egovdocs")

SigningResult = Account | Case | Licence

CertificateCheck = Callable[[Office, Site, Signing, x509.Certificate, Sequence[x509.Certificate]], None]
"""Checks the certificate chosen for a signing, with its issuers' certificates; raises ``Refusal`` or
``Mistake``."""

Acceptance = Callable[[Office, Site, Signing, bytes], SigningResult]
"""Accepts the signed bytes of an offered document and does what follows from it; raises ``Refusal``,
``Mistake``."""

SignerCheck = Callable[[Office, ServiceEdition | None, Mapping[str, Any], Holder], TranslationString | None]
"""Why a certificate's holder may not sign a document with these values; None if they may."""

TextAt = Callable[[str], str]
"""Returns the text of the element at a path below a document's root; "" if there is none."""

Locate = Callable[[Site, TextAt], tuple[Case | Licence | None, str]]
"""Finds where a document is stored, by the numbers it names: the case or licence, and the key among its
documents."""

READ_FIRST = _("Read what you are about to sign. Your signature covers every word of it and nothing else.")


@dataclass(frozen=True, kw_only=True)
class SigningRules:
    """How a document of a kind is signed by a person, on the signing page or in another program.

    :ivar check_certificate: called when a certificate is chosen, before the signature is prepared.
    :ivar accept: called with the signed document. It must do its work once per signing token, and store the
        name of its result in ``site.idempotency`` under the token.
    :ivar find_result: finds that result again by its name.
    :ivar stored_kinds: documents of a case, one of which exists once such a document has been signed by any
        offer; empty where a case can have several.
    :ivar heading: the heading of the signing page; ``introduction`` the sentence below it.
    :ivar done: the message shown after signing, if any.
    :ivar start_path: the address of the page from which the signing was started.
    :ivar next_path: the address that follows, from the result.
    :ivar logs_in: the result is an account, which is logged in.
    """

    check_certificate: CertificateCheck
    accept: Acceptance
    find_result: Callable[[Site, str], SigningResult]
    heading: TranslationString
    start_path: Callable[[Signing], str]
    next_path: Callable[[Any], str]
    introduction: TranslationString = READ_FIRST
    done: TranslationString | None = None
    stored_kinds: frozenset[str] = frozenset()
    logs_in: bool = False


@dataclass(frozen=True, kw_only=True)
class DocumentKind:
    """A kind of signed document.

    :ivar name: its name; the ``purpose`` of its signings.
    :ivar roots: the local names of its root elements.
    :ivar signing: how a person signs it; None if only the site's seal does.
    :ivar find_signer_problem: judges the signer of a document that somebody submits for examination; None if
        documents of this kind are never recognised there.
    :ivar locate: where a document of this kind is stored; None if none is stored.
    :ivar names_service: whether it belongs to a service.
    :ivar grants: whether it grants something, so that an examination shows if that is still in force.
    """

    name: str
    roots: tuple[str, ...] = field(default=())
    signing: SigningRules | None = None
    find_signer_problem: SignerCheck | None = None
    locate: Locate | None = None
    names_service: bool = True
    grants: bool = False
