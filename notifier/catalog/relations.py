"""Events that are told by other events: whom they mean, found when all files are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from notifier.catalog.problems import Code, Place, did_you_mean
from notifier.catalog.reading import Notes
from notifier.catalog.schema import References
from notifier.domain.errors import LongChainError, RelativeCycleError
from notifier.domain.events import Event, EventId
from notifier.domain.rules import Rule
from notifier.domain.rules.composed import rewritten
from notifier.domain.rules.relative import EventDay
from notifier.domain.rules.spans import AtHour

MOST_BETWEEN = 20
"""How many events may tell one another's days, each the next one's."""


def related(events: Sequence[Event], references: References, notes: Notes) -> list[Event]:
    """Return the events, each that is told by another one with that one's days.

    What is told by an event that is not there, or by itself in the end, is noted and stays without days.
    """
    telling: dict[EventId, dict[str, Place]] = {}
    for id_, named, place in references.days:
        if named not in references.event_ids:
            message = f'there is no event "{named}" under events:{did_you_mean(named, references.event_ids)}'
            notes.error(place, message, Code.UNKNOWN_ID)
        telling.setdefault(id_, {})[named] = place
    if not telling:
        return list(events)
    relations = _Relations(events, telling, notes)
    found = [relations.told(event) for event in events]
    for event in found:
        if (look := references.once_told.get(event.id)) is not None:
            look(event)
    return found


class _Relations:
    """The events by every id they have or had, and those that are worked out already."""

    def __init__(self, events: Iterable[Event], telling: dict[EventId, dict[str, Place]], notes: Notes) -> None:
        self._events: dict[str, Event] = {id_: event for event in events for id_ in (event.id, *event.was)}
        self._telling = telling
        self._notes = notes
        self._told: dict[EventId, Event] = {}
        self._lengths: dict[EventId, int] = {}
        self._in_a_circle: set[EventId] = set()

    def told(self, event: Event, before: tuple[EventId, ...] = ()) -> Event:
        """Return an event with the days of those it is told by, which are worked out first; `before` led here."""
        if event.id not in self._telling:
            return event
        if event.id in before:
            self._refuse(before[before.index(event.id) :])
            return event
        if event.id not in self._told:
            self._told[event.id] = event if len(before) > MOST_BETWEEN else self._worked_out(event, before)
            if len(before) > MOST_BETWEEN or self._length(event) > MOST_BETWEEN:
                self._refuse_long(event)
        return self._told[event.id]

    def _worked_out(self, event: Event, before: tuple[EventId, ...]) -> Event:
        rule = rewritten(event.rule, lambda part: self._days(part, (*before, event.id)))
        return replace(event, rule=rule, confirmed=self._confirmed(event, before))

    def _length(self, event: Event) -> int:
        """Return how many events follow one another from this one on; those it is told by are worked out."""
        others = [other.id for id_ in self._telling[event.id] if (other := self._events.get(id_)) is not None]
        self._lengths[event.id] = 1 + max((self._lengths.get(id_, 0) for id_ in others), default=0)
        return self._lengths[event.id]

    def _refuse_long(self, event: Event) -> None:
        self._told[event.id], self._lengths[event.id] = event, 0
        place = min(self._telling[event.id].values())
        self._notes.error(place, str(LongChainError(most=MOST_BETWEEN)), Code.RULE)

    def _days(self, part: Rule, before: tuple[EventId, ...]) -> Rule:
        other = self._events.get(part.event) if isinstance(part, EventDay) else None
        if other is None or not isinstance(part, EventDay):
            return part
        other = self.told(other, before)
        moved = tuple((year, moved.date) for year, moved in other.exceptions.items())
        target = other.rule.base if isinstance(other.rule, AtHour) else other.rule
        return replace(part, target=target, moved=moved)

    def _confirmed(self, event: Event, before: tuple[EventId, ...]) -> tuple[int, ...]:
        """Return the years whose days are certain: also those in which the day that tells them is."""
        others = [self._events.get(id_) for id_ in self._telling[event.id]]
        told = [self.told(other, (*before, event.id)) for other in others if other is not None]
        certain = set[int].intersection(*(set(other.confirmed) for other in told)) if told else set[int]()
        return tuple(sorted({*event.confirmed, *certain}))

    def _refuse(self, circle: tuple[EventId, ...]) -> None:
        if not self._in_a_circle.isdisjoint(circle):
            return
        self._in_a_circle.update(circle)
        chain = " → ".join([*circle, circle[0]])
        place = min(place for id_ in circle for place in self._telling[id_].values())
        self._notes.error(place, str(RelativeCycleError(chain=chain)), Code.RULE)
