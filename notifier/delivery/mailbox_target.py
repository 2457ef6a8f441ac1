"""Where messages come back to: `BOUNCE_MAILBOX` as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from notifier.domain.errors import NotifierError
from notifier.domain.hosts import is_this_machine


class MailboxTargetError(NotifierError):
    """A BOUNCE_MAILBOX that cannot be used; its sentence never holds a password."""

    sentence: ClassVar[str] = (
        "the mailbox's address cannot be read: {problem}; "
        "write maildir:PATH or imaps://user:password@host, and a folder after it where it is not INBOX"
    )


_PORTS = {"imaps": 993, "imap": 143}


@dataclass(frozen=True, slots=True)
class MailboxTarget:
    """A Maildir (`path`), or a `folder` on an IMAP server; `password` is left out of what is printed."""

    path: Path | None = None
    host: str = ""
    port: int = 0
    tls: bool = True
    folder: str = "INBOX"
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> MailboxTarget:
        """Read `maildir:PATH`, `imaps://USER:PASSWORD@HOST[:PORT][/FOLDER]`, or `imap://…` for this machine alone.

        User, password and folder are percent-encoded. Raises MailboxTargetError.
        """
        scheme, _, rest = url.strip().partition(":")
        match scheme.lower():
            case "maildir" if path := rest.removeprefix("//"):
                return cls(path=Path(path))
            case "imap" | "imaps" as protocol:
                return _server(url.strip(), protocol)
        raise MailboxTargetError(problem="it begins with neither maildir: nor imaps://")

    def __str__(self) -> str:
        """Return the target as it may be shown: without password."""
        if self.path is not None:
            return f"maildir:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'imaps' if self.tls else 'imap'}://{self.user}@{host}:{self.port}/{self.folder}"


def _server(url: str, protocol: str) -> MailboxTarget:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        # The cause would show the address, and with it the password.
        raise MailboxTargetError(problem="host or port is not one") from None
    if not host:
        raise MailboxTargetError(problem="it names no host")
    if parts.query or parts.fragment:
        raise MailboxTargetError(problem="/ # ? @ in a password are %2F %23 %3F %40")
    if not parts.username or not parts.password:
        raise MailboxTargetError(problem="it needs a user and a password")
    if protocol == "imap" and not is_this_machine(host):
        raise MailboxTargetError(problem="imap:// is for this machine alone, as nothing protects the password")
    user, password = unquote(parts.username), unquote(parts.password)
    if not all(text.isascii() and text.isprintable() for text in (user, password)):
        # They stand in a line of the protocol, which takes no others; and errors would show them.
        raise MailboxTargetError(problem="user and password are printable ASCII")
    folder = unquote(parts.path.removeprefix("/"))
    if not folder.isprintable():
        raise MailboxTargetError(problem="the folder's name is not one line of printable characters")
    return MailboxTarget(None, host, port or _PORTS[protocol], protocol == "imaps", folder or "INBOX", user, password)
