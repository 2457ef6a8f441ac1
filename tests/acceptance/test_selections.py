"""Calendars that readers build, from the form of a running service to the feed."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import icalendar

from tests.acceptance.conftest import Daemon

Start = Callable[..., Daemon]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def connect(daemon: Daemon) -> closing[http.client.HTTPConnection]:
    return closing(http.client.HTTPConnection(urlsplit(daemon.url).netloc, timeout=10))


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, form: dict[str, str] | None = None
) -> tuple[int, str, bytes]:
    """Return the status, Location and the body."""
    connection.request(method, path, urlencode(form) if form else None, FORM if form else {})
    answer = connection.getresponse()
    return answer.status, answer.headers.get("Location", ""), answer.read()


def test_a_form_becomes_a_feed_in_every_shape_and_survives_a_restart(start: Start) -> None:
    daemon = start()
    form = {"select": "all,-khojaly", "lang": "de", "alarms": "7,0", "hour": "9", "ahead": "7", "timed": "on"}
    with connect(daemon) as connection:
        status, location, _ = ask(connection, "POST", "/selections", form)

    assert status == 303
    feed = daemon.get(location)
    calendar = icalendar.Calendar.from_ical(feed.body)
    uids = [str(event["UID"]) for event in calendar.events]
    assert feed.status == 200
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    assert any(".ahead-7@" in uid for uid in uids)
    assert not any(uid.startswith("khojaly.") for uid in uids)
    assert daemon.get(location, If_None_Match=feed.headers["etag"]).status == 304
    assert b"<feed" in daemon.get(location.replace(".ics", ".atom")).body
    assert b"jsonfeed.org" in daemon.get(location.replace(".ics", ".json")).body

    daemon.stop()
    again = start().get(location)
    assert again.body.count(b"BEGIN:VEVENT") == len(uids)


def test_a_thousand_built_in_a_row_are_stopped_and_slow_nobody_down(start: Start) -> None:
    daemon = start()
    statuses: list[int] = []

    def build() -> None:
        with connect(daemon) as connection:
            for number in range(1000):
                form = {"select": "all", "alarms": f"{number % 367}", "hour": f"{number % 24}"}
                statuses.append(ask(connection, "POST", "/selections", form)[0])

    flood = threading.Thread(target=build)
    with connect(daemon) as reader:
        fetch(reader)
        alone = statistics.median(fetch(reader) for _ in range(100))
        flood.start()
        meanwhile = [fetch(reader)]
        while flood.is_alive():
            meanwhile.append(fetch(reader))
        flood.join()

    assert statuses == [303] * 20 + [429] * 980
    assert statistics.median(meanwhile) < 5 * alone + 0.01


def fetch(reader: http.client.HTTPConnection) -> float:
    """Return the seconds a feed takes."""
    began = time.perf_counter()
    status, _, _ = ask(reader, "GET", "/feeds/en/all.ics")
    assert status == 200
    return time.perf_counter() - began
