"""YAML as a stream of nodes with their places.

The C parser's events are put together one value at a time, so that a calendar of any length is never in memory whole.
Scalars stay as written (YAML 1.2: `on`, `no` and `11:00` are words): the shape says what each is read as.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol, TypeVar, cast

import yaml

from notifier.catalog.problems import Code, Place
from notifier.catalog.yaml_errors import yaml_sentence

T = TypeVar("T")

DEEPEST = 20
"""A calendar needs 8 levels; nesting beyond this is a mistake or an attack."""

MOST_NODES = 300_000
"""Values in one event, or in one section beside `events:`; each takes some 300 octets of memory."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


_LONGEST_LINE = 4096
"""Octets of a line that are looked at for a tab."""
_PLAIN = (yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent)


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
    end: _Mark | None = None

    @property
    def is_null(self) -> bool:
        """Whether nothing was written."""
        return self.plain and self.text in _NULLS

    @property
    def offset(self) -> int | None:
        """How many columns behind its place the text begins; None where its characters are not written one by one."""
        if self.end is None or self.end.line + 1 != self.place.line:
            return None
        around = self.end.column + 1 - self.place.column - len(self.text)
        return around // 2 if around in {0, 2} else None


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

    def __init__(self, place: Place, message: str, code: Code = Code.NOT_YAML) -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.code = code


class NodeStream:
    """One YAML file, read value by value. Raises BrokenFileError from any method.

    `data` is UTF-8.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._data = data
        self._nodes = 0
        self.last = self._at_start()
        """Where the last whole value began."""
        self._parser = cast("_Parser", yaml.CSafeLoader(self._data))
        self._get = self._parser.get_event

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
            raise BrokenFileError(self._at_start(), "the file is empty; it begins with version: 1")
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
        self._nodes = 0
        return self._guarded(lambda: self._built(self._get(), depth))

    def _built(self, event: yaml.Event, depth: int) -> Node:
        """Return the value that begins with `event`."""
        mark = event.start_mark
        place = Place(self._name, mark.line + 1, mark.column + 1)  # type: ignore[union-attr]  # the parser sets it
        if depth == 1:
            self.last = place
        self._nodes += 1
        if self._nodes > MOST_NODES or depth > DEEPEST or not isinstance(event, _PLAIN):
            raise self._refused(event, place, depth)
        if event.anchor is not None or event.tag is not None:
            raise self._refused(event, place, depth)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(place, event.value, event.style is None or event.style == "", event.end_mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(place, tuple(self._until(yaml.SequenceEndEvent, depth)))
        values = self._until(yaml.MappingEndEvent, depth)
        keys = [key if isinstance(key, Scalar) else _as_key(key) for key in values[::2]]
        return Pairs(place, tuple(zip(keys, values[1::2], strict=True)))

    def _refused(self, event: yaml.Event, place: Place, depth: int) -> BrokenFileError:
        """Return why this is not read: it is nothing that a calendar needs, and bombs are made of it."""
        if depth > DEEPEST:
            deep = f"values are nested more than {DEEPEST} deep; write them flat"
            return BrokenFileError(place, deep, Code.TOO_LARGE)
        if self._nodes > MOST_NODES:
            much = f"more than {MOST_NODES:,} values stand in one event or section; split it, or use include:"
            return BrokenFileError(place, much, Code.TOO_LARGE)
        if isinstance(event, yaml.AliasEvent):
            return BrokenFileError(place, "aliases (*name) are not read; write the value again")
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            return BrokenFileError(place, "anchors (&name) are not read; write the value at each place that needs it")
        return BrokenFileError(place, "tags (!name) are not read; write the value alone")

    def _until(self, end: type[yaml.Event], depth: int) -> list[Node]:
        get, values = self._get, list[Node]()
        while not isinstance(event := get(), end):
            values.append(self._built(event, depth + 1))
        return values

    def _next_is(self, kind: type[yaml.Event]) -> bool:
        return isinstance(self._guarded(self._parser.peek_event), kind)

    def _take(self, kind: type[yaml.Event]) -> None:
        event = self._guarded(self._get)
        if not isinstance(event, kind):
            raise BrokenFileError(self._place(event.start_mark), "this is not expected here")

    def _guarded(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except yaml.MarkedYAMLError as error:
            place = self._place(error.problem_mark or error.context_mark)
            raise BrokenFileError(place, self._sentence(place, error)) from error
        except yaml.reader.ReaderError as error:
            raise BrokenFileError(*self._unreadable(error)) from error

    def _sentence(self, place: Place, error: yaml.MarkedYAMLError) -> str:
        line, is_last = self._line(place.line)
        return yaml_sentence(error.problem or "", line, place.column, is_last=is_last)

    def _line(self, number: int) -> tuple[str, bool]:
        """Return a line as far as it matters, and whether nothing follows it."""
        start = 0
        for _ in range(number - 1):
            start = self._data.find(b"\n", start) + 1
            if not start:
                return "", True
        end = self._data.find(b"\n", start)
        is_last = end in {-1, len(self._data) - 1}
        line = self._data[start : start + _LONGEST_LINE if end < 0 else min(end, start + _LONGEST_LINE)]
        return line.decode("utf-8", "ignore"), is_last

    def _unreadable(self, error: yaml.reader.ReaderError) -> tuple[Place, str]:
        """Return where the character is that YAML does not have, and what to do. `position` counts octets."""
        before = self._data[: error.position]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "ignore")) + 1
        place = Place(self._name, before.count(b"\n") + 1, column)
        return place, f"the character U+{error.character:04X} cannot stand in YAML; take it out"

    def _at_start(self) -> Place:
        return Place(self._name, 1, 1)

    def _place(self, mark: _Mark | None) -> Place:
        return self._at_start() if mark is None else Place(self._name, mark.line + 1, mark.column + 1)


def _as_key(key: Node) -> Scalar:
    if not isinstance(key, Scalar):
        raise BrokenFileError(key.place, "a key is one word, not a list or a mapping")
    return key
