"""A connection to a mail server once it stands: what is written to it, and the answers that come."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Generator

from notifier.delivery.connection import Reply
from notifier.delivery.errands import Wait

_MOST_READ = 65_536
_LONGEST_LINE = 8_192
_LONGEST_REPLY = 262_144


class LostError(Exception):
    """The connection is gone, or what came over it is no SMTP."""


class Line:
    """Writes and reads without ever blocking; both are parts of an errand, and wait as those do."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        if smtp.sock is None:
            raise LostError
        self._smtp = smtp
        self._socket: socket.socket = smtp.sock
        self._socket.setblocking(False)
        self._file = self._socket.fileno()
        self._protected = isinstance(self._socket, ssl.SSLSocket)
        self._unread = bytearray()

    def fileno(self) -> int:
        """Return the socket's number, even when it is closed."""
        return self._file

    def offers(self, extension: str) -> bool:
        """Whether the server said that it has this extension, which is in small letters."""
        return extension in self._smtp.esmtp_features

    def write(self, data: bytes, seconds: float) -> Generator[Wait, bool, None]:
        """Hand everything to the system, waiting at most so long wherever it takes no more. Raises LostError.

        Where that fails, the last byte was not handed over.
        """
        left = memoryview(data)
        while left:
            try:
                left = left[self._socket.send(left) :]
            except (BlockingIOError, ssl.SSLWantWriteError):
                yield from self._wait(seconds, writing=True)
            except ssl.SSLWantReadError:
                yield from self._wait(seconds, writing=False)
            except OSError as error:
                raise LostError(str(error)) from error

    def answer(self, seconds: float) -> Generator[Wait, bool, Reply]:
        """Return the next reply (RFC 5321 §4.2), all its lines; no part is waited for longer. Raises LostError."""
        while (reply := self._reply()) is None:
            yield from self._read(seconds)
        return reply

    def quit(self, seconds: float) -> None:
        """Say QUIT, wait a moment for the answer, and hang up; whatever fails then no longer matters."""
        try:
            self._socket.settimeout(seconds)
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            pass
        finally:
            self.hang_up()

    def hang_up(self) -> None:
        """Close the connection."""
        self._smtp.close()

    def _reply(self) -> Reply | None:
        """Take the next reply out of what was read; None where it is not all there."""
        said, begin = [], 0
        while (end := self._unread.find(b"\n", begin)) >= 0:
            line = self._unread[begin:end]
            code, begin = line[:3], end + 1
            if not (code.isdigit() and b"200" <= code < b"600"):
                raise LostError(line.decode("utf-8", "replace"))
            said.append(line[4:].strip().decode("utf-8", "replace"))
            if line[3:4] != b"-":
                del self._unread[:begin]
                return Reply(int(code), "\n".join(said))
        if len(self._unread) - begin > _LONGEST_LINE or begin > _LONGEST_REPLY:
            message = "an answer without an end"
            raise LostError(message)
        return None

    def _read(self, seconds: float) -> Generator[Wait, bool, None]:
        if not self._protected:
            # What was sent for is hardly ever there yet.
            yield from self._wait(seconds, writing=False)
        try:
            read = self._socket.recv(_MOST_READ)
        except (BlockingIOError, ssl.SSLWantReadError):
            # Under protection more may have been read already than was handed on: there it is asked for first.
            if self._protected:
                yield from self._wait(seconds, writing=False)
        except ssl.SSLWantWriteError:
            yield from self._wait(seconds, writing=True)
        except OSError as error:
            raise LostError(str(error)) from error
        else:
            if not read:
                message = "the server hung up"
                raise LostError(message)
            self._unread += read

    def _wait(self, seconds: float, *, writing: bool) -> Generator[Wait, bool, None]:
        came = yield Wait(self, writing, seconds)
        if not came:
            message = "no answer in time"
            raise LostError(message)


class Opening:
    """A connection that is being opened in a thread of its own, since that cannot be done without blocking."""

    def __init__(self, open_connection: Callable[[], smtplib.SMTP]) -> None:
        self._open = open_connection
        self._read, self._write = os.pipe()
        self._lock = threading.Lock()
        self._wanted = True
        self._smtp: smtplib.SMTP | None = None
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name="opening", daemon=True).start()

    def fileno(self) -> int:
        """Return what can be read once the connection stands, or has failed."""
        return self._read

    def wait(self) -> Generator[Wait, bool, smtplib.SMTP]:
        """Return the connection once it stands, or raise what opening it raised; it keeps to its own time."""
        try:
            while self._smtp is None and self._error is None:
                yield Wait(self, writing=False, seconds=60)
        except BaseException:
            self._give_up()
            raise
        os.close(self._read)
        if self._error is not None:
            raise self._error
        assert self._smtp is not None  # noqa: S101 -- for the type checker
        return self._smtp

    def _run(self) -> None:
        smtp, error = None, None
        try:
            smtp = self._open()
        except BaseException as raised:  # noqa: BLE001 -- it is raised where it is waited for
            error = raised
        with self._lock:
            if self._wanted:
                self._smtp, self._error = smtp, error
            elif smtp is not None:
                smtp.close()
        os.close(self._write)

    def _give_up(self) -> None:
        with self._lock:
            self._wanted = False
            if self._smtp is not None:
                self._smtp.close()
        os.close(self._read)
