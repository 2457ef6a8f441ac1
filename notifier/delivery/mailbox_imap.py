"""A folder on an IMAP server (RFC 9051)."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from imap_tools import MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderCreateError, MailboxLoginError, UnexpectedCommandStatusError

from notifier.delivery.mailbox_target import MailboxTarget
from notifier.delivery.mailboxes import READ_MOST, UNREADABLE, MailboxError, StuckMessageError
from notifier.domain.errors import NotifierError

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

TIMEOUT = 30
"""Seconds to wait for an answer. Nobody else waits meanwhile: bounces are read apart from everything else."""


class ImapMailbox:
    """A message's id is its UID. What is set aside goes into a folder of its own.

    That is `unreadable` beside INBOX, or in it where the server wants that; and in any other folder.
    """

    def __init__(self, target: MailboxTarget, context: ssl.SSLContext | None = None) -> None:
        self._target = target
        self._context = context
        self._box: BaseMailBox | None = None
        self._aside = ""

    def ids(self, most: int) -> Sequence[str]:
        """Return the UIDs of messages that nobody has marked as deleted, in the order they came."""
        with self._asking():
            return sorted(self._open.uids("UNDELETED", charset=None), key=int)[:most]

    def read(self, id_: str) -> bytes | None:
        """Fetch the beginning of a message, which stays unread to other readers."""
        with self._asking(id_):
            data = self._answered(self._client.uid("FETCH", id_, f"(BODY.PEEK[]<0.{READ_MOST}>)"))
        if not any(data):
            return None
        return next((part[1] for part in data if isinstance(part, tuple)), b"")

    def done(self, id_: str) -> None:
        """Delete a message, and no other that somebody has marked, where the server can (RFC 4315)."""
        with self._asking(id_):
            self._answered(self._client.uid("STORE", id_, "+FLAGS.SILENT", r"(\Deleted)"))
            if "UIDPLUS" in self._client.capabilities:
                self._answered(self._client.uid("EXPUNGE", id_))
            else:
                self._open.expunge()

    def keep_aside(self, id_: str) -> None:
        """Move a message; a server without MOVE (RFC 6851) copies it and deletes it after."""
        with self._asking(id_):
            self._aside = self._aside or self._make_aside()
            self._open.move(id_, self._aside)

    def __enter__(self) -> Self:
        target = self._target
        try:
            with self._asking():
                self._box = self._connect()
                self._box.login(target.user, target.password, initial_folder=None)
                self._box.folder.set(target.folder)
                # What the server can do is more once it knows who asks.
                offered = self._answered(self._client.capability())
                self._client.capabilities = tuple(str(offered[-1], "ascii", "replace").upper().split())
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._leave()

    @property
    def _open(self) -> BaseMailBox:
        if self._box is None:
            raise RuntimeError
        return self._box

    @property
    def _client(self) -> imaplib.IMAP4:
        return self._open.client

    def _connect(self) -> BaseMailBox:
        target = self._target
        if target.tls:
            # Without a context, Python's imaplib would trust any certificate.
            context = self._context or ssl.create_default_context()
            return MailBox(target.host, target.port, timeout=TIMEOUT, ssl_context=context)
        return MailBoxUnencrypted(target.host, target.port, timeout=TIMEOUT)

    def _leave(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            # Whatever fails now no longer matters; without LOGOUT the socket would stay open.
            with suppress(Exception):
                box.logout()
            with suppress(Exception):
                box.client.shutdown()

    def _make_aside(self) -> str:
        folders = self._open.folder
        here = next((found.delim for found in folders.list("", self._target.folder)), "/")
        inside = f"{self._target.folder}{here}{UNREADABLE}"
        wanted = [UNREADABLE, inside] if self._target.folder.upper() == "INBOX" else [inside]
        for name in wanted:
            if folders.exists(name):
                return name
        for name in wanted[:-1]:
            with suppress(MailboxFolderCreateError):
                folders.create(name)
                return name
        folders.create(wanted[-1])
        return wanted[-1]

    @staticmethod
    def _answered(result: tuple[str, list[Any]]) -> list[Any]:
        """Return what the server sent: for a literal a pair of what stands before it and the literal."""
        status, data = result
        if status != "OK":
            raise UnexpectedCommandStatusError(result, "OK")
        return data

    @contextmanager
    def _asking(self, id_: str | None = None) -> Iterator[None]:
        """Turn what goes wrong into an error that says so: of one message where the server refuses, else of all."""
        try:
            yield
        except (NotifierError, RuntimeError):
            raise
        except MailboxLoginError as error:
            raise MailboxError(place=self._target, cause=f"the server does not let us in: {_said(error)}") from error
        except (ImapToolsError, imaplib.IMAP4.error) as error:
            if id_ is None or isinstance(error, imaplib.IMAP4.abort):
                raise MailboxError(place=self._target, cause=_said(error)) from error
            raise StuckMessageError(place=self._target, id=id_, cause=_said(error)) from error
        # Beside losing the connection: imaplib and imap-tools stumble in many ways over what is no IMAP.
        except Exception as error:
            cause = "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
            raise MailboxError(place=self._target, cause=cause) from error


def _said(error: Exception) -> str:
    """Return what the server said."""
    if not isinstance(error, UnexpectedCommandStatusError):
        return str(error) or type(error).__name__
    _, data = error.command_result
    said = (part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in data or ())
    return " ".join(said)[:300]
