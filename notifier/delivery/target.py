"""Where mail goes: `MAIL_URL` as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from notifier.domain.errors import NotifierError
from notifier.domain.hosts import is_this_machine


class MailTargetError(NotifierError):
    """A MAIL_URL that cannot be used; its sentence never holds a password."""

    sentence: ClassVar[str] = (
        "the mail address cannot be read: {problem}; "
        "write maildir:PATH, smtp://user:password@host:587 or smtps://user:password@host"
    )


class Security(StrEnum):
    """How a connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True)
class MailTarget:
    """A Maildir (`folder`) or a mail server (`host`, `port`, `security`); `password` is left out of what is printed."""

    folder: Path | None = None
    host: str = ""
    port: int = 0
    security: Security = Security.NONE
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> MailTarget:
        """Read `maildir:PATH`, `smtp://…` with `?tls=starttls|none`, or `smtps://…`. Raises MailTargetError.

        Without `tls`, smtp means STARTTLS, and none on loopback. Ports are 25 (none), 587 (STARTTLS) and 465 (TLS)
        where not given. User and password are percent-encoded.
        """
        scheme, _, rest = url.strip().partition(":")
        match scheme.lower():
            case "maildir" if path := rest.removeprefix("//"):
                return cls(folder=Path(path))
            case "smtp" | "smtps":
                return _server(url.strip())
        raise MailTargetError(problem="it begins with neither maildir:, smtp:// nor smtps://")

    def __str__(self) -> str:
        """Return the target as it may be shown: without password."""
        if self.folder is not None:
            return f"maildir:{self.folder}"
        scheme = "smtps" if self.security is Security.TLS else "smtp"
        user = "" if self.user is None else f"{self.user}@"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{user}{host}:{self.port}"

    @property
    def local(self) -> bool:
        """Whether mail stays on this machine, as far as the target tells: a Maildir or a loopback address."""
        return self.folder is not None or is_this_machine(self.host)


def _server(url: str) -> MailTarget:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        # The cause would show the address, and with it the password.
        raise MailTargetError(problem="host or port is not one") from None
    if not host:
        raise MailTargetError(problem="it names no host")
    if parts.path not in {"", "/"} or parts.fragment:
        raise MailTargetError(
            problem="only ?tls=starttls or ?tls=none may follow the port; / # ? @ in a password are %2F %23 %3F %40"
        )
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    security = _security(parts, host)
    if security is Security.NONE and not is_this_machine(host):
        raise MailTargetError(problem="tls=none is for this machine alone; use tls=starttls or smtps://")
    if (user is None) != (password is None):
        raise MailTargetError(problem="user and password go together")
    if not f"{user or ''}{password or ''}".isascii():
        # smtplib can only sign in with ASCII, and would show the password in its error.
        raise MailTargetError(problem="user and password are ASCII")
    return MailTarget(None, host, port or _PORTS[security], security, user, password)


def _security(parts: SplitResult, host: str) -> Security:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    chosen = options.pop("tls", None)
    if options:
        raise MailTargetError(problem=f"{', '.join(sorted(options))} is no option it has; tls is")
    if parts.scheme.lower() == "smtps":
        if chosen is not None:
            raise MailTargetError(problem="smtps:// is protected from the start; leave tls out")
        return Security.TLS
    match chosen:
        case None:
            return Security.NONE if is_this_machine(host) else Security.STARTTLS
        case "starttls":
            return Security.STARTTLS
        case "none":
            return Security.NONE
    raise MailTargetError(problem="tls is either starttls or none")
