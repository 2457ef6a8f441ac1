"""What each calendar feed is called in one language, and which of the calendar's events it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from notifier.content.feeds import FeedHead
from notifier.content.language import Language
from notifier.domain import addresses
from notifier.domain.events import Catalog, CollectionId, Event, Kind
from notifier.domain.texts import Text


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
