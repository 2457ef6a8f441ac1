"""Reading nodes as values, every problem noted with its place.

A reader takes a node and returns a value or raises Unread after noting why; whoever reads several things goes on with
the rest, so that all problems of a file are known at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import TypeVar, cast

from notifier.catalog.findings import Findings, UnreadError
from notifier.catalog.nodes import Items, Node, Pairs, Scalar
from notifier.catalog.problems import Code, Severity, did_you_mean, listed, near
from notifier.domain.selections import ID
from notifier.domain.texts import says_something

T = TypeVar("T")

_LONGEST_ID = 100
LONGEST_LINE = 2_000
"""Characters in a text of one line: subjects and titles are made of such."""
LONGEST_TEXT = 200_000
"""Characters in any other text."""
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)
_NUMBER = re.compile(r"[-+]?([0-9]{1,18}(\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Notes(Findings):
    """Reads values, and notes what is wrong with them."""

    # What single values are read as. `what` names the value in the sentence.

    def word(self, node: Node, what: str) -> str:
        """Read a text of one line that is not empty."""
        text = self.text(node, what, LONGEST_LINE)
        if "\n" in text:
            raise self.error(node.place, f"{what} is one line; write it without line breaks")
        return text

    def text(self, node: Node, what: str, longest: int = LONGEST_TEXT) -> str:
        """Read a text that is not empty: one of which something is left to see in feeds, pages and messages."""
        if not isinstance(node, Scalar):
            raise self.error(node.place, f"{what} is a text, not {kind_of(node)}")
        if node.is_null or not node.text.strip():
            raise self.error(node.place, f"{what} is empty; write it or take the key away")
        if not says_something(node.text):
            raise self.error(
                node.place, f"{what} has nothing that is seen beside , ; and \\; write it or take the key away"
            )
        if len(node.text) > longest:
            raise self.error(node.place, f"{what} has {len(node.text):,} characters; use at most {longest:,}")
        return node.text.strip()

    def identifier(self, node: Node, what: str) -> str:
        """Read an id: small letters, digits and single hyphens; it becomes part of addresses and of files' names."""
        word = self.word(node, what)
        if len(word) > _LONGEST_ID:
            raise self.error(
                node.place, f'{what} "{_shortened(word)}" has {len(word)} characters; use at most {_LONGEST_ID}'
            )
        if not ID.fullmatch(word):
            raise self.error(
                node.place, f'{what} "{word}" is not an id; use small letters a to z, digits and single hyphens'
            )
        return word

    def integer(self, node: Node, what: str, least: int, most: int) -> int:
        """Read a whole number in [least, most]."""
        word = self.word(node, what)
        if not _INTEGER.fullmatch(word):
            raise self.error(node.place, f'{what} is a whole number, not "{_shortened(word)}"')
        if not least <= int(word) <= most:
            raise self.error(node.place, f"{what} is from {least} to {most}, not {word}")
        return int(word)

    def number(self, node: Node, what: str, most: float) -> float:
        """Read a number in [-most, most]."""
        word = self.word(node, what)
        if not _NUMBER.fullmatch(word) or not -most <= float(word) <= most:
            raise self.error(node.place, f'{what} is a number from -{most:g} to {most:g}, not "{_shortened(word)}"')
        return float(word)

    def day(self, node: Node, what: str) -> date:
        """Read a date: 2027-01-20."""
        word = self.word(node, what)
        try:
            if _DAY.fullmatch(word):
                return date.fromisoformat(word)
        except ValueError:
            pass
        raise self.error(node.place, f'{what} is a date such as 2027-01-20, not "{word}"')

    def choice(self, node: Node, what: str, known: Collection[str]) -> str:
        """Read one of several words."""
        word = self.word(node, what)
        if word not in known:
            hint = did_you_mean(word, known)
            raise self.error(node.place, f'{what} is one of {", ".join(known)}, not "{word}"{hint}')
        return word

    def link(self, node: Node, what: str) -> str:
        """Read a web address."""
        word = self.word(node, what)
        if not re.fullmatch(r"https?://[^\s/\"<>]+(/[^\s\"<>]*)?", word):
            raise self.error(node.place, f'{what} is an address that begins with https:// or http://, not "{word}"')
        return word

    def items(self, node: Node, what: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        """Read a list, all items of it even when some cannot be read."""
        if not isinstance(node, Items):
            raise self.error(node.place, f"{what} is a list, not {kind_of(node)}")
        return self.each(node.items, read)

    def one_or_more(self, node: Node, what: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        """Read a list, or one value as a list of one."""
        return self.items(node, what, read) if isinstance(node, Items) else (read(node),)

    def each(self, nodes: Collection[Node], read: Callable[[Node], T]) -> tuple[T, ...]:
        """Read every node; raise after the last when any could not be read."""
        values = []
        for node in nodes:
            try:
                values.append(read(node))
            except UnreadError:
                continue
        if len(values) < len(nodes):
            raise UnreadError
        return tuple(values)

    def mapping(self, node: Node, what: str) -> dict[Scalar, Node]:
        """Read a mapping whose keys are free; a key that stands twice is an error."""
        if not isinstance(node, Pairs):
            raise self.error(node.place, f"{what} is a mapping (key: value), not {kind_of(node)}")
        pairs: dict[str, tuple[Scalar, Node]] = {}
        for key, value in node.pairs:
            if key.text in pairs:
                first = pairs[key.text][0].place.line
                twice = f'the key "{key.text}" stands twice in {what}; the first is on line {first}'
                self.error(key.place, twice, Code.TWICE)
            else:
                pairs[key.text] = (key, value)
        return dict(pairs.values())


class Fields:
    """The fields of one mapping with known keys.

    `done` raises when anything could not be read, and before that notes what is missing, so values returned by
    `required` and `optional` are used after it alone.
    """

    def __init__(self, notes: Notes, node: Node, what: str, known: tuple[str, ...]) -> None:
        self._notes = notes
        self._before = len(notes.problems)
        self._what = what
        self._missing: list[str] = []
        self._misspelt: set[str] = set()
        self._failed = False
        self.place = node.place
        self._nodes: dict[str, Node] = {}
        for key, value in notes.mapping(node, what).items():
            if key.text in known:
                self._nodes[key.text] = value
            else:
                self._misspelt.update(near(key.text, known))
                unknown = f'unknown key "{key.text}" in {what}{did_you_mean(key.text, known)}'
                notes.error(key.place, unknown, Code.UNKNOWN_KEY)
                self._failed = True

    def call(self, what: str) -> None:
        """Name the mapping more exactly, once its id is known."""
        self._what = what

    def node(self, key: str) -> Node | None:
        """Return the node under a key, None when the key is not there or holds nothing."""
        node = self._nodes.get(key)
        return None if isinstance(node, Scalar) and node.is_null else node

    def required(self, key: str, read: Callable[[Node], T]) -> T:
        """Read a field that has to be there."""
        node = self.node(key)
        if node is None:
            self._missing.append(key)
            return cast("T", None)
        return self._read(node, read)

    def optional(self, key: str, read: Callable[[Node], T], otherwise: T) -> T:
        """Read a field that may be absent."""
        node = self.node(key)
        return otherwise if node is None else self._read(node, read)

    def _read(self, node: Node, read: Callable[[Node], T]) -> T:
        try:
            return read(node)
        except UnreadError:
            self._failed = True
            return cast("T", None)

    def done(self) -> None:
        """Raise UnreadError when any field could not be read."""
        if missing := [key for key in self._missing if key not in self._misspelt]:
            lacks = f"{self._what} lacks {listed(missing)}"
            if missing == ["source"]:
                lacks = f"{lacks}; name the document it is found in"
                self._notes.error(self.place, lacks, Code.WITHOUT_SOURCE)
            else:
                self._notes.error(self.place, lacks, Code.MISSING)
        if self._missing or self._failed or self._new_errors():
            raise UnreadError

    def _new_errors(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self._notes.problems[self._before :])


def _shortened(word: str) -> str:
    return word if len(word) <= 40 else f"{word[:40]}…"


def kind_of(node: Node) -> str:
    """Return what a node is, in words."""
    match node:
        case Items():
            return "a list"
        case Pairs():
            return "a mapping (key: value)"
        case Scalar(is_null=True):
            return "nothing"
    return f'"{node.text}"'


def as_scalar(node: Node) -> Scalar:
    """Return a mapping's key, which is a scalar always."""
    if not isinstance(node, Scalar):
        raise UnreadError
    return node
