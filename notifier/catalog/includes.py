"""Which files make up a calendar: those that are named, and those these include, each once and each in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from notifier.catalog.files import LARGEST, FileState, file_state
from notifier.catalog.nodes import BrokenFileError, Scalar
from notifier.catalog.problems import Code, Place, listed

MOST_FILES = 200


class Included:
    """The files read so far, in that order, and which of them are being read."""

    def __init__(self) -> None:
        self._files: list[FileState] = []
        self._names: list[str] = []
        self._by: dict[Path, Place | None] = {}
        self._open: list[tuple[Path, str]] = []

    @property
    def files(self) -> tuple[FileState, ...]:
        """How each file was just before it was read: what is written meanwhile is a change yet to be read."""
        return tuple(self._files)

    @property
    def names(self) -> tuple[str, ...]:
        """What each file is called in findings."""
        return tuple(self._names)

    @contextmanager
    def named(self, path: Path, name: str) -> Iterator[int]:
        """Read a file that was named itself; yields how many octets it may have. Raises BrokenFileError."""
        resolved = _resolved(path)
        if resolved in self._by:
            again = f"the file is named twice, or was {self._how(resolved)} already; name it once"
            raise BrokenFileError(Place(name, 1, 1), again, Code.INCLUDE)
        with self._reading(path, resolved, name, None) as room:
            yield room

    @contextmanager
    def included(self, path: Path, name: str, node: Scalar) -> Iterator[tuple[Path, str, int]]:
        """Read a file that another one includes; yields it, its name and how many octets it may have.

        It lies beside the including one or below, wherever links lead. Raises BrokenFileError, in the including file.
        """
        written, folder = node.text.strip(), _resolved(path).parent
        _is_inside(node, PurePosixPath(written), Path(name).name)
        target = _resolved(folder / written)
        if not target.is_relative_to(folder):
            raise _refused(node, f"leads out of the folder of {Path(name).name}; copy the file into it")
        self._is_new(node, target)
        its_name = str(Path(name).parent / written)
        with self._reading(target, target, its_name, node.place) as room:
            # Only now: what is not there is watched too, and read when it comes.
            if not _is_file(target):
                raise _refused(node, f"is no file; correct the path, which begins at the folder of {Path(name).name}")
            yield target, its_name, room

    @contextmanager
    def _reading(self, path: Path, resolved: Path, name: str, by: Place | None) -> Iterator[int]:
        if len(self._files) >= MOST_FILES:
            much = f"more than {MOST_FILES} files in one calendar; put several into one"
            raise BrokenFileError(by or Place(name, 1, 1), much, Code.TOO_LARGE)
        room = LARGEST - sum(file.size for file in self._files)
        self._by[resolved] = by
        self._files.append(file_state(path))
        self._names.append(name)
        self._open.append((resolved, name))
        try:
            yield room
        finally:
            self._open.pop()

    def _is_new(self, node: Scalar, target: Path) -> None:
        around = [name for resolved, name in self._open]
        for number, (resolved, _) in enumerate(self._open):
            if resolved == target:
                through = f" by way of {listed(around[number + 1 :])}" if around[number + 1 :] else ""
                raise _refused(node, f"includes itself{through}; take this line away")
        if target in self._by:
            raise _refused(node, f"is {self._how(target)} already; take one of the two away")

    def _how(self, resolved: Path) -> str:
        by = self._by[resolved]
        return "read" if by is None else f"included by {by.file}:{by.line}"


def _is_inside(node: Scalar, written: PurePosixPath, including: str) -> None:
    if "\0" in node.text or "\\" in node.text:
        raise _refused(node, "is no path; separate folders by /")
    if written.is_absolute() or ".." in written.parts or node.text.startswith("~"):
        where = f"write the path from the folder of {including}, without .. and without / at its beginning"
        raise _refused(node, f"may lie outside the folder of {including}; {where}")


def _refused(node: Scalar, why: str) -> BrokenFileError:
    return BrokenFileError(node.place, f'"{node.text}" {why}', Code.INCLUDE)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _resolved(path: Path) -> Path:
    """Return where a path leads. One that leads in a circle, or has too long a name, is left as it is."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path.absolute()
