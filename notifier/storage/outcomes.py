"""What became of deliveries, written down for many at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, text, update

from notifier.domain.deliveries import DeliveryState
from notifier.storage.tables import UtcInstant, deliveries

_INSTANT = UtcInstant()


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of one attempt.

    `next_at` is when it is tried again: always with `deferred` and `due`, with `unknown` where it is to be sent once
    more.
    """

    id: int
    state: DeliveryState
    detail: str
    next_at: datetime | None = None


def record_at_once(db: Connection, token: UUID, ended: Sequence[Ended], now: datetime) -> bool:
    """Say what became of these attempts, in one statement.

    False where the claim of one or more is another's by now: the transaction is then to be taken back, and
    `record_outcomes` says which.
    """
    if not ended:
        return True
    values: dict[str, object] = {"own": str(token), "at": _bound(db, now)}
    if db.dialect.name == "postgresql":
        values["ids"] = [one.id for one in ended]
        values["states"] = [one.state.value for one in ended]
        values["details"] = [one.detail for one in ended]
        values["agains"] = [one.next_at for one in ended]
        return db.execute(_AT_ONCE_POSTGRESQL, values).rowcount == len(ended)
    values["rows"] = json.dumps([[one.id, one.state.value, one.detail, _bound(db, one.next_at)] for one in ended])
    return db.execute(_AT_ONCE_SQLITE, values).rowcount == len(ended)


def record_outcomes(db: Connection, token: UUID, ended: Sequence[Ended], now: datetime) -> frozenset[int]:
    """Say what became of these attempts; return those of which nothing was kept, as the claim is another's by now."""
    own = update(deliveries).where(deliveries.c.id == bindparam("one"), deliveries.c.claim == str(token))
    statement = own.values(
        state=bindparam("became"),
        detail=bindparam("said"),
        attempts=deliveries.c.attempts + 1,
        next_at=bindparam("again"),
        claim=None,
        updated_at=now,
    )
    lost = set()
    for one in ended:
        values = {"one": one.id, "became": one.state, "said": one.detail, "again": one.next_at}
        if not db.execute(statement, values).rowcount:
            lost.add(one.id)
    return frozenset(lost)


# Whoever runs a statement lets other threads go first, once for each row that it goes through by itself: with one
# statement for all, connections are kept waiting less.
_AT_ONCE = """
    UPDATE deliveries SET state = o.state, detail = o.detail, attempts = deliveries.attempts + 1, next_at = o.next_at,
        claim = NULL, updated_at = :at
    FROM ({rows}) AS o
    WHERE deliveries.id = o.id AND {claim} = :own
"""
_AT_ONCE_SQLITE = text(
    _AT_ONCE.format(
        # With the sign it is not looked up in its index, which would go through all that is claimed for each row.
        claim="+deliveries.claim",
        rows="SELECT value ->> 0 AS id, value ->> 1 AS state, value ->> 2 AS detail, value ->> 3 AS next_at "
        "FROM json_each(:rows)",
    )
)
_AT_ONCE_POSTGRESQL = text(
    _AT_ONCE.format(
        claim="deliveries.claim",
        rows="SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:details AS text[]), "
        "CAST(:agains AS timestamptz[])) AS u (id, state, detail, next_at)",
    )
)


def _bound(db: Connection, instant: datetime | None) -> object:
    """Return an instant as the column's type hands it to the database."""
    return _INSTANT.process_bind_param(instant, db.dialect)
