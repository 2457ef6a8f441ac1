"""What people change in their own subscription, each by an address of its own, and what they are shown of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from notifier.content import manage_page, subscription_pages
from notifier.content.language import Language
from notifier.content.resources import Resource
from notifier.content.site import SiteDay
from notifier.domain import addresses
from notifier.domain.days import parse_day
from notifier.domain.errors import DayError
from notifier.storage.subscribers import Consent, Subscriber
from notifier.web.answers import redirect
from notifier.web.clients import client_of
from notifier.web.deps import SiteView
from notifier.web.forms import FieldError, Form, only
from notifier.web.indexes import FIND, LOOK, Indexes
from notifier.web.own_subscription import own_subscription
from notifier.web.pages import Pages
from notifier.web.preference_forms import PreferenceFields, read_leads

Change = Callable[[Request, Subscriber, Form], Response]
"""Does what a form says with somebody's subscription."""

CHANGES: Final = ("preferences", "day", "leave-day", "pause", "resume", "leave", "rejoin")
"""What can be changed, by the last part of the address that changes it."""


class Changes:
    """Changes the subscription of whoever has opened it."""

    def __init__(self, view: SiteView, site: Pages, indexes: Indexes) -> None:
        self._view = view
        self._site = site
        self._indexes = indexes
        self.by_name: dict[str, Change] = {
            "preferences": self._preferences,
            "day": self._day,
            "leave-day": self._leave_day,
            "pause": self._pause,
            "resume": self._resume,
            "leave": self._leave,
            "rejoin": self._rejoin,
        }

    def look(self, request: Request, person: Subscriber, words: str, fields: PreferenceFields | None) -> Response:
        """Show the settings with the single days that were looked for, in a form as it is filled; nothing is saved."""
        filled, own = None if fields is None else fields.filled(), own_subscription(person, self._view.visitors)

        def page(site: SiteDay, language: Language) -> Resource:
            looked = self._indexes.looked(site.catalog, language, words)
            return manage_page.manage_page(site, language, own, filled, looked=looked)

        return self._site.made(request, page, tag=person.preference.language)

    def _preferences(self, request: Request, person: Subscriber, form: Form) -> Response:
        language = self._site.language_of(request, person.preference.language)
        fields = PreferenceFields(form, self._view.catalog, language, whole=True)
        preference = fields.preference(person.preference)
        if LOOK in form and not fields.too_long:
            return self.look(request, person, next(iter(form.get(FIND, [])), ""), fields)
        if preference is None:
            return self._again(request, person, fields)
        self._view.visitors.change(person.key, preference)
        return self._done("saved")

    def _day(self, _: Request, person: Subscriber, form: Form) -> Response:
        self._view.visitors.lead_event(person.key, only(form, "event"), read_leads(form))
        return self._done("day")

    def _leave_day(self, _: Request, person: Subscriber, form: Form) -> Response:
        self._view.visitors.leave_event(person.key, only(form, "event"))
        return self._done("left-day")

    def _pause(self, request: Request, person: Subscriber, form: Form) -> Response:
        try:
            ahead = self._view.visitors.pause(person.key, parse_day(only(form, "until")))
        except (DayError, FieldError):
            ahead = False
        if ahead:
            return self._done("paused")
        language = self._site.language_of(request, person.preference.language)
        errors = {"until": language.say("Please choose a date after today.")}
        page = partial(manage_page.manage_page, own=own_subscription(person, self._view.visitors), errors=errors)
        return self._site.made(request, page, 422, language.tag)

    def _resume(self, _: Request, person: Subscriber, __: Form) -> Response:
        self._view.visitors.resume(person.key)
        return self._done("resumed")

    def _leave(self, _: Request, person: Subscriber, __: Form) -> Response:
        self._view.visitors.unsubscribe(person.key, self._view.now())
        return self._done("left")

    def _rejoin(self, request: Request, person: Subscriber, _: Form) -> Response:
        view = self._view
        language = self._site.language_of(request, person.preference.language)
        client = client_of(request.scope, view.trusted_proxies)
        ip = client if view.visitors.keeps_ip and client else None
        wording = subscription_pages.consent_wording(view.catalog, language)
        view.visitors.rejoin(person.key, Consent(wording, view.now(), view.base_url + addresses.MANAGE, ip))
        return self._done("joined")

    def _again(self, request: Request, person: Subscriber, fields: PreferenceFields) -> Response:
        filled, errors = fields.filled(), fields.errors
        page = partial(
            manage_page.manage_page, own=own_subscription(person, self._view.visitors), filled=filled, errors=errors
        )
        return self._site.made(request, page, 422, person.preference.language)

    def _done(self, what: str) -> Response:
        return redirect(self._site.local(f"{addresses.MANAGE}?done={what}"), 303, Cache_Control="no-store")
