"""The one writer of a pass, in a thread of its own: connections go on while the database writes."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from notifier.domain.deliveries import DeliveryState
from notifier.domain.errors import NotifierError
from notifier.domain.retries import retry_at
from notifier.storage.claims import ClaimedDelivery, put_off
from notifier.storage.engine import DatabaseError, opened, writing_on
from notifier.storage.outcomes import Ended, record_outcomes
from notifier.usecases.sending.claims import Claims, Found
from notifier.usecases.sending.hands import Attempt
from notifier.usecases.sending.report import OnRefused

_PATIENCE = 60.0
"""Seconds for which it is tried to record what has left, while the database does not answer."""

_AGAIN = 0.5
"""Seconds between two tries."""


@dataclass(slots=True)
class Turn:
    """What is written down at once: what became of these attempts, and, with `claim`, what is claimed next.

    `unmade` are editions of which no message can be made, and why; `under_way` the deliveries that are not to be
    touched meanwhile.
    """

    attempts: Sequence[Attempt]
    now: datetime
    claim: bool
    under_way: set[int]
    ended: list[Ended] = field(default_factory=list)
    of: dict[int, ClaimedDelivery] = field(default_factory=dict)
    unmade: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Written:
    """What came of it: whose claim was another's, how many wait of editions that cannot be made, what was claimed."""

    turn: Turn
    lost: frozenset[int] = frozenset()
    put_off: int = 0
    found: Found | None = None
    problems: list[str] = field(default_factory=list)


class Recorder:
    """Writes one turn after the other. Its file can be read once a turn is written."""

    def __init__(self, engine: Engine, token: UUID, claims: Claims, on_refused: OnRefused) -> None:
        self._engine = engine
        self._token = token
        self._claims = claims
        self._on_refused = on_refused
        self._thread = ThreadPoolExecutor(1, "recorder")
        self._read, self._write = os.pipe()
        self._db: Connection | None = None
        self._future: Future[Written] | None = None

    def fileno(self) -> int:
        """Return what can be read once a turn is written."""
        return self._read

    @property
    def busy(self) -> bool:
        """Whether a turn was begun and not ended."""
        return self._future is not None

    @property
    def done(self) -> bool:
        """Whether it can be ended without waiting."""
        return self._future is not None and self._future.done()

    def begin(self, turn: Turn) -> None:
        """Write a turn; the last one has ended."""
        self._future = self._thread.submit(self._commit, turn)
        self._future.add_done_callback(lambda _: os.write(self._write, b"."))

    def end(self) -> Written:
        """Return what was written, or raise why it was not."""
        assert self._future is not None  # noqa: S101 -- for the type checker: it was begun
        future, self._future = self._future, None
        os.read(self._read, 1)
        return future.result()

    def close(self) -> None:
        """End with what is under way."""
        self._thread.shutdown()
        with suppress(SQLAlchemyError):
            if self._db is not None:
                self._db.close()
        os.close(self._read)
        os.close(self._write)

    def _commit(self, turn: Turn) -> Written:
        """Write a turn; what has left is tried to be recorded for a while, should the database not answer."""
        patient_until = time.monotonic() + (_PATIENCE if turn.ended else 0)
        while True:
            try:
                return self._try(turn)
            except (DatabaseError, SQLAlchemyError):
                self._db = None
                if time.monotonic() > patient_until:
                    raise
                time.sleep(_AGAIN)

    def _try(self, turn: Turn) -> Written:
        db = self._db = self._db or opened(self._engine)
        with writing_on(db):
            return self._writing(db, turn)

    def _writing(self, db: Connection, turn: Turn) -> Written:
        written = Written(turn, record_outcomes(db, self._token, turn.ended, turn.now))
        for one in turn.ended:
            if one.state is DeliveryState.REFUSED and one.id not in written.lost:
                self._tell_of_refusal(db, turn.of[one.id], one.detail, written)
        for edition_id, detail in turn.unmade.items():
            again = retry_at(turn.now, 1)
            written.put_off += put_off(db, edition_id, self._token, detail, turn.now, again, turn.under_way)
        if turn.claim:
            written.found = self._claims.claim(db, turn.now)
        return written

    def _tell_of_refusal(self, db: Connection, delivery: ClaimedDelivery, detail: str, written: Written) -> None:
        try:
            with db.begin_nested():
                self._on_refused(db, delivery, detail, written.turn.now)
        except NotifierError as error:
            written.problems.append(f"a refused address could not be noted: {error}")
