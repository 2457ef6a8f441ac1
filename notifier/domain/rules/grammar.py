"""Reading rules as they are written in a calendar file.

Forms known to this version: `20 January`. Any other form is refused by name, never guessed at.
"""

from __future__ import annotations

import re

from notifier.domain.errors import UnknownRuleError
from notifier.domain.rules import Rule
from notifier.domain.rules.gregorian import MONTHS, FixedDay, LeapDay

KNOWN_FORMS = "20 January"

_FIXED_DAY = re.compile(r"(?P<day>[1-9]\d?) (?P<month>[A-Z][a-z]+)", re.ASCII)


def parse_rule(text: str, leap_day: LeapDay = LeapDay.FEBRUARY_28) -> Rule:
    """Return the rule that `text` writes.

    Raises UnknownRuleError for a form this version does not know, and ImpossibleDayError for a day no year has.
    """
    match = _FIXED_DAY.fullmatch(text)
    if match is None or match["month"] not in MONTHS:
        raise UnknownRuleError(rule=text, known=KNOWN_FORMS)
    return FixedDay(MONTHS.index(match["month"]) + 1, int(match["day"]), leap_day)
