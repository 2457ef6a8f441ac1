"""The site as it stands: one calendar on one date, with the pages that were rendered of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from notifier.content.language import Language
from notifier.content.resources import Resource
from notifier.content.site import SiteDay
from notifier.domain.events import Catalog
from notifier.domain.hours import local_date
from notifier.web.deps import SiteView
from notifier.web.shelf import Shelf
from notifier.web.static import ICON, SCRIPT, STYLE, Static

BESIDE = 2_000
"""Bytes counted beside each page that readers put together: its name, of whatever length."""


@dataclass(frozen=True)
class Standing:
    """The site of one calendar and one date; `wanted` holds what readers put together."""

    site: SiteDay
    languages: Mapping[str, Language]
    shelf: Shelf
    wanted: Shelf
    through_days: set[str] = field(default_factory=set)
    """Names of pages on the shelf that say the same on every day of the published years."""

    def kept_through_days(self, name: str, render: Callable[[], Resource]) -> Resource:
        """Return a page that says nothing of the date; it is kept until the calendar changes or the year turns."""
        page = self.shelf.get(name, render)
        self.through_days.add(name)
        return page


class Sites:
    """Makes the site anew when the calendar or the date in its zone has changed."""

    def __init__(
        self, view: SiteView, static: Static, shelf_bytes: int, wanted_bytes: int, *, live: bool = True
    ) -> None:
        """Make sites of a view; so many bytes of pages are kept rendered, each some 15,000.

        `wanted_bytes` are for what readers put together: however many they are, no page of the site goes for them.
        Pages that are not `live` have no forms, and no links to what needs the running service.
        """
        self._view = view
        self._static = static
        self._shelf_bytes = shelf_bytes
        self._wanted_bytes = wanted_bytes
        self._live = live
        self._standing: Standing | None = None
        self._lock = Lock()

    def now(self) -> Standing:
        """Return the site as it stands now. One that is being replaced still serves whoever has begun with it."""
        view, now = self._view, self._view.now()
        catalog = view.catalog
        day = local_date(now, catalog.calendar.zone)
        with self._lock:
            standing = self._standing
            if standing is None or standing.site.catalog is not catalog or standing.site.day != day:
                standing = self._standing = self._stand(catalog, now, standing)
            return standing

    def _stand(self, catalog: Catalog, now: datetime, before: Standing | None) -> Standing:
        """Return the site anew, with the pages that were there `before` and still say what is so."""
        view = self._view
        served = view.languages
        tags: list[str] = [tag for tag in catalog.calendar.languages if tag in served]
        languages = {tag: served[tag] for tag in tags or served}
        site = SiteDay(
            catalog=catalog,
            languages=tuple(languages.values()),
            templates=view.templates,
            base_url=view.base_url,
            day=local_date(now, catalog.calendar.zone),
            years=view.years(now),
            pictures=view.pictures,
            live=self._live,
            style=self._static.address(STYLE),
            icon=self._static.address(ICON),
            script=self._static.address(SCRIPT),
        )
        wanted = Shelf(self._wanted_bytes, BESIDE)
        if before is None or before.site.catalog is not catalog or replace(site, day=before.site.day) != before.site:
            return Standing(site, languages, Shelf(self._shelf_bytes), wanted)
        lasting = set(before.through_days)
        return Standing(site, languages, before.shelf.handed_on(lasting), wanted, lasting)
