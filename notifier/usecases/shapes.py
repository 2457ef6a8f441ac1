"""Feeds in their other shapes: Atom, JSON Feed and CSV, the list of all feeds, and whole years to hand on.

Each is made when it is first asked for, and kept; what makes it is imported then, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from notifier.content import feed_heads
from notifier.content.feeds import Feed, Headers, WrittenEntry, build_feed, empty_entry, write_entry
from notifier.content.language import Languages
from notifier.content.limits import Reader, within_limits
from notifier.content.templates import Templates
from notifier.domain import addresses
from notifier.domain.events import Catalog, Event
from notifier.domain.hours import instant_of
from notifier.domain.notices import Notice, leads_of, notices_between, recent
from notifier.domain.occurrences import occurrences_between
from notifier.domain.revisions import start_of, uid_of
from notifier.domain.windows import FeedYears
from notifier.usecases.kept_feeds import KeptFeeds
from notifier.usecases.shape_paths import NamedFeed, ShapePaths, shaped
from notifier.usecases.shape_states import of_feed, of_language

MOST_BYTES = 8_000_000
"""How much of the other shapes is kept at one time, without the forms they are sent in, unless it is said otherwise."""

_FORESEEN = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the other shapes are made from; all of it stands until the calendar is published anew.

    `feeds` are the calendar feeds, and `entries` all that is in them, by language. `dated` says when what the shapes
    say beyond that last changed, by feed and by language; and when tables and lists did, by path. `base_url` has no
    slash at its end; `hub` is empty without one.
    """

    catalog: Catalog
    years: FeedYears
    languages: Languages
    served: tuple[str, ...]
    templates: Templates
    base_url: str
    hub: str
    feeds: Mapping[str, Feed]
    entries: Mapping[str, Sequence[WrittenEntry]]
    dated: Mapping[str, datetime]


class OtherShapes(Mapping[str, Feed]):
    """All other shapes by path, as they are on one date in the calendar's zone.

    Notices appear on the date they are announced, so `valid_until` is when the next one does; nothing else here goes
    by the day. Safe to be asked from several threads.
    """

    def __init__(self, ground: Ground, day: date, most_bytes: int = MOST_BYTES) -> None:
        self._ground = ground
        self._day = day
        self._paths = ShapePaths(ground.catalog, ground.years, ground.languages, ground.served, ground.feeds)
        self._kept = KeptFeeds(most_bytes)

    @cached_property
    def valid_until(self) -> datetime:
        """The instant (UTC) at which the next notice is announced; where none is for a month, the end of that."""
        calendar, tomorrow = self._ground.catalog.calendar, self._day + timedelta(days=1)
        coming = notices_between(self._ground.catalog.events, tomorrow, tomorrow + _FORESEEN, self._leads)
        return instant_of(coming[0].on if coming else tomorrow + _FORESEEN, 0, calendar.zone)

    def __getitem__(self, path: str) -> Feed:
        """Return the feed, made now if it is not there. Raises KeyError for an address that is none."""
        kept = self._kept.find(path)
        if kept is not None:
            return kept
        asked = self._read(path)
        return self._kept.get(path, lambda: self._made(path, asked))

    def is_made(self, path: str) -> bool:
        """Whether the answer to `get` is there already; what has to be made takes some hundredths of a second."""
        return path in self._kept or path not in self

    def __contains__(self, path: object) -> bool:
        """Whether there is such a feed; nothing is made for the answer."""
        return isinstance(path, str) and self._paths.read(path) is not None

    def __iter__(self) -> Iterator[str]:
        return (path for path, _ in self._paths.all())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def dates(self) -> Iterator[tuple[str, datetime]]:
        """Yield when each feed last changed (UTC); none is made for that."""
        return ((path, self._last_modified(path, asked)) for path, asked in self._paths.all())

    def _read(self, path: str) -> NamedFeed:
        asked = self._paths.read(path)
        if asked is None:
            raise KeyError(path)
        return asked

    def _last_modified(self, path: str, asked: NamedFeed) -> datetime:
        """Return the latest of: the calendar feed's change, that of what it does not say, the newest announcement.

        Tables and lists are dated by their own content.
        """
        ground, tag = self._ground, asked.language.tag
        if asked.shape in {"csv", "opml"}:
            return ground.dated[path]
        name = asked.head.path.removeprefix(f"{addresses.FEEDS}{tag}/").removesuffix(".ics")
        instants = [ground.dated[of_feed(name)], ground.dated[of_language(tag)]]
        whole = asked.year is not None
        instants.append(self._latest[tag] if whole else ground.feeds[asked.head.path].last_modified)
        if asked.shape in {"atom", "json"}:
            newest = [self._newest[event.id] for event in asked.events if event.id in self._newest]
            instants += [instant_of(max(newest), 0, ground.catalog.calendar.zone)] if newest else []
        return max(instants)

    @cached_property
    def _latest(self) -> dict[str, datetime]:
        """When any calendar feed of a language last changed."""
        latest: dict[str, datetime] = {}
        for path, feed in self._ground.feeds.items():
            tag = path.removeprefix(addresses.FEEDS).partition("/")[0]
            latest[tag] = max(feed.last_modified, latest.get(tag, feed.last_modified))
        return latest

    # --- notices ------------------------------------------------------------------------------------------------

    def _leads(self, event: Event) -> tuple[int, ...]:
        return tuple(leads_of(event, self._ground.catalog.calendar))

    @cached_property
    def _announced(self) -> list[Notice]:
        """What has been announced since the year before this one began, the newest first.

        From a year's beginning on: so that an entry leaves when another one comes, or at New Year, and on no day else.
        """
        years = self._ground.years
        since = date(min(years.first, years.seen_from - 1), 1, 1)
        found = notices_between(self._ground.catalog.events, since, self._day + timedelta(days=1), self._leads)
        return sorted(found, key=lambda notice: notice.on, reverse=True)

    @cached_property
    def _newest(self) -> dict[str, date]:
        """The date of each event's newest announcement."""
        return {notice.occurrence.event.id: notice.on for notice in reversed(self._announced)}

    def _recent(self, events: tuple[Event, ...]) -> Sequence[Notice]:
        """Return the notices that a feed of these events shows, the newest first."""
        ids = {event.id for event in events}
        return recent([notice for notice in self._announced if notice.occurrence.event.id in ids])

    # --- making -------------------------------------------------------------------------------------------------

    def _made(self, path: str, asked: NamedFeed) -> Feed:
        if asked.year is not None:
            return self._year(path, asked, asked.year)
        modified = self._last_modified(path, asked)
        write = {"opml": self._list, "csv": self._table}.get(asked.shape, self._notices)
        body, media_type = write(path, asked, modified)
        return Feed(path, asked.head.name, modified, (body,), media_type, headers=self._headers(path))

    def _headers(self, path: str) -> Headers:
        return discovery(self._ground.hub, self._ground.base_url + path)

    def notices_of(self, path: str, asked: NamedFeed, changed: datetime, wanted: Callable[[Notice], bool]) -> Feed:
        """Return those of the notices that are wanted, at an address that is not among the published ones.

        `changed` is when what they say of the anniversaries last changed (UTC). No hub is told of such a feed, so it
        names none.
        """
        notices = recent([notice for notice in self._announced if wanted(notice)])
        dated = self._ground.dated
        instants = [changed, dated[of_feed(addresses.EVERYTHING)], dated[of_language(asked.language.tag)]]
        instants += [instant_of(notices[0].on, 0, self._ground.catalog.calendar.zone)] if notices else []
        body, media_type = self._notices(path, asked, max(instants), notices)
        return Feed(path, asked.head.name, max(instants), (body,), media_type)

    def _notices(
        self, path: str, asked: NamedFeed, modified: datetime, notices: Sequence[Notice] | None = None
    ) -> tuple[bytes, str]:
        from notifier.content.notice_entries import NoticeWording, tag_uri
        from notifier.content.notices_feed import ATOM_TYPE, JSON_FEED_TYPE, NoticesHead, atom, json_feed

        ground, head, language = self._ground, asked.head, asked.language
        catalog, calendar = ground.catalog, ground.catalog.calendar
        wording = NoticeWording(catalog, language, ground.templates, ground.base_url, ground.years)
        revised = {one.entry.revision.uid: one.entry.revision.revised for one in ground.entries[language.tag]}
        entries = [
            wording.entry(notice, revised.get(uid_of(o.event, o.year, calendar.id), start_of(calendar.published)))
            for notice in (self._recent(asked.events) if notices is None else notices)
            for o in (notice.occurrence,)
        ]
        about = NoticesHead(
            id=tag_uri(calendar, head.uid.partition("@")[0]),
            title=head.name,
            description=language.say(
                "Days of remembrance, announced ahead. Each figure and each name stands beside who says it."
            ),
            author=feed_heads.everything(catalog, language).name,
            language=language.tag,
            page=ground.base_url + head.page,
            url=ground.base_url + path,
            hub=ground.hub if ground.hub and notices is None else None,
        )
        if asked.shape == "atom":
            return atom(about, entries, modified), ATOM_TYPE
        return json_feed(about, entries), JSON_FEED_TYPE

    def _table(self, _path: str, asked: NamedFeed, _modified: datetime) -> tuple[bytes, str]:
        from notifier.content.csv_feed import CSV_TYPE, csv_feed

        ground = self._ground
        within = occurrences_between(asked.events, ground.years.start, ground.years.end)
        return csv_feed(within, ground.catalog, asked.language, ground.base_url), CSV_TYPE

    def _list(self, _path: str, asked: NamedFeed, _modified: datetime) -> tuple[bytes, str]:
        from notifier.content.opml import OPML_TYPE, Headings, Listed, opml

        base_url, language = self._ground.base_url, asked.language
        listed = [
            Listed(head.name, base_url + head.page, base_url + shaped(head.path, "atom"), base_url + head.path)
            for head, _ in feed_heads.feed_heads(self._ground.catalog, language)
        ]
        headings = Headings(asked.head.name, language.say("Notices"), language.say("Calendar feeds"))
        return opml(headings, language.tag, listed), OPML_TYPE

    def _year(self, path: str, asked: NamedFeed, year: int) -> Feed:
        ground, language, calendar = self._ground, asked.language, self._ground.catalog.calendar
        head = feed_heads.whole_year(year, ground.catalog, language)
        reader = Reader(language, calendar, FeedYears(year, year, year), ground.base_url)
        within = [entry for entry in ground.entries[language.tag] if entry.entry.first.year == year]
        nothing = [write_entry(empty_entry(language, calendar, year), ground.base_url)]
        shown = within_limits(head, within or nothing, reader)
        feed = build_feed(head, shown, ground.base_url, self._last_modified(path, asked))
        disposition = f'attachment; filename="{calendar.id}-{year}.ics"'
        return replace(feed, disposition=disposition, headers=self._headers(path))


def discovery(hub: str, url: str) -> Headers:
    """Return the header by which a feed's subscribers find its hub (WebSub §4); none without a hub."""
    return (("Link", f'<{hub}>; rel="hub", <{url}>; rel="self"'),) if hub else ()
