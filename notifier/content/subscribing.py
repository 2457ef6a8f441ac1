"""The pages on which a calendar is built and then subscribed to; plain forms, without JavaScript."""

from __future__ import annotations

from typing import Final, NamedTuple

from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.pages import PASSING, lasting_page, message_page, page_of
from notifier.content.preference_form import mails_of, preference_at_first
from notifier.content.resources import Resource
from notifier.content.site import SiteDay, feeds, selection_feed
from notifier.content.subscription_pages import consent_wording, mail_form
from notifier.content.views import Words
from notifier.content.wording import words
from notifier.domain import addresses
from notifier.domain.built import Built
from notifier.domain.events import CollectionId
from notifier.domain.programmes import has_hours

LEADS: Final = (365, 30, 7, 3, 1, 0)
"""The days ahead that the form offers."""

HOUR: Final = 9


class Choice(NamedTuple):
    """Something to tick: the value that is sent, and what it is called."""

    value: str
    said: Words


def subscribe_page(site: SiteDay, language: Language) -> Resource:
    """Return the form that builds a calendar."""
    catalog, languages = site.catalog, site.languages
    names = catalog.calendar.collections
    ids = sorted({*catalog.collection_ids(), *names})
    events = sorted(catalog.events, key=lambda event: words(event.heading, catalog, language).text)
    return lasting_page(
        site,
        language,
        "web/subscribe.html",
        Head(language.say("How to subscribe"), addresses.subscribe, feeds=feeds(site, language)),
        action=site.local(addresses.SELECTIONS),
        collections=[Choice(f"collection:{id_}", _collection(id_, site, language)) for id_ in ids],
        events=[Choice(event.id, words(event.heading, catalog, language)) for event in events],
        languages=[(other.tag, other.language_name(other.tag)) for other in languages],
        alarms=[(lead, _before(lead, language)) for lead in LEADS],
        ahead=[(lead, _before(lead, language)) for lead in LEADS if lead],
        hours=range(24),
        hour=HOUR,
        mail=mail_form(site, language),
        mail_action=site.local(addresses.SUBSCRIPTIONS),
        mails=mails_of(site, preference_at_first(site, language)),
        consent=consent_wording(catalog, language),
        timed=any(map(has_hours, catalog.events)),
    )


def built_page(site: SiteDay, language: Language, built: Built) -> Resource:
    """Return how a built calendar is subscribed to."""
    feed = selection_feed(site, built, next(one for one in site.languages if one.tag == built.language))
    head = Head(language.say("Your calendar"))
    back = site.local(addresses.subscribe(language.tag))
    return page_of(site, language, "web/built.html", head, PASSING, feed=feed, back=back)


def not_built_page(site: SiteDay, language: Language, sentence: str) -> Resource:
    """Return the page that says why a calendar was not built."""
    return message_page(site, language, language.say("The calendar was not built."), (sentence,), PASSING)


def too_many_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for somebody who has built a great many."""
    return not_built_page(
        site, language, language.say("Many calendars were built from your connection; please try again in an hour.")
    )


def foreign_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for a form that another site's page sent."""
    return not_built_page(site, language, language.say("The form was sent from another site; please use the one here."))


def _before(lead: int, language: Language) -> str:
    if lead == 0:
        return language.say("On the day itself")
    return language.capital(language.say_many("{n} day before", "{n} days before", lead))


def _collection(id_: str, site: SiteDay, language: Language) -> Words:
    name = site.catalog.calendar.collections.get(CollectionId(id_))
    return Words(id_, language.tag, "ltr", None) if name is None else words(name, site.catalog, language)
