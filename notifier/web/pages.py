"""The pages of the site: which one an address means, in which language, and whether it is there already."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from notifier.content import pages
from notifier.content.language import Language
from notifier.content.resources import Resource
from notifier.content.site import SiteDay
from notifier.domain import addresses
from notifier.domain.events import Catalog, Event
from notifier.web.answers import answer, redirect
from notifier.web.negotiation import preferred
from notifier.web.standing import Sites, Standing

Renderer = Callable[[SiteDay, Language], Resource]


class Pages:
    """Answers with pages. When the calendar or the date in its zone changes, each is made anew as it is asked for."""

    def __init__(self, sites: Sites) -> None:
        self._standing = sites.now

    def root(self, request: Request) -> Response:
        """Send the reader to the language the browser asks for."""
        standing = self._standing()
        location = standing.site.local(addresses.home(_reads(request, standing).tag))
        return redirect(location, 302, Vary="Accept-Language", Cache_Control="no-cache")

    def language_root(self, request: Request) -> Response:
        """Mend an address that lacks its last slash."""
        standing, language = self._in_language(request)
        return redirect(standing.site.local(addresses.home(language.tag)), 308)

    def home(self, request: Request) -> Response:
        """Answer with what comes next."""
        standing, language = self._in_language(request)
        home = addresses.home(language.tag)
        return answer(request, standing.shelf.get(home, lambda: pages.home_page(standing.site, language)))

    def event(self, request: Request) -> Response:
        """Answer with an event; a former id leads to the present one for good."""
        standing, language = self._in_language(request)
        event = _event(standing.site.catalog, request)
        path = addresses.event(language.tag, event.id)
        if event.id != request.path_params["id"]:
            return redirect(standing.site.local(path), 301)
        return answer(request, standing.shelf.get(path, lambda: pages.event_page(standing.site, language, event)))

    def occurrence(self, request: Request) -> Response:
        """Answer with one anniversary, where it is published."""
        standing, language = self._in_language(request)
        event = _event(standing.site.catalog, request)
        found = pages.published_occurrence(standing.site, event, request.path_params["year"])
        if found is None:
            raise HTTPException(404)
        path = addresses.occurrence(language.tag, event.id, found.year)
        if event.id != request.path_params["id"]:
            return redirect(standing.site.local(path), 301)
        return answer(request, standing.shelf.get(path, lambda: pages.occurrence_page(standing.site, language, found)))

    def passing(self, request: Request, render: Renderer, status: int = 200) -> Response:
        """Answer with a page that has no address of its own, in the address's language or else the browser's.

        It is the same for everybody and on every day, and kept: what a partial renderer is given must say nothing of
        anybody.
        """
        standing = self._standing()
        language = self._language(request, standing)
        name = f"{_name_of(render)} {language.tag}"
        page = standing.kept_through_days(name, lambda: render(standing.site, language))
        return _varied(answer(request, page, status))

    def kept(
        self, request: Request, path_of: Callable[[str], str], render: Renderer, *, through_days: bool = False
    ) -> Response:
        """Answer with a page that is the same for everybody, and kept.

        One that says nothing of the date is kept `through_days`, until the calendar changes or the year turns.
        """
        standing, language = self._in_language(request)
        path = path_of(language.tag)
        keep = standing.kept_through_days if through_days else standing.shelf.get
        return answer(request, keep(path, lambda: render(standing.site, language)))

    def kept_as_wanted(self, request: Request, what: str, render: Renderer, status: int = 200) -> Response:
        """Answer with a page of `what` a reader put together, and keep it for whoever puts together the same."""
        standing, language = self._in_language(request)
        page = standing.wanted.get(f"{language.tag} {what}", lambda: render(standing.site, language))
        return answer(request, page, status)

    def kept_alike(
        self, request: Request, shown: object, render: Renderer, status: int = 200, tag: str = ""
    ) -> Response:
        """Answer as `made` does, and keep the page for whoever is to be shown the same.

        The `repr` of `shown` tells all that differs: only who brings the same gets the page.
        """
        standing = self._standing()
        language = standing.languages.get(tag) or self._language(request, standing)
        name = f"{sha256(repr(shown).encode()).hexdigest()} {status} {language.tag}"
        return _varied(answer(request, standing.wanted.get(name, lambda: render(standing.site, language)), status))

    def kept_now(self, path: str) -> Resource | None:
        """Return the page that is kept under an address, None where none is; it takes no time."""
        page = self._standing().shelf.peek(path)
        return page if page is not None and page.headers[0][0] == "ETag" else None

    def kept_for_all(self, request: Request, name: str, render: Callable[[SiteDay], Resource]) -> Response:
        """Answer with what is the same in every language and on every day, and kept."""
        standing = self._standing()
        return answer(request, standing.kept_through_days(name, lambda: render(standing.site)))

    def through_days(self, name: str, render: Callable[[], Resource]) -> Resource:
        """Return what says nothing of the date, kept under a name that tells all that it depends on."""
        return self._standing().kept_through_days(name, render)

    def site_for(self, request: Request) -> tuple[SiteDay, Language]:
        """Return the site as it stands, and the language of the address."""
        standing, language = self._in_language(request)
        return standing.site, language

    def site_for_all(self) -> SiteDay:
        """Return the site as it stands."""
        return self._standing().site

    def language_of(self, request: Request, tag: str) -> Language:
        """Return the served language with this tag, and where there is none the one that `passing` would choose."""
        standing = self._standing()
        return standing.languages.get(tag) or self._language(request, standing)

    def made(self, request: Request, render: Renderer, status: int = 200, tag: str = "") -> Response:
        """Answer with a page made for this request alone, in the language with this tag or `passing` would choose."""
        standing = self._standing()
        language = standing.languages.get(tag) or self._language(request, standing)
        return _varied(answer(request, render(standing.site, language), status))

    def local(self, path: str) -> str:
        """Return a path as links on the same host need it."""
        return self._standing().site.local(path)

    def _language(self, request: Request, standing: Standing) -> Language:
        """Return the language of the address, or else the browser's."""
        tag = request.scope.get("path", "").partition("/")[2].partition("/")[0]
        return standing.languages.get(tag) or _reads(request, standing)

    def _in_language(self, request: Request) -> tuple[Standing, Language]:
        standing = self._standing()
        language = standing.languages.get(request.path_params["lang"])
        if language is None:
            raise HTTPException(404)
        return standing, language


def _varied(response: Response) -> Response:
    """Return a response whose language the browser may have chosen."""
    response.headers["Vary"] = "Accept-Language"
    return response


def _name_of(render: Renderer) -> str:
    if isinstance(render, partial):
        return f"{render.func.__name__} {sorted(render.keywords.items())}"
    return render.__name__


def _reads(request: Request, standing: Standing) -> Language:
    """Return the served language that the browser's reader would rather read."""
    tag = preferred(request.headers.get("accept-language", ""), tuple(standing.languages))
    return standing.languages[tag]


def _event(catalog: Catalog, request: Request) -> Event:
    event = catalog.event(request.path_params["id"])
    if event is None:
        raise HTTPException(404)
    return event
