"""The parts of a message: one anniversary in full, and a line of what is still far off."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from notifier.content.language import Language
from notifier.content.mail_text import mail_line
from notifier.content.views import OccurrenceView, Words
from notifier.content.wording import view_occurrence
from notifier.domain import addresses
from notifier.domain.events import Catalog, Event
from notifier.domain.moments import moment_of
from notifier.domain.notices import Notice
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.translations import mailable


@dataclass(frozen=True, slots=True)
class Section:
    """One anniversary in a message.

    `when` is the days left in words. `covered` is the language all texts fell back to, of which `notice` speaks once,
    so that not every line is labelled. `differ` says whether sources state different figures for one thing.
    """

    view: OccurrenceView
    title: str
    day: str
    when: str
    remembered_heading: str
    kept_heading: str
    about_the_day: tuple[str, ...]
    covered: str | None
    notice: str | None
    unreviewed: bool
    differ: bool
    web_url: str
    entry_url: str
    feed_url: str


@dataclass(frozen=True, slots=True)
class OutlookLine:
    """One anniversary that a digest looks ahead to; `label` says in which language its title is, if in another."""

    title: str
    heading: Words
    label: str | None
    day: str
    when: str
    web_url: str


@dataclass(frozen=True, slots=True)
class SectionWords:
    """How the days of one message are worded; `refused_for` tells which languages an event's texts are not shown in.

    `base_url` has no slash at its end.
    """

    catalog: Catalog
    language: Language
    base_url: str
    refused_for: Callable[[Event], Collection[str]]

    def section(self, notice: Notice, on: date) -> Section:
        """Word one anniversary in full; the days left are counted from `on`, and a day that has passed a ValueError."""
        occurrence, language = notice.occurrence, self.language
        refused = self.refused_for(occurrence.event)
        whole = _of_this_year(occurrence)
        read_over = mailable(whole, refused)
        view = view_occurrence(replace(occurrence, event=read_over), self.catalog, language, refused)
        event = view.event
        fallen_back = event.heading.label is not None and language.tag in refused
        told = [self._fallen_back(event.heading.label)] if fallen_back and event.heading.label else []
        if read_over != whole:
            told.append(language.say("Texts about this day that nobody has reviewed are left out."))
        return Section(
            view=view,
            title=mail_line(view.title),
            day=view.day,
            when=language.days_left((occurrence.first - on).days),
            remembered_heading=event.remembered_heading,
            kept_heading=event.kept_heading,
            about_the_day=self._about_the_day(notice, view),
            covered=event.heading.language if fallen_back else None,
            notice=" ".join(told) or None,
            unreviewed=event.unreviewed and not fallen_back,
            differ=any(figure.differ for figure in event.figures),
            web_url=self.base_url + addresses.occurrence(language.tag, event.id, occurrence.year),
            entry_url=self.base_url + addresses.occurrence_feed(language.tag, event.id, occurrence.year),
            feed_url=self.base_url + addresses.event_feed(language.tag, event.id),
        )

    def _fallen_back(self, label: str) -> str:
        return self.language.say(
            "There is no reviewed translation of the texts about this day; they are shown {in_language}.",
            in_language=label,
        )

    def line(self, notice: Notice, on: date) -> OutlookLine:
        """Word one anniversary in a line."""
        occurrence, language = notice.occurrence, self.language
        view = view_occurrence(occurrence, self.catalog, language, self.refused_for(occurrence.event))
        return OutlookLine(
            title=mail_line(view.title),
            heading=view.event.heading,
            label=view.event.heading.label,
            day=view.day,
            when=language.days_left((occurrence.first - on).days),
            web_url=self.base_url + addresses.occurrence(language.tag, occurrence.event.id, occurrence.year),
        )

    def _about_the_day(self, notice: Notice, view: OccurrenceView) -> tuple[str, ...]:
        """Return what else is said of the date."""
        lines = [view.own, view.eve, view.hour, *self._beginning(notice), view.moved, view.estimate]
        return tuple(line for line in lines if line is not None)

    def _beginning(self, notice: Notice) -> list[str]:
        """Say when it begins by the reader's clock, and by the clock of the place where that shows something else."""
        moment = moment_of(notice.occurrence, self.catalog.calendar.zone)
        if notice.begins is None or moment is None:
            return []
        language, yours, theirs = self.language, notice.begins, moment.at
        day, time = language.date(yours.date()), language.time(yours)
        if moment.itself:  # its hour at the place is said already, beside its date
            return [language.say("Begins on {date}, at {time} your time", date=day, time=time)]
        lines = [language.say("The programme begins on {date}, at {time} your time", date=day, time=time)]
        if yours.replace(tzinfo=None) != theirs.replace(tzinfo=None):
            there = language.date(theirs.date())
            lines.append(
                language.say("Local time at the place: {date}, {time}", date=there, time=language.time(theirs))
            )
        return lines


def _of_this_year(occurrence: Occurrence) -> Event:
    """Return the event with what is told of this anniversary alone: its year's notes, and updates since the last."""
    event, since = occurrence.event, _since(occurrence)
    years = {year: notes for year, notes in event.years.items() if year == occurrence.year}
    return replace(event, years=years, updates=tuple(update for update in event.updates if update.date >= since))


def _since(occurrence: Occurrence) -> date:
    """Return the anniversary before this one, or a year before where there was none within the year."""
    # 385 days: the longest year of any calendar here, the Hebrew and the Chinese leap year.
    year = timedelta(days=385)
    earlier = occurrences_between((occurrence.event,), occurrence.first - year, occurrence.first)
    return earlier[-1].first if earlier else occurrence.first - timedelta(days=366)
