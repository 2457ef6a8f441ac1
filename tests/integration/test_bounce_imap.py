"""Reading a folder of a real IMAP server, and servers that are none."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from notifier.delivery.mailbox_imap import ImapMailbox
from notifier.delivery.mailbox_target import MailboxTarget
from notifier.delivery.mailboxes import READ_MOST, MailboxError, StuckMessageError, mailbox_at
from tests.dovecot import DOVECOT, PASSWORD, USER, Dovecot, running_dovecot

needs_dovecot = pytest.mark.skipif(DOVECOT is None, reason="Dovecot is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running_dovecot() as running:
        yield running


@pytest.fixture
def dovecot(server: Dovecot) -> Dovecot:
    """A server whose INBOX is empty, and that has no other folders."""
    for path in server.maildir.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return server


@pytest.fixture(scope="module")
def protected() -> Iterator[Dovecot]:
    with running_dovecot(tls=True) as running:
        running.deliver("1.a", b"Subject: over TLS\n\n")
        yield running


def at(dovecot: Dovecot, folder: str = "", password: str = PASSWORD) -> ImapMailbox:
    return ImapMailbox(MailboxTarget.parse(dovecot.url(folder, password)))


def lines(content: bytes | None) -> bytes:
    assert content is not None
    return content.replace(b"\r\n", b"\n")


@needs_dovecot
def test_messages_are_read_in_the_order_they_came_and_stay_unseen(dovecot: Dovecot) -> None:
    for number in (1, 2, 3):
        dovecot.deliver(f"180000000{number}.a", b"Subject: %d\n\n" % number)

    with mailbox_at(MailboxTarget.parse(dovecot.url())) as mailbox:
        ids = mailbox.ids(2)
        assert [lines(mailbox.read(id_)) for id_ in ids] == [b"Subject: 1\n\n", b"Subject: 2\n\n"]
        assert len(mailbox.ids(10)) == 3

    assert all("S" not in path.name.partition(":2,")[2] for path in (dovecot.maildir / "cur").iterdir())


@needs_dovecot
def test_what_is_done_is_gone_and_what_somebody_else_deleted_stays_with_them(dovecot: Dovecot) -> None:
    dovecot.deliver("1.a", b"Subject: 1\n\n")
    dovecot.deliver("2.b", b"Subject: 2\n\n")
    with at(dovecot) as mailbox:
        first, second = mailbox.ids(10)
        mailbox._client.uid("STORE", second, "+FLAGS", r"(\Deleted)")

        assert mailbox.ids(10) == [first]
        mailbox.done(first)

        assert mailbox.ids(10) == []
        assert mailbox.read(first) is None
        mailbox.done(first)
    with at(dovecot) as mailbox:
        assert mailbox._open.uids("ALL") == [second]


# listmonk#833: keep the unreadable ones
@needs_dovecot
def test_what_is_set_aside_lies_in_a_folder_of_its_own(dovecot: Dovecot) -> None:
    for _ in range(2):
        dovecot.deliver("1.a", b"Subject: 1\n\n")
        with at(dovecot) as mailbox:
            [id_] = mailbox.ids(10)
            mailbox.keep_aside(id_)
            mailbox.keep_aside(id_)
            assert mailbox.ids(10) == []

    with at(dovecot, "unreadable") as aside:
        assert [lines(aside.read(id_)) for id_ in aside.ids(10)] == [b"Subject: 1\n\n"] * 2


@needs_dovecot
def test_another_folder_than_inbox_has_its_own_place_for_the_unreadable(dovecot: Dovecot) -> None:
    with at(dovecot) as mailbox:
        mailbox._open.folder.create("Zurück gekommen")
        mailbox._open.append(b"Subject: 1\r\n\r\n", "Zurück gekommen")

    with at(dovecot, "Zurück gekommen") as mailbox:
        mailbox.keep_aside(mailbox.ids(1)[0])

    with at(dovecot, "Zurück gekommen.unreadable") as aside:
        assert len(aside.ids(10)) == 1


@needs_dovecot
def test_only_the_beginning_of_a_huge_message_is_fetched(dovecot: Dovecot) -> None:
    dovecot.deliver("1.a", b"Subject: huge\n\n" + b"x" * 5_000_000)
    dovecot.deliver("2.a", b"")

    with at(dovecot) as mailbox:
        huge, empty = (mailbox.read(id_) for id_ in mailbox.ids(10))

    assert huge is not None
    assert len(huge) == READ_MOST
    assert empty == b""


@needs_dovecot
def test_a_wrong_password_a_missing_folder_and_a_refused_move_are_said_plainly(dovecot: Dovecot) -> None:
    with pytest.raises(MailboxError, match="the server does not let us in") as raised, at(dovecot, "", "hunter2"):
        pass
    assert "hunter2" not in f"{raised.value} {raised.value.__cause__}"

    with pytest.raises(MailboxError, match="Mailbox doesn't exist: Nowhere"), at(dovecot, "Nowhere"):
        pass

    dovecot.deliver("1.a", b"Subject: 1\n\n")
    with at(dovecot) as mailbox:
        [id_] = mailbox.ids(10)
        mailbox._aside = "A folder that was removed"
        with pytest.raises(StuckMessageError, match="Mailbox doesn't exist"):
            mailbox.keep_aside(id_)
        assert mailbox.ids(10) == [id_]


@needs_dovecot
def test_a_protected_mailbox_is_read(protected: Dovecot) -> None:
    trusting = ssl.create_default_context(cafile=str(protected.certificate))

    with ImapMailbox(MailboxTarget.parse(protected.url()), trusting) as mailbox:
        assert lines(mailbox.read(mailbox.ids(1)[0])) == b"Subject: over TLS\n\n"


@needs_dovecot
def test_a_certificate_nobody_vouches_for_is_not_given_the_password(protected: Dovecot) -> None:
    with pytest.raises(MailboxError, match="certificate verify failed"), at(protected):
        pass


# --- servers that are none ------------------------------------------------------------------------------------------


@contextmanager
def server_saying(*answers: bytes) -> Iterator[MailboxTarget]:
    """Run a server that greets with the first answer, says another to each line it gets, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            # Whoever is told enough hangs up first.
            with suppress(OSError), listener.accept()[0] as connection, connection.makefile("rb") as said:
                connection.settimeout(10)
                for number, answer in enumerate(answers):
                    tag = said.readline().partition(b" ")[0] if number else b""
                    connection.sendall(answer.replace(b"TAG", tag))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield MailboxTarget.parse(f"imap://{USER}:hunter2@127.0.0.1:{listener.getsockname()[1]}")
        thread.join(10)


HELLO = b"* OK [CAPABILITY IMAP4rev1] hello\r\n"
CAPABLE = b"* CAPABILITY IMAP4rev1\r\nTAG OK\r\n"


@pytest.mark.parametrize(
    "answers",
    [
        (b"",),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n",),
        (b"\xff\x00\xfe\r\n" * 3,),
        (b"* BYE not today\r\n",),
        (HELLO,),
        (HELLO, CAPABLE, b"TAG BAD hunter2?\r\n"),
        (HELLO, CAPABLE, b"TAG OK\r\n", b"* 1 EXISTS\r\nTAG OK\r\n", b"TAG OK\r\n"),
        (HELLO, CAPABLE, b"TAG OK\r\n", b"TAG NO [NONEXISTENT] no such folder\r\n"),
        (HELLO, CAPABLE, b"TAG OK\r\n", b"* 1 EXISTS\r\nTAG OK\r\n", CAPABLE, b"* SEARCH one two\r\nTAG OK\r\n"),
        (HELLO, CAPABLE, b"TAG OK\r\n", b"* 1 EXISTS\r\nTAG OK\r\n", CAPABLE, b""),
    ],
    ids=range(10),
)
def test_whatever_a_server_says_ends_in_one_sentence(answers: tuple[bytes, ...]) -> None:
    expected = pytest.raises(MailboxError, match=r"^the mailbox imap://")
    with server_saying(*answers) as target, expected, ImapMailbox(target) as mailbox:
        mailbox.ids(10)


def test_a_server_that_is_not_there_is_said_plainly() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        target = MailboxTarget.parse(f"imap://u:hunter2@127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(MailboxError, match="Connection refused") as raised, ImapMailbox(target):
            pass

    assert "hunter2" not in str(raised.value)


def test_reading_a_mailbox_is_only_imported_where_there_is_one() -> None:
    import subprocess
    import sys

    program = (
        "import sys, notifier.services as s; print([m for m in ('imap_tools', 'flufl.bounce') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.cwd())

    assert done.stdout.strip() == "[]"
