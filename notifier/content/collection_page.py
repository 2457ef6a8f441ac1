"""A collection: what of it comes next, all its events, and how to subscribe to it."""

from __future__ import annotations

from datetime import timedelta

from notifier.content.choices import collection_name
from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.pages import lasting_page
from notifier.content.parts import in_part, part_links
from notifier.content.resources import Resource
from notifier.content.site import SiteDay, feeds, row
from notifier.content.wording import words
from notifier.domain import addresses
from notifier.domain.events import CollectionId
from notifier.domain.long_lists import part_count, part_of

_AHEAD = timedelta(days=366)


def collection_page(site: SiteDay, language: Language, id_: CollectionId, part: int = 1) -> Resource:
    """Return the page of a collection that the calendar has; of a long one a part, what comes next on the first."""
    members = [event for event in site.catalog.events if id_ in event.collections]
    name, most = collection_name(id_, site.catalog, language), site.long_lists.most
    coming = site.to_come(members, site.day + _AHEAD) if part == 1 else []
    own = feeds(site, language)
    feed = next(one for other, one in zip(site.catalog.collection_ids(), own[1:], strict=True) if other == id_)
    head = Head(
        in_part(name.text, language, part),
        lambda tag: addresses.collection(tag, id_, part),
        description=language.say("Days of remembrance in the collection {name}", name=name.text),
        feeds=(feed, own[0]),
    )
    named = sorted(
        (
            (words(event.heading, site.catalog, language), site.local(addresses.event(language.tag, event.id)))
            for event in members
        ),
        key=lambda pair: pair[0].text.casefold(),
    )
    return lasting_page(
        site,
        language,
        "web/collection.html",
        head,
        name=name,
        part=part,
        coming=[row(site, language, one) for one in coming[: site.how_many_to_come(coming)]],
        events=part_of(named, part, most),
        parts_there=part_links(
            site, language, lambda n: addresses.collection(language.tag, id_, n), part, part_count(len(members), most)
        ),
    )
