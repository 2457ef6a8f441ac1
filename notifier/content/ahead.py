"""What readers of a built selection choose besides the entries: alarms, and entries of their own ahead of the day.

Both are read off an entry's finished bytes, so whatever is known of an anniversary is enough to make them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from notifier.content.contentlines import text_line
from notifier.content.feeds import Entry
from notifier.content.language import Language
from notifier.domain.revisions import Revision

# A line that was folded goes on with a space (RFC 5545 §3.1), so what begins a line is a property's name.
_VALUE = rb"[^\r]*\r\n(?: [^\r]*\r\n)*"
_SUMMARY = re.compile(rb"^SUMMARY:(" + _VALUE + rb")", re.MULTILINE)
# What an entry ahead has in common with its anniversary: all but dates and texts.
_SHARED = re.compile(rb"^(?:LOCATION|GEO|CATEGORIES|STATUS|TRANSP|CLASS|X-MICROSOFT-[A-Z-]+):" + _VALUE, re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")
_LONGEST_FALL = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Known:
    """What is read off an anniversary's entry: its title, and the lines that entries ahead of it share."""

    title: str
    lines: bytes


def title_of(entry: Entry) -> str:
    """Read an entry's title off its bytes."""
    found = _SUMMARY.search(entry.content)
    if found is None:
        raise ValueError(entry.revision.uid)
    return _ESCAPE.sub(r"\1", found[1].replace(b"\r\n ", b"")[:-2].decode())


def known(entry: Entry, language: Language, *, estimated: bool) -> Known:
    """Read an entry's bytes."""
    said = [language.date(entry.first), *([language.say("The date is an estimate")] if estimated else [])]
    lines = [text_line("DESCRIPTION", "\n".join(said)), *_SHARED.findall(entry.content)]
    return Known(title_of(entry), b"".join(lines))


def announcement(title: str, lead: int, language: Language) -> str:
    """Return a title as it is announced: "In 7 days: Black January: 37th anniversary"."""
    return language.say("{when}: {title}", when=_when(language, lead), title=title)


@lru_cache(maxsize=2048)
def _when(language: Language, lead: int) -> str:
    return language.capital(language.days_left(lead))


def alarm(title: str, lead: int, hour: int, language: Language) -> bytes:
    """Return a VALARM (RFC 5545 §3.6.6) that rings at `hour` o'clock, `lead` days before an all-day entry's day.

    It has a DESCRIPTION: without one Home Assistant refuses the whole feed.
    """
    said = text_line("DESCRIPTION", announcement(title, lead, language))
    head = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\n"
    return head + said + f"TRIGGER:{trigger(lead, hour)}\r\nEND:VALARM\r\n".encode("ascii")


def trigger(lead: int, hour: int) -> str:
    """Return the DURATION from midnight of the day to `hour` o'clock, `lead` days before: `-P6DT15H`, `PT9H`.

    Never whole days, which several programmes take for the midnight of some other day: `-P6DT24H`.
    """
    if lead == 0:
        return f"PT{hour}H"
    days, hours = lead - 1, 24 - hour
    return f"-P{days}DT{hours}H" if days else f"-PT{hours}H"


def ahead(entry: Entry, anniversary: Known, lead: int, language: Language) -> Entry | None:
    """Return the all-day entry that announces another one `lead` days ahead; None before the first date there is.

    It is revised when the anniversary is.
    """
    if entry.first - date.min < _LONGEST_FALL:
        return None
    day = entry.first - timedelta(days=lead)
    lines = (
        f"DTSTART;VALUE=DATE:{_basic(day)}\r\n"
        f"DTEND;VALUE=DATE:{_basic(day + timedelta(days=1))}\r\n"  # exclusive (RFC 5545 §3.6.1)
    )
    title = text_line("SUMMARY", announcement(anniversary.title, lead, language))
    content = lines.encode("ascii") + title + anniversary.lines
    return replace(entry, revision=beside(entry.revision, f".ahead-{lead}", content), content=content, first=day)


def _basic(day: date) -> str:
    """Return the day without hyphens; strftime takes several times as long."""
    return day.isoformat().replace("-", "")


def beside(revision: Revision, suffix: str, content: bytes) -> Revision:
    """Return the revision of an entry that goes with another one: its identity, with a suffix before the `@`."""
    own, _, calendar = revision.uid.partition("@")
    return replace(revision, uid=f"{own}{suffix}@{calendar}", digest=hashlib.sha256(content).hexdigest())
