"""Calendars that readers build, from the form of a running service to the feed."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import icalendar

from tests.acceptance.conftest import Answer, Daemon, Place

Start = Callable[..., Daemon]
EVERY, AT_MOST = 0.005, 0.1
"""Seconds between two fetches of a reader, and how long 95 in a hundred of them may take."""
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


def test_a_thousand_built_in_a_row_are_stopped_and_slow_nobody_down(place: Place, start: Start, calendar: Path) -> None:
    """While twenty are truly built and fetched by many, each of hundreds of entries, others get feeds at once."""
    calendar.write_text(many_events(calendar.read_text("utf-8")), "utf-8")
    daemon = start()
    statuses: list[int] = []
    fetched: list[Future[Answer]] = []

    def build() -> None:
        with connect(daemon) as connection, ThreadPoolExecutor(4) as crowd:
            for number in range(1000):
                own = {"hour": f"{number % 24}", "ahead": f"7,{number % 300}"}
                form = {"select": "all", "alarms": "9,7,5,3,1,0", **own}
                status, location, _ = ask(connection, "POST", "/selections", form)
                statuses.append(status)
                for shape in ("ics", "atom", "json") if status == 303 else ():
                    path = location.replace("ics", shape)
                    fetched.append(crowd.submit(daemon.get, path, Accept_Encoding="gzip"))

    flood = threading.Thread(target=build)
    seconds: list[float] = []
    with connect(daemon) as reader:
        fetch(reader)
        flood.start()
        due = time.perf_counter()
        while flood.is_alive():
            fetch(reader)
            # From the moment it was due: who waits for one answer could not ask for those after it.
            while due < time.perf_counter():
                seconds.append(time.perf_counter() - due)
                due += EVERY
            time.sleep(max(0.0, due - time.perf_counter()))
        flood.join()

    assert statuses == [303] * 20 + [429] * 980
    assert [one.result().status for one in fetched] == [200] * 60
    assert len(seconds) > 100
    assert statistics.quantiles(seconds, n=20)[-1] < AT_MOST


def many_events(calendar: str) -> str:
    """Return the calendar with copies of its first event, until its feeds are nearly as long as they may be."""
    head, _, events = calendar.partition("events:\n")
    first = events.split("  - id: ")[1]
    copies = "".join(f"  - id: day-{number}\n{first.partition(chr(10))[2]}" for number in range(70))
    return f"{head}events:\n{copies}{events}"


def fetch(reader: http.client.HTTPConnection) -> None:
    status, _, _ = ask(reader, "GET", "/feeds/en/events/khojaly.ics")
    assert status == 200
