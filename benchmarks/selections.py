"""How long a selection takes until it is served for the first time, against icalendar building the same feed."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import icalendar
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from notifier.content.language import Languages
from notifier.domain.built import build
from notifier.domain.events import Catalog, Statement
from notifier.domain.rules.gregorian import FixedDay
from notifier.storage.engine import migrate, open_engine
from notifier.usecases.built_selections import BuiltSelections
from notifier.usecases.housekeeping import Fetched
from notifier.usecases.publish import Publication, Site, publish_feeds
from notifier.web.selection_feeds import selections_first
from tests.factories import EURONEWS_PAGE, LOCALES, make_catalog, make_event, text

YEARS, MOST, ROUNDS, RUNS = 5, 900, 4, 8
NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)


@dataclass
class _View:
    """The service as its selections' feeds see it, with nothing of them in memory yet."""

    site: Site
    selections: BuiltSelections
    base_url: str = "https://days.example.org"

    def now(self) -> datetime:
        return NOW


def report() -> None:
    """Print each ratio: joined as it is, with additions that are made now, and with additions that are known."""
    additions = {"alarms": "7,0", "ahead": "7,1"}
    print(f"selections of {MOST} known occurrences, first request, identity, SQLite; against icalendar (goal 100):")
    _compare("entries as they are", MOST // YEARS, {}, known=True)
    _compare("with alarms and entries ahead, known", MOST // YEARS // 3, additions, known=True)
    _compare("with alarms and entries ahead, made now", MOST // YEARS // 3, additions, known=False)


def _compare(name: str, events: int, choices: dict[str, Any], *, known: bool) -> None:
    with _service(events) as view:
        token = view.selections.build(build(view.site.catalog, "en", "all", **choices), NOW)
        times, rebuilt, body = [], [], b""
        # In turn, and the best of each: what else the machine does meanwhile then strikes both.
        for _ in range(ROUNDS):
            for _ in range(RUNS):
                if not known:
                    view.selections.forget()
                took, body = _first_request(selections_first(view, _elsewhere), f"/s/{token}.ics")
                times.append(took)
            rebuilt.append(_rebuilt(body))
    ours, theirs = min(times), min(rebuilt)
    entries = body.count(b"BEGIN:VEVENT")
    assert entries == MOST
    print(
        f"  {name}: {ours * 1000:.1f} ms, icalendar {theirs * 1000:.0f} ms, ratio {theirs / ours:.0f}; "
        f"{len(body) // 1000} kB"
    )


@contextmanager
def _service(events: int) -> Iterator[_View]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder)}/notifier.db")
        migrate(engine)
        publication = Publication(LANGUAGES, ("en",), "https://days.example.net", years_back=1, years_ahead=3)
        site = publish_feeds(engine, _catalog(events), publication, NOW)
        yield _View(site, BuiltSelections(lambda: engine, LANGUAGES, lambda: site, publication.base_url, Fetched()))
        engine.dispose()


def _catalog(events: int) -> Catalog:
    """Return so many days with an account each, as long as 900 of them may be."""
    account = Statement(text(en="Units of the Soviet army entered Baku. " * 4), None, (EURONEWS_PAGE,))
    return make_catalog(
        *(
            make_event(f"day-{number}", rule=FixedDay(number % 12 + 1, number % 28 + 1), summary=(account,))
            for number in range(events)
        )
    )


def _first_request(application: ASGIApp, path: str) -> tuple[float, bytes]:
    """Return the seconds until the whole answer is there, and its body."""
    sent: list[Message] = []
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"accept-encoding", b"identity")],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def asked() -> float:
        await asyncio.to_thread(int)  # threads are there in a server that runs
        began = time.perf_counter()
        await application(scope, receive, send)
        return time.perf_counter() - began

    took = asyncio.run(asked())
    assert sent[0]["status"] == 200
    return took, sent[1]["body"]


async def _elsewhere(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 -- as ASGI has it
    raise AssertionError(scope["path"])


def _rebuilt(body: bytes) -> float:
    """Return the seconds that icalendar takes to build and write the same entries, from values that are there."""
    parsed = icalendar.Calendar.from_ical(body)
    values = [
        [(name, _plain(value)) for name, value in entry.property_items(recursive=False)] for entry in parsed.events
    ]
    began = time.perf_counter()
    calendar = icalendar.Calendar()
    for name, value in parsed.items():
        calendar.add(name, value)
    for properties in values:
        entry = icalendar.Event()
        for name, value in properties:
            if name not in {"BEGIN", "END"}:
                entry.add(name, value)
        calendar.add_component(entry)
    written = calendar.to_ical()
    took = time.perf_counter() - began
    assert written.count(b"BEGIN:VEVENT") == body.count(b"BEGIN:VEVENT")
    return took


def _plain(value: object) -> object:
    """Return a property as a program that fills in a calendar has it."""
    return getattr(value, "dt", None) or (str(value) if isinstance(value, str) else value)
