"""Building a calendar: the form, what it sends, and the page that shows how to subscribe to what was built.

There is no cookie and no account, so a forged form could only waste its victim's quota; other sites' are refused.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from notifier.content.language import Language
from notifier.content.resources import Resource
from notifier.content.site import SiteDay
from notifier.domain import addresses
from notifier.domain.built import TOKEN, Built, NoSelectionError, RetiredSelectionError, build
from notifier.domain.errors import NotifierError
from notifier.usecases.quotas import Quota, Quotas
from notifier.web.answers import redirect
from notifier.web.calendar_faults import CHOICES, faults, hour_of, joined
from notifier.web.clients import client_of
from notifier.web.deps import SiteView
from notifier.web.forms import Form, UnknownFieldError, chosen, only, read_form
from notifier.web.indexes import FIND, LOOK, Indexes
from notifier.web.origins import is_foreign
from notifier.web.pages import Pages

if TYPE_CHECKING:
    from notifier.content.calendar_form import Filled
    from notifier.content.picking import Looked
    from notifier.content.subscribing import ForOthers

FIELDS: Final = frozenset({"select", "lang", "alarms", "hour", "ahead", "round", "timed", "page", FIND, LOOK})

EACH, TOGETHER = 20, 2_000
"""How many calendars one client, and all clients together, may build within an hour."""

REFUSED = 5 * EACH
"""How many forms of one client may be refused within an hour: reading one costs something too."""

_LONGEST_SHOWN = 80
"""Characters of what somebody sent that are shown to them again."""


class Selections:
    """Answers where calendars are built."""

    def __init__(self, view: SiteView, site: Pages, indexes: Indexes) -> None:
        self._view = view
        self._site = site
        self._indexes = indexes
        self._each = Quota(EACH)
        self._quotas = Quotas(self._each, Quota(TOGETHER))
        # None for all together: with that, whoever sends nonsense from many addresses would stop everybody.
        self._refused = Quota(REFUSED)

    def form(self, request: Request) -> Response:
        """Show the two ways to subscribe; where the address says what was chosen, what comes of it.

        Where it names what was built, show how to subscribe to that.
        """
        from notifier.content.subscribing import built_page, subscribe_page

        if not request.scope["query_string"]:
            return self._site.kept(request, addresses.subscribe, partial(subscribe_page, others=self._others()))
        token = request.query_params.get("built")
        if token is None:
            return self._wanted(request)
        try:
            found = self._view.selections.find(token) if TOKEN.fullmatch(token) else None
        except RetiredSelectionError as error:
            return self._not_built(request, error, 410)
        except NoSelectionError:
            found = None
        if found is None:
            raise HTTPException(404)
        return self._site.kept_as_wanted(request, found.token, partial(built_page, built=found))

    def _wanted(self, request: Request) -> Response:
        """Show the form as the address fills it, with what comes next in such a calendar."""
        from notifier.content.calendar_form import Filled
        from notifier.content.subscribing import Wanted, subscribe_page

        form: Form = {}
        for name, value in request.query_params.multi_items():
            if name in FIELDS:
                form.setdefault(name, []).append(value)
        if not form:
            # What others hang onto addresses, to see where readers came from, means nothing here.
            return self._site.kept(request, addresses.subscribe, partial(subscribe_page, others=self._others()))
        site, language = self._site.site_for(request)
        words = form.pop(FIND, [""])[0]
        if form.pop(LOOK, None):
            # Who looks for single days does not want all of them.
            form["select"] = [term for term in form.get("select", []) if term != "all"]
        looked = self._indexes.looked(site.catalog, language, words)
        if words.strip() and _chooses_nothing(form):
            return self._looking(request, form, looked)
        try:
            built, _ = self._read(form | {"lang": form.get("lang") or [language.tag]})
        except NotifierError as error:
            if isinstance(error, CHOICES):
                return self._again(request, form)
            return self._not_built(request, error, 422)
        hour = hour_of(only(form, "hour"))
        wanted = Wanted(Filled.of(built, hour), built, looked=looked)
        page = partial(subscribe_page, others=self._others(), wanted=wanted)
        return self._site.kept_as_wanted(request, _name_of((str(built), hour), looked), page)

    def _looking(self, request: Request, form: Form, looked: Looked) -> Response:
        """Show the form to whoever looks for single days before choosing any."""
        from notifier.content.subscribing import Wanted, subscribe_page

        def page(site: SiteDay, language: Language) -> Resource:
            return subscribe_page(site, language, self._others(), Wanted(_filled(form, language.tag), looked=looked))

        return self._site.kept_as_wanted(request, _name_of(sorted(form.items()), looked), page)

    def _again(self, request: Request, form: Form, tag: str = "") -> Response:
        """Show the form again, as it was filled, to whoever chose what there is not, or has not said which days.

        It is in the language with this tag, where one sent the form from a page.
        """
        from notifier.content.subscribing import Wanted, subscribe_page

        def page(site: SiteDay, language: Language) -> Resource:
            wanted = Wanted(_filled(form, language.tag), errors=faults(form, site.catalog, language))
            return subscribe_page(site, language, self._others(), wanted)

        return self._site.kept_alike(request, ("again", sorted(form.items())), page, 422, tag)

    def _others(self) -> ForOthers:
        from notifier.content.subscribing import ForOthers

        return ForOthers(self._view.allowed_origins, self._view.refused_for)

    async def build(self, request: Request) -> Response:
        """Build what the form says, and lead to its feed; a form that comes from a page here, to how to subscribe."""
        view = self._view
        if request.method != "POST":
            raise HTTPException(405, headers={"Allow": "POST"})
        if is_foreign(request.headers, view.base_url, view.allowed_origins):
            return await run_in_threadpool(self._foreign, request)
        client = client_of(request.scope, view.trusted_proxies)
        wait = self._quotas.wait(client, view.now()) or self._refused.wait(client, view.now())
        if wait is not None:
            return self._too_many(request, client, wait)
        form: Form = {}
        try:
            form = await read_form(request)
            built, page = await run_in_threadpool(self._read, form)
        except NotifierError as error:
            self._refused.take(client, view.now())
            # Where it names several pages, none of them is meant.
            tag = form["page"][0] if len(set(form.get("page", []))) == 1 else ""
            if "page" in form and isinstance(error, CHOICES):
                return await run_in_threadpool(self._again, request, form, tag)
            return await run_in_threadpool(self._not_built, request, error, 422, tag)
        wait = self._quotas.take(client, view.now())
        if wait is not None:
            return self._too_many(request, client, wait)
        token = await run_in_threadpool(self._keep, built)
        local = addresses.selection(token) if not page else f"{addresses.subscribe(page)}?built={token}"
        return redirect(self._site.local(local), 303, Cache_Control="no-store")

    def _keep(self, built: Built) -> str:
        return self._view.selections.build(built, self._view.now())

    def _read(self, form: Form) -> tuple[Built, str]:
        """Return what a form says, and the language of the page it was sent from. Raises NotifierError."""
        for name in form:
            if name not in FIELDS:
                raise UnknownFieldError(field=name)
        catalog, page = self._view.catalog, only(form, "page")
        return build(
            catalog,
            only(form, "lang"),
            ",".join(form.get("select", [])),
            alarms=joined(form, "alarms"),
            hour=hour_of(only(form, "hour")),
            ahead=joined(form, "ahead"),
            round_only=chosen(form, "round"),
            timed=chosen(form, "timed"),
        ), page if page in catalog.calendar.languages else ""

    def _not_built(self, request: Request, error: NotifierError, status: int, tag: str = "") -> Response:
        from notifier.content.subscribing import not_built_page

        fields = {name: _shortened(value) for name, value in error.fields.items()}

        def page(site: SiteDay, language: Language) -> Resource:
            return not_built_page(site, language, language.say(error.sentence, **fields))

        return self._site.kept_alike(request, (error.sentence, sorted(fields.items())), page, status, tag)

    def _foreign(self, request: Request) -> Response:
        from notifier.content.subscribing import foreign_choice_page

        return self._site.passing(request, foreign_choice_page, 403)

    def _too_many(self, request: Request, client: str, wait: timedelta) -> Response:
        """Answer from memory, but for the first time: whoever sends a thousand forms takes nobody else's threads."""
        from notifier.content.subscribing import too_many_page
        from notifier.content.subscription_pages import too_many_requests_page

        built_many = self._each.wait(client, self._view.now()) is not None
        response = self._site.passing(request, too_many_page if built_many else too_many_requests_page, 429)
        response.headers["Retry-After"] = str(max(1, round(wait.total_seconds())))
        return response


def _name_of(wanted: object, looked: Looked) -> str:
    """Return the name of a page on the shelf: what is wanted and what was looked for cannot pass for one another."""
    return sha256(repr((wanted, looked.query)).encode()).hexdigest()


def _chooses_nothing(form: Form) -> bool:
    return not any(value.strip(" ,;") for value in form.get("select", []))


def _filled(form: Form, tag: str) -> Filled:
    """Return the form as it was sent."""
    from notifier.content.calendar_form import Filled

    return Filled(
        lang=next(iter(form.get("lang", [])), tag),
        select=frozenset(form.get("select", [])),
        alarms=frozenset(form.get("alarms", [])),
        hour=next(iter(form.get("hour", [])), "9"),
        ahead=frozenset(form.get("ahead", [])),
        round_only="round" in form,
        timed="timed" in form,
    )


def _shortened(value: object) -> object:
    text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
