from collections.abc import Callable, Mapping
from typing import Any

from pyramid.i18n import Localizer
from pyramid.interfaces import ISession
from pyramid.registry import Registry
from pyramid.response import Response
from pyramid.security import PermitsResult
from transaction import TransactionManager
from webob.acceptparse import AcceptLanguage
from webob.multidict import MultiDict

class Request:
    # WebOb
    GET: MultiDict[str]
    POST: MultiDict[Any]  # a text, or a file
    params: MultiDict[Any]
    accept_language: AcceptLanguage
    body: bytes
    client_addr: str | None
    content_length: int | None
    content_type: str
    cookies: Mapping[str, str]
    environ: dict[str, Any]
    headers: Mapping[str, str]
    host_url: str
    json_body: Any
    method: str
    path: str
    path_qs: str
    referer: str | None
    scheme: str
    # Pyramid
    authenticated_userid: str | None
    context: Any
    exception: BaseException | None
    locale_name: str
    localizer: Localizer
    matchdict: Mapping[str, str]
    matched_route: object | None
    override_renderer: str
    registry: Registry
    response: Response
    root: Any
    session: ISession
    subpath: tuple[str, ...]
    tm: TransactionManager  # of pyramid_tm
    view_name: str
    def __init__(self, environ: dict[str, Any]) -> None: ...
    @property
    def identity(self) -> Any: ...
    def add_finished_callback(self, callback: Callable[[Any], object]) -> None: ...
    def has_permission(self, permission: str, context: object = ...) -> PermitsResult: ...
    def static_path(self, path: str) -> str: ...
