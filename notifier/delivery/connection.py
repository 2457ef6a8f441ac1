"""Opening a connection to a mail server: greeting, protection, signing in."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import NamedTuple

from notifier.delivery.outcomes import SenderStoppedError
from notifier.delivery.target import MailTarget, Security
from notifier.domain.hosts import is_this_machine


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How many seconds each answer is waited for (RFC 5321 §4.5.3.2)."""

    connect: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    final: float = 600


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


class NotNowError(Exception):
    """The server cannot be had at this moment; later it may."""

    def __init__(self, target: MailTarget, cause: str) -> None:
        super().__init__(f"{target}: {cause}")


def open_connection(
    target: MailTarget, helo: str, timeouts: Timeouts, context: ssl.SSLContext | None = None
) -> smtplib.SMTP:
    """Connect, protect the connection and sign in.

    Raises NotNowError for what may pass, and SenderStoppedError for a 5xx, a certificate that is not trusted, and
    protection or signing in that the server does not offer.
    """
    smtp = None
    try:
        smtp = _connect(target, helo, timeouts, context)
        _prepare(smtp, target, timeouts, context)
    except BaseException as error:
        if smtp is not None:
            smtp.close()
        _raise_for(error, target)
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


def _raise_for(error: BaseException, target: MailTarget) -> None:
    """Raise what the error means for sending; one that is no fault of the connection is left alone."""
    match error:
        case ssl.SSLCertVerificationError():
            reason = f"the certificate of {target.host} is not trusted: {error.verify_message}"
            raise SenderStoppedError(reason=reason) from error
        case smtplib.SMTPNotSupportedError():
            raise SenderStoppedError(reason=f"{target}: {error}") from error
        case smtplib.SMTPResponseException() if 500 <= error.smtp_code < 600:
            raise SenderStoppedError(reason=f"{target} answers {cause_of(error)}") from error
        case OSError() | smtplib.SMTPException():
            raise NotNowError(target, cause_of(error)) from error


def _connect(target: MailTarget, helo: str, timeouts: Timeouts, context: ssl.SSLContext | None) -> smtplib.SMTP:
    if target.security is Security.TLS:
        return smtplib.SMTP_SSL(
            target.host, target.port, helo, timeout=timeouts.connect, context=context or ssl.create_default_context()
        )
    return smtplib.SMTP(target.host, target.port, helo, timeout=timeouts.connect)


def _prepare(smtp: smtplib.SMTP, target: MailTarget, timeouts: Timeouts, context: ssl.SSLContext | None) -> None:
    # The final dot follows the message in a write of its own, and must not wait for the message's acknowledgement.
    _socket_of(smtp).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _socket_of(smtp).settimeout(timeouts.command)
    _hello(smtp)
    if target.security is Security.STARTTLS:
        _require(*smtp.starttls(context=context or ssl.create_default_context()))
        _hello(smtp)
    if target.user is not None and target.password is not None:
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


def _socket_of(smtp: smtplib.SMTP) -> socket.socket:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected
    return smtp.sock
