from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.errors import ImpossibleDayError, UnknownRuleError
from notifier.domain.events import Moved, Origin
from notifier.domain.occurrences import next_occurrence, occurrences_between
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import FixedDay, LeapDay
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


@pytest.mark.parametrize("rule", ["30 February", "31 April", "31 November"])
def test_a_day_no_year_has_is_refused(rule: str) -> None:
    with pytest.raises(ImpossibleDayError, match=f'the rule "{rule}" can never fall'):
        parse_rule(rule)


@pytest.mark.parametrize(
    "rule", ["", "January 20", "20 january", "10 Muharram", "second Sunday of November", "020 January"]
)
def test_a_rule_of_another_form_is_refused_by_its_name(rule: str) -> None:
    with pytest.raises(UnknownRuleError, match=f'the rule "{rule}" is not known'):
        parse_rule(rule)


@given(st.integers(1, 12), st.integers(1, 28))
def test_a_rule_written_and_read_is_the_same(month: int, day: int) -> None:
    rule = FixedDay(month, day)

    assert parse_rule(str(rule)) == rule


@given(DAYS, DAYS, DAYS)
def test_ranges_that_meet_hold_every_day_once(first: date, second: date, third: date) -> None:
    start, middle, end = sorted((first, second, third))
    events = [black_january(), khojaly(), make_event("leap", rule=FixedDay(2, 29), origin=None)]

    halves = occurrences_between(events, start, middle) + occurrences_between(events, middle, end)

    assert halves == occurrences_between(events, start, end)
