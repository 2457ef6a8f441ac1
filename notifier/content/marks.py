"""One line about an anniversary, for pages that list many: its name, its days and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifier.content.language import Language
from notifier.content.site import SiteDay
from notifier.content.tone import kind_called
from notifier.content.views import Words
from notifier.content.wording import words
from notifier.domain.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class Mark:
    """An anniversary in a list; `anniversary` is None where nothing is counted, `day` the first of its days in words.

    `estimate` is set where the date was calculated; `parts.day` reads it.
    """

    heading: Words
    anniversary: str | None
    title: str
    kind: str
    kind_called: str
    first: date
    last: date
    day: str
    estimate: bool
    place: Words | None
    path: str


def mark(site: SiteDay, language: Language, occurrence: Occurrence) -> Mark:
    """Word one anniversary. Only a published one has a page of its own; any other leads to its event."""
    event = occurrence.event
    heading, place = words(event.heading, site.catalog, language), event.place
    first, last = language.date(occurrence.first), occurrence.last
    return Mark(
        heading=heading,
        anniversary=None if occurrence.ordinal is None else language.anniversary(occurrence.ordinal),
        title=language.title(heading.text, occurrence.ordinal),
        kind=event.kind,
        kind_called=kind_called(event.kind, language),
        first=occurrence.first,
        last=last,
        day=first if occurrence.first == last else f"{first} – {language.date(last)}",
        estimate=occurrence.estimated,
        place=None if place is None or place.name is None else words(place.name, site.catalog, language),
        path=site.local(site.page_of(language.tag, occurrence)),
    )
