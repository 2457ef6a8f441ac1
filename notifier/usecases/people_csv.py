"""People as CSV (RFC 4180): how they are written, and how lines are read, each by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.errors import NotifierError
from notifier.storage.subscribers import Subscriber
from notifier.usecases.csv_records import RecordError, records

COLUMNS = (
    "email", "lang", "zone", "hour", "leads", "digest", "select",
    "status", "consent", "consent_at", "consent_source", "tags",
)  # fmt: skip
"""All there are, in the order in which they are written; only `email` is needed."""

LEAVING = frozenset({SubscriberStatus.UNSUBSCRIBED, SubscriberStatus.SUPPRESSED})
"""Who is not to be written to any more: taken first, whatever else a file says of them."""

# What a spreadsheet would take for a formula, or for something that it computes.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARD = "'"
_LONGEST_CELL = 2_000
_NEEDED = {"email", "status"}


class PeopleFileError(NotifierError):
    """A file that is no list of people."""

    wrong_use = True


class UnknownColumnsError(PeopleFileError):
    """Columns that were meant to say something and would be lost."""

    sentence = "{place} has columns that are not known here: {names}; known are {known}"


class NoAddressColumnError(PeopleFileError):
    """No column with addresses."""

    sentence = "{place} has no column email in its first line; known columns are {known}"


class DoubleColumnsError(PeopleFileError):
    """Columns that say two things."""

    sentence = "{place} has columns twice: {names}"


class RowError(NotifierError):
    """A line that cannot be read."""


class RowLengthError(RowError):
    """Cells without a column, or too few."""

    sentence = "it has {cells} cells, and the first line {columns}"


class CellError(RowError):
    """A cell that cannot be kept."""

    sentence = "{column} is longer than {most} characters or holds what cannot be printed"


class StatusError(RowError):
    """No status."""

    sentence = '"{status}" is not a status; use one of {known}'


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line: its number in the file, the first being 1, and its cells by column, those that are empty left out."""

    line: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """Return a cell, empty where it is not there."""
        return self.cells.get(column, "")

    @property
    def status(self) -> SubscriberStatus:
        """Where the person stands; active where the line does not say. Raises StatusError."""
        said = self.cell("status").lower() or SubscriberStatus.ACTIVE.value
        try:
            return SubscriberStatus(said)
        except ValueError:
            raise StatusError(status=said, known=", ".join(SubscriberStatus)) from None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that was not taken, and why."""

    line: int
    reason: str


def written(people: Iterable[Subscriber]) -> Iterator[str]:
    """Yield the lines of a file with everybody in it, the columns first. No cell begins a formula."""
    yield _line(COLUMNS)
    for person in people:
        yield _line([_guarded(cell) for cell in _cells(person)])


def read_rows(lines: Iterable[str], place: str) -> Iterator[PersonRow | BadRow]:
    """Yield the lines of a file, empty ones left out; commas or semicolons stand between cells.

    Raises PeopleFileError for a first line that does not name the columns.
    """
    columns: list[str] = []
    for number, cells in records(lines, lambda cells: _is_person(cells, columns)):
        if isinstance(cells, RecordError):
            yield BadRow(number, str(cells))
        elif not columns:
            columns.extend(_columns(cells, place))
        elif any(cell.strip() for cell in cells):
            yield _row(number, columns, cells)
    if not columns:
        raise NoAddressColumnError(place=place, known=", ".join(COLUMNS))


def _is_person(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether cells are a line of somebody's: as many as columns, and an address where one belongs."""
    return len(cells) == len(columns) and "@" in cells[columns.index("email")]


def _columns(cells: Sequence[str], place: str) -> Sequence[str]:
    columns = [cell.strip().lower() for cell in cells]
    strange = [name for name in columns if name not in COLUMNS]
    if "email" not in columns:
        raise NoAddressColumnError(place=place, known=", ".join(COLUMNS))
    if strange:
        raise UnknownColumnsError(place=place, names=", ".join(strange), known=", ".join(COLUMNS))
    if len(set(columns)) < len(columns):
        twice = sorted({name for name in columns if columns.count(name) > 1})
        raise DoubleColumnsError(place=place, names=", ".join(twice))
    return columns


def _row(line: int, columns: Sequence[str], cells: Sequence[str]) -> PersonRow | BadRow:
    if len(cells) != len(columns):
        return BadRow(line, str(RowLengthError(cells=len(cells), columns=len(columns))))
    row = {column: _plain(cell) for column, cell in zip(columns, cells, strict=True) if cell.strip()}
    strange = {column for column, cell in row.items() if not _fits(cell)}
    if row.get("status", "").lower() in LEAVING:
        # Whoever left is never lost over a cell that is not needed for that.
        row = {column: cell for column, cell in row.items() if column in _NEEDED or column not in strange}
        strange &= _NEEDED
    for column in row:
        if column in strange:
            return BadRow(line, str(CellError(column=column, most=_LONGEST_CELL)))
    return PersonRow(line, row)


def _fits(cell: str) -> bool:
    return len(cell) <= _LONGEST_CELL and cell.isprintable()


def _cells(person: Subscriber) -> list[str]:
    wanted = person.preference
    return [
        person.email,
        wanted.language,
        person.zone,
        str(wanted.hour),
        str(wanted.leads),
        wanted.digest,
        str(wanted.selection),
        person.status.value,
        person.consent.wording,
        person.consent.at.isoformat(),
        person.consent.source,
        " ".join(person.tags),
    ]


def _guarded(cell: str) -> str:
    return _GUARD + cell if cell.startswith((*_FORMULA, _GUARD)) else cell


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith(_GUARD) and cell[1:].startswith((*_FORMULA, _GUARD)) else cell


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
