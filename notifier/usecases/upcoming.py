"""What comes next, worded for machines; the command line and the API say the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import date

from notifier.content.language import Language
from notifier.content.wording import title_of
from notifier.domain import addresses
from notifier.domain.days import days_after
from notifier.domain.events import Catalog
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.selections import Selection, check_selection


@dataclass(frozen=True, slots=True)
class OccurrenceFields:
    """One anniversary."""

    event: str
    """The event's id."""
    year: int
    """The nominal year in the event's own calendar; with the event's id it names the anniversary for good."""
    date: dt.date
    """The day, or the first of several."""
    until: dt.date
    """The last day, inclusive; `date` again where there is one day only."""
    days: int
    """Whole days left, counted from the first day asked for; 0 is that day itself."""
    ordinal: int | None
    """Which anniversary it is; null where nothing is counted."""
    title: str
    """The heading with the ordinal in words, in the language asked for."""
    estimated: bool
    """Whether the date was calculated where authorities decide by observation."""
    collections: tuple[str, ...]
    """The ids of the collections the event belongs to."""
    url: str
    """The page of this anniversary; it is there for the years that are published."""


def upcoming(catalog: Catalog, selection: Selection, on: date, days: int) -> list[Occurrence]:
    """Return what falls on `on` through `on + days`, both inclusive, up to the last date there is.

    9999-12-31 itself has no day after it, and is left out. Raises UnknownSelectionTermError.
    """
    check_selection(selection, catalog)
    return occurrences_between(selection.pick(catalog.events), on, days_after(on, days + 1))


def occurrence_fields(
    occurrence: Occurrence, on: date, catalog: Catalog, language: Language, base_url: str
) -> OccurrenceFields:
    """Return an occurrence for JSON; `days` are left from `on`."""
    event = occurrence.event
    return OccurrenceFields(
        event=event.id,
        year=occurrence.year,
        date=occurrence.first,
        until=occurrence.last,
        days=(occurrence.first - on).days,
        ordinal=occurrence.ordinal,
        title=title_of(occurrence, catalog, language),
        estimated=occurrence.estimated,
        collections=tuple(event.collections),
        url=base_url + addresses.occurrence(language.tag, event.id, occurrence.year),
    )
