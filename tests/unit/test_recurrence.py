"""Recurrence rules of calendars, as rules of a calendar file."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.catalog.importers.recurrence import NoYearlyRuleError, yearly
from notifier.catalog.importers.spans import lasting


@pytest.mark.parametrize(
    ("recurrence", "start", "rule", "until"),
    [
        ("FREQ=YEARLY", date(1990, 1, 20), "20 January", None),
        ("FREQ=YEARLY;INTERVAL=1;WKST=SU", date(1990, 1, 20), "20 January", None),
        ("freq=yearly;bymonth=1;bymonthday=20", date(1990, 1, 20), "20 January", None),
        ("FREQ=YEARLY", date(2024, 2, 29), "29 February", None),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=2SU", date(2026, 11, 8), "second Sunday of November", None),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=SU;BYSETPOS=2", date(2026, 11, 8), "second Sunday of November", None),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", date(2026, 5, 25), "last Monday of May", None),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=TH;BYMONTHDAY=22,23,24,25,26,27,28", date(2026, 11, 26),
         "fourth Thursday of November", None),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", date(2026, 11, 3),
         "Tuesday before 9 November", None),
        ("FREQ=YEARLY;UNTIL=20301231", date(1990, 1, 20), "20 January", 2030),
        ("FREQ=YEARLY;UNTIL=20300119", date(1990, 1, 20), "20 January", 2029),
        ("FREQ=YEARLY;UNTIL=20300120T000000Z", date(1990, 1, 20), "20 January", 2030),
        ("FREQ=YEARLY;COUNT=3", date(1990, 1, 20), "20 January", 1992),
        ("FREQ=YEARLY;COUNT=2", date(2024, 2, 29), "29 February", 2028),
    ],
)  # fmt: skip
def test_what_comes_once_a_year_is_a_rule(recurrence: str, start: date, rule: str, until: int | None) -> None:
    found = yearly(recurrence, start)

    assert (found.rule, found.until) == (rule, until)


@pytest.mark.parametrize(
    ("recurrence", "reason"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY does not come once a year"),
        ("FREQ=MONTHLY;INTERVAL=12", "FREQ=MONTHLY does not come once a year"),
        ("FREQ=YEARLY;INTERVAL=2", "INTERVAL=2 does not come every year"),
        # RFC 5545, §3.3.10: without BYMONTH it is expanded over all months.
        ("FREQ=YEARLY;BYMONTHDAY=20", "BYMONTHDAY without BYMONTH comes every month"),
        ("FREQ=YEARLY;BYDAY=20MO", "BYDAY without BYMONTH counts weeks of the year"),
        ("FREQ=YEARLY;BYMONTH=1,7", "BYMONTH=1,7 comes more than once a year"),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=SA", "every Saturday of a month"),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=-2SA", "no rule names the weekday number -2"),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=SA,SU", "is not one weekday"),
        ("FREQ=YEARLY;BYEASTER=0", "BYEASTER is not understood"),
        ("FREQ=YEARLY;BYHOUR=9", "BYHOUR is not understood"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", '"30 February" is not a rule'),
        ("FREQ=YEARLY;BYMONTH=3", "DTSTART (1990-01-20) is not a day of it (20 March)"),
        ("FREQ=YEARLY;UNTIL=20301231;COUNT=2", "UNTIL and COUNT stand together"),
        ("FREQ=YEARLY;UNTIL=soon", "UNTIL=SOON is not a date"),
        ("FREQ=YEARLY;COUNT=0", "COUNT=0 is not understood"),
        ("FREQ=YEARLY;FREQ=YEARLY", "FREQ stands twice"),
        ("every year", "is not of the form NAME=VALUE"),
        ("", "is not of the form NAME=VALUE"),
        ("FREQ=YEARLY;BYMONTH=" + "1" * 10_000, "is not understood"),
    ],
)
def test_anything_else_is_refused_with_the_reason(recurrence: str, reason: str) -> None:
    with pytest.raises(NoYearlyRuleError) as refused:
        yearly(recurrence, date(1990, 1, 20))

    assert reason in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("rule", "days", "lasts"),
    [
        ("8 May", 2, "8 May to 9 May"),
        ("31 December", 2, "31 December to 1 January"),
        ("8 May", 1, "8 May"),
        # Its last day is 1 March in common years, and 29 February in others.
        ("28 February", 2, "2 days from 28 February"),
        ("second Sunday of November", 2, "2 days from second Sunday of November"),
    ],
)
def test_days_that_last_are_a_span(rule: str, days: int, lasts: str) -> None:
    assert lasting(rule, days) == lasts
