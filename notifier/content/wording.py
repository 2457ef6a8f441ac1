"""Wording events: from the calendar's values to views in one language."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from notifier.content.day_sentences import counted, evening_before, hour_there, moved_there, year_called
from notifier.content.directions import direction_of
from notifier.content.language import Language
from notifier.content.own_dates import own_date
from notifier.content.tone import kept_heading, kind_called, remembered_heading
from notifier.content.views import (
    ClaimView,
    EventView,
    FigureView,
    NameView,
    OccurrenceView,
    ProgrammeView,
    SourceView,
    StatementView,
    UpdateView,
    Words,
)
from notifier.domain.events import (
    Catalog,
    Event,
    FigureClaim,
    NameClaim,
    PartyId,
    ProgrammeItem,
    SourceId,
    Statement,
    Update,
)
from notifier.domain.occurrences import Occurrence
from notifier.domain.texts import Text

NOTHING: frozenset[str] = frozenset()


def view_event(
    event: Event, catalog: Catalog, language: Language, refused: Collection[str] = NOTHING, since: date | None = None
) -> EventView:
    """Word an event. Texts in a `refused` language fall back, labelled; only updates from `since` on are shown."""
    return _Wording(catalog, language, refused).event(event, since)


def view_occurrence(
    occurrence: Occurrence,
    catalog: Catalog,
    language: Language,
    refused: Collection[str] = NOTHING,
    since: date | None = None,
) -> OccurrenceView:
    """Word one anniversary; `refused` and `since` as for view_event."""
    wording = _Wording(catalog, language, refused)
    return wording.occurrence(occurrence, wording.event(occurrence.event, since))


def view_occurrences(
    event: Event, occurrences: Iterable[Occurrence], catalog: Catalog, language: Language
) -> list[OccurrenceView]:
    """Word several anniversaries of one event, which is worded once."""
    wording = _Wording(catalog, language, NOTHING)
    view = wording.event(event)
    return [wording.occurrence(occurrence, view) for occurrence in occurrences]


def view_programme(items: Iterable[ProgrammeItem], catalog: Catalog, language: Language) -> list[ProgrammeView]:
    """Word the items of one year's programme."""
    wording = _Wording(catalog, language, NOTHING)
    return [wording.item(item) for item in items]


def title_of(occurrence: Occurrence, catalog: Catalog, language: Language, refused: Collection[str] = NOTHING) -> str:
    """Return an anniversary's title: "Black January: 37th anniversary"."""
    heading = _Wording(catalog, language, refused).words(occurrence.event.heading).text
    return language.title(heading, occurrence.ordinal)


def words(text: Text, catalog: Catalog, language: Language) -> Words:
    """Word one text of the calendar as such: its name, a collection's."""
    return _Wording(catalog, language, NOTHING).words(text)


class _Wording:
    """One pass over an event; numbers the documents in the order they are first cited."""

    def __init__(self, catalog: Catalog, language: Language, refused: Collection[str]) -> None:
        self._catalog = catalog
        self._language = language
        self._refused = refused
        self._preference = (language.tag, *catalog.calendar.languages)
        self._cited: dict[SourceId, SourceView] = {}

    def words(self, text: Text, refused: Collection[str] | None = None) -> Words:
        wording = text.wording(self._preference, self._refused if refused is None else refused)
        if wording.language == self._language.tag:
            return Words(wording.text, wording.language, self._language.direction, None)
        name = self._language.language_name(wording.language)
        label = self._language.say("in {language}", language=name)
        direction = direction_of(wording.language)
        return Words(wording.text, wording.language, direction, label, direction != self._language.direction)

    def _optional(self, text: Text | None) -> Words | None:
        return None if text is None else self.words(text)

    def _party(self, party: PartyId) -> Words:
        return self.words(self._catalog.parties[party].name, NOTHING)

    def _sources(self, ids: Iterable[SourceId]) -> tuple[SourceView, ...]:
        return tuple(sorted((self._source(id_) for id_ in ids), key=lambda source: source.number))

    def _source(self, id_: SourceId) -> SourceView:
        if id_ not in self._cited:
            self._cited[id_] = self._view_source(id_, len(self._cited) + 1)
        return self._cited[id_]

    def _view_source(self, id_: SourceId, number: int) -> SourceView:
        source, say = self._catalog.sources[id_], self._language.say
        publisher = None if source.publisher is None else self._party(source.publisher)
        published = None if source.published is None else self._language.edtf(source.published)
        parts = [
            publisher.text if publisher else say("publisher not named"),
            source.author,
            say("“{title}”", title=source.title) if source.title else say("no title"),
            None if source.language is None else self._language.language_name(source.language),
            None if published is None else say("published {date}", date=published),
        ]
        return SourceView(
            number=number,
            id=id_,
            publisher=publisher,
            title=source.title,
            title_language=source.language,
            author=source.author,
            published=published,
            url=source.url,
            note=None if source.note is None else self.words(source.note, NOTHING),
            line=f"{self._language.comma} ".join(part for part in parts if part),
        )

    def _name(self, claim: NameClaim) -> NameView:
        return NameView(self.words(claim.term), self._party(claim.by), self._sources(claim.sources))

    def _claim(self, claim: FigureClaim) -> ClaimView:
        return ClaimView(
            value=self._language.qualified(claim.value, claim.qualifier),
            by=self._party(claim.by),
            note=self._optional(claim.note),
            sources=self._sources(claim.sources),
        )

    def _what(self, what: str, label: Text | None) -> Words:
        if label is not None:
            return self.words(label)
        said = {
            "killed": self._language.say("killed"),
            "injured": self._language.say("injured"),
            "arrested": self._language.say("arrested"),
            "captured": self._language.say("taken prisoner"),
            "missing": self._language.say("missing"),
        }[what]
        return Words(said, self._language.tag, self._language.direction, None)

    def _statements(self, statements: Iterable[Statement]) -> tuple[StatementView, ...]:
        return tuple(
            StatementView(self.words(s.text), self._party(s.by) if s.by else None, self._sources(s.sources))
            for s in statements
        )

    def _update(self, update: Update) -> UpdateView:
        return UpdateView(
            day=self._language.plain_date(update.date),
            date=update.date,
            text=self.words(update.text),
            by=self._party(update.by) if update.by else None,
            sources=self._sources(update.sources),
        )

    def event(self, event: Event, since: date | None = None) -> EventView:
        return EventView(
            id=event.id,
            kind=event.kind,
            kind_called=kind_called(event.kind, self._language),
            remembered_heading=remembered_heading(event.kind, self._language),
            kept_heading=kept_heading(event.kind, self._language),
            heading=self.words(event.heading),
            counts=self._optional(event.counts),
            place=None if event.place is None else self._optional(event.place.name),
            at=None if event.place is None else event.place.at,
            summary=self._statements(event.summary),
            figures=tuple(
                FigureView(self._what(f.what, f.label), tuple(self._claim(c) for c in f.claims)) for f in event.figures
            ),
            official_name=None if event.official_name is None else self._name(event.official_name),
            called=tuple(self._name(claim) for claim in event.called),
            remembered=self._statements(event.remembered),
            updates=tuple(self._update(u) for u in event.updates if since is None or u.date >= since),
            sources=tuple(self._cited.values()),
            unreviewed=self._language.tag in event.unreviewed(),
        )

    def occurrence(self, occurrence: Occurrence, view: EventView) -> OccurrenceView:
        event, language = occurrence.event, self._language
        notes = event.years.get(occurrence.year)
        return OccurrenceView(
            event=view,
            year=occurrence.year,
            called=year_called(occurrence, language),
            title=language.title(view.heading.text, occurrence.ordinal),
            day=self._days(occurrence),
            first=occurrence.first,
            last=occurrence.last,
            ordinal=occurrence.ordinal,
            counted=counted(occurrence, view, language),
            own=own_date(occurrence, language),
            eve=evening_before(occurrence, language),
            hour=hour_there(occurrence, view, language),
            moved=None
            if occurrence.moved is None
            else moved_there(occurrence, self.words(occurrence.moved.reason), language),
            estimate=language.say("The date is an estimate") if occurrence.estimated else None,
            note=None if notes is None else self._optional(notes.note),
            programme=() if notes is None else tuple(self.item(item) for item in notes.programme),
        )

    def _days(self, occurrence: Occurrence) -> str:
        first = self._language.date(occurrence.first)
        return first if occurrence.first == occurrence.last else f"{first} – {self._language.date(occurrence.last)}"

    def item(self, item: ProgrammeItem) -> ProgrammeView:
        place = None if item.place is None else self._optional(item.place.name)
        day, time = self._language.date(item.at.date()), self._language.time(item.at)
        when = f"{day}{self._language.comma} {time}"
        return ProgrammeView(when, item.at, place, self._optional(item.text), item.url)
