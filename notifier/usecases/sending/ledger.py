"""What became of what one sender claimed: the one writer of a pass."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from notifier.delivery.outcomes import About, Outcome, SenderStoppedError
from notifier.domain.deliveries import DeliveryState, retry_at
from notifier.domain.errors import NotifierError
from notifier.storage.claims import ClaimedDelivery, put_off, release_claims
from notifier.storage.engine import DatabaseError, writing
from notifier.storage.outcomes import Ended, record_at_once, record_outcomes
from notifier.usecases.sending.claims import Claims
from notifier.usecases.sending.composing import EditionUnmadeError
from notifier.usecases.sending.hands import Attempt, Hands
from notifier.usecases.sending.judging import Judge, ended
from notifier.usecases.sending.report import COUNTED, SendReport, Terms

_PATIENCE = 60.0
"""Seconds for which it is tried to record what has left, while the database does not answer."""

_AGAIN = 0.5
"""Seconds between two tries."""


class _TakenOverError(Exception):
    """Something that was claimed is another's by now; all is taken back, and each outcome recorded by itself."""


@dataclass(slots=True)
class _Turn:
    """What is written down at once."""

    ended: list[Ended] = field(default_factory=list)
    of: dict[int, ClaimedDelivery] = field(default_factory=dict)
    unmade: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Written:
    """What came of writing it down."""

    lost: frozenset[int] = frozenset()
    put_off: int = 0
    claimed: Sequence[ClaimedDelivery] = ()
    problems: list[str] = field(default_factory=list)


class Ledger:
    """Records outcomes, and claims anew in the same transaction."""

    def __init__(self, engine: Engine, token: UUID, now: Callable[[], datetime], claims: Claims, terms: Terms) -> None:
        self._engine = engine
        self._token = token
        self._now = now
        self._claims = claims
        self._terms = terms
        self._judge = Judge(terms.connections)
        self._report = SendReport()
        self._problems: list[str] = []
        self._unrecorded = 0
        self.failure: BaseException | None = None
        """What a connection stumbled over that nobody expected."""

    @property
    def stopped(self) -> bool:
        """Whether nothing more is to be handed over."""
        return self._report.stopped is not None or self.failure is not None

    def stop(self, error: NotifierError) -> None:
        """Let nothing more be handed over; the first reason is the one to tell of."""
        if self._report.stopped is None:
            stop = error.stop if isinstance(error, SenderStoppedError) else None
            self._report = replace(self._report, stopped=str(error), stop=stop)

    def settle(self, attempts: Sequence[Attempt], hands: Hands, *, claim: bool) -> None:
        """Write down what became of these attempts, and `claim` more where too few wait; then connections are free."""
        claim = claim and not self.stopped and self._claims.running_low()
        if not attempts and not claim:
            return
        now = self._now()
        turn = _Turn()
        for attempt in attempts:
            self._judge_one(attempt, hands, turn, now)
        under_way = hands.busy.keys() - {attempt.delivery.id for attempt in attempts}
        written = self._commit(turn, under_way, now, claim=claim and not self.stopped)
        self._count(turn, written)
        for attempt in attempts:
            hands.release(attempt)
        for edition_id in turn.unmade:
            self._claims.drop(edition_id)
        if claim:
            self._claims.add(written.claimed)

    def close(self, *, died: bool) -> None:
        """Give back what was claimed and not tried."""
        with writing(self._engine) as db:
            release_claims(db, self._token, died=died)

    def report(self) -> SendReport:
        """Return what was done."""
        problems = list(self._problems)
        if self._unrecorded:
            problem = "the outcome of a message could not be recorded, and it may go out again"
            problems.append(f"{problem} ({self._unrecorded} in this pass)")
        return replace(self._report, problems=tuple(dict.fromkeys(problems)))

    def _judge_one(self, attempt: Attempt, hands: Hands, turn: _Turn, now: datetime) -> None:
        match attempt.result:
            case Outcome(about=About.CONNECTION) if hands.retire(attempt.by):
                self._claims.put_first(attempt.delivery)
            case Outcome() as outcome:
                last = outcome.about is About.CONNECTION
                why = self._judge.look_at(attempt.delivery, outcome, last_connection=last)
                if why is not None:
                    self.stop(why)
                one = ended(attempt.delivery, outcome, now, resend_unknown=self._terms.resend_unknown)
                turn.ended.append(one)
                turn.of[one.id] = attempt.delivery
            case EditionUnmadeError() as error:
                turn.unmade[attempt.delivery.edition_id] = Outcome.of(DeliveryState.DEFERRED, str(error)).detail
            case SenderStoppedError() as error:
                self.stop(error)
            case BaseException() as error:
                self.failure = self.failure or error

    def _commit(self, turn: _Turn, under_way: set[int], now: datetime, *, claim: bool) -> _Written:
        """Write it down; what has left is tried to be recorded for a while, should the database not answer."""
        patient_until = time.monotonic() + (_PATIENCE if turn.ended else 0)
        singly = False
        while True:
            try:
                with writing(self._engine) as db:
                    return self._write(db, turn, under_way, now, claim=claim, singly=singly)
            except _TakenOverError:
                singly = True
            except (DatabaseError, SQLAlchemyError):
                if time.monotonic() > patient_until:
                    raise
                time.sleep(_AGAIN)

    def _write(  # noqa: PLR0913 -- what is written down, around what else, and how
        self, db: Connection, turn: _Turn, under_way: set[int], now: datetime, *, claim: bool, singly: bool
    ) -> _Written:
        written = _Written()
        if singly:
            written.lost = record_outcomes(db, self._token, turn.ended, now)
        elif not record_at_once(db, self._token, turn.ended, now):
            raise _TakenOverError
        for one in turn.ended:
            if one.state is DeliveryState.REFUSED and one.id not in written.lost:
                self._tell_of_refusal(db, turn.of[one.id], one.detail, now, written)
        for edition_id, detail in turn.unmade.items():
            again = retry_at(now, 1)
            written.put_off += put_off(db, edition_id, self._token, detail, now, again, under_way)
        if claim:
            written.claimed = self._claims.claim(db, now)
        return written

    def _tell_of_refusal(
        self, db: Connection, delivery: ClaimedDelivery, detail: str, now: datetime, written: _Written
    ) -> None:
        try:
            with db.begin_nested():
                self._terms.on_refused(db, delivery, detail, now)
        except NotifierError as error:
            written.problems.append(f"a refused address could not be noted: {error}")

    def _count(self, turn: _Turn, written: _Written) -> None:
        counts = Counter(COUNTED[one.state] for one in turn.ended if one.id not in written.lost)
        counts["deferred"] += written.put_off
        self._unrecorded += len(written.lost)
        self._report = self._report.plus(**counts)
        self._problems += [*turn.unmade.values(), *written.problems]
