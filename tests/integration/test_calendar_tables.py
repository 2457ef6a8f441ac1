"""Two centuries of each calendar against another reckoning of it (monicahq/monica#7343: lunar, Hijri and others)."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from notifier.domain.occurrences import occurrences_between
from notifier.domain.rules import Rule, chinese, hebrew, hijri, persian, solar
from notifier.domain.rules.chinese import ChineseDay
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.rules.hebrew import HebrewDay
from notifier.domain.rules.hijri import HijriDay
from notifier.domain.rules.julian import JulianDay
from notifier.domain.rules.persian import PersianDay
from notifier.domain.rules.solar import SolarTerm
from tests.factories import make_event

GOLDEN = Path(__file__).parents[1] / "golden"
BEGIN, END = date(1900, 1, 1), date(2101, 1, 1)

HEBCAL_NAMES = {"Sh'vat": "Shevat", "Iyyar": "Iyar", "Tamuz": "Tammuz", "Cheshvan": "Heshvan"}
HEBCAL_LINE = re.compile(r"(?P<day>\S+) 1st of (?P<month>.+), (?P<year>\d+)")

# Where the new moon is within minutes of midnight. The rules say what the Hong Kong Observatory's tables say.
NEW_MOONS_AT_MIDNIGHT = {date(1906, 4, 23): date(1906, 4, 24), date(2097, 8, 8): date(2097, 8, 7)}


# Hebrew, by hebcal


def test_every_hebrew_month_from_1900_to_2100_begins_when_hebcal_says() -> None:
    lines = (GOLDEN / "hebrew" / "months.txt").read_text().splitlines()
    told = [match for line in lines if (match := HEBCAL_LINE.fullmatch(line))]

    assert len(told) == len(lines) == 2486
    for line in told:
        month = HEBCAL_NAMES.get(line["month"], line["month"])
        day = date.fromisoformat(line["day"])
        assert hebrew.day_in(int(line["year"]), month, 1) == day, line[0]
        assert hebrew.year_of(day) == int(line["year"]), line[0]


def deaths() -> list[str]:
    return (GOLDEN / "hebrew" / "deaths.txt").read_text().splitlines()


@pytest.mark.parametrize("death", deaths())
def test_a_yahrzeit_is_kept_when_hebcal_says(death: str) -> None:
    month, day, year, described = death.split(" ", 3)
    died = date(int(year), int(month), int(day))
    hebrew_day, hebrew_month = described.split(" ", 1)
    hebrew_month, origin_year = hebrew_month.rsplit(" ", 1)
    told = [
        date.fromisoformat(line[:10])
        for line in (GOLDEN / "hebrew" / "yahrzeits.txt").read_text().splitlines()
        if line[11:] == described
    ]
    begin = max(BEGIN, died + timedelta(days=1))
    rule = HebrewDay(hebrew_month, int(hebrew_day), int(origin_year))

    assert hebrew.day_in(int(origin_year), hebrew_month, int(hebrew_day)) == died
    assert [kept.first for kept in rule.between(begin, END)] == sorted(day for day in told if day >= begin)


# Hijri, by another table, and from its first day to its last


def test_every_hijri_month_from_1356_begins_when_van_gents_table_says() -> None:
    with (GOLDEN / "hijri" / "months.csv").open() as lines:
        rows = [(int(row["year"]), int(row["month"]), row["first_day"]) for row in csv.DictReader(lines)]
    others = {}
    for year, month, told in rows:
        found = hijri.day_in(year, month, 1)
        assert found is not None
        if found.isoformat() != told:
            others[year, month] = (found - date.fromisoformat(told)).days

    assert len(rows) == (1500 - 1355) * 12
    assert others == {(1427, 6): 1, (1446, 6): -1, (1485, 10): -1}


def test_every_day_of_the_umm_al_qura_table_is_kept_once() -> None:
    day = hijri.TABLE_BEGINS
    for year in range(hijri.FIRST_YEAR, hijri.LAST_YEAR + 1):
        for month in range(1, 13):
            for number in range(1, 32):
                if (found := hijri.day_in(year, month, number)) is not None:
                    assert found == day
                    day += timedelta(days=1)
            assert hijri.year_of(day - timedelta(days=1)) == year
    assert day == hijri.TABLE_ENDS


def test_the_tabular_calendar_is_never_more_than_two_days_from_the_table() -> None:
    """It serves beyond the table, for origins: 1 Muharram by each, where both are known."""
    from convertdate import islamic

    for year in range(hijri.FIRST_YEAR, hijri.LAST_YEAR + 1):
        [kept] = [kept.first for kept in HijriDay(1, 1).between(date(1924, 1, 1), END) if kept.year == year]
        assert abs(kept - date(*islamic.to_gregorian(year, 1, 1))) <= timedelta(days=2)


# Persian, by persiantools (which reckons by the breaks of a 33-year cycle, not by the sun)


def test_every_persian_month_from_1900_to_2100_begins_when_persiantools_says() -> None:
    from persiantools.jdatetime import JalaliDate

    for month in range(1, 13):
        for kept in PersianDay(month, 1).between(BEGIN, END):
            told = JalaliDate(kept.year, month, 1)  # type: ignore[no-untyped-call] # it has types elsewhere
            assert kept.first == told.to_gregorian()
            assert persian.year_of(kept.first) == kept.year


# Chinese, by Astronomy Engine and as published


def test_every_chinese_month_from_1901_to_2100_begins_when_astronomy_says() -> None:
    with (GOLDEN / "chinese" / "months.csv").open() as lines:
        rows = [(date.fromisoformat(row.pop("first_day")), row) for row in csv.DictReader(lines)]

    assert len(rows) == 2473
    for day, row in rows:
        found = chinese.day_in(int(row["year"]), int(row["month"]), 1, leap=row["leap"] == "1")
        assert found == NEW_MOONS_AT_MIDNIGHT.get(day, day)
        assert found is not None
        assert chinese.year_of(found) == int(row["year"])


def test_every_solar_term_from_1901_to_2100_is_on_the_day_astronomy_says() -> None:
    with (GOLDEN / "chinese" / "terms.csv").open() as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == 200
    for row in rows:
        year = int(row.pop("year"))
        told = [date.fromisoformat(f"{year}-{day}") for day in row.values()]
        found = [kept.first for term in solar.TERMS for kept in SolarTerm(term).between(*whole(year))]
        assert found == told


def test_new_years_and_qingming_are_as_published() -> None:
    rules: dict[str, Rule] = {"Qingming": SolarTerm("Qingming"), str(ChineseDay(1, 1)): ChineseDay(1, 1)}
    with (GOLDEN / "chinese" / "published.csv").open() as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == 229
    for row in rows:
        day = date.fromisoformat(row["day"])
        assert [kept.first for kept in rules[row["what"]].between(*whole(day.year))] == [day]
        assert row["what"] != "Qingming" or (day.month == 4 and day.day in {4, 5, 6})


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        (ChineseDay(6, 1), date(1933, 7, 23)),
        (ChineseDay(1, 1), date(1954, 2, 3)),
        (ChineseDay(8, 1), date(1978, 9, 3)),
        (ChineseDay(1, 1), date(1985, 2, 20)),
        (ChineseDay(5, 1), date(2013, 6, 8)),
        (ChineseDay(11, 1, leap=True), date(2033, 12, 22)),
        (ChineseDay(9, 1), date(2057, 9, 29)),
    ],
)
def test_days_on_which_tables_and_libraries_are_known_to_differ(rule: ChineseDay, day: date) -> None:
    """All but the last as the Hong Kong Observatory prints them; it has 28 September 2057, and says it may be off."""
    assert [kept.first for kept in rule.between(*whole(day.year))] == [day]


# Julian, by the offset of each century


def test_the_julian_calendar_is_as_many_days_behind_as_centuries_passed() -> None:
    for rule in (JulianDay(1, 7), JulianDay(10, 25), JulianDay(2, 28)):
        for kept in rule.between(date(1583, 1, 1), date(2400, 1, 1)):
            century, turned = divmod(kept.year, 100)
            # From 29 February of a Gregorian common century year on, there is one day more.
            passed = century - (turned == 0 and rule.month <= 2)
            behind = passed - passed // 4 - 2
            assert kept.first == date(kept.year, rule.month, rule.day) + timedelta(days=behind)


def whole(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)


# Speed, and what is imported

SYSTEMS: dict[str, Callable[[int], Rule]] = {
    "hebrew": lambda n: HebrewDay(hebrew.MONTHS[n % 14], n // 14 % 29 + 1),
    "yahrzeits": lambda n: HebrewDay(("Heshvan", "Kislev", "Adar I", "Adar")[n % 4], 29 + (n % 4 < 3), 5600 + n % 150),
    "hijri": lambda n: HijriDay(n % 12 + 1, n // 12 % 30 + 1),
    "persian": lambda n: PersianDay(n % 12 + 1, n // 12 % 30 + 1),
    "chinese": lambda n: ChineseDay(n % 12 + 1, n // 12 % 30 + 1, leap=n % 7 == 0),
    "solar": lambda n: SolarTerm(solar.TERMS[n % 24]),
    "julian": lambda n: JulianDay(n % 12 + 1, n // 12 % 28 + 1),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_thousand_days_of_a_calendar_over_ten_years_take_two_seconds_at_most(system: str) -> None:
    # Years no other test has asked for, so that nothing is in a cache.
    rules = [SYSTEMS[system](n) for n in range(1000)]
    begun = time.process_time()

    kept = sum(1 for rule in rules for _ in rule.between(date(2061, 1, 1), date(2071, 1, 1)))

    assert time.process_time() - begun <= 2
    assert kept >= 9900


def test_ten_thousand_gregorian_events_over_ten_years_take_a_second_at_most() -> None:
    events = [make_event(f"day-{n}", rule=FixedDay(n % 12 + 1, n % 28 + 1), origin=None) for n in range(10_000)]
    begun = time.process_time()

    kept = occurrences_between(events, date(2026, 1, 1), date(2036, 1, 1))

    assert time.process_time() - begun <= 1
    assert len(kept) == 100_000


def test_a_gregorian_calendar_imports_none_of_the_calendar_libraries() -> None:
    program = (
        "import sys; from datetime import date; from notifier.domain.rules.grammar import parse_rule;"
        "list(parse_rule('20 January').between(date(2027, 1, 1), date(2028, 1, 1)));"
        "print(sorted({'pyluach', 'hijridate', 'convertdate', 'pymeeus', 'lunar_python'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout == "[]\n"
