"""Readers: what comes for them, from the folder the service delivers into, and what the service keeps of them."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from notifier.storage.engine import open_engine, reading
from notifier.storage.subscribers import Subscriber, subscriber_by_email
from tests.acceptance.conftest import Place, wait_for


@dataclass
class Mailbox:
    """What has come for one address; no file is read twice, however many others there are."""

    place: Place
    email: str
    _read: set[str] = field(default_factory=set)
    _unopened: deque[EmailMessage] = field(default_factory=deque)

    def next(self) -> EmailMessage:
        """Wait for the next message; who waits for one has it within seconds."""
        wait_for(f"a message to {self.email}", self._has_come, patience=30)
        return self._unopened.popleft()

    def _has_come(self) -> bool:
        folder = self.place.folder / "var/outbox/new"
        come = [path for path in folder.glob("*") if path.name not in self._read]
        for path in sorted(come, key=_delivered):
            self._read.add(path.name)
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["To"] == self.email:
                self._unopened.append(message)
        return bool(self._unopened)


def _delivered(path: Path) -> int:
    return path.stat().st_mtime_ns


def text_of(message: EmailMessage) -> str:
    """Return the text part."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(message: EmailMessage, what: str) -> str:
    """Return the first link of that kind in a message."""
    found = re.search(rf"http://[^/\s]+/{what}\b\S*", text_of(message))
    assert found is not None, text_of(message)
    return found[0]


def kept_of(place: Place, email: str) -> Subscriber:
    """Return what the database of the service in that place says of somebody, without starting a program for it."""
    engine = open_engine(f"sqlite:///{place.folder}/var/notifier.db")
    try:
        with reading(engine) as db:
            found = subscriber_by_email(db, email)
    finally:
        engine.dispose()
    assert found is not None, f"nobody is there with the address {email}"
    return found
