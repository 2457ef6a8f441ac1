"""What outcomes mean: for one delivery when it is tried again, and for all of them whether to go on."""

from __future__ import annotations

from datetime import datetime

from notifier.delivery.outcomes import About, Outcome, SenderStoppedError, Stop
from notifier.domain.deliveries import DeliveryState
from notifier.domain.retries import SHORTLY, again_at, retry_at
from notifier.storage.claims import ClaimedDelivery
from notifier.storage.outcomes import Ended

UNRELATED = 5
"""So many organisations in a row that refuse what we send speak of us."""

_SERVER_FAULTS = 5
"""So many faults of the mail server in a row, and at least one for each connection, are no accident."""

_OPEN_TO_RENDERING = {DeliveryState.DUE, DeliveryState.DEFERRED, DeliveryState.EXPIRED}
"""What nobody has got. A message that was unknown never becomes that: it may have arrived."""


def ended(delivery: ClaimedDelivery, outcome: Outcome, now: datetime, *, resend_unknown: bool) -> Ended:
    """Return what is written down of an attempt, and when the next one may be made."""
    state = outcome.state
    doubted = delivery.state is DeliveryState.UNKNOWN
    if doubted and state in _OPEN_TO_RENDERING:
        state = DeliveryState.UNKNOWN
    next_at = None
    if state is DeliveryState.DUE:
        next_at = again_at(now, delivery.attempts + 1)
    elif outcome.about is About.ADDRESS_FORM and state is DeliveryState.DEFERRED:
        next_at = delivery.closes_at
    elif state is DeliveryState.DEFERRED:
        next_at = retry_at(now, delivery.attempts + 1)
    elif state is DeliveryState.UNKNOWN and resend_unknown and not doubted:
        next_at = now + SHORTLY
    return Ended(delivery.id, state, outcome.detail, next_at)


class Judge:
    """Looks at outcomes in the order in which they come, and says when they speak of us or of our own server."""

    def __init__(self, connections: int) -> None:
        self._server_faults = 0
        self._most_faults = max(_SERVER_FAULTS, connections)
        self._refusing: set[str] = set()

    def look_at(
        self, delivery: ClaimedDelivery, outcome: Outcome, *, last_connection: bool
    ) -> SenderStoppedError | None:
        """Return why to stop, when this was one too many, or the `last_connection` there was."""
        match outcome.about:
            case About.SERVER | About.CONNECTION:
                self._server_faults += 1
                if last_connection or self._server_faults >= self._most_faults:
                    reason = f"the mail server takes nothing at this moment: {outcome.detail}"
                    return SenderStoppedError(reason=reason, stop=Stop.UNREACHABLE, concerning=(delivery.email,))
            case About.US:
                self._server_faults = 0
                self._refusing.add(organisation(delivery.domain))
                if len(self._refusing) >= UNRELATED:
                    reason = f"{UNRELATED} unrelated domains in a row refuse what is sent: {outcome.detail}"
                    return SenderStoppedError(reason=reason, stop=Stop.POLICY, concerning=(delivery.email,))
            case About.MESSAGE:
                self._server_faults = 0
                self._refusing.clear()
            case About.ADDRESS_FORM | About.SIZE:
                pass
        return None


def organisation(domain: str) -> str:
    """Return the part of a domain that one organisation answers for, as far as its form tells.

    `mail.example.org` is `example.org`; where a country's domain has short second levels, such as `co.uk`, it is three
    labels.
    """
    if domain.startswith("["):  # an address by its number (RFC 5321 §4.1.3)
        return domain
    labels = domain.rstrip(".").split(".")
    country_with_short_levels = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if country_with_short_levels else labels[-2:])
