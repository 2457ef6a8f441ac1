"""The daemon as a process: what it prints, serves, keeps and survives."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.acceptance.conftest import Daemon, Place, free_port, wait_for

Start = Callable[..., Daemon]


def feed(daemon: Daemon, path: str = "/feeds/en/all.ics") -> bytes:
    """Return a feed without the daemon's own address."""
    return unfolded(daemon.get(path).body).replace(daemon.url.partition("://")[2].encode(), b"HOST")


def unfolded(calendar: bytes) -> bytes:
    return calendar.replace(b"\r\n ", b"")


def test_it_says_what_comes_and_where_everything_is(place: Place, start: Start) -> None:
    daemon = start()

    printed = daemon.printed()
    assert "Black January" in printed
    assert f"{daemon.url}/feeds/en/all.ics" in printed
    assert f"{daemon.url}/feeds/de/all.ics" in printed
    assert f"Page: {daemon.url}/en/" in printed


def test_what_it_names_is_served(place: Place, start: Start) -> None:
    daemon = start()

    for line in daemon.printed().splitlines():
        _, found, path = line.partition(daemon.url)
        if found:
            assert daemon.get(path).status == 200
    for path in (
        "/en/",
        "/de/events/black-january",
        "/readyz",
        "/feeds/az/azerbaijan.ics",
        "/feeds/ru/events/khojaly.ics",
    ):
        assert daemon.get(path).status == 200


def test_a_feed_is_the_same_bytes_after_a_restart_on_another_port_and_from_another_database(
    place: Place, start: Start, tmp_path: Path
) -> None:
    first = start()
    bytes_of_first, etag = feed(first), first.get("/feeds/en/all.ics").headers["etag"]
    first.stop()

    second = start()
    assert feed(second) == bytes_of_first

    elsewhere = Place(tmp_path / "elsewhere")
    elsewhere.folder.mkdir()
    assert feed(start(elsewhere)) == bytes_of_first
    assert second.get("/feeds/en/all.ics").headers["etag"] != etag  # its own address is in it


def test_an_unchanged_feed_is_answered_304(place: Place, start: Start) -> None:
    daemon = start()
    whole = daemon.get("/feeds/en/all.ics")

    again = daemon.get("/feeds/en/all.ics", If_None_Match=whole.headers["etag"])

    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == whole.headers["etag"]


def test_a_german_edit_changes_german_bytes_only(place: Place, start: Start, calendar: Path) -> None:
    daemon = start()
    before = {tag: daemon.get(f"/feeds/{tag}/all.ics").body for tag in ("en", "de", "az", "tr", "ru")}

    text = calendar.read_text("utf-8")
    calendar.write_text(text.replace("Euronews beschreibt die Ereignisse", "Euronews nennt die Ereignisse"), "utf-8")

    took = wait_for("the German feed to change", lambda: daemon.get("/feeds/de/all.ics").body != before["de"])
    assert took < 3
    after = {tag: daemon.get(f"/feeds/{tag}/all.ics").body for tag in before}
    assert {tag for tag in before if before[tag] != after[tag]} == {"de"}


def test_a_broken_calendar_keeps_the_last_good_one(place: Place, start: Start, calendar: Path) -> None:
    daemon = start()
    good, text = feed(daemon), calendar.read_text("utf-8")

    calendar.write_text(text.replace("value: 147", "value: many"), "utf-8")

    took = wait_for("the daemon to notice", lambda: b"degraded" in daemon.get("/readyz").body)
    assert took < 3
    assert daemon.get("/readyz").status == 200
    line = 'events.yaml:259:19: error: value is a whole number, not "many"'
    assert line in daemon.get("/readyz").body.decode().replace('\\"', '"')
    wait_for("the line to be in the log", lambda: line in daemon.log())
    assert feed(daemon) == good

    calendar.write_text(text, "utf-8")
    wait_for("the daemon to be well again", lambda: b"degraded" not in daemon.get("/readyz").body)
    assert feed(daemon) == good


def test_a_calendar_that_vanishes_keeps_the_last_good_one(place: Place, start: Start, calendar: Path) -> None:
    daemon = start()
    good = feed(daemon)

    calendar.rename(calendar.with_suffix(".away"))
    wait_for("the daemon to notice", lambda: b"degraded" in daemon.get("/readyz").body)

    assert feed(daemon) == good


def test_an_include_that_leads_nowhere_is_mended_without_a_restart(place: Place, start: Start, calendar: Path) -> None:
    daemon = start()
    text = calendar.read_text("utf-8")

    calendar.write_text(text.replace("\ncollections:", "\ninclude: [nowhere/more.yaml]\ncollections:", 1), "utf-8")
    wait_for("the daemon to notice", lambda: b"degraded" in daemon.get("/readyz").body)
    calendar.write_text(text, "utf-8")

    assert wait_for("the daemon to be well", lambda: b"degraded" not in daemon.get("/readyz").body) < 3


def test_a_folder_that_is_away_for_a_moment_is_taken_up_again(place: Place, start: Start, calendar: Path) -> None:
    (place.folder / "k").mkdir()
    moved = calendar.rename(place.folder / "k" / "events.yaml")
    place.settings["NOTIFIER_EVENTS"] = "k/events.yaml"
    daemon = start()
    before = daemon.get("/feeds/de/all.ics").body

    (place.folder / "k").rename(place.folder / "away")
    wait_for("the daemon to notice", lambda: b"degraded" in daemon.get("/readyz").body)
    (place.folder / "away").rename(place.folder / "k")
    moved.write_text(moved.read_text("utf-8").replace("Euronews beschreibt", "Euronews schildert"), "utf-8")

    assert wait_for("the new text to be served", lambda: daemon.get("/feeds/de/all.ics").body != before) < 4


def test_why_nothing_is_sent_is_said(place: Place, start: Start) -> None:
    place.run("subscribers", "add", "reader@example.org", "--at", "2027-01-10T12:00:00+04:00")
    (place.folder / "var" / "outbox").write_text("not a folder")

    done = place.run("tick", "--at", "2027-01-13T12:00:00+04:00")

    assert done.returncode == 1
    assert done.stdout.startswith("1 planned, 0 sent")
    assert "var/outbox" in done.stderr


def test_the_daemon_itself_sends_what_is_due(place: Place, start: Start, calendar: Path) -> None:
    today = datetime.now(ZoneInfo("Asia/Baku")).date()
    day = f"{today.day} {today:%B}" if (today.month, today.day) != (2, 29) else "28 February"
    calendar.write_text(calendar.read_text("utf-8").replace("rule: 20 January", f"rule: {day}"), "utf-8")
    now = datetime.now(UTC)
    # A zone in which it is about noon: the window is open at whatever hour this is run.
    zone = f"Etc/GMT{(now.hour - 12):+d}"
    added = place.run("subscribers", "add", "reader@example.org", "--zone", zone, "--hour", "0", "--leads", "0,1,2")
    assert added.returncode == 0, added.stderr

    daemon = start()
    wait_for("the notice to be in the outbox", lambda: len(place.messages()) == 1)

    assert "Black January" in place.messages()[0]["Subject"]
    wait_for("the pass to be told", lambda: "ticked" in daemon.log())
    assert "reader@example.org" not in daemon.log()


def test_it_stops_in_the_middle_of_a_slow_message(place: Place, start: Start, calendar: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never says a word
        port = silent.getsockname()[1]
        place.settings["NOTIFIER_MAIL_URL"] = f"smtp://127.0.0.1:{port}"
        today = datetime.now(ZoneInfo("Asia/Baku")).date() + timedelta(days=1)
        text = calendar.read_text("utf-8").replace("rule: 20 January", f"rule: {min(today.day, 28)} {today:%B}")
        calendar.write_text(text, "utf-8")
        zone = f"Etc/GMT{(datetime.now(UTC).hour - 12):+d}"
        place.run("subscribers", "add", "reader@example.org", "--zone", zone, "--hour", "0", "--leads", "2,1,0")
        daemon = start()
        connection, _ = silent.accept()
        with connection:
            began = time.monotonic()
            assert daemon.stop() == 0
            assert time.monotonic() - began < 10


def test_it_stops_within_ten_seconds_when_told_to(place: Place, start: Start) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        daemon = start()
        began = time.monotonic()

        code = daemon.stop(number)

        assert time.monotonic() - began < 10
        assert code == 0
        assert "Traceback" not in daemon.log()


def test_a_killed_daemon_starts_again_on_what_it_kept(place: Place, start: Start) -> None:
    first = start()
    before = feed(first)
    first.stop(signal.SIGKILL)

    assert feed(start()) == before


def test_a_taken_port_is_one_sentence(place: Place, start: Start) -> None:
    daemon = start()
    port = daemon.url.rpartition(":")[2]

    done = place.run("run", NOTIFIER_PORT=port)

    assert done.returncode == 1
    cause = "Address already in use; set NOTIFIER_PORT or NOTIFIER_HOST"
    assert done.stderr.splitlines() == [f"error: nothing can be served at 127.0.0.1, port {port}: {cause}"]


def test_a_calendar_broken_at_the_start_is_told_by_line(place: Place, calendar: Path) -> None:
    calendar.write_text(calendar.read_text("utf-8").replace("rule: 20 January", "rule: 31 February"), "utf-8")

    done = place.run("run", NOTIFIER_PORT=str(free_port()))

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        'events.yaml:175:11: error: the rule "31 February" can never fall: February has 29 days'
    ]


def test_a_wrong_setting_is_one_sentence(place: Place) -> None:
    done = place.run("run", NOTIFIER_PORT="eighty")

    assert done.returncode == 2
    assert done.stderr.splitlines() == ['error: NOTIFIER_PORT: use a whole number from 1 to 65535 (it is "eighty")']


def test_an_address_others_can_open_needs_a_secret_and_a_sender(place: Place) -> None:
    done = place.run("run", NOTIFIER_BASE_URL="https://days.example.org")

    assert done.returncode == 2
    assert done.stderr.startswith("error: NOTIFIER_SECRET: set it")
