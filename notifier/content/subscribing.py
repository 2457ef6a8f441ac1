"""The pages on which a calendar is built and then subscribed to; plain forms, without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from notifier.content.calendar_form import CalendarForm, Filled, NextEntries, calendar_form, next_entries
from notifier.content.choices import RefusedFor
from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.next_message import next_message
from notifier.content.pages import LASTING, PASSING, UNLISTED, foreign_page, lasting_page, message_page, page_of
from notifier.content.picking import NOT_LOOKED, Looked
from notifier.content.preference_form import mails_of, preference_at_first
from notifier.content.qr import qr_code
from notifier.content.resources import Resource, with_etag
from notifier.content.site import SiteDay, main_feeds, selection_feed
from notifier.content.subscription_pages import consent_wording, mail_form
from notifier.content.wording import words
from notifier.domain import addresses
from notifier.domain.built import Built


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody put together before they build it: the form as filled, and what it means where it can be read.

    `errors` are sentences, by the name of the field they speak of; `looked` is what they look for among the days.
    """

    filled: Filled
    built: Built | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    looked: Looked = NOT_LOOKED


@dataclass(frozen=True, slots=True)
class ForOthers:
    """Where else the form for messages may stand, and which texts messages must not show; as settings have it."""

    origins: Sequence[str]
    refused_for: RefusedFor


def subscribe_page(site: SiteDay, language: Language, others: ForOthers, wanted: Wanted | None = None) -> Resource:
    """Return the two ways to subscribe; with what comes of a calendar somebody put together, where they did."""
    head = Head(
        language.say("How to subscribe"),
        addresses.subscribe,
        description=language.say(
            "How to subscribe to “{name}”: in the calendar you use or by e-mail, with the days, the language and the "
            "notices you choose.",
            name=words(site.catalog.calendar.name, site.catalog, language).text,
        ),
        feeds=main_feeds(site, language),
    )
    first = preference_at_first(site, language)
    values = {
        "here": site.local(addresses.subscribe(language.tag)),
        "action": site.local(addresses.SELECTIONS),
        "calendar": _form(site, language, wanted or Wanted(Filled(language.tag))),
        "coming": None if wanted is None or wanted.built is None else _coming(site, wanted.built),
        "mail": mail_form(site, language),
        "mail_action": site.local(addresses.SUBSCRIPTIONS),
        "message": next_message(site, language, first, language, others.refused_for),
        "mails": mails_of(site, first),
        "consent": consent_wording(site.catalog, language),
        "origins": others.origins,
        "send_to": site.absolute(addresses.SUBSCRIPTIONS),
    }
    if wanted is None:
        return lasting_page(site, language, "web/subscribe.html", head, **values)
    # It has an address, with what was chosen in it; nobody needs to find it.
    return with_etag(page_of(site, language, "web/subscribe.html", head, (LASTING, UNLISTED), **values))


def built_page(site: SiteDay, language: Language, built: Built) -> Resource:
    """Return how a built calendar is subscribed to, and what comes next in it."""
    its_language = _of(site, built)
    feed = selection_feed(site, built, its_language)
    filled = Filled.of(built)
    return page_of(
        site,
        language,
        "web/built.html",
        Head(language.say("Your calendar")),
        PASSING,
        feed=feed,
        qr=qr_code(feed.webcal),
        coming=_coming(site, built),
        back=f"{site.local(addresses.subscribe(language.tag))}?{urlencode(filled.fields())}#calendar",
    )


def _form(site: SiteDay, language: Language, wanted: Wanted) -> CalendarForm:
    return calendar_form(site, language, wanted.filled, wanted.errors, wanted.looked)


def _coming(site: SiteDay, built: Built) -> tuple[Language, NextEntries]:
    """Return what comes next in a calendar, and the language it is in."""
    language = _of(site, built)
    return language, next_entries(site, built, language)


def _of(site: SiteDay, built: Built) -> Language:
    return next(one for one in site.languages if one.tag == built.language)


def not_built_page(site: SiteDay, language: Language, sentence: str) -> Resource:
    """Return the page that says why a calendar was not built."""
    return message_page(site, language, language.say("The calendar was not built."), (sentence,), PASSING)


def too_many_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for somebody who has built a great many."""
    return not_built_page(
        site, language, language.say("Many calendars were built from your connection; please try again in an hour.")
    )


def foreign_choice_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for a form that another site's page sent."""
    return foreign_page(site, language, language.say("The calendar was not built."), addresses.subscribe(language.tag))
