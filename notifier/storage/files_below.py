"""Files below one folder and nowhere else: no name leads out of it, neither by dots nor through links."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from notifier.domain.errors import NotifierError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class FolderError(NotifierError):
    """The folder cannot be used."""


class FolderUnusableError(FolderError):
    """The system does not let us."""

    sentence = "{place} cannot be written: {cause}"


class FolderUnreadableError(FolderError):
    """Nor does it let us look."""

    sentence = "{place} cannot be read: {cause}"


class FolderWayError(FolderError):
    """A link, or a file where a folder has to be."""

    sentence = "{place} is a link or not a folder, so nothing is written there; remove it"


_NOTHING: Final = (FileNotFoundError, FolderWayError)
# No such file; a link; a pipe that nobody holds, or a socket.
_NOT_THERE: Final = frozenset({errno.ENOENT, errno.ELOOP, errno.ENXIO})


class OutsideFolderError(FolderError):
    """A name that would lead elsewhere."""

    sentence = '"{name}" is not the name of a file below {folder}'


class FilesBelow:
    """An open folder. Names have slashes and are relative to it; each method raises FolderError."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, made where there is none; it may itself be a link."""
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.descriptor = os.open(folder, _FOLDER & ~os.O_NOFOLLOW)
        except OSError as error:
            raise FolderUnusableError(place=folder, cause=error.strerror) from error

    def close(self) -> None:
        """Give the folder back."""
        os.close(self.descriptor)

    def is_empty(self) -> bool:
        """Whether there is nothing in the folder."""
        try:
            return not any(self.folder.iterdir())
        except OSError as error:
            raise FolderUnreadableError(place=self.folder, cause=error.strerror) from error

    def check(self, name: str) -> None:
        """Refuse a name that is not one of a file below the folder."""
        parts = name.split("/")
        if any(part in {"", ".", ".."} or "\\" in part or not part.isprintable() for part in parts):
            raise OutsideFolderError(name=name, folder=self.folder)

    def read(self, name: str) -> bytes | None:
        """Return a regular file's bytes; None for a link, a pipe, or nothing."""
        with suppress(*_NOTHING), self._reading(name), self._parent(name, make=False) as (parent, own):
            descriptor = os.open(own, _READ, dir_fd=parent)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                return None
            with os.fdopen(descriptor, "rb") as file:
                return file.read()
        return None

    def time(self, name: str) -> int | None:
        """Return a file's time of modification in whole seconds since 1970; None where there is nothing."""
        with suppress(*_NOTHING), self._reading(name), self._parent(name, make=False) as (parent, own):
            return int(os.stat(own, dir_fd=parent, follow_symlinks=False).st_mtime)
        return None

    def set_time(self, name: str, seconds: int) -> None:
        """Give a file that is there another time."""
        with self._writing(name) as (parent, own):
            os.utime(own, (seconds, seconds), dir_fd=parent, follow_symlinks=False)

    def stage(self, name: str, content: bytes, seconds: int | None = None) -> None:
        """Write a file beside its place, down to the disk; `put` brings it there."""
        with self._writing(name) as (parent, own):
            if _is_folder(parent, own):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            _discard(parent, _beside(own))
            descriptor = os.open(_beside(own), _WRITE, 0o644, dir_fd=parent)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    if seconds is not None:
                        os.utime(file.fileno(), (seconds, seconds))
                    os.fsync(file.fileno())
            except OSError:  # the disk is full
                _discard(parent, _beside(own))
                raise

    def put(self, name: str) -> None:
        """Bring a staged file to its place, in one step."""
        with self._writing(name) as (parent, own):
            os.rename(_beside(own), own, src_dir_fd=parent, dst_dir_fd=parent)

    def settle(self, names: Iterable[str]) -> None:
        """Bring to the disk that these files are where they were put."""
        for way in sorted({name.rpartition("/")[0] for name in names}):
            with self._writing(f"{way}/any".lstrip("/")) as (parent, _):
                os.fsync(parent)

    def unstage(self, name: str) -> None:
        """Remove what was staged, by this process or by one that was cut off."""
        with suppress(*_NOTHING), self._reading(name), self._parent(name, make=False) as (parent, own):
            _discard(parent, _beside(own))

    def remove(self, name: str) -> bool:
        """Remove a file, and the folders it leaves empty; say whether there was one."""
        self.unstage(name)
        removed = False
        with suppress(OSError, FolderWayError), self._parent(name, make=False) as (parent, own):
            os.unlink(own, dir_fd=parent)
            removed = True
        way = name.rpartition("/")[0]
        with suppress(OSError, FolderWayError):
            while way:
                with self._parent(way, make=False) as (parent, own):
                    os.rmdir(own, dir_fd=parent)
                way = way.rpartition("/")[0]
        return removed

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        """Tell what is not there from what cannot be read: one of _NOTHING, or FolderUnreadableError."""
        try:
            yield
        except OSError as error:
            if error.errno in _NOT_THERE:
                raise FileNotFoundError(name) from error
            raise FolderUnreadableError(place=self.folder / name, cause=error.strerror) from error

    @contextmanager
    def _writing(self, name: str) -> Iterator[tuple[int, str]]:
        try:
            with self._parent(name, make=True) as place:
                yield place
        except OSError as error:
            raise FolderUnusableError(place=self.folder / name, cause=error.strerror) from error

    @contextmanager
    def _parent(self, name: str, *, make: bool) -> Iterator[tuple[int, str]]:
        """Open the folder a name lies in, one step at a time and through no link; give it, and the last step.

        Raises FileNotFoundError where it is not there.
        """
        self.check(name)
        *steps, own = name.split("/")
        here = os.dup(self.descriptor)
        try:
            for depth, step in enumerate(steps, 1):
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(step, dir_fd=here)
                below = self._step(here, step, self.folder.joinpath(*steps[:depth]))
                os.close(here)
                here = below
            yield here, own
        finally:
            os.close(here)

    def _step(self, here: int, step: str, place: Path) -> int:
        try:
            return os.open(step, _FOLDER, dir_fd=here)
        except OSError as error:
            if error.errno in {errno.ENOTDIR, errno.ELOOP}:
                raise FolderWayError(place=place) from error
            raise


def _beside(name: str) -> str:
    return f".{name}.part"


def _is_folder(parent: int, name: str) -> bool:
    with suppress(FileNotFoundError):
        return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
    return False


def _discard(parent: int, name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=parent)
