"""A collection: what of it comes next, all its events, and how to subscribe to it."""

from __future__ import annotations

from datetime import timedelta

from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.pages import lasting_page
from notifier.content.resources import Resource
from notifier.content.site import SiteDay, feeds, row
from notifier.content.views import Words
from notifier.content.wording import words
from notifier.domain import addresses
from notifier.domain.events import CollectionId

_AHEAD = timedelta(days=366)
_AT_MOST = 60


def collection_page(site: SiteDay, language: Language, id_: CollectionId) -> Resource:
    """Return the page of a collection that the calendar has."""
    members = [event for event in site.catalog.events if id_ in event.collections]
    name = collection_name(site, language, id_)
    own = feeds(site, language)
    feed = next(one for other, one in zip(site.catalog.collection_ids(), own[1:], strict=True) if other == id_)
    head = Head(
        name.text,
        lambda tag: addresses.collection(tag, id_),
        description=language.say("Days of remembrance in the collection {name}", name=name.text),
        feeds=(feed, own[0]),
    )
    named = [
        (words(event.heading, site.catalog, language), site.local(addresses.event(language.tag, event.id)))
        for event in members
    ]
    return lasting_page(
        site,
        language,
        "web/collection.html",
        head,
        name=name,
        coming=[row(site, language, one) for one in site.to_come(members, site.day + _AHEAD)[:_AT_MOST]],
        events=sorted(named, key=lambda pair: pair[0].text.casefold()),
    )


def collection_name(site: SiteDay, language: Language, id_: CollectionId) -> Words:
    """Return what a collection is called; one without a name goes by its id."""
    name = site.catalog.calendar.collections.get(id_)
    return words(name, site.catalog, language) if name else Words(id_, language.tag, "ltr", None)
