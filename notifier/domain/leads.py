"""Leads: how many days ahead somebody is told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from notifier.domain.errors import LeadsError, OwnLeadsError
from notifier.domain.selections import ID

LONGEST_LEAD = 366

MOST_LEADS = 20
"""How many days ahead somebody may choose; each is a message for each day."""

_MILESTONES = "milestones"
_NONE = "none"


@dataclass(frozen=True, slots=True)
class OwnLeads:
    """What somebody chose: `days` for all events, `by_event` for some, by id, and whether milestones come as well.

    `days` is None where the event's and the calendar's leads hold; empty where nothing is announced by leads, as for
    those who want digests alone. Days are 0 to 366, furthest first; events are in the order of their ids.
    """

    days: tuple[int, ...] | None = None
    by_event: tuple[tuple[str, tuple[int, ...]], ...] = ()
    milestones: bool = False

    def __str__(self) -> str:
        """Return the one way to write it: `7,1,0;milestones;black-january:30,0`. Empty for no choice at all."""
        parts = [] if self.days is None else [_written(self.days)]
        parts += [_MILESTONES] if self.milestones else []
        parts += [f"{event}:{_written(days)}" for event, days in self.by_event]
        return ";".join(parts)

    def for_event(self, ids: Collection[str]) -> tuple[int, ...] | None:
        """Return what was chosen for an event by one of its ids, the present and former ones; None for nothing."""
        return next((days for id_, days in self.by_event if id_ in ids), None)


UNCHOSEN = OwnLeads()


def parse_leads(text: str) -> tuple[int, ...]:
    """Read `7,1,0`: whole days, furthest first. Raises LeadsError."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 and int(part) <= LONGEST_LEAD for part in parts):
        raise LeadsError(leads=text)
    return tuple(sorted({int(part) for part in parts}, reverse=True))


def parse_own_leads(text: str) -> OwnLeads:
    """Read `7,1,0;milestones;black-january:30,7`: parts in any order, each once. Raises LeadsError, OwnLeadsError."""
    days: tuple[int, ...] | None = None
    by_event: dict[str, tuple[int, ...]] = {}
    milestones = False
    for part in filter(None, (part.strip() for part in text.split(";"))):
        event, colon, own = part.rpartition(":")
        if part == _MILESTONES:
            milestones = True
        elif not colon and days is None:
            days = _read(part)
        elif colon and ID.fullmatch(event.strip()) and event.strip() not in by_event:
            by_event[event.strip()] = _read(own)
        else:
            raise OwnLeadsError(part=part)
    return OwnLeads(days, tuple(sorted(by_event.items())), milestones)


def _read(text: str) -> tuple[int, ...]:
    return () if text.strip() == _NONE else parse_leads(text)


def _written(days: tuple[int, ...]) -> str:
    return ",".join(map(str, days)) or _NONE
