"""Contested words in a text."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from notifier.catalog.lint.words import CONTESTED, NAMES

_DOTTED = frozenset({"az", "tr"})
"""Languages in which I and İ are two letters."""

# Persian is also typed with Arabic's letters, and its words are held together by a joiner, a space or nothing.
_PERSIAN = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "\u200c": " ", "\u200d": None, "ـ": None})


def contested_in(language: str, text: str) -> tuple[str, ...]:
    """Return the words of a text that are contested, as they stand there in small letters, each once.

    `language` is a tag of which the part before the first hyphen counts; of a language without a list nothing is said.
    """
    base = language.partition("-")[0]
    if base not in CONTESTED:
        return ()
    words, names = _patterns(base)
    found = words.findall(names.sub(" ", _small(base, text)))
    return tuple(dict.fromkeys(found))


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = "|".join(pattern.replace("(", "(?:") for pattern in CONTESTED[language])
    names = "|".join(pattern.replace("(", "(?:") for pattern in NAMES[language])
    return re.compile(rf"(?<!\w)((?:{words})\w*)"), re.compile(rf"(?<!\w)(?:{names})\w*")


def _small(language: str, text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if language in _DOTTED:
        text = text.replace("İ", "i").replace("I", "ı")
    if language == "fa":
        marks = "".join(c for c in text.translate(_PERSIAN) if unicodedata.category(c) != "Mn")
        return " ".join(marks.split())
    return " ".join(text.lower().split())
