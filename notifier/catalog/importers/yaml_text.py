"""A calendar file as text with the places of its values, so that single values are edited and all else stays.

Nothing is written from what was read: the octets between the edits are those of the file. Comments, order, quotes and
line ends stay as the author has them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Protocol, cast

import yaml

from notifier.catalog.nodes import DEEPEST

WIDTH = 120
"""Columns of a line, where it can be chosen."""

_BOM = "\ufeff"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class UneditableError(Exception):
    """The text cannot be edited as asked; the message says why."""


class _Mark(Protocol):
    index: int
    line: int
    column: int


class _Parser(Protocol):
    def get_event(self) -> yaml.Event: ...


@dataclass(slots=True)
class Value:
    """One value: where it stands in the text (characters, half-open), the line it begins on, and how it is written."""

    start: int
    end: int
    line: int
    column: int
    text: str | None = None
    """The text of a single value; None for a list or a mapping."""
    flow: bool = False
    """Whether it is written within braces or brackets."""
    block: bool = False
    """Whether it is a text of several lines after `|` or `>`."""
    pairs: list[tuple[Value, Value]] = field(default_factory=list)
    items: list[Value] = field(default_factory=list)
    is_mapping: bool = False

    def get(self, key: str) -> Value | None:
        """Return the value under a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)


@dataclass(frozen=True, slots=True)
class Edit:
    """Text to stand in place of [start, end)."""

    start: int
    end: int
    text: str


def read_values(text: str) -> Value:
    """Return the values of a file that was found to be a calendar. Raises UneditableError."""
    parser = cast("_Parser", yaml.CSafeLoader(text.removeprefix(_BOM)))
    shift = len(text) - len(text.removeprefix(_BOM))
    try:
        event = parser.get_event()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = parser.get_event()
        return _value(event, parser.get_event, shift, 0)
    except yaml.YAMLError as error:
        raise UneditableError(f"it is not YAML: {error}".partition("\n")[0]) from error


def _value(event: yaml.Event, following: Callable[[], yaml.Event], shift: int, depth: int) -> Value:
    if depth > DEEPEST or isinstance(event, yaml.AliasEvent):
        raise UneditableError("it has aliases, or values nested too deeply")
    start, end = cast("_Mark", event.start_mark), cast("_Mark", event.end_mark)
    made = Value(start.index + shift, end.index + shift, start.line + 1, start.column)
    if isinstance(event, yaml.ScalarEvent):
        made.text, made.block = event.value, event.style in {"|", ">"}
        return made
    made.flow = bool(getattr(event, "flow_style", False))
    made.is_mapping = isinstance(event, yaml.MappingStartEvent)
    parts = []
    while not isinstance(event := following(), yaml.SequenceEndEvent | yaml.MappingEndEvent):
        if isinstance(event, yaml.StreamEndEvent):
            raise UneditableError("it ends too early")
        parts.append(_value(event, following, shift, depth + 1))
    made.end = cast("_Mark", event.end_mark).index + shift
    if made.is_mapping:
        pairs = iter(parts)
        made.pairs = list(zip(pairs, pairs, strict=True))
    else:
        made.items = parts
    return made


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made; they do not overlap."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if edit.start < at:
            raise UneditableError("two changes concern one place")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def last_end(value: Value) -> int:
    """Return where the last single value within a value ends; a block's own end lies after the comments below it."""
    if value.flow or value.text is not None:
        return value.end
    parts: Sequence[Value] = [*value.items, *(one for pair in value.pairs for one in pair)]
    return max((last_end(part) for part in parts), default=value.start)


def line_end(text: str, at: int) -> int:
    """Return where the line that holds `at` ends, after its line break."""
    if at and text[at - 1] == "\n":
        return at
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def scalar(text: str, *, in_flow: bool = False) -> str:
    """Return a text as a YAML value on one line: plain where that reads back as the same text, else in quotes."""
    plain = text == text.strip() and all(map(_is_shown, text)) and text not in _NULLS
    if plain and _reads_as(f"{{k: {text}}}" if in_flow else f"k: {text}", text):
        return text
    quoted = "".join(_escaped(character) for character in text)
    return f'"{quoted}"'


def _reads_as(line: str, text: str) -> bool:
    try:
        value = read_values(line + "\n")
    except (UneditableError, ValueError):
        return False
    # A comment after it, or a tag before it, would be read as none of the text.
    return (
        len(value.pairs) == 1 and value.pairs[0][1].text == text and not text.startswith(("!", "&", "'", '"', "|", ">"))
    )


def _is_shown(character: str) -> bool:
    """Whether a character can stand as it is: letters and signs, every width of space, what joins and parts letters."""
    return character.isprintable() or unicodedata.category(character) == "Zs" or character in "\u00ad\u200c\u200d"


def _escaped(character: str) -> str:
    known = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    if character in known:
        return known[character]
    if _is_shown(character):
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def same_values(one: Value, other: Value) -> bool:
    """Whether two files say the same, however they are written."""
    return all(left == right for left, right in zip_longest(_flattened(one), _flattened(other)))


def _flattened(value: Value) -> Iterator[str]:
    if value.text is not None:
        yield f"={value.text}"
        return
    yield "{" if value.is_mapping else "["
    for part in [*value.items, *(one for pair in value.pairs for one in pair)]:
        yield from _flattened(part)
    yield "}"
