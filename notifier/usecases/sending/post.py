"""What a pass sends with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from notifier.delivery.senders import Sender
from notifier.usecases.sending.press import Press
from notifier.usecases.sending.report import Terms


@dataclass(frozen=True)
class Post:
    """Who takes messages, what they are made with, and on which terms. `open_sender` is called by each connection."""

    open_sender: Callable[[], Sender]
    press: Press
    terms: Terms = field(default_factory=Terms)
