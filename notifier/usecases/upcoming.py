"""What comes next, worded for machines; the command line and the API say the same."""

from __future__ import annotations

from datetime import date, timedelta

from notifier.content.language import Language
from notifier.content.wording import title_of
from notifier.domain import addresses
from notifier.domain.events import Catalog
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.selections import Selection, check_selection


def upcoming(catalog: Catalog, selection: Selection, on: date, days: int) -> list[Occurrence]:
    """Return what falls on `on` through `on + days`, both inclusive. Raises UnknownSelectionTermError."""
    check_selection(selection, catalog)
    end = on + timedelta(days=min(days + 1, (date.max - on).days))
    return occurrences_between(selection.pick(catalog.events), on, end)


def occurrence_fields(
    occurrence: Occurrence, on: date, catalog: Catalog, language: Language, base_url: str
) -> dict[str, object]:
    """Return an occurrence for JSON; `days` are left from `on`, `until` is the last day."""
    event = occurrence.event
    return {
        "event": event.id,
        "year": occurrence.year,
        "date": occurrence.first.isoformat(),
        "until": occurrence.last.isoformat(),
        "days": (occurrence.first - on).days,
        "ordinal": occurrence.ordinal,
        "title": title_of(occurrence, catalog, language),
        "estimated": occurrence.estimated,
        "collections": list(event.collections),
        "url": base_url + addresses.occurrence(language.tag, event.id, occurrence.year),
    }
