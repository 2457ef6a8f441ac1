"""Calendar feeds: entries joined under a VCALENDAR head (RFC 5545 §3.4, RFC 7986), and their two forms on the wire.

Nothing here reads a clock or a database: an entry's content comes ready-made.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property, lru_cache
from itertools import chain
from operator import attrgetter
from typing import Self

from notifier.content.contentlines import folded, one_line, plain, plain_name, text_line
from notifier.content.language import Language
from notifier.domain import addresses
from notifier.domain.events import Calendar, CollectionId, Kind
from notifier.domain.revisions import Revision, first_revision

CALENDAR_TYPE = "text/calendar; charset=utf-8"

Headers = tuple[tuple[str, str], ...]
"""Further HTTP headers of a feed, by name and value."""

# No METHOD: libical wants an ORGANIZER with PUBLISH, and with it DTSTAMP would be the moment of the request.
_HEAD_BEGINS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Remembrance notifier//Calendar feeds//EN\r\nCALSCALE:GREGORIAN\r\n"
)
_REFRESHED = b"REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\nX-PUBLISHED-TTL:PT12H\r\n"

# A CSS3 colour name (RFC 7986 §5.9), and the same colour for Apple's calendars.
COLORS = {
    Kind.MOURNING: ("dimgray", "#696969"),
    Kind.MEMORIAL: ("slategray", "#708090"),
    Kind.RELIGIOUS: ("darkslateblue", "#483D8B"),
    Kind.NATIONAL: ("steelblue", "#4682B4"),
    Kind.NEUTRAL: ("gray", "#808080"),
}

# Level 9 takes twice the time of 6 for one part in a hundred of the size; the first request waits for it.
_GZIP_LEVEL = 6
_GZIP_FORM = 31  # zlib's largest window, with a gzip head whose time is 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT in one language. `path` is its page; `content` is what `vevent.render_vevent` returned.

    `ordinal` is which anniversary it is, where that is counted; `timed` is its programme as `programme.written`
    returned it, None where it has none.
    """

    revision: Revision
    path: str
    content: bytes
    event_id: str
    year: int
    first: date
    collections: tuple[CollectionId, ...]
    cancelled: bool = False
    ordinal: int | None = None
    timed: bytes | None = None


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """An entry and its bytes: identity and revision, content, address. All feeds that hold the entry share them.

    `place` is where it stands among others, `octets` how many they are, `said` what the digest of a feed has of it:
    each feed asks for them. `alarms` is how many octets of the last part are a reader's own.
    """

    entry: Entry
    parts: tuple[bytes, bytes, bytes]
    place: tuple[str, int, str]
    octets: int
    said: bytes
    alarms: int

    @classmethod
    def of(cls, entry: Entry, parts: tuple[bytes, bytes, bytes], digest: str, alarms: int = 0) -> Self:
        """Return the entry with these bytes; `digest` is that of its content and of all a reader added to it."""
        return cls(
            entry=entry,
            parts=parts,
            place=(entry.event_id, entry.year, entry.revision.uid),
            octets=sum(map(len, parts)),
            said=parts[0] + f"{digest} {entry.path}\n".encode(),
            alarms=alarms,
        )


_place: Callable[[WrittenEntry], tuple[str, int, str]] = attrgetter("place")
_parts: Callable[[WrittenEntry], tuple[bytes, ...]] = attrgetter("parts")
_said: Callable[[WrittenEntry], bytes] = attrgetter("said")


class Ordered(tuple[WrittenEntry, ...]):
    """Entries as they stand in a feed, by event, then year: so it compresses best. What is in order is not sorted."""

    __slots__ = ()

    @classmethod
    def of(cls, entries: Iterable[WrittenEntry]) -> Ordered:
        """Return the entries in order."""
        return entries if isinstance(entries, Ordered) else cls(sorted(entries, key=_place))


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says of itself.

    `path` is the feed's own address, `page` that of the page it belongs to; `uid` never changes, whatever the address.
    """

    path: str
    page: str
    uid: str
    name: str
    description: str
    kind: Kind


@dataclass(frozen=True, eq=False)
class Feed:
    """A finished feed: parts, most of them shared with other feeds. Whoever serves it keeps its forms."""

    path: str
    name: str
    last_modified: datetime
    parts: tuple[bytes, ...]
    media_type: str = CALENDAR_TYPE
    disposition: str = "inline"
    headers: Headers = ()

    @property
    def identity(self) -> bytes:
        """The feed without a content coding."""
        return b"".join(self.parts)

    @property
    def gzip(self) -> bytes:
        """The feed in the gzip coding (RFC 1952); the same bytes each time, but not with each build of zlib."""
        packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORM)
        return b"".join([*map(packer.compress, self.parts), packer.flush()])

    @cached_property
    def etag(self) -> str:
        """The strong validator of the identity bytes, in its quotes (RFC 9110 §8.8.3)."""
        digest = hashlib.sha256()
        for part in self.parts:
            digest.update(part)
        return f'"{digest.hexdigest()[:32]}"'

    @property
    def gzip_etag(self) -> str:
        """The strong validator of the compressed form. It is told by the identity bytes, since zlib builds differ."""
        return f'{self.etag[:-1]}-gzip"'

    @property
    def http_date(self) -> str:
        """Last-Modified as HTTP writes it (RFC 9110 §5.6.7)."""
        return format_datetime(self.last_modified, usegmt=True)


def write_entry(entry: Entry, base_url: str, digest: str | None = None) -> WrittenEntry:
    """Return the entry with everything around its content: identity, revision and address.

    `digest` stands for its revision's own where what it needs beside it, a time zone, can change too.
    """
    url = folded(f"URL:{base_url}{entry.path}")
    parts = (_stamp(entry.revision), entry.content, url + b"END:VEVENT\r\n")
    return WrittenEntry.of(entry, parts, digest or entry.revision.digest)


def cancelled_content(content: bytes) -> bytes:
    """Return an entry's content as that of a cancelled one (RFC 5545 §3.8.1.11)."""
    # A line of its own: what a text says begins with its property's name, or with a space where it was folded.
    return content.replace(b"\r\nSTATUS:CONFIRMED\r\n", b"\r\nSTATUS:CANCELLED\r\n", 1)


def build_feed(
    head: FeedHead,
    entries: Iterable[WrittenEntry],
    base_url: str,
    last_modified: datetime,
    zones: Iterable[bytes] = (),
) -> Feed:
    """Return the feed of these entries, ordered, behind the VTIMEZONEs that they need.

    There has to be an entry (RFC 5545 §3.4): use `empty_entry` where there is none.
    """
    ordered = Ordered.of(entries)
    if not ordered:
        raise ValueError(head.path)
    lines = head_lines(head, base_url, _utc(last_modified))
    parts = (lines, *zones, *chain.from_iterable(map(_parts, ordered)), b"END:VCALENDAR\r\n")
    return Feed(head.path, plain_name(head.name), last_modified, parts)


def feed_digest(head: FeedHead, entries: Iterable[WrittenEntry], *also: object) -> str:
    """Return SHA-256 of all that a feed's bytes are made from but the host and Last-Modified itself, in hexadecimal."""
    digest = hashlib.sha256(head_lines(head, "", ""))
    digest.update(repr(also).encode())
    digest.update(b"".join(map(_said, Ordered.of(entries))))
    return digest.hexdigest()


def empty_entry(language: Language, calendar: Calendar, year: int) -> Entry:
    """Return the one entry of a feed that has none, on the first day of `year`."""
    day = date(year, 1, 1)
    content = b"".join(
        [
            folded(f"DTSTART;VALUE=DATE:{day:%Y%m%d}"),
            folded(f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"),
            text_line("SUMMARY", one_line(language.say("This selection is empty"))),
            text_line("DESCRIPTION", plain(language.say("No event is selected in this calendar."))),
            b"STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nCLASS:PUBLIC\r\n",
        ]
    )
    # Events' UIDs have a dot before their year, so this is none of theirs.
    uid = f"empty-{year}@{calendar.id}"
    revision = first_revision(uid, language.tag, hashlib.sha256(content).hexdigest(), calendar.published)
    return Entry(revision, addresses.home(language.tag), content, "", year, day, ())


def _stamp(revision: Revision) -> bytes:
    """Return the lines that tell which entry this is, and when it was last revised."""
    history = _history(revision.created, revision.revised, revision.sequence)
    return b"BEGIN:VEVENT\r\n" + folded(f"UID:{revision.uid}") + history


@lru_cache(maxsize=256)  # most entries were made and revised together
def _history(created: datetime, revised: datetime, sequence: int) -> bytes:
    """Without METHOD, DTSTAMP is the last revision too (RFC 5545 §3.8.7.2)."""
    last = _utc(revised)
    lines = f"DTSTAMP:{last}\r\nCREATED:{_utc(created)}\r\nLAST-MODIFIED:{last}\r\nSEQUENCE:{sequence}\r\n"
    return lines.encode("ascii")


def head_lines(head: FeedHead, base_url: str, last_modified: str) -> bytes:
    """Return everything of a feed that stands before its entries."""
    name, description = plain_name(head.name), plain(head.description)
    color, apple_color = COLORS[head.kind]
    lines = [
        _HEAD_BEGINS,
        folded(f"UID:{head.uid}"),
        text_line("NAME", name),
        text_line("X-WR-CALNAME", name),
        text_line("DESCRIPTION", description),
        text_line("X-WR-CALDESC", description),
        folded(f"LAST-MODIFIED:{last_modified}"),
        folded(f"URL:{base_url}{head.page}"),
        folded(f"SOURCE;VALUE=URI:{base_url}{head.path}"),
        _REFRESHED,
        folded(f"COLOR:{color}"),
        folded(f"X-APPLE-CALENDAR-COLOR:{apple_color}"),
    ]
    return b"".join(lines)


def _utc(instant: datetime) -> str:
    """Return a UTC DATE-TIME (RFC 5545 §3.3.5, form 2)."""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
