"""The shape of what a calendar file says of single years of an event."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypeVar

from notifier.catalog import keys
from notifier.catalog.nodes import Items, Node
from notifier.catalog.problems import Code, Place
from notifier.catalog.reading import Fields, Notes, as_scalar
from notifier.catalog.schema import Shape
from notifier.domain.events import Event, ItemId, Moved, ProgrammeItem, YearNotes
from notifier.domain.hours import instant_at, is_shown, zone
from notifier.domain.occurrences import occurrences_between

T = TypeVar("T")

FARTHEST = timedelta(days=40)
"""How far from an anniversary's first day its programme reaches; feeds spell out zones a year beyond what they show."""

_SEARCH = timedelta(days=400)
_YEARS = range(1000, 9001)
"""Far enough from the ends of what a date can be; earlier years are written with fewer digits."""
_LONGEST_ID = 40
_LIKE_AN_HOUR = re.compile(r"[0-9]{4}(-.*)?", re.ASCII)
"""What the entry of an item without an id is called by."""


class YearShape:
    """Reads what one event has by the year of an anniversary."""

    def __init__(self, notes: Notes, shape: Shape) -> None:
        self._notes = notes
        self._shape = shape
        self._moments: list[tuple[int, ProgrammeItem, Place]] = []

    def notes_by_year(self, node: Node) -> Mapping[int, YearNotes]:
        """Read notes and programmes."""
        return self._by_year(node, "years", self._year_notes)

    def moved_by_year(self, node: Node) -> Mapping[int, Moved]:
        """Read which anniversaries are kept on another day."""
        return self._by_year(node, "exceptions", self._moved)

    def year(self, node: Node) -> int:
        """Read a year."""
        return self._notes.integer(node, "a year", 1, 9999)

    def _by_year(self, node: Node, what: str, read: Callable[[Node, int], T]) -> Mapping[int, T]:
        pairs = self._notes.mapping(node, what)

        def read_year(key: Node) -> tuple[int, T]:
            year = self.year(key)
            return year, read(pairs[as_scalar(key)], year)

        return MappingProxyType(dict(self._notes.each(tuple(pairs), read_year)))

    def _year_notes(self, node: Node, year: int) -> YearNotes:
        fields = Fields(self._notes, node, "year", keys.YEAR)
        notes = YearNotes(
            note=fields.optional("note", lambda n: self._shape.text(n, "note"), None),
            programme=fields.optional("programme", lambda n: self._programme(n, year), ()),
        )
        fields.done()
        return notes

    def _programme(self, node: Node, year: int) -> tuple[ProgrammeItem, ...]:
        items = self._notes.items(node, "programme", lambda n: self._programme_item(n, year))
        nameless = sum(item.id is None for item in items)
        if nameless > 1:
            self._notes.warning(
                node.place,
                f"{nameless} items of this programme have no id; give each an id, so that its calendar entry stays "
                "the same when others change",
                Code.ITEMS_WITHOUT_ID,
            )
        self._told_apart(node, items)
        return items

    def _told_apart(self, node: Node, items: Iterable[ProgrammeItem]) -> None:
        """Note every id that stands twice, at the item that has it again."""
        seen: set[ItemId] = set()
        written = node.items if isinstance(node, Items) else ()
        for item, own in zip(items, written, strict=True):
            if item.id in seen:
                self._notes.error(own.place, f'the id "{item.id}" stands twice in this programme')
            if item.id is not None:
                seen.add(item.id)

    def _programme_item(self, node: Node, year: int) -> ProgrammeItem:
        fields = Fields(self._notes, node, "programme item", keys.PROGRAMME_ITEM)
        item = ProgrammeItem(
            id=fields.optional("id", self._item_id, None),
            at=fields.required("at", self._moment),
            place=fields.optional("place", self._shape.place, None),
            text=fields.required("text", lambda n: self._shape.text(n, "text")),
            url=fields.optional("url", lambda n: self._notes.link(n, "url"), None),
        )
        fields.done()
        at = fields.node("at")
        self._moments.append((year, item, fields.place if at is None else at.place))
        return item

    def _item_id(self, node: Node) -> ItemId:
        word = self._notes.identifier(node, "the id of a programme item")
        if len(word) > _LONGEST_ID:
            raise self._notes.error(
                node.place, f"the id of a programme item has at most {_LONGEST_ID} characters, not {len(word)}"
            )
        if _LIKE_AN_HOUR.fullmatch(word):
            raise self._notes.error(
                node.place, f'the id "{word}" of a programme item reads like an hour; begin it with a letter'
            )
        return ItemId(word)

    def _moment(self, node: Node) -> datetime:
        word = self._notes.word(node, "at")
        try:
            moment = datetime.fromisoformat(word) if "T" in word else None
        except ValueError:
            moment = None
        if moment is None:
            raise self._notes.error(node.place, f'at is a moment such as "2027-01-20T10:00", not "{word}"', Code.MOMENT)
        if moment.year not in _YEARS:
            first, last = _YEARS[0], _YEARS[-1]
            message = f'at is a moment of the years {first} to {last}, not "{word}"'
            raise self._notes.error(node.place, message, Code.MOMENT)
        return moment

    def look_at_moments(self, event: Event) -> None:
        """Note each item of the event's programmes that is far from its day, or at an hour that no clock shows."""
        for year, item, place in self._moments:
            self._is_near(event, year, item.at, place)
            if item.at.tzinfo is None:
                self._is_shown(item.at, event.zone_of(item) or self._shape.calendar_zone, place)

    def _is_near(self, event: Event, year: int, at: datetime, place: Place) -> None:
        on = at.date()
        around = occurrences_between([event], on - _SEARCH, on + _SEARCH)
        days = [occurrence.first for occurrence in around if occurrence.year == year]
        if not any(abs(day - on) <= FARTHEST for day in days):
            day = f" ({days[0]})" if days else ""
            self._notes.error(
                place,
                f"what is on the programme of {year} lies within {FARTHEST.days} days of the day itself{day}, not on "
                f"{on}; correct it, or write the item under the year it belongs to",
                Code.MOMENT,
            )

    def _is_shown(self, wall: datetime, zone_name: str, place: Place) -> None:
        if not is_shown(wall, zone_name):
            after = instant_at(wall, zone_name).astimezone(zone(zone_name))
            shown = after.strftime("%H:%M") if after.date() == wall.date() else after.strftime("%Y-%m-%dT%H:%M")
            self._notes.error(
                place,
                f"no clocks in {zone_name} show {str(wall).removesuffix(':00')}, since they are put forward; "
                f"write {shown}, or another time",
                Code.MOMENT,
            )

    def _moved(self, node: Node, _year: int) -> Moved:
        fields = Fields(self._notes, node, "exception", keys.EXCEPTION)
        moved = Moved(
            date=fields.required("date", lambda n: self._notes.day(n, "date")),
            reason=fields.required("reason", lambda n: self._shape.text(n, "reason")),
        )
        fields.done()
        return moved
