"""What machines ask for beside pages: lists of pages, the site in brief, and pictures of anniversaries."""

from __future__ import annotations

from hashlib import sha256
from threading import Lock

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from notifier.content.language import Language
from notifier.content.resources import Resource
from notifier.content.site import SiteDay
from notifier.domain import addresses
from notifier.web.answers import answer, redirect
from notifier.web.deps import SiteView
from notifier.web.pages import Pages
from notifier.web.shelf import Shelf


class Machines:
    """Answers what search engines, browsers and other sites ask for beside pages."""

    def __init__(self, view: SiteView, site: Pages, shelf_bytes: int) -> None:
        """Answer for a view; so many bytes of pictures are kept.

        They are kept by their address while the site stands, and by what is on them beyond that: on the next day
        each is looked for anew, and drawn anew where something else is on it.
        """
        self._view = view
        self._site = site
        self._named_bytes = shelf_bytes // 2
        self._named: tuple[SiteDay | None, Shelf] = (None, Shelf(self._named_bytes))
        self._drawn = Shelf(shelf_bytes - self._named_bytes)
        self._drawing = Lock()
        self._lists: tuple[SiteDay | None, int] = (None, 0)

    def robots(self, request: Request) -> Response:
        """Answer with what crawlers may look at."""
        from notifier.content.for_machines import robots

        return self._site.kept_for_all(request, addresses.ROBOTS, robots)

    def sitemaps(self, request: Request) -> Response:
        """Answer with the list of lists of pages."""
        from notifier.content.for_machines import sitemaps

        return self._site.kept_for_all(request, addresses.SITEMAP, sitemaps)

    def sitemap(self, request: Request) -> Response:
        """Answer with one list of pages in one language."""
        from notifier.content.for_machines import sitemap

        text = request.path_params["part"]

        def render(site: SiteDay, language: Language) -> Resource:
            part = next((n for n in range(1, self._list_count(site) + 1) if str(n) == text), None)
            if part is None:
                raise HTTPException(404)
            revised = self._view.revised(language.tag)
            # The date says nothing here; when pages were revised does.
            alike = f"{addresses.sitemap(language.tag, text)} {sha256(repr(revised).encode()).hexdigest()}"
            return self._site.through_days(alike, lambda: sitemap(site, language, part, revised))

        return self._site.kept(request, lambda tag: addresses.sitemap(tag, text), render)

    def _list_count(self, site: SiteDay) -> int:
        """Return how many lists there are; of a large calendar it takes long to count, and anybody may ask for more."""
        from notifier.content.for_machines import parts

        standing, count = self._lists
        if standing is not site:
            _, count = self._lists = (site, parts(site))
        return count

    def manifest(self, request: Request) -> Response:
        """Answer with the site in brief."""
        from notifier.content.for_machines import manifest

        return self._site.kept(request, addresses.manifest, manifest, through_days=True)

    def picture(self, request: Request) -> Response:
        """Answer with the picture of a published anniversary; a former id leads to the present one for good."""
        site, language = self._site.site_for(request)
        id_, year = request.path_params["id"], request.path_params["year"]
        present = _renamed(site, language, id_, year) if site.pictures else None
        if present is not None:
            return redirect(site.local(present), 301)
        standing, shelf = self._named
        if standing is not site:
            _, shelf = self._named = (site, Shelf(self._named_bytes))
        path = addresses.occurrence_picture(language.tag, id_, year)
        return answer(request, shelf.get(path, lambda: self._picture(site, language, id_, year)))

    def _picture(self, site: SiteDay, language: Language, id_: str, year: str) -> Resource:
        """Return a picture that nobody has asked for while the site stands."""
        from notifier.content.pages import published_occurrence
        from notifier.content.pictures import picture_svg

        event = site.catalog.event(id_)
        found = None if event is None else published_occurrence(site, event, year)
        if not site.pictures or event is None or found is None or event.id != id_:
            raise HTTPException(404)
        svg = picture_svg(site, language, found)
        return self._drawn.get(svg, lambda: self._draw(svg, site))

    def _draw(self, svg: str, site: SiteDay) -> Resource:
        from notifier.content.pictures import drawn

        # The interpreter waits while one is drawn; between two of them everybody else has their turn.
        with self._drawing:
            return drawn(svg, site.templates.folder)


def _renamed(site: SiteDay, language: Language, id_: str, year: str) -> str | None:
    """Return where the picture of a published anniversary now is, whose event had this id before; else None."""
    from notifier.content.pages import published_occurrence

    event = site.catalog.event(id_)
    if event is None or event.id == id_:
        return None
    found = published_occurrence(site, event, year)
    return None if found is None else addresses.occurrence_picture(language.tag, event.id, found.year)
