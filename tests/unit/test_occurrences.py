from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.errors import OriginBeforeDatesError
from notifier.domain.events import Event, Moved
from notifier.domain.occurrences import beyond_table, next_occurrence, occurrences_between, ordinal_of
from notifier.domain.origin_forms import parse_origin
from notifier.domain.origins import Origin
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import FixedDay, LeapDay
from notifier.domain.rules.relative import DaysBeside, EventDay
from tests.factories import black_january, khojaly, make_event, text

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


def year_of(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)


@pytest.mark.parametrize(("year", "ordinals"), [(2019, [29, 27]), (2024, [34, 32]), (2027, [37, 35]), (1991, [1])])
def test_the_ordinals_are_those_the_documents_speak_of(year: int, ordinals: list[int]) -> None:
    found = occurrences_between([black_january(), khojaly()], *year_of(year))

    assert [occurrence.ordinal for occurrence in found] == ordinals


def test_nothing_is_remembered_in_the_year_it_happened_or_before() -> None:
    assert occurrences_between([black_january()], date(1900, 1, 1), date(1991, 1, 1)) == []


def test_the_second_event_begins_in_its_own_second_year() -> None:
    assert occurrences_between([khojaly()], *year_of(1992)) == []
    assert [o.ordinal for o in occurrences_between([khojaly()], *year_of(1993))] == [1]


def test_no_ordinal_without_what_it_counts() -> None:
    [occurrence] = occurrences_between([make_event(counts=None)], *year_of(2027))

    assert occurrence.ordinal is None


def test_no_ordinal_and_no_first_year_without_an_origin() -> None:
    [occurrence] = occurrences_between([make_event(origin=None)], *year_of(1850))

    assert occurrence.ordinal is None


def test_a_day_with_a_year_for_its_origin_is_counted() -> None:
    event = make_event(origin=Origin(1918), rule=FixedDay(3, 31))

    assert [o.ordinal for o in occurrences_between([event], *year_of(2027))] == [109]


def test_a_range_includes_its_start_and_not_its_end() -> None:
    event = black_january()

    assert occurrences_between([event], date(2027, 1, 20), date(2027, 1, 21)) != []
    assert occurrences_between([event], date(2027, 1, 19), date(2027, 1, 20)) == []


def test_what_falls_on_one_day_stands_in_the_order_of_ids() -> None:
    found = occurrences_between([make_event("b"), make_event("a")], *year_of(2027))

    assert [occurrence.event.id for occurrence in found] == ["a", "b"]


def test_the_last_year_is_the_last() -> None:
    event = make_event(until=2027)

    assert [o.year for o in occurrences_between([event], date(2026, 1, 1), date(2030, 1, 1))] == [2026, 2027]


def test_a_single_year_can_be_moved_with_its_reason() -> None:
    moved = Moved(date(2027, 1, 22), text(en="a strike"))
    event = make_event(exceptions={2027: moved})

    [occurrence] = occurrences_between([event], *year_of(2027))

    assert (occurrence.first, occurrence.last, occurrence.ordinal, occurrence.moved) == (
        date(2027, 1, 22),
        date(2027, 1, 22),
        37,
        moved,
    )


def test_a_year_moved_into_another_gregorian_year_keeps_its_own() -> None:
    event = make_event(exceptions={2027: Moved(date(2026, 12, 31), text(en="a strike"))})

    assert [(o.year, o.first) for o in occurrences_between([event], *year_of(2026))] == [
        (2026, date(2026, 1, 20)),
        (2027, date(2026, 12, 31)),
    ]
    assert occurrences_between([event], *year_of(2027)) == []


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        (LeapDay.FEBRUARY_28, [date(2027, 2, 28), date(2028, 2, 29)]),
        (LeapDay.MARCH_1, [date(2027, 3, 1), date(2028, 2, 29)]),
        (LeapDay.LEAP_YEARS_ONLY, [date(2028, 2, 29)]),
    ],
)
def test_the_leap_day_in_common_years_is_a_setting(policy: LeapDay, days: list[date]) -> None:
    """Asked for in nextcloud/contacts#2102 and BirthdayBot#192: 29 February was lost."""
    event = make_event(rule=parse_rule("29 February", policy))

    assert [o.first for o in occurrences_between([event], date(2027, 1, 1), date(2029, 1, 1))] == days


def test_the_next_one_is_found_over_the_longest_gap_between_leap_days() -> None:
    event = make_event(rule=FixedDay(2, 29, LeapDay.LEAP_YEARS_ONLY))

    following = next_occurrence(event, date(2096, 3, 1))

    assert following is not None
    assert following.first == date(2104, 2, 29)
    assert next_occurrence(make_event(until=2000), date(2027, 1, 1)) is None


@given(DAYS, DAYS, DAYS)
def test_ranges_that_meet_hold_every_day_once(first: date, second: date, third: date) -> None:
    start, middle, end = sorted((first, second, third))
    events = [black_january(), khojaly(), make_event("leap", rule=FixedDay(2, 29), origin=None)]

    halves = occurrences_between(events, start, middle) + occurrences_between(events, middle, end)

    assert halves == occurrences_between(events, start, end)


# --- other calendars ---------------------------------------------------------------------------------------------


def ashura(**changes: Any) -> Event:
    return make_event("ashura", rule=parse_rule("10 Muharram"), origin=parse_origin("10 Muharram 61 AH"), **changes)


def test_the_ordinal_counts_in_the_events_own_calendar() -> None:
    """Asked for in monicahq/monica#7343: Karbala was in 61 AH, in 680 of our years."""
    [occurrence] = occurrences_between([ashura()], *year_of(2026))

    assert (occurrence.year, occurrence.ordinal, occurrence.first) == (1448, 1387, date(2026, 6, 25))


def test_a_day_that_falls_twice_in_a_gregorian_year_is_two_occurrences() -> None:
    found = occurrences_between([ashura()], *year_of(2042))

    assert [(o.year, o.ordinal, str(o.first)) for o in found] == [
        (1464, 1403, "2042-01-02"),
        (1465, 1404, "2042-12-23"),
    ]


def test_a_gregorian_origin_is_counted_in_the_rules_years() -> None:
    """20 January 1990 was in 1410 AH and in 5750 AM."""
    hijri, hebrew = make_event(rule=parse_rule("10 Muharram")), make_event(rule=parse_rule("27 Nisan"))

    assert (ordinal_of(hijri, 1448), ordinal_of(hebrew, 5786)) == (38, 36)


def test_what_is_confirmed_is_no_estimate_any_more() -> None:
    found = occurrences_between([ashura(confirmed=(1448,))], date(2025, 1, 1), date(2028, 1, 1))

    assert [(o.year, o.estimated) for o in found] == [(1447, True), (1448, False), (1449, True)]


def test_a_single_year_is_moved_by_the_year_of_its_own_calendar() -> None:
    """Baku marked 12 October 2016, the table gives the 11th."""
    moved = Moved(date(2016, 10, 12), text(en="as announced in Baku"))

    [occurrence] = occurrences_between([ashura(exceptions={1438: moved})], *year_of(2016))

    assert (occurrence.year, occurrence.first, occurrence.moved) == (1438, date(2016, 10, 12), moved)


def test_a_moved_span_lasts_as_long_as_before() -> None:
    event = make_event(
        rule=parse_rule("8 May to 9 May"), exceptions={2026: Moved(date(2026, 5, 10), text(en="an election"))}
    )

    [occurrence] = occurrences_between([event], *year_of(2026))

    assert (occurrence.first, occurrence.last) == (date(2026, 5, 10), date(2026, 5, 11))


def test_where_a_table_ends_there_is_nothing_and_it_can_be_told() -> None:
    events = [ashura(), black_january(), make_event("ended", rule=parse_rule("1 Shawwal"), until=1450, origin=None)]

    assert occurrences_between([ashura()], *year_of(2078)) == []
    assert beyond_table(events, date(2070, 1, 1)) == []
    assert [(event.id, str(day)) for event, day in beyond_table(events, date(2100, 1, 1))] == [("ashura", "2077-11-17")]


def test_the_next_day_of_a_rare_month_is_found() -> None:
    """The fifth Sunday of February comes every 28 years."""
    following = next_occurrence(make_event(rule=parse_rule("fifth Sunday of February")), date(2027, 1, 1))

    assert following is not None
    assert following.first == date(2032, 2, 29)


# --- told by another event ---------------------------------------------------------------------------------------


def test_a_day_told_by_another_event_follows_its_moved_years() -> None:
    """Asked for in hebcal/hebcal#211."""
    target = EventDay("vigil", parse_rule("20 January"), ((2027, date(2027, 1, 22)),))
    event = make_event(rule=DaysBeside(target, -7))

    found = occurrences_between([event], date(2026, 1, 1), date(2028, 1, 1))

    assert [str(o.first) for o in found] == ["2026-01-13", "2027-01-15"]


# --- origins that are known in part ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "first", "ordinal"),
    [
        ("1932/1933", 1934, 94),  # counted from the end of it
        ("1932?", 1933, None),  # no ordinal where the year is uncertain
        ("1932~", 1933, None),
        ("193X", 1940, None),
        ("1932", 1933, 95),
        ("1932-11", 1933, 95),
    ],
)
def test_what_is_known_of_the_year_decides_the_ordinal_and_the_first_year(
    origin: str, first: int, ordinal: int | None
) -> None:
    """Asked for in monicahq/monica#6388 and pinkywafer/Anniversaries#16."""
    event = make_event(origin=parse_origin(origin), rule=parse_rule("fourth Saturday of November"))

    [soonest, *_] = occurrences_between([event], date(1900, 1, 1), date(1950, 1, 1))

    assert soonest.first.year == first
    assert ordinal_of(event, 2027) == ordinal


def test_what_happened_before_our_era_is_counted_without_a_year_nought_too_many() -> None:
    """From 15 March 44 BC, the year -43 of astronomers, to 2027."""
    event = make_event(origin=parse_origin("-0043-03-15"), rule=parse_rule("15 March"))

    assert ordinal_of(event, 2027) == 2070


def test_another_calendar_cannot_count_from_before_our_era() -> None:
    event = make_event(origin=parse_origin("-0043"), rule=parse_rule("10 Muharram"))

    with pytest.raises(OriginBeforeDatesError, match="write the origin in that calendar"):
        ordinal_of(event, 1448)


def test_nothing_is_remembered_on_a_day_before_it_happened() -> None:
    """Asked for in hebcal/dotcom#1 and hebcal/hebcal#163: 25 December 2020 belongs to 2021, but lies before it."""
    event = make_event(origin=parse_origin("2020-12-30"), rule=parse_rule("7 days before 1 January"))

    assert [o.year for o in occurrences_between([event], date(2020, 1, 1), date(2023, 1, 1))] == [2022, 2023]


def test_a_year_that_two_own_years_share_has_no_ordinal() -> None:
    """1990 lies in 1410 and 1411 AH: what happened in it has anniversaries from 1412 on, and none is numbered."""
    event = make_event(origin=parse_origin("1990"), rule=parse_rule("10 Muharram"))

    found = occurrences_between([event], date(1989, 1, 1), date(1993, 1, 1))

    assert [(o.year, o.ordinal) for o in found] == [(1412, None), (1413, None)]
