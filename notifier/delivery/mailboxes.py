"""Mailboxes that are read: what each of them can do, and the one that a target asks for."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import ClassVar, Protocol, Self

from notifier.delivery.mailbox_target import MailboxTarget
from notifier.domain.errors import NotifierError

READ_MOST = 1_000_000
"""Octets of a message that are looked at; what a report says stands before the message it returns."""

UNREADABLE = "unreadable"
"""The folder for what a person has to look at."""


class MailboxError(NotifierError):
    """The mailbox cannot be read at all, or no longer."""

    sentence: ClassVar[str] = "the mailbox {place} cannot be read: {cause}"


class StuckMessageError(NotifierError):
    """One message that can be neither read nor moved; the others can."""

    sentence: ClassVar[str] = "a message in {place} can be neither read nor moved ({id}): {cause}"


class Mailbox(Protocol):
    """A mailbox, opened by entering it. Each of its methods raises MailboxError and StuckMessageError."""

    def ids(self, most: int) -> Sequence[str]:
        """Return what stands for each of up to `most` messages, oldest first."""

    def read(self, id_: str) -> bytes | None:
        """Return the first READ_MOST octets of a message; None when it has gone meanwhile."""

    def done(self, id_: str) -> None:
        """Remove a message. One that has gone already is no error."""

    def keep_aside(self, id_: str) -> None:
        """Move a message into the folder UNREADABLE, made where there is none. One that has gone is no error."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


def mailbox_at(target: MailboxTarget) -> Mailbox:
    """Return the mailbox that a target names; nothing is opened yet."""
    # What a mailbox needs is imported with the first that is read: a start does without it.
    if target.path is not None:
        from notifier.delivery.mailbox_maildir import MaildirMailbox

        return MaildirMailbox(target.path)
    from notifier.delivery.mailbox_imap import ImapMailbox

    return ImapMailbox(target)
