"""CLDR's data about a language, without what is never asked."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern

from babel import Locale, localedata
from babel.core import get_global

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
"""What CLDR knows of money, measures and zones: most of its data, of which only the places of zones are said here."""

_cities: dict[str, Mapping[str, str]] = {}
"""The places of zones by locale: taken out of its data before these are let go of."""


def cities(locale: Locale) -> Mapping[str, str]:
    """Return the places that a locale of `cldr` names zones after, by the zone's name of today."""
    return _cities[str(locale)]


def is_latin(locale: Locale) -> bool:
    """Whether a language is written with Latin letters, as far as CLDR knows."""
    likely = get_global("likely_subtags").get(locale.language, "")
    return (locale.script or likely.partition("_")[2].partition("_")[0] or "Latn") == "Latn"


def cldr(tag: str) -> Locale:
    """Return what CLDR knows of a language; Babel keeps it for good, and so the rest is let go of.

    Raises babel.UnknownLocaleError and ValueError for a tag that is none.
    """
    locale = Locale.parse(tag, sep="-")
    # Before anything is let go of: a second thread that comes late keeps what the first has found.
    _cities.setdefault(str(locale), _places(str(locale)))
    for name in (str(locale), "root"):
        data = localedata.load(name)
        for key in _UNASKED:
            data.pop(key, None)
    return locale


def _places(name: str) -> Mapping[str, str]:
    # Zones are keyed as they were once spelled; each language has the same keys, which are kept once.
    today = get_global("zone_aliases")
    zones = localedata.load(name).get("time_zones", {})
    own = {intern(today.get(key, key)): zone["city"] for key, zone in zones.items() if "city" in zone}
    return {**_cities.get(name.rpartition("_")[0], {}), **own}
