"""The calendars that ship, day by day: when each is kept, since when it is counted, and on what it rests."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.catalog.load import load_catalog
from notifier.content.language import Languages
from notifier.domain.events import Catalog, Event
from notifier.domain.occurrences import occurrences_between
from tests.factories import LOCALES, ROOT

UN = "united-nations"

# id, rule, origin, kind, in 2027, the ordinal then, the official name, who gives it, the documents
WORLD = [
    ("holocaust", "27 January", "1945-01-27", "mourning", "01-27", 82,
     "International Day of Commemoration in memory of the victims of the Holocaust", UN, ["A/RES/60/7"]),
    ("agadir-1960", "29 February", "1960-02-29", "mourning", "02-28", 67, None, None, [None]),
    ("slavery", "25 March", None, "mourning", "03-25", None,
     "Day of Remembrance of the Victims of Slavery and the Transatlantic Slave Trade", UN, ["A/RES/62/122"]),
    ("rwanda-1994", "7 April", "1994-04-07", "mourning", "04-07", 33,
     "International Day of Reflection on the 1994 Genocide against the Tutsi in Rwanda", UN,
     ["A/RES/58/234", "decision 72/550"]),
    ("armenia-1915", "24 April", "1915-04-24", "mourning", "04-24", 112,
     "Armenian Genocide Remembrance Day", "armenia", [None]),
    ("anzac", "25 April", "1915-04-25", "mourning", "04-25", 112, None, None, []),
    ("chernobyl-1986", "26 April", "1986-04-26", "mourning", "04-26", 41,
     "International Chernobyl Disaster Remembrance Day", UN, ["A/RES/71/125"]),
    ("second-world-war", "8 May to 9 May", "1945", "mourning", "05-08", 82,
     "Time of Remembrance and Reconciliation", UN, ["A/RES/59/26"]),
    ("srebrenica-1995", "11 July", "1995-07-11", "mourning", "07-11", 32, None, None, ["A/RES/78/282"]),
    ("hiroshima-1945", "6 August at 08:15", "1945-08-06", "mourning", "08-06", 82, None, None, []),
    ("enforced-disappearances", "30 August", None, "mourning", "08-30", None, None, None, ["A/RES/65/209"]),
    ("armistice-1918", "11 November", "1918-11-11", "mourning", "11-11", 109, None, None, []),
    ("remembrance-sunday", "second Sunday of November", None, "mourning", "11-14", None, None, None, []),
    ("volkstrauertag", "14 days before fourth Sunday before 25 December", None, "mourning", "11-14", None,
     None, None, []),
    ("totensonntag", "7 days before fourth Sunday before 25 December", None, "mourning", "11-21", None,
     None, None, []),
    ("road-victims", "third Sunday of November", None, "mourning", "11-21", None, None, None, ["A/RES/60/5"]),
    ("holodomor", "fourth Saturday of November", "1932/1933", "mourning", "11-27", None, None, None, []),
    ("genocide-victims", "9 December", "1948-12-09", "mourning", "12-09", 79, None, None, ["A/RES/69/323"]),
    ("yom-hashoah", "27 Nisan, if Friday 1 day earlier, if Sunday 1 day later", None, "mourning", "05-04", None,
     None, None, []),
    ("ashura", "10 Muharram", "10 Muharram 61 AH", "religious", "06-15", 1388, None, None, []),
    ("radonitsa", "Orthodox Easter + 9 days", None, "religious", "05-11", None, None, None, []),
    ("qingming", "Qingming", None, "religious", "04-05", None, None, None, []),
    ("memorial-day-us", "last Monday of May", None, "mourning", "05-31", None, None, None, []),
]  # fmt: skip
AZERBAIJAN = [
    ("black-january", "20 January", "1990-01-20", "mourning", "01-20", 37, "Day of National Mourning", "azerbaijan"),
    ("khojaly", "26 February", "1992-02-26", "mourning", "02-26", 35, None, None),
    ("azal-8243", "25 December", "2024-12-25", "mourning", "12-25", 3, None, None),
    ("march-1918", "31 March", "1918", "mourning", "03-31", 109,
     "Day of Genocide of Azerbaijanis", "decree-1998"),
    ("republic-1918", "28 May", "1918-05-28", "national", "05-28", 109, None, None),
    ("restoration-1991", "18 October", "1991-10-18", "national", "10-18", 36, None, None),
    ("remembrance-2020", "27 September", "2020-09-27", "mourning", "09-27", 7, None, None),
]  # fmt: skip


def shipped(name: str) -> Catalog:
    catalog = load_catalog([ROOT / name], Languages(LOCALES).tags).catalog
    assert catalog is not None
    return catalog


def in_2027(event: Event) -> tuple[str, int | None]:
    [one] = occurrences_between([event], date(2027, 1, 1), date(2028, 1, 1))
    return f"{one.first:%m-%d}", one.ordinal


def told(event: Event) -> tuple[object, ...]:
    name = event.official_name
    return (
        event.id, str(event.rule), event.origin and str(event.origin), event.kind, *in_2027(event),
        name and name.term.get("en"), name and name.by,
    )  # fmt: skip


def documents(event: Event, catalog: Catalog) -> list[str | None]:
    cited = [] if event.official_name is None else list(event.official_name.sources)
    cited += [source for one in (*event.summary, *event.remembered) for source in one.sources]
    return [catalog.sources[id_].title for id_ in cited]


def test_the_days_of_the_world_are_these_and_rest_on_these_documents() -> None:
    catalog = shipped("calendars/world.yaml")

    assert [(*told(event), documents(event, catalog)) for event in catalog.events] == WORLD


def test_the_days_of_azerbaijan_are_these() -> None:
    assert [told(event) for event in shipped("events.yaml").events] == AZERBAIJAN


@pytest.mark.parametrize("name", ["calendars/world.yaml", "events.yaml"])
def test_each_is_worded_in_every_language_and_english_and_german_are_read_over(name: str) -> None:
    catalog = shipped(name)

    for event in catalog.events:
        assert event.heading.languages() == catalog.calendar.languages
        assert event.unreviewed() == ("az", "tr", "ru")
