"""Days whose years are not Gregorian, and days kept at an hour or from sunset: entries, pages and messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from notifier.content.language import Languages
from notifier.content.programme import suffixes, timed_items
from notifier.content.vevent import render_vevent
from notifier.content.wording import view_occurrence
from notifier.domain.events import Begins, Event, ItemId, Place, ProgrammeItem, YearNotes
from notifier.domain.moments import early, may_begin_early, moment_of
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.origin_forms import parse_origin
from notifier.domain.programmes import programme_of
from notifier.domain.revisions import uid_of
from notifier.domain.rules.grammar import parse_rule
from tests.factories import LOCALES, make_catalog, make_event, text

LANGUAGES = Languages(LOCALES)
TOKYO = Place(text(en="Hiroshima", de="Hiroshima"), "Asia/Tokyo", None)


def ashura() -> Event:
    return make_event(
        "ashura",
        rule=parse_rule("10 Muharram"),
        origin=parse_origin("10 Muharram 61 AH"),
        heading=text(en="Ashura", de="Aschura"),
        counts=text(en="the battle of Karbala", de="die Schlacht von Kerbela"),
    )


def hiroshima(**changes: object) -> Event:
    event = make_event(
        "hiroshima-1945",
        rule=parse_rule("6 August at 08:15"),
        origin=parse_origin("1945-08-06"),
        heading=text(en="Hiroshima", de="Hiroshima"),
        counts=text(en="the bombing", de="der Abwurf"),
        place=TOKYO,
    )
    return replace(event, **changes)  # type: ignore[arg-type]  # whatever field is given


def in_year(event: Event, year: int) -> list[Occurrence]:
    return occurrences_between([event], date(year, 1, 1), date(year + 1, 1, 1))


def test_two_days_of_one_gregorian_year_are_two_entries() -> None:
    first, second = in_year(ashura(), 2042)

    uids = {uid_of(one.event, one.year, "remembrance.example.org") for one in (first, second)}
    assert uids == {"ashura.1464@remembrance.example.org", "ashura.1465@remembrance.example.org"}


def test_a_year_of_another_calendar_is_shown_with_ours_behind_it() -> None:
    [occurrence] = in_year(ashura(), 2026)
    view = view_occurrence(occurrence, make_catalog(ashura()), LANGUAGES["en"])

    assert (view.called, view.title) == ("1448 (2026)", "Ashura: 1387th anniversary")
    assert view.counted == "Counted from: the battle of Karbala, 1,387 Hijri years"
    assert view.estimate == "The date is an estimate"


def test_a_gregorian_year_is_shown_alone() -> None:
    [occurrence] = in_year(make_event(), 2027)

    assert view_occurrence(occurrence, make_catalog(make_event()), LANGUAGES["en"]).called == "2027"


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en", "Begins at sunset on the evening before, Tuesday, 19 January 2027"),
        ("de", "Beginnt am Vorabend bei Sonnenuntergang: Dienstag, 19. Januar 2027"),
    ],
)
def test_what_begins_at_sunset_says_so_and_keeps_its_day(tag: str, said: str) -> None:
    event = make_event(begins=Begins.SUNSET)
    [occurrence] = in_year(event, 2027)

    assert occurrence.first == date(2027, 1, 20)
    assert view_occurrence(occurrence, make_catalog(event), LANGUAGES[tag]).eve == said


class TestADayKeptAtAnHour:
    def test_it_has_an_entry_of_its_own_at_that_hour_in_its_zone(self) -> None:
        [occurrence] = in_year(hiroshima(), 2027)

        [item] = timed_items(occurrence, make_catalog(hiroshima()), LANGUAGES["en"])

        assert (item.suffix, item.zone, item.first) == (".at", "Asia/Tokyo", date(2027, 8, 6))
        assert item.content.startswith(
            b"DTSTART;TZID=Asia/Tokyo:20270806T081500\r\nSUMMARY:Hiroshima: 82nd anniversary\r\n"
        )

    def test_its_own_entry_stays_the_same_one_beside_a_programme(self) -> None:
        nameless = ProgrammeItem(datetime(2027, 8, 6, 10, 0), None, text(en="A reading"), None)  # noqa: DTZ001 - wall time
        named = replace(nameless, id=ItemId("names"))
        event = hiroshima(years={2027: YearNotes(None, (nameless, named))})
        [occurrence] = in_year(event, 2027)

        assert suffixes(programme_of(occurrence)) == [".at", ".at-1000", ".at-names"]

    def test_the_hour_is_said_of_the_day_by_the_clocks_of_its_place(self) -> None:
        [occurrence] = in_year(hiroshima(), 2027)
        catalog = make_catalog(hiroshima())

        assert view_occurrence(occurrence, catalog, LANGUAGES["en"]).hour == "At 08:15, local time (Hiroshima)"
        assert view_occurrence(occurrence, catalog, LANGUAGES["de"]).hour == "Um 08:15 Uhr Ortszeit (Hiroshima)"
        assert b"At 08:15" in render_vevent(occurrence, catalog, LANGUAGES["en"])

    def test_it_is_announced_before_it_begins(self) -> None:
        [occurrence] = in_year(hiroshima(), 2027)
        moment = moment_of(occurrence, "Asia/Baku")

        assert may_begin_early(occurrence.event)
        assert moment is not None
        assert (moment.at.astimezone(UTC), moment.itself) == (datetime(2027, 8, 5, 23, 15, tzinfo=UTC), True)
        found = early(occurrence, "Asia/Baku", 9, "Europe/Berlin")
        assert found is not None
        assert (found.days, found.at.isoformat()) == (1, "2027-08-06T01:15:00+02:00")

    def test_an_hour_that_no_clock_shows_is_what_they_show_next(self) -> None:
        rule = parse_rule("last Sunday of March at 02:30")
        berlin = hiroshima(rule=rule, place=Place(text(en="Berlin"), "Europe/Berlin", None))
        [occurrence] = in_year(berlin, 2027)

        [item] = programme_of(occurrence)

        # Clocks are put forward from 02:00 to 03:00 that night.
        assert (item.at.date(), item.at.time()) == (date(2027, 3, 28), time(3))

    def test_a_day_without_an_hour_has_no_entry_at_one(self) -> None:
        assert not may_begin_early(make_event())
        assert programme_of(in_year(make_event(), 2027)[0]) == ()
