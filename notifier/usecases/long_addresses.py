"""Addresses that are too long for calendars to subscribe to."""

from __future__ import annotations

from notifier.usecases.publish import Site
from notifier.usecases.shape_paths import SHAPES, shaped

MOST_CHARACTERS = 255
"""Google Calendar fails past that, without a word."""


def too_long(site: Site, base_url: str) -> str | None:
    """Return a sentence on the longest feed address where that is too long; None where none is.

    `base_url` has no slash at its end.
    """
    longest = max((shaped(path, shape) for path in site.feeds for shape in ("ics", *SHAPES)), key=len, default="")
    length = len(base_url) + len(longest)
    if length <= MOST_CHARACTERS:
        return None
    return (
        f"the address of {longest} has {length} characters, and calendars take at most {MOST_CHARACTERS}: "
        "set a shorter NOTIFIER_BASE_URL"
    )
