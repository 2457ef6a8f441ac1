"""Small values for tests: a calendar of two real days, and ways to vary it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from notifier.domain.events import (
    Begins,
    Calendar,
    Catalog,
    CollectionId,
    Event,
    EventId,
    Figure,
    FigureClaim,
    Kind,
    NameClaim,
    Party,
    PartyId,
    Place,
    Qualifier,
    Source,
    SourceId,
    Statement,
)
from notifier.domain.origins import Origin
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.texts import LanguageTag, Text

ROOT = Path(__file__).parents[1]
LOCALES = ROOT / "locales"
TEMPLATES = ROOT / "templates"

EURONEWS, JAMNEWS, OFFICIAL = PartyId("euronews"), PartyId("jamnews"), PartyId("official-az")
EURONEWS_PAGE, JAMNEWS_PAGE = SourceId("euronews"), SourceId("jamnews-2019-01")


def text(**by_language: str) -> Text:
    return Text.of(by_language.items())


def make_event(id_: str = "black-january", **changes: Any) -> Event:
    """Return a bare mourning day on 20 January, counted from 1990."""
    event = Event(
        id=EventId(id_),
        was=(),
        heading=text(en="Black January", de="Schwarzer Januar"),
        official_name=None,
        origin=Origin(1990, 1, 20),
        counts=text(en="the entry of Soviet troops into Baku", de="der Einmarsch sowjetischer Truppen in Baku"),
        rule=FixedDay(1, 20),
        begins=Begins.DAY,
        kind=Kind.MOURNING,
        collections=(CollectionId("azerbaijan"),),
        place=None,
        summary=(),
        called=(),
        figures=(),
        remembered=(),
        updates=(),
        years={},
        translations={},
        leads=None,
        exceptions={},
        until=None,
        confirmed=(),
    )
    return replace(event, **changes)


def black_january() -> Event:
    return make_event(
        begins=Begins.EVE,
        place=Place(text(en="Baku", de="Baku"), "Asia/Baku", (40.3553, 49.8128)),
        summary=(
            Statement(
                text(
                    en="Units of the Soviet army entered Baku.",
                    de="Einheiten der sowjetischen Armee rückten in Baku ein.",
                ),
                None,
                (EURONEWS_PAGE, JAMNEWS_PAGE),
            ),
        ),
        called=(NameClaim(text(en="massacre", de="Massaker"), EURONEWS, (EURONEWS_PAGE,)),),
        figures=(
            Figure(
                "killed",
                None,
                (
                    FigureClaim(147, Qualifier.EXACTLY, OFFICIAL, (JAMNEWS_PAGE,), None),
                    FigureClaim(140, Qualifier.AT_LEAST, EURONEWS, (EURONEWS_PAGE,), None),
                ),
            ),
        ),
    )


def khojaly() -> Event:
    return make_event(
        "khojaly",
        heading=text(en="Khojaly", de="Chodschali"),
        origin=Origin(1992, 2, 26),
        counts=text(en="the attack on the town of Khojaly", de="der Angriff auf die Stadt Chodschali"),
        rule=FixedDay(2, 26),
    )


def make_calendar(**changes: Any) -> Calendar:
    calendar = Calendar(
        id="remembrance.example.org",
        name=text(en="Days of remembrance", de="Gedenktage"),
        published=date(2026, 11, 21),
        zone="Asia/Baku",
        languages=(LanguageTag("en"), LanguageTag("de")),
        leads=(7, 0),
        milestones=None,
        collections={CollectionId("azerbaijan"): text(en="Azerbaijan", de="Aserbaidschan")},
    )
    return replace(calendar, **changes)


def make_catalog(*events: Event, **changes: Any) -> Catalog:
    """Return a catalog of these events, or of Black January and Khojaly; `changes` are the calendar's."""
    parties = {
        EURONEWS: Party(EURONEWS, text(en="Euronews", de="Euronews")),
        JAMNEWS: Party(JAMNEWS, text(en="JAMnews", de="JAMnews")),
        OFFICIAL: Party(OFFICIAL, text(en="official data", de="amtliche Angaben")),
    }
    sources = {
        EURONEWS_PAGE: Source(
            EURONEWS_PAGE, EURONEWS, "Remembrance becomes pivotal", LanguageTag("en"), None, None, None, None, None
        ),
        JAMNEWS_PAGE: Source(
            JAMNEWS_PAGE, JAMNEWS, "Azerbaijan remembers", LanguageTag("en"), "2019-01-20", None, None, None, None
        ),
    }
    return Catalog(make_calendar(**changes), parties, sources, events or (black_january(), khojaly()))
