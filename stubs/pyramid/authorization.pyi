from collections.abc import Iterable

from pyramid.security import PermitsResult

Authenticated: str
Everyone: str

class ACLHelper:
    def permits(self, context: object, principals: Iterable[str], permission: str) -> PermitsResult: ...
