"""The shape of a calendar file: which keys there are above the events, and what each is read as."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from notifier.catalog import keys
from notifier.catalog.nodes import Items, Node, Scalar
from notifier.catalog.problems import Code, Place, did_you_mean, listed
from notifier.catalog.reading import Fields, Notes
from notifier.domain.addresses import EVERYTHING, FEED_LIST
from notifier.domain.errors import OriginError
from notifier.domain.events import (
    CollectionId,
    Event,
    EventId,
    Party,
    PartyId,
    Release,
    Source,
    SourceId,
)
from notifier.domain.events import Place as EventPlace
from notifier.domain.hours import zone
from notifier.domain.leads import LONGEST_LEAD
from notifier.domain.origin_forms import parse_origin
from notifier.domain.origins import Origin
from notifier.domain.texts import LanguageTag, Text

_PUBLISHED = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


@dataclass(slots=True)
class References:
    """Ids that were used, to be looked up when all files are read."""

    parties: list[tuple[str, Place]] = field(default_factory=list)
    sources: list[tuple[str, Place]] = field(default_factory=list)
    event_ids: set[str] = field(default_factory=set)
    """Those there are, also of events that could not be read."""
    days: list[tuple[EventId, str, Place]] = field(default_factory=list)
    """Events that are told by others: which, by whom, and where that is said."""
    once_told: dict[EventId, Callable[[Event], None]] = field(default_factory=dict)
    """What is left to look at in them when their days are known."""


class Shape:
    """Reads the parts of calendar files; holds what later parts need to know of earlier ones."""

    def __init__(self, notes: Notes, known_languages: Collection[str]) -> None:
        self._notes = notes
        self._known_languages = known_languages
        self._languages: tuple[LanguageTag, ...] | None = None
        self._left_out: frozenset[LanguageTag] = frozenset()
        self.references = References()
        self.calendar_zone = "UTC"

    def release(self, node: Node) -> Release:
        """Read how messages are released."""
        return Release(self._notes.choice(node, "release", [str(release) for release in Release]))

    def collection(self, key: Scalar, node: Node) -> tuple[CollectionId, Text]:
        """Read a collection's id and name."""
        id_ = self.collection_id(key)
        fields = Fields(self._notes, node, f'collection "{id_}"', keys.COLLECTION)
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
        fields = Fields(self._notes, node, f'party "{id_}"', keys.PARTY)
        name = fields.required("name", lambda n: self.text(n, "name", one_line=True))
        fields.done()
        return PartyId(id_), Party(PartyId(id_), name)

    def source(self, key: Scalar, node: Node) -> tuple[SourceId, Source]:
        """Read a source and its id."""
        notes, id_ = self._notes, self._notes.identifier(key, "source")
        fields = Fields(notes, node, f'source "{id_}"', keys.SOURCE)
        source = Source(
            id=SourceId(id_),
            publisher=fields.optional("publisher", self.party_id, None),
            title=fields.optional("title", lambda n: notes.word(n, "title"), None),
            language=fields.optional("language", self._tag, None),
            published=fields.optional("published", self._published, None),
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
            if self.is_left_out(key.text):
                continue
            self.served_language(key, what)
            wordings.append((key.text, read(value, f"{what} in {key.text}")))
        if not wordings:
            served = listed(self._languages or ("en",))
            raise notes.error(node.place, f"{what} has no text; write it in {served}", Code.MISSING)
        text = Text.of(wordings)
        missing = [tag for tag in self._languages or () if tag not in text.languages()]
        if missing and complete:
            lacks = f"{what} has no text in {listed(missing)}; titles need it in every language"
            raise notes.error(node.place, lacks, Code.MISSING)
        if missing:
            shown = f"{what} has no text in {listed(missing)}; another language is shown instead"
            notes.warning(node.place, shown, Code.MISSING_TRANSLATION)
        return text

    def served_language(self, key: Scalar, what: str) -> None:
        """Refuse a language that the calendar does not have."""
        if self._languages is not None and key.text not in self._languages:
            hint = did_you_mean(key.text, self._languages) or f"; this calendar has {', '.join(self._languages)}"
            unknown = f'unknown language "{key.text}" in {what}{hint}'
            raise self._notes.error(key.place, unknown, Code.UNKNOWN_LANGUAGE)

    def is_left_out(self, language: str) -> bool:
        """Whether a language is one of the file's own that the calendar it was added to does not have."""
        return self._languages is not None and language in self._left_out and language not in self._languages

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
        """Read when something happened, as far as it is known."""
        with self._notes.placed(node.place):
            return parse_origin(self._notes.word(node, "origin"))

    def _published(self, node: Node) -> str:
        """Read an EDTF date: a day, a month or a year."""
        word = self._notes.word(node, "a date")
        match = _PUBLISHED.fullmatch(word)
        with self._notes.placed(node.place):
            if match is None or match[1] == "0000":
                raise OriginError(origin=word)
            try:
                date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
            except ValueError as error:
                raise OriginError(origin=word) from error
            return word

    def place(self, node: Node) -> EventPlace:
        """Read a place."""
        notes, fields = self._notes, Fields(self._notes, node, "place", keys.PLACE)
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
