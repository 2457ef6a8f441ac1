"""Days in words by CLDR's patterns, mended where readers of the language would write otherwise."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_date, format_skeleton

from notifier.content.numerals import native_digits

if TYPE_CHECKING:
    from babel import Locale

# In French the first of a month is an ordinal, and no other day is; a pattern cannot say so.
_FRENCH_FIRST = re.compile(r"\b1(?= \w+ \d)")
# CLDR has "01 հունվարի, 2027 թ." beside "2027 թ. հունվարի 1, ուրբաթ": here all are built like the second.
_LONG = {"hy": "y թ. MMMM d"}
_MONTHS = {"hy": "y թ. LLLL"}


def full_date(locale: Locale, day: date) -> str:
    """Return the day with its weekday: Wednesday, 20 January 2027."""
    return _finished(locale, format_date(day, "full", locale=locale))


def long_date(locale: Locale, day: date) -> str:
    """Return the day without its weekday: 20 January 2027."""
    return _finished(locale, format_date(day, _LONG.get(locale.language, "long"), locale=locale))


def month(locale: Locale, first: date) -> str:
    """Return the month and year that begin on `first`: January 2027."""
    if (pattern := _MONTHS.get(locale.language)) is not None:
        return _finished(locale, format_date(first, pattern, locale=locale))
    return native_digits(locale, format_skeleton("yMMMM", first, locale=locale))


def _finished(locale: Locale, text: str) -> str:
    if locale.language == "fr":
        text = _FRENCH_FIRST.sub("1er", text)
    return native_digits(locale, text)
