"""An anniversary's day as the event's own calendar has it: 10 Muharram 1448."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from notifier.content.language import Language
from notifier.domain.occurrences import Occurrence
from notifier.domain.rules import chinese, hebrew, hijri, julian, persian

Say = Callable[[str], str]


def own_date(occurrence: Occurrence, language: Language) -> str | None:
    """Say the day in the calendar of its rule; None for Gregorian ones, and where it is kept on another day.

    So nothing false is said of a year whose month is shorter, nor of one in which the day was moved.
    """
    rule, year, first, say = occurrence.event.rule, occurrence.year, occurrence.first, language.say
    match rule:
        case hijri.HijriDay(month=number, day=day) if hijri.day_in(year, number, day) == first:
            return say("By the Hijri calendar: {date}", date=_date(day, _hijri(say)[number - 1], year, language))
        case hebrew.HebrewDay(month=name, day=day) if hebrew.day_in(year, name, day) == first:
            month = _hebrew(say)[hebrew.MONTHS.index(name)]
            return say("By the Hebrew calendar: {date}", date=_date(day, month, year, language))
        case persian.PersianDay(month=number, day=day) if persian.day_in(year, number, day) == first:
            return say("By the Persian calendar: {date}", date=_date(day, _persian(say)[number - 1], year, language))
        case julian.JulianDay(month=number, day=day) if julian.day_in(year, number, day) == first:
            return _julian(year, number, day, language)
        case chinese.ChineseDay(month=number, day=day, leap=False) if chinese.day_in(year, number, day) == first:
            return say(
                "By the Chinese calendar: day {day} of month {month}",
                day=language.digits(day),
                month=language.digits(number),
            )
    return None


def _date(day: int, month: str, year: int, language: Language) -> str:
    return language.say("{day} {month} {year}", day=language.digits(day), month=month, year=language.digits(year))


def _julian(year: int, month: int, day: int, language: Language) -> str | None:
    try:
        written = date(year, month, day)
    except ValueError:  # 29 February of a year that is a leap year there alone
        return None
    return language.say("By the Julian calendar: {date}", date=language.plain_date(written))


def _hijri(say: Say) -> tuple[str, ...]:
    return (
        say("Muharram"), say("Safar"), say("Rabi al-Awwal"), say("Rabi al-Thani"), say("Jumada al-Awwal"),
        say("Jumada al-Thani"), say("Rajab"), say("Shaban"), say("Ramadan"), say("Shawwal"), say("Dhu al-Qada"),
        say("Dhu al-Hijja"),
    )  # fmt: skip


def _hebrew(say: Say) -> tuple[str, ...]:
    return (
        say("Nisan"), say("Iyar"), say("Sivan"), say("Tammuz"), say("Av"), say("Elul"), say("Tishrei"), say("Heshvan"),
        say("Kislev"), say("Tevet"), say("Shevat"), say("Adar"), say("Adar I"), say("Adar II"),
    )  # fmt: skip


def _persian(say: Say) -> tuple[str, ...]:
    return (
        say("Farvardin"), say("Ordibehesht"), say("Khordad"), say("Tir"), say("Mordad"), say("Shahrivar"), say("Mehr"),
        say("Aban"), say("Azar"), say("Dey"), say("Bahman"), say("Esfand"),
    )  # fmt: skip
