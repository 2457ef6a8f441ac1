"""A calendar of very many events, made in memory: all in one collection, with long headings in every language."""

from __future__ import annotations

from notifier.domain.events import Catalog, CollectionId, Kind, Place
from notifier.domain.origins import Origin
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.texts import LanguageTag
from tests.factories import make_calendar, make_event, text
from tests.further_languages import SPOKEN

ALL_OF_THEM = CollectionId("all-of-them")
_KINDS = tuple(Kind)

_HEADINGS = {
    "en": "Day {n}, on which the people of a small town are remembered",
    "de": "Tag {n}, an dem der Menschen einer kleinen Stadt gedacht wird",
    "az": "Kiçik bir şəhərin insanlarının xatırlandığı {n} saylı gün",
    "tr": "Küçük bir kasabanın insanlarının anıldığı {n} numaralı gün",
    "ru": "День {n}, в который вспоминают жителей небольшого города",
    "fr": "Jour {n}, où l’on se souvient des habitants d’une petite ville",
    "fa": "روز {n} که در آن از مردم یک شهر کوچک و دوردست یاد می‌کنند",
    "hy": "Օր {n}, երբ հիշում են փոքր քաղաքի բնակիչներին և նրանց զոհերին",
}
_TOWN = {
    "en": "The town", "de": "Die Stadt", "az": "Şəhər", "tr": "Kasaba",
    "ru": "Город", "fr": "La ville", "fa": "شهر", "hy": "Քաղաք",
}  # fmt: skip


def many_events(count: int) -> Catalog:
    """Return so many events, spread over the days of the year; their names begin with a number of their own."""
    calendar = make_calendar(
        languages=tuple(map(LanguageTag, SPOKEN)),
        name=text(**dict.fromkeys(SPOKEN, "Days")),
        collections={ALL_OF_THEM: text(**dict.fromkeys(SPOKEN, "All of them"))},
    )
    town, counts = Place(text(**_TOWN), None, None), text(**_TOWN)
    events = []
    for n in range(count):
        month, day, year = n % 12 + 1, n // 12 % 28 + 1, 1900 + n % 97
        named = text(**{tag: said.format(n=n) for tag, said in _HEADINGS.items()})
        event = make_event(
            f"people-of-a-small-town-{n}",
            heading=named,
            origin=Origin(year, month, day),
            rule=FixedDay(month, day),
            kind=_KINDS[n % len(_KINDS)],
            collections=(ALL_OF_THEM,),
            place=town,
            counts=counts,
        )
        events.append(event)
    return Catalog(calendar, {}, {}, tuple(events))
