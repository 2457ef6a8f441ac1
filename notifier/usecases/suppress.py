"""Addresses that are never written to again, and people who are forgotten.

What is kept of either is a keyed hash, in the database and in a journal beside it, so that neither an import nor a
restored backup brings them back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine

from notifier.domain.deliveries import SubscriberStatus
from notifier.storage.deliveries import drop_open
from notifier.storage.engine import reading, writing
from notifier.storage.service_messages import lock_open
from notifier.storage.subscribers import (
    Subscriber,
    all_addresses,
    erase,
    leave,
    subscriber_by_email,
    subscriber_by_key,
    suppress_all,
)
from notifier.storage.suppressions import Journal, Suppression, is_suppressed, keep_suppression
from notifier.tokens import AddressHash
from notifier.usecases.subscribe import LEFT

ERASED = "erased"
"""Why an address is suppressed whose person was forgotten."""

REFUSED = "refused"
"""Why one is that said so by a link in a message it had not asked for."""


RETURNED = "returned"
"""What the journal says of people who left and came back since. Neither this nor LEFT suppresses anybody.

Only a restored backup is told, of what came after it was made; a person's last line counts.
"""


class Suppressions:
    """The addresses of one database that are never written to again.

    Each is in the journal before it is in the database: a suppression can be there twice, and is never lost.
    """

    def __init__(
        self, engine: Callable[[], Engine], hashes: Callable[[], AddressHash], journal: Callable[[], Journal]
    ) -> None:
        self._engine = engine
        self._hashes = hashes
        self._journal = journal

    def hash_of(self, email: str) -> str:
        """Return what an address is known by."""
        return self._hashes().of(email)

    def holds(self, db: Connection, email: str) -> bool:
        """Whether an address is never to be written to."""
        return is_suppressed(db, self.hash_of(email))

    def suppress(self, email: str, reason: str, now: datetime) -> None:
        """Never write to an address again. `reason` is a word of small letters and hyphens. Raises JournalError."""
        with writing(self._engine()) as db:
            there = subscriber_by_email(db, email.strip())
            person = None if there is None else _locked(db, there.key)
            self._keep(db, self.hash_of(email), reason, now)
            self._stop(db, person, reason, now)

    def suppress_key(self, key: str, address_hash: str, reason: str, now: datetime) -> None:
        """Never write again to an address by its hash, nor to whoever the key stands for, if anybody."""
        with writing(self._engine()) as db:
            person = _locked(db, key)
            self._keep(db, address_hash, reason, now)
            self._stop(db, person, reason, now)

    def erase(self, key: str, now: datetime) -> bool:
        """Forget whoever the key stands for, and keep the hash alone; False where it stands for nobody."""
        with writing(self._engine()) as db:
            person = _locked(db, key)
            if person is None:
                return False
            self._keep(db, self.hash_of(person.email), ERASED, now)
            erase(db, person.id)
            return True

    def apply_journal(self, now: datetime) -> int:
        """Suppress whatever the journal knows and the database does not; return how many.

        At every start, and after a backup was restored. People it concerns are looked for among all there are, which
        is done only where something is new.
        """
        written = [one for one in self._journal().read() if one.reason not in {LEFT, RETURNED}]
        with reading(self._engine()) as db:
            lacking = [one for one in written if not is_suppressed(db, one.hash)]
        if not lacking:
            return 0
        with writing(self._engine()) as db:
            new = {one.hash: one for one in lacking if keep_suppression(db, one)}
            found = [(id_, new[known]) for id_, email in all_addresses(db) if (known := self.hash_of(email)) in new]
            for id_, one in found:
                if one.reason == ERASED:
                    erase(db, id_)
            kept = [(id_, one) for id_, one in found if one.reason != ERASED]
            for reason in {one.reason for _, one in kept}:
                suppress_all(db, [id_ for id_, one in kept if one.reason == reason], reason, now)
        return len(new)

    def note_left(self, emails: Iterable[str], now: datetime) -> None:
        """Write down that these people left, so that no restored backup writes to them again. Raises JournalError."""
        self._note(LEFT, emails, now)

    def note_returned(self, email: str, now: datetime) -> None:
        """Write down that somebody who had left is to be written to again. Raises JournalError."""
        self._note(RETURNED, [email], now)

    def let_go_since(self, backed_up: datetime, now: datetime) -> int:
        """Unsubscribe, in a database restored from a backup of that instant, who left after it; return how many."""
        last = {
            one.hash: one.reason
            for one in self._journal().read()
            if one.reason in {LEFT, RETURNED} and one.at >= backed_up
        }
        gone = {known for known, reason in last.items() if reason == LEFT}
        if not gone:
            return 0
        count = 0
        with writing(self._engine()) as db:
            for email in [email for _, email in all_addresses(db) if self.hash_of(email) in gone]:
                person = subscriber_by_email(db, email)
                if person is not None and person.status is not SubscriberStatus.UNSUBSCRIBED:
                    drop_open(db, person.key, LEFT, now)
                    leave(db, person.key, now)
                    count += 1
        return count

    def _note(self, reason: str, emails: Iterable[str], now: datetime) -> None:
        lines = [Suppression(self.hash_of(email), reason, now) for email in emails]
        if lines:
            self._journal().write(lines)

    def _keep(self, db: Connection, address_hash: str, reason: str, now: datetime) -> None:
        one = Suppression(address_hash, reason, now)
        if keep_suppression(db, one):
            self._journal().write([one])

    @staticmethod
    def _stop(db: Connection, person: Subscriber | None, reason: str, now: datetime) -> None:
        if person is None:
            return
        if person.status is SubscriberStatus.PENDING:
            erase(db, person.id)  # they never agreed to anything that would have to be shown
            return
        drop_open(db, person.key, "suppressed", now)
        suppress_all(db, [person.id], reason, now)


def _locked(db: Connection, key: str) -> Subscriber | None:
    lock_open(db, key)
    return subscriber_by_key(db, key, lock=True)
