from collections.abc import Mapping
from typing import Any, Protocol

class TranslationString(str):
    domain: str | None
    default: str | None
    mapping: dict[str, Any] | None
    def __new__(
        cls,
        msgid: str,
        domain: str | None = ...,
        default: str | None = ...,
        mapping: Mapping[str, Any] | None = ...,
    ) -> TranslationString: ...
    def interpolate(self, translated: str | None = ...) -> str: ...

class Factory(Protocol):
    def __call__(self, msgid: str, mapping: Mapping[str, Any] | None = ...) -> TranslationString: ...

def TranslationStringFactory(factory_domain: str) -> Factory: ...
