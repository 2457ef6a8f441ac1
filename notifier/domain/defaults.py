"""What somebody gets who chooses nothing."""

from __future__ import annotations

from notifier.domain.events import Catalog
from notifier.domain.selections import Selection


def first_selection(catalog: Catalog) -> Selection:
    """Return what a form selects before anybody has chosen: the calendar's first collection that has days.

    Never `all`, which would go on growing without being asked for. Where there are no collections, it is each day
    there is now.
    """
    there = catalog.collection_ids()
    named = [*catalog.calendar.collections, *there]
    first = next((f"collection:{id_}" for id_ in named if id_ in there), None)
    if first is not None:
        return Selection((first,))
    return Selection(tuple(sorted(event.permanent_id for event in catalog.events)))
