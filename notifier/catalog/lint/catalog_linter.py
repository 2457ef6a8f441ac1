"""Looking at a whole calendar while it is read, more closely than using it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

from notifier.catalog.findings import Findings
from notifier.catalog.lint.claims import look_at_claims
from notifier.catalog.lint.days import look_at_days
from notifier.catalog.lint.lengths import look_at_lengths
from notifier.catalog.lint.places import look_at_places
from notifier.catalog.lint.texts import PlacedText, child, pairs_of, texts_of_calendar, texts_of_event, texts_of_section
from notifier.catalog.lint.wording import look_at_text
from notifier.catalog.nodes import Node, Scalar
from notifier.catalog.problems import Code, Place, listed
from notifier.domain.events import Calendar, Event, FigureClaim, Kind, NameClaim, Statement, Update

_UNUSED = {"parties": ("party", Code.UNUSED_PARTY), "sources": ("source", Code.UNUSED_SOURCE)}


class CatalogLinter:
    """Notes what a calendar can do without being refused, and should not.

    `today` is the day on which it is looked at: what was confirmed is some day past. Of `accepted` languages texts are
    mailed that nobody has read over.
    """

    def __init__(self, findings: Findings, today: date, accepted: Collection[str] = ()) -> None:
        self._findings = findings
        self._today = today
        self._accepted = accepted
        self._languages: tuple[str, ...] = ()
        self._zone: str | None = None
        self._places: dict[str, dict[str, Place]] = {"parties": {}, "sources": {}, "collections": {}}
        self._used: dict[str, set[str]] = {"parties": set(), "sources": set()}
        self._collections: dict[str, Place] = {}
        self._unreviewed: Counter[str] = Counter()
        self._kept_back: Counter[str] = Counter()
        self._first_unreviewed: dict[str, Place] = {}

    def calendar(self, calendar: Calendar, node: Node) -> None:
        """Look at the head."""
        self._languages = calendar.languages
        self._zone = None if child(node, "zone") is None else calendar.zone
        for text in texts_of_calendar(node):
            self._text(text)

    def section(self, name: str, node: Node) -> None:
        """Look at parties, sources or collections."""
        for key, value in pairs_of(node):
            self._places[name].setdefault(key.text, key.place)
            publisher = child(value, "publisher")
            if name == "sources" and isinstance(publisher, Scalar):
                self._used["parties"].add(publisher.text)
        for text in texts_of_section(name, node):
            self._text(text)

    def event(self, event: Event, node: Node) -> None:
        """Look at one event."""
        self._note_used(event)
        collections = child(node, "collections")
        for id_ in event.collections:
            self._collections.setdefault(id_, node.place if collections is None else collections.place)
        for text in texts_of_event(node):
            self._text(text, mourning=event.kind is Kind.MOURNING)
        look_at_claims(self._findings, event, node)
        look_at_days(self._findings, event, node, self._today)
        look_at_places(self._findings, event, node, self._zone)
        look_at_lengths(self._findings, event, node, self._languages)
        self._states(event, node)

    def whole(self) -> None:
        """Look at what only all files together tell."""
        for section, (what, code) in _UNUSED.items():
            for id_, place in self._places[section].items():
                if id_ not in self._used[section]:
                    message = f'the {what} "{id_}" is used nowhere; take it away, or name it where it belongs'
                    self._findings.warning(place, message, code)
        named = self._places["collections"]
        for id_, place in named.items():
            if id_ not in self._collections:
                message = f'no event is in the collection "{id_}"; take it away, or name it in events'
                self._findings.warning(place, message, Code.EMPTY_COLLECTION)
        for id_, place in self._collections.items():
            if id_ not in named:
                message = f'the collection "{id_}" has no name, so its id is shown; name it under collections:'
                self._findings.warning(place, message, Code.NAMELESS_COLLECTION)
        self._tell_unreviewed()

    def _text(self, text: PlacedText, *, mourning: bool = False) -> None:
        look_at_text(self._findings, text, self._languages, mourning=mourning)

    def _note_used(self, event: Event) -> None:
        claims = (claim for figure in event.figures for claim in figure.claims)
        names = () if event.official_name is None else (event.official_name,)
        said: list[FigureClaim | NameClaim | Statement | Update] = [
            *claims, *names, *event.called, *event.summary, *event.remembered, *event.updates
        ]  # fmt: skip
        for one in said:
            self._used["sources"].update(one.sources)
            if one.by is not None:
                self._used["parties"].add(one.by)

    def _states(self, event: Event, node: Node) -> None:
        """Count translations nobody has read over, and note which of them says nothing of it."""
        states = child(node, "translations")
        if states is None:
            return
        silent = [tag for tag in self._languages if tag not in event.translations]
        if silent:
            message = f"translations: says nothing of {listed(silent)}; write machine, or reviewed by NAME"
            self._findings.warning(states.place, message, Code.UNSTATED)
        for language in event.unreviewed():
            self._unreviewed[language] += 1
            self._kept_back[language] += event.kind is Kind.MOURNING
            self._first_unreviewed.setdefault(language, states.place)

    def _tell_unreviewed(self) -> None:
        for language, number in self._unreviewed.items():
            events = "1 event" if number == 1 else f"{number} events"
            message = f"nobody has read over the texts of {events} in {language} (machine)"
            mourning = self._kept_back[language]
            if mourning and language not in self._accepted:
                message += (
                    f"; on {mourning} {'day' if mourning == 1 else 'days'} of mourning they are not mailed, unless "
                    f"NOTIFIER_ACCEPT_UNREVIEWED names {language}"
                )
            self._findings.note(self._first_unreviewed[language], message, Code.UNREVIEWED)
