"""Selections: which events somebody wants to hear of."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from notifier.domain.errors import (
    EmptySelectionError,
    LongSelectionError,
    SelectionTermError,
    UnknownSelectionTermError,
)
from notifier.domain.events import Catalog, Event

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
"""What the ids of events, collections, parties and sources look like."""

LONGEST = 8_000
"""Characters of a selection that somebody chooses: some three hundred single days."""

_COLLECTION = "collection:"
_ALL = "all"

_NEIGHBOURS = 20
"""How many names on either side in the alphabet are compared with one that is not known."""

_LONGEST_COMPARED = 120
"""Characters."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Terms taken in, less terms taken out. Equal selections are equal values: both sides are sorted and unique."""

    taken: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the canonical form: `all,-collection:world,-khojaly`."""
        return ",".join([*self.taken, *(f"-{term}" for term in self.left_out)])

    def __contains__(self, event: Event) -> bool:
        """Whether the event is selected."""
        return self.holds((event.id, *event.was), event.collections)

    def holds(self, ids: Iterable[str], collections: Iterable[str]) -> bool:
        """Whether an event with these ids, the present and former ones, and these collections is selected."""
        return _holds(frozenset(self.taken), frozenset(self.left_out), _terms_of(ids, collections))

    def pick(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Return the selected events, in the order given."""
        taken, left_out = frozenset(self.taken), frozenset(self.left_out)
        return tuple(
            event for event in events if _holds(taken, left_out, _terms_of((event.id, *event.was), event.collections))
        )


EVERYTHING = Selection((_ALL,))


def parse_selection(text: str) -> Selection:
    """Read `all`, `collection:X` and ids, each left out again with a leading `-`, separated by `,` or `;`.

    Raises SelectionTermError for a term of another form and EmptySelectionError when nothing is taken in.
    """
    terms = [term.strip() for term in re.split("[,;]", text) if term.strip()]
    for term in terms:
        name = term.removeprefix("-").removeprefix(_COLLECTION)
        if not ID.fullmatch(name):
            raise SelectionTermError(term=term)
    taken = {term for term in terms if not term.startswith("-")}
    left_out = {term[1:] for term in terms if term.startswith("-")}
    if not taken or _ALL in left_out:
        raise EmptySelectionError(selection=text)
    return Selection((_ALL,) if _ALL in taken else tuple(sorted(taken)), tuple(sorted(left_out)))


def check_selection(selection: Selection, catalog: Catalog) -> None:
    """Raise LongSelectionError for very many terms, UnknownSelectionTermError for one the calendar does not have."""
    if len(str(selection)) > LONGEST:
        raise LongSelectionError
    ids = {id_ for event in catalog.events for id_ in (event.id, *event.was)}
    collections = set(catalog.collection_ids()) | set(catalog.calendar.collections)
    for term in (*selection.taken, *selection.left_out):
        if term == _ALL:
            continue
        what, known = ("collection", collections) if term.startswith(_COLLECTION) else ("event", ids)
        name = term.removeprefix(_COLLECTION)
        if name not in known:
            raise UnknownSelectionTermError(what=what, name=name, hint=_hint(name, known))


def names_beside(name: str, known: Collection[str]) -> list[str]:
    """Return the known names that one may be a slip for: of many those beside it in the alphabet, of few all.

    Whoever sends a name decides how often, and to compare it with thousands takes a tenth of a second.
    """
    if len(name) > _LONGEST_COMPARED:
        return []
    in_order = sorted(known)
    place = bisect_left(in_order, name)
    return in_order[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS]


def _hint(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, names_beside(name, known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _terms_of(ids: Iterable[str], collections: Iterable[str]) -> tuple[str, ...]:
    """Return every term that matches an event."""
    return (_ALL, *ids, *(_COLLECTION + collection for collection in collections))


def _holds(taken: frozenset[str], left_out: frozenset[str], terms: tuple[str, ...]) -> bool:
    return not taken.isdisjoint(terms) and left_out.isdisjoint(terms)
