"""Correcting: exactly those who got a message are told what it should have said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from notifier.content.editions import EditionText
from notifier.domain.deliveries import EditionKey, EditionKind, EditionState
from notifier.domain.errors import NotifierError
from notifier.domain.preferences import Preference
from notifier.storage.corrections import (
    correct_for,
    corrections_of,
    late_corrections,
    move_to_window,
    preferences_reached,
    put_in_its_place,
    under_way,
)
from notifier.storage.editions import Edition, EditionContent, edition, edition_by_key, keep_content, keep_editions
from notifier.storage.engine import writing
from notifier.storage.holds import set_state
from notifier.storage.planning import lock_planning

_LASTS = timedelta(days=3)
"""How long a correction is tried for; after that it would confuse more than it mends."""

_LAST_ZONE = timedelta(hours=12)
"""How far behind UTC the place is where every date ends last."""


class NoEditionError(NotifierError):
    """No edition has this key."""

    wrong_use = True
    sentence = 'there is no edition "{key}"; its key stands in the address of its page'


class NobodyGotItError(NotifierError):
    """Nothing to correct."""

    sentence = "nobody has got the edition {key}, so there is nothing to correct; hold it, and mend the calendar"


class CorrectedAlreadyError(NotifierError):
    """One correction a person and edition."""

    sentence = (
        "the edition {key} was corrected already in other words, by {correction}; to correct that one, name its key"
    )


class EmptyCorrectionError(NotifierError):
    """A file without words."""

    wrong_use = True
    sentence = "the correction says nothing; write into its file what the message should have said"


@dataclass(frozen=True, slots=True)
class Correction:
    """The new edition's key, and how many people it goes to who were to get none before.

    `instead` is the key of the edition, held, that whoever is still to get the corrected one gets in its place; empty
    where nobody can any more. `under_way` counts messages that a sender has in hand at this moment.
    """

    key: str
    people: int
    instead: str
    under_way: int


def correct(  # noqa: PLR0913  # what, of what, in whose words, and when
    engine: Engine,
    key: str,
    text: str,
    render: Callable[[Edition, str], EditionText],
    now: datetime,
    *,
    send_until: int,
) -> Correction:
    """Send `text` as a correction to everybody who got the edition with this key, within their hours.

    Nothing more leaves of the corrected edition: what it has not told yet waits in another one, made of the calendar
    as it stands once that is released. The correction is kept as one edition, so the same text given again goes to
    those alone who have got the message since. `render` makes the message.
    """
    if not text.strip():
        raise EmptyCorrectionError
    with writing(engine) as db:
        lock_planning(db)  # nobody is given the corrected edition meanwhile
        corrected = edition_by_key(db, key)
        if corrected is None or corrected.content is None:
            raise NoEditionError(key=key)
        message = render(corrected, text)
        there = corrections_of(db, key)
        if there and there[0][1] != message.text:
            raise CorrectedAlreadyError(key=key, correction=there[0][0])
        of = EditionKey(corrected.of.language, corrected.of.day, kind=EditionKind.CORRECTION, about=key)
        id_ = keep_editions(db, [of], now)[of]
        keep_content(db, id_, EditionContent(message.subject, message.text, message.html))
        people = 0
        for preference_id, preference in preferences_reached(db, corrected.id).items():
            opens, closes = _next_window(preference, now, send_until)
            people += correct_for(db, id_, corrected.id, preference_id, opens, closes, now)
        waits = under_way(db, corrected.id, now)
        if not there and people + waits == 0:
            raise NobodyGotItError(key=key)
        return Correction(edition(db, id_).key, people, _stop(db, corrected, now), waits)


def move_on_corrections(db: Connection, now: datetime, send_until: int) -> None:
    """Let corrections whose window closed before they left wait for the next one, for three days after they were made.

    So none is tried at night, and none is lost to a relay that is away for an evening.
    """
    since = now - _LASTS
    for preference_id, preference in late_corrections(db, since, now).items():
        opens, closes = _next_window(preference, now, send_until)
        move_to_window(db, preference_id, opens, closes, since, now)


def _next_window(preference: Preference, now: datetime, send_until: int) -> tuple[datetime, datetime]:
    """Return when somebody can be written to next: [from, until), both instants."""
    window = preference.window(now, send_until)
    if now >= window.closes:
        window = preference.window(now, send_until, days=1)
    return max(window.opens, now), window.closes


def _stop(db: Connection, corrected: Edition, now: datetime) -> str:
    """Let nothing more leave of an edition; return the key of the one in its place, empty where there is none."""
    set_state(db, [corrected.id], EditionState.HELD, {EditionState.RELEASED, EditionState.DRAFT})
    over = corrected.of.day < (now.astimezone(UTC) - _LAST_ZONE).date()
    if over or corrected.of.kind is not EditionKind.NOTICE:
        return ""
    instead = edition(db, put_in_its_place(db, corrected, now))
    return "" if instead.state is EditionState.CANCELLED else instead.key
