"""What comes back: where it is read, and why it cannot be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from notifier.bounce_addresses import BounceAddressError, BounceAddresses
from notifier.delivery.mailbox_target import MailboxTarget, MailboxTargetError
from notifier.delivery.mailboxes import MailboxError, mailbox_at
from notifier.domain.bounces import BounceKind
from notifier.domain.errors import NotifierError
from notifier.settings import Settings, SettingsError, kept_secret

if TYPE_CHECKING:
    from notifier.services.base import Base
    from notifier.services.people import People
    from notifier.storage.bounces import Bounce
    from notifier.usecases.bounces import BouncePass, BounceRules


_LONGEST_PASS = 30
"""Seconds after which a pass ends with the message it has in hand: what strangers send must not take all the time."""


class Bounces:
    """Messages that came back."""

    def __init__(self, base: Base, people: People) -> None:
        self._base = base
        self._people = people
        self.target = _target(base.settings)
        self.problem: str | None = None
        """Why the mailbox was not read, or not all of it, the last time; None when it was."""

    @property
    def configured(self) -> bool:
        """Whether settings name a mailbox."""
        return self.target is not None

    @cached_property
    def addresses(self) -> BounceAddresses | None:
        """What makes and reads signed return addresses; None where settings name no address for them."""
        settings = self._base.settings
        if not settings.bounce_address:
            return None
        _ = self._base.tokens  # says it where no secret can be kept
        return BounceAddresses(settings.bounce_address, settings.secret or (kept_secret(),))

    def process(self, stopping: Callable[[], bool] = lambda: False) -> BouncePass:
        """Read the mailbox and act on what is in it; a duty of its own, which nothing that is sent waits for.

        Raises SettingsError where settings name none, and MailboxError where it cannot be read.
        """
        if self.target is None:
            remedy = "set it, to read what comes back: use maildir:PATH or imaps://USER:PASSWORD@HOST"
            raise SettingsError(variable="NOTIFIER_BOUNCE_MAILBOX", remedy=remedy)
        from notifier.usecases.bounces import process_bounces

        ends_at = time.monotonic() + _LONGEST_PASS
        try:
            with mailbox_at(self.target) as mailbox:
                done = process_bounces(
                    self._base.engine,
                    mailbox,
                    self._rules(),
                    self._base.now(),
                    stopping=lambda: stopping() or time.monotonic() > ends_at,
                )
        except MailboxError as error:
            self.problem = str(error)
            raise
        self.problem = "; ".join(done.problems[:3]) or None
        return done

    def all(self, kind: BounceKind | None = None) -> Iterator[Bounce]:
        """Go through what came back lately, newest first."""
        from notifier.usecases.bounces import list_bounces

        return list_bounces(self._base.engine, kind)

    def _rules(self) -> BounceRules:
        from notifier.usecases.bounces import BounceRules
        from notifier.usecases.subscribe import unsubscribe

        base = self._base
        return BounceRules(
            delivery_of=lambda address: None if self.addresses is None else self.addresses.read(address),
            subscriber_of=self._subscriber_of,
            suppress=lambda email, now: self._people.suppressions.suppress(email, "complaint", now),
            unsubscribe=lambda key, now: unsubscribe(base.engine, key, now, self._people.suppressions.note_left),
            threshold=base.settings.bounce_threshold,
        )

    def _subscriber_of(self, token: str) -> str | None:
        with suppress(NotifierError):
            return self._base.tokens.read_unsubscribe(token)
        return None


def _target(settings: Settings) -> MailboxTarget | None:
    """Return the mailbox that settings name. Raises SettingsError for what cannot be used, read or not."""
    if settings.bounce_address:
        try:
            BounceAddresses(settings.bounce_address, ("only to see whether the address can be signed",))
        except BounceAddressError as error:
            raise SettingsError(variable="NOTIFIER_BOUNCE_ADDRESS", remedy=str(error)) from error
    if not settings.bounce_mailbox:
        return None
    if not settings.bounce_address:
        remedy = "set it, since only what comes back to a signed address counts: use one such as bounces@example.org"
        raise SettingsError(variable="NOTIFIER_BOUNCE_ADDRESS", remedy=remedy)
    try:
        return MailboxTarget.parse(settings.bounce_mailbox)
    except MailboxTargetError as error:
        raise SettingsError(variable="NOTIFIER_BOUNCE_MAILBOX", remedy=str(error)) from error
