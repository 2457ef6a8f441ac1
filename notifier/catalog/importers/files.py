"""Files that are read whole and written whole."""

from __future__ import annotations

import os
from pathlib import Path

from notifier.catalog.importers.imported import ImportSourceError


def read_bounded(path: Path, most: int) -> bytes:
    """Return a file's octets, `most` of them at most. Raises ImportSourceError."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise ImportSourceError(source=path, cause=f"it cannot be read ({error.strerror})") from error
    if len(data) > most:
        raise ImportSourceError(source=path, cause=f"it is larger than {most // 1_000_000} MB")
    return data


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that whoever reads it meanwhile has the old one or the new. Raises ImportSourceError.

    The file keeps its permissions; what a link leads to is written, not the link.
    """
    target = path.resolve()
    fresh = target.with_name(f".{target.name}.new")
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(mode)
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise ImportSourceError(source=path, cause=f"it cannot be written ({error.strerror})") from error
