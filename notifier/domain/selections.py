"""Selections: which events somebody wants to hear of."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from notifier.domain.errors import EmptySelectionError, SelectionTermError, UnknownSelectionTermError
from notifier.domain.events import Catalog, Event

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
"""What the ids of events, collections, parties and sources look like."""

_COLLECTION = "collection:"
_ALL = "all"


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
        return _any_matches(self.taken, event) and not _any_matches(self.left_out, event)

    def pick(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Return the selected events, in the order given."""
        return tuple(event for event in events if event in self)


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
    """Raise UnknownSelectionTermError for the first term the calendar does not have."""
    ids = {id_ for event in catalog.events for id_ in (event.id, *event.was)}
    collections = set(catalog.collection_ids()) | set(catalog.calendar.collections)
    for term in (*selection.taken, *selection.left_out):
        if term == _ALL:
            continue
        what, known = ("collection", collections) if term.startswith(_COLLECTION) else ("event", ids)
        name = term.removeprefix(_COLLECTION)
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            raise UnknownSelectionTermError(what=what, name=name, hint=f"; did you mean {near[0]}?" if near else "")


def _any_matches(terms: tuple[str, ...], event: Event) -> bool:
    return any(_matches(term, event) for term in terms)


def _matches(term: str, event: Event) -> bool:
    if term == _ALL:
        return True
    if term.startswith(_COLLECTION):
        return term.removeprefix(_COLLECTION) in event.collections
    return term == event.id or term in event.was
