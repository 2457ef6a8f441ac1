"""What tests of published feeds make: a fresh database, a calendar published from it, selections built of that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from notifier.content.language import Languages
from notifier.domain.built import build
from notifier.domain.events import Catalog
from notifier.storage.engine import migrate, open_engine
from notifier.usecases.built_selections import BuiltSelections
from notifier.usecases.housekeeping import Fetched
from notifier.usecases.publish import Publication, Site, publish_feeds
from tests.factories import LOCALES

HOST = "https://days.example.net"
HUB = "https://hub.example.org/"
NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)


@contextmanager
def migrated(folder: Path) -> Iterator[Engine]:
    """Open a fresh database of its own."""
    engine = open_engine(f"sqlite:///{folder}/notifier.db")
    migrate(engine)
    try:
        yield engine
    finally:
        engine.dispose()


@dataclass
class Publisher:
    """Publishes from one database, and builds selections of what it published last."""

    engine: Engine
    publication: Publication
    _site: Site | None = None

    @classmethod
    def of(cls, engine: Engine, served: tuple[str, ...] = ("en", "de"), **changes: Any) -> Publisher:
        return cls(engine, replace(Publication(LANGUAGES, served, HOST, years_back=1, years_ahead=3), **changes))

    @property
    def site(self) -> Site:
        """What was published last."""
        assert self._site is not None
        return self._site

    def publish(self, catalog: Catalog, now: datetime = NOW) -> Site:
        self._site = publish_feeds(self.engine, catalog, self.publication, now)
        return self._site

    def built(self, language: str = "en", select: str = "all", now: datetime = NOW, **choices: Any) -> dict[str, bytes]:
        """Build a selection; return its feeds by their addresses."""
        base_url, limits = self.publication.base_url, self.publication.limits
        selections = BuiltSelections(lambda: self.engine, LANGUAGES, lambda: self.site, base_url, Fetched(), limits)
        token = selections.build(build(self.site.catalog, language, select, **choices), now)
        feeds = (selections.feed(token, shape, now) for shape in ("ics", "atom", "json"))
        return {feed.path: feed.identity for feed in feeds}

    def calendar(self, language: str = "en", select: str = "all", now: datetime = NOW, **choices: Any) -> bytes:
        """Build a selection; return its calendar."""
        return next(iter(self.built(language, select, now, **choices).values()))


def feeds_of(site: Site) -> dict[str, bytes]:
    """Return every feed and file of a site, in whatever shape, by its address."""
    return {path: feed.identity for feeds in (site.feeds, site.shapes or {}, site.days) for path, feed in feeds.items()}
