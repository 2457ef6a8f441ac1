"""What may look at a calendar while it is read, more closely than using it takes."""

from __future__ import annotations

from typing import Protocol

from notifier.catalog.nodes import Node
from notifier.domain.events import Calendar, Event


class Linter(Protocol):
    """Looks at what was read well, beside what its nodes say of its places, and notes what it finds."""

    def calendar(self, calendar: Calendar, node: Node) -> None:
        """Look at the head, which comes first."""

    def section(self, name: str, node: Node) -> None:
        """Look at parties, sources or collections."""

    def event(self, event: Event, node: Node) -> None:
        """Look at an event."""

    def whole(self) -> None:
        """Look at what only all files together tell; every one of them was read."""


class Unlooked:
    """Looks at nothing: for whoever uses the calendar."""

    def calendar(self, calendar: Calendar, node: Node) -> None: ...

    def section(self, name: str, node: Node) -> None: ...

    def event(self, event: Event, node: Node) -> None: ...

    def whole(self) -> None: ...
