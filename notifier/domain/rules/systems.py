"""Years of each calendar system: which one a day lies in, and on which day one falls in a year."""

from __future__ import annotations

from datetime import date

from notifier.domain.rules import CalendarSystem, Rule, chinese, hebrew, hijri, julian, persian


def nominal_year(system: CalendarSystem, day: date) -> int:
    """Return the year that a Gregorian day has in a calendar; of the Chinese, the Gregorian one in which it begins.

    Where a calendar's table does not reach, it is reckoned as it would go on.
    """
    match system:
        case CalendarSystem.GREGORIAN:
            return day.year
        case CalendarSystem.JULIAN:
            return julian.year_of(day)
        case CalendarSystem.HEBREW:
            return hebrew.year_of(day)
        case CalendarSystem.HIJRI:
            return hijri.year_of(day)
        case CalendarSystem.PERSIAN:
            return persian.year_of(day)
        case CalendarSystem.CHINESE:
            return chinese.year_of(day)


def day_in_year(rule: Rule, year: int) -> date | None:
    """Return the Gregorian date of a calendar's day in one year, also before its table; None for what is no such day.

    It is that very date, without any custom for years that have no such day.
    """
    match rule:
        case hebrew.HebrewDay(month=name, day=day):
            return hebrew.day_in(year, name, day)
        case hijri.HijriDay(month=month, day=day):
            return hijri.day_in(year, month, day)
        case persian.PersianDay(month=month, day=day):
            return persian.day_in(year, month, day)
        case julian.JulianDay(month=month, day=day):
            return julian.day_in(year, month, day)
    return None
