"""The shape of one event in a calendar file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from notifier.catalog import keys
from notifier.catalog.nodes import Items, Node, Scalar
from notifier.catalog.problems import did_you_mean
from notifier.catalog.reading import Fields, Notes, as_scalar
from notifier.catalog.rule_schema import RuleShape
from notifier.catalog.schema import Shape
from notifier.catalog.year_schema import YearShape
from notifier.domain.events import (
    Begins,
    CollectionId,
    Event,
    EventId,
    Figure,
    FigureClaim,
    Kind,
    NameClaim,
    Qualifier,
    Statement,
    Update,
)
from notifier.domain.rules.composed import events_named
from notifier.domain.rules.gregorian import LeapDay
from notifier.domain.texts import MACHINE

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

FIGURES = ("killed", "injured", "arrested", "captured", "missing")
"""What the service has words of its own for; any other figure brings a label."""

_REVIEWED = re.compile(r"reviewed( by \S.*)?")
_MOST_PEOPLE = 10**12


class EventShape:
    """Reads events; the rest of the file's shape lends it the values they share."""

    def __init__(self, notes: Notes, shape: Shape) -> None:
        self._notes = notes
        self._shape = shape

    def event(self, node: Node) -> Event:
        """Read one event."""
        notes, shape = self._notes, self._shape
        fields, years, rule = Fields(notes, node, "event", keys.EVENT), YearShape(notes, shape), RuleShape(notes, shape)
        id_ = fields.required("id", self._own_id)
        fields.call(f'event "{id_}"' if id_ else "event")
        heading = fields.required(
            "heading", lambda n: shape.text(n, f'heading of "{id_}"', one_line=True, complete=True)
        )
        origin = fields.optional("origin", shape.origin, None)
        event = Event(
            id=id_,
            was=fields.optional("was", lambda n: notes.items(n, "was", self._former_id), ()),
            heading=heading,
            official_name=fields.optional("official_name", lambda n: self._name(n, "official_name", "text"), None),
            origin=origin,
            counts=fields.optional("counts", lambda n: shape.text(n, "counts", one_line=True), None),
            rule=rule.rule(
                fields, origin, fields.optional("leap_day", self._choice("leap_day", LeapDay), LeapDay.FEBRUARY_28)
            ),
            begins=fields.optional("begins", self._choice("begins", Begins), Begins.DAY),
            kind=fields.optional("kind", self._choice("kind", Kind), Kind.NEUTRAL),
            collections=fields.optional("collections", self._collections, ()),
            place=fields.optional("place", shape.place, None),
            summary=fields.optional("summary", self._list("summary", self._statement), ()),
            called=fields.optional("called", self._list("called", lambda n: self._name(n, "called", "term")), ()),
            figures=fields.optional("figures", self._figures, ()),
            remembered=fields.optional("remembered", self._list("remembered", self._statement), ()),
            updates=fields.optional("updates", self._list("updates", self._update), ()),
            years=fields.optional("years", years.notes_by_year, {}),
            translations=fields.optional("translations", self._translations, {}),
            leads=fields.optional("leads", shape.leads, None),
            exceptions=fields.optional("exceptions", years.moved_by_year, {}),
            until=fields.optional("until", lambda n: notes.integer(n, "until", 1, 9999), None),
            confirmed=fields.optional("confirmed", self._list("confirmed", years.year), ()),
            release=fields.optional("release", shape.release, None),
        )
        fields.done()
        rule.look_at(event, fields)
        self._once_told(event, lambda told: self._look_at_years(told, fields, rule, years))
        return event

    def _once_told(self, event: Event, look: Callable[[Event], None]) -> None:
        """Look at an event when its days are known: at once, or after those it is told by."""
        if any(events_named(event.rule)):
            self._shape.references.once_told[event.id] = look
        else:
            look(event)

    @staticmethod
    def _look_at_years(event: Event, fields: Fields, rule: RuleShape, years: YearShape) -> None:
        rule.look_at_years(event, fields)
        years.look_at_moments(event)

    def _list(self, what: str, read: Callable[[Node], T]) -> Callable[[Node], tuple[T, ...]]:
        return lambda node: self._notes.items(node, what, read)

    def _choice(self, what: str, known: type[E]) -> Callable[[Node], E]:
        return lambda node: known(self._notes.choice(node, what, [str(member) for member in known]))

    def _own_id(self, node: Node) -> EventId:
        return self._id(node, "event id")

    def _former_id(self, node: Node) -> EventId:
        return self._id(node, "former id")

    def _id(self, node: Node, what: str) -> EventId:
        id_ = self._notes.identifier(node, what)
        self._shape.references.event_ids.add(id_)
        return EventId(id_)

    def _collections(self, node: Node) -> tuple[CollectionId, ...]:
        return self._notes.items(node, "collections", self._shape.collection_id)

    # --- claims -------------------------------------------------------------------------------------------------

    def _statement(self, node: Node) -> Statement:
        fields = Fields(self._notes, node, "statement", keys.STATEMENT)
        statement = Statement(
            text=fields.required("text", lambda n: self._shape.text(n, "text")),
            by=fields.optional("by", self._shape.party_id, None),
            sources=fields.optional("source", self._shape.source_ids, ()),
        )
        fields.done()
        return statement

    def _name(self, node: Node, what: str, key: str) -> NameClaim:
        known = keys.CALLED if key == "term" else keys.OFFICIAL_NAME
        fields = Fields(self._notes, node, f"an entry of {what}" if key == "term" else what, known)
        name = NameClaim(
            term=fields.required(key, lambda n: self._shape.text(n, key, one_line=True)),
            by=fields.required("by", self._shape.party_id),
            sources=fields.required("source", self._shape.source_ids),
        )
        fields.done()
        return name

    def _update(self, node: Node) -> Update:
        fields = Fields(self._notes, node, "update", keys.UPDATE)
        update = Update(
            date=fields.required("date", lambda n: self._notes.day(n, "date")),
            text=fields.required("text", lambda n: self._shape.text(n, "text")),
            by=fields.optional("by", self._shape.party_id, None),
            sources=fields.required("source", self._shape.source_ids),
        )
        fields.done()
        return update

    def _figures(self, node: Node) -> tuple[Figure, ...]:
        pairs = self._notes.mapping(node, "figures")
        return self._notes.each(tuple(pairs), lambda key: self._figure(key, pairs[as_scalar(key)]))

    def _figure(self, key: Node, node: Node) -> Figure:
        what = self._notes.identifier(key, "figure")
        if isinstance(node, Items):
            if what not in FIGURES:
                hint = did_you_mean(what, FIGURES)
                message = f'the figure "{what}" has no words of its own; write it with label: and claims:{hint}'
                raise self._notes.error(key.place, message)
            return Figure(what, None, self._notes.items(node, what, self._claim))
        fields = Fields(self._notes, node, f'figure "{what}"', keys.FIGURE)
        figure = Figure(
            what=what,
            label=fields.required("label", lambda n: self._shape.text(n, "label", one_line=True)),
            claims=fields.required("claims", self._list("claims", self._claim)),
        )
        fields.done()
        return figure

    def _claim(self, node: Node) -> FigureClaim:
        fields = Fields(self._notes, node, "claim", keys.CLAIM)
        claim = FigureClaim(
            value=fields.required("value", lambda n: self._notes.integer(n, "value", 0, _MOST_PEOPLE)),
            qualifier=fields.optional("qualifier", self._choice("qualifier", Qualifier), Qualifier.EXACTLY),
            by=fields.required("by", self._shape.party_id),
            sources=fields.required("source", self._shape.source_ids),
            note=fields.optional("note", lambda n: self._shape.text(n, "note", one_line=True), None),
        )
        fields.done()
        return claim

    def _translations(self, node: Node) -> Mapping[str, str]:
        pairs = self._notes.mapping(node, "translations")
        there = tuple(key for key in pairs if not self._shape.is_left_out(key.text))
        states = self._notes.each(there, lambda key: self._translation(as_scalar(key), pairs[as_scalar(key)]))
        return MappingProxyType(dict(states))

    def _translation(self, key: Scalar, node: Node) -> tuple[str, str]:
        self._shape.served_language(key, "translations")
        state = self._notes.word(node, "the state of a translation")
        if state != MACHINE and not _REVIEWED.fullmatch(state):
            raise self._notes.error(
                node.place, f'the state of a translation is machine or reviewed by NAME, not "{state}"'
            )
        return key.text, state
