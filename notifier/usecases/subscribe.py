"""Joining and leaving."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.errors import NotifierError, PreferenceError, UnknownLanguageError
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
)


class AlreadySubscribedError(NotifierError):
    """Somebody with this address is there already."""

    sentence = "{email} is there already, with the status {status}"


class DigestNotOfferedError(PreferenceError):
    """A digest, which this version would not send."""

    sentence = "this version sends no digests; leave out {digest} and every notice comes on its own day"


def add_subscriber(  # noqa: PLR0913, PLR0917  # each is a part of what was agreed to, none follows from another
    engine: Engine,
    catalog: Catalog,
    preference: Preference,
    email: str,
    consent: str,
    source: str,
    at: datetime,
    status: SubscriberStatus = SubscriberStatus.ACTIVE,
) -> Subscriber:
    """Add somebody who joined at `at` and agreed to `consent`, said at `source`.

    They count as told of everything before their local date of `at`: that day's notices still come, also where the
    day has been planned for others already, and the past never does.

    Raises AddressError, AlreadySubscribedError, UnknownLanguageError, UnknownSelectionTermError and
    DigestNotOfferedError.
    """
    email = parse_address(email)
    _check(preference, catalog)
    today = local_date(at, preference.zone)
    opens = instant_of(today, preference.hour, preference.zone)
    agreed = Consent(consent, at, source)
    try:
        with writing(engine) as db:
            preference_id = keep_preference(db, preference, opens)
            yesterday = today - timedelta(days=1)
            return insert_subscriber(
                db, email, preference_id, status=status, covered_through=yesterday, consent=agreed, at=at
            )
    except IntegrityError as error:
        with reading(engine) as db:
            there = subscriber_by_email(db, email)
        if there is None:
            raise
        raise AlreadySubscribedError(email=email, status=there.status) from error


def unsubscribe(engine: Engine, key: str, now: datetime) -> bool:
    """Stop writing to whoever the key stands for; return whether it stands for anybody. Doing it again changes nothing.

    What is planned for them and has not left expires, with "unsubscribed" as its detail. It is not superseded: that
    says that something goes out in another edition. What is unknown stays unknown.
    """
    with writing(engine) as db:
        drop_open(db, key, "unsubscribed", now)
        return leave(db, key, now)


def find_subscriber(engine: Engine, email: str) -> Subscriber | None:
    """Return whoever has this address, whatever its case."""
    with reading(engine) as db:
        return subscriber_by_email(db, email.strip())


def list_subscribers(engine: Engine) -> Iterator[Subscriber]:
    """Go through everybody, in the order they came."""
    with reading(engine) as db:
        yield from all_subscribers(db)


def _check(preference: Preference, catalog: Catalog) -> None:
    languages = catalog.calendar.languages
    if preference.language not in languages:
        raise UnknownLanguageError(language=preference.language, known=", ".join(languages))
    check_selection(preference.selection, catalog)
    if preference.digest != "none":
        raise DigestNotOfferedError(digest=preference.digest)
