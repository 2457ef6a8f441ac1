"""What comes back, and how often it may before somebody is no longer written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WENT_WELL = 3
"""So many messages that did not come back, since one last did, and what came back before them is forgotten."""


class BounceKind(StrEnum):
    """What is kept of a message that came back.

    `failed` counts towards being suspended, `delayed` does not (RFC 3464 §2.3.3); a `complaint` suppresses at once
    (RFC 5965); an `unreadable` one waits for a person.
    """

    FAILED = "failed"
    DELAYED = "delayed"
    COMPLAINT = "complaint"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class BounceScore:
    """On how many dates messages to somebody came back since it last went well, and the last of them (UTC)."""

    count: int = 0
    last: date | None = None

    def raised(self, today: date, went_well: int) -> BounceScore:
        """Return the score after a message came back on `today`; once a date, whatever else comes back on it.

        `went_well` is how many messages that were sent after `last` did not come back.
        """
        if self.last is not None and today <= self.last:
            return self
        return BounceScore(1 if went_well >= WENT_WELL else self.count + 1, today)
