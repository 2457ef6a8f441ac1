"""A year of a calendar and its readers, and what each of them is to get, worked out naively.

Nothing here asks the service for a date, an hour or a lead: the days are fixed ones, and what follows from them is said
once more, a person and a day at a time, from what is promised to readers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from notifier.domain.events import (
    Begins,
    Catalog,
    CollectionId,
    Event,
    Kind,
    Milestones,
    Place,
    ProgrammeItem,
    YearNotes,
)
from notifier.domain.leads import parse_own_leads
from notifier.domain.origins import Origin
from notifier.domain.preferences import Preference
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.selections import parse_selection
from notifier.domain.texts import LanguageTag
from tests.factories import make_catalog, make_event, text

LANGUAGES = ("en", "de", "az", "tr", "ru")

# Half and quarter hours, both sides of the date line, both hemispheres, and clocks that change on all sorts of dates.
ZONES = (
    "Pacific/Kiritimati", "Pacific/Chatham", "Pacific/Auckland", "Australia/Lord_Howe", "Australia/Sydney",
    "Asia/Tokyo", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Baku", "Asia/Tehran", "Europe/Istanbul", "Africa/Cairo",
    "Europe/Berlin", "Europe/London", "Africa/Casablanca", "Atlantic/Azores", "America/St_Johns", "America/Santiago",
    "America/New_York", "America/Havana", "America/Los_Angeles", "Pacific/Marquesas", "Pacific/Honolulu",
    "Pacific/Pago_Pago",
)  # fmt: skip

SEND_UNTIL = 20
CALENDAR_ZONE = "Asia/Baku"
CALENDAR_LEADS = (7, 0)
MILESTONES, MILESTONE_LEADS = (25, 50), (90, 30)
OUTLOOK = 35


@dataclass(frozen=True)
class Day:
    """One day that is kept, as the test knows it; `at` is when its programme of each year begins, at the place."""

    id: str
    month: int
    day: int
    since: int
    leads: tuple[int, ...] | None = None
    collection: str = "first"
    eve: bool = False
    at: time | None = None
    zone: str | None = None

    def on(self, year: int) -> date:
        """Return the day of a year; 29 February is kept on the 28th in common years."""
        leap = year % 4 == 0
        return date(year, self.month, 28 if (self.month, self.day) == (2, 29) and not leap else self.day)

    def event(self) -> Event:
        """Return the day as the calendar has it."""
        item = ProgrammeItem(datetime(2027, 1, 1), None, text(en="It begins"), None)  # noqa: DTZ001  # wall time
        return replace(
            make_event(self.id),
            rule=FixedDay(self.month, self.day),
            origin=Origin(self.since, self.month, self.day),
            heading=text(**{tag: f"{self.id} {tag}" for tag in LANGUAGES}),
            counts=text(**dict.fromkeys(LANGUAGES, "years")),
            begins=Begins.EVE if self.eve else Begins.DAY,
            kind=Kind.MEMORIAL,
            collections=(CollectionId(self.collection),),
            place=None if self.zone is None else Place(None, self.zone, (0.0, 0.0)),
            leads=self.leads,
            years={
                year: YearNotes(None, (replace(item, at=datetime.combine(self.on(year), self.at)),))
                for year in range(2026, 2030)
                if self.at is not None
            },
        )


DAYS = (
    Day("winter", 1, 20, 1990, eve=True, zone="Asia/Baku"),
    Day("february", 2, 26, 1992, leads=(30, 7, 1, 0)),
    Day("leap-day", 2, 29, 2004, leads=(1, 0)),
    Day("spring", 3, 28, 2003, at=time(2, 30), zone="Europe/Berlin"),
    Day("march-end", 3, 31, 1918, leads=(14, 3)),
    Day("april", 4, 24, 2002, collection="second", leads=(1, 0)),
    Day("may", 5, 8, 1945, collection="second", at=time(8, 15), zone="Europe/London"),
    Day("late-may", 5, 28, 1918, leads=()),
    Day("june", 6, 15, 1978, collection="second"),
    Day("july", 7, 11, 1995, eve=True, leads=(60, 0)),
    Day("august", 8, 6, 1977, at=time(8, 15), zone="Asia/Tokyo", leads=(7, 1, 0)),
    Day("september", 9, 27, 2020, collection="second"),
    Day("september-too", 9, 28, 2001),
    Day("october", 10, 18, 1991, leads=(5,)),
    Day("all-souls", 11, 1, 1950, collection="second", eve=True, zone="America/Havana", leads=(2, 1, 0)),
    Day("christmas", 12, 25, 2024, leads=(0,)),
    Day("new-year", 1, 1, 1900, collection="second", leads=(31, 0)),
)
BY_ID = {day.id: day for day in DAYS}


def the_calendar() -> Catalog:
    return make_catalog(
        *(day.event() for day in DAYS),
        zone=CALENDAR_ZONE,
        leads=CALENDAR_LEADS,
        languages=tuple(map(LanguageTag, LANGUAGES)),
        milestones=Milestones(MILESTONES, MILESTONE_LEADS),
        name=text(**dict.fromkeys(LANGUAGES, "Days")),
    )


# --- readers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """What one reader wants, in the words they would write."""

    language: str
    zone: str
    hour: int
    leads: str
    digest: str
    select: str

    @property
    def preference(self) -> Preference:
        return Preference(
            LanguageTag(self.language),
            self.zone,
            self.hour,
            parse_own_leads(self.leads),
            self.digest,
            parse_selection(self.select),
        )


_LEADS = (
    "", "", "7,1,0", "0", "30,7", "none", "milestones", "14,3,0;milestones", "none;milestones",
    "1;winter:30,0;may:none", "milestones;april:5,0",
)  # fmt: skip
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DIGESTS = ("monthly", "monthly", *(f"weekly:{day}" for day in _WEEKDAYS))


_SELECTS = (
    "all", "all", "collection:first", "collection:second", "all,-collection:second", "winter,july", "all,-may,-winter",
    "collection:second,february",
)  # fmt: skip


def a_choice(chance: random.Random, zone: str | None = None) -> Choice:
    leads = chance.choice(_LEADS)
    return Choice(
        language=chance.choice(LANGUAGES),
        zone=zone or chance.choice(ZONES),
        hour=chance.choice((*range(24), 7, 8, 9, 9, 9, 18)),
        leads=leads,
        digest=chance.choice(_DIGESTS) if leads == "none" or chance.random() < 0.4 else "none",
        select=chance.choice(_SELECTS),
    )


# --- what is promised -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What one message says: what is announced in full, and what is looked ahead to, each with its days left."""

    on: date
    full: frozenset[tuple[str, int]]
    ahead: frozenset[tuple[str, int]]

    def __bool__(self) -> bool:
        return bool(self.full or self.ahead)

    @property
    def events(self) -> frozenset[str]:
        return frozenset(id_ for id_, _ in self.full | self.ahead)


@cache
def promised(choice: Choice, told: date, day: date) -> Said:
    """Return what is to be said on `day` to somebody who has been told of everything through `told`."""
    coming = [(kept, on) for kept in DAYS if is_chosen(choice, kept) for on in occurrences(kept, day)]
    full = frozenset(
        (kept.id, (on - day).days)
        for kept, on in coming
        if any(told < on - timedelta(days=ahead) <= day for ahead in days_ahead(choice, kept, on))
    )
    digest = any(is_digest_day(choice.digest, told + timedelta(days=n)) for n in range(1, (day - told).days + 1))
    named = {id_ for id_, _ in full}
    ahead = frozenset(
        (kept.id, (on - day).days)
        for kept, on in coming
        if digest and kept.id not in named and (on - day).days <= OUTLOOK
    )
    return Said(day, full, ahead)


def occurrences(kept: Day, day: date) -> Iterator[date]:
    """Yield the days from `day` on, a year and a bit."""
    for year in (day.year, day.year + 1):
        if 0 <= (kept.on(year) - day).days <= 366 and year > kept.since:
            yield kept.on(year)


def is_chosen(choice: Choice, kept: Day) -> bool:
    terms = choice.select.split(",")
    matching = {"all", kept.id, f"collection:{kept.collection}"}
    return any(term in matching for term in terms) and not any(term[1:] in matching for term in terms if term[0] == "-")


def days_ahead(choice: Choice, kept: Day, on: date) -> set[int]:
    """Return how many days ahead a day is announced to a reader."""
    parts = [part for part in choice.leads.split(";") if part]
    own = next((part.partition(":")[2] for part in parts if part.startswith(f"{kept.id}:")), None)
    general = next((part for part in parts if ":" not in part and part != "milestones"), None)
    if own == "none":
        return set()
    if own is not None:
        leads = {int(lead) for lead in own.split(",")}
    elif general is not None:
        leads = set() if general == "none" else {int(lead) for lead in general.split(",")}
    else:
        leads = set(CALENDAR_LEADS if kept.leads is None else kept.leads)
    if "milestones" in parts and any((on.year - kept.since) % every == 0 for every in MILESTONES):
        leads |= set(MILESTONE_LEADS)
    if 0 in leads and (early := days_before_it_begins(kept, on, choice.hour, choice.zone)) is not None:
        leads.add(early)
    return leads


@cache
def days_before_it_begins(kept: Day, on: date, hour: int, zone: str) -> int | None:
    """Return how many days before the day the last of the reader's hours before it begins is; None where on the day."""
    place = kept.zone or CALENDAR_ZONE
    if kept.at is None:
        return None
    begins = instant(on, kept.at, place)
    if instant(on, time(hour), zone) <= begins:
        return None
    return next(n for n in range(1, 9) if instant(on - timedelta(days=n), time(hour), zone) < begins)


def instant(day: date, at: time, zone: str) -> datetime:
    """Return the first instant, to the minute, at which clocks in a zone show this or later."""
    wall, where = datetime.combine(day, at), ZoneInfo(zone)
    moment = wall.replace(tzinfo=UTC) - timedelta(hours=15)
    while moment.astimezone(where).replace(tzinfo=None) < wall:
        moment += timedelta(minutes=15)
    return moment


def is_digest_day(digest: str, day: date) -> bool:
    if digest == "monthly":
        return day.day == 1
    return digest == f"weekly:{day:%a}".lower()


@lru_cache(maxsize=4 * len(ZONES))
def clock_in(zone: str, now: datetime) -> tuple[date, int]:
    """Return the date and the hour that a clock shows in a zone."""
    here = now.astimezone(ZoneInfo(zone))
    return here.date(), here.hour


def may_be_written_to(choice: Choice, now: datetime) -> date | None:
    """Return the date of a reader whose hours these are; None outside them."""
    today, hour = clock_in(choice.zone, now)
    until = SEND_UNTIL if choice.hour < SEND_UNTIL else 24
    return today if choice.hour <= hour < until else None


@dataclass
class Reader:
    """What is known of a reader: through which date they have been told, and every message that was promised."""

    choice: Choice
    told: date
    paused_until: date | None = None
    got: list[Said] = field(default_factory=list)

    def pass_by(self, now: datetime, leaves: Callable[[Said], bool] = lambda _: True) -> None:
        """Let a pass of the service come by at an instant; `leaves` says which messages are not kept back in it."""
        if self.paused_until is not None:
            if clock_in(self.choice.zone, now)[0] < self.paused_until:
                return
            self.told, self.paused_until = max(self.told, self.paused_until - timedelta(days=1)), None
        day = may_be_written_to(self.choice, now)
        if day is None or day <= self.told:
            return
        said = promised(self.choice, self.told, day)
        if said and not leaves(said):
            return
        self.told = day
        if said:
            self.got.append(said)

    def choose(self, choice: Choice, now: datetime) -> None:
        """Want something else from now on: today is not lost where nothing was said of it, and the past never comes."""
        self.choice = choice
        today, _ = clock_in(choice.zone, now)
        if not any(said.on >= today for said in self.got):
            self.told = min(self.told, today - timedelta(days=1))

    def pause(self, until: date) -> None:
        self.paused_until = until
