"""The languages the service speaks and the shipped calendar lacks: in them a few headings, and no other text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from notifier.domain.events import Catalog
from notifier.domain.texts import LanguageTag, Text

SPOKEN = ("en", "de", "az", "tr", "ru", "fr", "fa", "hy")
"""All that the service speaks; the calendar that is shipped has the first five."""
FURTHER = SPOKEN[5:]

CALENDAR_NAMES = {"fr": "Jours de mémoire", "fa": "روزهای یادبود", "hy": "Հիշատակի օրեր"}
HEADINGS = {
    "black-january": {"fr": "Janvier noir", "fa": "ژانویهٔ سیاه", "hy": "Սև հունվար"},
    "republic-1918": {"fr": "Jour de l’Indépendance", "fa": "روز استقلال", "hy": "Անկախության օր"},
}


def in_every_language(catalog: Catalog) -> Catalog:
    """Return the calendar in all languages; what has no wording in one falls back, labelled."""
    calendar = catalog.calendar
    wider = replace(calendar, languages=tuple(map(LanguageTag, SPOKEN)), name=also_in(calendar.name, CALENDAR_NAMES))
    events = tuple(
        replace(event, heading=also_in(event.heading, HEADINGS.get(event.id, {}))) for event in catalog.events
    )
    return replace(catalog, calendar=wider, events=events)


def also_in(text: Text, further: Mapping[str, str]) -> Text:
    """Return a text with wordings in further languages."""
    return Text((*text.wordings, *Text.of(further.items()).wordings))
