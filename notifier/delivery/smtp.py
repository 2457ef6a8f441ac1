"""Mail to a server, command by command, so that "before the dot" and "after the dot" are told apart."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from types import TracebackType
from typing import Self

from notifier.delivery.connection import NotNowError, Reply, Timeouts, cause_of, open_connection
from notifier.delivery.outcomes import Outcome, SenderStoppedError
from notifier.delivery.target import MailTarget
from notifier.domain.deliveries import DeliveryState

# Printable ASCII without space, < and >: what can stand between the brackets of MAIL and RCPT.
_PATH = re.compile(r"[!-;=?-~]+", re.ASCII)


class _LostError(Exception):
    """The connection is gone, or what came over it is no SMTP; nothing was accepted."""


class SmtpSender:
    """One connection to a mail server, opened with the first message and kept.

    A 4xx and a loss before the final dot defer; a 5xx to RCPT, DATA or the dot refuses; a loss after the dot is
    unknown. A 5xx while connecting, to AUTH or to MAIL speaks of us and raises SenderStoppedError.
    """

    def __init__(
        self, target: MailTarget, helo: str, timeouts: Timeouts, context: ssl.SSLContext | None = None
    ) -> None:
        self._target = target
        self._helo = helo
        self._timeouts = timeouts
        self._context = context
        self._smtp: smtplib.SMTP | None = None

    def send(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Outcome:  # noqa: ARG002  # in the message
        """Hand one message on; `message` has CRLF line ends.

        Both addresses are ASCII, without brackets and spaces; others raise ValueError.

        A server that closed a connection while it was idle is called once more.
        """
        if not _PATH.fullmatch(to) or (envelope_from and not _PATH.fullmatch(envelope_from)):
            raise ValueError("envelope")
        kept = self._smtp is not None
        try:
            try:
                return self._deliver(envelope_from, to, message)
            except _LostError:
                self._drop()
                if not kept:
                    raise
            return self._deliver(envelope_from, to, message)
        except (_LostError, NotNowError) as error:
            self._drop()
            return Outcome.of(DeliveryState.DEFERRED, f"not handed over: {error}")
        except BaseException:
            # In the middle of a command nobody knows which answer comes next.
            self._drop()
            raise

    def check(self) -> None:
        """Connect and sign in, and raise SenderStoppedError when that cannot be done, even if it may pass."""
        try:
            self._smtp = self._smtp or open_connection(self._target, self._helo, self._timeouts, self._context)
        except NotNowError as error:
            raise SenderStoppedError(reason=str(error)) from error

    def close(self) -> None:
        """Say QUIT and hang up; whatever fails then no longer matters."""
        if self._smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException, _LostError):
                self._wait(self._timeouts.data)
                self._smtp.quit()
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def _deliver(self, envelope_from: str, to: str, message: bytes) -> Outcome:
        if self._smtp is None:
            self._smtp = open_connection(self._target, self._helo, self._timeouts, self._context)
        smtp = self._smtp
        size = f" SIZE={len(message)}" if smtp.has_extn("size") else ""
        mail, *later = self._ask(smtp, f"MAIL FROM:<{envelope_from}>{size}", f"RCPT TO:<{to}>", "DATA")
        if mail.closing:
            raise _LostError(str(mail))
        if mail.permanent:
            self._drop()
            raise SenderStoppedError(reason=f"the server refuses the sender {envelope_from}: {mail}")
        if not mail.accepted:
            return self._not_taken(mail, later)
        for reply in later:
            if not reply.accepted:
                return self._not_taken(reply, later)
        if later[-1].code != 354:
            raise _LostError(str(later[-1]))
        return self._hand_over(smtp, message)

    def _ask(self, smtp: smtplib.SMTP, *commands: str) -> list[Reply]:
        """Give the commands, all at once where the server takes that (RFC 2920), else until one is not accepted."""
        replies: list[Reply] = []
        pipelined = smtp.has_extn("pipelining")
        if pipelined:
            self._write(smtp, "".join(f"{command}\r\n" for command in commands).encode("ascii"), self._timeouts.command)
        for command in commands:
            if not pipelined:
                if replies and not replies[-1].accepted:
                    break
                self._write(smtp, f"{command}\r\n".encode("ascii"), self._timeouts.command)
            if replies and replies[-1].closing:
                break
            replies.append(self._answer(smtp, self._timeouts.data if command == "DATA" else self._timeouts.command))
        return replies

    def _not_taken(self, reply: Reply, replies: list[Reply]) -> Outcome:
        """Judge a refusal before the dot, and make the connection ready for the next message."""
        if reply.closing or any(r.code == 354 for r in replies):
            # A server that wants data for nobody would be given an empty message; hanging up gives it none.
            self._drop()
        elif self._smtp is not None:
            with contextlib.suppress(_LostError):
                self._write(self._smtp, b"RSET\r\n", self._timeouts.command)
                if self._answer(self._smtp, self._timeouts.command).accepted:
                    return _judged(reply)
            self._drop()
        return _judged(reply)

    def _hand_over(self, smtp: smtplib.SMTP, message: bytes) -> Outcome:
        self._write(smtp, _stuffed(message), self._timeouts.block)
        # The dot goes out apart. If it cannot be written, the server has no complete message and delivers none.
        self._write(smtp, b".\r\n", self._timeouts.block)
        try:
            reply = self._answer(smtp, self._timeouts.final)
        except _LostError as lost:
            self._drop()
            return Outcome.of(DeliveryState.UNKNOWN, f"connection lost after the message was handed over: {lost}")
        if not 200 <= reply.code < 300 and not 400 <= reply.code < 600:
            self._drop()
            return Outcome.of(DeliveryState.UNKNOWN, f"an answer that says neither yes nor no: {reply}")
        if reply.closing:
            self._drop()
        return _judged(reply)

    def _write(self, smtp: smtplib.SMTP, data: bytes, timeout: float) -> None:
        self._wait(timeout)
        try:
            smtp.send(data)
        except (OSError, smtplib.SMTPException) as error:
            raise _LostError(cause_of(error)) from error

    def _answer(self, smtp: smtplib.SMTP, timeout: float) -> Reply:
        self._wait(timeout)
        try:
            code, text = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise _LostError(cause_of(error)) from error
        if not 200 <= code < 600:
            raise _LostError(str(code))
        return Reply(code, text.decode("utf-8", "replace"))

    def _wait(self, timeout: float) -> None:
        if self._smtp is not None and self._smtp.sock is not None:
            self._smtp.sock.settimeout(timeout)

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _judged(reply: Reply) -> Outcome:
    if 200 <= reply.code < 300:
        return Outcome.of(DeliveryState.SENT, str(reply))
    return Outcome.of(DeliveryState.REFUSED if reply.permanent else DeliveryState.DEFERRED, str(reply))


def _stuffed(message: bytes) -> bytes:
    """Return the message with a second dot where a line begins with one (RFC 5321 §4.5.2), ending in CRLF."""
    if message.startswith(b"."):
        message = b"." + message
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    return message.replace(b"\r\n.", b"\r\n..")
