"""Loading a calendar: one file or several, streamed, with every problem's place.

A calendar with an error is not a calendar: the answer then holds problems and no catalog, and whoever had a good one
goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from notifier.catalog.event_schema import EventShape
from notifier.catalog.files import FileState, file_state
from notifier.catalog.nodes import BrokenFileError, Node, NodeStream, Scalar, read_file
from notifier.catalog.problems import Place, Problem, did_you_mean
from notifier.catalog.reading import Notes, UnreadError, as_scalar
from notifier.catalog.schema import Shape
from notifier.domain.events import Calendar, Catalog, CollectionId, Event, Party, PartyId, Source, SourceId
from notifier.domain.texts import Text

K = TypeVar("K")
V = TypeVar("V")

_TOP = ("version", "calendar", "include", "collections", "parties", "sources", "events")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading: the catalog when there was no error, all problems, and the files as they were read.

    `contents` are the files' octets, in the order in which they were read; `load_contents` makes the same of them.
    """

    catalog: Catalog | None
    problems: tuple[Problem, ...]
    files: tuple[FileState, ...]
    contents: tuple[bytes, ...] = ()


def load_catalog(paths: Sequence[Path], known_languages: Collection[str]) -> Loaded:
    """Read the calendar that `paths` make up; the first holds `calendar:`, the others add to it.

    `known_languages` are those the service itself speaks. Included files lie in the folder of the one that names
    them, or below.
    """
    reading = _Reading(known_languages)
    for path in paths:
        reading.file(path, str(path))
    return reading.finish()


def load_contents(contents: Sequence[bytes], known_languages: Collection[str]) -> Loaded:
    """Read a calendar from what its files held, included ones among them, without looking at any file."""
    reading = _Reading(known_languages)
    for number, data in enumerate(contents):
        reading.content(data, f"file {number + 1}")
    return reading.finish()


class _Reading:
    """One calendar being read."""

    def __init__(self, known_languages: Collection[str]) -> None:
        self._notes = Notes()
        self._shape = Shape(self._notes, known_languages)
        self._event_shape = EventShape(self._notes, self._shape)
        self._files: list[FileState] = []
        self._contents: list[bytes] = []
        self._calendar: Calendar | None = None
        self._calendar_expected = True
        self._collections: dict[CollectionId, Text] = {}
        self._parties: dict[PartyId, Party] = {}
        self._sources: dict[SourceId, Source] = {}
        self._events: list[Event] = []
        self._seen: dict[tuple[str, str], Place] = {}
        self._whole = True

    def file(self, path: Path, name: str, *, included: bool = False) -> None:
        """Read one file, and those it includes after it."""
        # Looked at before it is read: what is written meanwhile is a change yet to be read.
        self._files.append(file_state(path))
        try:
            data = read_file(path, name)
        except BrokenFileError as error:
            self._whole = False
            self._notes.error(error.place, error.message)
            return
        for node in self.content(data, name, included=included):
            self._include(path, name, node)

    def content(self, data: bytes, name: str, *, included: bool = False) -> Sequence[Scalar]:
        """Read what one file holds; return what it includes."""
        self._contents.append(data)
        includes: list[Scalar] = []
        try:
            stream = NodeStream(data, name)
            self._sections(stream, includes, included=included)
            self._see_the_end(stream)
        except BrokenFileError as error:
            self._whole = False
            self._notes.error(error.place, error.message)
        return includes

    def _see_the_end(self, stream: NodeStream) -> None:
        """Refuse a file whose last line does not end: half a calendar can be good YAML."""
        if not stream.ends_in_newline:
            self._notes.forget_from(stream.last)
            raise BrokenFileError(stream.end(), "the last line does not end: the file was cut off, or lacks a newline")

    def _sections(self, stream: NodeStream, includes: list[Scalar], *, included: bool) -> None:
        seen: dict[str, Place] = {}
        for key in stream.top():
            if key.text in seen:
                self._notes.error(key.place, f'"{key.text}" stands twice; the first is on line {seen[key.text].line}')
                stream.value()
                continue
            seen[key.text] = key.place
            self._section(key, stream, includes)
        start = Place(stream.end().file, 1, 1)
        if "version" not in seen:
            self._notes.error(start, "version: is missing; the format described here is version: 1")
        if "calendar" not in seen and self._calendar_expected and not included:
            self._calendar_expected = False
            self._notes.error(start, "calendar: is missing; it names the calendar and its languages")

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
                case "calendar":
                    pass  # a file that can stand alone was added to another calendar; that one's head holds
                case "include":
                    includes.extend(self._notes.items(node, "include", self._path))
                case "collections":
                    self._keep(node, "collections", "collection", self._shape.collection, self._collections)
                case "parties":
                    self._keep(node, "parties", "party", self._shape.party, self._parties)
                case "sources":
                    self._keep(node, "sources", "source", self._shape.source, self._sources)
                case _:
                    raise self._notes.error(key.place, f'unknown key "{key.text}"{did_you_mean(key.text, _TOP)}')
        except UnreadError:
            self._whole = False

    def _path(self, node: Node) -> Scalar:
        self._notes.word(node, "an included file")
        return as_scalar(node)

    def _read_events(self, key: Scalar, stream: NodeStream) -> None:
        if self._calendar is None and self._calendar_expected:
            self._notes.error(key.place, "calendar: stands before events:, because it says which languages there are")
            self._calendar_expected = False
        for node in stream.items():
            if node is None:
                self._notes.error(key.place, "events is a list; each event begins with - id:")
                continue
            try:
                event = self._event_shape.event(node)
            except UnreadError:
                continue
            ids = (event.id, *event.was)
            for id_ in sorted(set(ids), key=ids.index):
                self._is_new("event id", id_, node.place)
            if len(set(ids)) < len(ids):
                self._notes.error(node.place, f'was: of "{event.id}" names an id twice, or the one that it has now')
            self._events.append(event)

    def _keep(
        self, node: Node, section: str, what: str, read: Callable[[Scalar, Node], tuple[K, V]], into: dict[K, V]
    ) -> None:
        for key, value in self._notes.mapping(node, section).items():
            try:
                id_, thing = read(key, value)
            except UnreadError:
                self._whole = False
                continue
            if self._is_new(what, str(id_), key.place):
                into[id_] = thing

    def _is_new(self, what: str, id_: str, place: Place) -> bool:
        first = self._seen.setdefault((what, id_), place)
        if first is place:
            return True
        where = f"line {first.line}" if first.file == place.file else f"{first.file}:{first.line}"
        self._notes.error(place, f'the {what} "{id_}" is used twice; the first is on {where}')
        return False

    def _include(self, path: Path, name: str, node: Scalar) -> None:
        folder = path.parent.resolve()
        target = (folder / node.text).resolve()
        if not target.is_relative_to(folder):
            self._notes.error(node.place, f'"{node.text}" lies outside the folder of {Path(name).name}')
        elif target in {file.path.resolve() for file in self._files}:
            self._notes.error(node.place, f'"{node.text}" is read already')
        else:
            self.file(target, str(Path(name).parent / node.text), included=True)

    def finish(self) -> Loaded:
        """Look up every id that was used, and put the catalog together when nothing is wrong."""
        if self._whole:
            self._look_up("party", "parties:", self._shape.references.parties, {str(id_) for id_ in self._parties})
            self._look_up("source", "sources:", self._shape.references.sources, {str(id_) for id_ in self._sources})
        if self._files and self._whole and not self._events and not self._notes.has_errors:
            nothing = "there is no event; either events: is missing, or the file was cut off before it"
            self._notes.error(Place(str(self._files[0].path), 1, 1), nothing)
        problems = tuple(sorted(self._notes.problems, key=self._position))
        catalog = None
        if self._calendar is not None and not self._notes.has_errors:
            calendar = replace(self._calendar, collections=MappingProxyType(self._collections))
            catalog = Catalog(
                calendar, MappingProxyType(self._parties), MappingProxyType(self._sources), tuple(self._events)
            )
        return Loaded(catalog, problems, tuple(self._files), tuple(self._contents))

    def _look_up(self, what: str, section: str, used: Iterable[tuple[str, Place]], known: set[str]) -> None:
        """Note each id that is used and not there, once, where it is first used."""
        places: dict[str, list[Place]] = {}
        for id_, place in used:
            if id_ not in known:
                places.setdefault(id_, []).append(place)
        for id_, where in places.items():
            more = f" (used {len(where)} times)" if len(where) > 1 else ""
            hint = did_you_mean(id_, known)
            self._notes.error(where[0], f'there is no {what} "{id_}" under {section}{more}{hint}')

    def _position(self, problem: Problem) -> tuple[int, int, int]:
        names = [str(file.path) for file in self._files]
        file = names.index(problem.place.file) if problem.place.file in names else len(names)
        return file, problem.place.line, problem.place.column
