"""Secrets that the service makes for itself and keeps."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from notifier.settings.model import VAR


def kept_secret(folder: Path = VAR, name: str = "secret") -> str:
    """Return the secret kept in `folder`; make one when there is none, readable by its owner alone."""
    path, fresh = folder / name, folder / f"{name}.{secrets.token_hex(4)}"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        # A link is made whole or not at all: of two processes that start at once, one's secret is kept.
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text("utf-8").strip()
