"""The calendar in use and what is published of it: its feeds, its history, and whom it is told to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from notifier.catalog.load import load_catalog, load_contents
from notifier.catalog.problems import Problem
from notifier.content.language import Languages
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog
from notifier.services.base import Base
from notifier.services.paths import calendar_paths
from notifier.storage.calendar import HeldCalendar
from notifier.usecases.adjustments import Adjustments
from notifier.usecases.held_calendars import Holding, accept_held, ask_to_read
from notifier.usecases.history import adopt_history, lacks_history, write_history
from notifier.usecases.long_addresses import too_long
from notifier.usecases.memory import Memory
from notifier.usecases.publish import Publication, Site, publish_feeds
from notifier.usecases.reload import LiveCalendar
from notifier.usecases.websub import PingReport, Pings, WebHub, tell_of_files


class Publishing:
    """Reads the calendar, publishes it, and keeps both until the next is good."""

    def __init__(self, base: Base, languages: Languages, memory: Memory) -> None:
        settings = base.settings
        self._base = base
        self._languages = languages
        self._memory = memory
        paths = calendar_paths(settings)  # once: a calendar that vanishes is not replaced by another one
        self._calendar = LiveCalendar(
            lambda: load_catalog(paths, languages.tags),
            lambda contents: load_contents(contents, languages.tags),
            Adjustments(settings.languages, settings.zone, settings.leads),
            self.publish,
            Holding(lambda: base.engine),
        )

    # --- the calendar in use ------------------------------------------------------------------------------------

    @property
    def catalog(self) -> Catalog:
        """The calendar in use."""
        return self._calendar.catalog

    @property
    def site(self) -> Site:
        """The feeds in use."""
        return self._calendar.in_use.site

    @property
    def files(self) -> tuple[Path, ...]:
        """The files the calendar was read from."""
        return self._calendar.files

    @property
    def errors(self) -> tuple[str, ...]:
        """Why the last good calendar is served instead of the present one."""
        return self._calendar.errors

    def start(self, now: datetime) -> tuple[Problem, ...]:
        """Publish for the first time; return the calendar's warnings. Raises CalendarError and CalendarHeldError."""
        return self._calendar.start(now)

    def changed(self) -> bool:
        """Whether a file of the calendar is not as it was when it was read."""
        return self._calendar.changed()

    def reload(self, now: datetime) -> tuple[Problem, ...]:
        """Read the calendar again and publish it; return its warnings. Raises CalendarError and CalendarHeldError."""
        return self._calendar.reload(now)

    def asked_to_reload(self) -> bool:
        """Whether `notifier reload` asked for the calendar to be read again since it last was.

        A database that does not answer says no; the next tick and `readiness` tell of it.
        """
        try:
            return self._calendar.asked_to_reload()
        except (NotifierError, SQLAlchemyError):
            return False

    def ask_to_reload(self) -> None:
        """Ask the running service to read the calendar again. Raises what reading it raises here."""
        self._calendar.check(self._base.now())
        ask_to_read(self._base.engine)

    def accept_held(self) -> HeldCalendar:
        """Let the running service take the calendar that it holds. Raises NothingHeldError."""
        return accept_held(self._base.engine)

    def settle(self, now: datetime) -> None:
        """See that `catalog` is one to act on, before anything was published. Raises what `start` raises."""
        self._calendar.settle(now)

    def turn(self, now: datetime) -> bool:
        """Publish again when something published is outdated: the year has turned, a cancelled entry's time is over."""
        return self._calendar.turn(now)

    # --- what is published of it --------------------------------------------------------------------------------

    def publish(self, catalog: Catalog, now: datetime, *, record: bool) -> Site:
        """Make the feeds of a calendar; only what is to be `record`ed reaches the database."""
        base, settings = self._base, self._base.settings
        publication = Publication(
            self._languages,
            catalog.calendar.languages,
            base.base_url,
            settings.feed_years_back,
            settings.feed_years_ahead,
            templates=base.templates,
            hub=settings.websub_hub,
            shapes_bytes=self._memory.shapes,
        )
        return publish_feeds(base.engine, catalog, publication, now, record=record)

    def address_warnings(self) -> list[str]:
        """Return what an operator should know of the addresses of feeds."""
        long = too_long(self.site, self._base.base_url)
        return [] if long is None else [long]

    def ping(self) -> PingReport:
        """Tell the WebSub hub, where settings name one, of the feeds that have changed since the last time."""
        return self._pings.tell(self.site, self._base.base_url) if self._hub else PingReport()

    def ping_of_files(self, changed: Collection[str]) -> PingReport:
        """Tell the hub, where there is one, of feeds whose published files have changed, named below their folder."""
        hub = self._hub
        return tell_of_files(WebHub(hub), self.site, self._base.base_url, changed) if hub else PingReport()

    @property
    def _hub(self) -> str:
        return self._base.settings.websub_hub

    @cached_property
    def _pings(self) -> Pings:
        return Pings(WebHub(self._hub), lambda: self._base.engine)

    # --- what was published -------------------------------------------------------------------------------------

    def history(self) -> bytes:
        """Return every revision and feed state, as `revisions.json` holds them."""
        return write_history(self._base.engine, self.catalog.calendar.id)

    def lacks_history(self) -> bool:
        """Whether nothing was ever published from the database."""
        return lacks_history(self._base.engine)

    def adopt_history(self, content: bytes, place: str) -> None:
        """Take over a written history; `place` names it in errors. Raises NotifierError where it cannot be."""
        adopt_history(self._base.engine, content, self.catalog.calendar.id, place)
