"""Bringing events into a calendar file, from an iCalendar file or from a country's public holidays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from notifier.catalog.importers.calendars import CalendarFiles
from notifier.catalog.importers.content_lines import LARGEST
from notifier.catalog.importers.files import read_bounded, write_whole
from notifier.catalog.importers.ids import slug
from notifier.catalog.importers.imported import Import, ImportSourceError, Origin, Refusal
from notifier.catalog.importers.writing import Taken, Written, added, marks_in, new_file
from notifier.catalog.importers.yaml_text import UneditableError
from notifier.content.language import Language

HOLIDAYS = "holidays:"

_PACKAGE = "https://github.com/vacanza/holidays"


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of an import: the YAML where no file was named, what is new, what is not taken, and hints.

    `there` is how many events were there already; `borrowed` are the languages whose headings stand in another's words.
    """

    text: str
    new: tuple[str, ...]
    there: int
    refused: tuple[Refusal, ...]
    borrowed: tuple[str, ...]
    to_include: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What an import goes into: the calendar, the languages the service speaks, and the date of today."""

    files: CalendarFiles
    spoken: Mapping[str, Language]
    today: date


def bring_in(source: str, into: Path | None, around: Around, language: str = "") -> Brought:
    """Take what can be taken from `source` and write it into a file, or return it.

    `language` is that of texts in an iCalendar file that does not say. What is written was read back as a calendar
    before. Raises ImportSourceError and UnknownRegionError.
    """
    target = around.files.for_file(into)
    tags = target.catalog.calendar.languages
    found = _plain(_look(source, tags, language or tags[0], around.today))
    spoken = {str(tag): around.spoken[tag] for tag in tags}
    reasons = {tag: one.say("The date for this year, as the package “holidays” has it.") for tag, one in spoken.items()}
    existing = target.text_of(into)
    written = _written(found, target, existing, reasons)
    if written.ids:
        target.check(into, written.text)
        if into is not None:
            write_whole(into, written.text.encode())
    return Brought(
        written.text if into is None and written.ids else "",
        written.ids,
        len(found.events) - len(written.ids),
        found.refused,
        written.borrowed,
        into is not None and existing is None and bool(written.ids),
    )


def _written(found: Import, target: CalendarFiles, existing: str | None, reasons: Mapping[str, str]) -> Written:
    catalog, texts = target.catalog, target.texts
    taken = Taken(
        frozenset(id_ for event in catalog.events for id_ in (event.id, *event.was)),
        frozenset(map(str, catalog.parties)),
        frozenset(map(str, catalog.sources)),
        frozenset[str]().union(*map(marks_in, [*texts, existing or ""])),
    )
    if existing is None:
        # A file that can stand alone says itself who publishes what it takes.
        alone = Taken(taken.events, frozenset(), frozenset(), taken.marks)
        return new_file(found, catalog.calendar, alone, reasons)
    try:
        return added(existing, found, catalog.calendar, taken, reasons)
    except UneditableError as error:
        raise ImportSourceError(source=catalog.calendar.id, cause=error) from error


def _look(source: str, tags: Sequence[str], language: str, today: date) -> Import:
    if source.startswith(HOLIDAYS):
        return _holidays(source, tags, today)
    url = source if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source) else None
    data = _fetched(source) if url else read_bounded(Path(source), LARGEST)
    name = Path(urlsplit(source).path).name or source if url else Path(source).name
    return _calendar(data, name, url, language, today)


def _plain(found: Import) -> Import:
    """Refuse events whose names have contested words: a heading is the service's own voice."""
    from notifier.catalog.lint.voice import contested_in

    taken, refused = [], list(found.refused)
    for event in found.events:
        words = [word for language, name in event.names.items() for word in contested_in(language, name)]
        if words:
            name = next(iter(event.names.values()))
            told = (
                f'"{words[0]}" is contested; write the event by hand with a plain heading, and this name under called:'
            )
            refused.append(Refusal(f'{found.origin.title} "{name}"', told))
        else:
            taken.append(event)
    return Import(found.origin, tuple(taken), tuple(refused))


def _fetched(url: str) -> bytes:
    from notifier.catalog.importers.fetching import fetch

    return fetch(url)


def _calendar(data: bytes, name: str, url: str | None, language: str, today: date) -> Import:
    from notifier.catalog.importers.ics import events_of

    events, refused, title = events_of(data, name, language)
    host = urlsplit(url).hostname if url else None
    stem = slug(" ".join(filter(None, ("ics", host, Path(name).stem))))
    origin = Origin(stem, stem, title or host or name, f"{title} ({name})" if title else name, today, _linked(url))
    return Import(origin, tuple(events), tuple(refused))


def _linked(url: str | None) -> str | None:
    """Return the address without its query, which may be a password in other words."""
    if url is None:
        return None
    plain = url.partition("#")[0].partition("?")[0]
    return plain if re.fullmatch(r"https://[^\s/\"<>]+(/[^\s\"<>]*)?", plain) else None


def _holidays(source: str, tags: Sequence[str], today: date) -> Import:
    from notifier.catalog.importers.holidays_of import events_of_region
    from notifier.catalog.importers.public_days import parse_region, version

    region = parse_region(source.removeprefix(HOLIDAYS))
    events, refused = events_of_region(region, tags, today)
    origin = Origin(
        slug(f"holidays {str(region).replace(':', ' ')}"),
        "holidays-package",
        "holidays (Python)",
        f"holidays {version()}: {region}",
        today,
        _PACKAGE,
    )
    return Import(origin, tuple(events), tuple(refused))
