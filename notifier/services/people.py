"""People, as the command line and the web see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from notifier.domain.errors import NotifierError
from notifier.domain.leads import parse_own_leads
from notifier.domain.preferences import Preference
from notifier.domain.selections import parse_selection
from notifier.domain.texts import LanguageTag
from notifier.usecases.subscribe import add_subscriber, find_subscriber, list_subscribers, unsubscribe

if TYPE_CHECKING:
    from notifier.services.base import Base
    from notifier.storage.subscribers import Subscriber


class UnknownSubscriberError(NotifierError):
    """Nobody has this address."""

    sentence = "nobody is there with the address {email}"


class People:
    """Who is written to, and what they want."""

    def __init__(self, base: Base) -> None:
        self._base = base

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
        return add_subscriber(self._base.engine, self._base.catalog, preference, email, consent, "operator", at)

    def all(self) -> Iterator[Subscriber]:
        """Return everybody."""
        return list_subscribers(self._base.engine)

    def of(self, email: str) -> Subscriber:
        """Return whoever has this address. Raises UnknownSubscriberError."""
        found = find_subscriber(self._base.engine, email)
        if found is None:
            raise UnknownSubscriberError(email=email)
        return found

    def unsubscribe(self, subscriber_key: str) -> bool:
        """Take somebody off everything; False when nobody has the key."""
        return unsubscribe(self._base.engine, subscriber_key, self._base.now())
