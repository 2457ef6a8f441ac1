"""Texts in several languages, and which one a reader is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NewType

LanguageTag = NewType("LanguageTag", str)
"""A BCP 47 language tag in lower case: `de`, `az`."""

MACHINE = "machine"
"""The state of a translation nobody has read over."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it is shown, and the language it is really in."""

    text: str
    language: LanguageTag


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the languages it was written in, in the author's order; never empty."""

    wordings: tuple[Wording, ...]

    @classmethod
    def of(cls, by_language: Iterable[tuple[str, str]]) -> Text:
        """Build from (language, text) pairs."""
        return cls(tuple(Wording(text, LanguageTag(language)) for language, text in by_language))

    def __iter__(self) -> Iterator[Wording]:
        """Go through all wordings."""
        return iter(self.wordings)

    def languages(self) -> tuple[LanguageTag, ...]:
        """Return the languages there is a wording in."""
        return tuple(wording.language for wording in self.wordings)

    def get(self, language: str) -> str | None:
        """Return the text in exactly this language, or None."""
        return next((w.text for w in self.wordings if w.language == language), None)

    def wording(self, preference: Sequence[str], refused: Collection[str] = ()) -> Wording:
        """Return the first wording by `preference` that is not `refused`.

        When none is left the first one the author wrote is shown rather than nothing; the answer carries the
        language it is in, so that a reader is told.
        """
        for language in preference:
            if language not in refused and (text := self.get(language)) is not None:
                return Wording(text, LanguageTag(language))
        return next((w for w in self.wordings if w.language not in refused), self.wordings[0])
