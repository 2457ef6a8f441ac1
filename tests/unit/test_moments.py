"""Observances that begin before the reader's hour: who is told when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.events import Begins, Event, Place, ProgrammeItem, YearNotes
from notifier.domain.hours import instant_of
from notifier.domain.moments import FURTHEST, early, moment_of
from notifier.domain.occurrences import Occurrence, next_occurrence
from notifier.domain.rules.gregorian import FixedDay
from tests.factories import black_january, make_event, text

BAKU = "Asia/Baku"
THE_DAY = date(2027, 1, 20)
ZONES = ("Pacific/Kiritimati", "Pacific/Auckland", "Asia/Kathmandu", BAKU, "Europe/Berlin", "UTC", "America/New_York",
         "America/St_Johns", "Pacific/Marquesas", "Etc/GMT+12", "Australia/Lord_Howe", "America/Santiago")  # fmt: skip


def the_anniversary(event: Event) -> Occurrence:
    found = next_occurrence(event, date(2027, 1, 1))
    assert found is not None
    return found


def with_programme(*at: str, zone: str | None = BAKU) -> Event:
    items = tuple(ProgrammeItem(datetime.fromisoformat(one), None, text(en="A minute of silence"), None) for one in at)
    place = None if zone is None else Place(text(en="Baku"), zone, None)
    return make_event(place=place, years={2027: YearNotes(None, items)})


def told(event: Event, hour: int, zone: str) -> tuple[int, str] | None:
    """Return how many days before it is announced, and what the reader's clock shows when it begins."""
    found = early(the_anniversary(event), "UTC", hour, zone)
    return None if found is None else (found.days, found.at.isoformat(timespec="minutes"))


def test_an_eve_is_told_in_words_and_moves_nothing() -> None:
    assert black_january().begins is Begins.EVE
    assert all(told(black_january(), hour, zone) is None for hour in (0, 9, 23) for zone in ZONES)


def test_whose_hour_comes_too_late_on_the_day_before_is_told_two_days_before() -> None:
    # Half past midnight on Kiritimati is as early on the day before in Honolulu, and nine o'clock comes after it.
    night = with_programme("2027-01-20T00:30", zone="Pacific/Kiritimati")

    assert told(night, 9, "Pacific/Honolulu") == (2, "2027-01-19T00:30-10:00")


def test_an_hour_at_the_very_beginning_is_in_time_for_the_day() -> None:
    assert told(with_programme("2027-01-20T10:00"), 10, BAKU) is None


def test_a_minute_of_silence_before_the_readers_hour_is_announced_the_day_before() -> None:
    assert told(with_programme("2027-01-20T08:15"), 9, BAKU) == (1, "2027-01-20T08:15+04:00")
    assert told(with_programme("2027-01-20T08:15"), 8, BAKU) is None
    assert told(with_programme("2027-01-20T08:15:00+04:00", zone=None), 9, "UTC") == (1, "2027-01-20T04:15+00:00")


def test_the_earliest_of_a_programme_counts_and_only_what_is_on_the_first_day() -> None:
    assert told(with_programme("2027-01-20T12:00", "2027-01-20T07:00", "2027-01-19T20:00"), 9, BAKU) == (
        1,
        "2027-01-20T07:00+04:00",
    )
    assert told(with_programme("2027-01-21T07:00"), 9, BAKU) is None


def test_a_programmes_wall_time_is_that_of_its_place_else_the_events_else_the_calendars() -> None:
    tbilisi = Place(text(en="Tbilisi"), "Asia/Tbilisi", None)
    ganja = replace(with_programme("2027-01-20T08:00").years[2027].programme[0], place=replace(tbilisi, zone="UTC"))
    event = make_event(place=tbilisi, years={2027: YearNotes(None, (ganja,))})

    for case, instant in (
        (event, datetime(2027, 1, 20, 8, tzinfo=UTC)),
        (with_programme("2027-01-20T08:00", zone="Asia/Tbilisi"), datetime(2027, 1, 20, 4, tzinfo=UTC)),
        (with_programme("2027-01-20T08:00", zone=None), datetime(2027, 1, 20, 7, tzinfo=UTC)),
    ):
        moment = moment_of(the_anniversary(case), "Europe/Berlin")
        assert moment is not None
        assert moment.at == instant


def test_a_day_without_an_hour_is_announced_on_the_day_alone() -> None:
    assert told(make_event(), 23, "Pacific/Kiritimati") is None


@pytest.mark.parametrize("hour", [0, 2, 3])
def test_a_programme_in_the_hour_the_clocks_leap_over_begins_when_they_have_leapt(hour: int) -> None:
    # Beirut's clocks go from 00:00 to 01:00 on 28 March 2027.
    item = ProgrammeItem(datetime(2027, 3, 28, 0, 30), None, text(en="x"), None)  # noqa: DTZ001  # wall time
    beirut = Place(text(en="Beirut"), "Asia/Beirut", None)
    event = make_event(rule=FixedDay(3, 28), place=beirut, years={2027: YearNotes(None, (item,))})
    moment = moment_of(the_anniversary(event), "UTC")

    assert moment is not None
    assert moment.at == datetime(2027, 3, 27, 22, tzinfo=UTC)
    assert told(event, hour, "Asia/Beirut") == (None if hour == 0 else (1, "2027-03-28T01:00+03:00"))


@given(
    zone=st.sampled_from(ZONES),
    place=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    minute=st.integers(0, 24 * 60 - 1),
)
def test_everywhere_the_last_of_the_readers_hours_before_it_begins_is_meant(
    *, zone: str, place: str, hour: int, month: int, day: int, minute: int
) -> None:
    first = date(2027, month, day)
    where = Place(text(en="There"), place, None)
    at = datetime.combine(first, datetime.min.time()) + timedelta(minutes=minute)
    years = {2027: YearNotes(None, (ProgrammeItem(at, None, text(en="x"), None),))}
    event = make_event(rule=FixedDay(month, day), place=where, years=years)
    occurrence = the_anniversary(event)
    moment = moment_of(occurrence, "UTC")
    assert moment is not None

    found = early(occurrence, "UTC", hour, zone)

    hours = {ahead: instant_of(first - timedelta(days=ahead), hour, zone) for ahead in range(FURTHEST + 2)}
    if found is None:
        assert hours[0] <= moment.at
    else:
        assert hours[0] > moment.at
        assert 1 <= found.days <= FURTHEST
        assert hours[found.days] < moment.at <= hours[found.days - 1]
        assert found.at == moment.at
