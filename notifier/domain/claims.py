"""What is said of an event, each by somebody and from documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from notifier.domain.events import Event, FigureClaim, NameClaim, Statement, Update

Claim: TypeAlias = Statement | NameClaim | FigureClaim | Update


def claims_of(event: Event) -> Iterator[Claim]:
    """Yield all that is said of an event: its official name, then texts and names, and figure by figure."""
    if event.official_name is not None:
        yield event.official_name
    yield from event.summary
    yield from event.called
    yield from event.remembered
    yield from event.updates
    for figure in event.figures:
        yield from figure.claims
