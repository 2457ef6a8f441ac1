"""A folder that a web server reads while it is written: every file in it is whole at every moment.

What was written is listed in the folder itself, so that only own files are ever removed.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from notifier.storage.files_below import FilesBelow, FolderError, FolderUnusableError, OutsideFolderError

LIST: Final = ".published.json"
"""The file that lists what was written, with the time (seconds since 1970) that each was given."""


class FolderNotOursError(FolderError):
    """Files of somebody else would lie among what is published."""

    wrong_use = True
    sentence = "{folder} holds files that were not published by this service; name an empty folder, or add --force"


class PrivateFolderError(FolderError):
    """A web server would show what is nobody's business."""

    wrong_use = True
    sentence = (
        "{folder} holds, or will hold, {path} of this service, and a web server would show it; name a folder of its own"
    )


class FolderBusyError(FolderError):
    """Two at a time would leave a mixture."""

    sentence = "{folder} is being published into by another process; try again when that has ended"


class ListUnreadableError(FolderError):
    """The list of what was written is not what we wrote."""

    sentence = "{place} cannot be read; remove it, and add --force"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file below the folder; `name` has slashes. `modified` is None where nothing but the file itself says it."""

    name: str
    content: bytes
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """How many files were written, were there already, and were removed; and the names of those that were replaced."""

    written: int
    unchanged: int
    removed: int
    changed: frozenset[str] = field(default=frozenset(), compare=False)


def refuse_private(folder: Path, private: Iterable[Path]) -> None:
    """Raise PrivateFolderError where what is published would lie around something that nobody else may open."""
    public = folder.resolve()
    for path in private:
        if path.resolve().is_relative_to(public):
            raise PrivateFolderError(folder=folder, path=path)


@contextmanager
def opened(folder: Path, *, force: bool = False) -> Iterator[PublishedFolder]:
    """Give the folder, made where there is none; nobody else can publish into it meanwhile.

    Raises FolderError: it is in use, cannot be written, or holds files that are not ours; `force` allows the last.
    """
    files = FilesBelow(folder)
    try:
        try:
            fcntl.flock(files.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderBusyError(folder=folder) from error
        except OSError as error:  # not every file system has locks
            raise FolderUnusableError(place=folder, cause=error.strerror) from error
        here = PublishedFolder(files)
        if not here.is_ours and not force and not files.is_empty():
            raise FolderNotOursError(folder=folder)
        yield here
    finally:
        files.close()


class PublishedFolder:
    """An open folder; use `opened`."""

    def __init__(self, files: FilesBelow) -> None:
        self._files = files
        self._listed = self._read_list()

    @property
    def is_ours(self) -> bool:
        """Whether this service has published here before."""
        return self._listed is not None

    def read(self, name: str) -> bytes | None:
        """Return a file's content; None where there is no such file."""
        return self._files.read(name)

    def replace_all(
        self, files: Sequence[StaticFile], now: datetime, progress: Callable[[str], None] = lambda _: None
    ) -> Written:
        """Make the folder hold these files, and of what was published before nothing else.

        All that is new or changed is first written beside its place, then put there file by file, new ones first and
        the last of `files` at the end; then the rest is removed. `progress` is told each name once it has been looked
        at. Raises FolderError, and leaves what is there as it is when a file cannot be written beside its place.
        """
        for file in files:
            self._check(file.name)
        before = self._listed or {}
        # Listed before they are there: what a publish that was cut off has left is the next one's to remove.
        self._write_list({**{file.name: 0 for file in files}, **before})
        staging = _Staging(self._files, before, int(now.timestamp()))
        try:
            for file in files:
                staging.add(file)
                progress(file.name)
            for name in sorted((*staging.new, *staging.changed), key=lambda name: name == files[-1].name):
                self._files.put(name)
        except FolderError:
            staging.undo()
            raise
        self._files.settle(staging.times)
        removed = sum(self._files.remove(name) for name in before if name not in staging.times)
        self._write_list(staging.times)
        written = len(staging.new) + len(staging.changed)
        return Written(written, len(files) - written, removed, frozenset(staging.changed))

    def _read_list(self) -> dict[str, int] | None:
        content = self._files.read(LIST)
        if content is None:
            return None
        try:
            times = {str(name): int(seconds) for name, seconds in json.loads(content)["files"].items()}
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ListUnreadableError(place=self._files.folder / LIST) from error
        for name in times:
            self._check(name)
        return times

    def _write_list(self, times: Mapping[str, int]) -> None:
        content = json.dumps({"files": times, "format": 1}, indent=0, sort_keys=True) + "\n"
        self._files.stage(LIST, content.encode())
        self._files.put(LIST)
        self._files.settle([LIST])

    def _check(self, name: str) -> None:
        self._files.check(name)
        if name == LIST:
            raise OutsideFolderError(name=name, folder=self._files.folder)


class _Staging:
    """What is new and what has changed, written beside its place; and the time that every file has from now on.

    `before` is the list of the publish before.
    """

    def __init__(self, files: FilesBelow, before: Mapping[str, int], now: int) -> None:
        self.times: dict[str, int] = {}
        self.new: list[str] = []
        self.changed: list[str] = []
        self._files = files
        self._before = before
        self._now = now

    def undo(self) -> None:
        """Remove what was staged and not put in its place."""
        for name in (*self.new, *self.changed):
            with suppress(FolderError):
                self._files.unstage(name)

    def add(self, file: StaticFile) -> None:
        """Look at one file, and stage it unless it is there already."""
        name, there = file.name, self._files.time(file.name)
        least = self._now if file.modified is None else int(file.modified.timestamp())
        if there is not None and self._files.read(name) == file.content:
            kept = self._before.get(name) or there
            self.times[name] = kept if file.modified is None else max(kept, least)
            self._files.unstage(name)
            if there != self.times[name]:
                self._files.set_time(name, self.times[name])
            return
        # A server makes validators of time and size: other content has another time, also when it is published twice
        # in a second, or for another host whose name is as long.
        self.times[name] = least if there is None else max(least, there + 1, self._before.get(name, 0) + 1)
        self._files.stage(name, file.content, self.times[name])
        (self.new if there is None else self.changed).append(name)
