"""Opening a connection to a mail server: greeting, protection, signing in."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import NamedTuple

from notifier.delivery.outcomes import SenderStoppedError, Stop
from notifier.delivery.target import MailTarget, Security
from notifier.domain.hosts import is_this_machine


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How many seconds each answer is waited for (RFC 5321 §4.5.3.2).

    That a connection comes about takes no server minutes, nor does a parting word.
    """

    connect: float = 30
    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    final: float = 600
    quit: float = 5


class Reply(NamedTuple):
    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def accepted(self) -> bool:
        return 200 <= self.code < 400

    @property
    def permanent(self) -> bool:
        return 500 <= self.code < 600

    @property
    def closing(self) -> bool:
        """Whether the server says it hangs up (RFC 5321 §3.8)."""
        return self.code == 421

    @property
    def speaks_of_us(self) -> bool:
        """Whether a refusal is of what we send or whence, rather than of the address it goes to (RFC 3463 §3).

        That is security and policy (5.7), the sender's address (5.1.7, 5.1.8), size (5.3.4) and content (5.6).
        """
        return self.permanent and _OF_US.match(self.text) is not None


_OF_US = re.compile(r"5\.(?:7\.\d+|1\.[78]|3\.4|6\.\d+)\b")


class NotNowError(Exception):
    """The server cannot be had at this moment; later it may. `answered` is whether it said so itself."""

    def __init__(self, target: MailTarget, cause: str, *, answered: bool) -> None:
        super().__init__(f"{target}: {cause}")
        self.answered = answered


def open_connection(
    target: MailTarget, helo: str, timeouts: Timeouts, context: ssl.SSLContext | None = None
) -> smtplib.SMTP:
    """Connect, protect the connection and sign in.

    Raises NotNowError for what may pass, and SenderStoppedError for a 5xx, a certificate that is not trusted, and
    protection or signing in that the server does not offer.
    """
    smtp = _Connection(target, helo, timeouts, context)
    step = Stop.PROTECTION if target.security is Security.TLS else Stop.GREETING
    try:
        smtp.open()
        step = Stop.GREETING
        _hello(smtp)
        if target.security is Security.STARTTLS:
            step = Stop.PROTECTION
            _require(*smtp.starttls(context=smtp.context))
            _hello(smtp)
        step = Stop.SIGNING_IN
        _sign_in(smtp, target)
    except BaseException as error:
        smtp.close()
        _raise_for(error, target, step)
        raise
    return smtp


def cause_of(error: Exception) -> str:
    """Return what went wrong, in the words of whoever said it."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__


def _raise_for(error: BaseException, target: MailTarget, step: Stop) -> None:
    """Raise what the error means for sending; one that is no fault of the connection is left alone."""
    match error:
        case ssl.SSLCertVerificationError():
            reason = f"the certificate of {target.host} is not trusted: {error.verify_message}"
            raise SenderStoppedError(reason=reason, stop=Stop.PROTECTION) from error
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError() | ssl.SSLSyscallError():
            raise NotNowError(target, cause_of(error), answered=False) from error
        case ssl.SSLError():
            reason = f"no protected connection to {target} can be made: {error.reason or error}"
            raise SenderStoppedError(reason=reason, stop=Stop.PROTECTION) from error
        case smtplib.SMTPNotSupportedError():
            raise SenderStoppedError(reason=f"{target}: {error}", stop=step) from error
        case smtplib.SMTPResponseException() if 500 <= error.smtp_code < 600:
            reason = f"{target} {_REFUSES.get(step, 'answers')} {cause_of(error)}"
            raise SenderStoppedError(reason=reason, stop=step) from error
        case smtplib.SMTPException() if type(error) is smtplib.SMTPException and step is Stop.SIGNING_IN:
            # smtplib has no other word for this.
            raise SenderStoppedError(reason=f"{target} offers no known way of signing in", stop=step) from error
        case OSError() | smtplib.SMTPException():
            answered = isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 400
            raise NotNowError(target, cause_of(error), answered=answered) from error


_REFUSES = {
    Stop.PROTECTION: "refuses STARTTLS:",
    Stop.SIGNING_IN: "refuses the user or the password:",
}


class _Connection(smtplib.SMTP):
    """A connection that is opened when told to, each wait with its own timeout."""

    def __init__(self, target: MailTarget, helo: str, timeouts: Timeouts, context: ssl.SSLContext | None) -> None:
        super().__init__(local_hostname=helo, timeout=timeouts.connect)
        self._target = target
        self._timeouts = timeouts
        self._given = context

    @property
    def context(self) -> ssl.SSLContext:
        """Whom to trust; made when it is first needed."""
        return self._given or ssl.create_default_context()

    def open(self) -> None:
        """Connect, protect the connection where that comes first, and hear the greeting."""
        self._host = self._target.host  # smtplib's, the name that a certificate has to have
        _require(*self.connect(self._target.host, self._target.port))
        if self.sock is not None:
            self.sock.settimeout(self._timeouts.command)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        # What is written follows at once, and does not wait until what went before is acknowledged.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.settimeout(self._timeouts.greeting)
        if self._target.security is not Security.TLS:
            return plain
        try:
            return self.context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise


def _sign_in(smtp: smtplib.SMTP, target: MailTarget) -> None:
    if target.user is None or target.password is None:
        return
    if target.security is Security.NONE and not is_this_machine(target.host):
        reason = "a password is sent over TLS or to this machine only"
        raise smtplib.SMTPNotSupportedError(reason)
    smtp.login(target.user, target.password)


def _hello(smtp: smtplib.SMTP) -> None:
    code, text = smtp.ehlo()
    if 500 <= code < 600:
        code, text = smtp.helo()
    _require(code, text)


def _require(code: int, text: bytes) -> None:
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, text)
