"""Foretelling a period: every edition, with how many people get it, and what feeds come to announce.

Nothing is sent and nothing is kept: what each preference is told day by day is worked out as the planner does it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from notifier.domain import addresses
from notifier.domain.days import days_after
from notifier.domain.deliveries import EditionKey, EditionState
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog, Event
from notifier.domain.hours import local_date, window_on
from notifier.domain.leads import LONGEST_LEAD
from notifier.domain.notices import Notice, leads_of, notices_between
from notifier.domain.preferences import Preference
from notifier.storage.audience import Audience, audience
from notifier.storage.editions import editions_there, held_since
from notifier.storage.holds import holds_there
from notifier.usecases.announcements import Announcements
from notifier.usecases.drafts import Policy

LONGEST = 400
"""How many days can be foretold at once."""

_ONE_DAY = timedelta(days=1)


class PeriodError(NotifierError):
    """A period that ends before it begins, or is too long."""

    wrong_use = True
    sentence = "{first} to {last} is not a period of 1 to {longest} days; give the earlier date first"


@dataclass(frozen=True, slots=True)
class ForetoldEdition:
    """An edition, how it begins or stands, and how many people get it; `key` is None before it is made."""

    of: EditionKey
    state: EditionState
    people: int
    key: str | None


@dataclass(frozen=True, slots=True)
class FeedAnnouncement:
    """A notice that appears in feeds, named as in their addresses, in every language."""

    notice: Notice
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a period brings; `turns` are the days on which the years turn that feeds show."""

    editions: tuple[ForetoldEdition, ...]
    announcements: tuple[FeedAnnouncement, ...]
    turns: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The readers' local dates `first` through `last`, seen from `now`. Raises PeriodError when made.

    `send_until` is the hour (0 to 24) at which windows close.
    """

    first: date
    last: date
    now: datetime
    send_until: int

    def __post_init__(self) -> None:
        """Refuse what is too long to be foretold."""
        if not 1 <= (self.last - self.first).days + 1 <= LONGEST:
            raise PeriodError(first=self.first, last=self.last, longest=LONGEST)

    def told_before(self, group: Audience) -> date:
        """Return the date through which a group has been told of everything when the period begins for it.

        Nobody is taken to be behind when it begins after today: by then they have been told of what comes before.
        """
        told = group.covered_through
        if self.first > local_date(self.now, group.preference.zone):
            told = max(told, self.first - _ONE_DAY)
        return told if group.paused_until is None else max(told, group.paused_until - _ONE_DAY)

    def days(self) -> Iterator[date]:
        """Yield the dates."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)

    def has_window(self, day: date, hour: int, zone_name: str) -> bool:
        """Whether messages can leave on a date: not where clocks leap over all of it, nor today when it is too late."""
        window = window_on(day, hour, self.send_until, zone_name)
        over = window.closes <= self.now and day == local_date(self.now, zone_name)
        return window.opens < window.closes and not over


def simulate(db: Connection, catalog: Catalog, period: Period) -> Foretold:
    """Return what a period brings if nothing changes before."""
    first, last = period.first, period.last
    announced = notices_between(
        catalog.events, first, days_after(last, 1), lambda event: leads_of(event, catalog.calendar)
    )
    return Foretold(
        foretell_editions(db, catalog, period),
        tuple(FeedAnnouncement(notice, _feeds_of(notice.occurrence.event)) for notice in announced),
        tuple(date(year, 1, 1) for year in range(first.year, last.year + 1) if first <= date(year, 1, 1) <= last),
    )


def foretell_editions(db: Connection, catalog: Catalog, period: Period) -> tuple[ForetoldEdition, ...]:
    """Return the editions of a period, by date, language and what they speak of."""
    holds = holds_there(db)
    announcements = Announcements(catalog, holds.cancelled)
    announcements.look_through(period.first - _ONE_DAY, days_after(period.last, LONGEST_LEAD + 1))
    people = _people_by_edition(audience(db), announcements, period)
    policy = Policy(catalog, holds, held_since(db, period.first - timedelta(days=LONGEST_LEAD)))
    there = editions_there(db, people)
    found = []
    for key in sorted(people, key=lambda key: (key.day, key.language, key.notices, key.outlook)):
        state, public = there.get(key) or (policy.state_of(key, key.day - _ONE_DAY), None)
        found.append(ForetoldEdition(key, state, people[key], public))
    return tuple(found)


def _people_by_edition(
    groups: Iterable[Audience], announcements: Announcements, period: Period
) -> dict[EditionKey, int]:
    """Go day by day through what each preference is told, and count its people by edition."""
    by_preference: dict[Preference, Counter[date]] = defaultdict(Counter)
    for group in groups:
        by_preference[group.preference][period.told_before(group)] += group.people
    windows: dict[tuple[date, int, str], bool] = {}
    people: Counter[EditionKey] = Counter()
    for preference, standing in by_preference.items():
        for day in period.days():
            place = (day, preference.hour, preference.zone)
            if place not in windows:
                windows[place] = period.has_window(*place)
            if windows[place]:
                _pass(preference, standing, day, announcements, people)
    return people


def _pass(
    preference: Preference,
    standing: Counter[date],
    day: date,
    announcements: Announcements,
    people: Counter[EditionKey],
) -> None:
    """Tell those of a preference who stand before `day` of it, and move them on."""
    for told in [told for told in standing if told < day]:
        number = standing.pop(told)
        edition = announcements.of(preference, told, day).edition
        if edition is not None:
            people[edition] += number
        standing[day] += number


def _feeds_of(event: Event) -> tuple[str, ...]:
    return (addresses.EVERYTHING, *event.collections, f"events/{event.id}")
