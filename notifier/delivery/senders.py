"""What every sender is, and the one that a mail target asks for."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from notifier.delivery.errands import Errand
from notifier.delivery.outcomes import Outcome
from notifier.delivery.target import MailTarget

if TYPE_CHECKING:
    from notifier.delivery.connection import Timeouts


class Sender(Protocol):
    """One connection, which takes messages one at a time."""

    def deliver(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Errand:
        """Hand one message on; whoever runs the errand waits for it, or does something else meanwhile.

        It takes no longer than its timeouts. Raises SenderStoppedError for what is no reader's fault.
        """
        ...

    def send(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Outcome:
        """Hand one message on, and wait until that is done."""
        ...

    def check(self) -> None:
        """Raise SenderStoppedError when no message could be handed on now; nothing is sent."""
        ...

    def close(self, *, politely: bool = True) -> None:
        """Part from the other side, and `politely` wait a moment for its answer; used again, it opens anew."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


def open_sender(target: MailTarget, helo: str, timeouts: Timeouts | None = None) -> Sender:
    """Return a sender; it connects with its first message. `helo` is this machine's name."""
    # The mail modules cost time and memory, and a start does without them.
    if target.folder is not None:
        from notifier.delivery.maildir import MaildirSender

        return MaildirSender(target.folder)
    from notifier.delivery.connection import Timeouts
    from notifier.delivery.smtp import SmtpSender

    return SmtpSender(target, helo, timeouts or Timeouts())
