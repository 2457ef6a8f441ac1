"""The shape of an event's rule, and what its other fields have to do with it."""

from __future__ import annotations

from collections.abc import Iterable

from notifier.catalog.nodes import Node, Scalar
from notifier.catalog.problems import Code, Place
from notifier.catalog.reading import Fields, Notes, as_scalar
from notifier.catalog.schema import Shape
from notifier.domain.errors import RuleError, UnknownRuleError
from notifier.domain.events import Event
from notifier.domain.occurrences import counting_of
from notifier.domain.origins import Origin, kept_since
from notifier.domain.rules import CalendarSystem, Rule
from notifier.domain.rules.composed import events_named
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import FixedDay, LeapDay
from notifier.domain.rules.spans import AtHour

_LIKE_OURS = range(1850, 2200)
"""Years that somebody means of the Gregorian calendar."""

_YEARS_LIKE_OURS = {CalendarSystem.GREGORIAN, CalendarSystem.JULIAN, CalendarSystem.CHINESE}


class RuleShape:
    """Reads the rule of one event."""

    def __init__(self, notes: Notes, shape: Shape) -> None:
        self._notes = notes
        self._shape = shape
        self._place: Place | None = None

    def rule(self, fields: Fields, origin: Origin | None, leap_day: LeapDay) -> Rule:
        """Read the rule; without one it is the origin's day, where that is known exactly."""
        node = fields.node("rule")
        self._place = fields.place if node is None else node.place
        if node is None and fields.node("origin") is not None:
            if origin is None:  # it could not be read, which is noted already
                return FixedDay(1, 1)
            if (day := _day_of(origin, leap_day)) is not None:
                return kept_since(day, origin)
        return fields.required("rule", lambda n: self._read(n, origin, leap_day))

    def _read(self, node: Node, origin: Origin | None, leap_day: LeapDay) -> Rule:
        word = self._notes.word(node, "rule")
        try:
            rule = parse_rule(word, leap_day)
            return rule if origin is None else kept_since(rule, origin)
        except RuleError as error:
            place = _at(node, error.at) if isinstance(error, UnknownRuleError) else node.place
            raise self._notes.error(place, str(error), Code.RULE) from error

    def look_at(self, event: Event, fields: Fields) -> None:
        """Note what an event has that does not go with its rule; note for later whom it is told by."""
        place = self._place or fields.place
        if isinstance(event.rule, AtHour) and (event.place is None or event.place.zone is None):
            message = f'the rule "{event.rule}" has a time of day, of which zone? write place: {{name: …, zone: …}}'
            self._notes.error(place, message, Code.TIME_WITHOUT_ZONE)
        node = fields.node("rule")
        for id_ in events_named(event.rule):
            at = place if node is None else _at(node, as_scalar(node).text.find(f"event:{id_}"))
            self._shape.references.days.append((event.id, id_, at))
        origin = fields.node("origin")
        with self._notes.placed(place if origin is None else origin.place):
            counting_of(event)

    def look_at_years(self, event: Event, fields: Fields) -> None:
        """Note each year that is meant of the Gregorian calendar where the event's own has others."""
        if event.rule.system in _YEARS_LIKE_OURS:
            return
        self._years_of(event, fields, "confirmed", event.confirmed)
        self._years_of(event, fields, "exceptions", event.exceptions)
        self._years_of(event, fields, "years", event.years)
        self._years_of(event, fields, "until", () if event.until is None else (event.until,))

    def _years_of(self, event: Event, fields: Fields, key: str, years: Iterable[int]) -> None:
        node, system = fields.node(key), event.rule.system
        for year in years:
            if node is not None and year in _LIKE_OURS:
                message = f"{key}: {year} is a year of the {system} calendar, in which this event's years are counted"
                self._notes.error(node.place, f"{message}; write the year that it has there", Code.RULE)


def _at(node: Node, at: int) -> Place:
    """Return the place of a character of a rule, as far as it stands in one line as it is written."""
    offset = node.offset if isinstance(node, Scalar) else None
    return node.place if offset is None else node.place._replace(column=node.place.column + offset + at)


def _day_of(origin: Origin, leap_day: LeapDay) -> Rule | None:
    """Return the rule of the day on which it happened, None where that is not known exactly."""
    if origin.last is not None or not origin.certain:
        return None
    if origin.kept is not None:
        return origin.kept
    return None if origin.month is None or origin.day is None else FixedDay(origin.month, origin.day, leap_day)
