"""Subscribing by form: asking, and confirming what was asked for (double opt-in).

Whether an address is known cannot be seen from outside: whoever asks is told the same, and only the mailbox says more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from notifier.domain.deliveries import EditionKind, SubscriberStatus
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog
from notifier.domain.preferences import Preference, parse_address
from notifier.storage.engine import reading, writing
from notifier.storage.keys import random_key
from notifier.storage.requests import Request, note_request, request_of
from notifier.storage.service_messages import drop_service
from notifier.storage.subscribers import (
    Consent,
    Subscriber,
    ask_again,
    confirm,
    insert_subscriber,
    subscriber_by_email,
    subscriber_by_key,
)
from notifier.storage.suppressions import is_suppressed
from notifier.tokens import CONFIRM_FOR, PART_LENGTH
from notifier.usecases.letters import SUBSCRIBED_ALREADY, about_welcome, first_day, may_write, write_letter
from notifier.usecases.standing import covered_anew
from notifier.usecases.subscribe import check_preference, day_before, keep_due, local_day

_TO_CONFIRM = frozenset({SubscriberStatus.PENDING, SubscriberStatus.UNSUBSCRIBED})


class NothingToConfirmError(NotifierError):
    """A link that was used, was replaced by a newer one, or is too old."""

    sentence = "There is nothing to confirm at this link any more."


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody asks for: for which address, and what they agreed to."""

    email: str
    preference: Preference
    consent: Consent


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What somebody confirmed on which local date, and the first on which a message can come."""

    preference: Preference
    on: date
    first: date


def sign_up(engine: Engine, catalog: Catalog, asked: SignUp, hash_of: Callable[[str], str]) -> None:
    """Ask an address to confirm what was asked for at the instant of the consent.

    Whoever is subscribed is sent a link to their settings instead, and nothing of theirs is changed; suppressed
    addresses are sent nothing; nobody is sent another message before the last one has cooled down.
    Raises AddressError, UnknownLanguageError and UnknownSelectionTermError, whoever has the address.
    """
    email = parse_address(asked.email)
    check_preference(asked.preference, catalog)
    try:
        with writing(engine) as db:
            person = subscriber_by_email(db, email, lock=True)
            suppressed = is_suppressed(db, hash_of(email))
            if suppressed or (person is not None and person.status is SubscriberStatus.SUPPRESSED):
                return
            _ask(db, person, email, asked)
    except IntegrityError:
        # Somebody asked for the same address at this moment, and is sent a message.
        with reading(engine) as db:
            if subscriber_by_email(db, email) is None:
                raise


def _ask(db: Connection, person: Subscriber | None, email: str, asked: SignUp) -> None:
    preference, now, nonce = asked.preference, asked.consent.at, random_key(PART_LENGTH)
    today, covered = local_day(preference, now), day_before(preference, now)
    if person is None:
        preference_id = keep_due(db, preference, now)
        pending = SubscriberStatus.PENDING
        person = insert_subscriber(
            db,
            email,
            preference_id,
            status=pending,
            covered_through=covered,
            consent=asked.consent,
            at=now,
            nonce=nonce,
        )
    elif person.status in _TO_CONFIRM:
        if not may_write(db, person, EditionKind.CONFIRM, now):
            return
        if person.status is SubscriberStatus.UNSUBSCRIBED:
            # Anybody can type an address: what its owner once agreed to stands until they say something else.
            note_request(db, person.id, Request(preference, asked.consent), nonce)
        else:
            ask_again(db, person.id, keep_due(db, preference, now), person.covered_through, asked.consent, nonce)
        drop_service(db, person.id, EditionKind.CONFIRM, now)
    else:
        if may_write(db, person, EditionKind.MANAGE, now):
            write_letter(db, person, person.preference.language, EditionKind.MANAGE, SUBSCRIBED_ALREADY, today, now)
        return
    write_letter(db, person, preference.language, EditionKind.CONFIRM, preference.key, today, now)


def open_question(engine: Engine, key: str, nonce: str, now: datetime) -> Subscriber:
    """Return who is asked to confirm with this nonce. Raises NothingToConfirmError."""
    with reading(engine) as db:
        return _asked(db, key, nonce, now)


def confirm_sign_up(  # noqa: PLR0913, PLR0917  # whose link, and what a first message depends on
    engine: Engine, key: str, nonce: str, hash_of: Callable[[str], str], now: datetime, send_until: int
) -> Confirmed:
    """Make active who was asked, and welcome them. Raises NothingToConfirmError: it can be done once.

    They count as told of everything before today.
    """
    with writing(engine) as db:
        person = _asked(db, key, nonce, now)
        if is_suppressed(db, hash_of(person.email)):
            raise NothingToConfirmError
        wanted = request_of(person)
        preference = person.preference if wanted is None else wanted.preference
        preference_id = keep_due(db, preference, now)
        requested = None if wanted is None else (preference_id, wanted.consent)
        if not confirm(db, key, nonce, covered_anew(db, person, preference, now), now, requested=requested):
            raise NothingToConfirmError
        today, first = local_day(preference, now), first_day(preference, now, send_until)
        about = about_welcome(preference, first)
        write_letter(db, person, preference.language, EditionKind.WELCOME, about, today, now)
        return Confirmed(preference, today, first)


def _asked(db: Connection, key: str, nonce: str, now: datetime) -> Subscriber:
    person = subscriber_by_key(db, key)
    if person is None or person.nonce != nonce:
        raise NothingToConfirmError
    if not now < (person.requested_at or person.consent.at) + CONFIRM_FOR:
        raise NothingToConfirmError
    if person.status not in _TO_CONFIRM:
        raise NothingToConfirmError
    return person
