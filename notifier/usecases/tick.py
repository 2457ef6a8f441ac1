"""One whole pass: plan what is due, send it, say what was done. The daemon and the command make the same one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Engine

from notifier.delivery.outcomes import Sender
from notifier.usecases.plan import plan
from notifier.usecases.send import Press, send_due


@dataclass(frozen=True, slots=True)
class TickReport:
    """What one pass did: deliveries made, and what came of those that left; anniversaries that came too late."""

    planned: int
    sent: int
    deferred: int
    refused: int
    unknown: int
    expired: int
    held: int

    def counts(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)

    @property
    def did_something(self) -> bool:
        """Whether there is anything to tell of; what is held is so at every pass, and is no news."""
        return any(count for name, count in self.counts().items() if name != "held")


def tick(  # noqa: PLR0913 -- what a pass is made with
    engine: Engine,
    sender: Sender,
    press: Press,
    began: datetime,
    now: Callable[[], datetime],
    *,
    send_until: int,
    stopping: Callable[[], bool],
    resend_unknown: bool,
) -> tuple[TickReport, str | None]:
    """Make the pass that began at `began`; return what was done, and why not everything went out where it did not.

    Sending takes its time, and asks `now` how late it has become.
    """
    planned = plan(engine, press.catalog, began, send_until)
    sent = send_due(engine, sender, press, now, stopping, began=began, resend_unknown=resend_unknown)
    report = TickReport(
        planned=planned.planned,
        sent=sent.sent,
        deferred=sent.deferred,
        refused=sent.refused,
        unknown=sent.unknown,
        expired=planned.expired + sent.expired,
        held=sent.held,
    )
    return report, sent.trouble
