"""Recurrence rules (RFC 5545, §3.3.10) as rules of a calendar file: those that come once a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from notifier.catalog.importers.finding import readable, weekday_before
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import MONTHS, ORDINALS, WEEKDAYS, LeapDay

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(T\d{6}Z?)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,3}", re.ASCII)
_KNOWN = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "UNTIL", "COUNT", "WKST"})
_LATEST = 9999


class NoYearlyRuleError(Exception):
    """The recurrence is no day that comes once a year; the message says why, after the recurrence's own place."""


@dataclass(frozen=True, slots=True)
class Yearly:
    """A rule as a calendar file has it, and the last year it is kept in."""

    rule: str
    until: int | None = None


def yearly(recurrence: str, start: date) -> Yearly:
    """Return what an RRULE of an entry that begins on `start` is in a calendar file. Raises NoYearlyRuleError."""
    parts = _parts(recurrence)
    if unknown := sorted(parts.keys() - _KNOWN):
        raise NoYearlyRuleError(f"{unknown[0]} is not understood")
    if parts.get("FREQ") != "YEARLY":
        raise NoYearlyRuleError(f"FREQ={parts.get('FREQ', '')[:20]} does not come once a year; only YEARLY is taken")
    if parts.get("INTERVAL", "1") != "1":
        raise NoYearlyRuleError(f"INTERVAL={parts['INTERVAL'][:20]} does not come every year")
    text = _by_day(parts, start) if "BYDAY" in parts else _fixed(parts, start)
    rule = readable(text)
    if rule is None:
        raise NoYearlyRuleError(f'"{text}" is not a rule of this version')
    day = next(iter(parse_rule(rule, LeapDay.LEAP_YEARS_ONLY).between(start, start + timedelta(days=1))), None)
    if day is None:
        raise NoYearlyRuleError(f"DTSTART ({start}) is not a day of it ({rule}); correct one of them")
    return Yearly(rule, _until(parts, start, rule))


def _parts(recurrence: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in recurrence.strip().upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise NoYearlyRuleError(f'"{part[:40]}" is not of the form NAME=VALUE')
        if name in parts:
            raise NoYearlyRuleError(f"{name[:20]} stands twice")
        parts[name] = value
    return parts


def _fixed(parts: dict[str, str], start: date) -> str:
    if "BYSETPOS" in parts:
        raise NoYearlyRuleError("BYSETPOS without BYDAY is not understood")
    if "BYMONTHDAY" in parts and "BYMONTH" not in parts:
        raise NoYearlyRuleError("BYMONTHDAY without BYMONTH comes every month")
    month = _one(parts, "BYMONTH", start.month, 1, 12)
    day = _one(parts, "BYMONTHDAY", start.day, 1, 31)
    return f"{day} {MONTHS[month - 1]}"


def _by_day(parts: dict[str, str], start: date) -> str:
    match = _BY_DAY.fullmatch(parts["BYDAY"])
    if match is None:
        raise NoYearlyRuleError(f"BYDAY={parts['BYDAY'][:40]} is not one weekday")
    if "BYMONTH" not in parts:
        raise NoYearlyRuleError("BYDAY without BYMONTH counts weeks of the year, which no rule does")
    month, weekday = _one(parts, "BYMONTH", start.month, 1, 12), _DAYS.index(match[2])
    if "BYMONTHDAY" in parts:
        if match[1] or "BYSETPOS" in parts:
            raise NoYearlyRuleError("BYMONTHDAY beside a counted weekday is not understood")
        return _weekday_in(parts["BYMONTHDAY"], month, weekday)
    if match[1] and "BYSETPOS" in parts:
        raise NoYearlyRuleError("BYSETPOS beside a counted weekday is not understood")
    position = int(match[1]) if match[1] else _one(parts, "BYSETPOS", 0, -366, 366)
    if position == 0:
        raise NoYearlyRuleError(f"every {WEEKDAYS[weekday]} of a month comes more than once a year")
    named = {-1: "last", **dict(enumerate(ORDINALS[:5], start=1))}
    if position not in named:
        raise NoYearlyRuleError(f"no rule names the weekday number {position} of a month")
    return f"{named[position]} {WEEKDAYS[weekday]} of {MONTHS[month - 1]}"


def _weekday_in(listed: str, month: int, weekday: int) -> str:
    """Return the rule of a weekday on one of seven dates in a row."""
    days = sorted(_integers(listed, "BYMONTHDAY", 1, 31))
    if days != list(range(days[0], days[0] + 7)):
        raise NoYearlyRuleError("BYMONTHDAY beside BYDAY names other than seven dates in a row")
    if days[0] % 7 == 1 and days[0] < 28:
        return f"{ORDINALS[days[0] // 7]} {WEEKDAYS[weekday]} of {MONTHS[month - 1]}"
    try:
        # A leap year's February has no seven dates in a row after the 22nd; a common one decides.
        return weekday_before(weekday, date(2023, month, days[-1]) + timedelta(days=1))
    except ValueError as error:
        raise NoYearlyRuleError(f"{MONTHS[month - 1]} does not have these days every year") from error


def _one(parts: dict[str, str], name: str, otherwise: int, least: int, most: int) -> int:
    if name not in parts:
        return otherwise
    values = _integers(parts[name], name, least, most)
    if len(values) != 1:
        raise NoYearlyRuleError(f"{name}={parts[name][:40]} comes more than once a year")
    return values[0]


def _integers(listed: str, name: str, least: int, most: int) -> list[int]:
    return list(_each_integer(listed, name, least, most))


def _each_integer(listed: str, name: str, least: int, most: int) -> Iterator[int]:
    for word in listed.split(","):
        if not _INTEGER.fullmatch(word) or not least <= int(word) <= most:
            raise NoYearlyRuleError(f"{name}={listed[:40]} is not understood")
        yield int(word)


def _until(parts: dict[str, str], start: date, rule: str) -> int | None:
    """Return the last year; both bounds are inclusive (§3.3.10)."""
    if "UNTIL" in parts and "COUNT" in parts:
        raise NoYearlyRuleError("UNTIL and COUNT stand together")
    if "COUNT" in parts:
        return _after(parts["COUNT"], start, rule)
    if "UNTIL" not in parts:
        return None
    match = _UNTIL.fullmatch(parts["UNTIL"])
    try:
        last = date(*map(int, match.groups()[:3])) if match else None
    except ValueError:
        last = None
    if last is None:
        raise NoYearlyRuleError(f"UNTIL={parts['UNTIL'][:20]} is not a date")
    days = list(parse_rule(rule, LeapDay.LEAP_YEARS_ONLY).between(start, min(last, date(_LATEST, 12, 30)) + _ONE_DAY))
    if not days:
        raise NoYearlyRuleError("UNTIL lies before its first day")
    return days[-1].year


_ONE_DAY = timedelta(days=1)


def _after(count: str, start: date, rule: str) -> int | None:
    if not _INTEGER.fullmatch(count) or int(count) < 1:
        raise NoYearlyRuleError(f"COUNT={count[:20]} is not understood")
    end = date(min(start.year + 8 * int(count) + 8, _LATEST), 12, 31)
    days = list(parse_rule(rule, LeapDay.LEAP_YEARS_ONLY).between(start, end))
    return days[int(count) - 1].year if len(days) >= int(count) else None
