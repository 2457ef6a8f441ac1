"""YAML as a stream of nodes with their places.

The C parser's events are put together one value at a time, so that a calendar of any length is never in memory whole.
Scalars stay as written (YAML 1.2: `on`, `no` and `11:00` are words): the shape says what each is read as.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol, cast

import yaml

from notifier.catalog.problems import Place

DEEPEST = 20
"""A calendar needs 8 levels; nesting beyond this is a mistake or an attack."""

LARGEST = 50_000_000
"""Bytes in one file."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class _Mark(Protocol):
    line: int
    column: int


class _Parser(Protocol):
    def get_event(self) -> yaml.Event: ...

    def peek_event(self) -> yaml.Event: ...


class Scalar(NamedTuple):
    """A single value, as written."""

    place: Place
    text: str
    plain: bool

    @property
    def is_null(self) -> bool:
        """Whether nothing was written."""
        return self.plain and self.text in _NULLS


class Items(NamedTuple):
    """A YAML sequence."""

    place: Place
    items: tuple[Node, ...]


class Pairs(NamedTuple):
    """A YAML mapping, in the order written; keys may repeat."""

    place: Place
    pairs: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Items | Pairs


class BrokenFileError(Exception):
    """The file is not YAML from `place` on."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


class NodeStream:
    """One YAML file, read value by value. Raises BrokenFileError from any method."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._data = data
        self.last = self._at_start()
        """Where the last whole value began."""
        self._parser = cast("_Parser", yaml.CSafeLoader(self._data))

    @property
    def ends_in_newline(self) -> bool:
        """Whether the last line is complete."""
        return self._data.endswith(b"\n")

    def end(self) -> Place:
        """Return the place of the last line."""
        return Place(self._name, max(1, self._data.count(b"\n") + (not self.ends_in_newline)), 1)

    def top(self) -> Iterator[Scalar]:
        """Yield the keys of the top mapping; the caller takes each one's value before the next."""
        self._take(yaml.StreamStartEvent)
        if self._next_is(yaml.StreamEndEvent):
            raise BrokenFileError(self._at_start(), "the file is empty")
        self._take(yaml.DocumentStartEvent)
        if not self._next_is(yaml.MappingStartEvent):
            raise BrokenFileError(self._at_start(), "a calendar file begins with keys such as version: and calendar:")
        self._take(yaml.MappingStartEvent)
        while not self._next_is(yaml.MappingEndEvent):
            yield _as_key(self.value(2))
        self._take(yaml.MappingEndEvent)
        self._take(yaml.DocumentEndEvent)
        if not self._next_is(yaml.StreamEndEvent):
            place = self._place(self._guarded(self._parser.peek_event).start_mark)
            raise BrokenFileError(place, "a second YAML document begins here; a calendar file holds one")

    def items(self) -> Iterator[Node | None]:
        """Yield the items of the sequence that comes next; None once when something else stands there."""
        if not self._next_is(yaml.SequenceStartEvent):
            if not isinstance(self.value(), Scalar):
                yield None
            return
        self._take(yaml.SequenceStartEvent)
        while not self._next_is(yaml.SequenceEndEvent):
            yield self.value()
        self._take(yaml.SequenceEndEvent)

    def value(self, depth: int = 1) -> Node:
        """Return the next value whole."""
        return self._built(self._guarded(self._parser.get_event), depth)

    def _built(self, event: yaml.Event, depth: int) -> Node:
        """Return the value that begins with `event`."""
        place = self._place(event.start_mark)
        if depth == 1:
            self.last = place
        if depth > DEEPEST:
            raise BrokenFileError(place, f"values are nested more than {DEEPEST} deep")
        match event:
            case yaml.ScalarEvent():
                return Scalar(place, event.value, event.style is None or event.style == "")
            case yaml.SequenceStartEvent():
                return Items(place, tuple(self._until(yaml.SequenceEndEvent, depth)))
            case yaml.MappingStartEvent():
                values = iter(self._until(yaml.MappingEndEvent, depth))
                return Pairs(place, tuple((_as_key(key), value) for key, value in zip(values, values, strict=True)))
        raise BrokenFileError(place, "aliases (*name) are not read; write the value again")

    def _until(self, end: type[yaml.Event], depth: int) -> Iterator[Node]:
        while not isinstance(event := self._guarded(self._parser.get_event), end):
            yield self._built(event, depth + 1)

    def _next_is(self, kind: type[yaml.Event]) -> bool:
        return isinstance(self._guarded(self._parser.peek_event), kind)

    def _take(self, kind: type[yaml.Event]) -> None:
        event = self._guarded(self._parser.get_event)
        if not isinstance(event, kind):
            raise BrokenFileError(self._place(event.start_mark), "this is not expected here")

    def _guarded(self, call: Callable[[], yaml.Event]) -> yaml.Event:
        try:
            return call()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = self._place(mark)
            raise BrokenFileError(place, self._sentence(place, error)) from error
        except yaml.YAMLError as error:
            message = f"this character cannot stand in YAML: {error}".partition("\n")[0]
            raise BrokenFileError(self._at_start(), message) from error

    def _sentence(self, place: Place, error: yaml.MarkedYAMLError) -> str:
        lines = self._data.decode("utf-8").splitlines()
        line = lines[place.line - 1] if place.line <= len(lines) else ""
        if "\t" in line[: len(line) - len(line.lstrip())] or line[place.column - 1 : place.column] == "\t":
            return "a tab cannot indent a line; use spaces"
        if place.line >= len(lines):
            return f"the file ends too early, it may have been cut off: {error.problem}"
        return f"this is not YAML: {error.problem}"

    def _at_start(self) -> Place:
        return Place(self._name, 1, 1)

    def _place(self, mark: _Mark | None) -> Place:
        return self._at_start() if mark is None else Place(self._name, mark.line + 1, mark.column + 1)


def _as_key(key: Node) -> Scalar:
    if not isinstance(key, Scalar):
        raise BrokenFileError(key.place, "a key is one word, not a list or a mapping")
    return key


def read_file(path: Path, name: str) -> bytes:
    """Return the file's octets, which are UTF-8 and not too many. Raises BrokenFileError."""
    start = Place(name, 1, 1)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BrokenFileError(start, f"the file cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise BrokenFileError(start, f"the file is larger than {LARGEST // 1_000_000} MB; split it with include:")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise BrokenFileError(
            Place(start.file, line, column), "the file is not UTF-8 here; save it as UTF-8"
        ) from error
    return data
