"""What tables (CSV) and lists of feeds (OPML) say: each is dated by that alone, and none is made for it.

Neither holds what an entry's texts say, so an edited account changes calendars and leaves these as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from notifier.content.contentlines import one_line
from notifier.content.feed_heads import feed_heads
from notifier.content.language import Language, Languages
from notifier.domain import addresses
from notifier.domain.digests import digest_of_texts
from notifier.domain.events import Catalog, Event, EventId
from notifier.domain.occurrences import Occurrence
from notifier.domain.texts import Text
from notifier.usecases.shape_paths import shaped


class Said(NamedTuple):
    """What a feed says, as a digest (SHA-256, hexadecimal). `calendar` is the path of the calendar feed beside it."""

    path: str
    digest: str
    calendar: str


def tables_and_lists(
    catalog: Catalog, languages: Languages, served: Iterable[str], occurrences: Iterable[Occurrence], program: str
) -> Iterator[Said]:
    """Yield what every table and every list says; `occurrences` are all that are published.

    `program` is the digest of what writes them.
    """
    rows = _rows(catalog, occurrences)
    for tag in served:
        language = languages[tag]
        titles = digest_of_texts(program, *_title_parts(language))
        said = {event.id: digest_of_texts(rows[event.id], *_words(event, catalog, tag)) for event in catalog.events}
        names = []
        for head, events in feed_heads(catalog, language):
            names += [one_line(head.name), head.page, head.path]
            table = digest_of_texts(titles, *sorted(said[event.id] for event in events))
            yield Said(shaped(head.path, "csv"), table, head.path)
        headings = (language.say("Notices"), language.say("Calendar feeds"))
        everything = addresses.feed(tag, addresses.EVERYTHING)
        yield Said(addresses.feed_list(tag), digest_of_texts(program, *headings, *names), everything)


def _rows(catalog: Catalog, occurrences: Iterable[Occurrence]) -> dict[EventId, str]:
    """Return what is the same in every language of an event's rows."""
    rows = {event.id: [repr((event.id, event.kind.value, event.collections))] for event in catalog.events}
    for one in occurrences:
        dates = one.first.isoformat(), one.last.isoformat()
        rows[one.event.id].append(repr((one.year, *dates, one.ordinal, one.estimated)))
    return {id_: "\n".join(row) for id_, row in rows.items()}


def _words(event: Event, catalog: Catalog, tag: str) -> Iterator[str]:
    """Yield what an event and its place are called; which other language a text is in does not show."""
    place: Text | None = None if event.place is None else event.place.name
    for text in (event.heading, place):
        yield "" if text is None else one_line(text.wording((tag, *catalog.calendar.languages)).text)


def _title_parts(language: Language) -> Iterator[str]:
    """Yield what titles are made of beside the heading; to write a single ordinal, CLDR's data would be read."""
    yield language.say("{heading}: {anniversary}", heading="{heading}", anniversary="{anniversary}")
    yield language.say("{ordinal} anniversary", ordinal="{ordinal}")
    yield language.say_context("ordinal, one", "{n}st", n="{n}")
    yield language.say_context("ordinal, two", "{n}nd", n="{n}")
    yield language.say_context("ordinal, few", "{n}rd", n="{n}")
    yield language.say_context("ordinal, many", "{n}th", n="{n}")
    yield language.say_context("ordinal, other", "{n}th", n="{n}")
