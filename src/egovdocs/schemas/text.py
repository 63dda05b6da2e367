"""Text in the three languages of the site."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("ru", "kk", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Russian, Kazakh and English: ``text["kk"]``."""

    ru: str
    kk: str
    en: str

    def __getitem__(self, language: str) -> str:
        if language not in LANGUAGES:
            raise KeyError(language)
        wording: str = getattr(self, language)
        return wording

    @property
    def bilingual(self) -> dict[str, str]:
        """The text in Russian and Kazakh, as documents have it."""
        return {"ru": self.ru, "kk": self.kk}

    def with_values(self, **values: Text | str | int) -> Text:
        """Return the text with each ``{name}`` replaced; a ``Text`` by its text in the same language."""
        return Text(
            **{
                language: self[language].format(
                    **{k: v[language] if isinstance(v, Text) else v for k, v in values.items()}
                )
                for language in LANGUAGES
            }
        )
