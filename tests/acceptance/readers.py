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

    def next(self, what: str = "", subject: str = "") -> EmailMessage:
        """Wait for the next message with a link to `what` and this in its subject; it is there within seconds.

        Others are put aside: on some days of the year a notice comes as well.
        """
        wait_for(f"a message to {self.email}", lambda: self._has_come(what, subject), patience=30)
        return self._unopened.popleft()

    def _has_come(self, what: str, subject: str) -> bool:
        folder = self.place.folder / "var/outbox/new"
        come = [path for path in folder.glob("*") if path.name not in self._read]
        for path in sorted(come, key=_delivered):
            self._read.add(path.name)
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["To"] == self.email:
                self._unopened.append(message)
        while self._unopened and not (_links(self._unopened[0], what) and subject in self._unopened[0]["Subject"]):
            self._unopened.popleft()
        return bool(self._unopened)


def _delivered(path: Path) -> int:
    return path.stat().st_mtime_ns


def text_of(message: EmailMessage) -> str:
    """Return the text part."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(message: EmailMessage, what: str) -> str:
    """Return the first link of that kind in a message; one to `manage/` opens the settings themselves."""
    found = _links(message, what)
    assert found, text_of(message)
    return found[0]


def _links(message: EmailMessage, what: str) -> list[str]:
    return re.findall(rf"http://[^/\s]+/{what}(?:(?<=/)|\b)\S*", text_of(message))


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
