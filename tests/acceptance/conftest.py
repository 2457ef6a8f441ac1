"""The service as people run it: real processes, real sockets, an empty folder each."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.factories import ROOT

NOTIFIER = Path(sys.executable).with_name("notifier")
PATIENCE = 20.0
NEXT_YEAR = datetime.now(UTC).year + 1
"""Published whenever the tests are run."""


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without any setting of the service, and with `changes`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFIER_")}
    return kept | changes


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(what: str, holds: Callable[[], bool], patience: float = PATIENCE) -> float:
    """Wait until something holds, and return the seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if holds():
            return time.monotonic() - began
        time.sleep(0.05)
    pytest.fail(f"waited {patience} s in vain: {what}")


@dataclass
class Answer:
    """What came back for a request."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Place:
    """A folder somebody runs the service in."""

    folder: Path
    program: Path = NOTIFIER
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [str(self.program), *arguments],
            cwd=self.folder,
            env=environment(**self.settings, **settings),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def messages(self) -> list[EmailMessage]:
        """Return the messages in the outbox, oldest first."""
        files = sorted((self.folder / "var/outbox/new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


class Daemon:
    """`notifier run` in a place, until it is stopped."""

    def __init__(self, place: Place, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._log = place.folder / f"daemon-{port}.log"
        self._out = place.folder / f"daemon-{port}.out"
        with self._log.open("wb") as log, self._out.open("wb") as out:
            self.process = subprocess.Popen(
                [str(place.program), "run"],
                cwd=place.folder,
                env=environment(**place.settings, NOTIFIER_PORT=str(port)),
                stdout=out,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        wait_for("the daemon to serve", self._is_up)

    def _is_up(self) -> bool:
        if self.process.poll() is not None:
            pytest.fail(f"the daemon ended:\n{self.log()}")
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, headers=named)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())

    def log(self) -> str:
        return self._log.read_text("utf-8")

    def printed(self) -> str:
        return self._out.read_text("utf-8")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell the daemon to stop, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=15)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty folder."""
    return Place(tmp_path)


@pytest.fixture
def calendar(place: Place) -> Path:
    """A calendar that can be edited."""
    return Path(shutil.copy(ROOT / "tests/golden/calendar.yaml", place.folder / "events.yaml"))


@pytest.fixture
def start(place: Place) -> Iterator[Callable[..., Daemon]]:
    """Start daemons; they are killed at the end, where the test has not stopped them."""
    started: list[Daemon] = []

    def start_one(where: Place = place, **_: Any) -> Daemon:
        daemon = Daemon(where, free_port())
        started.append(daemon)
        daemon.wait_until_ready()
        return daemon

    yield start_one
    for daemon in started:
        if daemon.process.poll() is None:
            daemon.process.kill()
            daemon.process.wait()
