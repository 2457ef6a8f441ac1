"""Days that do not go together: an origin and its rule, exceptions, notes and confirmations of years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from notifier.catalog.findings import Findings
from notifier.catalog.lint.texts import child, items_of, pairs_of
from notifier.catalog.nodes import Node
from notifier.catalog.problems import Code, listed
from notifier.domain.days import days_after
from notifier.domain.events import Begins, Event
from notifier.domain.occurrences import beyond_table, counting_of, occurrences_between
from notifier.domain.rules import CalendarSystem
from notifier.domain.rules.composed import parts
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.rules.relative import LONGEST, EventDay, Following
from notifier.domain.rules.spans import Span

_A_DAY = timedelta(days=1)
_LONGEST_SPAN = timedelta(days=100)
FARTHEST = timedelta(days=31)
"""How far an exception lies from the day it stands for, before it looks like a slip of the pen."""
_SEARCH = timedelta(days=400)
_TEN_YEARS = timedelta(days=3653)


def look_at_days(findings: Findings, event: Event, node: Node, today: date) -> None:
    """Note what of an event's days does not go together."""
    _origin(findings, event, node)
    _exceptions(findings, event, node)
    _years(findings, event, node)
    _confirmed(findings, event, node, today)
    _table(findings, event, node, today)
    _until(findings, event, node)
    _spans(findings, event, node, today)


def _origin(findings: Findings, event: Event, node: Node) -> None:
    """Compare a fixed day with the day on which it happened; it may have begun on the eve."""
    day = None if event.origin is None else event.origin.date
    if day is None or event.exceptions or not _is_fixed(event):
        return
    eve = 0 if event.begins is Begins.DAY else 1
    start = max(day, date.min + _LONGEST_SPAN) - _LONGEST_SPAN
    kept = event.rule.between(start, min(day, date.max - 2 * _A_DAY) + 2 * _A_DAY)
    if any(one.first.toordinal() - eve <= day.toordinal() <= one.last.toordinal() for one in kept):
        return
    written = child(node, "rule") or child(node, "origin") or node
    message = (
        f'the rule "{event.rule}" is not the day of its origin, {day}; correct one of them, write the origin less '
        f"exactly ({day:%Y-%m}), or allow it: # check: allow W305"
    )
    findings.warning(written.place, message, Code.OTHER_DAY)


def _is_fixed(event: Event) -> bool:
    simple = [part for part in parts(event.rule) if not isinstance(part, Following)]
    return bool(simple) and all(isinstance(part, FixedDay) for part in simple)


def _told_by_others(event: Event) -> bool:
    return any(isinstance(part, EventDay) for part in parts(event.rule))


def _exceptions(findings: Findings, event: Event, node: Node) -> None:
    if _told_by_others(event):
        return
    plain = replace(event, exceptions={})
    for key, value in pairs_of(child(node, "exceptions")):
        moved = event.exceptions[int(key.text)]
        place = (child(value, "date") or value).place
        start = max(moved.date, date.min + _SEARCH) - _SEARCH
        around = occurrences_between([plain], start, min(moved.date, date.max - _SEARCH) + _SEARCH)
        usual = next((one.first for one in around if one.year == int(key.text)), None)
        if usual is None:
            message = f"the exception of {key.text} moves no day near {moved.date}; correct the year or the date"
            findings.warning(place, message, Code.EXCEPTION)
        elif usual == moved.date:
            message = f"the exception of {key.text} is the usual day; take it away"
            findings.warning(place, message, Code.EXCEPTION)
        elif abs(usual - moved.date) > FARTHEST:
            days = abs(usual - moved.date).days
            message = f"the exception of {key.text} lies {days} days from the usual day, {usual}; is the date right?"
            findings.warning(place, message, Code.EXCEPTION)


def _years(findings: Findings, event: Event, node: Node) -> None:
    """Note a year's texts that nobody will ever read. What is on a programme was compared with the days already."""
    if event.rule.system is not CalendarSystem.GREGORIAN or _told_by_others(event):
        return
    for key, value in pairs_of(child(node, "years")):
        year = int(key.text)
        if event.years[year].programme:
            continue
        start, end = date(max(1, year - 1), 12, 1), date.max if year >= 9999 else date(year + 1, 2, 1)
        if not any(one.year == year for one in occurrences_between([event], start, end)):
            findings.warning(
                value.place,
                f"what stands under {year} is never shown: this day is not kept in {year}; correct the year",
                Code.YEAR_NOT_KEPT,
            )


def _confirmed(findings: Findings, event: Event, node: Node, today: date) -> None:
    if not event.confirmed or _told_by_others(event):
        return
    written = child(node, "confirmed") or node
    if not event.rule.estimated:
        message = f'confirmed: says nothing where the day is never an estimate ("{event.rule}"); take it away'
        findings.warning(written.place, message, Code.CONFIRMED)
        return
    before = today.replace(year=today.year - 1, month=1, day=1)
    coming = {one.year for one in event.rule.between(before, today.replace(year=today.year + 5, day=1))}
    old = [year for year in event.confirmed if coming and year < min(coming)]
    if old:
        place = items_of(written)[event.confirmed.index(old[0])].place
        message = f"confirmed: {listed(map(str, old))} is past and shown nowhere any more; take it away"
        findings.warning(place, message, Code.CONFIRMED)


def _table(findings: Findings, event: Event, node: Node, today: date) -> None:
    """Note days that will not be known soon: the table of their calendar ends within ten years, or has ended."""
    for _, day in beyond_table([event], min(today, date.max - _TEN_YEARS) + _TEN_YEARS):
        message = (
            f'the days of "{event.rule}" are known up to {day - _A_DAY}, where the calendar\'s table ends; later ones '
            "are shown nowhere"
        )
        findings.warning((child(node, "rule") or node).place, message, Code.TABLE_ENDS)


def _until(findings: Findings, event: Event, node: Node) -> None:
    """Note a last year in which there was no first anniversary yet."""
    if event.until is not None and event.until <= counting_of(event).after_year:
        message = f"until: {event.until} lies before the first anniversary, so the day is never kept; correct the year"
        findings.warning((child(node, "until") or node).place, message, Code.NEVER_KEPT)


def _spans(findings: Findings, event: Event, node: Node, today: date) -> None:
    """Note a span of which, in a coming year, only the first day is kept, since its last one is too far away."""
    if _told_by_others(event):
        return
    start = min(today, date.max - _TEN_YEARS)
    for part in parts(event.rule):
        if not isinstance(part, Span):
            continue
        ends = part.table_ends or date.max
        days = part.base.between(start, min(start + _TEN_YEARS, days_after(ends, -LONGEST)))
        first = next((day.first for day in days if not part.closes(day)), None)
        if first is not None:
            message = (
                f'from {first} on "{part.until}" does not come within {LONGEST} days, so only the first day of '
                f'"{part}" is kept; correct the rule'
            )
            findings.warning((child(node, "rule") or node).place, message, Code.OPEN_SPAN)
