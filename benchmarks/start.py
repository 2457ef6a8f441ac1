"""How long the daemon takes until its first feed is served, against importing frameworks; and what it holds then."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from tests.acceptance.conftest import NOTIFIER, environment, free_port
from tests.factories import ROOT

EVENTS, LANGUAGES, RUNS = 40, 5, 5
IMPORTS = [sys.executable, "-c", "import fastapi, sqlalchemy"]
SETTLED = 5.0
"""Seconds after the first feed at which memory is read: the first tick has been made by then."""


def report() -> None:
    """Print times and memory, each the median of five runs, the baseline taken in turn with them."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "events.yaml").write_text(calendar(), "utf-8")
        imports: list[float] = []
        cold: list[float] = []
        warm: list[float] = []
        cold_memory: list[float] = []
        warm_memory: list[float] = []
        for _ in range(RUNS):
            for file in (place / "var").glob("notifier.db*"):
                file.unlink()
            for times, memory in ((cold, cold_memory), (warm, warm_memory)):
                imports.append(seconds_of(IMPORTS))
                took, held = start_once(place)
                times.append(took)
                memory.append(held)
    base = statistics.median(imports)
    print(f"start, {EVENTS} events x {LANGUAGES} languages; importing fastapi and sqlalchemy: {base:.2f} s")
    for name, times in (("fresh database", cold), ("second start", warm)):
        took = statistics.median(times)
        print(f"  to the first feed, {name}: {took:.2f} s, ratio {took / base:.2f} (goal 2.5)")
    for name, memory in (("fresh database", cold_memory), ("second start", warm_memory)):
        print(f"  idle memory, {name}: {statistics.median(memory):.0f} MB resident (goal 90)")


def calendar() -> str:
    """Return the shipped calendar with its events in turn until there are forty: long ones and short ones."""
    head, _, events = (ROOT / "events.yaml").read_text("utf-8").partition("events:\n")
    shipped = events.split("  - id: ")[1:]
    in_turn = (shipped[number % len(shipped)].partition("\n")[2] for number in range(EVENTS))
    copies = (f"  - id: day-{number}\n{body.rstrip()}\n" for number, body in enumerate(in_turn))
    return f"{head}events:\n{''.join(copies)}"


def seconds_of(command: list[str]) -> float:
    """Return how long a command takes as a whole process."""
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def start_once(place: Path) -> tuple[float, float]:
    """Start the daemon; return the seconds until a feed was served whole, and the resident megabytes when idle."""
    port = free_port()
    began = time.perf_counter()
    with subprocess.Popen(
        [str(NOTIFIER), "run"],
        cwd=place,
        env=environment(NOTIFIER_PORT=str(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as daemon:
        body = first_feed(f"http://127.0.0.1:{port}/feeds/de/all.ics", daemon)
        took = time.perf_counter() - began
        assert body.count(b"BEGIN:VEVENT") == EVENTS * 5
        time.sleep(SETTLED)
        held = psutil.Process(daemon.pid).memory_info().rss / 1e6
        daemon.terminate()
    return took, held


def first_feed(url: str, daemon: subprocess.Popen[bytes]) -> bytes:
    """Ask until the feed is there."""
    while daemon.poll() is None:
        try:
            with urllib.request.urlopen(url) as answer:
                whole: bytes = answer.read()
                return whole
        except OSError:
            os.sched_yield()
            time.sleep(0.005)
    sys.exit("the daemon ended before it served")
