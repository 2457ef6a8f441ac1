"""Where settings say things are: the calendar's files, and what strangers must never be able to open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from notifier.delivery.mailbox_target import MailboxTarget
from notifier.delivery.target import MailTarget
from notifier.packaged import packaged
from notifier.settings import VAR, Settings

_HERE = Path("events.yaml")


def private_paths(settings: Settings) -> list[Path]:
    """Return what strangers must never be able to open: the database, mail, secrets, and the calendar's files."""
    paths = [VAR, Path(".env"), *calendar_paths(settings)]
    scheme, _, path = settings.database_url.partition(":///")
    if scheme == "sqlite" and path:
        paths.append(Path(path))
    if (folder := MailTarget.parse(settings.mail_url).folder) is not None:
        paths.append(folder)
    if settings.bounce_mailbox and (mailbox := MailboxTarget.parse(settings.bounce_mailbox).path) is not None:
        paths.append(mailbox)
    return paths


def calendar_paths(settings: Settings) -> Sequence[Path]:
    """Return the calendar files: those settings name, else `events.yaml` here, else the packaged one."""
    if settings.events:
        return [Path(name) for name in settings.events]
    return [_HERE if _HERE.exists() else packaged("events.yaml")]
