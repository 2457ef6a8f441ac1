"""A calendar's texts out to translators, and their wordings back, without losing what was written meanwhile."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from notifier.catalog.importers.calendars import CalendarFiles
from notifier.catalog.importers.files import read_bounded, write_whole
from notifier.catalog.importers.imported import ImportSourceError, Refusal
from notifier.catalog.importers.returned import LARGEST, LONGEST, Returned
from notifier.catalog.importers.rewording import state_edit, wording_edit
from notifier.catalog.importers.units import Found, Unit, mark, units_of
from notifier.catalog.importers.yaml_text import Edit, UneditableError, edited, read_values
from notifier.catalog.reading import LONGEST_LINE
from notifier.domain.errors import NotifierError, UnknownLanguageError
from notifier.domain.texts import MACHINE, says_something

Form = Literal["po", "xlsx"]

_LONGEST_NAME = 100
_CONTROLS = frozenset({"Cc", "Cs", "Cn"})


class ReviewerError(NotifierError):
    """A name that cannot stand in a calendar file."""

    wrong_use = True
    sentence = '"{name}" cannot stand as the reviewer; give a name of one line, at most {most} characters'


@dataclass(slots=True)
class TakenBack:
    """What came of an import: how many texts changed, were the same, had no translation; what was refused."""

    changed: int = 0
    same: int = 0
    empty: int = 0
    refused: list[Refusal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def give_out(files: CalendarFiles, language: str, form: Form, only: Path | None, now: datetime) -> bytes:
    """Return a file with every text of the calendar, or of one of its files. Raises UnknownLanguageError."""
    _look_at(files, language)
    number = None if only is None else files.index(only)
    if only is not None and number is None:
        raise ImportSourceError(source=only, cause="it is not a file of the calendar")
    units = [found.unit for one, found in _found(files, language) if number in {None, one}]
    title = files.catalog.calendar.id
    if form == "po":
        from notifier.catalog.importers.po import po_of

        return po_of(units, language, title, now)
    from notifier.catalog.importers.xlsx import xlsx_of

    return xlsx_of(units, language, title, now)


def take_back(file: Path, files: CalendarFiles, language: str, reviewed_by: str = "") -> TakenBack:
    """Put what came back into the calendar's files; refuse what no longer fits, text by text.

    An event whose texts all came back is then marked as reviewed by `reviewed_by`; without that name, one whose texts
    changed is marked as machine: nobody is known to have read it over. Raises ImportSourceError.
    """
    _look_at(files, language)
    state = _state(reviewed_by)
    data = read_bounded(file, LARGEST)
    if file.suffix.lower() == ".po":
        from notifier.catalog.importers.po import read_po

        returned = read_po(data, file.name, language)
    else:
        from notifier.catalog.importers.xlsx import read_xlsx

        returned = read_xlsx(data, file.name)
    return _Return(files, language, state).take(returned)


def _look_at(files: CalendarFiles, language: str) -> None:
    known = files.catalog.calendar.languages
    if language not in known:
        raise UnknownLanguageError(language=language, known=", ".join(known))


def _state(reviewed_by: str) -> str:
    name = reviewed_by.strip()
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise ReviewerError(name=name[:_LONGEST_NAME], most=_LONGEST_NAME)
    return f"reviewed by {name}" if name else ""


def _found(files: CalendarFiles, language: str) -> Iterable[tuple[int, Found]]:
    for number, text in enumerate(files.texts):
        try:
            top = read_values(text)
        except UneditableError as error:
            raise ImportSourceError(source=files.paths[number], cause=error) from error
        for found in units_of(top, files.name_of(number), files.catalog.calendar.languages, language):
            yield number, found


class _Return:
    """One file of translations on its way back."""

    def __init__(self, files: CalendarFiles, language: str, state: str) -> None:
        self._files = files
        self._language = language
        self._state = state
        self._units = {found.unit.place: (number, found) for number, found in _found(files, language)}
        self._wordings: dict[str, str] = {}
        self._seen: dict[str, str] = {}
        self._report = TakenBack()

    def take(self, returned: Iterable[Returned]) -> TakenBack:
        """Compare, edit and write."""
        report = self._report
        for one in returned:
            problem = one.problem or self._compare(one)
            if problem:
                report.refused.append(Refusal(one.place, problem))
        report.changed = len(self._wordings)
        self._write()
        return report

    def _compare(self, one: Returned) -> str:
        """Return why a text is not taken, empty where it is, or need not be."""
        place, _, out = one.key.rpartition("|")
        _, found = self._units.get(place, (0, None))
        if not place or found is None:
            return f'the calendar has no text "{one.key[:100]}"; it was moved or taken out'
        unit, problem = found.unit, ""
        if unit.source != one.source:
            problem = f"the source text has changed since ({unit.file}:{found.texts.line}); export it anew"
        elif not one.wording:
            self._report.empty += 1
        elif place in self._seen:
            problem = "" if self._seen[place] == one.wording else "the same text stands there twice, in other words"
        elif one.wording == unit.wording:
            self._seen[place] = one.wording
            self._report.same += 1
        elif out != mark(unit.wording):
            problem = f"the translation was changed in the calendar meanwhile ({unit.file}:{unit.line}); export it anew"
        elif not (problem := _unusable(one.wording, unit)):
            self._seen[place] = self._wordings[place] = one.wording
        return problem

    def _write(self) -> None:
        edits: dict[int, list[Edit]] = defaultdict(list)
        for place, wording in self._wordings.items():
            number, found = self._units[place]
            edits[number].append(wording_edit(self._files.texts[number], found, wording, self._language))
        for number, edit in self._state_edits():
            edits[number].append(edit)
        if not edits:
            return
        texts = list(self._files.texts)
        for number, some in edits.items():
            texts[number] = edited(texts[number], some)
        self._prove(texts)
        for number in edits:
            if texts[number] != self._files.texts[number]:
                write_whole(self._files.paths[number], texts[number].encode())

    def _prove(self, texts: Sequence[str]) -> None:
        """Refuse to write what would not be a calendar, or would change another text. Raises ImportSourceError."""
        self._files.check_all(texts)
        files = CalendarFiles(self._files.catalog, self._files.paths, tuple(texts), self._files.languages)
        now = {found.unit.place: found.unit for _, found in _found(files, self._language)}
        for place, (_, found) in self._units.items():
            wanted = (found.unit.source, self._wordings.get(place, found.unit.wording))
            if place not in now or (now[place].source, now[place].wording) != wanted:
                raise ImportSourceError(source=found.unit.file, cause=f"{place} cannot be edited; change it by hand")

    def _state_edits(self) -> Iterable[tuple[int, Edit]]:
        by_event: dict[str, list[str]] = defaultdict(list)
        for place, (_, found) in self._units.items():
            if found.event is not None:
                by_event[found.unit.owner].append(place)
        for owner, places in by_event.items():
            number, found = self._units[places[0]]
            state = self._state_of(owner, places)
            if state and found.event is not None:
                edit = state_edit(self._files.texts[number], found.event, self._language, state)
                if edit is not None:
                    yield number, edit

    def _state_of(self, owner: str, places: Sequence[str]) -> str:
        """Return the state an event's translation gets, empty where it keeps its own."""
        back = sum(place in self._seen for place in places)
        if self._state and back == len(places):
            return self._state
        if self._state and back:
            self._report.remarks.append(
                f"{owner}: {back} of its {len(places)} texts came back, so it is not marked as {self._state}"
            )
        return MACHINE if any(place in self._wordings for place in places) else ""


def _unusable(wording: str, unit: Unit) -> str:
    if "\n" in wording and "\n" not in unit.source:
        return "the translation has several lines, where the source text has one"
    most = LONGEST_LINE if unit.is_line else LONGEST
    if len(wording) > most:
        return f"the translation has more than {most:,} characters"
    if not says_something(wording):
        return "the translation has nothing that is seen"
    if any(unicodedata.category(one) in _CONTROLS and one != "\n" for one in wording):
        return "the translation has control characters"
    return ""
