"""Where mail goes: MAIL_URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier.delivery.target import MailTarget, MailTargetError, Security


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("maildir:var/outbox", MailTarget(folder=Path("var/outbox"))),
        ("maildir:///srv/mail", MailTarget(folder=Path("/srv/mail"))),
        ("smtp://mail.example.org", MailTarget(None, "mail.example.org", 587, Security.STARTTLS)),
        ("smtp://u:p%40s@mail.example.org:26", MailTarget(None, "mail.example.org", 26, Security.STARTTLS, "u", "p@s")),
        ("smtps://u:p@mail.example.org", MailTarget(None, "mail.example.org", 465, Security.TLS, "u", "p")),
        ("smtp://127.0.0.1:1025", MailTarget(None, "127.0.0.1", 1025, Security.NONE)),
        ("smtp://localhost", MailTarget(None, "localhost", 25, Security.NONE)),
        ("smtp://[::1]:1025?tls=none", MailTarget(None, "::1", 1025, Security.NONE)),
        ("smtp://localhost?tls=starttls", MailTarget(None, "localhost", 587, Security.STARTTLS)),
    ],
)  # fmt: skip
def test_a_target_is_read(url: str, target: MailTarget) -> None:
    assert MailTarget.parse(url) == target


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "begins with neither"),
        ("maildir:", "begins with neither"),
        ("mail.example.org", "begins with neither"),
        ("http://mail.example.org", "begins with neither"),
        ("smtp://", "names no host"),
        ("smtp://u:hunter2@mail.example.org:port", "host or port"),
        ("smtp://u:hunter2@mail.example.org:99999", "host or port"),
        ("smtp://u:hunter2@mail.example.org?tls=none", "for this machine alone"),
        ("smtp://u:hunter2@127.0.0.1.example.org?tls=none", "for this machine alone"),
        ("smtp://u:hunter2@mail.example.org?tls=maybe", "either starttls or none"),
        ("smtp://u:hunter2@mail.example.org?ssl=1", "no option"),
        ("smtps://u:hunter2@mail.example.org?tls=none", "leave tls out"),
        ("smtp://u:hunter2/x@mail.example.org", "host or port"),
        ("smtp://hunter2@mail.example.org", "go together"),
        ("smtp://u:hünter2@mail.example.org", "ASCII"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_without_the_password(url: str, problem: str) -> None:
    with pytest.raises(MailTargetError, match=problem) as raised:
        MailTarget.parse(url)

    assert "nter2" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_password_is_never_printed() -> None:
    target = MailTarget.parse("smtps://user:hunter2@mail.example.org")

    assert "hunter2" not in f"{target} {target!r}"
    assert str(target) == "smtps://user@mail.example.org:465"
