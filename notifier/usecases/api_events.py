"""An event with all that is said of it, as the JSON API tells it."""

from __future__ import annotations

from collections.abc import Iterable

from notifier.content.language import Language
from notifier.content.views import Words
from notifier.content.wording import view_event
from notifier.domain import addresses
from notifier.domain.events import (
    Catalog,
    Event,
    Figure,
    FigureClaim,
    NameClaim,
    PartyId,
    Place,
    SourceId,
    Statement,
    Update,
)
from notifier.domain.notices import leads_of
from notifier.domain.texts import Text
from notifier.usecases.api_shapes import (
    EventFields,
    FigureClaimFields,
    FigureFields,
    NameFields,
    PartyFields,
    PlaceFields,
    Said,
    SourceFields,
    StatementFields,
    UpdateFields,
)


def event_fields(event: Event, catalog: Catalog, language: Language, base_url: str) -> EventFields:
    """Return an event for JSON: every claim with whoever makes it, and the documents it rests on."""
    return _Telling(catalog, language).event(event, base_url + addresses.event(language.tag, event.id))


class _Telling:
    """One pass over an event; keeps the documents in the order they are first referred to."""

    def __init__(self, catalog: Catalog, language: Language) -> None:
        self._catalog = catalog
        self._language = language
        self._preference = (language.tag, *catalog.calendar.languages)
        self._cited: dict[SourceId, SourceFields] = {}

    def event(self, event: Event, url: str) -> EventFields:
        return EventFields(
            id=event.id,
            was=event.was,
            kind=event.kind.value,
            heading=self._said(event.heading),
            official_name=None if event.official_name is None else self._name(event.official_name),
            origin=None if event.origin is None else str(event.origin),
            counts=self._optional(event.counts),
            rule=str(event.rule),
            begins=event.begins.value,
            collections=event.collections,
            place=None if event.place is None else self._place(event.place),
            summary=self._statements(event.summary),
            called=tuple(map(self._name, event.called)),
            figures=self._figures(event),
            remembered=self._statements(event.remembered),
            updates=tuple(map(self._update, event.updates)),
            sources=tuple(self._cited.values()),  # the last of those that are made
            leads=tuple(leads_of(event, self._catalog.calendar)),
            unreviewed=self._language.tag in event.unreviewed(),
            url=url,
        )

    def _said(self, text: Text) -> Said:
        wording = text.wording(self._preference)
        return Said(wording.text, wording.language)

    def _optional(self, text: Text | None) -> Said | None:
        return None if text is None else self._said(text)

    def _party(self, id_: PartyId) -> PartyFields:
        return PartyFields(id_, self._said(self._catalog.parties[id_].name))

    def _perhaps(self, id_: PartyId | None) -> PartyFields | None:
        return None if id_ is None else self._party(id_)

    def _sources(self, ids: Iterable[SourceId]) -> tuple[str, ...]:
        ids = tuple(ids)
        for id_ in ids:
            if id_ not in self._cited:
                self._cited[id_] = self._source(id_)
        return ids

    def _source(self, id_: SourceId) -> SourceFields:
        source = self._catalog.sources[id_]
        return SourceFields(
            id=id_,
            publisher=self._perhaps(source.publisher),
            author=source.author,
            title=source.title,
            language=source.language,
            published=source.published,
            url=source.url,
            accessed=source.accessed,
            note=self._optional(source.note),
        )

    def _name(self, claim: NameClaim) -> NameFields:
        return NameFields(self._said(claim.term), self._party(claim.by), self._sources(claim.sources))

    def _statements(self, statements: Iterable[Statement]) -> tuple[StatementFields, ...]:
        return tuple(
            StatementFields(self._said(one.text), self._perhaps(one.by), self._sources(one.sources))
            for one in statements
        )

    def _update(self, update: Update) -> UpdateFields:
        sources = self._sources(update.sources)
        return UpdateFields(update.date, self._said(update.text), self._perhaps(update.by), sources)

    def _figures(self, event: Event) -> tuple[FigureFields, ...]:
        if not event.figures:
            return ()
        shown = view_event(event, self._catalog, self._language).figures
        return tuple(self._figure(figure, view.what) for figure, view in zip(event.figures, shown, strict=True))

    def _figure(self, figure: Figure, name: Words) -> FigureFields:
        return FigureFields(figure.what, Said(name.text, name.language), tuple(map(self._claim, figure.claims)))

    def _claim(self, claim: FigureClaim) -> FigureClaimFields:
        return FigureClaimFields(
            value=claim.value,
            qualifier=claim.qualifier.value,
            said=self._language.qualified(claim.value, claim.qualifier),
            by=self._party(claim.by),
            sources=self._sources(claim.sources),
            note=self._optional(claim.note),
        )

    def _place(self, place: Place) -> PlaceFields:
        latitude, longitude = place.at or (None, None)
        return PlaceFields(self._optional(place.name), place.zone, latitude, longitude)
