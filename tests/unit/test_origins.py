"""When something happened: what is read, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.errors import ImpossibleOriginError, UnreadableOriginError
from notifier.domain.origin_forms import parse_origin
from notifier.domain.origins import Origin, counting, kept_since
from notifier.domain.rules import CalendarSystem
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.hebrew import HebrewDay
from notifier.domain.rules.hijri import HijriDay

FORMS = [
    "1990-01-20", "1990-01", "1990", "1932/1933", "1992-02-25/1992-02-26", "1932?", "1932-05~", "1932-05-01%", "193X",
    "19XX", "1990-XX", "1990-01-XX", "1990-XX-XX", "-0043", "-0043-03-15", "61 AH", "Muharram 61 AH",
    "10 Muharram 61 AH", "5708 AM", "5 Iyar 5708 AM", "22 Bahman 1357 SH", "1357 AP", "25 October 1917 Julian",
]  # fmt: skip


@pytest.mark.parametrize("written", FORMS)
def test_an_origin_is_told_as_it_was_written(written: str) -> None:
    assert str(parse_origin(written)) == written


@pytest.mark.parametrize(
    "written",
    [
        "", "0000", "90", "1990-1-20", "20.01.1990", "1933/1932", "1932/", "/1932", "1932/..",
        "1/2/3", "X932", "193X-01", "-193X", "1990-XX-20", "1932??", "61 ah", "0 AH", "61 CE", "Nisan 61 AH",
        "10 61 AH", "10 Muharram",
    ],
)  # fmt: skip
def test_any_other_form_is_refused(written: str) -> None:
    with pytest.raises(UnreadableOriginError, match="write it as 1990-01-20"):
        parse_origin(written)


@pytest.mark.parametrize("written", ["1990-13", "1990-02-30", "31 Muharram 61 AH", "32 May 1917 Julian"])
def test_a_day_that_there_is_not_is_refused(written: str) -> None:
    with pytest.raises(ImpossibleOriginError, match=f'^"{written}" is a day that there is not'):
        parse_origin(written)


@given(st.dates())
def test_a_day_is_read_back(day: date) -> None:
    assert parse_origin(day.isoformat()) == Origin(day.year, day.month, day.day)
    assert parse_origin(day.isoformat()).date == day


def test_a_day_of_another_calendar_is_a_rule_and_a_year() -> None:
    origin = parse_origin("10 Muharram 61 AH")

    assert (origin.year, origin.system, origin.kept) == (61, CalendarSystem.HIJRI, HijriDay(1, 10))


@pytest.mark.parametrize(
    ("written", "system", "year"),
    [
        ("10 Muharram 61 AH", CalendarSystem.GREGORIAN, 680),
        ("61 AH", CalendarSystem.GREGORIAN, None),  # in 680 and 681
        ("5 Iyar 5708 AM", CalendarSystem.GREGORIAN, 1948),
        ("25 October 1917 Julian", CalendarSystem.GREGORIAN, 1917),
        ("22 Bahman 1357 SH", CalendarSystem.GREGORIAN, 1979),
        ("1990-01", CalendarSystem.HIJRI, 1410),
        ("1990-12-31", CalendarSystem.CHINESE, 1990),
        ("1990-01-01", CalendarSystem.CHINESE, 1989),
    ],
)
def test_years_are_counted_in_the_calendar_of_the_rule(written: str, system: CalendarSystem, year: int | None) -> None:
    assert counting(parse_origin(written), system).ordinal_from == year


def test_the_day_of_a_death_is_kept_by_the_customs_for_yahrzeits() -> None:
    """30 Kislev 5785 was 31 December 2024."""
    rule = parse_rule("30 Kislev")

    assert kept_since(rule, parse_origin("2024-12-31")) == HebrewDay("Kislev", 30, 5785)
    assert kept_since(rule, parse_origin("2024-12-30")) == HebrewDay("Kislev", 30, 5785)  # after sunset
    assert kept_since(rule, parse_origin("30 Kislev 5785 AM")) == HebrewDay("Kislev", 30, 5785)


def test_what_began_on_another_day_is_an_observance() -> None:
    rule = parse_rule("27 Nisan, if Friday 1 day earlier")

    assert kept_since(rule, parse_origin("1945-01-27")) == rule
