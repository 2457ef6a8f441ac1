"""The shape of a calendar file: which keys there are above the events, and what each is read as."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from notifier.catalog.nodes import Items, Node, Scalar
from notifier.catalog.problems import Place, did_you_mean, listed
from notifier.catalog.reading import Fields, Notes
from notifier.domain.addresses import EVERYTHING, FEED_LIST
from notifier.domain.errors import OriginError
from notifier.domain.events import (
    Calendar,
    CollectionId,
    Kind,
    Milestones,
    Origin,
    Party,
    PartyId,
    Release,
    Source,
    SourceId,
)
from notifier.domain.events import Place as EventPlace
from notifier.domain.hours import zone
from notifier.domain.leads import LONGEST_LEAD
from notifier.domain.texts import LanguageTag, Text

VERSION = 1

_CALENDAR = ("id", "name", "published", "zone", "languages", "leads", "milestones", "release")
_SOURCE = ("publisher", "title", "by", "language", "published", "url", "accessed", "note")
_CALENDAR_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*\.[a-z0-9]+([.-][a-z0-9]+)*", re.ASCII)
_ORIGIN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_LONGEST_ID = 100


@dataclass(slots=True)
class References:
    """Ids that were used, to be looked up when all files are read."""

    parties: list[tuple[str, Place]] = field(default_factory=list)
    sources: list[tuple[str, Place]] = field(default_factory=list)


class Shape:
    """Reads the parts of calendar files; holds what later parts need to know of earlier ones."""

    def __init__(self, notes: Notes, known_languages: Collection[str]) -> None:
        self._notes = notes
        self._known_languages = known_languages
        self._languages: tuple[LanguageTag, ...] | None = None
        self.references = References()
        self.calendar_zone = "UTC"

    # --- the calendar -------------------------------------------------------------------------------------------

    def version(self, node: Node) -> int:
        """Read the version of the format."""
        return self._notes.integer(node, "version", VERSION, VERSION)

    def calendar(self, node: Node) -> Calendar:
        """Read what holds for the whole calendar."""
        fields, notes = Fields(self._notes, node, "calendar", _CALENDAR), self._notes
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

    def _calendar_id(self, node: Node) -> str:
        word = self._notes.word(node, "id")
        if not _CALENDAR_ID.fullmatch(word) or len(word) > _LONGEST_ID:
            raise self._notes.error(node.place, f'calendar id "{word}" is not of the form remembrance.example.org')
        return word

    def _calendar_languages(self, node: Node) -> tuple[LanguageTag, ...]:
        def read(item: Node) -> LanguageTag:
            word = self._notes.word(item, "language")
            if word not in self._known_languages:
                known = ", ".join(sorted(self._known_languages))
                raise self._notes.error(item.place, f'unknown language "{word}"; the service speaks {known}')
            return LanguageTag(word)

        tags = self._notes.items(node, "languages", read)
        if not tags or len(set(tags)) < len(tags):
            raise self._notes.error(node.place, "languages names each language once, and at least one")
        return tags

    def _milestones(self, node: Node) -> Milestones:
        fields = Fields(self._notes, node, "milestones", ("every", "leads"))
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

    def release(self, node: Node) -> Release:
        """Read how messages are released."""
        return Release(self._notes.choice(node, "release", [str(release) for release in Release]))

    def collection(self, key: Scalar, node: Node) -> tuple[CollectionId, Text]:
        """Read a collection's id and name."""
        id_ = self.collection_id(key)
        fields = Fields(self._notes, node, f'collection "{id_}"', ("name",))
        name = fields.required("name", lambda n: self.text(n, "name", one_line=True))
        fields.done()
        return id_, name

    def collection_id(self, node: Node) -> CollectionId:
        """Read the id of a collection."""
        id_ = self._notes.identifier(node, "collection")
        if id_ in {EVERYTHING, FEED_LIST, "events"}:
            raise self._notes.error(node.place, f'a collection cannot be called "{id_}"; the name is taken')
        return CollectionId(id_)

    # --- who says it, and where ---------------------------------------------------------------------------------

    def party(self, key: Scalar, node: Node) -> tuple[PartyId, Party]:
        """Read a party and its id."""
        id_ = self._notes.identifier(key, "party")
        fields = Fields(self._notes, node, f'party "{id_}"', ("name",))
        name = fields.required("name", lambda n: self.text(n, "name", one_line=True))
        fields.done()
        return PartyId(id_), Party(PartyId(id_), name)

    def source(self, key: Scalar, node: Node) -> tuple[SourceId, Source]:
        """Read a source and its id."""
        notes, id_ = self._notes, self._notes.identifier(key, "source")
        fields = Fields(notes, node, f'source "{id_}"', _SOURCE)
        source = Source(
            id=SourceId(id_),
            publisher=fields.optional("publisher", self.party_id, None),
            title=fields.optional("title", lambda n: notes.word(n, "title"), None),
            language=fields.optional("language", self._tag, None),
            published=fields.optional("published", lambda n: str(self.origin(n)), None),
            url=fields.optional("url", lambda n: notes.link(n, "url"), None),
            accessed=fields.optional("accessed", lambda n: notes.day(n, "accessed"), None),
            author=fields.optional("by", lambda n: notes.word(n, "by"), None),
            note=fields.optional("note", lambda n: self.text(n, "note"), None),
        )
        fields.done()
        return source.id, source

    def _tag(self, node: Node) -> LanguageTag:
        word = self._notes.word(node, "language")
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", word, re.ASCII):
            raise self._notes.error(node.place, f'"{word}" is not a language tag such as en or de')
        return LanguageTag(word)

    def party_id(self, node: Node) -> PartyId:
        """Read the id of a party that stands under `parties:`."""
        word = self._notes.word(node, "party")
        self.references.parties.append((word, node.place))
        return PartyId(word)

    def source_ids(self, node: Node) -> tuple[SourceId, ...]:
        """Read the id of a source, or a list of them."""

        def read(item: Node) -> SourceId:
            word = self._notes.word(item, "source")
            self.references.sources.append((word, item.place))
            return SourceId(word)

        return self._notes.one_or_more(node, "source", read)

    # --- values that many parts share ---------------------------------------------------------------------------

    def text(self, node: Node, what: str, *, one_line: bool = False, complete: bool = False) -> Text:
        """Read a text by language.

        A `complete` one has to be there in every language of the calendar: titles and subjects are made of it. Any
        other falls back to another language in plain sight, so what it lacks is a warning.
        """
        notes, read = self._notes, (self._notes.word if one_line else self._notes.text)
        wordings = []
        for key, value in notes.mapping(node, what).items():
            self.served_language(key, what)
            wordings.append((key.text, read(value, f"{what} in {key.text}")))
        if not wordings:
            raise notes.error(node.place, f"{what} has no text")
        text = Text.of(wordings)
        missing = [tag for tag in self._languages or () if tag not in text.languages()]
        if missing and complete:
            raise notes.error(node.place, f"{what} has no text in {listed(missing)}; titles need it in every language")
        if missing:
            notes.warning(node.place, f"{what} has no text in {listed(missing)}; another language is shown instead")
        return text

    def served_language(self, key: Scalar, what: str) -> None:
        """Refuse a language that the calendar does not have."""
        if self._languages is not None and key.text not in self._languages:
            hint = did_you_mean(key.text, self._languages) or f"; this calendar has {', '.join(self._languages)}"
            raise self._notes.error(key.place, f'unknown language "{key.text}" in {what}{hint}')

    def zone(self, node: Node) -> str:
        """Read an IANA zone."""
        word = self._notes.word(node, "zone")
        with self._notes.placed(node.place):
            zone(word)
        return word

    def leads(self, node: Node) -> tuple[int, ...]:
        """Read leads, furthest first."""
        leads = self._notes.items(node, "leads", lambda n: self._notes.integer(n, "a lead", 0, LONGEST_LEAD))
        return tuple(sorted(set(leads), reverse=True))

    def origin(self, node: Node) -> Origin:
        """Read an EDTF date: a day, a month or a year."""
        word = self._notes.word(node, "a date")
        match = _ORIGIN.fullmatch(word)
        with self._notes.placed(node.place):
            if match is None or match[1] == "0000":
                raise OriginError(origin=word)
            year, month, day = int(match[1]), *(None if part is None else int(part) for part in match.groups()[1:])
            try:
                date(year, month or 1, day or 1)
            except ValueError as error:
                raise OriginError(origin=word) from error
            return Origin(year, month, day)

    def place(self, node: Node) -> EventPlace:
        """Read a place."""
        notes, fields = self._notes, Fields(self._notes, node, "place", ("name", "zone", "at"))
        place = EventPlace(
            name=fields.optional("name", lambda n: self.text(n, "place name", one_line=True), None),
            zone=fields.optional("zone", self.zone, None),
            at=fields.optional("at", self._coordinates, None),
        )
        fields.done()
        if place.name is None and place.at is None:
            raise notes.error(node.place, "a place has a name or coordinates (at: [latitude, longitude])")
        return place

    def _coordinates(self, node: Node) -> tuple[float, float]:
        if not isinstance(node, Items) or len(node.items) != 2:
            raise self._notes.error(node.place, "at is [latitude, longitude] in degrees")
        latitude, longitude = node.items
        return self._notes.number(latitude, "the latitude", 90), self._notes.number(longitude, "the longitude", 180)
