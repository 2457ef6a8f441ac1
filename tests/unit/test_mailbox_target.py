"""Where what comes back is read: BOUNCE_MAILBOX."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier.delivery.mailbox_target import MailboxTarget, MailboxTargetError


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("maildir:var/bounces", MailboxTarget(path=Path("var/bounces"))),
        ("maildir:///srv/bounces", MailboxTarget(path=Path("/srv/bounces"))),
        (
            "imaps://bounces:p%40s@mail.example.org",
            MailboxTarget(None, "mail.example.org", 993, True, "INBOX", "bounces", "p@s"),
        ),
        (
            "imaps://b%40example.org:p@mail.example.org:1993/Lists/Bounces%20in",
            MailboxTarget(None, "mail.example.org", 1993, True, "Lists/Bounces in", "b@example.org", "p"),
        ),
        ("imap://u:p@127.0.0.1", MailboxTarget(None, "127.0.0.1", 143, False, "INBOX", "u", "p")),
        ("imap://u:p@[::1]:1143/", MailboxTarget(None, "::1", 1143, False, "INBOX", "u", "p")),
    ],
)
def test_a_mailbox_is_read(url: str, target: MailboxTarget) -> None:
    assert MailboxTarget.parse(url) == target


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "begins with neither"),
        ("maildir:", "begins with neither"),
        ("pop3://u:hunter2@mail.example.org", "begins with neither"),
        ("imaps://", "names no host"),
        ("imaps://u:hunter2@mail.example.org:port", "host or port"),
        ("imaps://u:hunter2@mail.example.org:99999", "host or port"),
        ("imaps://mail.example.org", "needs a user and a password"),
        ("imaps://u@mail.example.org", "needs a user and a password"),
        ("imap://u:hunter2@mail.example.org", "for this machine alone"),
        ("imap://u:hunter2@localhost.example.org", "for this machine alone"),
        ("imaps://u:hunter2#@mail.example.org", "host"),
        ("imaps://u:hunter2@mail.example.org?tls=none", "%3F"),
        ("imaps://u:hunter2%0d%0aX@mail.example.org", "printable ASCII"),
        ("imaps://u:hunter2%C3%A4@mail.example.org", "printable ASCII"),
        ("imaps://u:hunter2@mail.example.org/a%0d%0ab", "one line"),
    ],
)
def test_a_wrong_one_says_why_and_never_its_password(url: str, problem: str) -> None:
    with pytest.raises(MailboxTargetError, match=problem) as raised:
        MailboxTarget.parse(url)

    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_the_password_is_left_out_of_what_is_shown() -> None:
    target = MailboxTarget.parse("imaps://bounces:hunter2@mail.example.org/Back")

    assert str(target) == "imaps://bounces@mail.example.org:993/Back"
    assert "hunter2" not in repr(target)
