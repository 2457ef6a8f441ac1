"""A calendar's files: what they hold, within limits, and how they were when they were read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from notifier.catalog.nodes import BrokenFileError
from notifier.catalog.problems import Code, Place

LARGEST = 50_000_000
"""Octets in one file, and in all files of a calendar."""


class FileState(NamedTuple):
    """What tells that a file was written or replaced: time of change in nanoseconds, size, inode; zeros for none."""

    path: Path
    changed_ns: int = 0
    size: int = 0
    inode: int = 0

    @classmethod
    def of(cls, path: Path, status: os.stat_result) -> FileState:
        """Build from what the system says."""
        return cls(path, status.st_mtime_ns, status.st_size, status.st_ino)


def file_state(path: Path) -> FileState:
    """Return how a file is now."""
    try:
        return FileState.of(path, path.stat())
    except (OSError, ValueError):
        return FileState(path)


def read_file(path: Path, name: str, room: int = LARGEST) -> bytes:
    """Return the file's octets, which are UTF-8 and at most `room`. Raises BrokenFileError."""
    start = Place(name, 1, 1)
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            # A file that is too large is not read at all; of what has no size, such as a pipe, no more than may be.
            too_large = stat.S_ISREG(status.st_mode) and status.st_size > room
            data = b"" if too_large else file.read(room + 1)
    except OSError as error:
        unread = f"the file cannot be read: {error.strerror}; correct its path or its permissions"
        raise BrokenFileError(start, unread, Code.UNREADABLE) from error
    if too_large or len(data) > room:
        raise BrokenFileError(start, _too_large(room), Code.TOO_LARGE)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        place = Place(name, line, len(before.decode("utf-8")) + 1)
        raise BrokenFileError(place, "the file is not UTF-8 here; save it as UTF-8", Code.NOT_UTF_8) from error
    return data


def _too_large(room: int) -> str:
    most = f"{LARGEST // 1_000_000} MB"
    if room < LARGEST:
        return f"the files of this calendar are larger than {most} together; make two calendars of them"
    return f"the file is larger than {most}; a calendar has at most that, in all its files"
