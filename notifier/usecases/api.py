"""The JSON API without HTTP: what was asked for, read and checked; and the answers, as values.

A question that was read depends on nothing but what it holds, so its text can stand as the name of its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from urllib.parse import urlencode

from notifier.content.language import Language
from notifier.domain import addresses
from notifier.domain.days import days_after, parse_day
from notifier.domain.errors import NotifierError, SelectionError, UnknownLanguageError
from notifier.domain.events import Catalog, Event
from notifier.domain.notices import leads_of, notices_on
from notifier.domain.occurrences import Occurrence
from notifier.domain.selections import Selection, check_selection, parse_selection
from notifier.domain.windows import FeedYears
from notifier.usecases.api_events import event_fields
from notifier.usecases.api_shapes import Events, NoticeFields, Notices, Occurrences
from notifier.usecases.upcoming import OccurrenceFields, PageAddresses, occurrence_fields, upcoming

LONGEST_PERIOD = 400
"""Days from the first to the last, at most."""

USUAL_PERIOD = 90
"""Days from the first to the last where no last one is given; that of `notifier upcoming` too."""

LONGEST_SELECTION = 2000
"""Characters of a selection, at most; what names more has a collection."""

EVENTS_AT_A_TIME = 250
"""Events in one answer, at most: each with all its claims is some thousand octets."""

_LONGEST_ECHO = 60


class QuestionError(NotifierError):
    """A question that cannot be answered as it stands."""

    wrong_use = True


class ReversedPeriodError(QuestionError):
    """A period that ends before it begins."""

    sentence = "the period ends on {to}, before it begins on {from_}"


class LongPeriodError(QuestionError):
    """A period that is too long for one answer."""

    sentence = "from {from_} to {to} it is {days} days; ask for at most {most} at a time"


class LongSelectionError(SelectionError):
    """A selection too long to be looked at."""

    sentence = "the selection has {length} characters; use at most {most}, or name a collection"


class UnknownEventError(QuestionError):
    """An event the calendar does not have."""

    sentence = 'the calendar has no event "{id}"'


@dataclass(frozen=True, slots=True)
class Standing:
    """The calendar as it stands on `today`, a date in its own zone.

    `languages` are those that are served, `years` those that are published.
    """

    catalog: Catalog
    languages: Mapping[str, Language]
    base_url: str
    today: date
    years: FeedYears

    def language(self, tag: str | None) -> str:
        """Return the language asked for, without one the calendar's first. Raises UnknownLanguageError."""
        if tag is None:
            return next(iter(self.languages))
        if tag not in self.languages:
            raise UnknownLanguageError(language=_shortened(tag), known=", ".join(self.languages))
        return tag

    def selection(self, text: str | None) -> Selection:
        """Read a selection, without one everything. Raises SelectionError."""
        if text is None:
            text = addresses.EVERYTHING
        if len(text) > LONGEST_SELECTION:
            raise LongSelectionError(length=len(text), most=LONGEST_SELECTION)
        selection = parse_selection(text)
        check_selection(selection, self.catalog)
        return selection

    def day(self, text: str | None, otherwise: date) -> date:
        """Read a date. Raises DayError."""
        return otherwise if text is None else parse_day(_shortened(text))


@dataclass(frozen=True, slots=True)
class OccurrencesAsked:
    """Which anniversaries: from `first` to `last`, both inclusive."""

    first: date
    last: date
    lang: str
    select: str

    @classmethod
    def read(
        cls, standing: Standing, first: str | None, last: str | None, lang: str | None, select: str | None
    ) -> OccurrencesAsked:
        """Read a question. Raises DayError, QuestionError, UnknownLanguageError and SelectionError."""
        begins = standing.day(first, standing.today)
        ends = standing.day(last, days_after(begins, USUAL_PERIOD))
        if ends < begins:
            raise ReversedPeriodError(from_=begins, to=ends)
        if (days := (ends - begins).days) > LONGEST_PERIOD:
            raise LongPeriodError(from_=begins, to=ends, days=days, most=LONGEST_PERIOD)
        return cls(begins, ends, standing.language(lang), str(standing.selection(select)))

    def answer(self, standing: Standing) -> Occurrences:
        """Return the anniversaries, with the days left from the first day asked for."""
        found = upcoming(standing.catalog, parse_selection(self.select), self.first, (self.last - self.first).days)
        return Occurrences(tuple(_occurrence(standing, one, self.first, self.lang) for one in found))


@dataclass(frozen=True, slots=True)
class NoticesAsked:
    """What is announced on a day, with the leads of the events and the calendar."""

    on: date
    lang: str
    select: str

    @classmethod
    def read(cls, standing: Standing, on: str | None, lang: str | None, select: str | None) -> NoticesAsked:
        """Read a question. Raises DayError, UnknownLanguageError and SelectionError."""
        return cls(standing.day(on, standing.today), standing.language(lang), str(standing.selection(select)))

    def answer(self, standing: Standing) -> Notices:
        """Return the notices."""
        catalog = standing.catalog
        events = parse_selection(self.select).pick(catalog.events)
        announced = notices_on(events, self.on, partial(leads_of, calendar=catalog.calendar))
        return Notices(
            tuple(
                NoticeFields(**asdict(_occurrence(standing, one.occurrence, self.on, self.lang)), lead=one.days)
                for one in announced
            )
        )


@dataclass(frozen=True, slots=True)
class EventsAsked:
    """Which events, in the calendar's order; `after` is the id of the last one that is known already."""

    lang: str
    select: str
    after: str | None

    @classmethod
    def read(cls, standing: Standing, lang: str | None, select: str | None, after: str | None) -> EventsAsked:
        """Read a question. Raises UnknownLanguageError, SelectionError and UnknownEventError."""
        found = None if after is None else standing.catalog.event(after)
        if after is not None and found is None:
            raise UnknownEventError(id=_shortened(after))
        known = None if found is None else found.id
        return cls(standing.language(lang), str(standing.selection(select)), known)

    def answer(self, standing: Standing) -> Events:
        """Return the events with all that is said of them, and where the next ones are."""
        catalog, language = standing.catalog, standing.languages[self.lang]
        rest = tuple(parse_selection(self.select).pick(_after(catalog.events, self.after)))
        shown = rest[:EVENTS_AT_A_TIME]
        return Events(
            tuple(event_fields(event, catalog, language, standing.base_url) for event in shown),
            self._next(standing.base_url, shown[-1]) if len(shown) < len(rest) else None,
        )

    def _next(self, base_url: str, last: Event) -> str:
        query = urlencode({"lang": self.lang, "select": self.select, "after": last.id})
        return f"{base_url}{addresses.API_EVENTS}?{query}"


Asked = OccurrencesAsked | NoticesAsked | EventsAsked


def _occurrence(standing: Standing, one: Occurrence, on: date, lang: str) -> OccurrenceFields:
    pages = PageAddresses(standing.base_url, standing.years)
    return occurrence_fields(one, on, standing.catalog, standing.languages[lang], pages)


def _after(events: tuple[Event, ...], id_: str | None) -> Iterable[Event]:
    begin = next((place for place, event in enumerate(events, 1) if event.id == id_), 0)
    return events[begin:]


def _shortened(text: str) -> str:
    """Return a text as a sentence can repeat it."""
    return text if len(text) <= _LONGEST_ECHO else f"{text[:_LONGEST_ECHO]}…"
