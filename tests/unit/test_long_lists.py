"""Long lists are divided by how much there is: the same parts in every language, and none where everything fits."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.domain import addresses
from notifier.domain.long_lists import (
    MOST,
    MOST_IN_A_YEAR,
    how_many_fit,
    in_month,
    in_year,
    is_long,
    is_long_year,
    long_lists,
    part_count,
    part_of,
    place_of,
)
from notifier.domain.occurrences import Occurrence
from notifier.domain.windows import FeedYears
from tests.factories import make_catalog, make_event, text
from tests.many_events import ALL_OF_THEM, many_events

YEARS = FeedYears(2026, 2030, 2027)


@pytest.mark.parametrize(("entries", "parts"), [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_a_list_has_as_few_parts_as_its_entries_need_and_an_empty_one_is_one(entries: int, parts: int) -> None:
    assert part_count(entries, most=10) == parts


def test_the_parts_together_are_the_list_and_each_entry_is_found_in_its_part() -> None:
    entries = [*range(25)]
    parts = [part_of(entries, number, most=10) for number in range(1, part_count(len(entries), most=10) + 1)]

    assert [len(part) for part in parts] == [10, 10, 5]
    assert [entry for part in parts for entry in part] == entries
    assert all(entry in parts[place_of(entry, most=10) - 1] for entry in entries)


def test_the_first_part_has_the_address_of_the_list_itself() -> None:
    assert addresses.collection("en", "world", 1) == addresses.collection("en", "world") == "/en/collections/world"
    assert addresses.collection("en", "world", 2) == "/en/collections/world/2"
    assert addresses.month("en", 2027, 3) == "/en/calendar/2027/3"
    assert addresses.month("en", 2027, 3, 2) == "/en/calendar/2027/3/2"
    assert addresses.outlook_year("en", 2030, 4) == "/en/outlook/2030/4"


def test_a_small_calendar_has_no_page_for_the_length_of_its_lists() -> None:
    lists = long_lists(many_events(MOST_IN_A_YEAR), YEARS)

    assert (*lists.months, *lists.outlook, *lists.collections) == ()


def test_a_year_of_one_day_more_has_its_months_on_pages_of_their_own() -> None:
    lists = long_lists(many_events(MOST_IN_A_YEAR + 1), YEARS)

    assert lists.months == tuple((year, month, 1) for year in range(2026, 2031) for month in range(1, 13))


def test_a_month_in_which_nothing_is_remembered_has_no_page() -> None:
    catalog = make_catalog(*(make_event(f"day-{n}") for n in range(MOST + 1)))

    assert {(month, part) for _, month, part in long_lists(catalog, YEARS).months} == {(1, 1), (1, 2)}


def test_a_long_collection_goes_on_after_its_own_page() -> None:
    assert long_lists(many_events(2 * MOST + 1), YEARS).collections == ((ALL_OF_THEM, 2), (ALL_OF_THEM, 3))


def test_very_many_round_anniversaries_stand_on_a_page_for_each_year() -> None:
    assert {year for year, _ in long_lists(many_events(1_000), YEARS).outlook} == set(range(2027, 2033))


def test_what_lasts_into_another_month_or_year_stands_in_each() -> None:
    span = Occurrence(make_event(), 2026, date(2026, 12, 30), date(2027, 2, 1), None, estimated=False)

    assert [in_month([span], 2027, month) for month in (1, 2, 3)] == [[span], [span], []]
    assert in_month([span], 2026, 12) == [span]
    assert not is_long_year([span])
    assert is_long_year([span] * 3)


def test_a_year_begins_with_what_is_not_over_from_the_one_before() -> None:
    assert [one.first for one in in_year(make_catalog(), 2027)] == [date(2027, 1, 20), date(2027, 2, 26)]


@pytest.mark.parametrize(
    ("weights", "fit"), [([], 4), ([10] * 9, 4), ([10] * 3, 4), ([50] * 9, 2), ([10, 90, 10, 10, 10], 3), ([500], 1)]
)
def test_as_many_fit_as_have_room_whichever_stand_together_and_one_always_does(weights: list[int], fit: int) -> None:
    assert how_many_fit(weights, most=4, room=110, beside=0) == fit


def test_where_headings_are_long_lists_have_more_parts_the_same_in_every_language() -> None:
    """They go by the wording that takes most, be it in a language that nobody looks at."""
    long = text(en="A day", hy="\u0555" * 300)
    catalog = make_catalog(*(make_event(f"day-{n}", heading=long) for n in range(MOST)))
    lists = long_lists(catalog, YEARS)
    found = in_year(catalog, 2027)

    assert lists.most < MOST
    assert {part for _, part in long_lists(catalog, YEARS).outlook} == {*range(1, part_count(MOST, lists.most) + 1)}
    assert is_long(found)
    assert not is_long(found[:10])
    assert is_long_year(found[:60])
    assert not is_long_year(found[:10])
