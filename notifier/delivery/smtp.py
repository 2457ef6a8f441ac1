"""Mail to a server, command by command, so that "before the dot" and "after the dot" are told apart."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Generator
from types import TracebackType
from typing import Self

from notifier.delivery.connection import NotNowError, Reply, Timeouts, open_connection
from notifier.delivery.errands import Errand, Wait, run_alone
from notifier.delivery.lines import Line, LostError, Opening
from notifier.delivery.outcomes import About, Outcome, SenderStoppedError, Stop
from notifier.delivery.target import MailTarget
from notifier.domain.deliveries import DeliveryState

# Without space, < and >: what can stand between the brackets of MAIL, and of RCPT, whose local part may be UTF-8.
_PATH = re.compile(r"[!-;=?-~]+", re.ASCII)
_UTF8_PATH = re.compile(r"[!-;=?-~\x80-\U0010ffff]+")

_DOT_FIRST = re.compile(rb"\n\.")


class SmtpSender:
    """One connection to a mail server, opened with the first message and kept.

    A 4xx defers, and a loss before the final dot leaves the message due; a 5xx to RCPT or the dot refuses, or defers
    where it speaks of us, as to DATA it does; a loss after the dot is unknown. A 5xx while connecting, to AUTH or to
    MAIL raises SenderStoppedError, unless what MAIL says of the message is refused: its size, or letters outside ASCII.
    """

    def __init__(
        self, target: MailTarget, helo: str, timeouts: Timeouts, context: ssl.SSLContext | None = None
    ) -> None:
        self._target = target
        self._helo = helo
        self._timeouts = timeouts
        self._context = context
        self._line: Line | None = None

    def deliver(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Errand:  # noqa: ARG002  # in the message
        """Hand one message on; `message` has CRLF line ends.

        Both addresses are without brackets and spaces, `envelope_from` is ASCII, and so is the domain of `to`; others
        raise ValueError. A local part that is not ASCII is given to no server without SMTPUTF8 (RFC 6531).

        A server that closed a connection while it was idle is called once more.
        """
        if (
            not _UTF8_PATH.fullmatch(to)
            or not to.isprintable()
            or (envelope_from and not _PATH.fullmatch(envelope_from))
        ):
            raise ValueError("envelope")
        kept = self._line is not None
        try:
            try:
                return (yield from self._deliver(envelope_from, to, message, kept=kept))
            except LostError:
                self._drop()
                if not kept:
                    raise
            return (yield from self._deliver(envelope_from, to, message, kept=False))
        except LostError as error:
            self._drop()
            return Outcome.of(DeliveryState.DUE, f"connection lost before it was handed over: {error}", About.SERVER)
        except NotNowError as error:
            state = DeliveryState.DEFERRED if error.answered else DeliveryState.DUE
            return Outcome.of(state, f"not handed over: {error}", About.CONNECTION)
        except BaseException:
            # In the middle of a command nobody knows which answer comes next.
            self._drop()
            raise

    def send(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Outcome:
        """Hand one message on, and wait until that is done."""
        return run_alone(self.deliver(envelope_from, to, message_id, message))

    def check(self) -> None:
        """Connect and sign in, and raise SenderStoppedError when that cannot be done, even if it may pass."""
        try:
            self._line = self._line or Line(self._open())
        except NotNowError as error:
            raise SenderStoppedError(reason=str(error), stop=Stop.UNREACHABLE) from error

    def close(self, *, politely: bool = True) -> None:
        """Say QUIT and hang up; whatever fails then no longer matters."""
        if self._line is not None and politely:
            self._line.quit(self._timeouts.quit)
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def _open(self) -> smtplib.SMTP:
        return open_connection(self._target, self._helo, self._timeouts, self._context)

    def _deliver(self, envelope_from: str, to: str, message: bytes, *, kept: bool) -> Errand:
        if self._line is None:
            self._line = Line((yield from Opening(self._open).wait()))
        line = self._line
        if not to.isascii() and not line.offers("smtputf8"):
            reason = "the mail server takes no letters outside ASCII before the @ (no SMTPUTF8)"
            return Outcome.of(DeliveryState.DEFERRED, reason, About.ADDRESS_FORM)
        size = f" SIZE={len(message)}" if line.offers("size") else ""
        utf8 = "" if to.isascii() else " SMTPUTF8"
        commands = f"MAIL FROM:<{envelope_from}>{size}{utf8}", f"RCPT TO:<{to}>", "DATA"
        mail, *later = yield from self._ask(line, *commands)
        if mail.closing and kept:
            raise LostError(str(mail))
        if (of_message := _of_message(mail, size, utf8)) is not None:
            return (yield from self._not_taken(line, mail, of_message, later))
        if mail.permanent:
            self._drop()
            reason = f"the server refuses the sender {envelope_from}: {mail}"
            raise SenderStoppedError(reason=reason, stop=Stop.SENDER, concerning=(envelope_from, to))
        if not mail.accepted:
            return (yield from self._not_taken(line, mail, About.SERVER, later))
        rcpt, *later = later
        if not rcpt.accepted:
            return (yield from self._not_taken(line, rcpt, About.SERVER if rcpt.closing else _about(rcpt), later))
        [data] = later
        if not data.accepted:
            return (yield from self._not_taken(line, data, About.US if data.permanent else About.SERVER, later))
        if data.code != 354:
            raise LostError(str(data))
        return (yield from self._hand_over(line, message))

    def _ask(self, line: Line, *commands: str) -> Generator[Wait, bool, list[Reply]]:
        """Give the commands, all at once where the server takes that (RFC 2920), else until one is not accepted."""
        replies: list[Reply] = []
        pipelined = line.offers("pipelining")
        if pipelined:
            yield from line.write("".join(f"{command}\r\n" for command in commands).encode(), self._timeouts.command)
        for command in commands:
            if not pipelined:
                if replies and not replies[-1].accepted:
                    break
                yield from line.write(f"{command}\r\n".encode(), self._timeouts.command)
            if replies and replies[-1].closing:
                break
            seconds = self._timeouts.data if command == "DATA" else self._timeouts.command
            try:
                replies.append((yield from line.answer(seconds)))
            except LostError:
                if all(reply.accepted for reply in replies):
                    raise
                # What was refused stays refused, whatever became of the connection.
                self._drop()
                break
        return replies

    def _not_taken(self, line: Line, reply: Reply, about: About, later: list[Reply]) -> Errand:
        """Judge a refusal before the dot, and make the connection ready for the next message."""
        if reply.closing or any(r.closing or r.code == 354 for r in later):
            # A server that wants data for nobody would be given an empty message; hanging up gives it none.
            self._drop()
        elif self._line is not None:
            with contextlib.suppress(LostError):
                yield from line.write(b"RSET\r\n", self._timeouts.command)
                if (yield from line.answer(self._timeouts.command)).accepted:
                    return _judged(reply, about)
            self._drop()
        return _judged(reply, about)

    def _hand_over(self, line: Line, message: bytes) -> Errand:
        # In one piece: where writing fails, its end was not written, and without the dot nothing is delivered.
        yield from line.write(_stuffed(message) + b".\r\n", self._timeouts.block)
        try:
            reply = yield from line.answer(self._timeouts.final)
        except LostError as lost:
            self._drop()
            detail = f"connection lost after the message was handed over: {lost}"
            return Outcome.of(DeliveryState.UNKNOWN, detail, About.SERVER)
        if not 200 <= reply.code < 300 and not 400 <= reply.code < 600:
            self._drop()
            detail = f"an answer that says neither yes nor no: {reply}"
            return Outcome.of(DeliveryState.UNKNOWN, detail, About.SERVER)
        if reply.closing:
            self._drop()
        return _judged(reply, About.SERVER if reply.closing else _about(reply))

    def _drop(self) -> None:
        if self._line is not None:
            self._line.hang_up()
            self._line = None


def _of_message(mail: Reply, size: str, utf8: str) -> About | None:
    """Return what a refused MAIL says of this message alone, None where it speaks of the sender.

    That is its size (RFC 1870 §6.1), and the address outside ASCII that it goes to (RFC 6531 §3.5).
    """
    if mail.permanent and size and (mail.code == 552 or mail.text.startswith("5.3.4")):
        return About.SIZE
    if mail.permanent and utf8 and mail.text.startswith("5.6.7"):
        return About.ADDRESS_FORM
    return None


def _about(reply: Reply) -> About:
    return About.US if reply.speaks_of_us else About.MESSAGE


def _judged(reply: Reply, about: About) -> Outcome:
    if 200 <= reply.code < 300:
        return Outcome.of(DeliveryState.SENT, str(reply))
    blamed = reply.permanent and about is About.MESSAGE
    return Outcome.of(DeliveryState.REFUSED if blamed else DeliveryState.DEFERRED, str(reply), about)


def _stuffed(message: bytes) -> bytes:
    """Return the message with a second dot where a line begins with one (RFC 5321 §4.5.2), ending in CRLF."""
    if message.startswith(b"."):
        message = b"." + message
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    # Looking first is cheaper, as hardly any message has one, and this way a third of what `in` takes.
    return message.replace(b"\n.", b"\n..") if _DOT_FIRST.search(message) else message
