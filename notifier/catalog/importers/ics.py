"""Events from an iCalendar file: what comes once a year is taken, all else is refused with its place and the reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from notifier.catalog.importers.content_lines import Component, NotCalendarError, read_calendars
from notifier.catalog.importers.entries import Entry, NotTakenError, read_entry
from notifier.catalog.importers.finding import find_rule, readable
from notifier.catalog.importers.imported import ImportedEvent, ImportSourceError, Refusal
from notifier.catalog.importers.recurrence import NoYearlyRuleError, Yearly, yearly
from notifier.catalog.importers.spans import lasting

_FEWEST = 5
"""Of how many years single entries have to be there before a rule is looked for behind them."""


def events_of(data: bytes, name: str, language: str) -> tuple[list[ImportedEvent], list[Refusal], str | None]:
    """Return the events of a file, what was refused, and what the calendar calls itself.

    `language` is that of texts which do not say their own. Raises ImportSourceError where it is no calendar at all.
    """
    try:
        calendars = read_calendars(data)
    except NotCalendarError as error:
        raise ImportSourceError(source=name, cause=error) from error
    reading = _Reading(name, language)
    for calendar in calendars:
        for component in calendar.components:
            reading.look_at(component)
    reading.look_at_single_days()
    return reading.events, sorted(reading.refused, key=_line), _title(calendars)


def _line(refusal: Refusal) -> int:
    number = refusal.place.rpartition(":")[2].partition(" ")[0]
    return int(number) if number.isdigit() else 0


def _title(calendars: Sequence[Component]) -> str | None:
    for calendar in calendars:
        for name in ("NAME", "X-WR-CALNAME"):
            found = calendar.first(name)
            if found is not None and (title := one_line(found.text)):
                return title[:200]
    return None


def one_line(text: str) -> str:
    """Return a text with its lines and spaces run together, and without what cannot be printed."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", " ", text).split())


class _Reading:
    """One file being read."""

    def __init__(self, name: str, language: str) -> None:
        self._name = name
        self._language = language
        self._marks: set[str] = set()
        self._single: dict[str, list[Entry]] = defaultdict(list)
        self.events: list[ImportedEvent] = []
        self.refused: list[Refusal] = []

    def look_at(self, component: Component) -> None:
        """Take an entry, keep it until all of its name are known, or refuse it."""
        if component.name == "VTIMEZONE":
            return
        if component.name != "VEVENT":
            self._refuse(component.line, "", f"{component.name[:40]} is no VEVENT")
            return
        uid = component.first("UID")
        named = "" if uid is None else one_line(uid.text)[:200]
        try:
            entry = read_entry(component, named, self._language)
            if entry.recurrence is None:
                self._single[entry.summary].append(entry)
                return
            self._take(entry, self._rule_of(entry), entry.uid or f"{entry.summary} {entry.start}")
        except NotTakenError as error:
            self._refuse(error.line or component.line, named, str(error))

    def _rule_of(self, entry: Entry) -> Yearly:
        if entry.recurrence is None:  # the caller has looked
            raise NotTakenError(entry.line, "it has no RRULE")
        try:
            return yearly(entry.recurrence.value, entry.start)
        except NoYearlyRuleError as error:
            told = f"RRULE:{entry.recurrence.value[:80]}: {error}"
            raise NotTakenError(entry.recurrence.line, told) from error

    def look_at_single_days(self) -> None:
        """Look for the rule behind entries of one name, one a year, as authorities publish their holidays."""
        for summary, entries in self._single.items():
            entries.sort(key=lambda entry: entry.start)
            try:
                self._take_series(summary, entries)
            except NotTakenError as error:
                for entry in entries:
                    self._refuse(error.line or entry.line, entry.uid, str(error))

    def _take_series(self, summary: str, entries: Sequence[Entry]) -> None:
        days = [entry.start for entry in entries]
        if len(days) < _FEWEST or len({entry.days for entry in entries}) > 1:
            once = "it has no RRULE" if len(days) == 1 else f"{len(days)} entries of this name have no RRULE"
            raise NotTakenError(
                0,
                f'{once}, so nothing says it comes every year; add RRULE:FREQ=YEARLY, or write "{summary}" by hand',
            )
        found = find_rule(days, days[0], days[-1])
        if found is None or found.differ:
            raise NotTakenError(0, f"no rule gives exactly its {len(days)} days from {days[0]} to {days[-1]}")
        self._take(entries[0], Yearly(found.rule), f"{summary} {days[0]}")

    def _take(self, entry: Entry, found: Yearly, mark: str) -> None:
        rule = lasting(found.rule, entry.days)
        if rule is not None and entry.hour is not None:
            rule = readable(f"{rule} at {entry.hour}", rule)
        if rule is None:
            raise NotTakenError(entry.line, f"it lasts {entry.days} days, which no rule of this version says")
        if mark in self._marks:
            raise NotTakenError(entry.line, "its UID stands on another entry before it")
        self._marks.add(mark)
        self.events.append(
            ImportedEvent(
                mark=mark,
                slug=entry.summary,
                names={entry.language: entry.summary},
                rule=rule,
                description={entry.language: entry.description} if entry.description else None,
                place=entry.place,
                until=found.until,
                leap_years_only=found.rule == "29 February",
                comment=entry.remark,
            )
        )

    def _refuse(self, line: int, uid: str, reason: str) -> None:
        named = f" (UID {uid[:80]})" if uid else ""
        self.refused.append(Refusal(f"{self._name}:{line}{named}", reason))
