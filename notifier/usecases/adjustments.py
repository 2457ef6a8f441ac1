"""What settings say about the calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace

from notifier.catalog.problems import listed
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog
from notifier.domain.texts import LanguageTag


class LanguageNotInCalendarError(NotifierError):
    """Settings ask for a language the calendar does not have."""

    wrong_use = True
    sentence = "NOTIFIER_LANGUAGES: the calendar has no {missing}; it has {known}"


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What settings say about the calendar; environment beats YAML. Empty values change nothing."""

    languages: tuple[str, ...] = ()
    zone: str = ""
    leads: tuple[int, ...] | None = None

    def apply(self, catalog: Catalog) -> Catalog:
        """Return the catalog as it is served here. Raises LanguageNotInCalendarError."""
        calendar = catalog.calendar
        missing = [tag for tag in self.languages if tag not in calendar.languages]
        if missing:
            raise LanguageNotInCalendarError(missing=listed(missing), known=listed(calendar.languages))
        adjusted = replace(
            calendar,
            languages=tuple(LanguageTag(tag) for tag in self.languages) or calendar.languages,
            zone=self.zone or calendar.zone,
            leads=calendar.leads if self.leads is None else self.leads,
        )
        return replace(catalog, calendar=adjusted)
