from collections.abc import Mapping

from pyramid.request import Request
from pyramid.response import Response

def render_to_response(
    renderer_name: str, value: Mapping[str, object], request: Request | None = ...
) -> Response: ...
