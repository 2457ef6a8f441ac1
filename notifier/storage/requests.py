"""What somebody who left is asked to confirm, kept apart from what they once agreed to."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, update

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.preferences import Preference, parse_preference
from notifier.storage.subscribers import Consent, Subscriber
from notifier.storage.tables import subscribers


@dataclass(frozen=True, slots=True)
class Request:
    """A preference and a consent that nobody has confirmed yet."""

    preference: Preference
    consent: Consent


def note_request(db: Connection, id_: int, request: Request, nonce: str) -> None:
    """Note what somebody who left is asked to confirm, from the instant of the consent on; all else stays as it is."""
    consent = request.consent
    kept = {"preference": request.preference.key, "wording": consent.wording, "source": consent.source}
    text = json.dumps(kept | {"ip": consent.ip}, ensure_ascii=False)
    values = {"request": text, "requested_at": consent.at, "nonce": nonce}
    left = subscribers.c.status == SubscriberStatus.UNSUBSCRIBED
    db.execute(update(subscribers).where(subscribers.c.id == id_, left).values(values))


def request_of(person: Subscriber) -> Request | None:
    """Return what somebody is asked to confirm who left before; None for everybody else."""
    if person.request is None or person.requested_at is None:
        return None
    kept = json.loads(person.request)
    consent = Consent(kept["wording"], person.requested_at, kept["source"], kept["ip"])
    return Request(parse_preference(kept["preference"]), consent)
