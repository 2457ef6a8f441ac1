"""What an anniversary's entries are made from, as a digest: while it is equal, stored bytes need not be rendered again.

It errs to one side: it may change where the bytes do not, never the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from notifier.content import (
    cldr,
    contentlines,
    day_sentences,
    day_words,
    directions,
    language,
    numerals,
    ordinals,
    own_dates,
    programme,
    tone,
    vevent,
    views,
    wording,
)
from notifier.domain import days, digests, errors, events, hours, occurrences, origins, programmes, rules, texts
from notifier.domain.claims import claims_of
from notifier.domain.digests import digest_of_texts
from notifier.domain.events import Catalog, Event
from notifier.domain.occurrences import Occurrence
from notifier.domain.rules import (
    chinese,
    composed,
    easter,
    gregorian,
    hebrew,
    hijri,
    julian,
    persian,
    relative,
    spans,
    systems,
    yearly,
)

CODE = (
    cldr, contentlines, day_sentences, day_words, directions, language, numerals, ordinals, own_dates, programme,
    tone, vevent, views, wording,
    days, digests, errors, events, hours, occurrences, origins, programmes, texts,
    rules, chinese, composed, easter, gregorian, hebrew, hijri, julian, persian, relative, spans, systems, yearly,
)  # fmt: skip
"""The modules that render, and all of ours that these import; a test holds it complete."""

_LIBRARIES = ("babel", "convertdate", "hijridate", "lunar-python", "pyluach", "tzdata")


class Fingerprints:
    """The fingerprints of one catalog's anniversaries. Code and libraries are digested once, each event once.

    What is digested of a value is the `repr` of its dataclass: it names every field, so that none is forgotten.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        calendar = catalog.calendar
        self._common = digest_of_texts(_program(), repr((calendar.languages, calendar.collections, calendar.zone)))
        self._events: dict[str, str] = {}

    def of(self, occurrence: Occurrence, language_digest: str) -> str:
        """Return the fingerprint of one anniversary in a language (`Languages.digest`), in hexadecimal."""
        o = occurrence
        own = repr((o.year, o.first, o.last, o.ordinal, o.estimated, o.moved))
        return digest_of_texts(self._event(o.event), language_digest, own)

    def _event(self, event: Event) -> str:
        if event.id not in self._events:
            self._events[event.id] = digest_of_texts(self._common, repr(event), *self._cited(event))
        return self._events[event.id]

    def _cited(self, event: Event) -> Iterator[str]:
        """Yield every party and document the event names, in the order of the event."""
        for claim in claims_of(event):
            if claim.by is not None:
                yield repr(self._catalog.parties[claim.by])
            for id_ in claim.sources:
                source = self._catalog.sources[id_]
                yield repr(source)
                if source.publisher is not None:
                    yield repr(self._catalog.parties[source.publisher])


def _program() -> str:
    """Return a digest of the code that renders, and of the versions of the libraries it calls."""
    sources = (Path(module.__file__).read_text(encoding="utf-8") for module in CODE if module.__file__)
    return digest_of_texts(*sources, *(version(library) for library in _LIBRARIES))
