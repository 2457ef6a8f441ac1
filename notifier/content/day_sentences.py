"""What is said of an anniversary's day beside its date: its year, what is counted, and when it begins."""

from __future__ import annotations

from datetime import timedelta

from notifier.content.language import Language
from notifier.content.views import EventView, Words
from notifier.domain.events import Begins
from notifier.domain.occurrences import Occurrence, usual_day
from notifier.domain.programmes import day_itself
from notifier.domain.rules import CalendarSystem


def year_called(occurrence: Occurrence, language: Language) -> str:
    """Return the year, and the Gregorian one behind it where the event's own calendar has another: `1448 (2026)`."""
    own, ours = (language.digits(year) for year in (occurrence.year, occurrence.first.year))
    return own if own == ours else f"{own} ({ours})"


def counted(occurrence: Occurrence, view: EventView, language: Language) -> str | None:
    """Say what the ordinal counts, in years of which calendar; None where there is no ordinal."""
    if occurrence.ordinal is None or view.counts is None:
        return None
    n, what, say_many = occurrence.ordinal, view.counts, language.say_many
    if occurrence.event.rule.system is CalendarSystem.HIJRI:  # 33 of its years are 32 of ours
        return say_many("Counted from: {what}, {n} Hijri year", "Counted from: {what}, {n} Hijri years", n, what=what)
    return say_many("Counted from: {what}, {n} year", "Counted from: {what}, {n} years", n, what=what)


def evening_before(occurrence: Occurrence, language: Language) -> str | None:
    """Say that it begins on the evening before; None where it begins on the day."""
    if occurrence.event.begins is Begins.DAY:
        return None
    eve = language.date(occurrence.first - timedelta(days=1))
    if occurrence.event.begins is Begins.SUNSET:
        return language.say("Begins at sunset on the evening before, {date}", date=eve)
    return language.say("Begins on the eve, {date}", date=eve)


def moved_there(occurrence: Occurrence, reason: Words, language: Language) -> str:
    """Say of a moved day which one it is kept in place of, and why."""
    usual = usual_day(occurrence)
    if usual is None or usual == occurrence.first:
        return language.say("Moved this year: {reason}", reason=reason)
    return language.say("Moved; the usual date is {date}: {reason}", date=language.date(usual), reason=reason)


def hour_there(occurrence: Occurrence, view: EventView, language: Language) -> str | None:
    """Say the hour at which the day itself is kept, by the clocks of its place; None where it has no hour."""
    item, place = day_itself(occurrence), occurrence.event.place
    if item is None or place is None:
        return None
    where = view.place or place.zone
    return language.say("At {time}, local time ({place})", time=language.time(item.at), place=where)
