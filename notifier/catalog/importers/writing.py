"""Imported events as YAML: a file of their own, or what is added to one, whose text stays as it is otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifier.catalog.importers.ids import free_id, slug
from notifier.catalog.importers.imported import Import, ImportedEvent
from notifier.catalog.importers.yaml_blocks import dumped, flow, mapping, texts_of
from notifier.catalog.importers.yaml_text import (
    Edit,
    UneditableError,
    Value,
    edited,
    last_end,
    line_end,
    read_values,
)
from notifier.domain.events import Calendar
from notifier.domain.texts import MACHINE

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

MARK = "imported: "
"""Begins the comment before an imported event; the rest of its line names the event within its origin."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Names that are taken in the calendar, and the marks of what was imported before."""

    events: frozenset[str]
    parties: frozenset[str]
    sources: frozenset[str]
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Written:
    """What was made: the text, the ids of what is new in it, and which languages had to borrow another's words."""

    text: str
    ids: tuple[str, ...]
    borrowed: tuple[str, ...]


def marks_in(text: str) -> frozenset[str]:
    """Return the marks of what was imported into a file before."""
    lines = (line.strip() for line in text.split("\n"))
    start = f"# {MARK}"
    return frozenset(line.removeprefix(start) for line in lines if line.startswith(start))


def mark_of(event: ImportedEvent) -> str:
    """Return an event's mark as it stands in a comment: one line, of characters that a comment can have."""
    line = " ".join("".join(one if one.isprintable() else " " for one in event.mark).split())
    return line[:300]


def new_file(found: Import, calendar: Calendar, taken: Taken, reasons: Mapping[str, str]) -> Written:
    """Return a file that can stand alone, with the head of `calendar`, and be included in that calendar too.

    `reasons` say, by language, why a single year's date differs from the rule.
    """
    made = _Making(found, calendar, taken, reasons)
    head = f"# Imported from {made.title}.\n\nversion: 1\n\ncalendar:\n" + dumped(_head(calendar), 2)
    sections = [f"\n{name}:\n{dumped(part, 2)}" for name, part in made.sections() if part]
    return Written(head + "".join(sections), made.ids, made.borrowed)


def added(text: str, found: Import, calendar: Calendar, taken: Taken, reasons: Mapping[str, str]) -> Written:
    """Return a file's text with what is new in it; the same text where nothing is. Raises UneditableError."""
    made = _Making(found, calendar, taken, reasons)
    if not made.ids:
        return Written(text, (), ())
    top = read_values(text)
    missing, edits = "", []
    for name, part in made.sections():
        section = top.get(name)
        if not part:
            continue
        if section is None:
            missing += f"\n{name}:\n{dumped(part, 2)}"
        else:
            edits.append(_addition(text, top, name, section, part))
    if "\r\n" in text:
        edits = [Edit(one.start, one.end, one.text.replace("\n", "\r\n")) for one in edits]
        missing = missing.replace("\n", "\r\n")
    return Written(edited(text, edits) + missing, made.ids, made.borrowed)


def _addition(text: str, top: Value, name: str, section: Value, part: object) -> Edit:
    if section.flow and (section.items or section.pairs):
        raise UneditableError(f"{name}: is written within braces; write it in lines, so that more can be added")
    if section.flow or section.text is not None:
        key = next(key for key, _ in top.pairs if key.text == name)
        return Edit(key.end, section.end, f":\n{dumped(part, 2)}".rstrip("\n"))
    at = line_end(text, last_end(section))
    between = "\n" if name == "events" else ""
    newline = "" if text[:at].endswith("\n") else "\n"
    return Edit(at, at, newline + between + dumped(part, section.column))


class _Making:
    """The parts of a file, made of what was imported and is not there yet."""

    def __init__(self, found: Import, calendar: Calendar, taken: Taken, reasons: Mapping[str, str]) -> None:
        self._found = found
        self._calendar = calendar
        self._reasons = {tag: text for tag, text in reasons.items() if tag in calendar.languages}
        self._borrowed: set[str] = set()
        self._taken = taken
        self.title = found.origin.title
        ids, new = set(taken.events), []
        for event in found.events:
            if mark_of(event) in taken.marks or not any(event.names.values()):
                continue
            id_ = free_id(slug(event.slug, event.rule), ids)
            ids.add(id_)
            new.append((id_, event))
        self._new = new
        self.ids = tuple(id_ for id_, _ in new)
        self._events = [self._event(id_, event) for id_, event in new]
        self.borrowed = tuple(tag for tag in calendar.languages if tag in self._borrowed)

    def sections(self) -> Sequence[tuple[str, object]]:
        """Return what stands under each key of a file, empty where there is nothing new."""
        return ("parties", self._parties()), ("sources", self._sources()), ("events", self._event_list())

    def _parties(self) -> CommentedMap:
        origin, made = self._found.origin, mapping()
        if self.ids and origin.publisher_id not in self._taken.parties:
            names = {str(tag): origin.publisher for tag in self._calendar.languages}
            made[origin.publisher_id] = mapping(name=texts_of(names, 10))
        return made

    def _sources(self) -> CommentedMap:
        origin, made = self._found.origin, mapping()
        if self.ids and origin.id not in self._taken.sources:
            source = mapping(publisher=origin.publisher_id, title=origin.title)
            if origin.url is not None:
                source["url"] = origin.url
            source["accessed"] = origin.accessed
            made[origin.id] = source
        return made

    def _event_list(self) -> CommentedSeq:
        from ruamel.yaml.comments import CommentedSeq

        listed = CommentedSeq(self._events)
        for number, (_, event) in enumerate(self._new):
            comment = f"{MARK}{mark_of(event)}" + (f"\n{event.comment}" if event.comment else "")
            listed.yaml_set_comment_before_after_key(number, before=("\n" if number else "") + comment, indent=2)
        return listed

    def _event(self, id_: str, event: ImportedEvent) -> CommentedMap:
        origin = self._found.origin
        made = mapping(id=id_, heading=texts_of(self._heading(event), 13))
        made["rule"] = event.rule
        if event.leap_years_only:
            made["leap_day"] = "leap years only"
        made["kind"] = str(event.kind)
        if event.place is not None:
            made["place"] = self._place(event)
        if description := self._known(event.description or {}):
            made["summary"] = [mapping(text=texts_of(description, 12), by=origin.publisher_id, source=origin.id)]
        called = self._known(event.names) or self._heading(event)
        made["called"] = [mapping(term=texts_of(called, 12), by=origin.publisher_id, source=origin.id)]
        # Nobody here has read any of it over yet, in whatever language.
        made["translations"] = flow(dict.fromkeys(map(str, self._calendar.languages), MACHINE))
        if event.exceptions and self._reasons:
            made["exceptions"] = mapping()
            for one in event.exceptions:
                made["exceptions"][one.year] = mapping(date=one.date, reason=texts_of(self._reasons, 16))
        if event.until is not None:
            made["until"] = event.until
        return made

    def _known(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return the texts in languages of the calendar, in its order."""
        return {tag: texts[tag] for tag in self._calendar.languages if tag in texts}

    def _heading(self, event: ImportedEvent) -> dict[str, str]:
        """Return a name in every language, since titles need it: where none is known, another language's stands in."""
        known = self._known(event.names)
        stand_in = known.get("en") or event.names.get("en") or next(iter([*known.values(), *event.names.values()]))
        self._borrowed |= set(self._calendar.languages) - known.keys()
        return {tag: known.get(tag, stand_in) for tag in self._calendar.languages}

    def _place(self, event: ImportedEvent) -> CommentedMap:
        place, made = event.place, mapping()
        if place is not None and place.name is not None:
            language = next(iter(self._known(event.names)), self._calendar.languages[0])
            made["name"] = flow({language: place.name})
        if place is not None and place.zone is not None:
            made["zone"] = place.zone
        if place is not None and place.at is not None:
            made["at"] = flow(list(place.at))
        return made


def _head(calendar: Calendar) -> CommentedMap:
    names: dict[str, str] = {wording.language: wording.text for wording in calendar.name}
    return mapping(
        id=calendar.id,
        name=texts_of(names, 8),
        published=calendar.published,
        zone=calendar.zone,
        languages=flow(list(calendar.languages)),
    )
