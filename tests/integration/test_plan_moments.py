"""Observances that begin before the reader's hour: who is told of them when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from notifier.domain.events import Event, Place, ProgrammeItem, YearNotes
from notifier.storage.subscribers import Subscriber
from notifier.usecases.plan import PlanReport
from tests.factories import make_catalog, make_event, text
from tests.integration.people import attempt, editions_for, join, tick


def at_half_past_midnight(zone: str) -> Event:
    """Return 20 January, whose programme begins in the night, at a place in this zone."""
    item = ProgrammeItem(datetime(2027, 1, 20, 0, 30), None, text(en="A minute of silence"), None)  # noqa: DTZ001  # wall time
    return make_event(place=Place(text(en="There"), zone, None), years={2027: YearNotes(None, (item,))})


CATALOG = make_catalog(at_half_past_midnight("Asia/Baku"))
NOTHING = PlanReport(planned=0, expired=0, superseded=0)


def said(engine: Engine, person: Subscriber) -> list[tuple[int, str]]:
    return [(notice.days, notice.begins) for one in editions_for(engine, person) for notice in one.of.notices]


def test_what_begins_in_the_night_is_told_before_it_begins_and_on_the_day(engine: Engine) -> None:
    """Asked for in monicahq/monica#2024: something on the day itself, too."""
    person = join(engine, CATALOG, "berlin@example.org", leads=(0,))

    for day in range(17, 22):
        tick(engine, CATALOG, f"2027-01-{day}T09:00+01:00")
        attempt(engine, f"2027-01-{day}T09:01+01:00")

    assert said(engine, person) == [(1, "2027-01-19T21:30+01:00"), (0, "")]


def test_whoever_wants_the_day_before_as_well_gets_one_message_on_it(engine: Engine) -> None:
    person = join(engine, CATALOG, "berlin@example.org", leads=(7, 1, 0))

    for day in (13, 19, 20):
        assert tick(engine, CATALOG, f"2027-01-{day}T09:00+01:00").planned == 1
        attempt(engine, f"2027-01-{day}T09:01+01:00")

    assert said(engine, person) == [(7, ""), (1, "2027-01-19T21:30+01:00"), (0, "")]


def test_whoever_does_not_ask_for_the_day_is_not_told_of_its_hour(engine: Engine) -> None:
    person = join(engine, CATALOG, "ahead@example.org", leads=(7, 1))

    for day in (13, 19, 20):
        tick(engine, CATALOG, f"2027-01-{day}T09:00+01:00")
        attempt(engine, f"2027-01-{day}T09:01+01:00")

    assert said(engine, person) == [(7, ""), (1, "")]


def test_far_west_the_last_hour_before_is_two_days_before(engine: Engine) -> None:
    catalog = make_catalog(at_half_past_midnight("Pacific/Kiritimati"))
    person = join(engine, catalog, "honolulu@example.org", leads=(0,), zone="Pacific/Honolulu")

    for day in (17, 18, 19, 20):
        tick(engine, catalog, f"2027-01-{day}T09:00-10:00")
        attempt(engine, f"2027-01-{day}T09:01-10:00")

    assert said(engine, person) == [(2, "2027-01-19T00:30-10:00"), (0, "")]


def test_readers_whose_clocks_agree_share_an_edition_and_others_do_not(engine: Engine) -> None:
    people = [
        join(engine, CATALOG, f"{n}@example.org", leads=(0,), zone=zone)
        for n, zone in enumerate(("Europe/Berlin", "Europe/Paris", "Europe/London"))
    ]

    tick(engine, CATALOG, "2027-01-19T09:00+00:00")

    berlin, paris, london = (editions_for(engine, person) for person in people)
    assert berlin == paris != london
    assert [notice.begins for one in london for notice in one.of.notices] == ["2027-01-19T20:30+00:00"]


def test_whoever_missed_the_hour_before_hears_of_the_day_on_the_day(engine: Engine) -> None:
    person = join(engine, CATALOG, "down@example.org", leads=(0,))
    tick(engine, CATALOG, "2027-01-18T09:00+01:00")

    tick(engine, CATALOG, "2027-01-20T09:00+01:00")

    assert said(engine, person) == [(0, "")]


def test_a_minute_of_silence_in_the_morning_is_announced_the_day_before(engine: Engine) -> None:
    silence = ProgrammeItem(datetime(2027, 1, 20, 8, 15), None, text(en="A minute of silence"), None)  # noqa: DTZ001  # wall time
    berlin = Place(text(en="Berlin"), "Europe/Berlin", None)
    catalog = make_catalog(make_event(place=berlin, years={2027: YearNotes(None, (silence,))}))
    early = join(engine, catalog, "early@example.org", leads=(0,), hour=8)
    late = join(engine, catalog, "late@example.org", leads=(0,), hour=9)

    for day in (19, 20):
        for hour in (8, 9):
            tick(engine, catalog, f"2027-01-{day}T{hour:02d}:00+01:00")
            attempt(engine, f"2027-01-{day}T{hour:02d}:01+01:00")

    assert said(engine, early) == [(0, "")]
    assert said(engine, late) == [(1, "2027-01-20T08:15+01:00"), (0, "")]


def test_a_catch_up_before_it_begins_says_when(engine: Engine) -> None:
    catalog = make_catalog(replace(at_half_past_midnight("Asia/Baku"), leads=(7, 0)))
    person = join(engine, catalog, "catching@example.org", leads=None)
    tick(engine, catalog, "2027-01-11T09:00+01:00")

    tick(engine, catalog, "2027-01-19T09:00+01:00")

    assert said(engine, person) == [(1, "2027-01-19T21:30+01:00")]
