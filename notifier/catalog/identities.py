"""Ids: each stands for one thing in a whole calendar, whichever of its files that is in."""

from __future__ import annotations

from notifier.catalog.problems import Code, Place
from notifier.catalog.reading import Notes
from notifier.domain.events import Event


class Identities:
    """The ids met so far, each with the place where it was met first."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._met: dict[tuple[str, str], Place] = {}

    def meet_event(self, event: Event, place: Place) -> None:
        """Note an event's id and its former ones; an error where one is met again."""
        ids = (event.id, *event.was)
        for id_ in sorted(set(ids), key=ids.index):
            self.meet("event id", id_, place)
        if len(set(ids)) < len(ids):
            twice = f'was: of "{event.id}" names an id twice, or the one that it has now'
            self._notes.error(place, twice, Code.DUPLICATE_ID)

    def meet(self, what: str, id_: str, place: Place) -> bool:
        """Note the id of a party, a source, …; an error, and False, where it is met again."""
        first = self._met.setdefault((what, id_), place)
        if first is place:
            return True
        message = f'the {what} "{id_}" is used twice; the first is on {first.seen_from(place.file)}'
        self._notes.error(place, message, Code.DUPLICATE_ID)
        return False
