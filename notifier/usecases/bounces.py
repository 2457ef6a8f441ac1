"""Messages that came back: who is no longer written to because of them.

Nothing is ever answered. An address in a report counts only where this service signed it: whoever may write to the
bounce mailbox could otherwise silence anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, Engine

from notifier.bounce_addresses import ReturnAddress
from notifier.delivery.bounce_reports import BounceReport, Verdict, read_report
from notifier.delivery.mailboxes import Mailbox, StuckMessageError
from notifier.domain.bounces import BounceKind
from notifier.domain.deliveries import SubscriberStatus
from notifier.storage.bounces import (
    Bounce,
    ReturnedDelivery,
    all_bounces,
    count_well,
    forget_bounces,
    keep_score,
    keep_unreadable,
    mark_bounced,
    note_bounce,
    recipient_key,
    returned_delivery,
)
from notifier.storage.deliveries import drop_open
from notifier.storage.engine import reading, writing
from notifier.storage.subscribers import set_status
from notifier.usecases.retention import BOUNCES_FOR

MOST = 200
"""Messages that one pass takes from the mailbox."""

THRESHOLD = 5
"""Dates on which messages come back before somebody is suspended, where settings say nothing else."""

_RAW_MOST = 100_000
_UNREADABLE_MOST = 1_000
"""So many unreadable ones are kept in the database as well; anybody can write to the mailbox."""

_SUSPENDED = (SubscriberStatus.ACTIVE, SubscriberStatus.PAUSED)
"""Who can be suspended: those who are written to, now or again later."""

Ending = Literal["failed", "delayed", "complaints", "unsubscribed", "other", "ignored", "repeated", "unreadable"]


@dataclass(frozen=True, slots=True)
class BouncePass:
    """How many messages of the mailbox were what, and how many people were suspended because of them.

    `unsubscribed` left by a message to the address in List-Unsubscribe. `ignored` carry no signature of this service,
    or are about a delivery that is no longer kept; `repeated` say what another one said before; `other` are answers by
    programs, receipts and notes of success. `problems` are sentences about messages that stay where they are.
    """

    failed: int = 0
    delayed: int = 0
    complaints: int = 0
    unsubscribed: int = 0
    suspended: int = 0
    other: int = 0
    ignored: int = 0
    repeated: int = 0
    unreadable: int = 0
    problems: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return the counts by name."""
        return {name: count for name, count in asdict(self).items() if name != "problems"}

    @property
    def did_something(self) -> bool:
        """Whether there is anything to tell of."""
        return any(self.counts().values())

    def plus(self, ending: Ending, *, suspended: bool = False) -> BouncePass:
        """Count one more message."""
        return replace(self, **{ending: getattr(self, ending) + 1, "suspended": self.suspended + suspended})


@dataclass(frozen=True, slots=True)
class BounceRules:
    """Whom a report is about, and what follows.

    `delivery_of` reads a return address, None for one of another form; `subscriber_of` a token of an unsubscribe link
    that this service signed, None for another. `suppress` is given an address, `unsubscribe` a subscriber's key, either
    again and again.
    """

    delivery_of: Callable[[str], ReturnAddress | None]
    subscriber_of: Callable[[str], str | None]
    suppress: Callable[[str, datetime], object]
    unsubscribe: Callable[[str, datetime], object]
    threshold: int = THRESHOLD


def process_bounces(  # noqa: PLR0913 -- what is read into what, by which rules, when, how much
    engine: Engine,
    mailbox: Mailbox,
    rules: BounceRules,
    now: datetime,
    *,
    most: int = MOST,
    stopping: Callable[[], bool] = lambda: False,
) -> BouncePass:
    """Read the oldest messages of an open mailbox, and act on them. Raises MailboxError.

    A message leaves the mailbox after what it says was committed. One that is read again, since the process died in
    between, changes nothing: of a delivery the same counts once.
    """
    done = BouncePass()
    with writing(engine) as db:
        forget_bounces(db, now - BOUNCES_FOR)
    for id_ in mailbox.ids(most):
        if stopping():
            break
        try:
            raw = mailbox.read(id_)
            if raw is None:
                continue
            ending, suspended = _act_on(engine, raw, rules, now)
            done = done.plus(ending, suspended=suspended)
            if ending == "unreadable":
                mailbox.keep_aside(id_)
            else:
                mailbox.done(id_)
        except StuckMessageError as error:
            done = replace(done, problems=(*done.problems, str(error)))
    return done


def count_hard_bounce(db: Connection, delivery_id: int, detail: str, now: datetime, threshold: int = THRESHOLD) -> bool:
    """Count a refusal by the recipient's server as a message that came back; return whether that suspends the person.

    It is part of the caller's transaction, and nothing happens where the delivery was counted before.
    """
    returned = returned_delivery(db, delivery_id)
    return returned is not None and _fail(db, returned, detail, now, threshold) == "suspended"


def list_bounces(engine: Engine, kind: BounceKind | None = None) -> Iterator[Bounce]:
    """Go through what is kept, of one kind or of all, newest first."""
    with reading(engine) as db:
        yield from all_bounces(db, kind)


def _act_on(engine: Engine, raw: bytes, rules: BounceRules, now: datetime) -> tuple[Ending, bool]:
    """Do what a message asks for; return what it was, and whether somebody was suspended."""
    report = read_report(raw)
    match report.verdict:
        case Verdict.OTHER:
            return "other", False
        case Verdict.UNREADABLE:
            with writing(engine) as db:
                keep_unreadable(db, raw[:_RAW_MOST], report.detail, now, most=_UNREADABLE_MOST)
            return "unreadable", False
        case Verdict.COMPLAINT:
            return _complain(engine, report, rules, now), False
        case Verdict.LEAVING:
            return ("unsubscribed" if _leave(report, rules, now) else "ignored"), False
    return _come_back(engine, report, rules, now)


def _come_back(engine: Engine, report: BounceReport, rules: BounceRules, now: datetime) -> tuple[Ending, bool]:
    """Note what a report says of a delivery; return what it was, and whether somebody was suspended."""
    with writing(engine) as db:
        returned = _returned(db, report, rules)
        if returned is None:
            return "ignored", False
        if report.verdict is Verdict.DELAYED:
            new = note_bounce(db, BounceKind.DELAYED, returned, report.detail, now)
            return "delayed" if new else "repeated", False
        outcome = _fail(db, returned, report.detail, now, rules.threshold)
    return ("repeated" if outcome == "repeated" else "failed"), outcome == "suspended"


def _complain(engine: Engine, report: BounceReport, rules: BounceRules, now: datetime) -> Ending:
    """Suppress whoever complains, known by a signed return address.

    An unsubscribe link opens one thing. Where only that is left of the message, as where a provider takes addresses
    out, it does that one thing. A Message-ID would not do: who got one message can guess another's.
    """
    with writing(engine) as db:
        returned = _returned(db, report, rules)
        new = returned is not None and note_bounce(db, BounceKind.COMPLAINT, returned, report.detail, now)
    if returned is not None:
        # Also where it is told again: the process may have died after the row and before this.
        rules.suppress(returned.email, now)
        return "complaints" if new else "repeated"
    return "complaints" if _leave(report, rules, now) else "ignored"


def _returned(db: Connection, report: BounceReport, rules: BounceRules) -> ReturnedDelivery | None:
    """Return the delivery of which one of the addresses was signed; None where none was, or it is no longer kept."""
    for read in filter(None, map(rules.delivery_of, report.addresses)):
        key = recipient_key(db, read.delivery_id)
        if key is not None and read.was_made_for(key):
            return returned_delivery(db, read.delivery_id)
    return None


def _leave(report: BounceReport, rules: BounceRules, now: datetime) -> bool:
    """Take whoever a token stands for off everything; False where there is none that was made here."""
    key = next(filter(None, map(rules.subscriber_of, report.tokens)), None)
    if key is not None:
        rules.unsubscribe(key, now)
    return key is not None


def _fail(
    db: Connection, returned: ReturnedDelivery, detail: str, now: datetime, threshold: int
) -> Literal["repeated", "counted", "suspended"]:
    """Count a delivery that failed, and suspend its person once that was so on as many dates as the threshold says."""
    if not note_bounce(db, BounceKind.FAILED, returned, detail, now):
        return "repeated"
    mark_bounced(db, returned.id, f"came back: {detail}")
    score = returned.score.raised(now.astimezone(UTC).date(), count_well(db, returned))
    keep_score(db, returned.subscriber_id, score)
    if score.count < threshold or returned.status not in _SUSPENDED:
        return "counted"
    reason = f"messages came back on {score.count} dates, the last on {score.last}: {detail}"
    drop_open(db, returned.subscriber_key, "suspended: messages came back", now)
    set_status(db, returned.subscriber_id, SubscriberStatus.SUSPENDED, now, reason=reason)
    return "suspended"
