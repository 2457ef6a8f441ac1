"""Which years a feed shows: whole calendar years, so that bytes change at New Year or with content alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from notifier.domain.hours import instant_of, local_date


@dataclass(frozen=True, slots=True)
class FeedYears:
    """The published years, `first` to `last`, both inclusive, and the year they are seen from."""

    first: int
    last: int
    seen_from: int

    @property
    def start(self) -> date:
        """The first day that is published."""
        return date(self.first, 1, 1)

    @property
    def end(self) -> date:
        """The first day that is no longer published."""
        return date(self.last + 1, 1, 1)

    def __contains__(self, day: date) -> bool:
        """Whether a day is published."""
        return self.start <= day < self.end


def feed_years(now: datetime, zone_name: str, back: int, ahead: int) -> FeedYears:
    """Return the years published at an instant; they turn at New Year in the calendar's zone."""
    year = local_date(now, zone_name).year
    return FeedYears(year - back, year + ahead, year)


def turned_at(years: FeedYears, zone_name: str) -> datetime:
    """Return the UTC instant at which these years began to be the published ones."""
    return instant_of(date(years.seen_from, 1, 1), 0, zone_name)


def turns_at(years: FeedYears, zone_name: str) -> datetime:
    """Return the UTC instant at which these years cease to be the published ones."""
    return instant_of(date(years.seen_from + 1, 1, 1), 0, zone_name)
