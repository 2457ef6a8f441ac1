"""What became of one message, and what every sender is."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import ClassVar, Protocol, Self

from notifier.domain.deliveries import DeliveryState
from notifier.domain.errors import NotifierError

_LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """Sent, deferred, refused or unknown; `detail` is what the server said, or what happened, on one line."""

    state: DeliveryState
    detail: str

    @classmethod
    def of(cls, state: DeliveryState, detail: str) -> Outcome:
        """Build with a detail that is kept to one line of printable characters."""
        shown = "".join(character if character.isprintable() else " " for character in detail)
        return cls(state, " ".join(shown.split())[:_LONGEST_DETAIL])


class SenderStoppedError(NotifierError):
    """A fault that speaks of us and not of a reader: no address is blamed, and nothing more is sent until mended."""

    sentence: ClassVar[str] = "Sending has stopped: {reason}"


class Sender(Protocol):
    """Takes messages one at a time. Not shared between threads: each thread opens its own."""

    def send(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Outcome:
        """Hand one message on. Raises SenderStoppedError for what is no reader's fault."""
        ...

    def check(self) -> None:
        """Raise SenderStoppedError when no message could be handed on now; nothing is sent."""
        ...

    def close(self) -> None:
        """Part from the other side; the sender may be used again, and opens anew."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...
