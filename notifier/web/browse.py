"""Ways to find a day: a year at a glance, collections, search, round anniversaries; and what machines read of it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from notifier.content.language import Language
from notifier.content.resources import Resource
from notifier.content.search import SearchIndex, asked
from notifier.content.site import SiteDay
from notifier.domain import addresses
from notifier.domain.events import Catalog
from notifier.web.answers import answer
from notifier.web.deps import SiteView
from notifier.web.pages import Pages
from notifier.web.shelf import Shelf

_INDEXES = 3
"""Languages whose events are kept ready to be looked through; each takes some 2 kB an event."""

_BESIDE = 2_000
"""Bytes counted for each page found, whatever was asked."""


class Browsing:
    """Answers where somebody looks for a day."""

    def __init__(self, site: Pages, shelf_bytes: int) -> None:
        """Answer with the pages of a site; so many bytes of what was found are kept."""
        self._site = site
        self._indexes = _Indexes()
        self._shelf_bytes = shelf_bytes
        self._found: tuple[SiteDay | None, Shelf] = (None, Shelf(shelf_bytes, _BESIDE))

    def year(self, request: Request) -> Response:
        """Answer with a published year."""
        from notifier.content.year_page import year_named, year_page

        text = request.path_params["year"]

        def render(site: SiteDay, language: Language) -> Resource:
            year = year_named(site, text)
            if year is None:
                raise HTTPException(404)
            return year_page(site, language, year)

        return self._site.kept(request, lambda tag: addresses.calendar(tag, text), render)

    def collection(self, request: Request) -> Response:
        """Answer with a collection that has events."""
        from notifier.content.collection_page import collection_page

        text = request.path_params["collection"]

        def render(site: SiteDay, language: Language) -> Resource:
            id_ = next((one for one in site.catalog.collection_ids() if one == text), None)
            if id_ is None:
                raise HTTPException(404)
            return collection_page(site, language, id_)

        return self._site.kept(request, lambda tag: addresses.collection(tag, text), render)

    def search(self, request: Request) -> Response:
        """Answer with what was found, or with the form where nothing was asked."""
        from notifier.content.search_page import search_page

        query = asked(request.query_params.get("q", ""))
        site, language = self._site.site_for(request)
        standing, shelf = self._found
        if standing is not site:
            _, shelf = self._found = (site, Shelf(self._shelf_bytes, _BESIDE))

        def render() -> Resource:
            index = self._indexes.of(site.catalog, language)
            return search_page(site, language, query, index.find(query) if query else ())

        return answer(request, shelf.get(f"{language.tag} {query}", render))

    def outlook(self, request: Request) -> Response:
        """Answer with the round anniversaries of the coming years."""
        from notifier.content.outlook_page import outlook_page

        return self._site.kept(request, addresses.outlook, outlook_page)

    def outlook_csv(self, request: Request) -> Response:
        """Answer with them as CSV."""
        from notifier.content.outlook_page import outlook_csv

        return self._site.kept(request, lambda tag: addresses.outlook(tag, "csv"), outlook_csv)

    def outlook_xlsx(self, request: Request) -> Response:
        """Answer with them as a workbook."""
        from notifier.content.outlook_page import outlook_xlsx

        return self._site.kept(request, lambda tag: addresses.outlook(tag, "xlsx"), outlook_xlsx)


class _Indexes:
    """What is looked through, of the calendar in force and the languages asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Catalog, SearchIndex]] = OrderedDict()
        self._lock = Lock()

    def of(self, catalog: Catalog, language: Language) -> SearchIndex:
        """Return the index, made now if it is not there. Two who ask at the same moment wait for one making."""
        with self._lock:
            found = self._kept.get(language.tag)
            if found is None or found[0] is not catalog:
                found = self._kept[language.tag] = (catalog, SearchIndex(catalog, language))
            self._kept.move_to_end(language.tag)
            while len(self._kept) > _INDEXES:
                self._kept.popitem(last=False)
            return found[1]


class Machines:
    """Answers what search engines, browsers and other sites ask for beside pages."""

    def __init__(self, view: SiteView, site: Pages, shelf_bytes: int) -> None:
        """Answer for a view; so many bytes of pictures are kept, by what is on them."""
        self._view = view
        self._site = site
        self._drawn = Shelf(shelf_bytes)
        self._drawing = Lock()

    def robots(self, request: Request) -> Response:
        """Answer with what crawlers may look at."""
        from notifier.content.for_machines import robots

        return answer(request, robots(self._site.site_for_all()))

    def sitemaps(self, request: Request) -> Response:
        """Answer with the list of lists of pages."""
        from notifier.content.for_machines import sitemaps

        return self._site.kept_for_all(request, addresses.SITEMAP, sitemaps)

    def sitemap(self, request: Request) -> Response:
        """Answer with one list of pages in one language."""
        from notifier.content.for_machines import parts, sitemap

        text = request.path_params["part"]

        def render(site: SiteDay, language: Language) -> Resource:
            part = next((n for n in range(1, parts(site) + 1) if str(n) == text), None)
            if part is None:
                raise HTTPException(404)
            return sitemap(site, language, part, self._view.revised(language.tag))

        return self._site.kept(request, lambda tag: addresses.sitemap(tag, text), render)

    def manifest(self, request: Request) -> Response:
        """Answer with the site in brief."""
        from notifier.content.for_machines import manifest

        return self._site.kept(request, addresses.manifest, manifest)

    def picture(self, request: Request) -> Response:
        """Answer with the picture of a published anniversary."""
        from notifier.content.pages import published_occurrence
        from notifier.content.pictures import picture_svg

        site, language = self._site.site_for(request)
        event = site.catalog.event(request.path_params["id"])
        found = None if event is None else published_occurrence(site, event, request.path_params["year"])
        if not site.pictures or event is None or found is None or event.id != request.path_params["id"]:
            raise HTTPException(404)
        svg = picture_svg(site, language, found)
        return answer(request, self._drawn.get(svg, lambda: self._draw(svg, site)))

    def _draw(self, svg: str, site: SiteDay) -> Resource:
        from notifier.content.pictures import drawn

        # The interpreter waits while one is drawn; between two of them everybody else has their turn.
        with self._drawing:
            return drawn(svg, site.templates.folder)
