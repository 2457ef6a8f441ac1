"""Time zones as a list to choose from: each by its place in the reader's language, in the order of its letters.

What was spelled or drawn otherwise before (Asia/Calcutta, America/Shiprock) is no further place to choose; it goes with
the zone that it leads to now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize

from babel.core import get_global

from notifier.content.cldr import cities, is_latin
from notifier.content.views import Words
from notifier.domain.hours import is_zone, zone_names

if TYPE_CHECKING:
    from notifier.content.language import Language

_TERRITORIES: Final[Mapping[str, str]] = {
    "Africa": "002",
    "America": "019",
    "Antarctica": "AQ",
    "Asia": "142",
    "Australia": "AU",
    "Europe": "150",
}
"""CLDR's codes (UN M.49 and ISO 3166) for the parts of the world that zones are named after."""

_ALPHABETS: Final[Mapping[str, str]] = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz",
    "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz",
    "fa": "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
}
"""The order of letters where it is not that of their numbers in Unicode without what stands above and below them."""


class Zone(NamedTuple):
    """One zone: the name that is sent, its place, whether it is chosen, and the names it had `also`."""

    value: str
    said: Words
    chosen: bool
    also: str


class Zones(NamedTuple):
    """The zones of one part of the world."""

    area: str
    zones: Sequence[Zone]


def zones_to_choose(language: Language, chosen: str) -> list[Zones]:
    """Return all zones, and the one that is `chosen` even where it has another name today; UTC stands last."""
    former = _former()
    names = {name for name in zone_names() if name not in get_global("zone_aliases") or name == "UTC"}
    by_area: dict[str, list[Zone]] = defaultdict(list)
    for name in sorted({*names, chosen} if "/" in chosen and is_zone(chosen) else names):
        place = Zone(name, _place(name, language), name == chosen, former.get(name, ""))
        by_area[name.partition("/")[0]].append(place)
    groups = [
        Zones(_area(area, language), sorted(zones, key=lambda one: _in_order(one.said.text, language)))
        for area, zones in by_area.items()
        if area != "UTC"
    ]
    groups.sort(key=lambda group: _in_order(group.area, language))
    return [*groups, Zones("UTC", by_area["UTC"])]


@lru_cache(maxsize=1)
def _former() -> Mapping[str, str]:
    """Return the former names of each zone that has any, with spaces between them; browsers may still use them."""
    found: dict[str, list[str]] = defaultdict(list)
    aliases = get_global("zone_aliases")
    for name in zone_names():
        if name in aliases and "/" in name:
            found[aliases[name]].append(name)
    return {name: " ".join(sorted(names)) for name, names in found.items()}


def _place(name: str, language: Language) -> Words:
    """Return a zone's place; where CLDR does not know it, as the zone's name has it, which is English.

    CLDR leaves out what is spelled as in the zone's name, as it may be in any language with Latin letters.
    """
    said = cities(language.locale).get(get_global("zone_aliases").get(name, name))
    if said is None:
        said = (name.rpartition("/")[2] or name).replace("_", " ")
        if not is_latin(language.locale):
            return Words(said, "en", "ltr", None)
    return Words(said, language.tag, language.direction, None)


def _area(area: str, language: Language) -> str:
    if area in _TERRITORIES:
        return str(language.locale.territories.get(_TERRITORIES[area], area))
    said = {
        "Arctic": language.say("Arctic"),
        "Atlantic": language.say("Atlantic Ocean"),
        "Indian": language.say("Indian Ocean"),
        "Pacific": language.say("Pacific Ocean"),
    }
    return said.get(area, area)


def _in_order(text: str, language: Language) -> list[int]:
    """Return what puts a text in its place among others; what is no letter comes before every letter."""
    alphabet = _ALPHABETS.get(language.tag, "")
    small = (text.replace("İ", "i").replace("I", "ı") if language.tag in {"az", "tr"} else text).lower()
    return [_place_of(letter, alphabet) for letter in small]


def _place_of(letter: str, alphabet: str) -> int:
    for one in (letter, normalize("NFD", letter)[0]):
        if (found := alphabet.find(one)) >= 0:
            return found
    return len(alphabet) + ord(normalize("NFD", letter)[0]) if letter.isalpha() else -1
