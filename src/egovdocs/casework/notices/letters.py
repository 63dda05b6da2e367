"""The wording of the site's e-mail letters, and their way into the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.office import Office
from egovdocs.content import Site
from egovdocs.i18n import translate

_ = TranslationStringFactory("egovdocs")

NOTICE = "notice"


class Notice(NamedTuple):
    """The wording of a letter about one event."""

    subject: TranslationString
    text: TranslationString


GREETING = _("Hello!")
REQUEST = _("Request: ${number}")
LICENCE = _("Licence: ${licence}")
SERVICE = _("Service: ${service}")
OPEN = _("Open the request (you will be asked to log in): ${address}")
FOOTER = _(
    "This letter was sent automatically; replies to it are not read. Change the address or the "
    "language, or switch such letters off: ${address}. Questions: call centre 1414."
)


def compose(
    office: Office,
    notice: Notice,
    about: Sequence[TranslationString],
    ways: Sequence[tuple[TranslationString, str]],
    facts: Mapping[str, Any],
    language: str,
) -> tuple[str, str]:
    """Return the subject and the text of a letter.

    :param about: lines that name what the letter is about.
    :param ways: lines with addresses to read on, each a message and its address.
    :param facts: the values of the messages' placeholders.
    :param language: the reader's language.
    """

    def say(message: TranslationString, **more: Any) -> str:
        known = TranslationString(message, domain=message.domain, mapping={**facts, **more})
        return translate(known, language, office.calendar.zone)

    lines = [say(GREETING), "", say(notice.text), ""]
    if about:
        lines += [*(say(each) for each in about), ""]
    lines += [say(way, address=address) for way, address in ways]
    lines += ["", "-- ", say(FOOTER, address=f"{office.site_url}/settings"), ""]
    return say(notice.subject), "\n".join(lines)


def post(
    office: Office, site: Site, address: str, letter: tuple[str, str], language: str, login: str
) -> None:
    """Put a letter into the outbox.

    :param address: the recipient's e-mail address.
    :param letter: its subject and text.
    :param login: the account that is marked if the letter cannot be delivered; "" for none.
    """
    subject, text = letter
    site.outbox.put(
        NOTICE,
        to=address,
        subject=subject,
        text=text,
        language=language,
        at=office.clock().isoformat(),
        login=login,
    )
