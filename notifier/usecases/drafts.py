"""Which messages wait for an operator: those that are released by hand, and those about what is held."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from notifier.domain.deliveries import EditionKey, EditionState
from notifier.domain.events import Catalog, Release
from notifier.storage.editions import Edition
from notifier.storage.holds import Holds


def unread_by_hand(catalog: Catalog, operator: str) -> str | None:
    """Return that nobody is told of messages that wait to be released by hand; None where somebody is, or none do."""
    release_of = catalog.calendar.release_of
    by_hand = [event.id for event in catalog.events if release_of(event) is Release.BY_HAND]
    if operator or not by_hand:
        return None
    return (
        f"{len(by_hand)} events, {by_hand[0]} first, are released by hand and nobody is told of their messages a day "
        "ahead; set it to an e-mail address (NOTIFIER_OPERATOR)"
    )


@dataclass(frozen=True)
class Policy:
    """How editions begin.

    `held_editions` are those an operator keeps back: what they say does not leave in a later edition either, as long
    as they are held.
    """

    catalog: Catalog
    holds: Holds = field(default_factory=Holds)
    held_editions: Collection[Edition] = ()

    def state_of(self, key: EditionKey, covered: date) -> EditionState:
        """Return the state in which an edition begins that goes to people told of everything through `covered`.

        What is released by hand is what has a section of its own: a line in a digest's outlook says no more than the
        calendar's pages do. A hold is stronger, and goes for both.
        """
        spoken_of = {(notice.event, notice.year) for notice in (*key.notices, *key.outlook)}
        if any(event in self.holds.events for event, _ in spoken_of) or self._continues_held(key, covered, spoken_of):
            return EditionState.HELD
        return EditionState.DRAFT if self.by_hand(key) else EditionState.RELEASED

    def by_hand(self, key: EditionKey) -> bool:
        """Whether an edition speaks of what an operator releases by hand."""
        return any(notice.event in self._by_hand for notice in key.notices)

    @cached_property
    def _by_hand(self) -> frozenset[str]:
        release_of = self.catalog.calendar.release_of
        return frozenset(e.permanent_id for e in self.catalog.events if release_of(e) is Release.BY_HAND)

    def _continues_held(self, key: EditionKey, covered: date, spoken_of: AbstractSet[tuple[str, int]]) -> bool:
        """Whether people who did not get a held edition would now get all of it that is still to come."""
        for held in (one.of for one in self.held_editions):
            ahead = {(n.event, n.year) for n in held.notices if held.day + timedelta(days=n.days) >= key.day}
            if ahead and held.language == key.language and covered < held.day < key.day and ahead <= spoken_of:
                return True
        return False
