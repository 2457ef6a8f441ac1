"""Entries with an hour: what each is called by, and what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.content.language import Languages
from notifier.content.programme import TimedItem, read, suffixes, timed_items, written
from notifier.domain.events import Event, ItemId, Place, ProgrammeItem, YearNotes
from notifier.domain.occurrences import occurrences_between
from tests.factories import LOCALES, black_january, make_catalog, make_event, text

LANGUAGES = Languages(LOCALES)


def item(at: str = "2027-01-20T12:00", said: str = "A reading", id_: str | None = None, **place: str) -> ProgrammeItem:
    where = Place(text(**place), None, None) if place else None
    return ProgrammeItem(datetime.fromisoformat(at), where, text(en=said), None, None if id_ is None else ItemId(id_))


def items_of(event: Event) -> tuple[TimedItem, ...]:
    (occurrence,) = occurrences_between([event], date(2027, 1, 1), date(2028, 1, 1))
    return timed_items(occurrence, make_catalog(event), LANGUAGES["en"])


class TestWhatEachIsCalledBy:
    def test_an_item_goes_by_its_id(self) -> None:
        assert suffixes([item(id_="silence"), item(id_="reading")]) == [".at-silence", ".at-reading"]

    def test_the_only_one_without_an_id_needs_none(self) -> None:
        assert suffixes([item()]) == [".at"]
        assert suffixes([item(id_="silence"), item()]) == [".at-silence", ".at"]

    def test_several_without_an_id_go_by_their_wall_time(self) -> None:
        items = [item("2027-01-20T12:00"), item("2027-01-20T18:30+01:00"), item(id_="silence")]

        assert suffixes(items) == [".at-1200", ".at-1830", ".at-silence"]

    def test_none_goes_by_its_position(self) -> None:
        items = [item("2027-01-20T12:00"), item("2027-01-20T18:00"), item("2027-01-20T19:00", "Names")]

        assert suffixes(items[::-1]) == suffixes(items)[::-1]
        assert suffixes(items[1:]) == suffixes(items)[1:]

    def test_those_of_one_hour_on_two_days_are_told_apart_by_their_date(self) -> None:
        first, second = item("2027-01-19T18:00"), item("2027-01-20T18:00")
        told = suffixes([first, second])

        assert len(set(told)) == 2
        assert all(suffix.startswith(".at-1800-") for suffix in told)
        assert suffixes([item("2027-01-19T18:00", "Said anew"), second]) == told

    def test_those_of_one_instant_are_told_apart_by_what_they_are(self) -> None:
        told = suffixes([item(said="A reading"), item(said="Names"), item(en="Baku"), item(en="Ganja")])

        assert len(set(told)) == 4

    def test_the_same_item_twice_is_one(self) -> None:
        first, again = suffixes([item(), item()])

        assert first == again
        event = make_event(years={2027: YearNotes(None, (item(), item()))})
        assert len(items_of(event)) == 1


def test_an_item_says_where_it_is_in_plain_decimals() -> None:
    place = Place(text(en="An island"), "Asia/Baku", (1e-05, -0.0))
    event = make_event(years={2027: YearNotes(None, (replace(item(), place=place),))})

    assert b"\r\nGEO:0.00001;0.0\r\n" in items_of(event)[0].content


def test_a_year_without_a_programme_has_no_items() -> None:
    assert items_of(black_january()) == ()


@given(
    st.lists(
        st.builds(
            TimedItem,
            suffix=st.from_regex(r"\.at(-[a-z0-9]{1,9})?", fullmatch=True),
            first=st.dates(),
            zone=st.none() | st.just("Asia/Baku"),
            content=st.text(st.characters(exclude_categories=["Cs"])).map(str.encode),
            called_off=st.none() | st.datetimes(timezones=st.just(UTC)),
        ),
        max_size=3,
    )
)
def test_what_is_kept_reads_as_it_was(items: list[TimedItem]) -> None:
    assert read(written(items)) == tuple(items)


@pytest.mark.parametrize("zone", ["Asia/Baku", None])
def test_a_bare_wall_time_is_told_in_a_zone_always(zone: str | None) -> None:
    place = None if zone is None else Place(text(en="Baku"), zone, None)
    event = make_event(place=place, years={2027: YearNotes(None, (item(),))})

    assert [one.zone for one in items_of(event)] == ["Asia/Baku"]


@pytest.mark.parametrize(
    ("at", "start"),
    [
        ("2027-10-31T02:30", "DTSTART;TZID=Europe/Berlin:20271031T023000"),
        ("2027-10-31T02:30+02:00", "DTSTART;TZID=Europe/Berlin:20271031T023000"),
        # An hour later clocks there show the same again; a wall time means the first (RFC 5545 §3.3.5).
        ("2027-10-31T02:30+01:00", "DTSTART:20271031T013000Z"),
        ("2027-10-31T03:30+01:00", "DTSTART;TZID=Europe/Berlin:20271031T033000"),
    ],
)
def test_an_hour_that_clocks_show_twice_is_told_so_that_it_is_one(at: str, start: str) -> None:
    place = Place(text(en="Berlin"), "Europe/Berlin", None)
    (told,) = items_of(make_event(place=place, years={2027: YearNotes(None, (item(at),))}))

    assert told.content.decode().splitlines()[0] == start
    assert told.zone == ("Europe/Berlin" if "TZID" in start else None)
