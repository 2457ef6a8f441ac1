"""People, as the command line and the web see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from notifier.domain.errors import NotifierError
from notifier.domain.leads import parse_own_leads
from notifier.domain.preferences import Preference, parse_address
from notifier.domain.selections import parse_selection
from notifier.domain.texts import LanguageTag
from notifier.settings import VAR
from notifier.usecases.subscribe import add_subscriber, find_subscriber, list_subscribers, unsubscribe

if TYPE_CHECKING:
    from notifier.services.base import Base
    from notifier.storage.subscribers import Subscriber
    from notifier.usecases.suppress import Suppressions


class UnknownSubscriberError(NotifierError):
    """Nobody has this address."""

    sentence = "nobody is there with the address {email}"


class People:
    """Who is written to, and what they want."""

    def __init__(self, base: Base) -> None:
        self._base = base

    @cached_property
    def suppressions(self) -> Suppressions:
        """The addresses that are never written to again."""
        from notifier.storage.suppressions import journal_of
        from notifier.usecases.suppress import Suppressions

        base = self._base
        return Suppressions(lambda: base.engine, lambda: base.address_hash, lambda: journal_of(base.engine, VAR))

    def apply_journal(self) -> int:
        """Suppress whatever the journal knows and the database does not; return how many. Raises JournalError."""
        return self.suppressions.apply_journal(self._base.now())

    def preference(  # noqa: PLR0913, PLR0917 -- the parts of a preference
        self, lang: str, zone: str, hour: int | None, leads: str, digest: str, select: str
    ) -> Preference:
        """Read a preference as a person writes it; what is left empty is the service's default."""
        return Preference(
            language=LanguageTag(self._base.language(lang).tag),
            zone=zone or self._base.catalog.calendar.zone,
            hour=self._base.settings.hour if hour is None else hour,
            leads=parse_own_leads(leads),
            digest=digest,
            selection=parse_selection(select),
        )

    def add(self, email: str, preference: Preference, consent: str, at: datetime) -> Subscriber:
        """Add somebody who has agreed by other means than the service's own form."""
        engine, catalog, hash_of = self._base.engine, self._base.catalog, self.suppressions.hash_of
        return add_subscriber(engine, catalog, preference, email, consent, "operator", at, hash_of=hash_of)

    def all(self) -> Iterator[Subscriber]:
        """Return everybody."""
        return list_subscribers(self._base.engine)

    def erase(self, email: str) -> None:
        """Forget somebody; the keyed hash alone stays. Raises UnknownSubscriberError."""
        self.suppressions.erase(self.of(email).key, self._base.now())

    def suppress(self, email: str) -> None:
        """Never write to an address again, whether anybody is there with it or not. Raises AddressError."""
        self.suppressions.suppress(parse_address(email), "operator", self._base.now())

    def of(self, email: str) -> Subscriber:
        """Return whoever has this address. Raises UnknownSubscriberError."""
        found = find_subscriber(self._base.engine, email)
        if found is None:
            raise UnknownSubscriberError(email=email)
        return found

    def unsubscribe(self, subscriber_key: str) -> bool:
        """Take somebody off everything; False when nobody has the key."""
        note_left = self.suppressions.note_left
        return unsubscribe(self._base.engine, subscriber_key, self._base.now(), note_left) is not None

    def let_go_since(self, backed_up: datetime) -> int:
        """Unsubscribe who left after the backup was made that was restored; return how many. Raises JournalError."""
        return self.suppressions.let_go_since(backed_up, self._base.now())
