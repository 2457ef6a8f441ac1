"""Mail to a server: against a real one, and against one that follows a script of faults."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from notifier.delivery.connection import Timeouts
from notifier.delivery.outcomes import About, Outcome, SenderStoppedError, Stop
from notifier.delivery.smtp import SmtpSender
from notifier.delivery.target import MailTarget, Security
from notifier.domain.deliveries import DeliveryState

MESSAGE = b"Subject: Black January\r\n\r\n.A line that begins with a dot\r\n..\r\nThe last\r\n"
SHORT = Timeouts(connect=2, command=2, data=2, block=2, final=0.2)
DUE, SENT, DEFERRED, REFUSED, UNKNOWN = (
    DeliveryState.DUE,
    DeliveryState.SENT,
    DeliveryState.DEFERRED,
    DeliveryState.REFUSED,
    DeliveryState.UNKNOWN,
)


def send(sender: SmtpSender, to: str = "reader@example.org") -> Outcome:
    return sender.send("bounce@example.org", to, "<1.a@example.org>", MESSAGE)


# A real server


class Kept:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.sessions: set[int] = set()

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        self.envelopes.append(envelope)
        self.sessions.add(id(session))
        return "250 2.0.0 kept"


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=isinstance(data, LoginPassword) and data.password == b"right", handled=False)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def server(kept: Kept) -> Iterator[Controller]:
    controller = Controller(
        kept, hostname="127.0.0.1", port=free_port(), authenticator=authenticate, auth_require_tls=False
    )
    controller.start()
    yield controller
    controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def sender_to(port: int, user: str | None = None, password: str | None = None) -> SmtpSender:
    target = MailTarget(None, "127.0.0.1", port, Security.NONE, user, password)
    return SmtpSender(target, "notices.example.org", SHORT)


def test_a_message_arrives_as_it_was_and_over_one_connection(server: Controller, kept: Kept) -> None:
    with sender_to(server.port) as sender:
        outcomes = [send(sender, to) for to in ("one@example.org", "two@example.org")]

    assert outcomes == [Outcome(SENT, "250 2.0.0 kept")] * 2
    assert [envelope.rcpt_tos for envelope in kept.envelopes] == [["one@example.org"], ["two@example.org"]]
    assert {envelope.mail_from for envelope in kept.envelopes} == {"bounce@example.org"}
    assert {envelope.content for envelope in kept.envelopes} == {MESSAGE}
    assert len(kept.sessions) == 1


def test_a_sender_signs_in(server: Controller, kept: Kept) -> None:
    with sender_to(server.port, "user", "right") as sender:
        assert send(sender).state is SENT


def test_a_wrong_password_stops_the_sender_and_is_not_shown(server: Controller) -> None:
    with (
        sender_to(server.port, "user", "hunter2") as sender,
        pytest.raises(SenderStoppedError, match="535") as raised,
    ):
        send(sender)

    assert "hunter2" not in str(raised.value)


def test_protection_that_is_not_offered_stops_the_sender(server: Controller) -> None:
    target = MailTarget(None, "127.0.0.1", server.port, Security.STARTTLS)
    with (
        SmtpSender(target, "notices.example.org", SHORT) as sender,
        pytest.raises(SenderStoppedError, match="STARTTLS"),
    ):
        send(sender)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a key and the certificate it signed itself, for localhost."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(["openssl", *request.split(), *files], check=True, capture_output=True)
    return folder


@pytest.fixture(params=[Security.STARTTLS, Security.TLS])
def protected(certificate: Path, kept: Kept, request: pytest.FixtureRequest) -> Iterator[MailTarget]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    whole = request.param is Security.TLS
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=context if whole else None,
        tls_context=None if whole else context,
        require_starttls=not whole,
        authenticator=authenticate,
        auth_require_tls=not whole,  # to aiosmtpd only STARTTLS counts
    )
    controller.start()
    yield MailTarget(None, "localhost", controller.port, request.param, "user", "right")
    controller.stop()


def test_a_message_goes_over_a_protected_connection(protected: MailTarget, certificate: Path, kept: Kept) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate / "certificate.pem"))
    with SmtpSender(protected, "notices.example.org", SHORT, trusting) as sender:
        assert send(sender).state is SENT

    assert [envelope.content for envelope in kept.envelopes] == [MESSAGE]


def test_a_certificate_nobody_vouches_for_stops_the_sender(protected: MailTarget, kept: Kept) -> None:
    with (
        SmtpSender(protected, "notices.example.org", SHORT) as sender,
        pytest.raises(SenderStoppedError, match="not trusted"),
    ):
        send(sender)

    assert kept.envelopes == []


def test_looking_whether_a_server_takes_mail_sends_none(server: Controller, kept: Kept) -> None:
    with sender_to(server.port, "user", "right") as sender:
        sender.check()

    assert kept.envelopes == []


def test_a_server_that_takes_no_mail_is_found(server: Controller) -> None:
    for sender in (sender_to(server.port, "user", "wrong"), sender_to(free_port())):
        with sender, pytest.raises(SenderStoppedError):
            sender.check()


def test_a_server_that_is_not_there_leaves_the_message_due() -> None:
    with sender_to(free_port()) as sender:
        outcome = send(sender)

    assert (outcome.state, outcome.about) == (DUE, About.CONNECTION)


# A server that follows a script

DROP = "drop"
SILENT = "silent"
Script = dict[str, str]
"""The reply to each command, to `greeting` and to the `dot`; DROP hangs up instead, SILENT says nothing."""

USUAL = {
    "greeting": "220 hello",
    "EHLO": "250 hello",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "dot": "250 kept",
    "RSET": "250 ok",
    "STARTTLS": "220 go on",
    "QUIT": "221 bye",
}


class ScriptedServer:
    """Serves one connection after the other, each by its own script; remembers the commands it heard."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.heard: list[str] = []
        self.messages: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(5)
        self._listener.close()
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        for script in self._scripts:
            connection, _ = self._listener.accept()
            # A client may hang up before it has heard everything.
            with connection, connection.makefile("rb") as lines, contextlib.suppress(ConnectionError):
                self._talk({**USUAL, **script}, connection, lines)

    def _talk(self, script: Script, connection: socket.socket, lines: Any) -> None:
        if not self._say(connection, script["greeting"]):
            return
        for line in lines:
            command = line.partition(b" ")[0].strip().split(b":")[0].decode("ascii", "replace").upper()
            if command not in script:  # it is protected, or meant to be
                return
            self.heard.append(command)
            if not self._say(connection, script[command]) or command == "QUIT":
                return
            if command == "DATA" and script[command].startswith("354"):
                if script["dot"] == "drop before":
                    return
                message = list(itertools.takewhile(lambda line: line != b".\r\n", lines))
                if message[-1:] != [b"The last\r\n"]:
                    return
                self.messages.append(b"".join(message))
                if not self._say(connection, script["dot"]):
                    return

    def _say(self, connection: socket.socket, reply: str) -> bool:
        if reply == DROP:
            return False
        if reply != SILENT:
            connection.sendall(reply.encode() + b"\r\n")
        return True


PIPELINING = {"EHLO": "250-hello\r\n250 PIPELINING"}

both_ways = pytest.mark.parametrize("manners", [{}, PIPELINING], ids=["one by one", "pipelined"])


@both_ways
@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ({"greeting": "421 busy"}, DEFERRED),
        ({"greeting": DROP}, DUE),
        ({"EHLO": DROP}, DUE),
        ({"EHLO": "450 later"}, DEFERRED),
        ({"MAIL": "451 later"}, DEFERRED),
        ({"MAIL": "421 closing"}, DEFERRED),
        ({"MAIL": DROP}, DUE),
        ({"RCPT": "450 greylisted", "DATA": "503 no recipient"}, DEFERRED),
        ({"RCPT": "550 5.1.1 no such user", "DATA": "503 no recipient"}, REFUSED),
        ({"RCPT": DROP}, DUE),
        ({"DATA": "451 later"}, DEFERRED),
        ({"DATA": "554 not like this"}, DEFERRED),
        ({"DATA": "250 what"}, DUE),
        ({"DATA": DROP}, DUE),
        ({"dot": "drop before"}, DUE),
        ({"dot": "451 later"}, DEFERRED),
        ({"dot": "421 closing"}, DEFERRED),
        ({"dot": "550 5.7.1 spam"}, DEFERRED),
        ({"dot": "550 5.2.1 no such mailbox"}, REFUSED),
        ({"RCPT": "550 5.7.1 not from you", "DATA": "503 no recipient"}, DEFERRED),
        ({"RCPT": "550 no such user", "DATA": DROP}, REFUSED),
        ({"dot": DROP}, UNKNOWN),
        ({"dot": SILENT}, UNKNOWN),
        ({"dot": "what"}, UNKNOWN),
        ({"dot": "354 more"}, UNKNOWN),
    ],
    ids=str,
)
def test_a_fault_becomes_what_is_known_of_the_message(manners: Script, fault: Script, state: DeliveryState) -> None:
    with ScriptedServer({**manners, **fault}) as server, sender_to(server.port) as sender:
        # The server drops before it has read everything only when there is more than one packet to read.
        big = MESSAGE * (200_000 if fault.get("dot") == "drop before" else 1)
        outcome = sender.send("bounce@example.org", "reader@example.org", "<1.a@example.org>", big)

    assert outcome.state is state


@both_ways
@pytest.mark.parametrize(
    "fault",
    [{"greeting": "554 not you"}, {"EHLO": "550 not you", "HELO": "550 not you"}, {"MAIL": "553 not this sender"}],
    ids=str,
)
def test_a_refusal_that_speaks_of_us_stops_the_sender(manners: Script, fault: Script) -> None:
    with (
        ScriptedServer({**manners, "RCPT": "503 no", "DATA": "503 no", **fault}) as server,
        sender_to(server.port) as sender,
        pytest.raises(SenderStoppedError, match="not"),
    ):
        send(sender)


@both_ways
@pytest.mark.parametrize(
    ("reply", "to", "about"),
    [
        ("552 5.3.4 larger than 10 kB", "reader@example.org", About.SIZE),
        ("552 too large", "reader@example.org", About.SIZE),
        ("550 5.6.7 not to them", "\u043f\u0440\u0438\u043c\u0435\u0440@example.org", About.ADDRESS_FORM),
        ("553 5.6.7 not to them", "\u043f\u0440\u0438\u043c\u0435\u0440@example.org", About.ADDRESS_FORM),
    ],
)
def test_what_mail_says_of_the_message_alone_defers_it_and_the_connection_serves_the_next(
    manners: Script, reply: str, to: str, about: About
) -> None:
    can = "".join(f"250-{one}\r\n" for one in ("SIZE 10240", "SMTPUTF8", *(["PIPELINING"] if manners else [])))
    script = {"EHLO": f"250-hello\r\n{can}250 HELP", "MAIL": reply, "RCPT": "503 no", "DATA": "503 no"}
    with ScriptedServer(script) as server, sender_to(server.port) as sender:
        outcomes = [send(sender, to), send(sender, to)]

    assert [(outcome.state, outcome.about, outcome.detail) for outcome in outcomes] == [(DEFERRED, about, reply)] * 2


@pytest.mark.parametrize(
    ("reply", "to"),
    [("550 5.6.7 not from you", "reader@example.org"), ("553 5.7.1 not from you", "reader@example.org")],
)
def test_a_refused_sender_is_told_of_without_any_address(reply: str, to: str) -> None:
    sender_address = "bounces+7.abcdefghijklmnop@example.org"
    said = f"{reply} <{sender_address}> to {to}, bounces+7.abcdefghijklmnop, reader"
    with (
        ScriptedServer({"MAIL": said}) as server,
        sender_to(server.port) as sender,
        pytest.raises(SenderStoppedError) as raised,
    ):
        sender.send(sender_address, to, "<1.a@example.org>", MESSAGE)

    assert "bounces" not in str(raised.value)
    assert "reader" not in str(raised.value)
    assert f"{reply} <***@example.org>" in str(raised.value)


WITH_STARTTLS = {"EHLO": "250-hello\r\n250 STARTTLS"}


@pytest.mark.parametrize(
    ("security", "script", "sentence"),
    [
        (Security.STARTTLS, {"STARTTLS": "501 no"}, "refuses STARTTLS: 501 no"),
        (Security.TLS, {"greeting": "220 hello, and letters that are no TLS"}, "no protected connection to"),
    ],
)
def test_protection_that_is_refused_stops_the_sender(security: Security, script: Script, sentence: str) -> None:
    with ScriptedServer({**WITH_STARTTLS, **script}) as server:
        target = MailTarget(None, "127.0.0.1", server.port, security)
        with (
            SmtpSender(target, "notices.example.org", SHORT) as sender,
            pytest.raises(SenderStoppedError, match=sentence) as raised,
        ):
            send(sender)

    assert raised.value.stop is Stop.PROTECTION


def test_protection_that_cannot_be_had_for_now_defers() -> None:
    with ScriptedServer({**WITH_STARTTLS, "STARTTLS": "454 not now"}) as server:
        target = MailTarget(None, "127.0.0.1", server.port, Security.STARTTLS)
        with SmtpSender(target, "notices.example.org", SHORT) as sender:
            assert send(sender).state is DEFERRED


def test_a_server_that_hangs_up_while_it_is_idle_with_a_word_is_called_again() -> None:
    with ScriptedServer({"MAIL": "421 idle for too long"}, {}) as server, sender_to(server.port) as sender:
        assert send(sender).state is DEFERRED
        assert send(sender).state is SENT


@both_ways
def test_after_a_refused_reader_the_connection_serves_the_next(manners: Script) -> None:
    with (
        ScriptedServer({**manners, "RCPT": "550 no such user", "DATA": "503 no"}) as server,
        sender_to(server.port) as sender,
    ):
        assert [send(sender).state for _ in range(2)] == [REFUSED, REFUSED]

    assert server.heard.count("EHLO") == 1
    assert server.heard.count("RSET") == 2


def test_a_server_that_wants_data_for_nobody_gets_none() -> None:
    with ScriptedServer({**PIPELINING, "RCPT": "550 no such user"}) as server, sender_to(server.port) as sender:
        assert send(sender).state is REFUSED

    assert server.messages == []


def test_a_connection_closed_while_idle_is_opened_anew_and_nothing_is_sent_twice() -> None:
    idle = {"dot": "250 kept"}
    with ScriptedServer(idle | {"RSET": DROP}, {}) as server, sender_to(server.port) as sender:
        assert send(sender).state is SENT
        sender._line._socket.shutdown(socket.SHUT_WR)  # type: ignore[union-attr]  # the server sees an end, and hangs up
        assert send(sender).state is SENT

    assert len(server.messages) == 2


@both_ways
def test_after_a_loss_the_next_message_goes_over_a_new_connection(manners: Script) -> None:
    with ScriptedServer({**manners, "dot": DROP}, manners) as server, sender_to(server.port) as sender:
        assert [send(sender).state for _ in range(2)] == [UNKNOWN, SENT]


@pytest.mark.parametrize("address", ["a b@example.org", "a@b>\r\nDATA", "ü\u2028@example.org", "<a@example.org>", ""])
def test_an_envelope_address_cannot_bring_a_command_along(address: str) -> None:
    with sender_to(free_port()) as sender, pytest.raises(ValueError, match="envelope"):
        send(sender, address)
