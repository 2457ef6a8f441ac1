"""The sender that a mail target asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifier.delivery.target import MailTarget

if TYPE_CHECKING:
    from notifier.delivery.connection import Timeouts
    from notifier.delivery.outcomes import Sender


def open_sender(target: MailTarget, helo: str, timeouts: Timeouts | None = None) -> Sender:
    """Return a sender for one thread; it connects with its first message. `helo` is this machine's name."""
    # The mail modules cost time and memory, and a start does without them.
    if target.folder is not None:
        from notifier.delivery.maildir import MaildirSender

        return MaildirSender(target.folder)
    from notifier.delivery.connection import Timeouts
    from notifier.delivery.smtp import SmtpSender

    return SmtpSender(target, helo, timeouts or Timeouts())
