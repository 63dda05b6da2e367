from collections.abc import Sequence

class AcceptLanguage:
    def lookup(self, language_tags: Sequence[str], default: str) -> str: ...
