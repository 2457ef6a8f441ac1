"""One VEVENT as a value: its days, its texts, its place. What cannot be taken says why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from notifier.catalog.importers.content_lines import Component, Property
from notifier.catalog.importers.imported import ImportedPlace
from notifier.domain.errors import NotifierError
from notifier.domain.hours import zone
from notifier.domain.texts import says_something

LONGEST_SUMMARY = 200
LONGEST_DESCRIPTION = 2_000
_LONGEST_SPAN = 60

_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,3})W|(?:(\d{1,4})D)?(?:T(?=\d)(?:\d{1,4}H)?(?:\d{1,4}M)?(?:\d{1,5}S)?)?)", re.ASCII
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}", re.ASCII)
_UNPRINTED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_REFUSED = {
    "RDATE": "it has dates beside its rule (RDATE); write them by hand",
    "EXDATE": "it is left out in single years (EXDATE), which a rule cannot say",
    "EXRULE": "it has an EXRULE, which is not understood",
    "RECURRENCE-ID": "it moves a single year of another entry; write that under exceptions: by hand",
}


class NotTakenError(Exception):
    """Why an entry is not taken; `line` is where the reason stands, 0 for the entry itself."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """A VEVENT: the first day and how many days it lasts, and what it says in which language."""

    line: int
    uid: str
    summary: str
    language: str
    description: str
    start: date
    days: int
    recurrence: Property | None
    place: ImportedPlace | None
    hour: str | None
    """The wall time it begins at, where it does so in a named zone and place; the place then has the zone."""
    remark: str


def read_entry(component: Component, uid: str, language: str) -> Entry:
    """Read a VEVENT. Raises NotTakenError."""
    _look_at_state(component)
    summary = component.first("SUMMARY")
    if summary is None or not says_something(name := _run_together(summary.text)):
        raise NotTakenError(component.line, "it has no SUMMARY to be called by")
    if len(name) > LONGEST_SUMMARY:
        raise NotTakenError(
            summary.line, f"its SUMMARY has {len(name)} characters; a name has at most {LONGEST_SUMMARY}"
        )
    begin = component.first("DTSTART")
    if begin is None:
        raise NotTakenError(component.line, "it has no DTSTART")
    start, hour = _moment(begin)
    rules = component.all("RRULE")
    if len(rules) > 1:
        raise NotTakenError(rules[1].line, "it has two RRULEs")
    place, days = _place(component), _days(component, start, hour)
    zone_name = begin.parameters.get("TZID", "")
    timed = hour is not None and days == 1 and place is not None and is_zone(zone_name)
    own = _LANGUAGE.match(summary.parameters.get("LANGUAGE", ""))
    return Entry(
        line=component.line,
        uid=uid,
        summary=name,
        language=own[0].lower() if own else language,
        description=_description(component),
        start=start,
        days=days,
        recurrence=rules[0] if rules else None,
        place=replace(place, zone=zone_name) if timed and place is not None else place,
        hour=hour if timed else None,
        remark="" if timed or hour is None else f"begins at {hour}{_zone(begin)}; the day alone is taken",
    )


def _look_at_state(component: Component) -> None:
    for name, reason in _REFUSED.items():
        if (found := component.first(name)) is not None:
            raise NotTakenError(found.line, reason)
    status = component.first("STATUS")
    if status is not None and status.value.strip().upper() == "CANCELLED":
        raise NotTakenError(status.line, "it is cancelled")
    access = component.first("CLASS")
    if access is not None and access.value.strip().upper() != "PUBLIC":
        raise NotTakenError(access.line, f"it is marked {access.value.strip()[:20]}, and what is imported is published")


def _run_together(text: str) -> str:
    return " ".join(_UNPRINTED.sub(" ", text).split())


def _description(component: Component) -> str:
    found = component.first("DESCRIPTION")
    if found is None:
        return ""
    lines = [line.strip() for line in _UNPRINTED.sub(" ", found.text).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return text if len(text) <= LONGEST_DESCRIPTION and says_something(text) else ""


def _moment(found: Property) -> tuple[date, str | None]:
    """Return the day that is written, and the hour where one is; hours in UTC may be another day elsewhere."""
    match = _DATE.fullmatch(found.value.strip())
    try:
        day = date(*map(int, match.groups()[:3])) if match else None
    except ValueError:
        day = None
    if match is None or day is None or not 1 < day.year < 9990:
        raise NotTakenError(found.line, f"{found.name}:{found.value[:40]} is not a date")
    if match[7]:
        raise NotTakenError(
            found.line,
            f"{found.name} is in UTC, so its day differs from place to place; give it as a date (VALUE=DATE)",
        )
    return day, None if match[4] is None else f"{match[4]}:{match[5]}"


def is_zone(name: str) -> bool:
    """Whether a TZID is a zone of the zone data."""
    try:
        zone(name)
    except NotifierError:
        return False
    return True


def _zone(begin: Property) -> str:
    named = _run_together(begin.parameters.get("TZID", ""))
    return f" ({named[:60]})" if named else ""


def _days(component: Component, start: date, hour: str | None) -> int:
    """Return how many days it lasts: an end is the first day that is no longer part of it (RFC 5545, §3.6.1)."""
    end, duration = component.first("DTEND"), component.first("DURATION")
    days = 1
    if end is not None:
        last, until = _moment(end)
        days = (last - start).days + (until not in {None, "00:00"})
        days = max(days, 1) if last >= start else days
    elif duration is not None and hour is None:
        match = _DURATION.fullmatch(duration.value.strip())
        if match is None:
            raise NotTakenError(duration.line, f"DURATION:{duration.value[:40]} is not understood")
        days = max(int(match[1] or 0) * 7 + int(match[2] or 0), 1)
    if not 1 <= days <= _LONGEST_SPAN:
        line = (end or duration or component).line
        raise NotTakenError(line, f"it ends before it begins, or lasts longer than {_LONGEST_SPAN} days")
    return days


def _place(component: Component) -> ImportedPlace | None:
    location, geo = component.first("LOCATION"), component.first("GEO")
    name = "" if location is None else _run_together(location.text)
    named = name if name and len(name) <= LONGEST_SUMMARY and says_something(name) else None
    at = None if geo is None else _coordinates(geo.value)
    return None if named is None and at is None else ImportedPlace(named, at)


def _coordinates(value: str) -> tuple[float, float] | None:
    match = re.fullmatch(r"([+-]?\d{1,2}(?:\.\d{1,8})?);([+-]?\d{1,3}(?:\.\d{1,8})?)", value.strip(), re.ASCII)
    if match is None or abs(float(match[1])) > 90 or abs(float(match[2])) > 180:
        return None
    return float(match[1]), float(match[2])
