"""How long a calendar feed may be: what programmes take, and the entry that tells what a longer one does not show.

Google drops calendars beyond about 1 MB, and large ones hang others; so a feed holds at most 900 entries and 900,000
octets. What stays in it is for `fitting` to say; it depends on the year and on no day, so bytes do not either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from notifier.content.contentlines import folded, one_line, plain, text_line
from notifier.content.feeds import Entry, FeedHead, WrittenEntry, head_lines, write_entry
from notifier.content.fitting import TIMED, Fitted, Fitting, beside
from notifier.content.language import Language
from notifier.content.shortening import BARE, SHORTER, WHOLE, shorten
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

_ALONE = 500
"""Octets, no less than are around an entry in a file of its own."""

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
    """Return the very entries where all fit; else those that stay, shortened if need be, and one that tells so."""
    # No more than this; what it says is written twice, in at most four octets a letter and with its escapes.
    fixed = 2_000 + 20 * (len(head.name) + len(head.description)) + 2 * len(reader.base_url)
    if len(entries) <= limits.entries and fixed + _real_size(entries) + _ADDRESS * (len(entries) + 2) <= limits.octets:
        return entries
    host = max(_HOST, len(reader.base_url))
    room = limits.octets - len(head_lines(head, "x" * host, "20270101T000000Z")) - len("END:VCALENDAR\r\n")
    if len(entries) <= limits.entries and sum(shorten(one, WHOLE).octets(host) for one in entries) <= room:
        return entries
    estimated = plain(reader.language.say("The date is an estimate"))
    fitting = Fitting(
        reader.years.seen_from,
        limits.entries - 1,
        room - _longest_note(head, entries, reader, host),
        lambda written, length: shorten(written, length, estimated).octets(host),
    )
    fitted = fitting.fit(entries)
    shown = [shorten(one, fitted.length, estimated).write(reader.base_url) for one in fitted.kept]
    return [*shown, _told(head, fitted, entries, reader)]


def one_within_limits(
    written: WrittenEntry, language: Language, base_url: str, limits: FeedLimits = STANDARD
) -> WrittenEntry:
    """Return the very entry where a file of it alone is short enough, else the entry with as much text as fits."""
    room, host = limits.octets - _ALONE, max(_HOST, len(base_url))
    if written.octets + _ADDRESS <= room:
        return written
    estimated = plain(language.say("The date is an estimate"))
    shorter = (shorten(written, length, estimated) for length in SHORTER)
    fitting = next((one for one in shorter if one.octets(host) <= room), None)
    return (fitting or shorten(written, BARE, estimated)).write(base_url)


def _real_size(entries: Iterable[WrittenEntry]) -> int:
    return sum(map(attrgetter("octets"), entries))


def _longest_note(head: FeedHead, entries: Iterable[WrittenEntry], reader: Reader, host: int) -> int:
    """Return no less octets than the note has. Days' names differ in length; all are far below what is added."""
    leads = tuple({lead for one in entries if (lead := beside(one)) is not None})
    most = Fitted((), BARE, leads, some=True)
    note = _note(head, most, (reader.years.start, reader.years.end), reader.years.start, reader)
    return shorten(note, WHOLE).octets(host) + 200


def _told(head: FeedHead, fitted: Fitted, entries: Iterable[WrittenEntry], reader: Reader) -> WrittenEntry:
    """Return the entry that says which days are shown.

    It stands on the first day that is missing after them, else on the last before them; where none is, on the last of
    the present year: so it is still to come as long as what it says holds.
    """
    shown = {written.entry.revision.uid for written in fitted.kept}
    days = [written.entry.first for written in fitted.kept]
    out = [one.entry.first for one in entries if one.entry.revision.uid not in shown and beside(one) is None]
    soonest, latest = min(days), max(days)
    later, earlier = [day for day in out if day >= latest], [day for day in out if day < soonest]
    first, last = reader.years.start, reader.years.end - _A_DAY
    if earlier:
        first = max(date(soonest.year, 1, 1), max(earlier) + _A_DAY)
    if later:
        last = min(date(latest.year, 12, 31), max(latest, min(later) - _A_DAY))
    day = date(reader.years.seen_from, 12, 31)
    if later or earlier:
        day = min(later) if later else max(earlier)
    return _note(head, fitted, (first, last), day, reader)


def _note(head: FeedHead, fitted: Fitted, shown: tuple[date, date], day: date, reader: Reader) -> WrittenEntry:
    """Return the entry that tells what is shown. When it says something else its UID is another one.

    So it never has a revision.
    """
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
        text_line("DESCRIPTION", plain(" ".join([said, *_also(fitted, language)]))),
        b"STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nCLASS:PUBLIC\r\n",
    ]
    content = b"".join(lines)
    # Events' UIDs end in their year and have no further dot before it, so this is none of theirs.
    what = head.uid.rpartition("@")[0].removeprefix("feed.")
    name = ".".join([f"limit.{what}.{first:%Y%m%d}-{last:%Y%m%d}.{day:%Y%m%d}", *_marks(fitted)])
    uid = f"{name}@{reader.calendar.id}"
    revision = first_revision(uid, language.tag, hashlib.sha256(content).hexdigest(), reader.calendar.published)
    return write_entry(Entry(revision, head.page, content, "", day.year, day, ()), reader.base_url)


def _marks(fitted: Fitted) -> Iterator[str]:
    """Yield what tells a note's UID from that of one that says something else."""
    if fitted.length != WHOLE:
        yield "bare" if fitted.length.bare else f"text-{fitted.length.description}"
    leads = [str(lead) for lead in fitted.given_up if lead != TIMED]
    if leads:
        yield f"ahead-{'-'.join(leads)}"
    if TIMED in fitted.given_up:
        yield "at"
    if fitted.some:
        yield "some"


def _also(fitted: Fitted, language: Language) -> Iterator[str]:
    """Yield what is not shown of the days shown, a sentence each."""
    say, length = language.say, fitted.length
    if fitted.some:
        yield say("On dates with many entries only some of them are shown.")
    if length.bare:
        yield say("Texts, places and reminders are left out; the page of each day has everything.")
    elif length.description == 0:
        yield say("Texts are left out; the page of each day has them.")
    elif length != WHOLE:
        yield say("Long texts are shortened; the page of each day has all of them.")
    leads = [lead for lead in fitted.given_up if lead != TIMED]
    if leads:
        before = [language.say_many("{n} day before", "{n} days before", lead) for lead in sorted(leads)]
        yield say("Entries ahead that are left out: {leads}.", leads=language.join(before))
    if TIMED in fitted.given_up:
        yield say("Entries with an hour are left out.")
