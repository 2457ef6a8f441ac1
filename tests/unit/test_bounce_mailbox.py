"""Reading a Maildir that another program delivers into."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier.delivery.mailbox_maildir import MaildirMailbox
from notifier.delivery.mailboxes import READ_MOST, MailboxError, StuckMessageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("tmp", "new", "cur"):
        (tmp_path / "bounces" / part).mkdir(parents=True)
    return tmp_path / "bounces"


def test_messages_are_read_in_the_order_they_came_whether_anybody_looked_at_them_or_not(folder: Path) -> None:
    (folder / "new" / "1800000003.c.host").write_bytes(b"third")
    (folder / "cur" / "1800000001.a.host:2,S").write_bytes(b"first")
    (folder / "new" / "1800000002.b.host").write_bytes(b"second")
    (folder / "tmp" / "1800000000.d.host").write_bytes(b"still being written")
    (folder / "new" / ".hidden").write_bytes(b"no message")

    with MaildirMailbox(folder) as mailbox:
        ids = mailbox.ids(10)

        assert [mailbox.read(id_) for id_ in ids] == [b"first", b"second", b"third"]
        assert mailbox.ids(2) == ids[:2]


def test_what_is_done_is_gone(folder: Path) -> None:
    (folder / "new" / "1.a").write_bytes(b"x")

    with MaildirMailbox(folder) as mailbox:
        mailbox.done("new/1.a")

        assert mailbox.ids(10) == []
        assert mailbox.read("new/1.a") is None
        mailbox.done("new/1.a")
        mailbox.keep_aside("new/1.a")


# listmonk#833: keep the unreadable ones
def test_what_is_set_aside_lies_in_a_folder_of_its_own_with_its_flags(folder: Path) -> None:
    (folder / "new" / "1.a").write_bytes(b"x")
    (folder / "cur" / "2.b:2,S").write_bytes(b"y")

    with MaildirMailbox(folder) as mailbox:
        for id_ in mailbox.ids(10):
            mailbox.keep_aside(id_)

        assert mailbox.ids(10) == []
    assert (folder / ".unreadable" / "new" / "1.a").read_bytes() == b"x"
    assert (folder / ".unreadable" / "cur" / "2.b:2,S").read_bytes() == b"y"
    assert (folder / ".unreadable" / "maildirfolder").exists()


def test_only_the_beginning_of_a_huge_message_is_read(folder: Path) -> None:
    with (folder / "new" / "1.a").open("wb") as file:
        file.write(b"head")
        file.truncate(1_000_000_000)

    with MaildirMailbox(folder) as mailbox:
        content = mailbox.read("new/1.a")

    assert content is not None
    assert len(content) == READ_MOST


def test_links_and_folders_are_no_messages(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not a message")
    (folder / "new" / "1.a").symlink_to(tmp_path / "secret")
    (folder / "new" / "2.b").mkdir()

    with MaildirMailbox(folder) as mailbox:
        assert mailbox.ids(10) == []
        with pytest.raises(StuckMessageError):
            mailbox.read("new/1.a")


def test_a_folder_that_is_no_maildir_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MailboxError, match="it has no folder new"), MaildirMailbox(tmp_path):
        pass


def test_a_message_that_cannot_be_moved_says_so_and_stays(folder: Path) -> None:
    (folder / "new" / "1.a").write_bytes(b"x")
    (folder / ".unreadable").write_text("a file in the place of the folder")

    with MaildirMailbox(folder) as mailbox:
        with pytest.raises(StuckMessageError, match=r"new/1\.a"):
            mailbox.keep_aside("new/1.a")

        assert mailbox.ids(10) == ["new/1.a"]
