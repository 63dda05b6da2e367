"""The request that every view receives: Pyramid's, with what this application adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden
from pyramid.request import Request as PyramidRequest
from translationstring import TranslationString
from ZODB.Connection import Connection

from egovdocs.casework.office import Office
from egovdocs.content import Account, Site
from egovdocs.i18n import translate
from egovdocs.schemas import Text
from egovdocs.settings import Settings


class Request(PyramidRequest):
    """An HTTP request to the site.

    :ivar site: the root of the object tree, read in this request's transaction.
    """

    if TYPE_CHECKING:
        connection: Connection  # added by egovdocs.app.request_connection
        site: Site  # added by egovdocs.app.site_root

    @property
    def settings(self) -> Settings:
        """The settings of the running site."""
        settings: Settings = self.registry["settings"]
        return settings

    @property
    def office(self) -> Office:
        """What the use cases work with besides the database."""
        office: Office = self.registry["office"]
        return office

    @property
    def identity(self) -> Account | None:
        """The account that is logged in; None for an anonymous visitor."""
        account: Account | None = super().identity
        return account

    @property
    def account(self) -> Account:
        """The account that is logged in.

        :raises HTTPForbidden: nobody is; the visitor is sent to the log-in page.
        """
        account = self.identity
        if account is None:
            raise HTTPForbidden()
        return account

    @property
    def provider(self) -> str:
        """The BIN of the body that the logged-in member of the staff works for.

        :raises HTTPForbidden: nobody is logged in, or an applicant is.
        """
        provider = self.account.provider
        if provider is None:
            raise HTTPForbidden()
        return provider

    @property
    def applicant(self) -> str:
        """The IIN or BIN of the logged-in applicant.

        :raises HTTPForbidden: nobody is logged in, or a member of the staff is.
        """
        identifier = self.account.identifier
        if identifier is None:
            raise HTTPForbidden()
        return identifier

    @property
    def language(self) -> str:
        """The language of the page: one of :data:`egovdocs.i18n.LANGUAGES`."""
        return self.locale_name

    def tr(self, message: str | Text) -> str:
        """Translate a message, or pick a text's wording, in the language of the page."""
        if isinstance(message, str):
            return translate(message, self.language, self.settings.time_zone)
        return message[self.language]

    def flash(self, message: TranslationString, **values: Any) -> None:
        """Show a message on the next page that this visitor opens.

        :param values: what the message's ``${names}`` stand for.
        """
        self.session.flash(self.tr(TranslationString(message, mapping=values) if values else message))

    def may(self, permission: str, context: object = None) -> bool:
        """Return whether this visitor has a permission on an object (by default the whole site)."""
        return bool(self.has_permission(permission, self.site if context is None else context))


def includeme(config: Configurator) -> None:
    config.set_request_factory(Request)
