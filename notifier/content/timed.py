"""Entries with an hour: what a year's programme holds, each at its wall time in its place's zone.

They are read off what was kept with their anniversary, so one that was taken out is there to be cancelled too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from notifier.content.ahead import beside
from notifier.content.feeds import Entry, cancelled_content
from notifier.content.programme import read


@dataclass(frozen=True, slots=True)
class Timed:
    """An entry with an hour, and the zone its feed has to spell out; None where it is told in UTC."""

    entry: Entry
    zone: str | None


def timed_entries(entry: Entry) -> Iterator[Timed]:
    """Yield the programme of one anniversary, by UID; all are revised when the anniversary is."""
    for item in () if entry.timed is None else read(entry.timed):
        cancelled = entry.cancelled or item.called_off is not None
        content = cancelled_content(item.content) if cancelled else item.content
        own = replace(
            entry,
            revision=beside(entry.revision, item.suffix, content),
            content=content,
            first=item.first,
            cancelled=cancelled,
            timed=None,
        )
        yield Timed(own, item.zone)
