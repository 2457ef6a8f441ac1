"""CLDR's data about a language, without what is never asked."""

from __future__ import annotations

from babel import Locale, localedata

_UNASKED = (
    "currency_names",
    "currency_names_plural",
    "compact_currency_formats",
    "unit_patterns",
    "compound_unit_patterns",
    "unit_display_names",
    "time_zones",
    "meta_zones",
)
"""What CLDR knows of money, measures and zones: most of its data, and nothing that is said here."""


def cldr(tag: str) -> Locale:
    """Return what CLDR knows of a language; Babel keeps it for good, and so the rest is let go of.

    Raises babel.UnknownLocaleError and ValueError for a tag that is none.
    """
    locale = Locale.parse(tag, sep="-")
    for name in (str(locale), "root"):
        data = localedata.load(name)
        for key in _UNASKED:
            data.pop(key, None)
    return locale
