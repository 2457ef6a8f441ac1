"""Previewing: exactly what would go out on a date about the next anniversary of an event."""

from __future__ import annotations

import difflib
from datetime import date

from notifier.domain.deliveries import EditionKey
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog, Event
from notifier.domain.notices import Notice
from notifier.domain.occurrences import next_occurrence


class UnknownEventError(NotifierError):
    """An event the calendar does not have."""

    wrong_use = True
    sentence = 'the calendar has no event "{event}"{hint}'


class NeverAgainError(NotifierError):
    """An event without a day to come."""

    sentence = "{event} has no anniversary on or after {on}"


def edition_about(catalog: Catalog, event_id: str, on: date, language: str) -> tuple[EditionKey, Notice]:
    """Return the edition of `on` that announces an event's next anniversary, however far off it is, and the notice.

    Raises UnknownEventError and NeverAgainError.
    """
    event = _event(catalog, event_id)
    occurrence = next_occurrence(event, on)
    if occurrence is None:
        raise NeverAgainError(event=event.id, on=on)
    notice = Notice(occurrence, (occurrence.first - on).days)
    return EditionKey.of(language, on, [notice]), notice


def _event(catalog: Catalog, event_id: str) -> Event:
    event = catalog.event(event_id)
    if event is None:
        near = difflib.get_close_matches(event_id, [event.id for event in catalog.events], n=1)
        raise UnknownEventError(event=event_id, hint=f"; did you mean {near[0]}?" if near else "")
    return event
