"""Correcting: exactly those who got a message are told what it should have said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from notifier.content.editions import EditionText
from notifier.domain.deliveries import EditionKey, EditionKind
from notifier.domain.errors import NotifierError
from notifier.storage.corrections import correct_for, corrections_of, preferences_reached
from notifier.storage.editions import Edition, EditionContent, edition, edition_by_key, keep_content, keep_editions
from notifier.storage.engine import reading, writing

_LASTS = timedelta(days=3)
"""How long a correction is tried for; after that it would confuse more than it mends."""


class NoEditionError(NotifierError):
    """No edition has this key."""

    wrong_use = True
    sentence = 'there is no edition "{key}"; its key stands in the address of its page'


class NobodyGotItError(NotifierError):
    """Nothing to correct."""

    sentence = "nobody has got the edition {key}, so there is nothing to correct; hold it, and mend the calendar"


class CorrectedAlreadyError(NotifierError):
    """One correction a person and edition."""

    sentence = "the edition {key} was corrected already, by {correction}; to correct that one, name its key"


class EmptyCorrectionError(NotifierError):
    """A file without words."""

    wrong_use = True
    sentence = "the correction says nothing; write into its file what the message should have said"


@dataclass(frozen=True, slots=True)
class Correction:
    """The new edition's key, and how many it goes to."""

    key: str
    people: int


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

    It is kept as one edition, so that a command given twice sends nothing twice. `render` makes the message.
    """
    if not text.strip():
        raise EmptyCorrectionError
    with reading(engine) as db:
        corrected = edition_by_key(db, key)
        if corrected is None or corrected.content is None:
            raise NoEditionError(key=key)
        there = corrections_of(db, key)
    if there:
        raise CorrectedAlreadyError(key=key, correction=there[0][0])
    message = render(corrected, text)
    of = EditionKey(corrected.of.language, corrected.of.day, kind=EditionKind.CORRECTION, about=key)
    with writing(engine) as db:
        id_ = keep_editions(db, [of], now)[of]
        keep_content(db, id_, EditionContent(message.subject, message.text, message.html))
        people = 0
        for preference_id, preference in preferences_reached(db, corrected.id).items():
            today = preference.window(now, send_until)
            opens = today.opens if now < today.closes else preference.window(now, send_until, days=1).opens
            people += correct_for(db, id_, corrected.id, preference_id, max(opens, now), opens + _LASTS, now)
        if people == 0:
            raise NobodyGotItError(key=key)
        made = edition(db, id_)
    return Correction(made.key, people)
