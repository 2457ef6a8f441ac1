"""Every address of the site, on one page. Feeds are answered before any of this, by `notifier.web.feeds`."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from notifier.content import pages as content
from notifier.domain import addresses
from notifier.storage.engine import DatabaseError
from notifier.usecases.memory import Memory
from notifier.web.api import Api
from notifier.web.browse import Browsing
from notifier.web.changes import CHANGES
from notifier.web.deps import SiteView
from notifier.web.editions import Editions
from notifier.web.headers import SecurityHeaders, SmallBodies, usual_headers
from notifier.web.health import Health
from notifier.web.indexes import Indexes
from notifier.web.kept_pages import KeptPages
from notifier.web.limits import SETTLED, Settled
from notifier.web.machines import Machines
from notifier.web.manage import Manage
from notifier.web.pages import Pages
from notifier.web.selections import Selections
from notifier.web.standing import Sites
from notifier.web.static import Static
from notifier.web.subscriptions import Subscriptions

_REFUSALS = {404: content.not_found_page, 413: content.too_long_page}

AGAIN = 30
"""Seconds after which somebody may ask again whom the database kept waiting in vain."""


def build_app(view: SiteView, memory: Memory | None = None, settled: float = SETTLED, *, live: bool = True) -> ASGIApp:
    """Return the site: every page, with the security headers around all of it, faults included.

    `memory` is how much may be kept of what was rendered. What is to be published where no service runs is not `live`.
    """
    memory = memory or Memory.of()
    static = Static(view.templates.folder / "web")
    pages = Pages(Sites(view, static, memory.pages, memory.wanted, live=live))
    indexes = Indexes()
    subscriptions = Subscriptions(view, pages, indexes, Settled(settled))
    manage = Manage(view, pages, indexes, Settled(settled))
    selections = Selections(view, pages, indexes)
    browsing, machines = Browsing(pages, indexes, memory.found), Machines(view, pages, memory.pictures)
    editions = Editions(view, pages)
    health = Health(view)

    site = Starlette(
        routes=[
            Route(addresses.HEALTH, health.alive),
            Route(addresses.READY, health.ready),
            Route(addresses.static("{name}"), static.file),
            *_of_people(subscriptions, manage),
            Route(addresses.edition("{key}"), editions.page),
            Route(f"{addresses.API}{{path:path}}", Api(view, memory.answers)),
            Route(addresses.SELECTIONS, selections.build, methods=["GET", "POST"]),
            Route(addresses.subscribe("{lang}"), selections.form),
            *_of_days(browsing, machines),
            *_of_machines(static, machines),
            Route(addresses.ROOT, pages.root),
            Route(addresses.home("{lang}"), pages.home),
            Route(addresses.home("{lang}").rstrip("/"), pages.language_root),
            Route(addresses.event("{lang}", "{id}"), pages.event),
            Route(addresses.occurrence("{lang}", "{id}", "{year}"), pages.occurrence),
        ],
        middleware=[Middleware(SmallBodies, refuse=_refusal(pages))],
        exception_handlers={HTTPException: _refusal(pages), DatabaseError: _pause(pages), Exception: _fault(pages)},
    )
    # Addresses have one form each; Starlette's own mending would name the host that the request claims.
    site.router.redirect_slashes = False
    return KeptPages(SecurityHeaders(site, view.base_url), pages.kept_now, usual_headers(view.base_url))


def _of_days(browsing: Browsing, machines: Machines) -> list[Route]:
    """Return the addresses at which somebody finds a day."""
    return [
        Route(addresses.calendar("{lang}", "{year}"), browsing.year),
        Route(addresses.month("{lang}", "{year}", "{month}"), browsing.month),
        Route(addresses.month("{lang}", "{year}", "{month}", "{part}"), browsing.month),
        Route(addresses.collection("{lang}", "{collection}"), browsing.collection),
        Route(addresses.collection("{lang}", "{collection}", "{part}"), browsing.collection),
        Route(addresses.search("{lang}"), browsing.search),
        Route(addresses.outlook("{lang}"), browsing.outlook),
        Route(addresses.outlook_year("{lang}", "{year}"), browsing.outlook_year),
        Route(addresses.outlook_year("{lang}", "{year}", "{part}"), browsing.outlook_year),
        Route(addresses.outlook("{lang}", "csv"), browsing.outlook_csv),
        Route(addresses.outlook("{lang}", "xlsx"), browsing.outlook_xlsx),
        Route(addresses.occurrence_picture("{lang}", "{id}", "{year}"), machines.picture),
    ]


def _of_machines(static: Static, machines: Machines) -> list[Route]:
    """Return the addresses that search engines and browsers ask for by themselves."""
    return [
        Route(addresses.FAVICON, static.favicon),
        Route(addresses.ROBOTS, machines.robots),
        Route(addresses.SITEMAP, machines.sitemaps),
        Route(addresses.sitemap("{lang}", "{part}"), machines.sitemap),
        Route(addresses.manifest("{lang}"), machines.manifest),
    ]


def _of_people(subscriptions: Subscriptions, manage: Manage) -> list[Route]:
    """Return the addresses of forms and links by which people subscribe, change what they chose, and leave."""
    return [
        Route(addresses.SUBSCRIPTIONS, subscriptions.sign_up, methods=["GET", "POST"]),
        Route(addresses.confirm("{token}"), subscriptions.confirm, methods=["GET", "POST"]),
        Route(addresses.never("{token}"), subscriptions.never, methods=["GET", "POST"]),
        Route(addresses.unsubscribe("{token}"), subscriptions.unsubscribe, methods=["GET", "POST"]),
        Route(addresses.undo("{token}"), subscriptions.undo, methods=["POST"]),
        Route(addresses.MANAGE, manage.page, methods=["GET", "POST"]),
        *(Route(addresses.settings(doing), manage.change, methods=["POST"]) for doing in CHANGES),
        Route(addresses.settings("export"), manage.export),
        Route(addresses.settings("erase"), manage.erase, methods=["GET", "POST"]),
        Route(addresses.settings("end"), manage.end, methods=["POST"]),
        Route(addresses.manage("{token}"), manage.open, methods=["GET", "POST"]),
    ]


def _refusal(pages: Pages) -> Callable[[Request, Exception], Response]:
    def refuse(request: Request, error: Exception) -> Response:
        """Answer what cannot be answered: no such page, or not with this method."""
        status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
        response = pages.passing(request, _REFUSALS.get(status, content.refused_page), status)
        response.headers.update(headers or {})
        return response

    return refuse


def _pause(pages: Pages) -> Callable[[Request, Exception], Response]:
    def put_off(request: Request, _: Exception) -> Response:
        """Answer while the database does not: nothing was done, and the same can be asked again."""
        response = pages.passing(request, content.error_page, 503)
        response.headers["Retry-After"] = str(AGAIN)
        return response

    return put_off


def _fault(pages: Pages) -> Callable[[Request, Exception], Response]:
    def apologise(request: Request, _: Exception) -> Response:
        """Answer for a fault of the service; Starlette raises it again afterwards, and the server logs it."""
        return pages.passing(request, content.error_page, 500)

    return apologise
