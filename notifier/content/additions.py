"""What built selections add to the entries that are known, each made once for an anniversary, a language and a lead."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar, cast

from notifier.content.ahead import Known, ahead, alarm, known
from notifier.content.feeds import WrittenEntry, write_entry
from notifier.content.language import Language
from notifier.content.timed import timed_entries
from notifier.content.vtimezone import vtimezone
from notifier.domain.events import Catalog, Event
from notifier.domain.occurrences import is_estimated
from notifier.domain.windows import FeedYears

MOST_BYTES = 8_000_000
"""How much is kept at one time, about; readers may choose any of 366 leads, and hours."""

_END = b"END:VEVENT\r\n"
_BESIDE = 1_000
"""Bytes counted for what is around each piece: its key, the entry and its revision."""

_NOTHING = object()

Piece = TypeVar("Piece")


class Additions:
    """Additions to the entries of one calendar; it is left behind when that is published anew."""

    def __init__(self, catalog: Catalog, years: FeedYears, base_url: str, most_bytes: int = MOST_BYTES) -> None:
        self._catalog = catalog
        self._years = years
        self._base_url = base_url
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pieces: dict[object, object] = {}

    def with_alarms(
        self, written: WrittenEntry, leads: tuple[int, ...], hour: int, event: Event | None, language: Language
    ) -> WrittenEntry:
        """Return the entry with its alarms, which stand behind all its properties (RFC 5545 §3.6.1)."""

        def make() -> WrittenEntry:
            title = self._known(written, event, language).title
            return _with_alarms(written, b"".join(alarm(title, lead, hour, language) for lead in leads))

        key = (written.entry.revision.uid, language.tag, leads, hour)
        return self._kept(key, make, lambda made: made.alarms)

    def ahead(self, written: WrittenEntry, lead: int, event: Event | None, language: Language) -> WrittenEntry | None:
        """Return the entry that announces another one `lead` days ahead; None before the first date there is."""

        def make() -> WrittenEntry | None:
            made = ahead(written.entry, self._known(written, event, language), lead, language)
            return None if made is None else write_entry(made, self._base_url)

        return self._kept((written.entry.revision.uid, language.tag, lead), make, _size_of)

    def timed(self, written: WrittenEntry, event: Event, language: Language) -> tuple[tuple[WrittenEntry, bytes], ...]:
        """Return the anniversary's programme: each entry, and the VTIMEZONE it needs, which may be empty."""
        if written.entry.year not in event.years:
            return ()

        def make() -> tuple[tuple[WrittenEntry, bytes], ...]:
            return tuple(self._timed(written, event, language))

        key = (written.entry.revision.uid, language.tag)
        return self._kept(key, make, lambda made: sum(_size_of(one) for one, _ in made))

    def _timed(self, written: WrittenEntry, event: Event, language: Language) -> Iterator[tuple[WrittenEntry, bytes]]:
        # A programme may begin on the eve of the first year and end after the last.
        first, last = self._years.first - 1, self._years.last + 1
        title = self._known(written, event, language).title
        for one in timed_entries(event, written.entry, title, self._catalog, language):
            zone = b"" if one.zone is None else vtimezone(one.zone, first, last)
            digest = hashlib.sha256(one.entry.revision.digest.encode("ascii") + zone).hexdigest()
            entry = replace(one.entry, revision=replace(one.entry.revision, digest=digest))
            yield write_entry(entry, self._base_url), zone

    def _known(self, written: WrittenEntry, event: Event | None, language: Language) -> Known:
        def make() -> Known:
            estimated = event is not None and is_estimated(event, written.entry.year)
            return known(written.entry, language, estimated=estimated)

        return self._kept(("known", written.entry.revision.uid, language.tag), make, lambda made: len(made.lines))

    def _kept(self, key: object, make: Callable[[], Piece], size_of: Callable[[Piece], int]) -> Piece:
        """Return a piece, made now if it is not there. Two threads may make it both; the pieces are equal."""
        known = self._pieces.get(key, _NOTHING)
        if known is not _NOTHING:
            return cast("Piece", known)
        piece = make()
        if self._bytes > self._most_bytes:
            self._bytes, self._pieces = 0, {}
        self._pieces[key] = piece
        self._bytes += size_of(piece) + _BESIDE
        return piece


def _with_alarms(written: WrittenEntry, alarms: bytes) -> WrittenEntry:
    entry, (stamp, content, tail) = written.entry, written.parts
    digest = hashlib.sha256(entry.revision.digest.encode("ascii") + alarms).hexdigest()
    return WrittenEntry(
        replace(entry, revision=replace(entry.revision, digest=digest)),
        (stamp, content, tail.removesuffix(_END) + alarms + _END),
        len(alarms),
    )


def _size_of(written: WrittenEntry | None) -> int:
    return 0 if written is None else sum(map(len, written.parts))
