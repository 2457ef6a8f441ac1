"""Which lists of days are too long for one page, and into which parts they are divided.

It goes by how much there is, and by the longest wording of each heading in any language: so a list has the same parts
in every language, and each of them fits on a page, whatever the days are called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import accumulate
from typing import TypeVar

from notifier.domain.events import Catalog, Event
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.round_years import coming_rounds
from notifier.domain.windows import FeedYears

MOST = 150
"""Entries of a list on one page, where their headings are no longer than a sentence."""

ROOM = 60_000
"""Bytes of a page, of the 100,000 it may weigh, for the entries of a list."""

AN_ENTRY = 240
"""Bytes of an entry beside its heading, place and id: its day, what is counted, and the marks around them."""

MOST_IN_A_YEAR = 90
"""Days marked in one year, each with all it is: above that each month has a page of its own.

So many also still fit below the twelve months on one printed sheet.
"""

LONGEST_SPAN = timedelta(days=60)
"""How long ago something may have begun that is not over yet."""

T = TypeVar("T")


def weight(event: Event) -> int:
    """Return how many bytes an event's heading, place and id take where it is listed, in whatever language most."""
    place = event.place.name if event.place is not None else None
    longest = (max(len(escape(said.text).encode()) for said in text) for text in (event.heading, place) if text)
    return sum(longest) + len(event.id)


def how_many_fit(weights: Iterable[int], most: int, room: int = ROOM, beside: int = AN_ENTRY) -> int:
    """Return how many fit into so many bytes whichever of them stand together, `most` at most; one always does."""
    heaviest = accumulate(one + beside for one in sorted(weights, reverse=True)[:most])
    fitting = [together <= room for together in heaviest]
    return most if all(fitting) else max(1, sum(fitting))


def most_of(catalog: Catalog) -> int:
    """Return how many entries of a list of this calendar stand on one page."""
    return how_many_fit(map(weight, catalog.events), MOST)


def part_count(entries: int, most: int = MOST) -> int:
    """Return into how many parts so many entries are divided; an empty list is one."""
    return max(1, -(-entries // most))


def part_of(entries: Sequence[T], number: int, most: int = MOST) -> Sequence[T]:
    """Return one part; they are counted from 1."""
    return entries[(number - 1) * most : number * most]


def place_of(index: int, most: int = MOST) -> int:
    """Return the part in which the entry with this index stands."""
    return index // most + 1


def in_year(catalog: Catalog, year: int) -> list[Occurrence]:
    """Return what falls into a year (Gregorian), by first day; what began before it and lasts into it is there too."""
    start = date(year, 1, 1)
    found = occurrences_between(catalog.events, start - LONGEST_SPAN, date(year + 1, 1, 1))
    return [one for one in found if one.last >= start]


def in_month(found: Sequence[Occurrence], year: int, month: int) -> list[Occurrence]:
    """Return what of a year falls into a month, in the same order; what lasts into several stands in each."""
    start, end = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    return [one for one in found if one.first < end and one.last >= start]


def is_long_year(found: Sequence[Occurrence]) -> bool:
    """Whether so much is remembered in a year that its months have pages of their own."""
    days = [(one.last - one.first).days + 1 for one in found]
    if sum(days) > MOST_IN_A_YEAR:
        return True
    # Each is named in the list, and again on each of its days.
    return sum((1 + n) * weight(one.event) + AN_ENTRY for n, one in zip(days, found, strict=True)) > ROOM


def is_long(found: Sequence[Occurrence]) -> bool:
    """Whether a list does not fit on one page."""
    return len(found) > MOST or sum(weight(one.event) + AN_ENTRY for one in found) > ROOM


@dataclass(frozen=True, slots=True)
class LongLists:
    """The pages that there are because lists are long: (year, month, part), (year, part) and (collection, part).

    `most` is how many entries of a list each of them has.
    """

    most: int
    months: Sequence[tuple[int, int, int]]
    outlook: Sequence[tuple[int, int]]
    collections: Sequence[tuple[str, int]]


def long_lists(catalog: Catalog, years: FeedYears) -> LongLists:
    """Return them for a calendar as it is published in these years."""
    most = most_of(catalog)
    months, outlook = tuple(_months(catalog, years, most)), tuple(_outlook(catalog, years, most))
    return LongLists(most, months, outlook, tuple(collection_parts(catalog, most)))


def _months(catalog: Catalog, years: FeedYears, most: int) -> Iterator[tuple[int, int, int]]:
    for year in range(years.first, years.last + 1):
        found = in_year(catalog, year)
        if is_long_year(found):
            for month in range(1, 13):
                entries = len(in_month(found, year, month))
                yield from ((year, month, part + 1) for part in range(part_count(entries, most) if entries else 0))


def _outlook(catalog: Catalog, years: FeedYears, most: int) -> Iterator[tuple[int, int]]:
    found = coming_rounds(catalog, years)
    if is_long(found):
        for year, entries in sorted(Counter(one.first.year for one in found).items()):
            yield from ((year, part + 1) for part in range(part_count(entries, most)))


def collection_parts(catalog: Catalog, most: int) -> Iterator[tuple[str, int]]:
    """Yield each collection's parts after the first, which stands on its own page."""
    members = Counter(id_ for event in catalog.events for id_ in set(event.collections))
    for id_ in catalog.collection_ids():
        yield from ((id_, part) for part in range(2, part_count(members[id_], most) + 1))
