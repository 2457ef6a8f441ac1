"""Which way a language is written."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError

Direction = Literal["ltr", "rtl"]
"""As HTML's `dir` wants it."""


@lru_cache(maxsize=64)
def direction_of(tag: str) -> Direction:
    """Return which way a language is written, one the service does not speak as well; left to right if unknown."""
    try:
        return "rtl" if Locale.parse(tag, sep="-").text_direction == "rtl" else "ltr"
    except (UnknownLocaleError, ValueError):
        return "ltr"
