"""All wiring, in one place: what settings name is put together here, inside functions, and handed on as values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from notifier import clock
from notifier.catalog.problems import Problem
from notifier.content.language import Language, Languages
from notifier.content.templates import Templates
from notifier.content.wording import title_of
from notifier.domain.discretion import without_addresses
from notifier.domain.errors import NotifierError, UnknownLanguageError
from notifier.domain.events import Catalog, Event
from notifier.domain.hours import local_date
from notifier.domain.occurrences import Occurrence
from notifier.domain.translations import refused_languages
from notifier.domain.windows import FeedYears, feed_years
from notifier.packaged import packaged
from notifier.services.bounces import Bounces
from notifier.services.foretelling import Foretelling
from notifier.services.importing import Importing
from notifier.services.mail import Mail
from notifier.services.operating import Operating
from notifier.services.paths import calendar_paths, private_paths
from notifier.services.people import People
from notifier.services.publishing import Publishing
from notifier.services.visitors import Visitors
from notifier.settings import Settings, SettingsError, kept_secret, read_settings
from notifier.storage.engine import migrate, open_engine, reading, schema_is_current
from notifier.storage.holds import held_because
from notifier.storage.place import this_machine
from notifier.tokens import AddressHash, Tokens
from notifier.usecases.drafts import unread_by_hand
from notifier.usecases.housekeeping import Fetched, Housekeeping
from notifier.usecases.memory import Memory
from notifier.usecases.publish import Site
from notifier.usecases.retention import Retention
from notifier.usecases.tick import TickReport
from notifier.usecases.whereabouts import settle_in

__all__ = ["Readiness", "Services", "calendar_paths", "open_services", "private_paths"]

if TYPE_CHECKING:
    from notifier.content.edition_page import ReleasedEdition
    from notifier.usecases.built_selections import BuiltSelections


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the service can be sent requests, and what stands in the way."""

    status: Literal["ok", "degraded", "unready"]
    problems: tuple[str, ...] = ()


class Services:
    """The service, put together. The daemon calls `start`; commands that only look need not."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = clock.now) -> None:
        self.settings = settings
        self.now = now
        self.languages = Languages(packaged("locales"))
        self.templates = Templates(settings.templates or packaged("templates"))
        self.base_url = settings.address
        self.memory = Memory.of(settings.feed_cache_bytes)
        self.published = Publishing(self, self.languages, self.memory)
        self.people = People(self)
        self.importing = Importing(self, self.people)
        self.mail = Mail(self, lambda: self.bounces.addresses, lambda: self.address_hash)
        self.bounces = Bounces(self, self.people)
        self.operating = Operating(self, self.mail)
        self.foretelling = Foretelling(
            self, self.mail, self.people, lambda now: self.published.publish(self.catalog, now, record=False)
        )
        self.visitors = Visitors(self, self.people.suppressions, self.mail.wake)
        self._fetched = Fetched()
        self._housekeeping = Housekeeping(self._fetched)
        self._retention = Retention()
        self._settled = False
        self._look_at(settings)

    def _look_at(self, settings: Settings) -> None:
        """Refuse settings that name what is not there."""
        if settings.templates is not None and not settings.templates.is_dir():
            remedy = f"{settings.templates} is not a folder; name one with email/ and web/ templates"
            raise SettingsError(variable="NOTIFIER_TEMPLATES", remedy=remedy)
        for tag in settings.accept_unreviewed:
            if tag not in self.languages:
                remedy = f'"{tag}" is not a language of the service; it has {", ".join(self.languages.tags)}'
                raise SettingsError(variable="NOTIFIER_ACCEPT_UNREVIEWED", remedy=remedy)

    # --- what there is ------------------------------------------------------------------------------------------

    @cached_property
    def engine(self) -> Engine:
        """The database, its schema up to date."""
        engine = open_engine(self.settings.database_url)
        migrate(engine)
        return engine

    @cached_property
    def tokens(self) -> Tokens:
        """What signs links; without a secret in settings, one that is kept under `var/`."""
        return Tokens(self.settings.secret or (_kept("secret", "NOTIFIER_SECRET"),))

    @cached_property
    def address_hash(self) -> AddressHash:
        """What suppressed addresses are known by; without a secret in settings, by one that is kept under `var/`."""
        secret = self.settings.suppression_secret
        return AddressHash(secret or _kept("suppression-secret", "NOTIFIER_SUPPRESSION_SECRET"))

    @property
    def catalog(self) -> Catalog:
        """The calendar in use."""
        return self.published.catalog

    @property
    def site(self) -> Site:
        """The feeds in use."""
        return self.published.site

    def language(self, tag: str) -> Language:
        """Return one of the calendar's languages, its first for an empty tag. Raises UnknownLanguageError."""
        served = self.catalog.calendar.languages
        if tag and tag not in served:
            raise UnknownLanguageError(language=tag, known=", ".join(served))
        return self.languages[tag or served[0]]

    def today(self) -> date:
        """Return the date in the calendar's zone."""
        return local_date(self.now(), self.catalog.calendar.zone)

    def years(self, now: datetime) -> FeedYears:
        """Return the years published at an instant."""
        settings = self.settings
        return feed_years(now, self.catalog.calendar.zone, settings.feed_years_back, settings.feed_years_ahead)

    @property
    def pictures(self) -> bool:
        """Whether each published anniversary has a picture."""
        return self.settings.pictures

    def revised(self, language: str) -> Mapping[str, datetime]:
        """Return when what pages in a language say was last revised, by path."""
        from notifier.usecases.page_revisions import page_revisions

        return page_revisions(self.site, language)

    def line_of(self, occurrence: Occurrence, on: date, language: Language) -> str:
        """Return an anniversary as one line: its date, the days left, its title."""
        left = language.days_left((occurrence.first - on).days)
        return f"{language.date(occurrence.first)}, {left}: {title_of(occurrence, self.catalog, language)}"

    # --- built selections ---------------------------------------------------------------------------------------

    @cached_property
    def selections(self) -> BuiltSelections:
        """What builds selections, and makes their feeds."""
        from notifier.usecases.built_selections import BuiltSelections

        return BuiltSelections(
            lambda: self.engine,
            self.languages,
            lambda: self.site,
            self.base_url,
            self._fetched,
            additions_bytes=self.memory.additions,
        )

    @cached_property
    def trusted_proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Whose word on a client's address is taken."""
        return tuple(map(ip_network, self.settings.trusted_proxies))

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Other sites whose pages may send forms."""
        return self.settings.allowed_origins

    def refused_for(self, event: Event) -> tuple[str, ...]:
        """Return the languages in which messages do not show an event's texts."""
        return refused_languages(event, self.settings.accept_unreviewed)

    def released_edition(self, key: str) -> ReleasedEdition | None:
        """Return a message as it was released, with its corrections."""
        from notifier.usecases.released import released_edition

        return released_edition(self.engine, key)

    # --- the pass, and how it stands ----------------------------------------------------------------------------

    def start(self, now: datetime) -> tuple[Problem, ...]:
        """Publish for the first time; return the calendar's warnings. Raises CalendarError and CalendarHeldError."""
        _ = self.tokens  # made now, so that a folder that cannot be written is known at the start
        self._settle_in()
        self.people.apply_journal()
        return self.published.start(now)

    def tick(
        self,
        now: datetime,
        *,
        force: bool = False,
        stopping: Callable[[], bool] = lambda: False,
        patient: bool = False,
    ) -> TickReport:
        """Plan what is due at `now` and send it. Raises FarInstantError for a rehearsal that would reach people.

        A `patient` one is one of many: it ends after a while, and rests after sending has stopped.
        """
        self.mail.refuse_far(now, force=force)
        try:
            self._settle_in()
            self.published.settle(now)
            self._housekeeping.keep(self.engine, now)
            # By the true clock: a rehearsal of another year forgets nobody.
            self._retention.keep(self.engine, self.now())
            report = self.mail.tick(now, stopping, patient=patient)
            self.foretelling.look_ahead(now)
            return report
        except Exception as error:
            known = isinstance(error, NotifierError)
            self.mail.stopped = str(error) if known else f"the last pass was not finished: {type(error).__name__}"
            raise

    def _settle_in(self) -> None:
        """Hold everything where this is a copy of another server; looked at once, before anything can leave."""
        if not self._settled:
            settle_in(self.engine, this_machine(), self.now())
            self._settled = True

    def sending_warnings(self) -> list[str]:
        """Return what an operator should know of at the start: that nothing leaves, or that nobody is told."""
        unread = unread_by_hand(self.catalog, self.settings.operator)
        with reading(self.engine) as db:
            held = held_because(db)
        warnings = [] if held is None else [f"nothing is sent: {held}"]
        return warnings if unread is None else [*warnings, unread]

    def readiness(self) -> Readiness:
        """Return whether requests can be answered; the last good calendar answers while a newer one is broken."""
        try:
            current = schema_is_current(self.engine)
        except NotifierError as error:
            return Readiness("unready", (str(error),))
        except SQLAlchemyError as error:
            return Readiness("unready", (f"the database does not answer: {type(error).__name__}",))
        if not current:
            return Readiness("unready", ("the database's schema is of another version",))
        problems = [*self.published.errors, *self.mail.warnings()]
        if self.mail.stopped is not None:
            problems.append(without_addresses(self.mail.stopped))
        if self.bounces.problem is not None:
            problems.append(without_addresses(self.bounces.problem))
        return Readiness("degraded" if problems else "ok", tuple(problems))

    def close(self) -> None:
        """Give the database back, when it was opened."""
        if "engine" in self.__dict__:
            self.engine.dispose()


def _kept(name: str, variable: str) -> str:
    try:
        return kept_secret(name=name)
    except OSError as error:
        remedy = f"{error.filename} cannot be written ({error.strerror}); make the folder writable, or set a secret"
        raise SettingsError(variable=variable, remedy=remedy) from error


@contextmanager
def open_services(settings: Settings | None = None, now: Callable[[], datetime] = clock.now) -> Iterator[Services]:
    """Give the services that settings describe, and close them."""
    services = Services(settings or read_settings(), now)
    try:
        yield services
    finally:
        services.close()
