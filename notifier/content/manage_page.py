"""The page of one's own subscription, and what leads to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from notifier.content.choices import event_name, said_days
from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.letters import coming_messages, said_a_year
from notifier.content.pages import message_page, page_of
from notifier.content.picking import MOST_BOXES, MOST_FOUND, NOT_LOOKED, Choice, Looked, Picking, boxes, how_many_boxes
from notifier.content.preference_form import NOTHING, Filled, preference_form
from notifier.content.resources import Resource
from notifier.content.site import SiteDay
from notifier.content.subscription_pages import PRIVATE, consent_wording
from notifier.domain import addresses
from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.events import Event
from notifier.domain.mailings import mailings
from notifier.domain.preferences import Preference

_A_YEAR = timedelta(days=365)

DONE: Final = frozenset({"saved", "day", "left-day", "paused", "resumed", "left", "joined"})
"""What the page can say was done; the address it is shown at names it."""


@dataclass(frozen=True, slots=True)
class OwnSubscription:
    """What somebody's page says of them.

    They have been told of everything through the local date `told_through`; `first` is the first one on which a
    message can still come.
    """

    email: str
    preference: Preference
    status: SubscriberStatus
    paused_until: date | None
    bounced_on: date | None
    consent: str
    consent_on: date
    told_through: date
    first: date


def manage_ask_page(
    site: SiteDay, language: Language, *, ended: bool = False, wrong: bool = False, email: str = ""
) -> Resource:
    """Return the form that sends a link; `ended` where one has expired, `wrong` where the address is none."""
    head = Head(language.say("Your subscription"))
    action = site.local(addresses.MANAGE)
    values = {"action": action, "ended": ended, "wrong": wrong, "email": email}
    return page_of(site, language, "web/manage_ask.html", head, PRIVATE, **values)


def link_sent_page(site: SiteDay, language: Language) -> Resource:
    """Return what everybody is told who asks for a link, whether or not the address is known."""
    sentences = (
        language.say("If the address you gave is known here, a link was sent to it that is good for 30 minutes."),
        language.say("If nothing arrives, please look among unwanted messages, and ask again after a few minutes."),
    )
    return message_page(site, language, language.say("Please look into your mailbox"), sentences, PRIVATE)


def open_settings_page(site: SiteDay, language: Language) -> Resource:
    """Return the button that opens the settings: mail scanners open links, and press no buttons."""
    heading = language.say("Your subscription")
    values = {"heading": heading, "sentences": (), "button": language.say("Open the settings")}
    return page_of(site, language, "web/question.html", Head(heading), PRIVATE, **values)


def manage_page(  # noqa: PLR0913, PLR0917  # whose, and what stands in the form and above it
    site: SiteDay,
    language: Language,
    own: OwnSubscription,
    filled: Filled | None = None,
    errors: Mapping[str, str] = NOTHING,
    done: str = "",
    looked: Looked = NOT_LOOKED,
) -> Resource:
    """Return the settings of one subscription, with what was just done, cannot be read, or was looked for."""
    preference, catalog = own.preference, site.catalog
    form = preference_form(site, language, filled or Filled.of(preference), errors, looked)
    told = own.told_through + timedelta(days=1)
    coming = mailings(catalog, preference, min(told, own.first), own.first + _A_YEAR, own.first)
    return page_of(
        site,
        language,
        "web/manage.html",
        Head(language.say("Your subscription")),
        PRIVATE,
        path=site.local(addresses.MANAGE),
        done=_done(done, language),
        state=_state(own, language),
        status=own.status.value,
        form=form,
        coming=coming_messages(coming, preference, catalog, language),
        a_year=said_a_year(len(coming), language),
        days=_single_days(site, language, own, looked),
        leads=[Choice(one.value, one.said, chosen=False) for one in form.leads],
        own=[
            {"name": event_name(id_, catalog, language), "said": said_days(days, language)}
            for id_, days in preference.leads.by_event
        ],
        consent=consent_wording(site.catalog, language),
        consent_given=own.consent,
        consent_date=language.plain_date(own.consent_on),
    )


def _single_days(site: SiteDay, language: Language, own: OwnSubscription, looked: Looked) -> Picking:
    """Return the selected days, each to be changed alone; of very many those looked for, or those that come next."""
    selected = own.preference.selection.pick(site.catalog.events)
    if len(selected) <= MOST_BOXES and len(selected) <= how_many_boxes(selected):
        return Picking(boxes(site, language, selected, _sent))
    if looked.query:
        theirs = {event.id for event in selected}
        found = [event for event in looked.found if event.id in theirs]
    else:
        coming = (one.event for one in site.to_come(selected, site.day + _A_YEAR))
        found = list({event.id: event for event in coming}.values())
    offered = boxes(site, language, found[: how_many_boxes(found[:MOST_FOUND], MOST_FOUND)], _sent)
    return Picking(offered, look=True, query=looked.query, how_many=len(found))


def _sent(event: Event) -> str:
    return event.permanent_id


def erase_page(site: SiteDay, language: Language) -> Resource:
    """Return the form that erases. It changes nothing."""
    heading = language.say("Erase everything that is kept about you")
    sentences = (
        language.say("Your address, your choice and all that is known of messages to you are removed for good."),
        language.say(
            "Only a code is kept from which the address cannot be read, so that nobody enters it again; this includes "
            "yourself."
        ),
    )
    values = {"heading": heading, "sentences": sentences, "button": language.say("Yes, erase everything")}
    return page_of(site, language, "web/question.html", Head(heading), PRIVATE, **values)


def erased_page(site: SiteDay, language: Language) -> Resource:
    """Return the page after that."""
    sentence = language.say("You can close this page.")
    return message_page(site, language, language.say("Everything about you was erased."), (sentence,), PRIVATE)


def closed_page(site: SiteDay, language: Language) -> Resource:
    """Return the page after the settings were closed on a device."""
    sentence = language.say("To open them again, ask for another link.")
    return message_page(site, language, language.say("The settings are closed."), (sentence,), PRIVATE)


def _state(own: OwnSubscription, language: Language) -> str:
    say, email = language.say, own.email
    if own.status is SubscriberStatus.PAUSED and own.paused_until is not None:
        until = language.plain_date(own.paused_until)
        return say("Paused: {email} is written to again from {date} on.", email=email, date=until)
    if own.status is SubscriberStatus.SUSPENDED and own.bounced_on is not None:
        last = language.plain_date(own.bounced_on)
        return say(
            "Messages to {email} came back, last on {date}; therefore nothing is sent there at present.",
            email=email,
            date=last,
        )
    if own.status is SubscriberStatus.SUSPENDED:
        return say("Messages to {email} came back; therefore nothing is sent there at present.", email=email)
    if own.status is SubscriberStatus.UNSUBSCRIBED:
        return say("{email} has been unsubscribed and is sent no notices.", email=email)
    return say("Notices are sent to {email}.", email=email)


def _done(done: str, language: Language) -> str | None:
    if done not in DONE:
        return None
    return {
        "saved": language.say("The settings are saved."),
        "day": language.say("The notices of this day are saved."),
        "left-day": language.say("You will hear no more of this day."),
        "paused": language.say("Notices pause until then."),
        "resumed": language.say("Notices are sent again."),
        "left": language.say("You will receive no more notices."),
        "joined": language.say("You are subscribed again"),
    }[done]
