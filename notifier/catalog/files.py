"""How a file was when it was read, so that a change of it is seen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


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
    except OSError:
        return FileState(path)
