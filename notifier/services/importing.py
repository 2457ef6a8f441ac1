"""People from files, and into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.domain.errors import HourError
from notifier.usecases.people_csv import PeopleFileError, read_rows, written

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from notifier.domain.preferences import Preference
    from notifier.services.base import Base
    from notifier.services.people import People
    from notifier.usecases.people_csv import BadRow, PersonRow
    from notifier.usecases.people_import import ImportReport, PeopleImport
    from notifier.usecases.simulate import Foretold

_AHEAD = timedelta(days=30)
"""How far a rehearsal looks."""


class UnreadableFileError(PeopleFileError):
    """A file that is not there, or no text."""

    sentence = "{path} cannot be read: {cause}"


class Importing:
    """Brings people in, and writes them out."""

    def __init__(self, base: Base, people: People) -> None:
        self._base = base
        self._people = people

    def exported(self) -> Iterator[str]:
        """Yield the lines of a file with everybody in it."""
        return written(self._people.all())

    def rows_in(self, path: Path) -> int:
        """Return how many lines of people a file has. Raises PeopleFileError."""
        return sum(1 for _ in _rows(path))

    def take(self, path: Path, step: Callable[[], object]) -> ImportReport:
        """Bring everybody in whose line can be taken. Raises PeopleFileError."""
        return self._import(path).take(lambda: _rows(path), step)

    def rehearse(self, path: Path, step: Callable[[], object]) -> tuple[ImportReport, Foretold]:
        """Return what `take` would do, and what would go out in the 30 days from today; nothing is kept."""
        from notifier.usecases.simulate import Period, simulate

        base, found = self._base, []
        today: date = base.now().date()
        period = Period(today, today + _AHEAD, base.now(), base.settings.send_until)

        def look(db: Connection) -> None:
            found.append(simulate(db, base.catalog, period))

        return self._import(path).rehearse(lambda: _rows(path), step, look), found[0]

    def _import(self, path: Path) -> PeopleImport:
        from notifier.usecases.people_import import PeopleImport

        base = self._base
        source = f"import of {path.name}"
        return PeopleImport(base.engine, base.catalog, self._people.suppressions, self._preference, source, base.now())

    def _preference(self, row: PersonRow) -> Preference:
        hour = row.cell("hour")
        if hour and not (hour.isascii() and hour.isdigit() and len(hour) < 3):
            raise HourError(hour=hour)
        return self._people.preference(
            row.cell("lang"),
            row.cell("zone"),
            int(hour) if hour else None,
            row.cell("leads"),
            row.cell("digest") or "none",
            row.cell("select") or "all",
        )


def _rows(path: Path) -> Iterator[PersonRow | BadRow]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from read_rows(file, str(path))
    except OSError as error:
        raise UnreadableFileError(path=path, cause=error.strerror) from error
    except UnicodeError as error:
        raise UnreadableFileError(path=path, cause=f"it is not UTF-8 ({error})") from error
