"""Texts as tables by language: Dutch is required, a gap shows the Dutch and says so."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

DUTCH = "nl"

Sentence = Annotated[str, Field(min_length=1, description="a text that isn't empty, between quotes")]


@dataclass(frozen=True)
class LocalText:
    """A text as a reader sees it; `is_fallback` where her language is missing and the Dutch stands in for it."""

    text: str
    language: str
    is_fallback: bool

    def __str__(self) -> str:
        """Return the text, so that a template can print it."""
        return self.text


class Text(BaseModel):
    """One text in the languages that it is written in."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    nl: Sentence = Field(description="the Dutch text, which is required")
    en: Sentence | None = Field(None, description="the English text")
    ar: Sentence | None = Field(None, description="the Arabic text")
    tr: Sentence | None = Field(None, description="the Turkish text")
    uk: Sentence | None = Field(None, description="the Ukrainian text")
    ti: Sentence | None = Field(None, description="the Tigrinya text")

    def in_language(self, language: str) -> LocalText:
        """Return the text in this language, or the Dutch, marked as standing in for it."""
        text: str | None = getattr(self, language, None) if language in LANGUAGE_CODES else None
        if text is None:
            return LocalText(self.nl, DUTCH, is_fallback=language != DUTCH)
        return LocalText(text, language, is_fallback=False)


LANGUAGE_CODES = frozenset(Text.model_fields)
