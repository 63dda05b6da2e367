"""Authentication and authorization.

The session is a signed cookie that holds a login and nothing secret. The ``__acl__`` of persistent objects
grants permissions; a view that names no permission is closed to everybody.
"""

from __future__ import annotations

from typing import Any

from pyramid.authentication import SessionAuthenticationHelper
from pyramid.authorization import ACLHelper, Authenticated, Everyone
from pyramid.config import Configurator
from pyramid.csrf import SessionCSRFStoragePolicy
from pyramid.session import JSONSerializer, SignedCookieSessionFactory

from egovdocs.app.request import Request
from egovdocs.content import Account

NOBODY = "nobody"
SESSIONS = "sessions"
HOUR = 60 * 60


class SessionSecurityPolicy:
    """Pyramid's security policy: the session names the account, and the site's accounts give the roles."""

    def __init__(self) -> None:
        self._session = SessionAuthenticationHelper()
        self._acl = ACLHelper()

    def identity(self, request: Request) -> Account | None:
        login = self._session.authenticated_userid(request)
        account = None if login is None else request.site.accounts.get(login)
        ended = account is not None and request.session.get(SESSIONS, "") != account.sessions
        return None if ended else account

    def authenticated_userid(self, request: Request) -> str | None:
        account = request.identity
        return None if account is None else account.login

    def permits(self, request: Request, context: Any, permission: str) -> Any:
        return self._acl.permits(context, principals(request.identity), permission)

    def remember(self, request: Request, userid: str, **_: Any) -> list[tuple[str, str]]:
        # A new session, so that one prepared by an attacker before the log-in is worthless after it.
        request.session.invalidate()
        request.session[SESSIONS] = request.site.accounts[userid].sessions
        return self._session.remember(request, userid)

    def forget(self, request: Request, **_: Any) -> list[tuple[str, str]]:
        # The cookie is the whole session: a copy of it stays valid until the account ends its sessions.
        if request.identity is not None:
            request.identity.end_sessions()
        request.session.invalidate()
        return []


def principals(account: Account | None) -> list[str]:
    """Return the principals by which ``__acl__`` entries name an account."""
    if account is None:
        return [Everyone]
    named = [Everyone, Authenticated, f"account:{account.login}"]
    named += [f"role:{role}" for role in account.roles]
    if "applicant" in account.roles:
        named.append(f"applicant:{account.identifier}")
    if account.provider:
        named += [f"{role}@{account.provider}" for role in account.roles]
    return named


def includeme(config: Configurator) -> None:
    settings = config.registry["settings"]
    config.set_session_factory(
        SignedCookieSessionFactory(
            settings.session_secret,
            cookie_name="session",
            httponly=True,
            samesite="Lax",
            secure=settings.site_url.startswith("https://"),
            timeout=2 * HOUR,
            reissue_time=HOUR // 12,
            serializer=JSONSerializer(),
        )
    )
    config.set_security_policy(SessionSecurityPolicy())
    config.set_default_permission(NOBODY)
    config.set_csrf_storage_policy(SessionCSRFStoragePolicy())
    config.set_default_csrf_options(require_csrf=True)
