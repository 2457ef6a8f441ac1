"""The pages of subscribing by e-mail and of leaving: what is answered to each form, and behind each link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.letters import coming_messages, said_a_year
from notifier.content.pages import PASSING, foreign_page, message_page, page_of
from notifier.content.picking import NOT_LOOKED, Looked
from notifier.content.preference_form import NOTHING, Filled, PreferenceForm, mails_of, preference_form
from notifier.content.resources import Headers, Resource
from notifier.content.site import SiteDay
from notifier.content.wording import words
from notifier.domain import addresses
from notifier.domain.events import Catalog
from notifier.domain.mailings import mailings
from notifier.domain.preferences import Preference

if TYPE_CHECKING:
    from notifier.content.next_message import NextMessage

# With `no-referrer` a page's own form would post `Origin: null`.
PRIVATE: Headers = (
    ("Cache-Control", "private, no-store"),
    ("X-Robots-Tag", "noindex"),
    ("Referrer-Policy", "same-origin"),
)


_A_YEAR = timedelta(days=365)


def consent_wording(catalog: Catalog, language: Language) -> str:
    """Return what somebody agrees to by the form's button: the sentence that stands beside it, and is kept."""
    return language.say(
        "With this button you agree that your e-mail address and your choice of days, which can imply faith or origin, "
        "are kept by “{name}” to send you these notices, until you unsubscribe.",
        name=words(catalog.calendar.name, catalog, language).text,
    )


def mail_form(site: SiteDay, language: Language) -> PreferenceForm:
    """Return the form for messages before anybody has chosen."""
    return preference_form(site, language, Filled.at_first(site, language))


def not_signed_up_page(
    site: SiteDay,
    language: Language,
    filled: Filled,
    errors: Mapping[str, str] = NOTHING,
    looked: Looked = NOT_LOOKED,
) -> Resource:
    """Return the form again, as it was filled: with a sentence for each field that cannot be read, or days found."""
    return page_of(
        site,
        language,
        "web/subscribe_mail.html",
        Head(language.say("Subscribe by e-mail")),
        PRIVATE,
        mail=preference_form(site, language, filled, errors, looked),
        mail_action=site.local(addresses.SUBSCRIPTIONS),
        message=None,
        consent=consent_wording(site.catalog, language),
    )


def foreseen_page(site: SiteDay, language: Language, filled: Filled, message: NextMessage) -> Resource:
    """Return the form again, as it was filled, with the message that would come next."""
    return page_of(
        site,
        language,
        "web/subscribe_mail.html",
        Head(language.say("Subscribe by e-mail")),
        PRIVATE,
        mail=preference_form(site, language, filled),
        mail_action=site.local(addresses.SUBSCRIPTIONS),
        message=message,
        consent=consent_wording(site.catalog, language),
    )


def asked_page(site: SiteDay, language: Language, preference: Preference) -> Resource:
    """Return what everybody is told who asks for messages, whether or not the address is known."""
    sentences = (
        language.say(
            "A message is sent to the address you gave, unless it is never to be written to. "
            "Please open the link in it."
        ),
        said_a_year(mails_of(site, preference), language),
        language.say(
            "If nothing arrives, please look among unwanted messages, and ask again after a quarter of an hour."
        ),
    )
    return message_page(site, language, language.say("Please look into your mailbox"), sentences, PRIVATE)


def confirm_page(site: SiteDay, language: Language) -> Resource:
    """Return the form that confirms. It changes nothing."""
    return _question(
        site,
        language,
        heading=language.say("Confirm the subscription"),
        sentences=(language.say("Do you want to receive the notices you asked for at this address?"),),
        button=language.say("Yes, I want to receive them"),
    )


def confirmed_page(site: SiteDay, language: Language, preference: Preference, on: date, first: date) -> Resource:
    """Return what comes next, and when, for somebody who confirmed `on` a local date.

    `first` is the first on which a message can come.
    """
    year = mailings(site.catalog, preference, on, on + _A_YEAR, first)
    return page_of(
        site,
        language,
        "web/confirmed.html",
        Head(language.say("Your subscription is confirmed.")),
        PRIVATE,
        coming=coming_messages(year, preference, site.catalog, language),
        a_year=said_a_year(len(year), language),
        manage=site.local(addresses.MANAGE),
    )


def nothing_to_confirm_page(site: SiteDay, language: Language) -> Resource:
    """Return the page of a link that was used, replaced, or is too old."""
    sentences = (
        language.say("The link was used already, or is older than three days, or a newer one was sent."),
        language.say("If you have confirmed, there is nothing more to do; otherwise you can subscribe again."),
    )
    heading = language.say("There is nothing to confirm at this link any more.")
    return message_page(site, language, heading, sentences, PRIVATE)


def never_page(site: SiteDay, language: Language) -> Resource:
    """Return the form that has an address never written to again. It changes nothing."""
    return _question(
        site,
        language,
        heading=language.say("Never write to this address again"),
        sentences=(
            language.say("Do you want this service never to write to this address again, whoever asks for it?"),
            language.say("For that, only a code is kept from which the address cannot be read."),
        ),
        button=language.say("Yes, never write again"),
    )


def never_done_page(site: SiteDay, language: Language) -> Resource:
    """Return the page after that."""
    heading = language.say("This address will not be written to again.")
    return message_page(site, language, heading, (language.say("You can close this page."),), PRIVATE)


def left_page(site: SiteDay, language: Language, undo: str | None) -> Resource:
    """Return the page after unsubscribing; `undo` is the path at which it can be taken back for a while."""
    head = Head(language.say("Unsubscribe from notices"))
    path = None if undo is None else site.local(undo)
    manage = site.local(addresses.MANAGE)
    return page_of(site, language, "web/unsubscribed.html", head, PRIVATE, undo=path, manage=manage)


def taken_back_page(site: SiteDay, language: Language, *, day_alone: bool) -> Resource:
    """Return the page after leaving was taken back."""
    sentence = (
        language.say("You will receive one message on each of the days themselves, and no other.")
        if day_alone
        else language.say("You will receive the notices as before.")
    )
    return message_page(site, language, language.say("You are subscribed again"), (sentence,), PRIVATE)


def not_taken_back_page(site: SiteDay, language: Language) -> Resource:
    """Return the page where it is too late for that."""
    sentence = language.say("Leaving can no longer be taken back here; you can subscribe again at any time.")
    return message_page(site, language, language.say("Unsubscribe from notices"), (sentence,), PRIVATE)


def too_many_requests_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for a connection from which, or a service of which, very much was asked."""
    sentence = language.say("Very many requests have come; please try again in an hour.")
    return message_page(site, language, language.say("Please try again later."), (sentence,), PASSING)


def foreign_form_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for a form that another site's page sent."""
    return foreign_page(site, language, language.say("The form was not accepted."), addresses.subscribe(language.tag))


def foreign_settings_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for settings that another site's page sent."""
    return foreign_page(site, language, language.say("The form was not accepted."), addresses.MANAGE)


def unreadable_form_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for a body that is no form."""
    sentence = language.say("The request is not a form that can be read.")
    return message_page(site, language, language.say("The form was not accepted."), (sentence,), PASSING)


def _question(site: SiteDay, language: Language, *, heading: str, sentences: tuple[str, ...], button: str) -> Resource:
    return page_of(
        site, language, "web/question.html", Head(heading), PRIVATE, heading=heading, sentences=sentences, button=button
    )
