"""How a day is spoken of by its kind: what is mourned is remembered, other days are marked and kept."""

from __future__ import annotations

from collections.abc import Collection

from notifier.content.language import Language
from notifier.domain.events import Kind

_SOLEMN = frozenset({Kind.MOURNING, Kind.MEMORIAL})


def remembered_heading(kind: Kind, language: Language) -> str:
    """Return what stands above the account of a day."""
    return language.say("What is remembered") if kind in _SOLEMN else language.say("What this day marks")


def kept_heading(kind: Kind, language: Language) -> str:
    """Return what stands above what is done on a day."""
    return language.say("How it is remembered") if kind in _SOLEMN else language.say("How this day is kept")


def kind_called(kind: Kind, language: Language) -> str:
    """Return the kind in a word that claims no status: it is how the calendar sorts, and what a colour shows."""
    match kind:
        case Kind.MOURNING:
            return language.say("mourning")
        case Kind.MEMORIAL:
            return language.say("remembrance")
        case Kind.RELIGIOUS:
            return language.say("religious")
        case Kind.NATIONAL:
            return language.say("national")
        case Kind.NEUTRAL:
            return language.say("other")


def kinds_called(kinds: Collection[Kind], language: Language) -> list[tuple[Kind, str]]:
    """Return each of these kinds once, with its words, in one order everywhere."""
    return [(kind, kind_called(kind, language)) for kind in Kind if kind in kinds]
