"""Identities of published entries, and when each last changed.

An entry's identity is its event's first id and the nominal year in the event's own calendar, never a host, a clock or
a counter: moving the service or the address duplicates nothing in anybody's calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from notifier.domain.events import Event


def uid_of(event: Event, year: int, calendar_id: str, suffix: str = "") -> str:
    """Return the iCalendar UID (RFC 5545 §3.8.4.7) of one anniversary: `black-january.2027@remembrance.example.org`."""
    return f"{event.permanent_id}.{year}{suffix}@{calendar_id}"


@dataclass(frozen=True, slots=True)
class Revision:
    """When one entry's content last changed in one language, and how often.

    `digest` is SHA-256 of the content, without addresses and subscribers' options. Instants are UTC, whole seconds.
    """

    uid: str
    language: str
    sequence: int
    created: datetime
    revised: datetime
    digest: str


def start_of(published: date) -> datetime:
    """Return the instant that an entry which never changed carries: midnight UTC of the calendar's `published`."""
    return datetime.combine(published, time(), UTC)


def first_revision(uid: str, language: str, digest: str, published: date) -> Revision:
    """Return the revision of an entry that never changed; the same in every fresh database."""
    return Revision(uid, language, 0, start_of(published), start_of(published), digest)


def revised(previous: Revision, digest: str, now: datetime) -> Revision:
    """Return the revision after `previous`; the same one when the content is the same.

    Taking a change back is a change: SEQUENCE rises and the instant moves forward, whatever the clock says.
    """
    return previous if digest == previous.digest else raised(previous, digest, now)


def raised(previous: Revision, digest: str, now: datetime) -> Revision:
    """Return the revision after `previous`, also where the content is the same: an entry cancelled, or come back."""
    instant = later_than(previous.revised, now)
    return replace(previous, sequence=previous.sequence + 1, revised=instant, digest=digest)


def later_than(previous: datetime, now: datetime) -> datetime:
    """Return `now` in whole seconds, or one second after `previous` where the clock has not passed that."""
    return max(now.astimezone(UTC).replace(microsecond=0), previous + timedelta(seconds=1))
