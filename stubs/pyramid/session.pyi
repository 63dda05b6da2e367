from collections.abc import Callable

class JSONSerializer: ...

def SignedCookieSessionFactory(
    secret: str,
    cookie_name: str = ...,
    *,
    httponly: bool = ...,
    samesite: str | None = ...,
    secure: bool = ...,
    timeout: int | None = ...,
    reissue_time: int | None = ...,
    serializer: JSONSerializer = ...,
) -> Callable[..., object]: ...
