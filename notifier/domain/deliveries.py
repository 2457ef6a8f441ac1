"""Editions and deliveries: what a message says, and what became of it for one person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from notifier.domain.notices import Notice


class EditionState(StrEnum):
    """draft → released | held → cancelled. Only released editions go out."""

    DRAFT = "draft"
    RELEASED = "released"
    HELD = "held"
    CANCELLED = "cancelled"


class DeliveryState(StrEnum):
    """due → claimed → sent | deferred | refused | unknown | expired | superseded."""

    DUE = "due"
    CLAIMED = "claimed"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class DeliveryKind(StrEnum):
    """Why a message goes to somebody, which says how often it may.

    A `notice`, digests included, goes once to a person and local date; a `correction` once to a person and corrected
    edition; a `service` message (confirm, welcome, manage) on request.
    """

    NOTICE = "notice"
    CORRECTION = "correction"
    SERVICE = "service"


class EditionKind(StrEnum):
    """What a message is."""

    NOTICE = "notice"
    CORRECTION = "correction"
    CONFIRM = "confirm"
    WELCOME = "welcome"
    MANAGE = "manage"

    @property
    def delivery(self) -> DeliveryKind:
        """The kind of the deliveries that bring it."""
        if self in {EditionKind.NOTICE, EditionKind.CORRECTION}:
            return DeliveryKind(self.value)
        return DeliveryKind.SERVICE


class SubscriberStatus(StrEnum):
    """Where somebody stands. Only active people are written to."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"
    SUSPENDED = "suspended"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, order=True)
class NoticeKey:
    """A notice as an edition keeps it: the event's first id, the nominal year, and the days left.

    `begins` is the reader's wall time with its offset (ISO 8601), where the message states when the observance begins.
    """

    days: int
    event: str
    year: int
    begins: str = ""


@dataclass(frozen=True, slots=True)
class EditionKey:
    """What makes two messages the same edition: one language, one local date, the same notices and the same outlook.

    Holds identities alone, so that a mended text can still reach an edition that has not begun. `outlook` is what a
    digest looks ahead to, without what the notices speak of. `about` says what else an edition is made from: the
    preference a service message speaks of, the key of the edition that is corrected.
    """

    language: str
    day: date
    notices: tuple[NoticeKey, ...] = ()
    outlook: tuple[NoticeKey, ...] = ()
    kind: EditionKind = EditionKind.NOTICE
    about: str = ""

    @classmethod
    def of(cls, language: str, day: date, notices: Iterable[Notice], outlook: Iterable[Notice] = ()) -> EditionKey:
        """Build a message of notices, and of what a digest looks ahead to, both in any order.

        What has a section of its own is not looked ahead to as well.
        """
        told = _keys(notices)
        sections = {(key.event, key.year) for key in told}
        return cls(language, day, told, tuple(k for k in _keys(outlook) if (k.event, k.year) not in sections))

    @property
    def furthest(self) -> date:
        """The last day it speaks of; its own, where it speaks of none."""
        return self.day + timedelta(days=max((key.days for key in (*self.notices, *self.outlook)), default=0))

    @property
    def digest(self) -> str:
        """SHA-256 over the parts, in hexadecimal; equal keys have equal digests on every machine."""
        lines = [self.language, self.day.isoformat()]
        lines += [" ".join(filter(None, (n.event, str(n.year), str(n.days), n.begins))) for n in self.notices]
        lines += [f"outlook {n.event} {n.year} {n.days}" for n in self.outlook]
        if self.kind is not EditionKind.NOTICE:
            lines += [f"{self.kind} {self.about}"]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _keys(notices: Iterable[Notice]) -> tuple[NoticeKey, ...]:
    return tuple(sorted(_key(notice) for notice in notices))


def _key(notice: Notice) -> NoticeKey:
    begins = "" if notice.begins is None else notice.begins.isoformat(timespec="minutes")
    return NoticeKey(notice.days, notice.occurrence.event.permanent_id, notice.occurrence.year, begins)
