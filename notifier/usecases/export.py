"""Everything that is kept about one person, for themselves."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from notifier.domain.preferences import Preference
from notifier.storage.engine import reading
from notifier.storage.own_data import bounces_of, messages_to
from notifier.storage.requests import request_of
from notifier.storage.subscribers import Consent, Subscriber, subscriber_by_key
from notifier.usecases.manage import GoneError


def export_person(engine: Engine, key: str, now: datetime) -> bytes:
    """Return everything that is kept about whoever the key stands for, as JSON in UTF-8. Raises GoneError."""
    with reading(engine) as db:
        person = subscriber_by_key(db, key)
        if person is None:
            raise GoneError
        messages = [message._asdict() for message in messages_to(db, person.id)]
        returned = [bounce._asdict() for bounce in bounces_of(db, person.id)]
    content = {"exported_at": now, **_person(person), "messages": messages, "returned": returned}
    return json.dumps(content, ensure_ascii=False, indent=2, default=_written).encode()


def _person(person: Subscriber) -> dict[str, Any]:
    requested = request_of(person)
    return {
        "email": person.email,
        "status": person.status.value,
        "reason": person.reason,
        "paused_until": person.paused_until,
        "preference": _preference(person.preference) | {"zone": person.zone},
        "consent": _consent(person.consent),
        "confirmed_at": person.confirmed_at,
        "request": None
        if requested is None
        else {"preference": _preference(requested.preference), "consent": _consent(requested.consent)},
        "told_through": person.covered_through,
        "returned_messages": person.bounces,
        "returned_on": person.bounced_on,
        "tags": list(person.tags),
        "created_at": person.created_at,
        "updated_at": person.updated_at,
    }


def _preference(wanted: Preference) -> dict[str, Any]:
    return {
        "lang": wanted.language,
        "zone": wanted.zone,
        "hour": wanted.hour,
        "leads": str(wanted.leads) or None,
        "digest": wanted.digest,
        "select": str(wanted.selection),
    }


def _consent(consent: Consent) -> dict[str, Any]:
    return {"wording": consent.wording, "at": consent.at, "source": consent.source, "ip": consent.ip}


def _written(value: object) -> str:
    """Write a date or an instant (ISO 8601), and the words that states are."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
