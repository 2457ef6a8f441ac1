"""A calendar that takes too much away: held by the daemon until a person at another terminal accepts it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.acceptance.conftest import Daemon, Place, wait_for

Start = Callable[..., Daemon]

HELD = "5 of 7 events are gone from the calendar, so it is held; if they are meant to go: notifier reload --accept"


def cut(calendar: Path) -> None:
    """Leave the first two events."""
    head, *events = calendar.read_text("utf-8").split("\n  - id: ")
    calendar.write_text("\n  - id: ".join([head, *events[:2]]).rstrip("\n") + "\n", "utf-8")


def test_it_is_held_until_it_is_accepted(place: Place, start: Start, calendar: Path) -> None:
    daemon = start()
    good = daemon.get("/feeds/en/all.ics").body
    cut(calendar)

    wait_for("the daemon to hold it", lambda: HELD in daemon.get("/readyz").body.decode())
    assert daemon.get("/readyz").status == 200
    wait_for("the line to be in the log", lambda: HELD in daemon.log())
    assert daemon.get("/feeds/en/all.ics").body == good

    asked = place.run("reload")
    assert (asked.returncode, asked.stderr) == (1, f"error: {HELD}\n")

    accepted = place.run("reload", "--accept")
    assert (accepted.returncode, accepted.stderr) == (0, "")
    assert accepted.stdout == "accepted: a calendar without 5 of the 7 events there were\n"
    took = wait_for("the daemon to take it", lambda: daemon.get("/feeds/en/all.ics").body != good)
    assert took < 3
    assert b"STATUS:CANCELLED" in daemon.get("/feeds/en/all.ics").body
    assert b"degraded" not in daemon.get("/readyz").body

    again = place.run("reload", "--accept")
    assert (again.returncode, again.stderr) == (1, "error: no calendar is held, so there is none to accept\n")


def test_a_restart_does_not_slip_it_through(place: Place, start: Start, calendar: Path) -> None:
    first = start()
    good = first.get("/feeds/en/all.ics")
    first.stop()
    cut(calendar)

    place.settings["NOTIFIER_BASE_URL"] = first.url
    second = start()

    assert second.get("/feeds/en/all.ics").headers["etag"] == good.headers["etag"]
    assert HELD in second.get("/readyz").body.decode()
    wait_for("the line to be in the log", lambda: HELD in second.log())
    assert place.run("reload", "--accept").returncode == 0
    wait_for("the daemon to take it", lambda: b"degraded" not in second.get("/readyz").body)


def test_a_reload_can_be_asked_for(place: Place, start: Start, calendar: Path) -> None:
    daemon = start()

    asked = place.run("reload")

    assert (asked.returncode, asked.stdout) == (0, "a running service reads the calendar again within 3 seconds\n")
    wait_for("the daemon to read it again", lambda: "the calendar was read again" in daemon.log(), 3)
