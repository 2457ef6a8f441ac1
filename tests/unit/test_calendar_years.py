"""Years of other calendars, where their tables end, and what holds for every rule of theirs.

Asked for in monicahq/monica#7343 (lunar, Hijri and other calendars).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.rules import CalendarSystem, Rule, chinese, hebrew, hijri, julian, persian, solar
from notifier.domain.rules.chinese import LAST, ChineseDay
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import LeapDay
from notifier.domain.rules.hebrew import HebrewDay
from notifier.domain.rules.hijri import HijriDay
from notifier.domain.rules.julian import JulianDay
from notifier.domain.rules.persian import PersianDay
from notifier.domain.rules.solar import SolarTerm

RULES = (
    st.builds(HebrewDay, st.sampled_from(hebrew.MONTHS), st.integers(1, 29))
    | st.builds(HebrewDay, st.sampled_from(["Heshvan", "Kislev", "Adar I"]), st.just(30), st.none() | st.just(5700))
    | st.builds(HijriDay, st.integers(1, 12), st.integers(1, 30))
    | st.builds(PersianDay, st.integers(1, 12), st.integers(1, 30))
    | st.builds(ChineseDay, st.integers(1, 12), st.integers(LAST, 30), st.booleans())
    | st.builds(SolarTerm, st.sampled_from(solar.TERMS))
    | st.builds(JulianDay, st.integers(1, 12), st.integers(1, 28))
    | st.builds(JulianDay, st.just(2), st.just(29), st.sampled_from(LeapDay))
)
# Twenty years in which every table reaches, so that the libraries reckon few of them.
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


# Where tables end


@pytest.mark.parametrize(
    "rule", [HijriDay(1, 10), PersianDay(12, 30), ChineseDay(12, 30), SolarTerm("Dongzhi")], ids=str
)
def test_beyond_its_table_a_rule_has_no_answer(rule: Rule) -> None:
    assert rule.table_ends is not None
    assert list(rule.between(date.min, date(600, 1, 1))) == []
    assert list(rule.between(rule.table_ends, date.max)) == []
    assert list(rule.between(rule.table_ends - timedelta(days=400), rule.table_ends)) != []


@pytest.mark.parametrize("rule", [HebrewDay("Nisan", 27), HebrewDay("Heshvan", 30, 5700), JulianDay(2, 29)], ids=str)
def test_a_reckoned_calendar_answers_from_the_first_day_to_the_last(rule: Rule) -> None:
    assert rule.table_ends is None
    assert len(list(rule.between(date.min, date(21, 1, 1)))) == 20
    assert 9 <= len(list(rule.between(date(9990, 1, 1), date.max))) <= 10


def test_the_ends_of_the_tables_are_those_of_the_libraries() -> None:
    from hijridate import Hijri, ummalqura

    first, last = ummalqura.GREGORIAN_RANGE
    assert (date(*first), date(*last) + timedelta(days=1)) == (hijri.TABLE_BEGINS, hijri.TABLE_ENDS)
    assert [year for year, _, _ in ummalqura.HIJRI_RANGE] == [hijri.FIRST_YEAR, hijri.LAST_YEAR]
    assert Hijri(hijri.FIRST_YEAR, 1, 1).to_gregorian() == hijri.TABLE_BEGINS
    assert chinese.year_of(chinese.TABLE_ENDS - timedelta(days=1)) == chinese.LAST_YEAR
    assert chinese.day_in(2100, 12, 29) == chinese.TABLE_ENDS - timedelta(days=1)
    assert persian.day_in(persian.LAST_YEAR, 12, 30) == persian.TABLE_ENDS - timedelta(days=1)


# Years, and dates of origins


@pytest.mark.parametrize(
    ("year_of", "day", "year"),
    [
        (hebrew.year_of, date(2026, 9, 11), 5786),
        (hebrew.year_of, date(2026, 9, 12), 5787),
        (hijri.year_of, date(2016, 10, 1), 1437),
        (hijri.year_of, date(2016, 10, 2), 1438),
        (hijri.year_of, date(680, 10, 13), 61),
        (hijri.year_of, date(2100, 1, 1), 1523),
        (persian.year_of, date(2026, 3, 20), 1404),
        (persian.year_of, date(2026, 3, 21), 1405),
        (persian.year_of, date(500, 1, 1), -122),
        (chinese.year_of, date(2026, 2, 16), 2025),
        (chinese.year_of, date(2026, 2, 17), 2026),
        (chinese.year_of, date(1500, 1, 1), 1499),
        (julian.year_of, date(1900, 1, 12), 1899),
        (julian.year_of, date(1900, 1, 13), 1900),
    ],
)
def test_the_year_a_day_lies_in(year_of: object, day: date, year: int) -> None:
    assert callable(year_of)
    assert year_of(day) == year


def test_dates_of_origins() -> None:
    """10 Muharram 61 AH by the tabular calendar is 10 October 680 of the Julian one."""
    assert hijri.day_in(61, 1, 10) == date(680, 10, 13) == julian.day_in(680, 10, 10)
    assert hijri.day_in(1438, 1, 10) == date(2016, 10, 11)
    assert hebrew.day_in(5703, "Nisan", 27) == date(1943, 5, 2)
    assert hebrew.day_in(5784, "Adar II", 14) == date(2024, 3, 24)
    assert persian.day_in(1357, 11, 22) == date(1979, 2, 11)
    assert chinese.day_in(2025, 6, 1, leap=True) == date(2025, 7, 25)


def test_a_date_that_its_very_year_has_not_is_none() -> None:
    assert hebrew.day_in(5783, "Adar I", 1) is None
    assert hebrew.day_in(5785, "Heshvan", 30) is not None
    assert hebrew.day_in(5787, "Heshvan", 31) is None
    assert hijri.day_in(1438, 13, 1) is None
    assert persian.day_in(1404, 12, 30) is None
    assert chinese.day_in(2026, 6, 1, leap=True) is None
    assert julian.day_in(1901, 2, 29) is None
    assert julian.day_in(-4000, 1, 1) is None


@given(RULES, DAYS)
def test_the_year_told_is_the_one_the_day_lies_in(rule: Rule, start: date) -> None:
    year_of = {
        CalendarSystem.GREGORIAN: lambda day: day.year,
        CalendarSystem.HEBREW: hebrew.year_of,
        CalendarSystem.HIJRI: hijri.year_of,
        CalendarSystem.PERSIAN: persian.year_of,
        CalendarSystem.CHINESE: chinese.year_of,
        CalendarSystem.JULIAN: julian.year_of,
    }[rule.system]

    for kept in rule.between(start, start + timedelta(days=400)):
        assert year_of(kept.first) == kept.year


@given(RULES, DAYS, DAYS, DAYS)
def test_ranges_that_meet_hold_every_day_once_in_order(rule: Rule, one: date, two: date, three: date) -> None:
    start, middle, end = sorted((one, two, three))
    whole = list(rule.between(start, end))

    assert list(rule.between(start, middle)) + list(rule.between(middle, end)) == whole
    assert all(start <= kept.first < end for kept in whole)
    assert [kept.year for kept in whole] == sorted({kept.year for kept in whole})
    assert [kept.first for kept in whole] == sorted({kept.first for kept in whole})


@given(RULES)
def test_a_rule_written_and_read_is_the_same(rule: Rule) -> None:
    """But for what is not written with it: the year of a death, and what becomes of a leap day."""
    leap_day = rule.leap_day if isinstance(rule, JulianDay) else LeapDay.FEBRUARY_28
    bare = replace(rule, origin_year=None) if isinstance(rule, HebrewDay) else rule

    assert parse_rule(str(rule), leap_day) == bare
