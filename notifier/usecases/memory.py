"""How the memory for what was made to be sent is divided; what a share has no room for is made again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

USUAL = 64_000_000
"""Bytes, unless settings say otherwise."""

_FEEDS, _SELECTIONS, _SHAPES, _ADDITIONS, _PAGES, _ANSWERS, _PICTURES, _FOUND, _WANTED = 12, 6, 4, 4, 4, 2, 1, 1, 1
_PARTS = _FEEDS + _SELECTIONS + _SHAPES + _ADDITIONS + _PAGES + _ANSWERS + _PICTURES + _FOUND + _WANTED


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes for each use. Entries are not among them: all feeds share one set, which is always there."""

    feeds: int
    """Feeds as they are sent."""
    selections: int
    """Built selections as they are sent."""
    shapes: int
    """Feeds in their other shapes, before they are sent."""
    additions: int
    """What built selections add to entries."""
    pages: int
    """Pages."""
    answers: int
    """Answers of the API."""
    pictures: int
    """Pictures of anniversaries."""
    found: int
    """Pages of what somebody looked for."""
    wanted: int
    """Pages of calendars that somebody put together."""

    @classmethod
    def of(cls, most_bytes: int = USUAL) -> Self:
        """Divide so many bytes."""
        part = most_bytes // _PARTS
        return cls(
            feeds=part * _FEEDS,
            selections=part * _SELECTIONS,
            shapes=part * _SHAPES,
            additions=part * _ADDITIONS,
            pages=part * _PAGES,
            answers=part * _ANSWERS,
            pictures=part * _PICTURES,
            found=part * _FOUND,
            wanted=part * _WANTED,
        )
