"""The calendar in use: read at start, read again when its files change, swapped whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from notifier.catalog.files import FileState, file_state
from notifier.catalog.load import Loaded
from notifier.catalog.problems import Problem, Severity
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog
from notifier.domain.hours import local_date
from notifier.usecases.adjustments import Adjustments, LanguageNotInCalendarError
from notifier.usecases.held_calendars import CalendarHeldError, Holding
from notifier.usecases.publish import Site


class CalendarError(NotifierError):
    """The calendar has errors; each is a line of its own."""

    sentence = "{lines}"


class NotStartedError(RuntimeError):
    """Feeds were asked for before any were made: a mistake in the program."""


@dataclass(frozen=True, slots=True)
class Read:
    """A calendar as it was just read: as it is served here, what its files held, and its warnings."""

    catalog: Catalog
    contents: tuple[bytes, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class InUse:
    """A catalog, the feeds made of it, and what its files held: what readers are shown at one moment."""

    catalog: Catalog
    site: Site
    contents: tuple[bytes, ...]


class Publishes(Protocol):
    """Makes all feeds of a calendar."""

    def __call__(self, catalog: Catalog, now: datetime, *, record: bool) -> Site:
        """Return them as they are at `now`; with `record` new revisions are kept."""


class LiveCalendar:
    """Holds what is in use. One writer at a time; readers take `in_use` once and keep to it."""

    def __init__(
        self,
        load: Callable[[], Loaded],
        load_contents: Callable[[Sequence[bytes]], Loaded],
        adjustments: Adjustments,
        publish: Publishes,
        holding: Holding,
    ) -> None:
        self._load = load
        self._load_contents = load_contents
        self._adjustments = adjustments
        self._publish = publish
        self._holding = holding
        self._lock = threading.Lock()
        self._in_use: InUse | None = None
        self._only_read: Catalog | None = None
        self._unpublished = False
        self._heard = 0
        self._files: tuple[FileState, ...] = ()
        self.errors: tuple[str, ...] = ()

    @property
    def in_use(self) -> InUse:
        """What readers are shown. `start` comes first."""
        if self._in_use is None:
            raise NotStartedError
        return self._in_use

    @property
    def catalog(self) -> Catalog:
        """The calendar in use; it is read when nothing has been published yet. Raises CalendarError."""
        if self._in_use is not None:
            return self._in_use.catalog
        if self._only_read is None:
            self._only_read = self.read().catalog
        return self._only_read

    def read(self) -> Read:
        """Read the calendar's files. Raises CalendarError."""
        loaded = self._load()
        self._files = loaded.files
        if loaded.catalog is None:
            raise CalendarError(lines="\n".join(str(p) for p in loaded.problems if p.severity is Severity.ERROR))
        return Read(self._adjustments.apply(loaded.catalog), loaded.contents, loaded.problems)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files the calendar was read from."""
        return tuple(file.path for file in self._files)

    def changed(self) -> bool:
        """Whether a file is not as it was when it was read."""
        return any(file_state(file.path) != file for file in self._files)

    def start(self, now: datetime) -> tuple[Problem, ...]:
        """Read and publish for the first time; return the calendar's warnings.

        A calendar that takes too much away is held: the last one that was published is served from what was kept of
        it, and `errors` say so. Raises CalendarError, and CalendarHeldError when nothing was kept.
        """
        with self._lock:
            self._heard = self._holding.times_asked()
            read = self.read()
            try:
                self._holding.check(read.catalog, read.contents, now)
            except CalendarHeldError as held:
                if not self._go_on_with_the_last(now):
                    raise
                self.errors = (str(held),)
            else:
                self._take(read, now)
        return read.warnings

    def reload(self, now: datetime) -> tuple[Problem, ...]:
        """Read again and swap.

        Raises CalendarError when the files are broken, and CalendarHeldError when too much is gone from them. Whatever
        goes wrong, the last good calendar stays in use, and `errors` say so until a good one is published.
        """
        with self._lock:
            self._heard = self._holding.times_asked()
            try:
                read = self.read()
                self._holding.check(read.catalog, read.contents, now)
                self._take(read, now)
            except (CalendarError, CalendarHeldError, LanguageNotInCalendarError) as error:
                self.errors = tuple(str(error).splitlines())
                raise
            except NotifierError as error:
                self.errors, self._unpublished = tuple(str(error).splitlines()), True
                raise
            except Exception as error:
                self.errors = (f"the calendar could not be published: {type(error).__name__}",)
                self._unpublished = True
                raise
            self._unpublished = False
        return read.warnings

    def asked_to_reload(self) -> bool:
        """Whether somebody asked for that since the files were last read."""
        return self._holding.times_asked() != self._heard

    def check(self, now: datetime) -> None:
        """Read the files and take nothing. Raises CalendarError and CalendarHeldError."""
        read = self.read()
        self._holding.check(read.catalog, read.contents, now)

    def settle(self, now: datetime) -> None:
        """See that `catalog` is one to act on, before anything was published.

        It is the last good one while the present one is held. Raises CalendarError, and CalendarHeldError when there
        is none.
        """
        if self._in_use is not None:
            return
        read = self.read()
        try:
            self._holding.check(read.catalog, read.contents, now)
            self._only_read = read.catalog
        except CalendarHeldError:
            self._only_read = self._loaded(self._holding.last_files())
            if self._only_read is None:
                raise

    def _take(self, read: Read, now: datetime) -> None:
        before = self._in_use
        # What was made of a calendar is kept for as long as it is that one: an equal one is the same.
        catalog = before.catalog if before is not None and before.catalog == read.catalog else read.catalog
        with self._holding.alone():
            self._in_use = InUse(catalog, self._publish(catalog, now, record=True), read.contents)
            self._holding.keep(catalog, read.contents)
        self.errors = ()

    def _go_on_with_the_last(self, now: datetime) -> bool:
        """Publish the calendar that was published last; False where that cannot be had."""
        with self._holding.alone():
            files = self._holding.last_files()
            last = self._loaded(files)
            if last is not None:
                self._in_use = InUse(last, self._publish(last, now, record=True), files)
        return last is not None

    def _loaded(self, files: Sequence[bytes]) -> Catalog | None:
        """Return the calendar that files held; None where they were not kept, or this version reads them no more."""
        catalog = self._load_contents(files).catalog
        return None if catalog is None else self._adjustments.apply(catalog)

    def turn(self, now: datetime) -> bool:
        """Publish again when something published is outdated, or when publishing failed; say whether so.

        Where another process has published another calendar since, nothing is recorded: each of the two would find the
        other's entries changed, and revise them, at every turn.
        """
        if self._unpublished:
            self.reload(now)
            return True
        with self._lock:
            in_use = self.in_use
            same_years = local_date(now, in_use.catalog.calendar.zone).year == in_use.site.years.seen_from
            if same_years and now < in_use.site.valid_until:
                return False
            with self._holding.alone():
                record = self._holding.is_latest(in_use.contents)
                site = self._publish(in_use.catalog, now, record=record)
            self._in_use = replace(in_use, site=site)
        return True
