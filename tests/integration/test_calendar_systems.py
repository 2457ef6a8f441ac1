"""Days of other calendars, asked for in monicahq/monica#7343 (lunar, Hijri and other calendars)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from notifier.domain.errors import ImpossibleDayError
from notifier.domain.rules import Rule, RuleDay, hebrew, hijri, persian, solar
from notifier.domain.rules.chinese import LAST, ChineseDay
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import LeapDay
from notifier.domain.rules.hebrew import HebrewDay
from notifier.domain.rules.hijri import HijriDay
from notifier.domain.rules.julian import JulianDay
from notifier.domain.rules.persian import PersianDay
from notifier.domain.rules.solar import SolarTerm


def in_year(rule: Rule, year: int) -> list[date]:
    return [kept.first for kept in rule.between(date(year, 1, 1), date(year + 1, 1, 1))]


# Known answers


@pytest.mark.parametrize(
    ("year", "day"),
    [(2024, date(2024, 5, 5)), (2025, date(2025, 4, 25)), (2026, date(2026, 4, 14)), (2027, date(2027, 5, 4))],
)
def test_27_nisan_before_it_is_shifted_for_yom_hashoah(year: int, day: date) -> None:
    """In 2024 it is a Sunday and in 2025 a Friday: the observance moves to 6 May and 24 April."""
    assert in_year(HebrewDay("Nisan", 27), year) == [day]


@pytest.mark.parametrize(
    ("year", "day"),
    [(2024, date(2024, 5, 6)), (2025, date(2025, 4, 24)), (2026, date(2026, 4, 14)), (2027, date(2027, 5, 4))],
)
def test_yom_hashoah_keeps_away_from_the_sabbath(year: int, day: date) -> None:
    rule = parse_rule("27 Nisan, if Friday 1 day earlier, if Sunday 1 day later")

    assert in_year(rule, year) == [day]


def test_ashura_of_2016_is_11_october_by_the_table() -> None:
    assert in_year(HijriDay(1, 10), 2016) == [date(2016, 10, 11)]


def test_ashura_falls_twice_in_2042_with_a_year_of_its_own_each_time() -> None:
    """monicahq/monica#7343: a lunar day has no one date in a Gregorian year."""
    found = list(HijriDay(1, 10).between(date(2042, 1, 1), date(2043, 1, 1)))

    assert found == [
        RuleDay(1464, date(2042, 1, 2), date(2042, 1, 2)),
        RuleDay(1465, date(2042, 12, 23), date(2042, 12, 23)),
    ]


@pytest.mark.parametrize(("year", "day"), [(2024, 20), (2025, 21), (2026, 21), (2027, 21), (2028, 20)])
def test_nowruz_is_the_day_of_the_spring_equinox_in_tehran(year: int, day: int) -> None:
    assert in_year(PersianDay(1, 1), year) == [date(year, 3, day)]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (ChineseDay(1, 1), [date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6)]),
        (ChineseDay(8, 15), [date(2025, 10, 6), date(2026, 9, 25), date(2027, 9, 15)]),
        (ChineseDay(7, 15), [date(2025, 9, 6), date(2026, 8, 27), date(2027, 8, 16)]),
    ],
)
def test_known_days_of_the_chinese_calendar(rule: ChineseDay, days: list[date]) -> None:
    assert [in_year(rule, day.year) for day in days] == [[day] for day in days]


def test_qingming_is_on_4_5_or_6_april() -> None:
    assert [in_year(SolarTerm("Qingming"), year) for year in (2024, 2025, 2026, 2027)] == [
        [date(2024, 4, 4)],
        [date(2025, 4, 4)],
        [date(2026, 4, 5)],
        [date(2027, 4, 5)],
    ]


@pytest.mark.parametrize(
    ("year", "day"),
    [(1583, date(1584, 1, 4)), (1750, date(1751, 1, 5)), (1850, date(1851, 1, 6)), (2026, date(2027, 1, 7))],
)
def test_the_julian_calendar_falls_behind_by_a_day_in_most_centuries(year: int, day: date) -> None:
    """10 days from 1582, 11 from 1700, 12 from 1800, 13 from 1900 to 2100."""
    [kept] = JulianDay(12, 25).between(day, day + timedelta(days=1))

    assert kept == RuleDay(year, day, day)


# Days that some years have not


def test_adar_means_the_month_of_purim() -> None:
    """Purim, 14 Adar: 24 March 2024 (Adar II of a leap year), 14 March 2025, 3 March 2026."""
    assert [in_year(HebrewDay("Adar", 14), year) for year in (2024, 2025, 2026)] == [
        [date(2024, 3, 24)],
        [date(2025, 3, 14)],
        [date(2026, 3, 3)],
    ]


def test_a_death_in_adar_of_a_common_year_is_remembered_in_adar_i() -> None:
    # 5783 was a common year, 5784 a leap year.
    assert in_year(HebrewDay("Adar", 14, origin_year=5783), 2024) == [date(2024, 2, 23)]
    assert in_year(HebrewDay("Adar II", 14, origin_year=5782), 2024) == [date(2024, 3, 24)]


@pytest.mark.parametrize(
    ("rule", "new_year"),
    [
        (HijriDay(12, 30), HijriDay(1, 1)),
        (PersianDay(12, 30), PersianDay(1, 1)),
        (ChineseDay(12, 30), ChineseDay(1, 1)),
        (ChineseDay(12, LAST), ChineseDay(1, 1)),
    ],
)
def test_a_30th_is_kept_on_the_29th_of_a_short_month(rule: Rule, new_year: Rule) -> None:
    """So it stays in its month and year: the day before each new year."""
    turns = [kept.first for kept in new_year.between(date(2020, 6, 1), date(2035, 12, 31))]

    assert [kept.first + timedelta(days=1) for kept in rule.between(turns[0] - timedelta(days=1), turns[-1])] == turns


def test_a_day_of_a_leap_month_is_kept_in_the_plain_one_in_years_without_it() -> None:
    # 2025 had a leap sixth month.
    rule = ChineseDay(6, 1, leap=True)

    assert [in_year(rule, year) for year in (2025, 2026)] == [[date(2025, 7, 25)], [date(2026, 7, 14)]]
    assert in_year(ChineseDay(6, 1), 2025) == [date(2025, 6, 25)]


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        (LeapDay.FEBRUARY_28, [date(2027, 3, 13)]),
        (LeapDay.MARCH_1, [date(2027, 3, 14)]),
        (LeapDay.LEAP_YEARS_ONLY, []),
    ],
)
def test_the_julian_leap_day_has_the_same_setting_as_the_gregorian(policy: LeapDay, days: list[date]) -> None:
    assert in_year(JulianDay(2, 29, policy), 2027) == days
    assert in_year(JulianDay(2, 29, policy), 2028) == [date(2028, 3, 13)]
    assert in_year(JulianDay(2, 29, policy), 2100) == [date(2100, 3, 14)], "a leap year of this calendar"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: HebrewDay("Iyar", 30), '"30 Iyar" can never fall: Iyar has 29 days'),
        (lambda: HebrewDay("Adar", 30), '"30 Adar" can never fall: Adar has 29 days'),
        (lambda: HebrewDay("Nisan", 31), '"31 Nisan" can never fall: Nisan has 30 days'),
        (lambda: HijriDay(1, 31), '"31 Muharram" can never fall: Muharram has 30 days'),
        (lambda: PersianDay(7, 31), '"31 Mehr" can never fall: Mehr has 30 days'),
        (lambda: PersianDay(1, 32), '"32 Farvardin" can never fall: Farvardin has 31 days'),
        (lambda: ChineseDay(7, 31), '"31 month 7 Chinese" can never fall: month 7 has 30 days'),
        (lambda: ChineseDay(13, 1), '"1 month 13 Chinese" can never fall: month 13 has 0 days'),
        (lambda: JulianDay(4, 31), '"31 April Julian" can never fall: April has 30 days'),
        (lambda: JulianDay(2, 0), '"0 February Julian" can never fall: February has 29 days'),
    ],
)
def test_a_day_no_year_has_is_refused(make: object, sentence: str) -> None:
    assert callable(make)
    with pytest.raises(ImpossibleDayError, match=f"the rule {sentence}"):
        make()


# Names


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (HebrewDay("Nisan", 27), "27 Nisan"),
        (HebrewDay("Marcheshvan", 30), "30 Heshvan"),
        (HebrewDay("Adar Sheni", 7), "7 Adar II"),
        (HijriDay(1, 10), "10 Muharram"),
        (PersianDay(1, 1), "1 Farvardin"),
        (ChineseDay(7, 15), "15 month 7 Chinese"),
        (ChineseDay(7, 15, leap=True), "15 leap month 7 Chinese"),
        (ChineseDay(12, LAST), "last day of month 12 Chinese"),
        (SolarTerm("Ching Ming"), "Qingming"),
        (JulianDay(1, 7), "7 January Julian"),
    ],
)
def test_a_rule_is_written_with_the_usual_name(rule: Rule, text: str) -> None:
    assert str(rule) == text


def test_other_names_stand_for_usual_ones() -> None:
    for module in (hebrew, hijri, persian):
        assert set(module.ALIASES.values()) <= set(module.MONTHS)
        assert not set(module.ALIASES) & set(module.MONTHS)
    assert (len(hebrew.MONTHS), len(hijri.MONTHS), len(persian.MONTHS), len(solar.TERMS)) == (14, 12, 12, 24)
    with pytest.raises(ValueError, match="Tuesday"):
        SolarTerm("Tuesday")


def test_only_the_hijri_calendar_is_estimated() -> None:
    rules = (HebrewDay("Av", 9), HijriDay(1, 10), PersianDay(1, 1), ChineseDay(1, 1), SolarTerm("Lichun"))

    assert [rule.estimated for rule in (*rules, JulianDay(1, 1))] == [False, True, False, False, False, False]
