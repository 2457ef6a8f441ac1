"""What an importer finds: events with their rules and names, and what it could not take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifier.domain.errors import NotifierError
from notifier.domain.events import Kind


class ImportSourceError(NotifierError):
    """Something to import from that cannot be read as a whole."""

    wrong_use = True
    sentence = "{source} cannot be imported: {cause}"


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A single year's keeping on another day than the rule says; `year` is nominal, in the rule's own calendar."""

    year: int
    date: date


@dataclass(frozen=True, slots=True)
class ImportedPlace:
    """Where, as far as it was said: a name, latitude and longitude in degrees."""

    name: str | None
    at: tuple[float, float] | None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedEvent:
    """One event to be written; `mark` names it within its origin and stays the same at every import.

    `names` are by language; at least one is there. `slug` is what the id is made from. `leap_years_only` matters for
    29 February alone.
    """

    mark: str
    slug: str
    names: dict[str, str]
    rule: str
    kind: Kind = Kind.NEUTRAL
    description: dict[str, str] | None = None
    place: ImportedPlace | None = None
    until: int | None = None
    exceptions: tuple[Exceptional, ...] = ()
    leap_years_only: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was not taken, where it stands in the origin, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where events come from, as a source of the calendar: its id, who publishes it, how it is called."""

    id: str
    publisher_id: str
    publisher: str
    title: str
    accessed: date
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """What came of looking at an origin."""

    origin: Origin
    events: tuple[ImportedEvent, ...]
    refused: tuple[Refusal, ...]
