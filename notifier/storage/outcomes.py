"""What became of deliveries, written down for many at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from notifier.domain.deliveries import DeliveryState
from notifier.storage.columns import UtcInstant

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


def record_outcomes(db: Connection, token: UUID, ended: Sequence[Ended], now: datetime) -> frozenset[int]:
    """Say what became of these attempts; return those of which nothing was kept, as the claim is another's by now."""
    if not ended:
        return frozenset()
    values: dict[str, object] = {"own": str(token), "at": _bound(db, now)}
    if db.dialect.name == "postgresql":
        values["ids"] = [one.id for one in ended]
        values["states"] = [one.state.value for one in ended]
        values["details"] = [one.detail for one in ended]
        values["agains"] = [one.next_at for one in ended]
        kept = db.scalars(_RECORD_POSTGRESQL, values)
    else:
        rows = [[one.id, one.state.value, one.detail, _bound(db, one.next_at)] for one in ended]
        kept = db.scalars(_RECORD_SQLITE, values | {"rows": json.dumps(rows)})
    return frozenset(one.id for one in ended) - frozenset(kept)


# Neither `+` nor COALESCE changes the claim; they keep it from being looked up in its index, which would go through all
# that is claimed. One statement for all: the driver takes longer over handing one on than the database over running it.
_RECORD = """
    UPDATE deliveries SET state = o.state, detail = o.detail, attempts = deliveries.attempts + 1, next_at = o.next_at,
        claim = NULL, updated_at = :at
    FROM ({rows}) AS o
    WHERE deliveries.id = o.id AND {claim} = :own
    RETURNING deliveries.id
"""
_RECORD_SQLITE = text(
    _RECORD.format(
        claim="+deliveries.claim",
        rows="SELECT value ->> 0 AS id, value ->> 1 AS state, value ->> 2 AS detail, value ->> 3 AS next_at "
        "FROM json_each(:rows)",
    )
)
_RECORD_POSTGRESQL = text(
    _RECORD.format(
        claim="COALESCE(deliveries.claim)",
        rows="SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:details AS text[]), "
        "CAST(:agains AS timestamptz[])) AS u (id, state, detail, next_at)",
    )
)


def _bound(db: Connection, instant: datetime | None) -> object:
    """Return an instant as the column's type hands it to the database."""
    return _INSTANT.process_bind_param(instant, db.dialect)
