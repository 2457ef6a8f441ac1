"""What is public is published, whatever is added to the site."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from notifier.content.nginx import live_pattern
from notifier.content.published import Published
from notifier.domain.events import EventId
from notifier.domain.long_lists import MOST
from notifier.usecases.publish import Site
from notifier.web.app import build_app
from notifier.web.headers import SecurityHeaders
from notifier.web.kept_pages import KeptPages
from notifier.web.public import public_paths, published
from tests.factories import black_january, make_catalog, make_event
from tests.web_site import A_WEEK_BEFORE, SmallSite

# What needs the service itself: forms, tokens, questions with parameters; and what is for operators.
LIVE = re.compile(f"{live_pattern('')}|^/(healthz|readyz|metrics|admin)")


def site_of(view: SmallSite) -> Site:
    return Site(view.catalog, view.years(A_WEEK_BEFORE), {}, {})


def test_every_route_is_published_or_needs_the_service() -> None:
    # So many that every list has a second part.
    view = SmallSite(make_catalog(*(make_event(f"day-{n}") for n in range(MOST + 1))))
    paths = [path.partition("?")[0] for path in public_paths(view, site_of(view))]

    app = build_app(view)
    assert isinstance(app, KeptPages)
    assert isinstance(app._app, SecurityHeaders)
    assert isinstance(app._app._app, Starlette)
    for route in app._app._app.routes:
        assert isinstance(route, Route)
        if not LIVE.match(route.path):
            pattern = re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(route.path)))
            assert any(pattern.fullmatch(path) for path in paths), f"{route.path} is not published"


def test_no_form_of_the_service_is_published() -> None:
    view = SmallSite()

    assert not [path for path in public_paths(view, site_of(view)) if LIVE.match(path)]


def test_a_former_id_is_published_as_the_way_to_the_present_one() -> None:
    view = SmallSite(catalog=make_catalog(replace(black_january(), was=(EventId("january-1990"),))))

    paths = set(public_paths(view, site_of(view)))

    assert {"/en/events/january-1990", "/de/events/january-1990/2027", "/de/events/january-1990/2027.png"} <= paths


async def _answers(view: SmallSite) -> list[Published]:
    return [one async for one in published(build_app(view), view.base_url, public_paths(view, site_of(view)))]


def test_what_is_answered_is_what_a_reader_gets() -> None:
    view = SmallSite()
    reader = TestClient(build_app(view), follow_redirects=False)

    for one in asyncio.run(_answers(view)):
        asked = reader.get(one.path + ("-" if one.status == 404 else ""), headers={"Accept-Language": ""})
        assert (one.status, one.body) == (asked.status_code, asked.content)
        assert dict(one.headers) == dict(asked.headers)
