"""Requests a second for a feed of 240 entries: here, from nginx with its bytes, from Radicale with its calendar.

All are asked by one wrk on the same machine, in turn, one process of each; so only the ratios say anything. Where wrk
itself is at its end before the server is, the ratio of rates flatters the slower one; so the ratio of requests to a
second of the server's own processor time stands beside it.
"""

from __future__ import annotations

import base64
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.acceptance.conftest import NOTIFIER, environment, free_port
from tests.factories import ROOT
from tests.nginx import NGINX, running_nginx

ENTRIES, YEARS, ROUNDS, SECONDS = 240, 5, 3, 4
CONNECTIONS = 32
FEED = "/feeds/en/all.ics"
GOALS = {"GET": 0.25, "304": 0.4}
RADICALE_GOAL = 500
READER = {"Authorization": f"Basic {base64.b64encode(b'reader:reader').decode()}"}


class Server(NamedTuple):
    """Who is asked, and where; `pid` is its first process."""

    name: str
    url: str
    pid: int


class Rate(NamedTuple):
    """Requests to a second of time, and to a second of the server's processor time."""

    seen: float
    earned: float


def report() -> None:
    """Print requests a second and their ratios; what is missing is named, and left out."""
    if shutil.which("wrk") is None:
        print("feeds: not measured; wrk is missing (on Debian and Ubuntu: apt-get install wrk)")
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "events.yaml").write_text(calendar(), "utf-8")
        with running_daemon(place, FEED) as daemon:
            body = _read(daemon.url)
            assert body.count(b"BEGIN:VEVENT") == ENTRIES
            print(f"feeds: one of {ENTRIES} entries, {len(body):,} bytes; requests a second, medians of {ROUNDS}")
            _beside_nginx(place, daemon)
            _beside_radicale(place, daemon, body)


def calendar() -> str:
    """Return the shipped calendar with its events over and over, as many as make the entries of the feed."""
    head, _, events = (ROOT / "events.yaml").read_text("utf-8").partition("events:\n")
    shipped = cycle(f"  - id: {one}" for one in events.split("  - id: ")[1:])
    copies = (
        re.sub(r"^  - id: .*", f"  - id: day-{number}", one, count=1)
        for number, one in enumerate(islice(shipped, ENTRIES // YEARS))
    )
    return f"{head}events:\n{''.join(copies)}"


def _beside_nginx(place: Path, daemon: Server) -> None:
    if NGINX is None:
        print("  nginx: left out; it is missing (on Debian and Ubuntu: apt-get install nginx-light)")
        return
    base = daemon.url.removesuffix(FEED)
    publish = [str(NOTIFIER), "publish", "site", "--base-url", base]
    subprocess.run(publish, cwd=place, env=environment(), check=True, capture_output=True)
    with running_nginx(place / "site") as nginx:
        other = Server("nginx", nginx.url + FEED, nginx.pid)
        for what, goal in GOALS.items():
            print(f"  {what}: {beside(daemon, other, what)} (goal {goal})")


def beside(daemon: Server, other: Server, what: str) -> str:
    """Measure two servers in turn, GET or 304, and say how they compare."""
    here, there = _in_turn(daemon, other, what)
    ratios = f"ratio {here.seen / there.seen:.2f}, of processor time {here.earned / there.earned:.2f}"
    return f"here {here.seen:,.0f}, {other.name} {there.seen:,.0f}; {ratios}"


def _beside_radicale(place: Path, daemon: Server, body: bytes) -> None:
    try:
        program = _installed_radicale(place)
    except subprocess.CalledProcessError as error:
        print(f"  Radicale: left out; pip could not install it ({(error.stderr or b'').decode().strip()[-200:]})")
        return
    with _radicale(place, program, body) as radicale:
        here, there = _in_turn(daemon, radicale, "GET")
    ratios = f"ratio {here.seen / there.seen:,.0f}, of processor time {here.earned / there.earned:,.0f}"
    print(f"  GET: here {here.seen:,.0f}, Radicale {there.seen:,.1f}; {ratios} (goal {RADICALE_GOAL})")


def _in_turn(daemon: Server, other: Server, what: str) -> tuple[Rate, Rate]:
    """Return the median rates of each; they are asked in turn, so that a slow minute of the machine meets both."""
    rounds = [(_rate(daemon, what), _rate(other, what)) for _ in range(ROUNDS)]
    return _median([own for own, _ in rounds]), _median([others for _, others in rounds])


def _median(rates: Sequence[Rate]) -> Rate:
    return Rate(statistics.median(rate.seen for rate in rates), statistics.median(rate.earned for rate in rates))


def _rate(server: Server, what: str) -> Rate:
    """Return the rate at which wrk gets requests answered over kept connections."""
    headers = {"Accept-Encoding": "gzip", **(READER if server.name == "Radicale" else {})}
    if what == "304":
        request = urllib.request.Request(server.url, headers=headers)
        with urllib.request.urlopen(request) as answer:
            headers["If-None-Match"] = answer.headers["ETag"]
    named = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "60s"]
    spent = _processor_time(server.pid)
    done = subprocess.run(["wrk", *options, *named, server.url], capture_output=True, text=True, check=True)
    spent = _processor_time(server.pid) - spent
    assert "Non-2xx" not in done.stdout, done.stdout
    answered = re.search(r"(\d+) requests in", done.stdout)
    seen = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    assert answered is not None, done.stdout
    assert seen is not None, done.stdout
    return Rate(float(seen[1]), int(answered[1]) / spent)


def _processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process and its children have used."""
    process = psutil.Process(pid)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


@contextmanager
def running_daemon(place: Path, path: str) -> Iterator[Server]:
    """Run the daemon in a folder until the end of the block; `path` is what it is asked for."""
    port = free_port()
    with subprocess.Popen(
        [str(NOTIFIER), "run"],
        cwd=place,
        env=environment(NOTIFIER_PORT=str(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        server = Server("here", f"http://127.0.0.1:{port}{path}", process.pid)
        _wait(server.url, process)
        yield server
        process.terminate()


def _installed_radicale(place: Path) -> Path:
    """Install Radicale into an environment of its own that goes with the folder; return its Python."""
    venv = place / "radicale"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True, capture_output=True)
    python = venv / "bin/python"
    install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "radicale"]
    subprocess.run(install, check=True, capture_output=True)
    return python


@contextmanager
def _radicale(place: Path, python: Path, body: bytes) -> Iterator[Server]:
    """Run Radicale with one calendar, which is the feed."""
    port = free_port()
    settings = {
        "server": {"hosts": f"127.0.0.1:{port}", "max_connections": "100"},
        "auth": {"type": "none"},
        "storage": {"filesystem_folder": str(place / "collections")},
        "logging": {"level": "error"},
    }
    lines = [f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in s.items()) for name, s in settings.items()]
    (place / "radicale.conf").write_text("\n".join(lines), "utf-8")
    command = [str(python), "-m", "radicale", "--config", str(place / "radicale.conf")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/.web/", process)
        calendar_type = {"Content-Type": "text/calendar; charset=utf-8", **READER}
        put = urllib.request.Request(f"{url}/reader/days/", body, calendar_type, method="PUT")
        urllib.request.urlopen(put).close()
        request = urllib.request.Request(f"{url}/reader/days/", headers=READER)
        with urllib.request.urlopen(request) as answer:
            assert answer.read().count(b"BEGIN:VEVENT") == ENTRIES
        yield Server("Radicale", f"{url}/reader/days/", process.pid)
        process.terminate()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            _read(url)
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"what serves {url} ended")


def _read(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        whole: bytes = answer.read()
        return whole
