"""Subscribing by e-mail and leaving: the form, and the pages behind the links in messages.

GET only ever shows a form, since mail scanners open links. POST acts, and behind a link whoever sends it: the token is
the authority, and it opens nothing else. Unsubscribing takes any body (RFC 8058), and answers with no redirect.
"""

from __future__ import annotations

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from notifier.content import pages, subscription_pages
from notifier.content.language import Language
from notifier.content.resources import Resource
from notifier.content.site import SiteDay
from notifier.domain import addresses
from notifier.domain.errors import NotifierError
from notifier.domain.preferences import Preference
from notifier.storage.engine import DatabaseError
from notifier.storage.subscribers import Consent
from notifier.web.clients import client_of
from notifier.web.deps import SiteView
from notifier.web.forms import Form, FormError, only, read_form
from notifier.web.indexes import FIND, LOOK, Indexes
from notifier.web.limits import Limits, Settled
from notifier.web.origins import is_foreign
from notifier.web.pages import Pages
from notifier.web.preference_forms import PreferenceFields

EACH, TOGETHER = 20, 1_000
"""How often one client, and all clients together, may ask for messages within an hour."""

SHOW = "show"
"""The name of the button that only shows what would come; the one that subscribes has none."""

HONEYPOT = "reply"
"""The field that no person sees, and only programmes fill in."""


class Subscriptions:
    """Answers to the form, and at addresses that hold a token."""

    def __init__(self, view: SiteView, site: Pages, indexes: Indexes, settled: Settled) -> None:
        self._view = view
        self._site = site
        self._indexes = indexes
        self._limits = Limits(EACH, TOGETHER)
        self._settled = settled

    async def sign_up(self, request: Request) -> Response:
        """Ask an address to confirm what the form says.

        The answer is the same for every address, and takes as long: who is subscribed cannot be seen from outside.
        """
        view, site = self._view, self._site
        if request.method != "POST":
            raise HTTPException(405, headers={"Allow": "POST"})
        if is_foreign(request.headers, view.base_url, view.allowed_origins):
            return await run_in_threadpool(site.passing, request, subscription_pages.foreign_form_page, 403)
        client = client_of(request.scope, view.trusted_proxies)
        wait = self._limits.wait(client, view.now())
        if wait is not None:
            return self._limits.answer(site, request, wait)
        async with self._settled():
            try:
                form = await read_form(request)
                fields, preference, email = await run_in_threadpool(self._read, request, form)
            except FormError:
                self._limits.refuse(client, view.now())
                return await run_in_threadpool(site.passing, request, subscription_pages.unreadable_form_page, 422)
            if SHOW in form:
                # To see what would come nobody has to say who they are.
                fields.errors.pop("email", None)
            if LOOK in form or preference is None or fields.errors:
                self._limits.refuse(client, view.now())
                return await run_in_threadpool(self._again, request, form, fields)
            if SHOW in form:
                self._limits.refuse(client, view.now())
                return await run_in_threadpool(self._foresee, request, form, fields, preference)
            self._limits.take(client, view.now())
            return await run_in_threadpool(self._ask, request, form, email, preference, client)

    def _read(self, request: Request, form: Form) -> tuple[PreferenceFields, Preference | None, str]:
        """Read the form; one that names the page it stands on is whole, so that what is not ticked was not chosen."""
        language = self._site.language_of(request, only(form, "page"))
        fields = PreferenceFields(form, self._view.catalog, language, whole="page" in form)
        email = fields.address()
        return fields, fields.preference(hour=self._view.visitors.hour), email

    def _look(self, request: Request, form: Form, fields: PreferenceFields) -> Response:
        """Show the form again with the single days that were looked for; nothing is said of what is not filled in."""
        words = next(iter(form.get(FIND, [])), "")

        def page(site: SiteDay, language: Language) -> Resource:
            looked = self._indexes.looked(site.catalog, language, words)
            return subscription_pages.not_signed_up_page(site, language, fields.filled(), looked=looked)

        return self._site.made(request, page, tag=only(form, "page"))

    def _foresee(self, request: Request, form: Form, fields: PreferenceFields, preference: Preference) -> Response:
        """Show the form again with the message that would come next; nothing is kept of it."""
        from notifier.content.next_message import next_message

        theirs = self._site.language_of(request, preference.language)

        def page(site: SiteDay, language: Language) -> Resource:
            message = next_message(site, language, preference, theirs, self._view.refused_for)
            return subscription_pages.foreseen_page(site, language, fields.filled(), message)

        return self._site.made(request, page, tag=only(form, "page"))

    def _ask(self, request: Request, form: Form, email: str, preference: Preference, client: str) -> Response:
        # A form on another site's page names none here, but the language it asks for.
        view, site, tag = self._view, self._site, only(form, "page") or preference.language
        if not "".join(form.get(HONEYPOT, [])):
            language = site.language_of(request, tag)
            wording = subscription_pages.consent_wording(view.catalog, language)
            ip = client if view.visitors.keeps_ip and client else None
            consent = Consent(wording, view.now(), self._source(request, language.tag), ip)
            view.visitors.sign_up(email, preference, consent)
        return site.made(request, partial(subscription_pages.asked_page, preference=preference), tag=tag)

    def _source(self, request: Request, tag: str) -> str:
        """Return the page that the form stood on: the service's own, or the site that may show it."""
        origin = request.headers.get("origin", "").lower()
        foreign = origin in self._view.allowed_origins and not self._view.base_url.lower().startswith(origin)
        return origin if origin and foreign else self._view.base_url + addresses.subscribe(tag)

    def _again(self, request: Request, form: Form, fields: PreferenceFields) -> Response:
        if LOOK in form and not fields.too_long:
            return self._look(request, form, fields)
        page = partial(subscription_pages.not_signed_up_page, filled=fields.filled(), errors=fields.errors)
        return self._site.made(request, page, 422, only(form, "page"))

    def confirm(self, request: Request) -> Response:
        """Show the form that confirms, or confirm: once, within three days."""
        view, site = self._view, self._site
        try:
            key, nonce = view.tokens.read_confirm(request.path_params["token"])
        except NotifierError:
            return site.passing(request, pages.invalid_link_page, 404)
        try:
            if request.method != "POST":
                view.visitors.open_question(key, nonce)
                return site.passing(request, subscription_pages.confirm_page)
            done = view.visitors.confirm(key, nonce)
        except DatabaseError:
            raise
        except NotifierError:
            return site.passing(request, subscription_pages.nothing_to_confirm_page, 410)
        page = partial(subscription_pages.confirmed_page, preference=done.preference, on=done.on, first=done.first)
        return site.made(request, page, tag=done.preference.language)

    def never(self, request: Request) -> Response:
        """Show the form, or have the address never written to again."""
        try:
            key, address_hash = self._view.tokens.read_never(request.path_params["token"])
        except NotifierError:
            return self._site.passing(request, pages.invalid_link_page, 404)
        if request.method != "POST":
            return self._site.passing(request, subscription_pages.never_page)
        self._view.visitors.never(key, address_hash)
        return self._site.passing(request, subscription_pages.never_done_page)

    def unsubscribe(self, request: Request) -> Response:
        """Show the form, or take the reader off: as often as asked, without cookies, never with a redirect."""
        view = self._view
        try:
            key = view.tokens.read_unsubscribe(request.path_params["token"])
        except NotifierError:
            return self._site.passing(request, pages.invalid_link_page, 404)
        if request.method != "POST":
            return self._site.passing(request, pages.unsubscribe_page)
        # Nobody who has been erased is written to either: the answer is true in both cases, and tells nobody which.
        now = view.now()
        can_be_undone = view.visitors.unsubscribe(key, now)
        undo = addresses.undo(view.tokens.undo(key, now)) if can_be_undone else None
        return self._site.made(request, partial(subscription_pages.left_page, undo=undo))

    async def undo(self, request: Request) -> Response:
        """Take back that somebody has left, wholly or for the days themselves alone."""
        try:
            form = await read_form(request)
            return await run_in_threadpool(self._undo, request, day_alone=only(form, "keep") == "day")
        except FormError:
            return await run_in_threadpool(self._site.passing, request, subscription_pages.unreadable_form_page, 422)

    def _undo(self, request: Request, *, day_alone: bool) -> Response:
        view, site = self._view, self._site
        try:
            key, left_at = view.tokens.read_undo(request.path_params["token"], view.now())
        except NotifierError:
            return site.passing(request, pages.invalid_link_page, 404)
        if not view.visitors.take_back(key, left_at, day_alone=day_alone):
            return site.passing(request, subscription_pages.not_taken_back_page, 410)
        return site.passing(request, partial(subscription_pages.taken_back_page, day_alone=day_alone))
