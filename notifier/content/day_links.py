"""How one anniversary is taken into a calendar by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from notifier.content.language import Language
from notifier.content.site import SiteDay
from notifier.content.views import OccurrenceView
from notifier.domain import addresses
from notifier.domain.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class DayLinks:
    """Where one anniversary can be taken into a calendar by itself: its file, what to call that, and others' forms."""

    file: str
    name: str
    google: str
    outlook: str
    office: str


def day_links(site: SiteDay, language: Language, occurrence: Occurrence, view: OccurrenceView) -> DayLinks:
    """Return the links of one published anniversary; who says what of it stands on its page, which the form names."""
    id_, year = occurrence.event.id, occurrence.year
    page = site.absolute(addresses.occurrence(language.tag, id_, year))
    said = (view.own, view.eve, view.hour, view.counted, view.moved, view.estimate, page)
    details = "\n\n".join(sentence for sentence in said if sentence)
    entry = (view.title, occurrence.first, occurrence.last + timedelta(days=1), details)
    return DayLinks(
        file=site.local(addresses.occurrence_feed(language.tag, id_, year)),
        name=f"{id_}-{year}.ics",
        google=addresses.google_event(*entry),
        outlook=addresses.outlook_event(*entry),
        office=addresses.outlook_event(*entry, "outlook.office.com"),
    )
