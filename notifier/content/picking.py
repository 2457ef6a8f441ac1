"""How single days are chosen in a form: each has a box; of very many, those that are chosen or were looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from notifier.content.language import Language
from notifier.content.site import SiteDay
from notifier.content.views import Words
from notifier.content.wording import words
from notifier.domain.events import Event

MOST_BOXES: Final = 60
"""So many days have a box each, whether or not they are chosen."""

MOST_FOUND: Final = 30
"""So many of the days that were looked for are offered."""


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
    chosen yet, of `how_many` that were found in all.
    """

    boxes: Sequence[Choice]
    look: bool = False
    rest: Choice | None = None
    query: str = ""
    found: Sequence[Choice] = ()
    how_many: int = 0

    @property
    def most(self) -> int:
        """How many of those found are offered."""
        return MOST_FOUND


def picking(
    site: SiteDay, language: Language, select: frozenset[str], looked: Looked, value_of: Callable[[Event], str]
) -> Picking:
    """Return the boxes as `select` ticks them; `value_of` is what a day's box sends."""
    catalog = site.catalog
    if len(catalog.events) <= MOST_BOXES:
        return Picking(boxes(site, language, catalog.events, value_of, select))
    named = {event.id: event for term in select if (event := catalog.event(term)) is not None}
    chosen = boxes(site, language, named.values(), value_of, select)
    found = [event for event in looked.found if event.id not in named]
    return Picking(
        chosen[:MOST_BOXES],
        look=True,
        rest=_together(chosen[MOST_BOXES:], language),
        query=looked.query,
        found=boxes(site, language, found[:MOST_FOUND], value_of),
        how_many=len(looked.found),
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


def _together(others: Sequence[Choice], language: Language) -> Choice | None:
    """Return one box for several days: forms take several terms in one value."""
    if not others:
        return None
    said = language.say_many("{n} more day", "{n} more days", len(others))
    value = ",".join(one.value for one in others)
    return Choice(value, Words(said, language.tag, language.direction, None), chosen=True)
