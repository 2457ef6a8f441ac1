from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.events import Event, Milestones
from notifier.domain.leads import OwnLeads, parse_own_leads
from notifier.domain.notices import announced, leads_for, leads_of, missed, notices_on
from notifier.domain.occurrences import Occurrence, next_occurrence, occurrences_between
from tests.factories import black_january, khojaly, make_calendar, make_event

EVENTS = (black_january(), khojaly())


def week_day_before_and_day(_: Event | Occurrence) -> Collection[int]:
    return (7, 1, 0)


def told(covered: date, on: date) -> list[tuple[str, int]]:
    coming = occurrences_between(EVENTS, on, on + timedelta(days=400))
    found = announced(coming, covered, on, week_day_before_and_day)
    return [(notice.occurrence.event.id, notice.days) for notice in found]


def test_a_day_is_announced_at_each_lead_and_on_the_day_itself() -> None:
    """Asked for in nextcloud/server#1505 and monicahq/monica#2024."""
    found = {
        day: [n.days for n in notices_on(EVENTS, date(2027, 1, day), week_day_before_and_day)] for day in range(10, 25)
    }

    assert {day: days for day, days in found.items() if days} == {13: [7], 19: [1], 20: [0]}


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


def leads_in(year: int, own: str, event: Event | None = None) -> list[int]:
    calendar = make_calendar(milestones=Milestones((25, 50), (365, 30)))
    occurrence = next_occurrence(event or make_event(), date(year, 1, 1))
    assert occurrence is not None
    return sorted(leads_for(occurrence, calendar, parse_own_leads(own)), reverse=True)


def test_a_round_anniversary_is_announced_longer_ahead_to_whoever_asks() -> None:
    assert leads_in(2040, "milestones") == [365, 30, 7, 0]  # the 50th
    assert leads_in(2015, "3;milestones") == [365, 30, 3]  # the 25th
    assert leads_in(2041, "milestones") == [7, 0]
    assert leads_in(2040, "3") == [3]
    assert leads_in(2040, "none;milestones") == [365, 30]
    assert leads_in(2040, "milestones", make_event(leads=())) == [365, 30]


def test_where_nothing_is_counted_no_anniversary_is_round() -> None:
    assert leads_in(2040, "milestones", make_event(counts=None)) == [7, 0]


def test_leads_for_one_event_hold_before_all_others_under_any_id_it_ever_had() -> None:
    """Asked for in nextcloud/server#1505: own choice of lead times."""
    renamed = make_event("black-january", was=("january-20",))

    assert leads_in(2041, "7,1;black-january:30") == [30]
    assert leads_in(2041, "7,1;january-20:30", renamed) == [30]
    assert leads_in(2041, "7,1;khojaly:30") == [7, 1]
    assert leads_in(2040, "7;milestones;black-january:30") == [365, 30]


def test_who_wants_nothing_of_an_event_is_not_told_of_its_round_anniversaries() -> None:
    assert leads_in(2040, "7;milestones;black-january:none") == []


def test_what_came_unannounced_is_missed() -> None:
    gone = occurrences_between(EVENTS, date(2027, 1, 1), date(2028, 1, 1))

    def lost(covered: date, on: date) -> list[str]:
        return [occurrence.event.id for occurrence in missed(gone, covered, on, week_day_before_and_day)]

    assert lost(date(2027, 1, 12), date(2027, 1, 21)) == ["black-january"]
    assert lost(date(2027, 1, 12), date(2027, 1, 20)) == []
    assert lost(date(2027, 1, 20), date(2027, 2, 26)) == []
    assert lost(date(2027, 1, 12), date(2027, 3, 1)) == ["black-january", "khojaly"]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_however_late_somebody_looks_every_day_is_announced_at_most_once_a_lead_and_never_after_it(
    start: date, pauses: list[int]
) -> None:
    covered, found = start, []
    for pause in pauses:
        on = covered + timedelta(days=pause)
        for event, days in told(covered, on):
            day = on + timedelta(days=days)
            assert (day.month, day.day) == {"black-january": (1, 20), "khojaly": (2, 26)}[event]
            found.append((event, day, on))
        covered = on

    assert len(found) == len(set(found))
    for event, day, _ in found:
        assert sum((event, day) == (e, d) for e, d, _ in found) <= 3
