"""Reading when something happened: EDTF of levels 0 and 1, and years and days of other calendars."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from notifier.domain.errors import ImpossibleDayError, ImpossibleOriginError, UnreadableOriginError
from notifier.domain.origins import Origin
from notifier.domain.rules import CalendarSystem, Rule

ERAS = {
    "AH": CalendarSystem.HIJRI,
    "AM": CalendarSystem.HEBREW,
    "AP": CalendarSystem.PERSIAN,
    "SH": CalendarSystem.PERSIAN,
    "Julian": CalendarSystem.JULIAN,
}
"""What stands behind the year of another calendar: Anno Hegirae, Anno Mundi, Anno Persico or solar Hijri, Old Style."""

_EDTF = re.compile(
    r"(?P<sign>-?)(?P<year>\d{4}|\d{3}X|\d\dXX)(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?(?P<doubt>[?~%]?)",
    re.ASCII,
)
_OWN = re.compile(rf"(?:(?P<when>\S.*) )?(?P<year>[1-9]\d{{0,3}}) (?P<era>{'|'.join(ERAS)})", re.ASCII)
_DAY = re.compile(r"(?:(?P<day>[1-9]\d?) )?(?P<month>\S.*)", re.ASCII)
_SAME_YEARS = 400
"""After so many years the Gregorian calendar repeats; what has no date is looked at so much later."""


def parse_origin(text: str) -> Origin:
    """Read when something happened.

    `1990-01-20`, `1990-01`, `1990`; `193X`, `19XX`, `1990-XX`; each with `?`, `~` or `%` behind it; `-0043` (44 BC);
    two of these with `/` between; `61 AH`, `Muharram 61 AH`, `10 Muharram 61 AH`. Raises UnreadableOriginError for any
    other form, and ImpossibleOriginError for a day that there is not.
    """
    if own := _OWN.fullmatch(text):
        return _in_own_calendar(text, own)
    first, *rest = (_edtf(text, part) for part in text.split("/"))
    if not rest:
        return first
    if len(rest) > 1 or _key(rest[0]) < _key(first):
        raise UnreadableOriginError(origin=text, hint="")
    return replace(first, last=rest[0], written=text)


def _key(origin: Origin) -> tuple[int, int, int]:
    return origin.year + origin.years, origin.month or 13, origin.day or 32


def _edtf(whole: str, text: str) -> Origin:
    match = _EDTF.fullmatch(text)
    if match is None or match["year"] == "0000":
        raise UnreadableOriginError(origin=whole, hint="")
    unknown = match["year"].count("X")
    year = int(f"{match['sign']}{match['year'].replace('X', '0')}")
    month, day = (None if part in {None, "XX"} else int(part) for part in (match["month"], match["day"]))
    if (unknown and (match["sign"] or match["month"])) or (month is None and day is not None):
        raise UnreadableOriginError(origin=whole, hint="")
    try:
        date(year if year > 0 else year % _SAME_YEARS + _SAME_YEARS, month or 1, day or 1)
    except ValueError as error:
        raise ImpossibleOriginError(origin=whole) from error
    origin = Origin(year, month, day, 10**unknown, certain=not match["doubt"])
    return origin if str(origin) == text else replace(origin, written=text)


def _in_own_calendar(text: str, match: re.Match[str]) -> Origin:
    system = ERAS[match["era"]]
    kept = None if match["when"] is None else _own_day(text, match["when"], system)
    return Origin(int(match["year"]), system=system, kept=kept, written=text)


def _own_day(text: str, when: str, system: CalendarSystem) -> Rule | None:
    """Return the rule of a day such as `10 Muharram`; None where a month stands alone, which is looked at as well."""
    from notifier.domain.rules.gregorian import MONTHS
    from notifier.domain.rules.julian import JulianDay
    from notifier.domain.rules.names import months

    match = _DAY.fullmatch(when)
    month, number = ("", 1) if match is None else (match["month"], int(match["day"] or 1))
    try:
        if system is CalendarSystem.JULIAN:
            rule: Rule | None = JulianDay(MONTHS.index(month) + 1, number) if month in MONTHS else None
        else:
            rule = months()[month](number) if month in months() else None
    except ImpossibleDayError as error:
        raise ImpossibleOriginError(origin=text) from error
    if rule is None or rule.system is not system:
        raise UnreadableOriginError(origin=text, hint=f'; "{when}" is no day of that calendar')
    return rule if match is not None and match["day"] else None
