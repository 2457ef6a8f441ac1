"""What came back from translators, before it is compared with the calendar."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 20_000_000
"""Octets of a file with translations."""

MOST_UNITS = 200_000

LONGEST = 32_000
"""Characters of one text; a cell of a sheet holds no more."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One text that came back: where it stands in its file, its key, the source text it has, and its wording.

    `problem` says why it cannot be taken; empty where it can.
    """

    place: str
    key: str
    source: str
    wording: str
    problem: str = ""
