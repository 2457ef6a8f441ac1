"""A sending process that is killed in the middle of its run, again and again."""

from __future__ import annotations

import random
import signal
import socketserver
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.databases import opened, populate
from notifier.domain.leads import OwnLeads
from notifier.domain.preferences import Preference
from notifier.domain.selections import EVERYTHING
from notifier.domain.texts import LanguageTag
from tests.acceptance.conftest import NOTIFIER, environment

NINE = datetime.fromisoformat("2027-01-13T09:00+01:00")
YESTERDAY = NINE - timedelta(days=1)
CONNECTIONS = 4
_PATIENCE = 300.0


@dataclass
class Taken:
    """What a server has taken: each reader's Message-IDs, in the order in which they came."""

    by_reader: dict[str, list[str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    messages: int = 0

    def take(self, reader: str, message_id: str) -> None:
        with self.lock:
            self.by_reader.setdefault(reader, []).append(message_id)
            self.messages += 1


class _Talk(socketserver.StreamRequestHandler):
    """Takes everything, pipelined or not; a message counts as taken when its dot is there."""

    def handle(self) -> None:
        taken: Taken = self.server.taken  # type: ignore[attr-defined]  # set below
        with suppress(ConnectionError):
            self._say("220 hello")
            reader = ""
            for line in self.rfile:
                command = line[:4].upper()
                if command == b"EHLO":
                    self._say("250-hello\r\n250 PIPELINING")
                elif command == b"RCPT":
                    reader = line.decode().partition("<")[2].partition(">")[0]
                    self._say("250 ok")
                elif command == b"DATA":
                    self._say("354 go on")
                    message_id = self._message()
                    if message_id is None:
                        return
                    taken.take(reader, message_id)
                    self._say("250 kept")
                elif command == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

    def _message(self) -> str | None:
        """Return the id of a message that came whole."""
        message_id = ""
        for line in self.rfile:
            if line == b".\r\n":
                return message_id
            if line.startswith(b"Message-ID: "):
                message_id = line.decode().split()[1]
        return None

    def _say(self, reply: str) -> None:
        self.wfile.write(reply.encode() + b"\r\n")


@contextmanager
def taking_everything() -> Iterator[tuple[int, Taken]]:
    """Give a server's port, and what it has taken."""
    taken = Taken()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.taken = taken  # type: ignore[attr-defined]  # for its handlers
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1], taken
        server.shutdown()


def kill_again_and_again(folder: Path, database: str, messages: int, kills: int, seed: int = 1) -> int:
    """Send so many messages, killed so often at instants of chance; return how many came twice.

    Everybody is there in the end, and nobody got anything else than the message there was for them.
    """
    chance = random.Random(seed)  # noqa: S311  # instants, the same each time as far as the machine lets them be
    with opened(database) as engine:
        everything = [
            Preference(LanguageTag(tag), "Europe/Berlin", 9, OwnLeads((7, 0)), "none", EVERYTHING)
            for tag in ("en", "de")
        ]
        populate(engine, everything, messages, YESTERDAY.date(), YESTERDAY)
    with taking_everything() as (port, taken):
        # Not so late that it is done before it can be killed.
        for instant in sorted(chance.sample(range(1, messages * 9 // 10), kills)):
            _send_until(folder, database, port, taken, instant, chance.uniform(0, 0.02))
        done = _start(folder, database, port)
        assert done.wait(timeout=1200) == 0
    ids = taken.by_reader
    assert set(ids) == {f"reader-{number}@example.org" for number in range(messages)}
    assert all(len(set(of_one)) == 1 for of_one in ids.values()), "a repeat has the same Message-ID"
    assert len({of_one[0] for of_one in ids.values()}) == messages
    often = Counter(len(of_one) - 1 for of_one in ids.values())
    return sum(repeats * people for repeats, people in often.items())


def _send_until(  # noqa: PLR0917  # what is sent from where to whom, and until when
    folder: Path, database: str, port: int, taken: Taken, messages: int, later: float
) -> None:
    """Let a process send until the server has so many, and a moment longer; then kill it."""
    sender = _start(folder, database, port)
    try:
        patient_until = time.monotonic() + _PATIENCE
        while taken.messages < messages and sender.poll() is None and time.monotonic() < patient_until:
            time.sleep(0.002)
        time.sleep(later)
    finally:
        sender.send_signal(signal.SIGKILL)
        sender.wait()
    assert sender.returncode == -signal.SIGKILL, "it was done before it could be killed"


def _start(folder: Path, database: str, port: int) -> subprocess.Popen[bytes]:
    settings = {
        "NOTIFIER_DATABASE_URL": database,
        "NOTIFIER_MAIL_URL": f"smtp://127.0.0.1:{port}",
        "NOTIFIER_MAIL_CONNECTIONS": str(CONNECTIONS),
        "NOTIFIER_SECRET": "a secret of the tests of 32 characters",
    }
    command = [str(NOTIFIER), "tick", "--at", NINE.isoformat()]
    return subprocess.Popen(command, cwd=folder, env=environment(**settings), stdout=subprocess.DEVNULL)
