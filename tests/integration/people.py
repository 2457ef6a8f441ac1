"""Readers and what they get, for the tests of planning and sending."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from notifier.domain.deliveries import DeliveryState
from notifier.domain.events import Catalog
from notifier.domain.leads import OwnLeads
from notifier.domain.preferences import Preference
from notifier.domain.selections import EVERYTHING
from notifier.domain.texts import LanguageTag
from notifier.storage.claims import ClaimedDelivery, claim_batch
from notifier.storage.deliveries import Delivery, deliveries_of
from notifier.storage.editions import Edition, edition
from notifier.storage.engine import reading, writing
from notifier.storage.outcomes import Ended, record_outcomes
from notifier.storage.subscribers import Subscriber
from notifier.usecases.plan import PlanReport, plan
from notifier.usecases.subscribe import add_subscriber

SEND_UNTIL = 20


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def preference(**changes: Any) -> Preference:
    """Return what a reader in Berlin wants: 09:00, a week ahead, the day before and on the day, everything."""
    if not isinstance(changes.get("leads", OwnLeads()), OwnLeads):
        changes["leads"] = OwnLeads(changes["leads"])
    berlin: dict[str, Any] = {
        "language": LanguageTag("de"),
        "zone": "Europe/Berlin",
        "hour": 9,
        "leads": OwnLeads((7, 1, 0)),
        "digest": "none",
        "selection": EVERYTHING,
    }
    return Preference(**(berlin | changes))


def join(
    engine: Engine, catalog: Catalog, email: str, joined: str = "2027-01-10T12:00+01:00", **changes: Any
) -> Subscriber:
    return add_subscriber(engine, catalog, preference(**changes), email, "I agree", "test", at(joined))


def tick(engine: Engine, catalog: Catalog, now: str, send_until: int = SEND_UNTIL) -> PlanReport:
    return plan(engine, catalog, at(now), send_until)


def planned_for(engine: Engine, person: Subscriber) -> list[Delivery]:
    with reading(engine) as db:
        return deliveries_of(db, person.id)


def editions_for(engine: Engine, person: Subscriber) -> list[Edition]:
    with reading(engine) as db:
        return [edition(db, delivery.edition_id) for delivery in deliveries_of(db, person.id)]


def days_left(engine: Engine, person: Subscriber) -> list[tuple[int, ...]]:
    """Return the days left that each of a person's messages says, oldest message first."""
    return [tuple(notice.days for notice in one.of.notices) for one in editions_for(engine, person)]


def attempt(
    engine: Engine, now: str, outcome: DeliveryState = DeliveryState.SENT, again: str | None = None
) -> list[ClaimedDelivery]:
    """Take everything that may be sent now and let it come to this outcome."""
    token = uuid4()
    with writing(engine) as db:
        claimed = claim_batch(db, 1000, token, at(now), at(now))
    with writing(engine) as db:
        next_at = None if again is None else at(again)
        ended = [Ended(delivery.id, outcome, "as tested", next_at) for delivery in claimed]
        assert not record_outcomes(db, token, ended, at(now))
    return claimed
