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
from notifier.domain.windows import FeedYears


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
    """The page of this anniversary; for one outside the years that are published, the page of the event."""


def upcoming(catalog: Catalog, selection: Selection, on: date, days: int) -> list[Occurrence]:
    """Return what falls on `on` through `on + days`, both inclusive, up to the last date there is.

    9999-12-31 itself has no day after it, and is left out. Raises UnknownSelectionTermError.
    """
    check_selection(selection, catalog)
    return occurrences_between(selection.pick(catalog.events), on, days_after(on, days + 1))


@dataclass(frozen=True, slots=True)
class PageAddresses:
    """Where pages stand, and of which years there are any; `base_url` has no slash at its end."""

    base_url: str
    years: FeedYears

    def of(self, occurrence: Occurrence, tag: str) -> str:
        """Return the address of an anniversary's page, or the event's where that year has none."""
        id_ = occurrence.event.id
        own = addresses.occurrence(tag, id_, occurrence.year)
        return self.base_url + (own if occurrence.first in self.years else addresses.event(tag, id_))


def occurrence_fields(
    occurrence: Occurrence, on: date, catalog: Catalog, language: Language, pages: PageAddresses
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
        url=pages.of(occurrence, language.tag),
    )
