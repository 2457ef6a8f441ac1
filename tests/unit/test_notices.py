from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.events import Event
from notifier.domain.leads import OwnLeads
from notifier.domain.notices import leads_of, notices_on, notices_since
from tests.factories import black_january, khojaly, make_calendar, make_event

EVENTS = (black_january(), khojaly())


def week_day_before_and_day(_: Event) -> Collection[int]:
    return (7, 1, 0)


def told(covered: date, on: date) -> list[tuple[str, int]]:
    found = notices_since(EVENTS, covered, on, week_day_before_and_day)
    return [(notice.occurrence.event.id, notice.days) for notice in found]


def test_a_day_is_announced_at_each_lead_and_on_the_day_itself() -> None:
    """Asked for in nextcloud/server#1505 and monicahq/monica#2024."""
    announced = {
        day: [n.days for n in notices_on(EVENTS, date(2027, 1, day), week_day_before_and_day)] for day in range(10, 25)
    }

    assert {day: days for day, days in announced.items() if days} == {13: [7], 19: [1], 20: [0]}


def test_after_a_pause_each_day_is_announced_once_with_the_days_truly_left() -> None:
    assert told(covered=date(2027, 1, 12), on=date(2027, 1, 15)) == [("black-january", 5)]
    assert told(covered=date(2027, 1, 12), on=date(2027, 1, 20)) == [("black-january", 0)]


def test_nothing_is_announced_after_its_day() -> None:
    assert told(covered=date(2027, 1, 12), on=date(2027, 1, 21)) == []


def test_a_pause_without_a_lead_in_it_announces_nothing() -> None:
    assert told(covered=date(2027, 1, 13), on=date(2027, 1, 18)) == []


def test_own_leads_come_before_the_events_and_those_before_the_calendars() -> None:
    calendar = make_calendar(leads=(7, 0))

    assert leads_of(make_event(), calendar) == (7, 0)
    assert leads_of(make_event(leads=(30,)), calendar) == (30,)
    assert leads_of(make_event(leads=(30,)), calendar, OwnLeads((1,))) == (1,)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_however_late_somebody_looks_every_day_is_announced_at_most_once_a_lead_and_never_after_it(
    start: date, pauses: list[int]
) -> None:
    covered, announced = start, []
    for pause in pauses:
        on = covered + timedelta(days=pause)
        for notice in notices_since(EVENTS, covered, on, week_day_before_and_day):
            assert notice.occurrence.first == on + timedelta(days=notice.days)
            announced.append((notice.occurrence.event.id, notice.occurrence.year, on))
        covered = on

    assert len(announced) == len(set(announced))
    for event, year, _ in announced:
        assert sum((event, year) == (e, y) for e, y, _ in announced) <= 3
