"""Loading a calendar: one file or several, streamed, with every problem's place.

A calendar with an error is not a calendar: the answer then holds problems and no catalog, and whoever had a good one
goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from notifier.catalog import keys
from notifier.catalog.event_schema import EventShape
from notifier.catalog.files import FileState, read_file
from notifier.catalog.findings import UnreadError
from notifier.catalog.garbage import uncollected
from notifier.catalog.head_schema import HeadShape
from notifier.catalog.identities import Identities
from notifier.catalog.includes import Included
from notifier.catalog.linter import Linter, Unlooked
from notifier.catalog.lookups import look_up
from notifier.catalog.nodes import BrokenFileError, Node, NodeStream, Scalar
from notifier.catalog.problems import Code, Place, Problem, did_you_mean
from notifier.catalog.reading import Notes, as_scalar
from notifier.catalog.relations import related
from notifier.domain.events import Calendar, Catalog, CollectionId, Event, Party, PartyId, Source, SourceId
from notifier.domain.texts import Text

K = TypeVar("K")
V = TypeVar("V")

MOST_EVENTS = 50_000
"""In one calendar."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading: the catalog when there was no error, all problems, and the files as they were read.

    `contents` are the files' octets, in the order in which they were read; `load_contents` makes the same of them.
    `names` is what each of these is called in problems.
    """

    catalog: Catalog | None
    problems: tuple[Problem, ...]
    files: tuple[FileState, ...]
    contents: tuple[bytes, ...] = ()
    names: tuple[str, ...] = ()


def load_catalog(
    paths: Sequence[Path], known_languages: Collection[str], lint: Callable[[Notes], Linter] | None = None
) -> Loaded:
    """Read the calendar that `paths` make up; the first holds `calendar:`, the others add to it.

    `known_languages` are those the service itself speaks. Included files lie in the folder of the one that names
    them, or below. `lint` makes what looks at everything more closely than using it takes.
    """
    reading = _Reading(known_languages, lint)
    with uncollected():
        for path in paths:
            reading.file(path)
        return reading.finish()


def load_contents(contents: Sequence[bytes], known_languages: Collection[str]) -> Loaded:
    """Read a calendar from what its files held, included ones among them, without looking at any file."""
    reading = _Reading(known_languages)
    for number, data in enumerate(contents):
        reading.content(data, f"file {number + 1}")
    return reading.finish()


class _Reading:
    """One calendar being read."""

    def __init__(self, known_languages: Collection[str], lint: Callable[[Notes], Linter] | None = None) -> None:
        self._notes = Notes()
        self._shape = HeadShape(self._notes, known_languages)
        self._event_shape = EventShape(self._notes, self._shape)
        self._linter: Linter = Unlooked() if lint is None else lint(self._notes)
        self._included = Included()
        self._contents: list[tuple[str, bytes]] = []
        self._calendar: Calendar | None = None
        self._calendar_expected = True
        self._collections: dict[CollectionId, Text] = {}
        self._parties: dict[PartyId, Party] = {}
        self._sources: dict[SourceId, Source] = {}
        self._events: list[Event] = []
        self._identities = Identities(self._notes)
        self._whole = True

    def file(self, path: Path) -> None:
        """Read one file, and those it includes after it."""
        with self._broken_told(), self._included.named(path, str(path)) as room:
            self._read(path, str(path), room)

    def _read(self, path: Path, name: str, room: int) -> None:
        for node in self.content(read_file(path, name, room), name):
            with self._broken_told(), self._included.included(path, name, node) as (target, its_name, its_room):
                self._read(target, its_name, its_room)

    def content(self, data: bytes, name: str) -> Sequence[Scalar]:
        """Read what one file holds; return what it includes."""
        self._contents.append((name, data))
        includes: list[Scalar] = []
        stream = NodeStream(data, name)
        with self._broken_told():
            self._shape.next_file()
            self._sections(stream, includes)
            self._see_the_end(stream)
        return includes

    @contextmanager
    def _broken_told(self) -> Iterator[None]:
        try:
            yield
        except BrokenFileError as error:
            self._whole = False
            self._notes.broken(error)

    def _see_the_end(self, stream: NodeStream) -> None:
        """Refuse a file whose last line does not end: half a calendar can be good YAML."""
        if not stream.ends_in_newline:
            self._notes.forget_from(stream.last)
            raise BrokenFileError(stream.end(), "the last line does not end: the file was cut off, or lacks a newline")

    def _sections(self, stream: NodeStream, includes: list[Scalar]) -> None:
        seen: dict[str, Place] = {}
        for key in stream.top():
            if key.text in seen:
                first = seen[key.text].line
                self._notes.error(key.place, f'"{key.text}" stands twice; the first is on line {first}', Code.TWICE)
                stream.value()
                continue
            seen[key.text] = key.place
            self._section(key, stream, includes)
        start = Place(stream.end().file, 1, 1)
        if "version" not in seen:
            self._notes.error(start, "version: is missing; the format described here is version: 1", Code.MISSING)
        if self._calendar_expected:
            self._calendar_expected = False
            self._notes.error(start, "calendar: is missing; it names the calendar and its languages", Code.MISSING)

    def _section(self, key: Scalar, stream: NodeStream, includes: list[Scalar]) -> None:
        if key.text == "events":
            self._read_events(key, stream)
            return
        node = stream.value()
        try:
            match key.text:
                case "version":
                    self._shape.version(node)
                case "calendar" if self._calendar_expected:
                    self._calendar_expected = False
                    self._calendar = self._shape.calendar(node)
                    self._linter.calendar(self._calendar, node)
                case "calendar":
                    self._shape.another_calendar(node)
                case "include":
                    includes.extend(self._notes.items(node, "include", self._path))
                case "collections":
                    self._keep(node, "collections", "collection", self._shape.collection, self._collections)
                case "parties":
                    self._keep(node, "parties", "party", self._shape.party, self._parties)
                case "sources":
                    self._keep(node, "sources", "source", self._shape.source, self._sources)
                case _:
                    unknown = f'unknown key "{key.text}"{did_you_mean(key.text, keys.TOP)}'
                    raise self._notes.error(key.place, unknown, Code.UNKNOWN_KEY)
        except UnreadError:
            self._whole = False

    def _path(self, node: Node) -> Scalar:
        self._notes.word(node, "an included file")
        return as_scalar(node)

    def _read_events(self, key: Scalar, stream: NodeStream) -> None:
        if self._calendar is None and self._calendar_expected:
            message = "calendar: stands before events:, because it says which languages there are"
            self._notes.error(key.place, message, Code.MISSING)
            self._calendar_expected = False
        for node in stream.items():
            if node is None:
                self._notes.error(key.place, "events is a list; each event begins with - id:")
                continue
            if len(self._events) >= MOST_EVENTS:
                much = f"more than {MOST_EVENTS:,} events; make two calendars of them"
                raise BrokenFileError(node.place, much, Code.TOO_LARGE)
            try:
                event = self._event_shape.event(node)
            except UnreadError:
                continue
            self._identities.meet_event(event, node.place)
            self._events.append(event)
            self._linter.event(event, node)

    def _keep(
        self, node: Node, section: str, what: str, read: Callable[[Scalar, Node], tuple[K, V]], into: dict[K, V]
    ) -> None:
        for key, value in self._notes.mapping(node, section).items():
            try:
                id_, thing = read(key, value)
            except UnreadError:
                self._whole = False
                continue
            if self._identities.meet(what, str(id_), key.place):
                into[id_] = thing
        self._linter.section(section, node)

    def finish(self) -> Loaded:
        """Look at everything together, and put the catalog together when nothing is wrong."""
        if self._whole:
            with self._broken_told():
                self._look_at_all()
        catalog = None
        if self._calendar is not None and not self._notes.has_errors:
            calendar = replace(self._calendar, collections=MappingProxyType(self._collections))
            catalog = Catalog(
                calendar, MappingProxyType(self._parties), MappingProxyType(self._sources), tuple(self._events)
            )
        problems = self._notes.in_order(self._included.names)
        names, contents = tuple(zip(*self._contents, strict=True)) or ((), ())
        return Loaded(catalog, problems, self._included.files, contents, names)

    def _look_at_all(self) -> None:
        """Look up every id that was used, in files that were all read to their ends."""
        references = self._shape.references
        look_up(self._notes, "party", references.parties, {str(id_) for id_ in self._parties})
        look_up(self._notes, "source", references.sources, {str(id_) for id_ in self._sources})
        self._events = related(self._events, references, self._notes)
        if self._included.names and not self._events and not self._notes.has_errors:
            nothing = "there is no event; either events: is missing, or the file was cut off before it"
            self._notes.error(Place(self._included.names[0], 1, 1), nothing, Code.MISSING)
        if not self._notes.has_errors:
            self._linter.whole()
