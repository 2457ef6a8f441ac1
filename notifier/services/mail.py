"""Messages: what they are made with, where they go, and the passes that make and send them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from notifier.delivery.senders import open_sender
from notifier.delivery.target import MailTarget, MailTargetError
from notifier.domain.errors import NotifierError
from notifier.domain.retries import pause_after
from notifier.services.pressing import Pressing, address_of
from notifier.settings import Settings, SettingsError
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.report import SendReport, Terms
from notifier.usecases.tick import TickReport, letters_due, send_letters, tick

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from notifier.bounce_addresses import BounceAddresses
    from notifier.services.base import Base
    from notifier.storage.claims import ClaimedDelivery
    from notifier.tokens import AddressHash

_FAR = timedelta(days=1)

_PASS = 60.0
"""Seconds after which the daemon's pass ends with what is under way, so that the next one plans for later hours."""


class FarInstantError(NotifierError):
    """A rehearsal that would reach people."""

    wrong_use = True
    sentence = (
        "{at} is more than a day from now and {target} would send to people; use a Maildir or a server on loopback, "
        "or add --force"
    )


class Mail:
    """What goes out by mail."""

    def __init__(
        self, base: Base, return_addresses: Callable[[], BounceAddresses | None], hashes: Callable[[], AddressHash]
    ) -> None:
        self._base = base
        self.press = Pressing(base, return_addresses, hashes).press
        """Returns what messages are made with now."""
        self.target = _target(base.settings)
        self.stopped: str | None = None
        """Why not everything went out in the last pass, None when it did."""
        self._rest = _Rest()
        self._woken = Event()

    @property
    def helo(self) -> str:
        """The name this machine gives itself towards mail servers (RFC 5321 §4.1.1.1)."""
        return urlsplit(self._base.base_url).hostname or "localhost"

    @property
    def resting(self) -> bool:
        """Whether the daemon waits before it tries again, as nothing could be sent."""
        return self._rest.now

    def refuse_far(self, now: datetime, *, force: bool) -> None:
        """Raise FarInstantError for a rehearsal that would reach people."""
        if abs(now - self._base.now()) > _FAR and not self.target.local and not force:
            raise FarInstantError(at=now.isoformat(), target=self.target)

    def tick(self, now: datetime, stopping: Callable[[], bool], *, patient: bool = False) -> TickReport:
        """Plan what is due at `now` and send it.

        A `patient` pass is one of many: it ends after a minute, and sends nothing while sending rests after a stop.
        """
        until = time.monotonic() + _PASS
        enough = (lambda: stopping() or time.monotonic() > until) if patient else stopping
        sending = not (patient and self.resting)
        settings, post, clock = self._base.settings, self._post(), self._running_from(now)
        report, sent = tick(
            self._base.engine, post, now, clock, send_until=settings.send_until, stopping=enough, sending=sending
        )
        if sending:
            self.stopped = sent.trouble
            self._heed(post, sent, clock())
        return report

    # --- what somebody waits for --------------------------------------------------------------------------------

    def wake(self) -> None:
        """Say that somebody waits for a message; it leaves at once."""
        self._woken.set()

    def wait_for_letters(self, seconds: float) -> None:
        """Return when somebody may wait for a message, and after so many seconds in any case."""
        self._woken.wait(seconds)
        self._woken.clear()

    def letters(self, stopping: Callable[[], bool]) -> SendReport:
        """Send what somebody waits for; nothing while sending rests after a stop."""
        if self.resting or not letters_due(self._base.engine, self._base.now()):
            return SendReport()
        post = self._post()
        sent = send_letters(self._base.engine, post, self._base.now, stopping)
        if sent.stop is not None or sent.problems:
            self.stopped = sent.trouble
        if sent.stop is not None or sent.sent:
            self._heed(post, sent, self._base.now())
        return sent

    # --- on which terms it goes out -----------------------------------------------------------------------------------

    def _post(self) -> Post:
        settings = self._base.settings
        terms = Terms(
            connections=settings.mail_connections,
            rate=settings.mail_rate,
            domain_rate=settings.mail_domain_rate,
            resend_unknown=settings.resend_unknown,
            on_refused=self._count_refusal,
        )
        return Post(partial(open_sender, self.target, self.helo), self.press(), terms)

    def _count_refusal(self, db: Connection, delivery: ClaimedDelivery, detail: str, now: datetime) -> None:
        from notifier.usecases.bounces import count_hard_bounce

        count_hard_bounce(db, delivery.id, detail, now, self._base.settings.bounce_threshold)

    # --- when nothing can be sent -------------------------------------------------------------------------------

    def _heed(self, post: Post, sent: SendReport, now: datetime) -> None:
        """Rest after a stop, longer with each, and tell the operator; go on as usual after a pass without one."""
        if sent.stop is None or sent.stopped is None:
            self._rest.end()
            return
        since = self._rest.begin(now)
        operator = address_of(self._base.settings.operator)
        if operator is not None:
            from notifier.usecases.sending.telling import tell_of_stop

            tell_of_stop(self._base.engine, post, operator, sent.stop, sent.stopped, since=since, now=now)

    def tell_operator(self, subject: str, text: str, now: datetime) -> bool:
        """Write to the operator; return whether that left. It does not where none is named, nor while sending rests."""
        operator = address_of(self._base.settings.operator)
        if operator is None or self.resting:
            return False
        from notifier.usecases.sending.telling import tell_operator

        return tell_operator(self._post(), operator, subject, text, now)

    def warnings(self) -> list[str]:
        """Return what an operator should know of where mail goes."""
        if self.target.folder is not None and not self._base.settings.is_private:
            return [f"mail goes into the folder {self.target.folder} and to nobody else; set NOTIFIER_MAIL_URL"]
        return []

    def _running_from(self, at: datetime) -> Callable[[], datetime]:
        """Return a clock that shows `at` now, and goes on as this one does: a rehearsal's time passes as well."""
        ahead = at - self._base.now()
        return lambda: self._base.now() + ahead


class _Rest:
    """How long sending rests after stops, by a clock that nobody sets."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stops = 0
        self._until = 0.0
        self._since: datetime | None = None

    @property
    def now(self) -> bool:
        """Whether it rests."""
        return time.monotonic() < self._until

    def begin(self, now: datetime) -> datetime:
        """Rest once more, and longer; return since when nothing can be sent."""
        with self._lock:
            self._stops += 1
            self._until = time.monotonic() + pause_after(self._stops).total_seconds()
            self._since = self._since or now
            return self._since

    def end(self) -> None:
        """Go on: it can be sent again."""
        with self._lock:
            self._stops, self._until, self._since = 0, 0.0, None


def _target(settings: Settings) -> MailTarget:
    try:
        return MailTarget.parse(settings.mail_url)
    except MailTargetError as error:
        raise SettingsError(variable="NOTIFIER_MAIL_URL", remedy=str(error)) from error
