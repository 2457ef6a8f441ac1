"""One whole pass: plan what is due, send it, say what was done. The daemon and the command make the same one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from notifier.domain.deliveries import DeliveryKind
from notifier.storage.claims import anything_due
from notifier.storage.engine import reading
from notifier.usecases.plan import plan
from notifier.usecases.sending.dispatch import send_due
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.report import SendReport

LETTERS = frozenset({DeliveryKind.SERVICE})
"""What somebody waits for."""

ANNOUNCEMENTS = frozenset(DeliveryKind) - LETTERS
"""What leaves by the day."""


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


def tick(  # noqa: PLR0913 -- what a pass is made with, and when
    engine: Engine,
    post: Post,
    began: datetime,
    now: Callable[[], datetime],
    *,
    send_until: int,
    stopping: Callable[[], bool],
    sending: bool = True,
) -> tuple[TickReport, SendReport]:
    """Make the pass that began at `began`; return what was done, and what came of sending alone.

    Sending takes its time, and asks `now` how late it has become. Without `sending` it is planned alone.
    """
    planned = plan(engine, post.press.catalog, began, send_until)
    sent = SendReport(problems=planned.problems)
    if sending:
        sent = sent.and_(send_letters(engine, post, now, stopping, began=began))
    if sending and sent.stopped is None:
        sent = sent.and_(send_due(engine, post, now, stopping, kinds=ANNOUNCEMENTS, began=began))
    report = TickReport(
        planned=planned.planned,
        sent=sent.sent,
        deferred=sent.deferred,
        refused=sent.refused,
        unknown=sent.unknown,
        expired=planned.expired + sent.expired,
        held=sent.held,
    )
    return report, sent


def send_letters(
    engine: Engine,
    post: Post,
    now: Callable[[], datetime],
    stopping: Callable[[], bool],
    *,
    began: datetime | None = None,
) -> SendReport:
    """Send what somebody waits for: it keeps to no rate, and whatever else is under way waits the longer."""
    at_once = replace(post, terms=replace(post.terms, connections=1, urgent=True))
    return send_due(engine, at_once, now, stopping, kinds=LETTERS, began=began)


def letters_due(engine: Engine, now: datetime) -> bool:
    """Whether somebody waits for a message."""
    with reading(engine) as db:
        return anything_due(db, now, LETTERS)
