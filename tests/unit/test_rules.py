"""Rules of every form: what they are read from, which days they give, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifier.domain.errors import (
    ImpossibleDayError,
    ImpossibleWeekdayError,
    LongSpanError,
    RuleError,
    UnknownRuleError,
)
from notifier.domain.rules import CalendarSystem, Rule
from notifier.domain.rules.chinese import ChineseDay
from notifier.domain.rules.easter import EasterDay
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import MONTHS, ORDINALS, WEEKDAYS, FixedDay, LeapDay, NthWeekday
from notifier.domain.rules.names import months, named_days
from notifier.domain.rules.relative import DaysBeside, EventDay
from tests.factories import ROOT

YEARS = st.integers(1925, 2076)
"""As far as every table reaches."""


def days(rule: Rule | str, first: int, last: int | None = None) -> list[date]:
    """Return the first days that a rule has in some Gregorian years, both inclusive."""
    rule = parse_rule(rule) if isinstance(rule, str) else rule
    return [day.first for day in rule.between(date(first, 1, 1), date((last or first) + 1, 1, 1))]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # the year's answers that are published
        ("fourth Sunday before 25 December", ["2026-11-29"]),  # first Sunday of Advent
        ("sixth Sunday before 25 December", ["2026-11-15"]),  # Volkstrauertag
        ("fifth Sunday before 25 December", ["2026-11-22"]),  # Totensonntag
        ("second Sunday of November", ["2026-11-08"]),  # Remembrance Sunday
        ("third Sunday of November", ["2026-11-15"]),  # road victims
        ("fourth Saturday of November", ["2026-11-28"]),  # Holodomor
        ("last Monday of May", ["2026-05-25"]),  # Memorial Day
        ("Orthodox Easter + 9 days", ["2026-04-21"]),  # Radonitsa, a Tuesday
        ("Easter - 2 days", ["2026-04-03"]),  # Good Friday
        ("27 Nisan, if Friday 1 day earlier, if Sunday 1 day later", ["2026-04-14"]),  # Yom HaShoah
        ("Qingming", ["2026-04-05"]),
        # every relation to a day
        ("Sunday before 25 December", ["2026-12-20"]),
        ("Friday before 25 December", ["2026-12-18"]),
        ("Friday on or before 25 December", ["2026-12-25"]),
        ("Friday after 18 December", ["2026-12-25"]),
        ("Friday on or after 25 December", ["2026-12-25"]),
        ("second Monday after Easter", ["2026-04-13"]),
        ("7 days before 25 December", ["2026-12-18"]),
        ("2 weeks after Easter", ["2026-04-19"]),
        ("7 January + 1 week", ["2026-01-14"]),
        ("3 days before Sunday before 25 December", ["2026-12-17"]),
    ],
)
def test_the_days_of_2026(rule: str, expected: list[str]) -> None:
    assert [str(day) for day in days(rule, 2026)] == expected


def test_yom_hashoah_is_moved_by_the_weekday_it_would_fall_on() -> None:
    """27 Nisan was a Sunday in 2024 and a Friday in 2025; it is a Tuesday in 2026 and 2027."""
    rule = "27 Nisan, if Friday 1 day earlier, if Sunday 1 day later"

    assert list(map(str, days(rule, 2024, 2027))) == ["2024-05-06", "2025-04-24", "2026-04-14", "2027-05-04"]


def test_a_move_is_tested_on_the_day_before_it_is_moved() -> None:
    """Moved from Sunday to Monday, it is not moved on from there."""
    assert days("20 January, if Sunday 1 day later, if Monday 1 day later", 2030) == [date(2030, 1, 21)]


def test_a_day_told_by_another_has_its_year() -> None:
    """A week before 1 January 2028 belongs to 2028, so that each year has one."""
    found = list(parse_rule("7 days before 1 January").between(date(2027, 1, 1), date(2028, 1, 1)))

    assert found == [(2028, date(2027, 12, 25), date(2027, 12, 25))]


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        ("8 May to 9 May", "2026-05-08", "2026-05-09"),
        ("30 December to 2 January", "2026-12-30", "2027-01-02"),
        ("3 days from 10 Muharram", "2026-06-25", "2026-06-27"),
        ("Easter - 2 days to Easter", "2026-04-03", "2026-04-05"),
        ("8 May to 9 May, if Friday 1 day earlier", "2026-05-07", "2026-05-08"),
    ],
)
def test_spans_last_from_their_first_day_to_their_last(rule: str, first: str, last: str) -> None:
    [found] = parse_rule(rule).between(date(2026, 1, 2), date(2027, 1, 1))

    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize("rule", ["9 May to 8 May", "1 January to 2 March", "61 days from 1 May"])
def test_a_span_longer_than_any_observance_is_refused(rule: str) -> None:
    with pytest.raises(LongSpanError, match="60 are the most"):
        parse_rule(rule)


def test_what_stands_before_a_span_counts_from_its_first_day_and_what_follows_from_its_last() -> None:
    span = parse_rule("8 May to 9 May")

    assert days(DaysBeside(span, -1), 2026) == [date(2026, 5, 7)]
    assert days(DaysBeside(span, 1), 2026) == [date(2026, 5, 10)]


def test_a_month_without_a_fifth_one_is_left_out() -> None:
    assert days("fifth Sunday of May", 2026, 2028) == [date(2026, 5, 31), date(2027, 5, 30)]


def test_the_leap_day_policy_holds_wherever_the_29th_stands() -> None:
    """Asked for in nextcloud/contacts#2102 and BirthdayBot#192."""
    rule = parse_rule("1 day after 29 February", LeapDay.MARCH_1)

    assert days(rule, 2027, 2028) == [date(2027, 3, 2), date(2028, 3, 1)]


def test_old_style_is_thirteen_days_behind() -> None:
    assert days("25 October Julian", 2026) == [date(2026, 11, 7)]


def test_ashura_falls_twice_in_2042_in_two_years_of_its_own() -> None:
    found = list(parse_rule("10 Muharram").between(date(2042, 1, 1), date(2043, 1, 1)))

    assert [(day.year, str(day.first)) for day in found] == [(1464, "2042-01-02"), (1465, "2042-12-23")]


def test_an_event_whose_days_are_not_known_yet_has_none() -> None:
    assert days("7 days before event:yom-hashoah", 2026) == []


@pytest.mark.parametrize(
    ("rule", "system"),
    [
        ("Easter", CalendarSystem.GREGORIAN),
        ("Qingming", CalendarSystem.GREGORIAN),
        ("7 January Julian", CalendarSystem.JULIAN),
        ("Sunday before 27 Nisan", CalendarSystem.HEBREW),
        ("2 days from 10 Muharram at 08:00", CalendarSystem.HIJRI),
        ("1 Farvardin", CalendarSystem.PERSIAN),
        ("15 leap month 7 Chinese to 16 month 7 Chinese", CalendarSystem.CHINESE),
    ],
)
def test_a_rule_counts_the_years_of_the_day_it_is_told_by(rule: str, system: CalendarSystem) -> None:
    assert parse_rule(rule).system is system
    assert parse_rule(rule).estimated is (system is CalendarSystem.HIJRI)


# --- what is refused, and where --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "at", "sentence"),
    [
        ("", 0, "to its end; expected a day; rules are written like 20 January, second Sunday of November"),
        ("20 Brumaire", 3, 'from "Brumaire" on; expected a month'),
        ("20 january", 3, 'from "january" on; expected a month; did you mean "January"?'),
        ("27 Nisann", 3, 'from "Nisann" on; expected a month; did you mean "Nisan"?'),
        ("January 20", 0, "expected a day: it stands before the month, as in 20 January"),
        ("020 January", 0, "expected a day of a month"),
        ("32 January", 0, "expected a day of a month"),
        ("20 January 1990", 11, 'from "1990" on; expected nothing more'),
        ("secnd Sunday of May", 0, 'expected a day; did you mean "second"?'),
        ("second Sunady of May", 7, 'expected a weekday such as Sunday; did you mean "Sunday"?'),
        ("second Sunday off May", 14, "expected of, before, after, on or before, or on or after"),
        ("second Sunday of Nisan", 17, "expected a month such as November"),
        ("Sunday of May", 7, "expected before, after, or on or after"),
        ("last Sunday before 25 December", 12, "expected of and a month"),
        ("Eastr - 2 days", 0, 'expected a day; did you mean "Easter"?'),
        ("Easter - two days", 9, 'from "two days" on; expected a number of days'),
        ("Easter - 2", 10, "to its end; expected days or weeks"),
        ("Easter - 500 days", 9, "expected a number of days, at most 400"),
        ("Easter - 100 weeks", 9, "expected a number of days, at most 400"),
        ("7 days befor Easter", 7, 'from "befor Easter" on; expected before or after; did you mean "before"?'),
        ("7 days before 3 days from 10 Muharram", 21, 'from "from 10 Muharram" on; expected before or after'),
        ("3 days from 3 days from 8 May", 19, 'from "from 8 May" on; expected before or after'),
        ("27 Nisan, wenn Friday 1 day earlier", 10, "expected if and a weekday"),
        ("27 Nisan, if Friday 1 day sooner", 26, "expected earlier or later"),
        ("27 Nisan, if Friday 1 day later, if Friday 2 days later", 36, "this one is moved already"),
        ("15 month 13 Chinese", 9, "expected a month from 1 to 12"),
        ("15 month 7", 10, "to its end; expected Chinese"),
        ("6 August at 8:15", 12, "expected a time of day such as 08:15"),
        ("6 August at 25:00", 12, "expected a time of day such as 08:15"),
        ("event:", 0, "expected an event's id behind event:"),
        ("8 May to", 8, "to its end; expected a day"),
        ("8 May; 9 May", 5, 'from "; 9 May" on; expected nothing more'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(rule: str, at: int, sentence: str) -> None:
    with pytest.raises(UnknownRuleError) as refused:
        parse_rule(rule)

    assert refused.value.at == at
    assert str(refused.value).startswith(f'the rule "{rule}" cannot be read ')
    assert sentence in str(refused.value)


@pytest.mark.parametrize("rule", ["30 February", "31 April", "30 Iyar", "31 Muharram", "31 April Julian"])
def test_a_day_no_year_has_is_refused(rule: str) -> None:
    with pytest.raises(ImpossibleDayError, match="can never fall"):
        parse_rule(rule)


def test_a_sixth_sunday_of_a_month_is_refused() -> None:
    with pytest.raises(ImpossibleWeekdayError, match='"sixth Sunday of May" can never fall'):
        parse_rule("sixth Sunday of May")


# --- any rule ----------------------------------------------------------------------------------------------------

_weekday = st.sampled_from(WEEKDAYS)
_number = st.integers(1, 400).map(lambda n: "1 day" if n == 1 else f"{n} days")
_simple = st.one_of(
    st.builds("{} {}".format, st.integers(1, 28), st.sampled_from(MONTHS)),
    st.builds("{} {} Julian".format, st.integers(1, 28), st.sampled_from(MONTHS)),
    st.builds("{} {}".format, st.integers(1, 29), st.sampled_from(sorted(months()))),
    st.builds("{} {}month {} Chinese".format, st.integers(1, 30), st.sampled_from(["", "leap "]), st.integers(1, 12)),
    st.builds("last day of month {} Chinese".format, st.integers(1, 12)),
    st.sampled_from(sorted(named_days())),
    st.builds("{} {} of {}".format, st.sampled_from([*ORDINALS[:5], "last"]), _weekday, st.sampled_from(MONTHS)),
)
_sides = st.sampled_from(["before", "after", "on or before", "on or after"])
_day = st.one_of(
    _simple,
    st.builds("{} {} {}".format, _number, st.sampled_from(["before", "after"]), _simple),
    st.builds("{} {} {}".format, _weekday, _sides, _simple),
    st.builds("{} {} {} {}".format, st.sampled_from(ORDINALS), _weekday, _sides, _simple),
    st.builds("{} {} {}".format, st.sampled_from(["Easter", "Orthodox Easter"]), st.sampled_from("+-"), _number),
)
_told = st.one_of(
    _day,
    st.builds("{} {} {}".format, _number, st.sampled_from(["before", "after"]), _day),
    st.builds("{} {} {}".format, _weekday, _sides, _day),
)
_span = st.one_of(
    _told, st.builds("{} to {}".format, _told, _day), st.builds("{} days from {}".format, st.integers(2, 60), _told)
)
_moves = st.lists(_weekday, max_size=3, unique=True).map(
    lambda some: "".join(
        f", if {weekday} {number} day{'s' if number > 1 else ''} later" for number, weekday in enumerate(some, 1)
    )
)
_at = st.sampled_from(["", " at 08:15", " at 23:59"])
ANY = st.builds("{}{}{}".format, _span, _moves, _at)

MANY = settings(max_examples=60, deadline=None)
"""A rule has many forms."""


def parsed(text: str) -> Rule | None:
    """Return the rule; None for what is well written and can never fall, such as a span written backwards."""
    try:
        return parse_rule(text)
    except UnknownRuleError:
        raise
    except RuleError:
        return None


@MANY
@given(ANY)
@example("Sunday on or after 5 leap month 4 Chinese to last day of month 4 Chinese, if Friday 1 day later at 08:15")
def test_any_rule_renders_to_text_and_is_read_back_the_same(text: str) -> None:
    rule = parsed(text)

    if rule is not None:
        assert parse_rule(str(rule)) == rule
        assert str(parse_rule(str(rule))) == str(rule)


@MANY
@given(ANY, YEARS, st.integers(0, 365), st.integers(0, 800))
def test_any_rules_days_lie_in_the_range_asked_for_in_order_and_once(
    text: str, year: int, ahead: int, length: int
) -> None:
    rule = parsed(text)
    if rule is None:
        return
    start = date(year, 1, 1) + timedelta(ahead)
    middle, end = start + timedelta(length // 2), start + timedelta(length)

    found = list(rule.between(start, end))

    assert all(start <= day.first < end and day.first <= day.last for day in found)
    assert found == sorted(set(found), key=lambda day: day.first)
    assert len({day.year for day in found}) == len(found)
    assert found == [*rule.between(start, middle), *rule.between(middle, end)]


@MANY
@given(st.one_of(_simple, _day), st.sampled_from([date.min, date(1, 2, 3), date(9998, 5, 5), date(9999, 12, 1)]))
def test_no_rule_fails_at_the_ends_of_time(text: str, start: date) -> None:
    end = date.max if start.year > 9000 else date(3, 1, 1)

    for day in parse_rule(text).between(start, end):
        assert start <= day.first < end


@MANY
@given(ANY)
def test_only_the_days_of_a_rule_are_kept_in_its_own_year(text: str) -> None:
    """In each year of its own calendar there is one at most."""
    rule = parsed(text)
    if rule is not None:
        years = [day.year for day in rule.between(date(2015, 1, 1), date(2035, 1, 1))]
        assert len(years) == len(set(years))


# --- Easter ------------------------------------------------------------------------------------------------------


def test_orthodox_easter_is_where_it_was_announced() -> None:
    expected = ["2024-05-05", "2025-04-20", "2026-04-12", "2027-05-02"]

    assert list(map(str, days(EasterDay(orthodox=True), 2024, 2027))) == expected


def test_both_easters_agree_with_the_table_for_1900_to_2100() -> None:
    """The table is ncal's; `tests/golden/easter/README.md` says how it was made."""
    table = (ROOT / "tests" / "golden" / "easter" / "days.csv").read_text(encoding="ascii").split()

    western, orthodox = days(EasterDay(), 1900, 2100), days(EasterDay(orthodox=True), 1900, 2100)

    told = [f"{one.year},{one:%m-%d},{other:%m-%d}" for one, other in zip(western, orthodox, strict=True)]
    assert told == table


def test_easter_is_told_from_1583_to_4099() -> None:
    assert days("Easter", 1582) == []
    assert days("Easter", 1583) == [date(1583, 4, 10)]
    assert days("Orthodox Easter", 4100) == []
    assert EasterDay().table_ends == date(4100, 1, 1)


def test_equal_rules_are_equal_values() -> None:
    assert parse_rule("second Sunday of November") == NthWeekday(2, 6, 11)
    assert parse_rule("event:a") == EventDay("a")
    assert parse_rule("15 leap month 7 Chinese") == ChineseDay(7, 15, leap=True)
    assert parse_rule("29 February", LeapDay.MARCH_1) == FixedDay(2, 29, LeapDay.MARCH_1)
