"""What was found by looking for words; and the page that asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.marks import Mark, mark
from notifier.content.pages import page_of
from notifier.content.resources import Headers, Resource
from notifier.content.site import SiteDay
from notifier.content.tone import kind_called
from notifier.content.views import Words
from notifier.content.wording import words
from notifier.domain import addresses
from notifier.domain.events import Event
from notifier.domain.occurrences import next_occurrence

MOST_SHOWN = 50
# The words that somebody looks for are theirs: no proxy keeps the answer, and no search engine lists it.
_THEIRS: Final[Headers] = (("Cache-Control", "private, no-cache"), ("X-Robots-Tag", "noindex"))


@dataclass(frozen=True, slots=True)
class Found:
    """An event that was found, and when it comes next."""

    heading: Words
    kind: str
    kind_called: str
    path: str
    coming: Mark | None


def search_page(site: SiteDay, language: Language, query: str, events: Sequence[Event]) -> Resource:
    """Return the events found for a question, best first; for an empty one, the form alone."""
    title = language.say("Search")
    asked = f"?{urlencode({'q': query})}" if query else ""
    head = Head(f"{query} – {title}" if query else title, lambda tag: f"{addresses.search(tag)}{asked}", indexed=False)
    return page_of(
        site,
        language,
        "web/search.html",
        head,
        _THEIRS,
        query=query,
        found=[_found(site, language, event) for event in events[:MOST_SHOWN]],
        how_many=len(events),
        most=MOST_SHOWN,
    )


def _found(site: SiteDay, language: Language, event: Event) -> Found:
    coming = next(iter(site.to_come([event], site.years.end)), None) or next_occurrence(event, site.day)
    return Found(
        heading=words(event.heading, site.catalog, language),
        kind=event.kind,
        kind_called=kind_called(event.kind, language),
        path=site.local(addresses.event(language.tag, event.id)),
        coming=None if coming is None else mark(site, language, coming),
    )
