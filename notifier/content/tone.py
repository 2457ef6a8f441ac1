"""How a day is spoken of by its kind: what is mourned is remembered, other days are marked and kept."""

from __future__ import annotations

from notifier.content.language import Language
from notifier.domain.events import Kind

_SOLEMN = frozenset({Kind.MOURNING, Kind.MEMORIAL})


def remembered_heading(kind: Kind, language: Language) -> str:
    """Return what stands above the account of a day."""
    return language.say("What is remembered") if kind in _SOLEMN else language.say("What this day marks")


def kept_heading(kind: Kind, language: Language) -> str:
    """Return what stands above what is done on a day."""
    return language.say("How it is remembered") if kind in _SOLEMN else language.say("How this day is kept")
