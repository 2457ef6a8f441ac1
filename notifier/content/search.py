"""Looking for events by their names and texts, as readers of one language are shown them. All in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from notifier.content.contentlines import one_line
from notifier.content.folding import folded, folded_words
from notifier.content.language import Language
from notifier.domain.claims import claims_of
from notifier.domain.events import Catalog, Event, Party, Source
from notifier.domain.texts import Text

LONGEST_QUERY = 100
"""Characters of a question that are read."""

MOST_WORDS = 8
"""Words of a question that are looked for."""


class Rank(IntEnum):
    """Where the words stand, best first."""

    IS_NAMED = 0
    """The heading is just that."""
    BEGINS = 1
    """The heading begins so."""
    HEADING = 2
    """All words begin words of the heading."""
    NAMES = 3
    """All words stand in the heading, another name, the place, a collection or the year."""
    TEXT = 4
    """Some stand in the account, or in who says what, and where."""


@dataclass(frozen=True, slots=True)
class _Indexed:
    """What is looked through of one event, folded: a space before each word."""

    event: Event
    heading: str
    names: str
    text: str

    def rank(self, phrase: str, words: tuple[str, ...]) -> Rank | None:
        if self.heading == phrase:
            return Rank.IS_NAMED
        if self.heading.startswith(phrase):
            return Rank.BEGINS
        if all(word in self.heading for word in words):
            return Rank.HEADING
        rest = [word for word in words if word not in self.heading and word not in self.names]
        if not rest:
            return Rank.NAMES
        return Rank.TEXT if all(word in self.text for word in rest) else None


class SearchIndex:
    """The events of one calendar as readers of one language find them."""

    def __init__(self, catalog: Catalog, language: Language) -> None:
        """Fold every text once; that takes about 0.1 ms an event."""
        self._tag = language.tag
        self._indexed = [_indexed(event, catalog, language.tag) for event in catalog.events]

    def find(self, query: str) -> list[Event]:
        """Return the events in which every word of the question begins a word; those so named first, then by name.

        A question without a letter or digit finds nothing.
        """
        words = tuple(f" {word}" for word in folded_words(query, self._tag)[:MOST_WORDS])
        if not words:
            return []
        phrase = "".join(words)
        found = [(rank, one) for one in self._indexed if (rank := one.rank(phrase, words)) is not None]
        found.sort(key=lambda pair: (pair[0], pair[1].heading, pair[1].event.id))
        return [one.event for _, one in found]


def asked(query: str) -> str:
    """Return a question as it is looked for and shown again: one line, so many characters at most."""
    return one_line(query[: 4 * LONGEST_QUERY])[:LONGEST_QUERY].strip()


def _indexed(event: Event, catalog: Catalog, tag: str) -> _Indexed:
    preference = (tag, *catalog.calendar.languages)

    def fold(texts: Iterable[Text | None]) -> str:
        return "".join(folded(text.wording(preference).text, tag) for text in texts if text is not None)

    year = "" if event.origin is None else f" {event.origin.year}"
    sources = _sources(event, catalog)
    parties = (party.name for party in _parties(event, sources, catalog))
    titles = (folded(f"{source.title or ''} {source.author or ''}", tag) for source in sources)
    text = fold((*_texts(event), *parties, *(source.note for source in sources))) + "".join(titles)
    return _Indexed(event, fold([event.heading]), fold(_names(event, catalog)) + year, text)


def _names(event: Event, catalog: Catalog) -> Iterator[Text | None]:
    if event.official_name is not None:
        yield event.official_name.term
    yield from (claim.term for claim in event.called)
    if event.place is not None:
        yield event.place.name
    yield from (catalog.calendar.collections.get(id_) for id_ in event.collections)


def _texts(event: Event) -> Iterator[Text | None]:
    yield event.counts
    yield from (said.text for said in (*event.summary, *event.remembered))
    yield from (update.text for update in event.updates)
    for figure in event.figures:
        yield figure.label
        yield from (claim.note for claim in figure.claims)
    for notes in event.years.values():
        yield notes.note
        for item in notes.programme:
            yield item.text
            yield None if item.place is None else item.place.name


def _sources(event: Event, catalog: Catalog) -> list[Source]:
    """Return every document that the event's page cites, once."""
    ids = dict.fromkeys(id_ for said in claims_of(event) for id_ in said.sources)
    return [catalog.sources[id_] for id_ in ids]


def _parties(event: Event, sources: Iterable[Source], catalog: Catalog) -> list[Party]:
    """Return whoever says anything of the event, and who published the documents, once."""
    ids = dict.fromkeys((*(said.by for said in claims_of(event)), *(source.publisher for source in sources)))
    return [catalog.parties[id_] for id_ in ids if id_ is not None]
