"""The events of the calendar in force, ready to be looked through in the languages that were asked for last."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from notifier.content.language import Language
from notifier.content.picking import NOT_LOOKED, Looked, each_has_a_box
from notifier.content.search import SearchIndex, asked
from notifier.domain.events import Catalog

FIND, LOOK = "find", "look"
"""The field of a form with the words that single days are looked for by, and the name of the button beside it."""

_INDEXES = 3
"""Languages whose events are kept ready to be looked through; each takes some 2 kB an event."""


class Indexes:
    """What is looked through, of the calendar in force and the languages asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Catalog, SearchIndex]] = OrderedDict()
        self._lock = Lock()

    def of(self, catalog: Catalog, language: Language) -> SearchIndex:
        """Return the index, made now if it is not there. Two who ask at the same moment wait for one making."""
        with self._lock:
            found = self._kept.get(language.tag)
            if found is None or found[0] is not catalog:
                found = self._kept[language.tag] = (catalog, SearchIndex(catalog, language))
            self._kept.move_to_end(language.tag)
            while len(self._kept) > _INDEXES:
                self._kept.popitem(last=False)
            return found[1]

    def looked(self, catalog: Catalog, language: Language, text: str) -> Looked:
        """Return what a form's words find among the single days; nothing is looked for where each has a box."""
        if each_has_a_box(catalog):
            return NOT_LOOKED
        query = asked(text)
        return Looked(query, self.of(catalog, language).find(query)) if query else NOT_LOOKED
