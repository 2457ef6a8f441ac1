"""The shape of a calendar file's head: what holds for the whole calendar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from notifier.catalog import keys
from notifier.catalog.nodes import Node
from notifier.catalog.problems import Code
from notifier.catalog.reading import Fields
from notifier.catalog.schema import Shape
from notifier.domain.events import Calendar, Kind, Milestones, Release
from notifier.domain.texts import LanguageTag

VERSION = 1

CALENDAR_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*\.[a-z0-9]+([.-][a-z0-9]+)*", re.ASCII)
_LONGEST_ID = 100


class HeadShape(Shape):
    """Reads the head of calendar files too."""

    def version(self, node: Node) -> int:
        """Read the version of the format."""
        version = self._notes.integer(node, "version", 0, 10**6)
        if version != VERSION:
            raise self._notes.error(node.place, f"version is {VERSION}, not {version}; this service reads no other")
        return version

    def calendar(self, node: Node) -> Calendar:
        """Read what holds for the whole calendar."""
        fields, notes = Fields(self._notes, node, "calendar", keys.CALENDAR), self._notes
        languages = fields.required("languages", self._calendar_languages)
        self._languages = languages
        calendar = Calendar(
            id=fields.required("id", self._calendar_id),
            name=fields.required("name", lambda n: self.text(n, "name", one_line=True)),
            published=fields.required("published", lambda n: notes.day(n, "published")),
            zone=fields.optional("zone", self.zone, "UTC"),
            languages=languages,
            leads=fields.optional("leads", self.leads, (7, 0)),
            milestones=fields.optional("milestones", self._milestones, None),
            release=fields.optional("release", self._release_by_kind, {}),
        )
        fields.done()
        self.calendar_zone = calendar.zone
        return calendar

    def another_calendar(self, node: Node) -> None:
        """Look at the head of a file that can stand alone and was added to another calendar, whose head holds.

        Its texts may be in languages of its own; those this calendar does not have are left out.
        """
        own, first_zone = self._languages, self.calendar_zone
        try:
            self.calendar(node)
        finally:
            self._left_out = frozenset(self._languages or ())
            self._languages, self.calendar_zone = own, first_zone

    def next_file(self) -> None:
        """Forget what holds for one file alone."""
        self._left_out = frozenset()

    def _calendar_id(self, node: Node) -> str:
        word = self._notes.word(node, "id")
        if not CALENDAR_ID.fullmatch(word) or len(word) > _LONGEST_ID:
            raise self._notes.error(node.place, f'calendar id "{word}" is not of the form remembrance.example.org')
        return word

    def _calendar_languages(self, node: Node) -> tuple[LanguageTag, ...]:
        def read(item: Node) -> LanguageTag:
            word = self._notes.word(item, "language")
            if word not in self._known_languages:
                known = ", ".join(sorted(self._known_languages))
                unknown = f'unknown language "{word}"; the service speaks {known}'
                raise self._notes.error(item.place, unknown, Code.UNKNOWN_LANGUAGE)
            return LanguageTag(word)

        tags = self._notes.items(node, "languages", read)
        if not tags or len(set(tags)) < len(tags):
            raise self._notes.error(node.place, "languages names each language once, and at least one")
        return tags

    def _milestones(self, node: Node) -> Milestones:
        fields = Fields(self._notes, node, "milestones", keys.MILESTONES)
        every = fields.required(
            "every", lambda n: self._notes.items(n, "every", lambda i: self._notes.integer(i, "every", 1, 1000))
        )
        leads = fields.required("leads", self.leads)
        fields.done()
        return Milestones(every, leads)

    def _release_by_kind(self, node: Node) -> Mapping[Kind, Release]:
        pairs = self._notes.mapping(node, "release")
        known = [str(kind) for kind in Kind]
        read = [(Kind(self._notes.choice(key, "a kind", known)), self.release(value)) for key, value in pairs.items()]
        return MappingProxyType(dict(read))
