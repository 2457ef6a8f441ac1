"""What became of one message, and what every sender is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from notifier.domain.deliveries import DeliveryState
from notifier.domain.discretion import without_addresses
from notifier.domain.errors import NotifierError

_LONGEST_DETAIL = 500


class About(StrEnum):
    """Whom an outcome speaks of."""

    MESSAGE = "message"
    """This one message, or the address it goes to."""

    US = "us"
    """What we send, or from where, as this reader's server sees it (5.7.x); said by many of them, it is true."""

    SERVER = "server"
    """The server we hand messages to, which did not answer or would take none at this moment."""

    CONNECTION = "connection"
    """Likewise, and not even a connection could be had."""

    SIZE = "size"
    """This message alone, which is larger than the server we hand it to takes."""

    ADDRESS_FORM = "address form"
    """An address that this server cannot be given: letters outside ASCII, and no SMTPUTF8."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Sent, due again, deferred, refused or unknown.

    `due` is what broke off before the server had the whole message. `detail` is what the server said, or what
    happened, on one line; `about` says of whom it speaks.
    """

    state: DeliveryState
    detail: str
    about: About = About.MESSAGE

    @classmethod
    def of(cls, state: DeliveryState, detail: str, about: About = About.MESSAGE) -> Outcome:
        """Build with a detail that is kept to one line of printable characters."""
        shown = "".join(character if character.isprintable() else " " for character in detail)
        return cls(state, " ".join(shown.split())[:_LONGEST_DETAIL], about)


class Stop(StrEnum):
    """Why nothing can be sent; each is a matter of its own to whoever mends it."""

    GREETING = "greeting"
    PROTECTION = "protection"
    SIGNING_IN = "signing in"
    SENDER = "sender"
    POLICY = "policy"
    UNREACHABLE = "unreachable"
    FOLDER = "folder"


class SenderStoppedError(NotifierError):
    """A fault that speaks of us and not of a reader: no address is blamed, and nothing more is sent until mended.

    Its reason comes into logs and to whoever watches the service; of addresses it has the domains alone, and nothing
    else of those in `concerning`.
    """

    sentence: ClassVar[str] = "Sending has stopped: {reason}"

    def __init__(self, *, reason: str, stop: Stop, concerning: Iterable[str] = ()) -> None:
        super().__init__(reason=without_addresses(reason, *concerning))
        self.stop = stop
