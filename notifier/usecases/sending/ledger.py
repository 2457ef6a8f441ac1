"""What became of what one sender claimed, and why it stopped."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from notifier.delivery.outcomes import About, Outcome, SenderStoppedError
from notifier.domain.deliveries import DeliveryState
from notifier.domain.errors import NotifierError
from notifier.usecases.sending.claims import Claims
from notifier.usecases.sending.composing import EditionUnmadeError
from notifier.usecases.sending.hands import Attempt, Hands
from notifier.usecases.sending.judging import Judge, ended
from notifier.usecases.sending.recorder import Recorder, Turn
from notifier.usecases.sending.report import COUNTED, SendReport, Terms

GATHERED_FOR = 0.004
"""Seconds for which what has ended waits at most for more."""


class Ledger:
    """Judges what came of attempts, has it recorded, and lets go the connections whose outcomes are."""

    def __init__(
        self, now: Callable[[], datetime], claims: Claims, hands: Hands, recorder: Recorder, terms: Terms
    ) -> None:
        self._now = now
        self._claims = claims
        self._hands = hands
        self._recorder = recorder
        self._terms = terms
        self._judge = Judge(terms.connections)
        self._attempts: list[Attempt] = []
        self._report = SendReport()
        self._problems: list[str] = []
        self._unrecorded = 0
        self._first_ended = 0.0
        self.failure: BaseException | None = None
        """What a connection stumbled over that nobody expected."""

    @property
    def stopped(self) -> bool:
        """Whether nothing more is to be handed over."""
        return self._report.stopped is not None or self.failure is not None

    @property
    def gathering(self) -> bool:
        """Whether more is about to end that can be written down together with what has ended.

        Writing takes as long for one as for many, and who waits for it can send nothing meanwhile.
        """
        few = 0 < 2 * len(self._attempts) < len(self._hands.busy)
        return few and not self.stopped and time.monotonic() - self._first_ended < GATHERED_FOR

    def stop(self, error: NotifierError) -> None:
        """Let nothing more be handed over; the first reason is the one to tell of."""
        if self._report.stopped is None:
            stop = error.stop if isinstance(error, SenderStoppedError) else None
            self._report = replace(self._report, stopped=str(error), stop=stop)

    def settle(self, attempts: Sequence[Attempt], *, claim: bool) -> None:
        """Have it written down what became of these attempts, and `claim` more where too few wait.

        Meanwhile nobody waits for that but the connections these attempts were made on, and what ends until it is
        written is written next.
        """
        if attempts and not self._attempts:
            self._first_ended = time.monotonic()
        self._attempts += attempts
        if self._recorder.done:
            self._heed()
        if self._recorder.busy or (claim and self.gathering):
            return
        claim = claim and not self.stopped and self._claims.running_low()
        if not self._attempts and not claim:
            return
        made, self._attempts = self._attempts, []
        under_way = self._hands.busy.keys() - {attempt.delivery.id for attempt in made}
        turn = Turn(made, self._now(), claim=claim, under_way=set(under_way))
        for attempt in made:
            self._judge_one(attempt, turn)
        turn.claim = claim and not self.stopped
        self._recorder.begin(turn)

    def finish(self) -> None:
        """Wait until everything that ended is written down."""
        while self._recorder.busy or self._attempts:
            if self._recorder.busy:
                self._heed()
            self.settle((), claim=False)

    def report(self) -> SendReport:
        """Return what was done."""
        problems = list(self._problems)
        if self._unrecorded:
            problem = "the outcome of a message could not be recorded, and it may go out again"
            problems.append(f"{problem} ({self._unrecorded} in this pass)")
        return replace(self._report, problems=tuple(dict.fromkeys(problems)))

    def _judge_one(self, attempt: Attempt, turn: Turn) -> None:
        match attempt.result:
            case Outcome(about=About.CONNECTION) if self._hands.retire(attempt):
                self._claims.put_first(attempt.delivery)
            case Outcome() as outcome:
                last = outcome.about is About.CONNECTION
                why = self._judge.look_at(attempt.delivery, outcome, last_connection=last)
                if why is not None:
                    self.stop(why)
                one = ended(attempt.delivery, outcome, turn.now, resend_unknown=self._terms.resend_unknown)
                turn.ended.append(one)
                turn.of[one.id] = attempt.delivery
            case EditionUnmadeError() as error:
                turn.unmade[attempt.delivery.edition_id] = Outcome.of(DeliveryState.DEFERRED, str(error)).detail
            case SenderStoppedError() as error:
                self.stop(error)
            case BaseException() as error:
                self.failure = self.failure or error

    def _heed(self) -> None:
        """Take note of what was written; the connections are free for what comes next."""
        written = self._recorder.end()
        turn = written.turn
        counts = Counter(COUNTED[one.state] for one in turn.ended if one.id not in written.lost)
        counts["deferred"] += written.put_off
        self._unrecorded += len(written.lost)
        self._report = self._report.plus(**counts)
        self._problems += [*turn.unmade.values(), *written.problems]
        for attempt in turn.attempts:
            self._hands.release(attempt)
        for edition_id in turn.unmade:
            self._claims.drop(edition_id)
        if written.found is not None:
            self._claims.add(written.found)
