"""What built selections add to the entries that are known, each made once for an anniversary, a language and a lead."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from typing import Any, TypeVar

from notifier.content.ahead import Known, ahead, alarm, known, title_of
from notifier.content.feeds import WrittenEntry, write_entry
from notifier.content.language import Language
from notifier.content.timed import timed_entries
from notifier.content.vtimezone import vtimezone
from notifier.domain.built import Built
from notifier.domain.events import Event
from notifier.domain.occurrences import is_estimated
from notifier.domain.windows import FeedYears

MOST_BYTES = 8_000_000
"""How much is kept at one time, about; readers may choose any of 366 leads, and hours."""

_END = b"END:VEVENT\r\n"
_BESIDE = 1_000
"""Bytes counted for what is around each piece: its key, the entry and its revision."""

Piece = TypeVar("Piece")

_Timed = tuple[tuple[WrittenEntry, bytes], ...]
"""An anniversary's programme: each entry, and the VTIMEZONE it needs, which may be empty."""


class Additions:
    """Additions to the entries of one calendar; they are left behind when that is published anew.

    They are kept by what was chosen, and there by UID: whoever wants them for many entries finds the choice once. Two
    threads may make the same one; the two are equal.
    """

    def __init__(self, years: FeedYears, base_url: str, most_bytes: int = MOST_BYTES) -> None:
        self.years = years
        self.base_url = base_url
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pieces: dict[Hashable, dict[str, Any]] = {}

    def of(self, choice: Hashable) -> dict[str, Any]:
        """Return what is kept of one choice, by UID."""
        pieces = self._pieces.get(choice)
        if pieces is None:
            self._take(_BESIDE)
            pieces = self._pieces.setdefault(choice, {})
        return pieces

    def keep(self, pieces: dict[str, Piece], uid: str, piece: Piece, octets: int) -> Piece:
        """Keep a piece beside others of its choice, and return it."""
        self._take(octets + _BESIDE)
        pieces[uid] = piece
        return piece

    def _take(self, octets: int) -> None:
        if self._bytes > self._most_bytes:
            # Who makes a feed now goes on with what they have.
            self._bytes, self._pieces = 0, {}
        self._bytes += octets


class Beside:
    """What one selection has around its entries; made now where it is not kept."""

    def __init__(self, built: Built, language: Language, additions: Additions) -> None:
        tag = language.tag
        self._built = built
        self._language = language
        self._additions = additions
        # By their UIDs' suffixes, as entries stand in a feed: what is in order already is sorted in no time.
        leads = sorted(built.ahead, key="{}@".format)
        self._ahead: list[tuple[int, dict[str, WrittenEntry]]] = [(lead, additions.of((tag, lead))) for lead in leads]
        self._alarms: dict[str, WrittenEntry] = additions.of((tag, "alarms", built.alarms, built.hour))
        self._timed: dict[str, _Timed] = additions.of((tag, "timed"))
        self._known: dict[str, Known] = additions.of((tag, "known"))

    def around(self, written: WrittenEntry, event: Event | None, zones: set[bytes]) -> Iterator[WrittenEntry]:
        """Yield what goes with an entry, then the entry itself, and gather the time zones that these need.

        `event` is None for an entry whose event was taken out.
        """
        uid, cancelled = written.entry.revision.uid, written.entry.cancelled
        for lead, pieces in self._ahead:
            ahead = pieces.get(uid) or self._made_ahead(written, lead, event, pieces)
            if ahead is not None:
                yield ahead
        if self._built.timed and written.entry.timed is not None:
            for timed, zone in self._programme_of(written):
                zones.add(zone)
                yield timed
        if self._built.hour is None or cancelled:
            yield written
        else:
            yield self._alarms.get(uid) or self._made_alarms(written, self._built.hour)

    def _made_ahead(
        self, written: WrittenEntry, lead: int, event: Event | None, pieces: dict[str, WrittenEntry]
    ) -> WrittenEntry | None:
        """Make the entry that announces another one `lead` days ahead; None before the first date there is."""
        made = ahead(written.entry, self._known_of(written, event), lead, self._language)
        if made is None:
            return None
        piece = write_entry(made, self._additions.base_url)
        return self._additions.keep(pieces, written.entry.revision.uid, piece, _size(piece))

    def _made_alarms(self, written: WrittenEntry, hour: int) -> WrittenEntry:
        """Make the entry with its alarms, which stand behind all its properties (RFC 5545 §3.6.1)."""
        title = title_of(written.entry)
        alarms = b"".join(alarm(title, lead, hour, self._language) for lead in self._built.alarms)
        stamp, content, tail = written.parts
        digest = hashlib.sha256(written.entry.revision.digest.encode("ascii") + alarms).hexdigest()
        parts = (stamp, content, tail.removesuffix(_END) + alarms + _END)
        piece = WrittenEntry.of(written.entry, parts, digest, len(alarms))
        # Its first two parts are those of the entry without alarms.
        return self._additions.keep(self._alarms, written.entry.revision.uid, piece, len(parts[2]) + len(piece.said))

    def _programme_of(self, written: WrittenEntry) -> _Timed:
        uid = written.entry.revision.uid
        found = self._timed.get(uid)
        if found is not None:
            return found
        made = tuple(self._made_programme(written))
        return self._additions.keep(self._timed, uid, made, sum(_size(one) for one, _ in made))

    def _made_programme(self, written: WrittenEntry) -> Iterator[tuple[WrittenEntry, bytes]]:
        additions = self._additions
        # A programme may begin on the eve of the first year and end after the last.
        first, last = additions.years.first - 1, additions.years.last + 1
        for one in timed_entries(written.entry):
            zone = b"" if one.zone is None else vtimezone(one.zone, first, last)
            digest = hashlib.sha256(one.entry.revision.digest.encode("ascii") + zone).hexdigest()
            yield write_entry(one.entry, additions.base_url, digest), zone

    def _known_of(self, written: WrittenEntry, event: Event | None) -> Known:
        uid = written.entry.revision.uid
        found = self._known.get(uid)
        if found is not None:
            return found
        estimated = event is not None and is_estimated(event, written.entry.year)
        made = known(written.entry, self._language, estimated=estimated)
        return self._additions.keep(self._known, uid, made, len(made.lines))


def _size(written: WrittenEntry) -> int:
    return written.octets + len(written.said)
