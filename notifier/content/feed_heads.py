"""What each calendar feed is called in one language, and which of the calendar's events it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from notifier.content.feeds import FeedHead
from notifier.content.language import Language
from notifier.domain import addresses
from notifier.domain.built import Built
from notifier.domain.events import Catalog, CollectionId, Event, Kind
from notifier.domain.selections import EVERYTHING
from notifier.domain.texts import Text

_MOST_NAMED = 3
"""How many days or collections the name of a selection lists."""


def feed_heads(catalog: Catalog, language: Language) -> Iterator[tuple[FeedHead, tuple[Event, ...]]]:
    """Yield the feed of all events, of each collection and of each event, with the events it holds."""
    yield everything(catalog, language), catalog.events
    for id_ in sorted({*catalog.collection_ids(), *catalog.calendar.collections}):
        yield collection(id_, catalog, language), _members(id_, catalog)
    for one in catalog.events:
        yield event(one, catalog, language), (one,)


def everything(catalog: Catalog, language: Language) -> FeedHead:
    """Return the head of the feed of all events."""
    tag = language.tag
    return FeedHead(
        path=addresses.feed(tag, addresses.EVERYTHING),
        page=addresses.home(tag),
        uid=_uid(catalog, tag, addresses.EVERYTHING),
        name=_shown(catalog.calendar.name, catalog, tag),
        description=_description(language),
        kind=_common_kind(catalog.events),
    )


def collection(id_: CollectionId, catalog: Catalog, language: Language) -> FeedHead:
    """Return the head of a collection's feed; a collection without a name is called by its id."""
    tag = language.tag
    names = catalog.calendar.collections
    own = _shown(names[id_], catalog, tag) if id_ in names else id_
    return FeedHead(
        path=addresses.feed(tag, id_),
        page=addresses.home(tag),
        uid=_uid(catalog, tag, f"collection.{id_}"),
        name=f"{_shown(catalog.calendar.name, catalog, tag)} – {own}",
        description=_description(language),
        kind=_common_kind(_members(id_, catalog)),
    )


def event(one: Event, catalog: Catalog, language: Language) -> FeedHead:
    """Return the head of one event's feed."""
    tag = language.tag
    return FeedHead(
        path=addresses.event_feed(tag, one.id),
        page=addresses.event(tag, one.id),
        uid=_uid(catalog, tag, f"event.{one.permanent_id}"),
        name=_shown(one.heading, catalog, tag),
        description=_description(language),
        kind=one.kind,
    )


def whole_year(year: int, catalog: Catalog, language: Language) -> FeedHead:
    """Return the head of one year of all events, handed to people whose calendar cannot subscribe."""
    tag = language.tag
    return replace(
        everything(catalog, language),
        path=addresses.year_feed(tag, year),
        uid=_uid(catalog, tag, f"year.{year}"),
        name=f"{_shown(catalog.calendar.name, catalog, tag)} {year}",
    )


def named(name: str, catalog: Catalog, language: Language) -> tuple[FeedHead, tuple[Event, ...]] | None:
    """Return the feed that an address calls `all`, a collection's id, or `events/` and an event's id."""
    if name == addresses.EVERYTHING:
        return everything(catalog, language), catalog.events
    if name.startswith("events/"):
        found = next((one for one in catalog.events if one.id == name.removeprefix("events/")), None)
        return None if found is None else (event(found, catalog, language), (found,))
    if name in catalog.collection_ids() or name in catalog.calendar.collections:
        return collection(CollectionId(name), catalog, language), _members(CollectionId(name), catalog)
    return None


def selection(built: Built, picked: Iterable[Event], catalog: Catalog, language: Language) -> FeedHead:
    """Return the head of a built selection's feed, which holds the events picked."""
    tag = language.tag
    return FeedHead(
        path=addresses.selection(built.token),
        page=addresses.home(tag),
        uid=_uid(catalog, tag, f"selection.{built.token}"),
        name=_selection_name(built, catalog, language),
        description=_description(language),
        kind=_common_kind(picked),
    )


def _selection_name(built: Built, catalog: Catalog, language: Language) -> str:
    """Return the calendar's name, and what of it is selected where that is short to say."""
    whole, taken = _shown(catalog.calendar.name, catalog, language.tag), built.selection.taken
    if built.selection == EVERYTHING:
        return whole
    if built.selection.left_out or len(taken) > _MOST_NAMED:
        return f"{whole} – {language.say('own selection')}"
    return f"{whole} – {' / '.join(_term_name(term, catalog, language.tag) for term in taken)}"


def _term_name(term: str, catalog: Catalog, tag: str) -> str:
    """Return what a selection's term is called; one that the calendar has no name for is called by its id."""
    is_collection, _, id_ = term.rpartition(":")
    if is_collection:
        name = catalog.calendar.collections.get(CollectionId(id_))
        return id_ if name is None else _shown(name, catalog, tag)
    event = catalog.event(term)
    return id_ if event is None else _shown(event.heading, catalog, tag)


def _uid(catalog: Catalog, tag: str, what: str) -> str:
    return f"feed.{tag}.{what}@{catalog.calendar.id}"


def _description(language: Language) -> str:
    return language.say(
        "Days of remembrance with their anniversaries. Each figure and each name stands beside who says it."
    )


def _shown(text: Text, catalog: Catalog, tag: str) -> str:
    return text.wording((tag, *catalog.calendar.languages)).text


def _members(id_: CollectionId, catalog: Catalog) -> tuple[Event, ...]:
    return tuple(one for one in catalog.events if id_ in one.collections)


def _common_kind(events: Iterable[Event]) -> Kind:
    """Return the kind all events share, or memorial: it gives a feed of several its colour."""
    kinds = {one.kind for one in events}
    return kinds.pop() if len(kinds) == 1 else Kind.MEMORIAL
