"""People who come by themselves: through a form, or a link in a message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.preferences import Preference
from notifier.storage.subscribers import Consent, Subscriber
from notifier.usecases import manage
from notifier.usecases.export import export_person
from notifier.usecases.letters import first_day
from notifier.usecases.sign_up import Confirmed, SignUp, confirm_sign_up, open_question, sign_up
from notifier.usecases.subscribe import unsubscribe
from notifier.usecases.suppress import REFUSED

if TYPE_CHECKING:
    from notifier.services.base import Base
    from notifier.usecases.suppress import Suppressions

_WRITTEN_TO = frozenset({SubscriberStatus.ACTIVE, SubscriberStatus.PAUSED})


class Visitors:
    """What people do for themselves. `wake` has messages on request leave at once."""

    def __init__(self, base: Base, suppressions: Suppressions, wake: Callable[[], object]) -> None:
        self._base = base
        self._suppressions = suppressions
        self._wake = wake

    @property
    def keeps_ip(self) -> bool:
        """Whether the client's address is part of what is kept of a consent."""
        return self._base.settings.consent_ip

    @property
    def hour(self) -> int:
        """The hour at which people are written to who chose none."""
        return self._base.settings.hour

    def sign_up(self, email: str, preference: Preference, consent: Consent) -> None:
        """Ask an address to confirm. Nobody outside can see whether it is known."""
        sign_up(
            self._base.engine,
            self._base.catalog,
            SignUp(email, preference, consent),
            self._suppressions.hash_of,
        )
        self._wake()

    def open_question(self, key: str, nonce: str) -> None:
        """Raise NothingToConfirmError where this link confirms nothing (any more)."""
        open_question(self._base.engine, key, nonce, self._base.now())

    def confirm(self, key: str, nonce: str) -> Confirmed:
        """Confirm what was asked for, once. Raises NothingToConfirmError."""
        now, until = self._base.now(), self._base.settings.send_until
        before = open_question(self._base.engine, key, nonce, now)
        confirmed = confirm_sign_up(self._base.engine, key, nonce, self._suppressions.hash_of, now, until)
        if before.status is SubscriberStatus.UNSUBSCRIBED:
            self._suppressions.note_returned(before.email, now)
        self._wake()
        return confirmed

    def never(self, key: str, address_hash: str) -> None:
        """Never write to an address again."""
        self._suppressions.suppress_key(key, address_hash, REFUSED, self._base.now())

    def unsubscribe(self, key: str, now: datetime) -> bool:
        """Take somebody off everything; return whether that changed anything which can be taken back."""
        return unsubscribe(self._base.engine, key, now, self._suppressions.note_left) in _WRITTEN_TO

    def take_back(self, key: str, left_at: datetime, *, day_alone: bool) -> bool:
        """Take back that somebody left in this second; return whether it could be."""
        now = self._base.now()
        back = manage.take_back(self._base.engine, key, left_at, now, day_alone=day_alone)
        if back:
            self._suppressions.note_returned(manage.person_of(self._base.engine, key).email, now)
        return back

    def ask_for_link(self, email: str) -> None:
        """Send a link to their settings to whoever has the address. Nobody outside can see whether it is known."""
        manage.ask_for_link(self._base.engine, email, self._suppressions.hash_of, self._base.now())
        self._wake()

    def person(self, key: str) -> Subscriber:
        """Return whose settings they are. Raises GoneError."""
        return manage.person_of(self._base.engine, key)

    def first_day(self, preference: Preference) -> date:
        """Return the first local date on which a message can still come."""
        return first_day(preference, self._base.now(), self._base.settings.send_until)

    def change(self, key: str, preference: Preference) -> None:
        """Give somebody another preference. Raises GoneError."""
        manage.change_preference(self._base.engine, self._base.catalog, key, preference, self._base.now())

    def lead_event(self, key: str, event: str, days: tuple[int, ...] | None) -> None:
        """Set how far ahead somebody is told of one event. Raises GoneError and SelectionError."""
        manage.lead_event(self._base.engine, self._base.catalog, key, event, days, self._base.now())

    def leave_event(self, key: str, event: str) -> None:
        """Write to somebody no more about one event. Raises GoneError and SelectionError."""
        manage.leave_event(self._base.engine, self._base.catalog, key, event, self._base.now())

    def pause(self, key: str, until: date) -> bool:
        """Write to somebody no more until a local date; False where that does not lie ahead. Raises GoneError."""
        return manage.pause(self._base.engine, key, until, self._base.now())

    def resume(self, key: str) -> None:
        """Write again to whoever paused or was suspended. Raises GoneError."""
        manage.resume(self._base.engine, key, self._base.now())

    def rejoin(self, key: str, consent: Consent) -> None:
        """Write again to whoever left and agrees anew. Raises GoneError."""
        manage.rejoin(self._base.engine, key, consent)
        self._suppressions.note_returned(manage.person_of(self._base.engine, key).email, consent.at)

    def export(self, key: str) -> bytes:
        """Return everything that is kept about somebody, as JSON. Raises GoneError."""
        return export_person(self._base.engine, key, self._base.now())

    def erase(self, key: str) -> None:
        """Forget somebody, and keep the hash of their address alone."""
        self._suppressions.erase(key, self._base.now())
