"""One's own subscription: a link to it is asked for, exchanged for a cookie, and all is changed with that.

The cookie goes to this part of the site alone, and to no request that another site has begun; forms are taken from the
service's own pages only. A link opens a page with a button, since mail scanners open links.
"""

from __future__ import annotations

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from notifier.content import manage_page, subscription_pages
from notifier.domain import addresses
from notifier.domain.errors import NotifierError
from notifier.storage.engine import DatabaseError
from notifier.storage.subscribers import Subscriber
from notifier.usecases.manage import GoneError
from notifier.web.answers import redirect
from notifier.web.changes import Change, Changes
from notifier.web.clients import client_of
from notifier.web.deps import SiteView
from notifier.web.forms import Form, FormError, read_form
from notifier.web.indexes import FIND, Indexes
from notifier.web.limits import Limits, Settled
from notifier.web.origins import is_foreign
from notifier.web.own_subscription import own_subscription
from notifier.web.pages import Pages, Renderer
from notifier.web.preference_forms import PreferenceFields
from notifier.web.sessions import COOKIE, Sessions

EACH, TOGETHER = 20, 1_000
"""How often one client, and all clients together, may ask for a link within an hour."""


class Manage:
    """Answers below `/manage`."""

    def __init__(self, view: SiteView, site: Pages, indexes: Indexes, settled: Settled) -> None:
        self._view = view
        self._site = site
        self._limits = Limits(EACH, TOGETHER)
        self._settled = settled
        self._sessions = Sessions(view, site)
        self._changes = Changes(view, site, indexes)

    async def page(self, request: Request) -> Response:
        """Show the settings, or the form that asks for a link to them; on POST, send the link."""
        if request.method == "POST":
            return await self._ask(request)
        return await run_in_threadpool(self._show, request)

    def open(self, request: Request) -> Response:
        """Show the button that opens the settings, or exchange the link for a cookie."""
        view = self._view
        try:
            key = view.tokens.read_manage(request.path_params["token"], view.now())
        except NotifierError:
            return self._site.passing(request, partial(manage_page.manage_ask_page, ended=True), 404)
        if request.method != "POST":
            return self._site.passing(request, manage_page.open_settings_page)
        if is_foreign(request.headers, view.base_url, view.allowed_origins):
            return self._site.passing(request, subscription_pages.foreign_settings_page, 403)
        response = redirect(self._site.local(addresses.MANAGE), 303, Cache_Control="no-store")
        self._sessions.open(response, key)
        return response

    async def change(self, request: Request) -> Response:
        """Do what the last part of the address says with the subscription that the cookie opens."""
        doing = request.scope["path"].rpartition("/")[2]
        return await self._with_form(request, self._changes.by_name[doing])

    def export(self, request: Request) -> Response:
        """Answer with everything that is kept about the reader."""
        try:
            body = self._view.visitors.export(self._sessions.key(request))
        except GoneError:
            return self._ended(request)
        headers = dict(subscription_pages.PRIVATE) | {"Content-Disposition": 'attachment; filename="subscription.json"'}
        return Response(body, 200, headers, "application/json")

    async def erase(self, request: Request) -> Response:
        """Show the form that erases, or erase."""
        if request.method == "POST":
            return await self._with_form(request, self._erase)
        return await run_in_threadpool(self._show, request, asking=manage_page.erase_page)

    async def end(self, request: Request) -> Response:
        """Forget the cookie."""
        if is_foreign(request.headers, self._view.base_url, ()):
            return await run_in_threadpool(self._site.passing, request, subscription_pages.foreign_settings_page, 403)
        response = await run_in_threadpool(self._site.passing, request, manage_page.closed_page)
        self._sessions.close(response)
        return response

    async def _ask(self, request: Request) -> Response:
        """Send a link to whoever has the address; the answer is the same, and takes as long, where nobody has it."""
        view, site = self._view, self._site
        if is_foreign(request.headers, view.base_url, view.allowed_origins):
            return await run_in_threadpool(site.passing, request, subscription_pages.foreign_settings_page, 403)
        client = client_of(request.scope, view.trusted_proxies)
        wait = self._limits.wait(client, view.now())
        if wait is not None:
            return self._limits.answer(site, request, wait)
        async with self._settled():
            try:
                form = await read_form(request)
            except FormError:
                self._limits.refuse(client, view.now())
                return await run_in_threadpool(site.passing, request, subscription_pages.unreadable_form_page, 422)
            fields = PreferenceFields(form, view.catalog, site.language_of(request, ""), whole=True)
            email = fields.address()
            if fields.errors:
                self._limits.refuse(client, view.now())
                again = partial(manage_page.manage_ask_page, wrong=True, email=fields.filled().email)
                return await run_in_threadpool(site.made, request, again, 422)
            self._limits.take(client, view.now())
            await run_in_threadpool(view.visitors.ask_for_link, email)
            return await run_in_threadpool(site.passing, request, manage_page.link_sent_page)

    async def _with_form(self, request: Request, do: Change) -> Response:
        """Do something for whom the cookie opens it, with what a form of the service's own says."""
        view, site = self._view, self._site
        if is_foreign(request.headers, view.base_url, ()):
            return await run_in_threadpool(site.passing, request, subscription_pages.foreign_settings_page, 403)
        try:
            form = await read_form(request)
            return await run_in_threadpool(self._do, request, form, do)
        except FormError:
            return await run_in_threadpool(site.passing, request, subscription_pages.unreadable_form_page, 422)

    def _do(self, request: Request, form: Form, do: Change) -> Response:
        try:
            return do(request, self._view.visitors.person(self._sessions.key(request)), form)
        except GoneError:
            return self._ended(request)
        except DatabaseError:
            raise
        except NotifierError:
            return self._site.passing(request, subscription_pages.unreadable_form_page, 422)

    def _erase(self, request: Request, person: Subscriber, _: Form) -> Response:
        self._view.visitors.erase(person.key)
        response = self._site.passing(request, manage_page.erased_page)
        self._sessions.close(response)
        return response

    def _show(self, request: Request, asking: Renderer | None = None) -> Response:
        """Show the settings, or what is `asking` whether to go on; without a cookie, the form that sends a link."""
        try:
            person = self._view.visitors.person(self._sessions.key(request))
        except GoneError:
            ended = COOKIE in request.cookies or asking is not None
            return self._site.passing(request, partial(manage_page.manage_ask_page, ended=ended), 403 if ended else 200)
        done = request.query_params.get("done", "")
        language = self._site.language_of(request, person.preference.language)
        errors = {"zone": language.say("Please choose a time zone from the list.")} if person.lost_zone else {}
        if asking is not None:
            return self._site.kept_alike(request, asking.__name__, asking, tag=person.preference.language)
        words = request.query_params.get(FIND, "")
        if words:
            return self._changes.look(request, person, words, None)
        page = partial(
            manage_page.manage_page, own=own_subscription(person, self._view.visitors), errors=errors, done=done
        )
        return self._site.made(request, page, tag=person.preference.language)

    def _ended(self, request: Request) -> Response:
        return self._site.passing(request, partial(manage_page.manage_ask_page, ended=True), 403)
