"""Looking up the ids of parties and sources that were used, when all files are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from notifier.catalog.findings import Findings
from notifier.catalog.problems import Code, Place, did_you_mean

_SECTIONS = {"party": "parties:", "source": "sources:"}

_MOST_HINTS = 20
"""Comparing an id with all others takes a while in a large calendar."""


def look_up(
    findings: Findings, what: Literal["party", "source"], used: Iterable[tuple[str, Place]], known: Collection[str]
) -> None:
    """Note each id that is used and not there, once, where it is first used."""
    places: dict[str, list[Place]] = {}
    for id_, place in used:
        if id_ not in known:
            places.setdefault(id_, []).append(place)
    for number, (id_, where) in enumerate(places.items()):
        more = f" (used {len(where)} times)" if len(where) > 1 else ""
        hint = did_you_mean(id_, known) if number < _MOST_HINTS else ""
        findings.error(where[0], f'there is no {what} "{id_}" under {_SECTIONS[what]}{more}{hint}', Code.UNKNOWN_ID)
