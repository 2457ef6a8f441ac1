"""What of a feed that is too long stays in it: a choice that holds for a whole year, and is of use on all its days.

In this order: the farthest years go; entries that a reader wanted beside others go, the longest leads first; texts are
shortened; days of the coming year go, the last ones first; and at last, of days with many entries, only some stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from notifier.content.feeds import WrittenEntry
from notifier.content.shortening import BARE, SHORTER, WHOLE, Length

# An event's id has no dot, so two of them are those of its anniversary's year and of what goes beside it.
_BESIDE = re.compile(r"[^.@]+\.[^.@]+\.(?:ahead-(\d+)|at)\b")

TIMED = -1
"""Stands among leads for entries with an hour, which are given up after all of them."""


Measure = Callable[[WrittenEntry, Length], int]
"""How many octets an entry has at a length."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What stays: entries, as they were, and the length their texts have.

    `given_up` are the leads of which nothing stays, and TIMED; `some` is true where days lost some of their entries.
    """

    kept: Sequence[WrittenEntry]
    length: Length = WHOLE
    given_up: tuple[int, ...] = ()
    some: bool = False


def beside(written: WrittenEntry) -> int | None:
    """Return the lead of an entry ahead of another one, TIMED for one with an hour, None for an anniversary's own."""
    found = _BESIDE.match(written.entry.revision.uid)
    if found is None:
        return None
    return int(found[1]) if found[1] else TIMED


@dataclass(frozen=True)
class Fitting:
    """Room for so many entries and octets, seen from the year `present`."""

    present: int
    entries: int
    octets: int
    measure: Measure
    _known: dict[tuple[str, Length], int] = field(default_factory=dict, init=False)

    def fit(self, entries: Iterable[WrittenEntry]) -> Fitted:
        """Return what stays; at least one entry."""
        years = self._years(entries)
        core = [one for year in years[: self._nearest(years)] for one in year]
        own = [one for one in core if beside(one) is None] or core
        if len(own) <= self.entries:
            for length in SHORTER:
                if self._fits(own, length):
                    return self._with_others(core, own, years[self._nearest(years) :], length)
        return self._part(core)

    def _years(self, entries: Iterable[WrittenEntry]) -> list[list[WrittenEntry]]:
        """Return the entries of each year, the nearest year first and of two as near the coming one."""

        def distance(one: WrittenEntry) -> tuple[int, bool]:
            year = one.entry.first.year
            return abs(year - self.present), year < self.present

        return [list(year) for _, year in groupby(sorted(entries, key=distance), key=distance)]

    def _nearest(self, years: Sequence[Sequence[WrittenEntry]]) -> int:
        """Return how many years are never left out as a whole: the present and the coming one, else the nearest."""
        first = [year[0].entry.first.year for year in years[:2]]
        return 2 if first == [self.present, self.present + 1] else 1

    def _with_others(
        self,
        core: Sequence[WrittenEntry],
        own: Sequence[WrittenEntry],
        further: Iterable[Sequence[WrittenEntry]],
        length: Length,
    ) -> Fitted:
        """Return the nearest years with as much beside their own entries as fits, then further years that do."""
        leads = _leads(core)
        for given_up in range(len(leads)):
            left = frozenset(leads[given_up:])
            kept = [one for one in core if (lead := beside(one)) is None or lead in left]
            if self._fits(kept, length):
                break
        else:
            given_up, kept = len(leads), list(own)
        if given_up == 0:
            for year in further:
                if not self._fits([*kept, *year], length):
                    break
                kept += year
        return Fitted(kept, length, leads[:given_up])

    def _part(self, core: Sequence[WrittenEntry]) -> Fitted:
        """Return part of the nearest years: all of the first one where that fits, and the first days of the next."""
        own = [one for one in core if beside(one) is None] or core
        nearest = _spread(one for one in own if one.entry.first.year == core[0].entry.first.year)
        order = [*nearest, *_by_day(one for one in own if one.entry.first.year != core[0].entry.first.year)]
        kept: list[WrittenEntry] = []
        for length in (SHORTER[-1], BARE):
            kept = self._first(order, length)
            if len(kept) >= len(nearest):
                break
        some = len(kept) < len(nearest)
        if len(nearest) < len(kept) < len(order):
            # A day is shown whole or not at all.
            missing = order[len(kept)].entry.first
            kept = [one for one in kept if one.entry.first != missing]
        longest = next((length for length in SHORTER if self._fits(kept, length)), BARE)
        return Fitted(kept, longest, _leads(core), some)

    def _first(self, order: Sequence[WrittenEntry], length: Length) -> list[WrittenEntry]:
        """Return as many as fit from the beginning, at least one."""
        room = self.octets
        for place, one in enumerate(order[: self.entries]):
            room -= self._size(one, length)
            if room < 0:
                return list(order[: max(1, place)])
        return list(order[: max(1, self.entries)])

    def _fits(self, entries: Sequence[WrittenEntry], length: Length) -> bool:
        if len(entries) > self.entries:
            return False
        return sum(self._size(one, length) for one in entries) <= self.octets

    def _size(self, one: WrittenEntry, length: Length) -> int:
        key = (one.entry.revision.uid, length)
        size = self._known.get(key)
        if size is None:
            size = self._known[key] = self.measure(one, length)
        return size


def _leads(entries: Iterable[WrittenEntry]) -> tuple[int, ...]:
    """Return what there is beside anniversaries' own entries, in the order in which it is given up."""
    return tuple(sorted({lead for one in entries if (lead := beside(one)) is not None}, reverse=True))


def _by_day(entries: Iterable[WrittenEntry]) -> list[WrittenEntry]:
    return sorted(entries, key=lambda one: (one.entry.first, one.entry.event_id, one.entry.revision.uid))


def _spread(entries: Iterable[WrittenEntry]) -> list[WrittenEntry]:
    """Return a year's entries so that the first so many are spread over all of it.

    First come the first of each day, then the second ones: so no day loses its last entry while another has two. Days
    come in the order of their number's bits read backwards, in which any beginning is spread evenly.
    """
    ranked = [
        (rank, int(f"{one.entry.first.timetuple().tm_yday:09b}"[::-1], 2), one)
        for _, day in groupby(_by_day(entries), key=lambda one: one.entry.first)
        for rank, one in enumerate(day)
    ]
    return [one for _, _, one in sorted(ranked, key=lambda place: place[:2])]
