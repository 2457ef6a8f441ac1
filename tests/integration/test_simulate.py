"""What is foretold is what comes."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from notifier.domain.deliveries import EditionKey, SubscriberStatus
from notifier.domain.events import Catalog, Kind, Milestones, Release
from notifier.domain.leads import parse_own_leads
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.selections import parse_selection
from notifier.storage.editions import edition
from notifier.storage.engine import reading, writing
from notifier.storage.holds import cancel_anniversary
from notifier.storage.subscribers import all_subscribers
from notifier.storage.tables import deliveries, editions, subscribers
from notifier.usecases.simulate import Foretold, Period, PeriodError, simulate
from tests.factories import black_january, khojaly, make_catalog, make_event
from tests.integration.people import SEND_UNTIL, at, attempt, join, tick

CATALOG = make_catalog()
MANY = make_catalog(
    black_january(),
    khojaly(),
    *(make_event(f"day-{n}", rule=FixedDay(1 + n % 4, 1 + 2 * n), leads=(n, 1)) for n in range(12)),
    milestones=Milestones((5,), (30, 14)),
)
ZONES = ("Europe/Berlin", "Asia/Baku", "America/Los_Angeles", "Pacific/Auckland", "Pacific/Honolulu")


def foretold(
    engine: Engine, catalog: Catalog, first: date, last: date, now: str = "2027-01-10T12:00+01:00"
) -> Foretold:
    with reading(engine) as db:
        return simulate(db, catalog, Period(first, last, at(now), SEND_UNTIL))


def said(found: Foretold) -> list[tuple[date, str, list[tuple[str, int]], list[tuple[str, int]], int]]:
    return [
        (
            one.of.day,
            one.of.language,
            [(n.event, n.days) for n in one.of.notices],
            [(n.event, n.days) for n in one.of.outlook],
            one.people,
        )
        for one in found.editions
    ]


def test_every_edition_is_foretold_with_its_date_language_and_people(engine: Engine) -> None:
    for n in range(3):
        join(engine, CATALOG, f"{n}@example.org")
    join(engine, CATALOG, "weekly@example.org", language="en", leads=(), digest="weekly:mon")

    found = foretold(engine, CATALOG, date(2027, 1, 11), date(2027, 1, 25))

    assert said(found) == [
        (date(2027, 1, 11), "en", [], [("black-january", 9)], 1),
        (date(2027, 1, 13), "de", [("black-january", 7)], [], 3),
        (date(2027, 1, 18), "en", [], [("black-january", 2)], 1),
        (date(2027, 1, 19), "de", [("black-january", 1)], [], 3),
        (date(2027, 1, 20), "de", [("black-january", 0)], [], 3),
        (date(2027, 1, 25), "en", [], [("khojaly", 32)], 1),
    ]


def test_feeds_are_foretold_with_what_they_announce_and_when_their_years_turn(engine: Engine) -> None:
    found = foretold(engine, CATALOG, date(2026, 12, 20), date(2027, 1, 20))

    assert found.turns == (date(2027, 1, 1),)
    assert [(one.notice.on, one.notice.days, one.feeds) for one in found.announcements] == [
        (date(2027, 1, 13), 7, ("all", "azerbaijan", "events/black-january")),
        (date(2027, 1, 20), 0, ("all", "azerbaijan", "events/black-january")),
    ]


def test_nothing_is_written(engine: Engine) -> None:
    join(engine, CATALOG, "reader@example.org")

    foretold(engine, CATALOG, date(2027, 1, 1), date(2027, 12, 31))

    with reading(engine) as db:
        assert [db.scalar(select(func.count()).select_from(table)) for table in (editions, deliveries)] == [0, 0]
        assert [person.covered_through for person in all_subscribers(db)] == [date(2027, 1, 9)]


def test_whoever_was_told_today_is_not_told_again(engine: Engine) -> None:
    join(engine, CATALOG, "told@example.org")
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    join(engine, CATALOG, "new@example.org", "2027-01-13T10:00+01:00")

    [today] = foretold(engine, CATALOG, date(2027, 1, 13), date(2027, 1, 13), "2027-01-13T12:00+01:00").editions

    assert (today.people, today.key is not None) == (1, True)


def test_today_is_over_when_its_window_is(engine: Engine) -> None:
    join(engine, CATALOG, "reader@example.org")

    found = foretold(engine, CATALOG, date(2027, 1, 13), date(2027, 1, 14), "2027-01-13T20:00+01:00")

    assert said(found) == [(date(2027, 1, 14), "de", [("black-january", 6)], [], 1)]


def test_what_waits_for_an_operator_is_foretold_as_a_draft_and_what_is_cancelled_not_at_all(engine: Engine) -> None:
    catalog = make_catalog(release={Kind.MOURNING: Release.BY_HAND})
    join(engine, catalog, "reader@example.org")
    with writing(engine) as db:
        cancel_anniversary(db, "khojaly", 2027, at("2027-01-01T00:00Z"))

    found = foretold(engine, catalog, date(2027, 1, 11), date(2027, 3, 1))

    assert [(one.of.day.day, str(one.state)) for one in found.editions] == [(13, "draft"), (19, "draft"), (20, "draft")]


@pytest.mark.parametrize("last", [date(2026, 12, 31), date(2028, 2, 5)])
def test_a_period_has_1_to_400_days(last: date) -> None:
    with pytest.raises(PeriodError, match="is not a period of 1 to 400 days"):
        Period(date(2027, 1, 1), last, at("2027-01-01T00:00Z"), SEND_UNTIL)


def a_preference(chance: random.Random) -> dict[str, Any]:
    return {
        "language": chance.choice(("en", "de")),
        "zone": chance.choice(ZONES),
        "hour": chance.choice((0, 6, 9, 18, 22)),
        "leads": parse_own_leads(chance.choice(("", "none", "7,1,0", "0", "milestones", "3;milestones;day-4:30,0"))),
        "digest": chance.choice(("none", "none", "weekly:sun", "weekly:wed", "monthly")),
        "selection": parse_selection(chance.choice(("all", "all,-khojaly", "black-january", "day-1,day-2,day-3"))),
    }


@pytest.mark.timeout(400)
def test_day_by_day_what_comes_is_what_was_foretold(engine: Engine) -> None:
    chance = random.Random(20270120)  # noqa: S311  # the same people each time
    people = [join(engine, MANY, f"{n}@example.org", **a_preference(chance)) for n in range(40)]
    with writing(engine) as db:
        for person in people[::5]:
            ends = update(subscribers).where(subscribers.c.id == person.id)
            db.execute(ends.values(status=SubscriberStatus.PAUSED, paused_until=date(2027, 1, 1 + person.id % 30)))
    began, first, last = "2027-01-11T20:00Z", date(2027, 1, 13), date(2027, 2, 15)
    found = foretold(engine, MANY, first, last, began)

    now = datetime.fromisoformat("2027-01-11T00:00Z")
    while now < at("2027-02-16T13:00Z"):
        tick(engine, MANY, now.isoformat())
        attempt(engine, now.isoformat())
        now += timedelta(hours=1)

    came = Counter(key for key in planned(engine) if first <= key.day <= last)
    assert {one.of: one.people for one in found.editions} == came
    assert sum(came.values()) > 100


def planned(engine: Engine) -> list[EditionKey]:
    with reading(engine) as db:
        made = {id_: edition(db, id_).of for id_ in db.scalars(select(editions.c.id))}
        return [made[id_] for id_ in db.scalars(select(deliveries.c.edition_id))]


def test_the_longest_period_can_be_foretold(engine: Engine) -> None:
    chance = random.Random(1)  # noqa: S311  # the same people each time
    for n in range(60):
        join(engine, MANY, f"{n}@example.org", **a_preference(chance))

    assert len(foretold(engine, MANY, date(2027, 2, 1), date(2028, 3, 6)).editions) > 300
