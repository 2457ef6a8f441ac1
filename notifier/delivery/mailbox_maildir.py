"""A Maildir that another program delivers into."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from notifier.delivery.mailboxes import READ_MOST, UNREADABLE, MailboxError, StuckMessageError

_DELIVERED = ("new", "cur")
"""Where messages are: a mail reader that looked at them has moved them from the first to the second."""


class MaildirMailbox:
    """A message's id is its path below the Maildir. What is set aside goes into the Maildir++ subfolder.

    It keeps its file's name, and with it its flags; moving is one rename, so that a message is never in two places.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ids(self, most: int) -> Sequence[str]:
        """Return messages in the order of their names, which begin with the time of delivery."""
        try:
            return heapq.nsmallest(most, self._delivered(), key=lambda path: path.partition("/")[2])
        except OSError as error:
            raise MailboxError(place=self._folder, cause=error.strerror or error) from error

    def read(self, id_: str) -> bytes | None:
        """Return the beginning of a file. It is not followed where it is a link."""
        content = None
        with self._touching(id_):
            descriptor = os.open(self._folder / id_, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                content = file.read(READ_MOST)
        return content

    def done(self, id_: str) -> None:
        """Remove the file."""
        with self._touching(id_):
            (self._folder / id_).unlink()

    def keep_aside(self, id_: str) -> None:
        """Move the file into `.unreadable`."""
        aside = self._folder / f".{UNREADABLE}"
        with self._touching(id_):
            for part in ("tmp", "new", "cur"):
                (aside / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            (aside / "maildirfolder").touch(mode=0o600)
            (self._folder / id_).rename(aside / id_)

    def __enter__(self) -> Self:
        for part in _DELIVERED:
            if not (self._folder / part).is_dir():
                raise MailboxError(place=self._folder, cause=f"it is no Maildir: it has no folder {part}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        pass

    def _delivered(self) -> Iterator[str]:
        for part in _DELIVERED:
            with os.scandir(self._folder / part) as entries:
                for entry in entries:
                    if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                        yield f"{part}/{entry.name}"

    @contextmanager
    def _touching(self, id_: str) -> Iterator[None]:
        """Do something with one message; that it has gone, moved by a reader or another process, is no error."""
        try:
            yield
        except FileNotFoundError:
            return
        except OSError as error:
            raise StuckMessageError(place=self._folder, id=id_, cause=error.strerror or error) from error
