"""Reading rules as they are written in a calendar file. `docs/calendar.md` shows every form.

    rule    = kept [ at HOUR ]
    kept    = span { , if WEEKDAY days (earlier | later) }
    span    = days from day | day [ to day ]
    day     = days (before | after) day
            | [ NTH ] WEEKDAY (before | after | on or before | on or after) day
            | (NTH | last) WEEKDAY of MONTH
            | named [ (+ | -) days ]
    named   = NAME | event:ID | N MONTH [ Julian ] | (N | last day of) [ leap ] month N Chinese
    days    = N (day | days | week | weeks)

Whatever is of another form is refused at the place where it stops making sense, never guessed at.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from datetime import time
from functools import lru_cache
from typing import NoReturn

from notifier.domain.errors import UnknownRuleError
from notifier.domain.rules import Rule
from notifier.domain.rules.chinese import LAST as LAST_OF_MONTH
from notifier.domain.rules.chinese import ChineseDay
from notifier.domain.rules.gregorian import LAST, MONTHS, ORDINALS, WEEKDAYS, FixedDay, LeapDay, NthWeekday
from notifier.domain.rules.julian import JulianDay
from notifier.domain.rules.names import months, named_days
from notifier.domain.rules.relative import MOST_DAYS, DaysBeside, EventDay, OffWeekdays, Side, WeekdayBeside
from notifier.domain.rules.spans import AtHour, DaysFrom, Span
from notifier.domain.rules.tokens import Token, tokens

KNOWN_FORMS = (
    "20 January, second Sunday of November, Sunday before 25 December, Easter - 2 days, 10 Muharram, "
    "7 days before event:ID or 8 May to 9 May"
)
_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}


@lru_cache(maxsize=4096)
def parse_rule(text: str, leap_day: LeapDay = LeapDay.FEBRUARY_28) -> Rule:
    """Return the rule that `text` writes; `leap_day` holds for 29 February wherever it stands in it.

    Raises UnknownRuleError at the place from which the text is of no known form, and other RuleErrors for what is
    well written and never falls.
    """
    return _Reading(text, leap_day).rule()


class _Reading:
    """One rule being read, from left to right."""

    def __init__(self, text: str, leap_day: LeapDay) -> None:
        self._text = text
        self._leap_day = leap_day
        self._tokens = list(tokens(text))
        self._place = 0

    # --- tokens -------------------------------------------------------------------------------------------------

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    @property
    def _after_next(self) -> Token:
        return self._tokens[min(self._place + 1, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._next
        self._place += token.kind != "end"
        return token

    def _takes(self, *texts: str) -> bool:
        """Take these tokens when they come next."""
        coming = [token.text for token in self._tokens[self._place : self._place + len(texts)]]
        if coming != list(texts):
            return False
        self._place += len(texts)
        return True

    def _one_of(self, expected: str, texts: Iterable[str]) -> str:
        """Take a token that is one of `texts`."""
        texts = tuple(texts)
        if self._next.text not in texts:
            self._refuse(expected, texts)
        return self._take().text

    def _refuse(self, expected: str, texts: Iterable[str] = ()) -> NoReturn:
        token = self._next
        where = f'from "{self._text[token.at :]}" on' if token.kind != "end" else "to its end"
        near = difflib.get_close_matches(token.text, sorted(texts), n=1) if token.kind != "end" else []
        near = near or [text for text in texts if text.lower() == token.text.lower()]
        hint = f'; did you mean "{near[0]}"?' if near else ""
        if token.at == 0 and not hint:
            hint = f"; rules are written like {KNOWN_FORMS}"
        raise UnknownRuleError(rule=self._text, where=where, expected=expected, hint=hint, at=token.at)

    def _number(self, expected: str, most: int) -> int:
        token = self._next
        if token.kind != "number" or token.text.startswith("0") or len(token.text) > 4 or int(token.text) > most:
            self._refuse(expected)
        return int(self._take().text)

    def _days(self) -> int:
        """Read `7 days` or `2 weeks`."""
        number = self._number(f"a number of days, at most {MOST_DAYS}", MOST_DAYS)
        days = number * _UNITS[self._one_of("days or weeks", _UNITS)]
        if days > MOST_DAYS:
            self._place -= 2
            self._refuse(f"a number of days, at most {MOST_DAYS}")
        return days

    # --- rules --------------------------------------------------------------------------------------------------

    def rule(self) -> Rule:
        """Read the whole text."""
        rule = self._kept()
        if self._takes("at"):
            rule = AtHour(rule, self._hour())
        if self._next.kind != "end":
            self._refuse("nothing more, or , if …, to … or at HH:MM", ("at", "to", "if", "Julian", "Chinese", "of"))
        return rule

    def _hour(self) -> time:
        token = self._next
        hour, _, minute = token.text.partition(":")
        if token.kind != "time" or len(token.text) < 5 or int(hour) > 23 or int(minute) > 59:
            self._refuse("a time of day such as 08:15")
        self._take()
        return time(int(hour), int(minute))

    def _kept(self) -> Rule:
        rule, moves = self._span(), dict[int, int]()
        while self._takes(","):
            self._one_of("if and a weekday", ("if",))
            weekday = self._weekday()
            days = self._days()
            days *= 1 if self._one_of("earlier or later", ("earlier", "later")) == "later" else -1
            if moves.setdefault(weekday, days) != days:
                self._place -= 4
                self._refuse("another weekday: this one is moved already")
        return OffWeekdays(rule, tuple(moves.items())) if moves else rule

    def _span(self) -> Rule:
        if self._is_days() and self._tokens[self._place + 2].text == "from":
            days = self._days()
            self._take()
            return DaysFrom(self._day(), days)
        day = self._day()
        return Span(day, self._day()) if self._takes("to") else day

    def _is_days(self) -> bool:
        return self._next.kind == "number" and self._after_next.text in _UNITS

    def _day(self) -> Rule:
        if self._is_days():
            return self._beside()
        if self._next.text in ORDINALS or self._next.text in WEEKDAYS:
            return self._some_weekday()
        if self._takes("last"):
            return self._last()
        day = self._named()
        if self._next.text in {"+", "-"}:
            sign = 1 if self._take().text == "+" else -1
            day = DaysBeside(day, sign * self._days())
        return day

    def _beside(self) -> Rule:
        days = self._days()
        sign = 1 if self._one_of("before or after", ("before", "after")) == "after" else -1
        return DaysBeside(self._day(), sign * days)

    def _weekday(self) -> int:
        return WEEKDAYS.index(self._one_of("a weekday such as Sunday", WEEKDAYS))

    def _some_weekday(self) -> Rule:
        """Read `second Sunday of November` and `fourth Sunday before 25 December`."""
        numbered = self._next.text in ORDINALS
        nth = ORDINALS.index(self._take().text) + 1 if numbered else 1
        weekday = self._weekday()
        if numbered and self._takes("of"):
            return NthWeekday(nth, weekday, self._month())
        return WeekdayBeside(nth, weekday, self._side(numbered=numbered), self._day())

    def _side(self, *, numbered: bool) -> Side:
        if self._takes("on", "or"):
            return Side(f"on or {self._one_of('before or after', ('before', 'after'))}")
        either = "of, before, after, on or before, or on or after" if numbered else "before, after, or on or after"
        return Side(self._one_of(either, ("before", "after")))

    def _last(self) -> Rule:
        if self._takes("day"):
            self._one_of("of", ("of",))
            return self._chinese(None)
        weekday = self._weekday()
        self._one_of("of and a month", ("of",))
        return NthWeekday(LAST, weekday, self._month())

    def _month(self) -> int:
        return MONTHS.index(self._one_of("a month such as November", MONTHS)) + 1

    def _named(self) -> Rule:
        token = self._next
        if token.kind == "event":
            return self._event()
        if token.text in named_days():
            return named_days()[self._take().text]
        if token.kind == "number":
            return self._day_of_month()
        expected = "a day"
        if token.kind == "name":
            expected = f"a day: it stands before the month, as in {self._after_next.text or 20} {token.text}"
        return self._refuse(expected, (*named_days(), *WEEKDAYS, *ORDINALS, "last"))

    def _event(self) -> Rule:
        id_ = self._next.text.removeprefix("event:")
        if not id_:
            self._refuse("an event's id behind event:, without a space")
        self._take()
        return EventDay(id_)

    def _day_of_month(self) -> Rule:
        day = self._number("a day of a month", 31)
        if self._next.text in {"leap", "month"}:
            return self._chinese(day)
        month = self._one_of("a month", (*MONTHS, *months(), "month"))
        makes: Callable[[int], Rule] | None = months().get(month)
        if makes is not None:
            return makes(day)
        number = MONTHS.index(month) + 1
        if self._takes("Julian"):
            return JulianDay(number, day, self._leap_day)
        return FixedDay(number, day, self._leap_day)

    def _chinese(self, day: int | None) -> Rule:
        """Read what follows a day of a Chinese month, the last one for None."""
        leap = self._takes("leap")
        self._one_of("month and a number", ("month",))
        month = self._number("a month from 1 to 12", 12)
        self._one_of("Chinese", ("Chinese",))
        return ChineseDay(month, LAST_OF_MONTH if day is None else day, leap)
