"""How long a calendar feed may be: what programmes take, and what is left out of a longer one.

Google drops calendars beyond about 1 MB, and large ones hang others; so a feed holds at most 900 entries and 900,000
octets. The years farthest from the present one go first, and an entry says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from notifier.content.contentlines import folded, one_line, plain, text_line
from notifier.content.feeds import Entry, FeedHead, WrittenEntry, head_lines, write_entry
from notifier.content.language import Language
from notifier.domain.events import Calendar
from notifier.domain.revisions import first_revision
from notifier.domain.windows import FeedYears

MOST_ENTRIES = 900
MOST_OCTETS = 900_000
"""Octets of the identity form."""

_HOST = 60
"""Octets reserved for the host wherever an address stands: up to this length, hosts change nothing of what is shown."""

_ADDRESS = _HOST + 5
"""The most a reserved host is longer than a real one, folding included."""

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FeedLimits:
    """The most a feed may hold."""

    entries: int = MOST_ENTRIES
    octets: int = MOST_OCTETS


STANDARD = FeedLimits()


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a feed is made: their language, the calendar, the years published, and where.

    `base_url` has no slash at its end.
    """

    language: Language
    calendar: Calendar
    years: FeedYears
    base_url: str


def within_limits(
    head: FeedHead, entries: Sequence[WrittenEntry], reader: Reader, limits: FeedLimits = STANDARD
) -> Sequence[WrittenEntry]:
    """Return the entries, or those of the years nearest to the present one with an entry that tells so.

    Whole years are left out, the past one before the coming one where both are as far; when not even one year fits,
    the days of that year that are farthest.
    """
    # No more than this; what it says is written twice, in at most four octets a letter and with its escapes.
    fixed = 2_000 + 20 * (len(head.name) + len(head.description)) + 2 * len(reader.base_url)
    if len(entries) <= limits.entries and fixed + _real_size(entries) + _ADDRESS * (len(entries) + 2) <= limits.octets:
        return entries
    host = max(_HOST, len(reader.base_url))
    sized = [(written, _size(written, host)) for written in entries]
    room = limits.octets - len(head_lines(head, "x" * host, "20270101T000000Z")) - len("END:VCALENDAR\r\n")
    if len(sized) <= limits.entries and sum(size for _, size in sized) <= room:
        return entries
    # Of two such notes the one with the longest day names is measured; both are far below this.
    notice = _size(_note(head, (reader.years.start, reader.years.end), reader.years.start, reader), host) + 200
    kept = _nearest(sized, reader.years.seen_from, FeedLimits(limits.entries - 1, room - notice))
    return [*kept, _told(head, kept, entries, reader)]


def _real_size(entries: Iterable[WrittenEntry]) -> int:
    return sum(map(attrgetter("octets"), entries))


def _size(written: WrittenEntry, host: int) -> int:
    """Return the entry's octets with a host of that length."""
    stamp, content, _ = written.parts
    url = folded(f"URL:{'x' * host}{written.entry.path}")
    return len(stamp) + len(content) + len(url) + written.alarms + len("END:VEVENT\r\n")


def _nearest(sized: Iterable[tuple[WrittenEntry, int]], present: int, limits: FeedLimits) -> list[WrittenEntry]:
    """Return what fits of the years nearest to the present one; at least one entry."""

    def year_of(one: tuple[WrittenEntry, int]) -> tuple[int, bool]:
        year = one[0].entry.first.year
        return abs(year - present), year < present

    kept: list[WrittenEntry] = []
    room = limits.octets
    for (_, past), group in groupby(sorted(sized, key=year_of), key=year_of):
        year = list(group)
        size = sum(octets for _, octets in year)
        if len(kept) + len(year) > limits.entries or size > room:
            return kept or _nearest_days(year, FeedLimits(limits.entries, room), past=past)
        kept += [written for written, _ in year]
        room -= size
    return kept


def _nearest_days(year: list[tuple[WrittenEntry, int]], limits: FeedLimits, *, past: bool) -> list[WrittenEntry]:
    """Return what fits of one year, whole days from the end that is nearest; of a single day, what fits of it."""
    year.sort(key=lambda one: (one[0].entry.event_id, one[0].entry.revision.uid))
    year.sort(key=lambda one: one[0].entry.first, reverse=past)
    kept: list[WrittenEntry] = []
    room = limits.octets
    for written, size in year:
        if len(kept) == limits.entries or (kept and size > room):
            whole = [one for one in kept if one.entry.first != written.entry.first]
            return whole or kept
        kept.append(written)
        room -= size
    return kept


def _told(
    head: FeedHead, kept: Sequence[WrittenEntry], entries: Sequence[WrittenEntry], reader: Reader
) -> WrittenEntry:
    """Return the entry that says which days are shown, on the first day after them, else on the last before them."""
    shown = {written.entry.revision.uid for written in kept}
    days = [written.entry.first for written in kept]
    out = [written.entry.first for written in entries if written.entry.revision.uid not in shown]
    later, earlier = [day for day in out if day >= max(days)], [day for day in out if day < min(days)]
    first, last = reader.years.start, reader.years.end - _A_DAY
    if earlier:
        first = max(date(min(days).year, 1, 1), max(earlier) + _A_DAY)
    if later:
        last = min(date(max(days).year, 12, 31), max(*days, min(later) - _A_DAY))
    return _note(head, (first, last), min(later) if later else max(earlier), reader)


def _note(head: FeedHead, shown: tuple[date, date], day: date, reader: Reader) -> WrittenEntry:
    """Return the entry that tells what is shown. Other days shown make another UID, so it never has a revision."""
    language, (first, last) = reader.language, shown
    said = language.say(
        "Many calendar programmes do not take longer calendars, so this one is limited. Days shown: {first} – {last}. "
        "A calendar of fewer events reaches further.",
        first=language.plain_date(first),
        last=language.plain_date(last),
    )
    lines = [
        folded(f"DTSTART;VALUE=DATE:{day:%Y%m%d}"),
        folded(f"DTEND;VALUE=DATE:{day + _A_DAY:%Y%m%d}"),
        text_line("SUMMARY", one_line(language.say("Not everything fits into this calendar"))),
        text_line("DESCRIPTION", plain(said)),
        b"STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nCLASS:PUBLIC\r\n",
    ]
    content = b"".join(lines)
    # Events' UIDs end in their year and have no further dot before it, so this is none of theirs.
    what = head.uid.rpartition("@")[0].removeprefix("feed.")
    uid = f"limit.{what}.{first:%Y%m%d}-{last:%Y%m%d}.{day:%Y%m%d}@{reader.calendar.id}"
    revision = first_revision(uid, language.tag, hashlib.sha256(content).hexdigest(), reader.calendar.published)
    return write_entry(Entry(revision, head.page, content, "", day.year, day, ()), reader.base_url)
