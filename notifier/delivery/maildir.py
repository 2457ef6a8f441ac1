"""Mail into a folder of files: for a first run, for tests, and where another programme takes it further."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from notifier.delivery.errands import Errand, at_once
from notifier.delivery.outcomes import Outcome, SenderStoppedError, Stop
from notifier.domain.deliveries import DeliveryState


class MaildirSender:
    """Writes each message as one file of a Maildir, safe on disk before it is called sent.

    The file's name comes from the Message-ID, so that a repeat after a crash replaces the file instead of making a
    second message; one that a reader has moved to `cur/` counts as sent.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = False
        self._read: frozenset[str] = frozenset()
        self._read_at = -1

    def deliver(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Errand:
        """Write the message; that is done at once."""
        return at_once(lambda: self.send(envelope_from, to, message_id, message))

    def send(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Outcome:  # noqa: ARG002  # no envelope
        """Write the message. `message` has CRLF line ends; the file has the local ones, and a Return-Path."""
        name = file_name(message_id)
        try:
            self._make()
            if name in self._names_read():
                return Outcome.of(DeliveryState.SENT, f"already read: {name}")
            self._write(name, b"Return-Path: <" + envelope_from.encode("ascii") + b">\r\n" + message)
        except OSError as error:
            reason = f"mail cannot be written to {self._folder}: {error.strerror or error}"
            raise SenderStoppedError(reason=reason, stop=Stop.FOLDER) from error
        return Outcome.of(DeliveryState.SENT, f"written: {name}")

    def check(self) -> None:
        """Raise SenderStoppedError when the folder is there and cannot be written, or cannot be made."""
        nearest = next(
            path for path in (self._folder / "new", self._folder, *self._folder.absolute().parents) if path.exists()
        )
        if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
            reason = f"mail cannot be written to {self._folder}: {nearest} cannot be written"
            raise SenderStoppedError(reason=reason, stop=Stop.FOLDER)

    def close(self, *, politely: bool = True) -> None:
        """Nothing is kept open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def _make(self) -> None:
        if not self._made:
            for part in ("tmp", "new", "cur"):
                (self._folder / part).mkdir(parents=True, exist_ok=True)
            self._made = True

    def _write(self, name: str, message: bytes) -> None:
        temporary = self._folder / "tmp" / name
        with temporary.open("wb") as file:
            file.write(message.replace(b"\r\n", b"\n"))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / "new" / name)
        _sync_folder(self._folder / "new")

    def _names_read(self) -> frozenset[str]:
        """Return the names in `cur/` without their flags; listed again only when the folder has changed."""
        folder = self._folder / "cur"
        changed = folder.stat().st_mtime_ns
        if changed != self._read_at:
            self._read = frozenset(entry.name.partition(":")[0] for entry in os.scandir(folder))
            self._read_at = changed
        return self._read


def file_name(message_id: str) -> str:
    """Return the name a message has in a Maildir, before any flags."""
    return f"{hashlib.sha256(message_id.encode()).hexdigest()[:40]}.notifier"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
