"""Mail into a Maildir."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from notifier.delivery.maildir import MaildirSender, file_name
from notifier.delivery.outcomes import SenderStoppedError
from notifier.domain.deliveries import DeliveryState

ID = "<1.a@remembrance.example.org>"
MESSAGE = b"Message-ID: <1.a@remembrance.example.org>\r\nSubject: Black January\r\n\r\n.A line\r\n"


def send(folder: Path, message_id: str = ID, message: bytes = MESSAGE) -> DeliveryState:
    with MaildirSender(folder) as sender:
        return sender.send("bounce@example.org", "reader@example.org", message_id, message).state


def test_a_message_can_be_read_by_any_mail_programme(tmp_path: Path) -> None:
    assert send(tmp_path / "outbox") is DeliveryState.SENT

    [message] = mailbox.Maildir(tmp_path / "outbox", create=False)
    assert message["Subject"] == "Black January"
    assert message["Return-Path"] == "<bounce@example.org>"
    assert message.get_payload() == ".A line\n"
    assert list((tmp_path / "outbox" / "tmp").iterdir()) == []


def test_a_repeat_makes_no_second_message(tmp_path: Path) -> None:
    for _ in range(2):
        assert send(tmp_path) is DeliveryState.SENT

    assert len(mailbox.Maildir(tmp_path, create=False)) == 1


def test_other_messages_are_other_files(tmp_path: Path) -> None:
    send(tmp_path)
    send(tmp_path, "<2.a@remembrance.example.org>")

    assert len(mailbox.Maildir(tmp_path, create=False)) == 2


def test_a_message_already_read_counts_as_sent(tmp_path: Path) -> None:
    with MaildirSender(tmp_path) as sender:
        sender.send("", "reader@example.org", ID, MESSAGE)
        (tmp_path / "new" / file_name(ID)).rename(tmp_path / "cur" / f"{file_name(ID)}:2,S")

        assert sender.send("", "reader@example.org", ID, MESSAGE).state is DeliveryState.SENT

    assert list((tmp_path / "new").iterdir()) == []


def test_what_a_crash_left_half_written_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / file_name(ID)).write_bytes(b"Message-ID: <1.a@rem")

    assert send(tmp_path) is DeliveryState.SENT
    assert (tmp_path / "new" / file_name(ID)).read_bytes().endswith(b"A line\n")


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    send(tmp_path / "outbox", "<../../up@remembrance.example.org>")

    assert [path.name for path in tmp_path.iterdir()] == ["outbox"]


def test_looking_whether_mail_could_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    MaildirSender(tmp_path / "var" / "outbox").check()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_could_not_be_written_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SenderStoppedError, match="cannot be written"):
        MaildirSender(tmp_path / "file" / "outbox").check()


def test_a_folder_that_cannot_be_written_stops_the_sender(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SenderStoppedError, match="cannot be written"):
        send(tmp_path / "file")
