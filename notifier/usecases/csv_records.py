"""CSV (RFC 4180) record by record: what is wrong with one line takes no other line along."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from notifier.domain.errors import NotifierError

_MOST_LINES = 50
"""How many lines one record may take."""


class RecordError(NotifierError):
    """A line that cannot be read."""


class MarkError(RecordError):
    """A quotation mark without another one."""

    sentence = "a quotation mark in it is not closed"


class LineError(RecordError):
    """A line that is no CSV."""

    sentence = "it is no line of CSV: {cause}"


def records(
    lines: Iterable[str], is_whole: Callable[[Sequence[str]], bool]
) -> Iterator[tuple[int, Sequence[str] | RecordError]]:
    """Yield the records of a file, or what is wrong with one, each with the number of its line, the first being 1.

    Commas stand between cells, or semicolons where the first line has more of these. A cell in quotation marks may go
    over several lines; where one of these `is_whole` by itself, the mark before it was never closed.
    """
    ahead = _Ahead(lines)
    first = ahead.line(0) or ""
    delimiter = ";" if first.count(";") > first.count(",") else ","
    while ahead.line(0) is not None:
        yield ahead.number, _record(ahead, delimiter, is_whole)


class _Ahead:
    """The lines of a file that are not read yet; the next one has this number, the first of all being 1."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._seen: deque[str] = deque()
        self.number = 1

    def line(self, further: int) -> str | None:
        """Return the line so many further than the next, None where the file has ended."""
        while len(self._seen) <= further:
            line = next(self._lines, None)
            if line is None:
                return None
            self._seen.append(line)
        return self._seen[further]

    def following(self) -> Iterator[str]:
        """Yield the lines that one record may take, without leaving them behind."""
        for further in range(_MOST_LINES):
            if (line := self.line(further)) is None:
                return
            yield line

    def leave_behind(self, lines: int) -> None:
        """Go on after so many lines."""
        for _ in range(lines):
            self._seen.popleft()
        self.number += lines


def _record(ahead: _Ahead, delimiter: str, is_whole: Callable[[Sequence[str]], bool]) -> Sequence[str] | RecordError:
    reader = csv.reader(ahead.following(), delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except csv.Error as error:
        wrong = MarkError() if _ends_open(ahead.line(0) or "", delimiter) else LineError(cause=error)
        ahead.leave_behind(1)
        return wrong
    others = [ahead.line(further) or "" for further in range(1, reader.line_num)]
    swallowed = any(is_whole(found) for line in others if (found := _alone(line, delimiter)))
    ahead.leave_behind(1 if swallowed else reader.line_num)
    return MarkError() if swallowed else cells


def _ends_open(line: str, delimiter: str) -> bool:
    """Whether a line ends within quotation marks."""
    with_another = csv.reader([line, "."], delimiter=delimiter)
    try:
        next(with_another)
    except csv.Error:
        return False
    return with_another.line_num > 1


def _alone(line: str, delimiter: str) -> Sequence[str]:
    """Return the cells of a line by itself, none where it is no record."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
