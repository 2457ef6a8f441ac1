"""The JSON API: questions to answers, and the OpenAPI document that says so. Imported when it is first asked.

Answers are kept until the calendar or the date in its zone changes.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Annotated, Any, Final

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException

from notifier.catalog.json_schema import schema_text
from notifier.content.resources import Resource, with_etag
from notifier.domain import addresses
from notifier.domain.errors import NotifierError
from notifier.domain.hours import local_date
from notifier.usecases.api import Asked, EventsAsked, NoticesAsked, OccurrencesAsked, Standing
from notifier.usecases.api_shapes import Events, Notices, Occurrences, Refusal
from notifier.web.answers import answer
from notifier.web.api import METHODS
from notifier.web.api_questions import EventsQuestion, NoticesQuestion, OccurrencesQuestion, refuse_repeated
from notifier.web.deps import SiteView
from notifier.web.feed_forms import wants_gzip
from notifier.web.shelf import Shelf

_BESIDE: Final = 4_000
"""Bytes counted for what an answer takes beside its body."""

_SMALLEST_PACKED: Final = 1_000
_JSON: Final = "application/json"
_SCHEMA: Final = "application/schema+json"
# Kept by browsers and proxies, and asked about each time: at midnight the days left change.
_LASTING: Final = (("Cache-Control", "public, no-cache"), ("Vary", "Accept-Encoding"))
_NOT_KEPT: Final = {"Cache-Control": "no-store"}

_WRITERS: Final[Mapping[type, TypeAdapter[Any]]] = {
    shape: TypeAdapter(shape) for shape in (Events, Occurrences, Notices)
}

_VALIDATORS: Final = {
    "ETag": {"description": "Names these very octets.", "schema": {"type": "string"}},
    "Cache-Control": {"schema": {"type": "string"}},
}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": _VALIDATORS},
    304: {"description": "The reader has it already (If-None-Match).", "headers": _VALIDATORS},
    414: {"model": Refusal, "description": "The query is too long."},
    422: {"model": Refusal, "description": "The question cannot be answered as it stands."},
}

_ABOUT: Final = (
    "What is remembered, when, and who says what about it. Dates are Gregorian, in the calendar's time zone. "
    "Without a language, texts are in the calendar's first. Each parameter is given once: one that is repeated, or not "
    "known, is refused with 422. Nothing has to be signed up for."
)


def build_api(view: SiteView, shelf_bytes: int) -> FastAPI:
    """Return the application that answers below `/api/`; so many bytes of answers are kept."""
    api = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={
            NotifierError: _refuse,
            RequestValidationError: _refuse_parameters,
            HTTPException: _turn_away,
            Exception: _apologise,
        },
    )
    desk = _Desk(view, shelf_bytes)

    def events(request: Request, asked: Annotated[EventsQuestion, Query()]) -> Response:
        """Events with their figures, names and statements, each with who says so and where."""
        return desk.answer(request, lambda now: EventsAsked.read(now, asked.lang, asked.select, asked.after))

    def occurrences(request: Request, asked: Annotated[OccurrencesQuestion, Query()]) -> Response:
        """Anniversaries in a period; `days` are left from its first day."""
        return desk.answer(
            request, lambda now: OccurrencesAsked.read(now, asked.first, asked.last, asked.lang, asked.select)
        )

    def notices(request: Request, asked: Annotated[NoticesQuestion, Query()]) -> Response:
        """Notices: what is announced on a day, with the leads of the events or the calendar."""
        return desk.answer(request, lambda now: NoticesAsked.read(now, asked.on, asked.lang, asked.select))

    def openapi(request: Request) -> Response:
        """Answer with this API's own description."""
        return desk.describe(request, api)

    def files(request: Request) -> Response:
        """Answer with the format of calendar files, for editors."""
        return desk.describe_files(request)

    _route(api, addresses.API_EVENTS, events, Events)
    _route(api, addresses.API_OCCURRENCES, occurrences, Occurrences)
    _route(api, addresses.API_NOTICES, notices, Notices)
    api.add_route(addresses.OPENAPI, openapi, methods=["GET"], include_in_schema=False)
    api.add_route(addresses.EVENTS_SCHEMA, files, methods=["GET"], include_in_schema=False)
    return api


def _route(api: FastAPI, path: str, question: Callable[..., Response], shape: type) -> None:
    """Register a question; HEAD, which everything that takes GET takes, is not described apart."""
    for method, described in (("GET", True), ("HEAD", False)):
        api.add_api_route(
            path,
            question,
            methods=[method],
            include_in_schema=described,
            operation_id=question.__name__,
            response_model=shape,
            responses=_RESPONSES,
        )


@dataclass(frozen=True)
class _Moment:
    """The calendar as it stands, with the answers that were given about it."""

    standing: Standing
    shelf: Shelf


class _Desk:
    """Answers questions, each once for as long as the answer holds."""

    def __init__(self, view: SiteView, shelf_bytes: int) -> None:
        self._view = view
        self._shelf_bytes = shelf_bytes
        self._lock = Lock()
        self._last: _Moment | None = None

    def answer(self, request: Request, read: Callable[[Standing], Asked]) -> Response:
        """Answer a question, or raise the NotifierError that says why not."""
        refuse_repeated(request.query_params.multi_items())
        moment = self._moment()
        asked = read(moment.standing)
        return _given(request, moment.shelf, repr(asked), lambda: _resource(asked.answer(moment.standing)))

    def describe(self, request: Request, api: FastAPI) -> Response:
        """Answer with the OpenAPI document, in which the languages of the moment stand."""
        moment = self._moment()
        return _given(request, moment.shelf, "openapi", lambda: _description(api, moment.standing))

    def describe_files(self, request: Request) -> Response:
        """Answer with the JSON Schema of calendar files, for the languages the service speaks."""
        return _given(request, self._moment().shelf, "events.schema", lambda: _format(self._view.languages))

    def _moment(self) -> _Moment:
        """Return the calendar as it stands now. One that is being replaced still serves whoever has begun with it."""
        view = self._view
        catalog = view.catalog
        now = view.now()
        today = local_date(now, catalog.calendar.zone)
        with self._lock:
            last = self._last
            if last is None or last.standing.catalog is not catalog or last.standing.today != today:
                served = view.languages
                tags: list[str] = [tag for tag in catalog.calendar.languages if tag in served]
                languages = {tag: served[tag] for tag in tags or served}
                standing = Standing(catalog, languages, view.base_url, today, view.years(now))
                last = self._last = _Moment(standing, Shelf(self._shelf_bytes, _BESIDE))
            return last


def _given(request: Request, shelf: Shelf, name: str, render: Callable[[], Resource]) -> Response:
    resource = shelf.get(name, render)
    coding = request.headers.get("accept-encoding")
    if coding is not None and len(resource.body) >= _SMALLEST_PACKED and wants_gzip(coding.encode("latin-1")):
        resource = shelf.get(f"{name} gzip", lambda: _packed(resource))
    return answer(request, resource)


def _resource(value: object) -> Resource:
    return with_etag(Resource(_WRITERS[type(value)].dump_json(value), _JSON, _LASTING))


def _packed(resource: Resource) -> Resource:
    """Return the resource compressed; its tag is that of its octets, since compressors differ."""
    headers = dict(resource.headers)
    headers |= {"ETag": f'{headers["ETag"][:-1]}-gzip"', "Content-Encoding": "gzip"}
    return replace(resource, body=gzip.compress(resource.body, 6, mtime=0), headers=tuple(headers.items()))


def _description(api: FastAPI, standing: Standing) -> Resource:
    name = standing.catalog.calendar.name.wording(tuple(standing.languages)).text
    document = get_openapi(
        title=name, version="1", description=_ABOUT, routes=api.routes, servers=[{"url": standing.base_url}]
    )
    for path in document["paths"].values():
        for parameter in path["get"]["parameters"]:
            if parameter["name"] == "lang":
                parameter["schema"]["enum"] = list(standing.languages)
    return with_etag(Resource(json.dumps(document, ensure_ascii=False).encode(), _JSON, _LASTING))


def _format(languages: Iterable[str]) -> Resource:
    return with_etag(Resource(schema_text(languages).encode(), _SCHEMA, _LASTING))


def _refusal(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": sentence}, status, {**(headers or {}), **_NOT_KEPT})


async def _refuse(_: Request, error: Exception) -> Response:
    """Say what is wrong with a question."""
    return _refusal(422, str(error))


async def _refuse_parameters(_: Request, error: Exception) -> Response:
    """Say that there is no such parameter: the only thing about a question that is not read by the use case."""
    known = error.errors()[0]["loc"][-1] if isinstance(error, RequestValidationError) else ""
    return _refusal(422, f'there is no parameter "{str(known)[:60]}" here; see {addresses.OPENAPI}')


async def _turn_away(_: Request, error: Exception) -> Response:
    """Say that there is no such address, or that it is only read."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        return _refusal(405, "the API is read with GET or HEAD", {"Allow": METHODS})
    return _refusal(status, f"there is nothing at this address; see {addresses.OPENAPI}")


async def _apologise(_: Request, __: Exception) -> Response:
    """Answer for a fault of the service; it is raised again afterwards, and the server logs it."""
    return _refusal(500, "something went wrong here; please try again later")
