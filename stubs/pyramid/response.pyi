from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any

from webob.cachecontrol import CacheControl
from webob.headers import ResponseHeaders

class Response:
    body: bytes
    cache_control: CacheControl
    content_length: int | None
    content_type: str | None
    headers: ResponseHeaders
    location: str | None
    status_int: int
    vary: Sequence[str] | None
    _make_location_absolute: Callable[[dict[str, Any], str], str]
    def __init__(
        self,
        body: bytes | str | None = ...,
        status: int | str | None = ...,
        headerlist: Iterable[tuple[str, str]] | None = ...,
        app_iter: Iterable[bytes] | None = ...,
        content_type: str | None = ...,
        *,
        charset: str | None = ...,
        json_body: object = ...,
    ) -> None: ...
    def set_cookie(
        self,
        name: str,
        value: str | None = ...,
        max_age: int | None = ...,
        *,
        httponly: bool = ...,
        samesite: str | None = ...,
        secure: bool = ...,
    ) -> None: ...

class FileIter:
    def __init__(self, file: IO[bytes], block_size: int = ...) -> None: ...
    def __iter__(self) -> FileIter: ...
    def __next__(self) -> bytes: ...
    def close(self) -> None: ...
