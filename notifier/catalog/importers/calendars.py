"""The files of a calendar, as they are to be edited: what they hold, and whether they still make up a calendar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from notifier.catalog.importers.files import read_bounded
from notifier.catalog.importers.imported import ImportSourceError
from notifier.catalog.load import Loaded, load_catalog, load_contents
from notifier.catalog.problems import Severity
from notifier.domain.events import Catalog

LARGEST = 50_000_000
"""Octets of one file of a calendar."""


@dataclass(frozen=True, slots=True)
class CalendarFiles:
    """A calendar without errors and the files it was read from, each with its text."""

    catalog: Catalog
    paths: tuple[Path, ...]
    texts: tuple[str, ...]
    languages: tuple[str, ...]
    """Those the service speaks."""

    @classmethod
    def read(cls, paths: Sequence[Path], known_languages: Collection[str]) -> CalendarFiles:
        """Read a calendar. Raises ImportSourceError with its first error."""
        loaded = load_catalog(paths, known_languages)
        if loaded.catalog is None:
            first = next(problem for problem in loaded.problems if problem.severity is Severity.ERROR)
            raise ImportSourceError(source=paths[0], cause=f"the calendar has errors; the first is {first}")
        texts = tuple(data.decode("utf-8") for data in loaded.contents)
        return cls(loaded.catalog, tuple(state.path for state in loaded.files), texts, tuple(known_languages))

    def for_file(self, path: Path | None) -> CalendarFiles:
        """Return the calendar that a file belongs to: this one, or one that the file makes up on its own."""
        if path is None or not path.exists() or self.index(path) is not None:
            return self
        alone = load_catalog([path], self.languages)
        # Without a head of its own it is meant to be included in this one.
        return self if alone.catalog is None else CalendarFiles.read([path], self.languages)

    def index(self, path: Path) -> int | None:
        """Return which of the files a path is, or None."""
        wanted = path.resolve()
        return next((number for number, one in enumerate(self.paths) if one.resolve() == wanted), None)

    def text_of(self, path: Path | None) -> str | None:
        """Return what a file holds, None where there is none. Raises ImportSourceError."""
        if path is None or not path.exists():
            return None
        number = self.index(path)
        if number is not None:
            return self.texts[number]
        try:
            return read_bounded(path, LARGEST).decode("utf-8")
        except UnicodeDecodeError as error:
            raise ImportSourceError(source=path, cause="it is not UTF-8") from error

    def name_of(self, number: int) -> str:
        """Return a file's name as units of text are called by it: below the folder of the first where it lies there."""
        folder, path = self.paths[0].resolve().parent, self.paths[number].resolve()
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name

    def check(self, path: Path | None, text: str) -> None:
        """Refuse a text that would not make up a calendar with the other files. Raises ImportSourceError."""
        number = None if path is None else self.index(path)
        texts = list(self.texts)
        if number is None and (path is None or not path.exists()):
            texts = [text]  # a new file stands alone
        elif number is None:
            texts.append(text)
        else:
            texts[number] = text
        self.check_all(texts, path)

    def check_all(self, texts: Sequence[str], path: Path | None = None) -> None:
        """Refuse texts that do not make up a calendar. Raises ImportSourceError."""
        loaded: Loaded = load_contents([one.encode("utf-8") for one in texts], self.languages)
        if loaded.catalog is None:
            first = next(problem for problem in loaded.problems if problem.severity is Severity.ERROR)
            cause = f"what would be written is no calendar: line {first.place.line}: {first.message}"
            raise ImportSourceError(source=path or self.paths[0], cause=cause)
