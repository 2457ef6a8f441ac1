"""Joining by other means than the form, and leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.errors import NotifierError, UnknownLanguageError
from notifier.domain.events import Catalog
from notifier.domain.hours import instant_of, local_date
from notifier.domain.preferences import Preference, parse_address
from notifier.domain.selections import check_selection
from notifier.storage.deliveries import drop_open
from notifier.storage.engine import reading, writing
from notifier.storage.preferences import keep_preference
from notifier.storage.subscribers import (
    Consent,
    Subscriber,
    all_subscribers,
    insert_subscriber,
    leave,
    subscriber_by_email,
    subscriber_by_key,
)
from notifier.storage.suppressions import is_suppressed

LEFT = "unsubscribed"
"""What is said of a delivery that its person left before it went out."""


class AlreadySubscribedError(NotifierError):
    """Somebody with this address is there already."""

    sentence = "{email} is there already, with the status {status}"


class SuppressedError(NotifierError):
    """An address that is never to be written to again."""

    sentence = "{email} is never to be written to again, and was not added"


def add_subscriber(  # noqa: PLR0913, PLR0917  # each is a part of what was agreed to, none follows from another
    engine: Engine,
    catalog: Catalog,
    preference: Preference,
    email: str,
    consent: str,
    source: str,
    at: datetime,
    status: SubscriberStatus = SubscriberStatus.ACTIVE,
    *,
    hash_of: Callable[[str], str] | None = None,
) -> Subscriber:
    """Add somebody who joined at `at` and agreed to `consent`, said at `source`.

    They count as told of everything before their local date of `at`: that day's notices still come, also where the
    day has been planned for others already, and the past never does. `hash_of` is what suppressed addresses are known
    by; without it, only people who are there are looked at.

    Raises AddressError, AlreadySubscribedError, SuppressedError, UnknownLanguageError and UnknownSelectionTermError.
    """
    email = parse_address(email)
    check_preference(preference, catalog)
    agreed = Consent(consent, at, source)
    try:
        with writing(engine) as db:
            if hash_of is not None and is_suppressed(db, hash_of(email)):
                raise SuppressedError(email=email)
            preference_id = keep_due(db, preference, at)
            yesterday = day_before(preference, at)
            return insert_subscriber(
                db, email, preference_id, status=status, covered_through=yesterday, consent=agreed, at=at
            )
    except IntegrityError as error:
        with reading(engine) as db:
            there = subscriber_by_email(db, email)
        if there is None:
            raise
        raise AlreadySubscribedError(email=email, status=there.status) from error


def unsubscribe(
    engine: Engine, key: str, now: datetime, note_left: Callable[[list[str], datetime], None] = lambda _, __: None
) -> SubscriberStatus | None:
    """Stop writing to whoever the key stands for; return where they stood before, None where it stands for nobody.

    Doing it again changes nothing. What is planned for them and has not left expires, with "unsubscribed" as its
    detail. It is not superseded: that says that something goes out in another edition. What is unknown stays unknown.
    `note_left` is told of the address before that is committed, so that no backup brings them back.
    """
    with writing(engine) as db:
        drop_open(db, key, LEFT, now)
        before = leave(db, key, now)
        person = subscriber_by_key(db, key)
        if person is not None and person.status is SubscriberStatus.UNSUBSCRIBED and before is not person.status:
            note_left([person.email], now)
        return before


def find_subscriber(engine: Engine, email: str) -> Subscriber | None:
    """Return whoever has this address, whatever its case."""
    with reading(engine) as db:
        return subscriber_by_email(db, email.strip())


def list_subscribers(engine: Engine) -> Iterator[Subscriber]:
    """Go through everybody, in the order they came."""
    with reading(engine) as db:
        yield from all_subscribers(db)


def keep_due(db: Connection, preference: Preference, now: datetime) -> int:
    """Return the preference's id; the planner looks at it at the reader's hour today, or at once where that is past."""
    opens = instant_of(local_day(preference, now), preference.hour, preference.zone)
    return keep_preference(db, preference, opens)


def local_day(preference: Preference, now: datetime) -> date:
    """Return the date that `now` has for the reader."""
    return local_date(now, preference.zone)


def day_before(preference: Preference, now: datetime) -> date:
    """Return the date before the reader's own: whoever begins now counts as told of everything through it."""
    return local_day(preference, now) - timedelta(days=1)


def check_preference(preference: Preference, catalog: Catalog) -> None:
    """Raise UnknownLanguageError or UnknownSelectionTermError for what the calendar does not have."""
    languages = catalog.calendar.languages
    if preference.language not in languages:
        raise UnknownLanguageError(language=preference.language, known=", ".join(languages))
    check_selection(preference.selection, catalog)
