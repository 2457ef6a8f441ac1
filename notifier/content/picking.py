"""How single days are chosen in a form: each has a box; of very many, those that are chosen or were looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from notifier.content.language import Language
from notifier.content.site import SiteDay
from notifier.content.views import Words
from notifier.content.wording import words
from notifier.domain.events import Catalog, Event
from notifier.domain.long_lists import how_many_fit, weight
from notifier.domain.selections import LONGEST

MOST_BOXES: Final = 60
"""So many days have a box each, whether or not they are chosen."""

MOST_FOUND: Final = 30
"""So many of the days that were looked for are offered."""

ROOM: Final = 16_500
"""Bytes of a page for the boxes of single days; those that were looked for have half of it."""

A_BOX: Final = 110
"""Bytes of a box beside the name and the id of its day."""


class Choice(NamedTuple):
    """Something to choose: the value that is sent, what it is called, whether it is chosen, and a word beside it."""

    value: str
    said: Words
    chosen: bool
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """The words somebody looked for among the single days, empty for none, and the days found, best first."""

    query: str = ""
    found: Sequence[Event] = ()


NOT_LOOKED: Final = Looked()


@dataclass(frozen=True, slots=True)
class Picking:
    """The boxes of single days: all of them, or where there is a field to `look` for more, those that are chosen.

    `rest` is one box for all that are chosen and have none of their own; `found` are those looked for that are not
    chosen yet, of `how_many` that were found in all; `most` of them are offered.
    """

    boxes: Sequence[Choice]
    look: bool = False
    rest: Choice | None = None
    query: str = ""
    found: Sequence[Choice] = ()
    how_many: int = 0
    most: int = MOST_FOUND


def each_has_a_box(catalog: Catalog) -> bool:
    """Whether there are so few days that nobody needs to look for one."""
    return len(catalog.events) <= MOST_BOXES and len(catalog.events) <= how_many_boxes(catalog.events)


def how_many_boxes(events: Iterable[Event], most: int = MOST_BOXES, room: int = ROOM) -> int:
    """Return how many of these days can have boxes of their own on a page."""
    return how_many_fit(map(weight, events), most, room, A_BOX)


def picking(
    site: SiteDay, language: Language, select: frozenset[str], looked: Looked, value_of: Callable[[Event], str]
) -> Picking:
    """Return the boxes as `select` ticks them; `value_of` is what a day's box sends."""
    catalog = site.catalog
    if each_has_a_box(catalog):
        return Picking(boxes(site, language, catalog.events, value_of, select))
    known = by_every_id(catalog)
    named = {event.id: event for term in select if (event := known.get(term)) is not None}
    chosen, of_those = boxes(site, language, named.values(), value_of, select), how_many_boxes(named.values())
    found = [event for event in looked.found if event.id not in named][:MOST_FOUND]
    most = how_many_boxes(found, MOST_FOUND, ROOM // 2)
    return Picking(
        chosen[:of_those],
        look=True,
        rest=together([one.value for one in chosen[of_those:]], language),
        query=looked.query,
        found=boxes(site, language, found[:most], value_of),
        how_many=len(looked.found),
        most=most,
    )


def boxes(
    site: SiteDay,
    language: Language,
    events: Iterable[Event],
    value_of: Callable[[Event], str],
    select: frozenset[str] = frozenset(),
) -> list[Choice]:
    """Return a box for each day, by their names."""
    said = [(one, words(one.heading, site.catalog, language)) for one in events]
    return [
        Choice(value_of(one), name, not select.isdisjoint({one.id, *one.was}))
        for one, name in sorted(said, key=lambda pair: pair[1].text)
    ]


def together(values: Sequence[str], language: Language) -> Choice | None:
    """Return one ticked box for several days: forms take several terms in one value, as many as may be chosen."""
    if not values:
        return None
    lengths = accumulate(len(value) + 1 for value in values)
    kept = values[: sum(1 for length in lengths if length <= LONGEST)]
    said = language.say_many("{n} more day", "{n} more days", len(kept))
    return Choice(",".join(kept), Words(said, language.tag, language.direction, None), chosen=True)


def by_every_id(catalog: Catalog) -> Mapping[str, Event]:
    """Return the events by their ids, former ones too: thousands of terms are not each looked for from the first on."""
    former: dict[str, Event] = {id_: event for event in reversed(catalog.events) for id_ in event.was}
    return former | {event.id: event for event in reversed(catalog.events)}
