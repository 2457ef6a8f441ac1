"""Texts in several languages, and which one a reader is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NewType

LanguageTag = NewType("LanguageTag", str)
"""A BCP 47 language tag in lower case: `de`, `az`."""

MACHINE = "machine"
"""The state of a translation nobody has read over."""

# Control and format characters, halves of surrogate pairs, and whatever separates words, lines and paragraphs.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
# Letters and signs that fill a space or choose between forms (Unicode's Default_Ignorable_Code_Point), the blank
# Braille pattern, and what is no character (The Unicode Standard, §23.7).
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff"
    + "".join(f"{chr(0x10000 * plane + 0xFFFE)}{chr(0x10000 * plane + 0xFFFF)}" for plane in range(17))
    + "]"
)
_SEPARATORS = frozenset(",;\\")


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


def says_something(text: str) -> bool:
    r"""Whether any character is seen, other than the `,`, `;` and `\` that names of feeds cannot have."""
    if text[:1].isascii() and text[:1].isalnum():
        return True
    return any(_is_seen(character) for character in text)


def _is_seen(character: str) -> bool:
    if character in _SEPARATORS or unicodedata.category(character) in _UNSEEN:
        return False
    return not _BLANK.match(character)
