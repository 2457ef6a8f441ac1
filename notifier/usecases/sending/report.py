"""What a pass of sending did, and the terms it goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from notifier.delivery.outcomes import Stop
from notifier.domain.deliveries import DeliveryState
from notifier.domain.discretion import without_addresses
from notifier.storage.claims import ClaimedDelivery

OnRefused = Callable[[Connection, ClaimedDelivery, str, datetime], None]
"""Told of an address that was refused, and in which words, in the transaction that records it."""


def _nobody(_db: Connection, _delivery: ClaimedDelivery, _detail: str, _now: datetime) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How sending goes about it.

    `rate` and `domain_rate` are messages a second, of all senders together; None is no limit. `urgent` messages wait
    for no rate, and those that come after wait the longer. Whatever waited longer than `ask_again_after` seconds
    between its claim and a free connection is asked for once more.
    """

    connections: int = 1
    rate: float | None = None
    domain_rate: float | None = None
    urgent: bool = False
    resend_unknown: bool = True
    ask_again_after: float = 1.0
    on_refused: OnRefused = _nobody


@dataclass(frozen=True, slots=True)
class SendReport:
    """How many messages came to which end, how many are held, and why sending stopped, when it did.

    `deferred` counts those that broke off and are due again as well. `problems` did not stop it: editions that cannot
    be made and wait, outcomes that could not be recorded. `stop` is of what sort the reason is, where nothing can be
    sent until somebody mends it.
    """

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    unknown: int = 0
    expired: int = 0
    held: int = 0
    stopped: str | None = None
    stop: Stop | None = None
    problems: tuple[str, ...] = ()

    @property
    def trouble(self) -> str | None:
        """Why not everything went out, without anybody's address; None when nothing stands in the way."""
        return without_addresses("; ".join(filter(None, (self.stopped, *self.problems)))) or None

    def and_(self, other: SendReport) -> SendReport:
        """Return both passes as one; what is held was counted by one of them alone."""
        return replace(
            self.plus(other.sent, other.deferred, other.refused, other.unknown, other.expired),
            held=self.held + other.held,
            stopped=self.stopped or other.stopped,
            stop=self.stop or other.stop,
            problems=tuple(dict.fromkeys((*self.problems, *other.problems))),
        )

    def plus(
        self, sent: int = 0, deferred: int = 0, refused: int = 0, unknown: int = 0, expired: int = 0
    ) -> SendReport:
        """Return the report with so many more."""
        return replace(
            self,
            sent=self.sent + sent,
            deferred=self.deferred + deferred,
            refused=self.refused + refused,
            unknown=self.unknown + unknown,
            expired=self.expired + expired,
        )


COUNTED = {
    DeliveryState.SENT: "sent",
    DeliveryState.DUE: "deferred",
    DeliveryState.DEFERRED: "deferred",
    DeliveryState.REFUSED: "refused",
    DeliveryState.UNKNOWN: "unknown",
    DeliveryState.EXPIRED: "expired",
}
"""Under what each end of an attempt is counted."""
