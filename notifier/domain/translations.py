"""Which translations may be mailed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from notifier.domain.events import Event, Figure, Kind, YearNotes
from notifier.domain.texts import Text


def refused_languages(event: Event, accepted: Collection[str] = ()) -> tuple[str, ...]:
    """Return the languages in which an event's texts are not mailed; they fall back, labelled, to a reviewed one.

    On a day of mourning a translation nobody has read over is not sent, unless the operator has `accepted` its
    language.
    """
    if event.kind is not Kind.MOURNING:
        return ()
    return tuple(language for language in event.unreviewed() if language not in accepted)


def mailable(event: Event, refused: Collection[str]) -> Event:
    """Return the event without the texts that have no wording but in a `refused` language.

    What a message cannot do without stays, and is labelled: the heading, what the ordinal counts, the name of the
    place, and why a day was moved.
    """
    if not refused:
        return event

    def may(text: Text | None) -> bool:
        return text is None or any(wording.language not in refused for wording in text)

    def figure(one: Figure) -> Figure:
        claims = tuple(claim if may(claim.note) else replace(claim, note=None) for claim in one.claims)
        return replace(one, claims=claims)

    def year(notes: YearNotes) -> YearNotes:
        programme = tuple(item for item in notes.programme if may(item.text))
        return YearNotes(notes.note if may(notes.note) else None, programme)

    name = event.official_name
    return replace(
        event,
        official_name=name if name is not None and may(name.term) else None,
        summary=tuple(one for one in event.summary if may(one.text)),
        called=tuple(one for one in event.called if may(one.term)),
        figures=tuple(figure(one) for one in event.figures if may(one.label)),
        remembered=tuple(one for one in event.remembered if may(one.text)),
        updates=tuple(one for one in event.updates if may(one.text)),
        years={number: year(notes) for number, notes in event.years.items()},
    )
