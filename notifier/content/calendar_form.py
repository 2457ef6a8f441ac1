"""The form in which somebody puts a calendar together: all there is to choose, what is chosen, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from notifier.content.ahead import announcement
from notifier.content.choices import said_days, said_hour
from notifier.content.language import Language
from notifier.content.offered import choice, collection_choices, lead_choices, left_out
from notifier.content.picking import NOT_LOOKED, Choice, Looked, Picking, picking
from notifier.content.preference_form import HOUR, LEADS, NOTHING
from notifier.content.selections import is_round
from notifier.content.site import SiteDay, row
from notifier.content.wording import title_of, view_programme
from notifier.domain.built import MOST_LEADS, Built
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.programmes import has_hours, programme_of
from notifier.domain.round_years import milestone_numbers

SHOWN: Final = 10
"""How many of the entries to come are shown."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form, as it would be sent: each field's value, or the values that are ticked."""

    lang: str
    select: frozenset[str] = frozenset({"all"})
    alarms: frozenset[str] = frozenset()
    hour: str = str(HOUR)
    ahead: frozenset[str] = frozenset()
    round_only: bool = False
    timed: bool = False

    @classmethod
    def of(cls, built: Built, hour: int = HOUR) -> Filled:
        """Return the form as somebody filled it who built this; `hour` is theirs where nothing rings at it."""
        selection = built.selection
        return cls(
            lang=built.language,
            select=frozenset([*selection.taken, *(f"-{term}" for term in selection.left_out)]),
            alarms=frozenset(map(str, built.alarms)),
            hour=str(hour if built.hour is None else built.hour),
            ahead=frozenset(map(str, built.ahead)),
            round_only=built.round_only,
            timed=built.timed,
        )

    def fields(self) -> list[tuple[str, str]]:
        """Return the form as a browser sends it, so that an address can lead to it."""
        ticked = [("select", self.select), ("alarms", self.alarms), ("ahead", self.ahead)]
        sent = [(name, value) for name, values in ticked for value in sorted(values)]
        boxes = (("round", self.round_only), ("timed", self.timed))
        return [*sent, ("lang", self.lang), ("hour", self.hour), *((name, "on") for name, on in boxes if on)]


@dataclass(frozen=True, slots=True)
class CalendarForm:
    """The form with everything there is to choose. `errors` are sentences, by the name of the field they speak of."""

    filled: Filled
    everything: bool
    collections: Sequence[Choice]
    picking: Picking
    left_out: Sequence[Choice]
    languages: Sequence[Choice]
    alarms: Sequence[Choice]
    hours: Sequence[Choice]
    ahead: Sequence[Choice]
    round_numbers: str
    has_hours: bool
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NextEntry:
    """One entry to come: its day (or day and hour) in words, its title, and the path of its anniversary's page."""

    first: date
    when: str
    title: str
    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class NextEntries:
    """The entries to come, and what is said of reminders, where any were chosen."""

    entries: Sequence[NextEntry]
    reminders: str | None


def calendar_form(
    site: SiteDay,
    language: Language,
    filled: Filled,
    errors: Mapping[str, str] = NOTHING,
    looked: Looked = NOT_LOOKED,
) -> CalendarForm:
    """Return the form as it is filled, with the single days that were looked for."""
    catalog = site.catalog
    return CalendarForm(
        filled=filled,
        everything="all" in filled.select,
        collections=collection_choices(site, language, filled.select),
        picking=picking(site, language, filled.select, looked, lambda event: event.id),
        left_out=left_out(site, language, filled.select),
        languages=[choice(one.tag, one.language_name(one.tag), one, {filled.lang}) for one in site.languages],
        alarms=lead_choices(language, filled.alarms, LEADS, MOST_LEADS),
        hours=[choice(str(hour), language.digits(f"{hour:02d}:00"), language, {filled.hour}) for hour in range(24)],
        ahead=lead_choices(language, filled.ahead - {"0"}, LEADS[:-1], MOST_LEADS),
        round_numbers=language.one_of([language.number(number) for number in milestone_numbers(catalog.calendar)]),
        has_hours=any(map(has_hours, catalog.events)),
        errors=errors,
    )


def next_entries(site: SiteDay, built: Built, language: Language) -> NextEntries:
    """Return what comes next in a built calendar, in its own language, among the years that are published."""
    found = sorted(_entries(site, built, language), key=lambda one: one.first)
    reminders = None
    if built.hour is not None:
        days, hour = said_days(built.alarms, language), said_hour(built.hour, language)
        reminders = language.say("Reminders: {days}, at {hour}.", days=days, hour=hour)
    return NextEntries([one for one in found if one.first >= site.day][:SHOWN], reminders)


def _entries(site: SiteDay, built: Built, language: Language) -> Iterator[NextEntry]:
    """Yield the entries of the anniversaries to come, until there are enough of them."""
    picked = built.selection.pick(site.catalog.events)
    longest = timedelta(days=max(built.ahead, default=0))
    whole, last = 0, date.max
    for occurrence in occurrences_between(picked, site.years.start, site.years.end):
        if occurrence.last < site.day or (built.round_only and not is_round(occurrence.ordinal, site.catalog.calendar)):
            continue
        if whole >= SHOWN and occurrence.first > last:
            return
        whole += 1
        if whole == SHOWN:
            # An entry ahead of a later day may still come before this one.
            last = occurrence.first + longest
        yield from _around(site, built, language, occurrence)


def _around(site: SiteDay, built: Built, language: Language, occurrence: Occurrence) -> Iterator[NextEntry]:
    """Yield an anniversary's own entry, those ahead of it, and its programme."""
    shown = row(site, language, occurrence)
    kind = shown.view.event.kind
    title = shown.view.title
    yield NextEntry(max(occurrence.first, site.day), shown.view.day, title, shown.path, kind)
    for lead in built.ahead:
        day = occurrence.first - timedelta(days=lead)
        yield NextEntry(day, language.date(day), announcement(title, lead, language), shown.path, kind)
    if built.timed:
        items = programme_of(occurrence)
        named = title_of(occurrence, site.catalog, language)
        for item, view in zip(items, view_programme(items, site.catalog, language), strict=True):
            said = named if view.text is None else f"{named}{language.colon} {view.text.bare}"
            yield NextEntry(item.at.date(), view.when, said, shown.path, kind)
