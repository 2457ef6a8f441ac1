"""The pass: deliveries are claimed, given to free connections, and recorded together; one thread does all of that.

A connection gets its next message only after the last one's outcome is committed. So a kill at any instant loses
nothing, and repeats at most the one message in flight on each connection, with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from notifier.domain.deliveries import DeliveryKind
from notifier.storage.claims import anything_due
from notifier.storage.deliveries import reasons_put_off
from notifier.storage.engine import DatabaseError, reading
from notifier.storage.leaving import EVERY_KIND
from notifier.storage.locks import Held, SenderLockLostError, release_dead, sender_lock
from notifier.storage.sending import count_held
from notifier.usecases.sending.claims import Claims
from notifier.usecases.sending.composing import Composer
from notifier.usecases.sending.hands import Hands
from notifier.usecases.sending.ledger import GATHERED_FOR, Ledger
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.recorder import Recorder
from notifier.usecases.sending.report import SendReport

_LOOK = 0.1
"""Seconds after which it is looked whether to stop, where nothing happens meanwhile."""

_LAST_WORDS = 5.0
"""Seconds that connections have to finish when the pass is broken off."""


def send_due(  # noqa: PLR0913 -- what is sent of which database with what, and when
    engine: Engine,
    post: Post,
    now: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    *,
    kinds: Collection[DeliveryKind] = EVERY_KIND,
    began: datetime | None = None,
) -> SendReport:
    """Send what is due of these kinds, until nothing is left or `stopping` says so; `now` is asked again and again.

    Any number of processes may do so on one database: each delivery is claimed by one. `began` is the instant of the
    pass this is a part of, where that is not now.
    """
    terms, token = post.terms, uuid4()
    release_dead(engine, token)
    with reading(engine) as db:
        due = anything_due(db, now(), kinds)
    report = SendReport()
    if due:
        with sender_lock(engine, token) as held:
            claims = Claims(engine, token, now, began or now(), kinds, terms)
            recorder = Recorder(engine, token, claims, terms.on_refused)
            hands = Hands(post.open_sender, Composer(engine, post.press), now, terms.connections, recorder)
            ledger = Ledger(now, claims, hands, recorder, terms)
            report = _Pass(claims, ledger, hands, recorder, held, now).until(stopping)
    return _with_what_waits(engine, report, kinds)


def _with_what_waits(engine: Engine, report: SendReport, kinds: Collection[DeliveryKind]) -> SendReport:
    if DeliveryKind.NOTICE not in kinds:
        return report
    with reading(engine) as db:
        return report.and_(SendReport(held=count_held(db), problems=tuple(reasons_put_off(db))))


class _Pass:
    """One pass of one sender."""

    def __init__(  # noqa: PLR0913, PLR0917 -- everybody who works in it
        self,
        claims: Claims,
        ledger: Ledger,
        hands: Hands,
        recorder: Recorder,
        held: Held,
        now: Callable[[], datetime],
    ) -> None:
        self._claims = claims
        self._ledger = ledger
        self._hands = hands
        self._recorder = recorder
        self._held = held
        self._now = now

    def until(self, stopping: Callable[[], bool]) -> SendReport:
        """Send until nothing is left, or until it is time to stop."""
        try:
            self._go(stopping)
            self._ledger.finish()
        except BaseException:
            self._break_off()
            raise
        self._hands.dismiss()
        self._recorder.close()
        self._claims.close(died=self._ledger.failure is not None)
        if self._ledger.failure is not None:
            raise self._ledger.failure
        return self._ledger.report()

    def _go(self, stopping: Callable[[], bool]) -> None:
        claims, ledger, hands, recorder = self._claims, self._ledger, self._hands, self._recorder
        going = True
        while going or hands.busy:
            going = going and not ledger.stopped and not stopping()
            if going and not self._held():
                ledger.stop(SenderLockLostError())
                going = False
            if going:
                self._hand_out()
                going = bool(hands.busy) or recorder.busy or claims.more_to_come()
            idle = not hands.busy and not recorder.busy
            patience = 0.0 if idle and (not going or claims.wanted_at_once) else _LOOK
            if ledger.gathering:
                patience = GATHERED_FOR
            ledger.settle(hands.gather(patience), claim=going)

    def _hand_out(self) -> None:
        hands = self._hands
        while hands.free and (delivery := self._claims.next(self._now())) is not None:
            hands.take(delivery)

    def _break_off(self) -> None:
        """Give back what can be given back now, and the next pass the rest; the error to tell of is another one."""
        with suppress(DatabaseError, SQLAlchemyError):
            self._ledger.settle(self._hands.drain(_LAST_WORDS), claim=False)
            self._ledger.finish()
        self._hands.dismiss()
        self._recorder.close()
        with suppress(DatabaseError, SQLAlchemyError):
            self._claims.close(died=True)
