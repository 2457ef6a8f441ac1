"""A real mail server in the process, whose answers can be replaced at every command."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from notifier.delivery.connection import Timeouts
from notifier.delivery.senders import Sender
from notifier.delivery.smtp import SmtpSender
from notifier.delivery.target import MailTarget, Security

DROP = "drop"
SILENT = "silent"
"""Instead of an answer: hang up, or say nothing."""

SHORT = Timeouts(connect=2, greeting=0.3, command=0.3, data=0.3, block=2, final=0.3)


@dataclass
class MailServer:
    """What a server is to say instead of what it would, and what it has taken.

    `faults` are by command (`connect`, `EHLO`, `AUTH`, `MAIL`, `RCPT`, `DATA`, `dot`), and for readers by address: an
    answer to `RCPT` or the `dot` under `RCPT reader@example.org`. `slowly` is the seconds it takes over each message.
    """

    port: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)
    connections: int = 0
    slowly: float = 0.0

    @property
    def to(self) -> list[str]:
        return [envelope.rcpt_tos[0] for envelope in self.envelopes]

    @property
    def messages(self) -> list[EmailMessage]:
        contents = [envelope.content for envelope in self.envelopes]
        return [message_from_bytes(c, policy=policy.default) for c in contents if isinstance(c, bytes)]

    def sender(self, user: str | None = None, password: str | None = None) -> Sender:
        target = MailTarget(None, "127.0.0.1", self.port, Security.NONE, user, password)
        return SmtpSender(target, "notices.example.org", SHORT)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        await asyncio.sleep(self.slowly)
        fault = self.fault("dot", envelope.rcpt_tos[0])
        if fault is None or fault in {DROP, SILENT}:
            # What becomes of it once the server has it all is not known from outside.
            self.envelopes.append(envelope)
        return fault or "250 2.0.0 kept"

    def fault(self, command: str, reader: str = "") -> str | None:
        return self.faults.get(f"{command} {reader}", self.faults.get(command))


class _Server(SMTP):
    """aiosmtpd's server, which looks for a fault before each answer."""

    def __init__(self, kept: MailServer, **options: Any) -> None:
        self._kept = kept
        self._greeted = False
        super().__init__(kept, **options)

    async def push(self, status: Any) -> None:
        said = status.decode() if isinstance(status, bytes) else str(status)
        if not self._greeted:
            self._greeted = True
            self._kept.connections += 1
            said = self._kept.fault("connect") or said
        if said == DROP:
            _transport(self).abort()
        elif said != SILENT:
            await super().push(said)
            if said.startswith(("421", "554 5.3.2")):
                _transport(self).close()

    async def _or_fault(self, command: str, usual: Any, arg: Any) -> None:
        reader = str(arg).partition("<")[2].partition(">")[0]
        fault = self._kept.fault(command, reader)
        if fault is None:
            await usual(arg)
        else:
            await self.push(fault)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802  # aiosmtpd's names, here and below
        await self._or_fault("EHLO", super().smtp_EHLO, hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        await self._or_fault("EHLO", super().smtp_HELO, hostname)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        await self._or_fault("AUTH", super().smtp_AUTH, arg)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        await self._or_fault("MAIL", super().smtp_MAIL, arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        await self._or_fault("RCPT", super().smtp_RCPT, arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await self._or_fault("DATA", super().smtp_DATA, arg)


def _transport(server: SMTP) -> asyncio.Transport:
    transport = server.transport
    assert isinstance(transport, asyncio.Transport)
    return transport


class _Controller(Controller):
    def factory(self) -> SMTP:
        kept: MailServer = self.handler
        return _Server(kept, **self.SMTP_kwargs)


def _signs_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=isinstance(data, LoginPassword) and data.password == b"right", handled=False)


@contextmanager
def mail_server(*, smtputf8: bool = False) -> Iterator[MailServer]:
    """Give a server on this machine; `smtputf8` says whether it takes letters outside ASCII before an @."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    kept = MailServer(port)
    controller = _Controller(
        kept,
        hostname="127.0.0.1",
        port=port,
        enable_SMTPUTF8=smtputf8,
        authenticator=_signs_in,
        auth_require_tls=False,
    )
    controller.start()
    kept.connections = 0  # the controller has looked for itself whether it answers
    try:
        yield kept
    finally:
        controller.stop()
