"""Building selections, and the feeds of those that were built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from notifier.content.additions import MOST_BYTES, Additions
from notifier.content.feeds import Feed, FeedHead, WrittenEntry
from notifier.content.language import Language
from notifier.content.limits import STANDARD, FeedLimits
from notifier.content.selections import Chosen, Shelf, choose, dated, is_round
from notifier.domain import addresses
from notifier.domain.built import Built, NoSelectionError, RetiredSelectionError, Token, parse_built
from notifier.domain.events import Catalog
from notifier.domain.notices import Notice
from notifier.domain.windows import FeedYears
from notifier.storage.engine import DatabaseError, reading, writing
from notifier.storage.revisions import FeedState
from notifier.storage.selections import StoredSelection, date_selection, keep_selection, stored_selection
from notifier.usecases.dating import Dating
from notifier.usecases.housekeeping import Fetched
from notifier.usecases.shape_paths import NamedFeed
from notifier.usecases.shapes import OtherShapes


class PublishedSite(Protocol):
    """What is published now: the same object until it is published anew."""

    @property
    def catalog(self) -> Catalog:
        """The calendar."""

    @property
    def years(self) -> FeedYears:
        """The years published."""

    @property
    def shapes(self) -> OtherShapes | None:
        """What makes feeds of notices, where there is such a thing."""

    @property
    def entries(self) -> Mapping[str, Sequence[WrittenEntry]]:
        """The entries of each served language, those cancelled among them."""


class _Standing(NamedTuple):
    """What is published, with what was added to its entries so far, and what is to choose from in each language."""

    site: PublishedSite
    additions: Additions
    shelves: dict[str, Shelf]


class BuiltSelections:
    """Builds selections, and makes their feeds from what is published. Safe to be asked from several threads."""

    def __init__(  # noqa: PLR0913, PLR0917 -- what it is put together from
        self,
        engine: Callable[[], Engine],
        languages: Mapping[str, Language],
        site: Callable[[], PublishedSite],
        base_url: str,
        fetched: Fetched,
        limits: FeedLimits = STANDARD,
        additions_bytes: int = MOST_BYTES,
    ) -> None:
        self._engine = engine
        self._languages = languages
        self._site = site
        self._base_url = base_url
        self._fetched = fetched
        self._limits = limits
        self._additions_bytes = additions_bytes
        self._now_standing: _Standing | None = None

    def build(self, built: Built, now: datetime) -> Token:
        """Keep a selection, and return its token; one that was retired lives again."""
        token, engine = built.token, self._engine()
        with reading(engine) as db:
            kept = stored_selection(db, token)
        _, state = self._chosen(built, kept, now)
        fresh = StoredSelection(token, str(built), now, _day(now), state.digest, state.last_modified)
        with writing(engine) as db:
            keep_selection(db, fresh)
        return token

    def find(self, token: str) -> Built:
        """Return what was built. Raises NoSelectionError and RetiredSelectionError."""
        return self._found(token)[0]

    def forget(self) -> None:
        """Forget what was added to entries; it is made again when it is asked for."""
        self._now_standing = None

    def note_fetched(self, token: str) -> None:
        """Note that somebody fetched a selection; the database is told later."""
        self._fetched.note(token)

    def feed(self, token: str, shape: str, now: datetime) -> Feed:
        """Return a selection's feed as `ics`, `atom` or `json`, of what is published.

        Raises NoSelectionError, also where its language is not served any more, and RetiredSelectionError.
        """
        built, kept = self._found(token)
        chosen, state = self._chosen(built, kept, now)
        if state.digest != kept.digest:
            state = self._noted(kept, state)
        if shape == "ics":
            return dated(chosen, self._base_url, state.last_modified)
        return self._notices(built, chosen.head, shape, state.last_modified)

    def _notices(self, built: Built, head: FeedHead, shape: str, changed: datetime) -> Feed:
        """Return the notices of what is selected, at the leads of the calendar and its events."""
        site = self._site()
        calendar, language = site.catalog.calendar, self._languages[built.language]
        if site.shapes is None:
            raise NoSelectionError
        picked = {event.id for event in built.selection.pick(site.catalog.events)}

        def wanted(notice: Notice) -> bool:
            occurrence = notice.occurrence
            return occurrence.event.id in picked and (not built.round_only or is_round(occurrence.ordinal, calendar))

        return site.shapes.notices_of(
            addresses.selection(built.token, shape), NamedFeed(shape, language, head, ()), changed, wanted
        )

    def _found(self, token: str) -> tuple[Built, StoredSelection]:
        with reading(self._engine()) as db:
            kept = stored_selection(db, token)
        if kept is None:
            raise NoSelectionError
        built = parse_built(kept.canonical)
        if built.language not in self._site().entries:
            raise NoSelectionError
        if kept.retired_at is not None:
            said = self._languages[built.language].say(
                "This calendar was not fetched for a year and has been retired; "
                "whoever builds the same one again gets it back at the same address."
            )
            raise RetiredSelectionError(said=said)
        return built, kept

    def _chosen(self, built: Built, kept: StoredSelection | None, now: datetime) -> tuple[Chosen, FeedState]:
        site, additions, shelves = self._standing()
        shelf = shelves.get(built.language)
        if shelf is None:
            shelf = shelves[built.language] = self._shelf(site, built.language)
        chosen = choose(built, shelf, additions, self._limits)
        path = chosen.head.path
        states = {} if kept is None else {path: FeedState(kept.digest, kept.last_modified)}
        dating = Dating(site.catalog, site.years, states, now)
        dating.last_modified(chosen.head, chosen.entries)
        return chosen, dating.changed[path]  # it says what the head is, which is not kept here, so it always differs

    def _shelf(self, site: PublishedSite, tag: str) -> Shelf:
        by_event: dict[str, list[WrittenEntry]] = {}
        for written in site.entries[tag]:
            by_event.setdefault(written.entry.event_id, []).append(written)
        return Shelf(site.catalog, site.years, self._languages[tag], by_event, self._base_url)

    def _standing(self) -> _Standing:
        site, standing = self._site(), self._now_standing
        if standing is None or standing.site.entries is not site.entries:
            additions = Additions(site.years, self._base_url, self._additions_bytes)
            standing = self._now_standing = _Standing(site, additions, {})
        return standing

    def _noted(self, kept: StoredSelection, state: FeedState) -> FeedState:
        """Note down that the feed changed, and return its state: that of whoever noted it first.

        A database that cannot be written to now holds nobody's feed up; whoever asks next notes it.
        """
        engine = self._engine()
        try:
            with writing(engine) as db:
                if date_selection(db, kept.token, kept.digest, state.digest, state.last_modified):
                    return state
                other = stored_selection(db, kept.token)
        except (SQLAlchemyError, DatabaseError):
            return state
        return FeedState(other.digest, other.last_modified) if other and other.digest == state.digest else state


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
