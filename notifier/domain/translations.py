"""Which translations may be mailed."""

from __future__ import annotations

from collections.abc import Collection

from notifier.domain.events import Event, Kind


def refused_languages(event: Event, accepted: Collection[str] = ()) -> tuple[str, ...]:
    """Return the languages in which an event's texts are not mailed; they fall back, labelled, to a reviewed one.

    On a day of mourning a translation nobody has read over is not sent, unless the operator has `accepted` its
    language.
    """
    if event.kind is not Kind.MOURNING:
        return ()
    return tuple(language for language in event.unreviewed() if language not in accepted)
