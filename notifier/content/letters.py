"""Service messages: the one that asks to confirm, the one that welcomes, and the one with a link to one's settings.

None has anything personal in it: what it says of a subscription is what all share who want the same, and places stand
for the tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from notifier.content.choices import RefusedFor, described, none_refused, said_hour
from notifier.content.editions import TOKEN_PLACE, EditionText
from notifier.content.inlining import inlined
from notifier.content.language import Language
from notifier.content.mail_text import wrapped
from notifier.content.places import CONFIRM_PLACE, MANAGE_PLACE, NEVER_PLACE
from notifier.content.templates import Templates
from notifier.content.wording import view_occurrence, words
from notifier.domain import addresses
from notifier.domain.events import Catalog
from notifier.domain.mailings import Mailing
from notifier.domain.notices import Notice
from notifier.domain.preferences import Preference

SHOWN = 3
"""How many of the messages to come are told of."""

_MOST_NAMED = 20
"""How many days of one such message are named."""


@dataclass(frozen=True)
class LetterParts:
    """What every service message is made with; `base_url` has no slash at its end."""

    catalog: Catalog
    language: Language
    templates: Templates
    base_url: str
    sender: str
    postal_address: str | None
    refused_for: RefusedFor = none_refused


class Coming(NamedTuple):
    """A message to come: when, and what it is about."""

    when: str
    about: tuple[str, ...]


def confirm_letter(parts: LetterParts, preference: Preference, a_year: int) -> EditionText:
    """Return the message that asks whether what was asked for is really wanted, and nothing else."""
    language = parts.language
    return _letter(
        parts,
        "confirm",
        language.say("Please confirm your subscription to {name}", name=_name(parts)),
        confirm_url=parts.base_url + addresses.confirm(CONFIRM_PLACE),
        never_url=parts.base_url + addresses.never(NEVER_PLACE),
        chosen=described(preference, parts.catalog, language, parts.refused_for),
        a_year=said_a_year(a_year, language),
    )


def welcome_letter(parts: LetterParts, preference: Preference, mailings: Sequence[Mailing]) -> EditionText:
    """Return the message that says what comes next and when; `mailings` are those of the year to come."""
    language = parts.language
    return _letter(
        parts,
        "welcome",
        language.say("Your subscription to {name}", name=_name(parts)),
        coming=coming_messages(mailings, preference, parts.catalog, language, parts.refused_for),
        chosen=described(preference, parts.catalog, language, parts.refused_for),
        a_year=said_a_year(len(mailings), language),
        manage_url=parts.base_url + addresses.MANAGE,
        unsubscribe_url=parts.base_url + addresses.unsubscribe(TOKEN_PLACE),
    )


def manage_letter(parts: LetterParts, *, already: bool) -> EditionText:
    """Return the message with a link to one's settings; `already` where the address was to be subscribed, and is."""
    say = parts.language.say
    return _letter(
        parts,
        "manage",
        say("You are subscribed to {name} already", name=_name(parts))
        if already
        else say("Your link to the settings of {name}", name=_name(parts)),
        already=already,
        manage_url=parts.base_url + addresses.manage(MANAGE_PLACE),
    )


def coming_messages(
    mailings: Sequence[Mailing],
    preference: Preference,
    catalog: Catalog,
    language: Language,
    refused_for: RefusedFor = none_refused,
) -> list[Coming]:
    """Say when the next messages come, and about what."""
    hour = said_hour(preference.hour, language)
    return [
        Coming(
            language.say("{date}, from {hour}", date=language.date(mailing.on), hour=hour),
            tuple(_about(mailing, catalog, language, refused_for)),
        )
        for mailing in mailings[:SHOWN]
    ]


def said_a_year(mails: int, language: Language) -> str:
    """Say how many messages a choice means."""
    if mails == 0:
        return language.say("No message is due within a year.")
    return language.say_many("That is about {n} message a year.", "That is about {n} messages a year.", mails)


def _about(mailing: Mailing, catalog: Catalog, language: Language, refused_for: RefusedFor) -> list[str]:
    said = [_announced(notice, catalog, language, refused_for) for notice in mailing.notices[:_MOST_NAMED]]
    if len(mailing.notices) > _MOST_NAMED:
        said.append(language.say_many("{n} more day", "{n} more days", len(mailing.notices) - _MOST_NAMED))
    return said + ([language.say("an overview of the next five weeks")] if mailing.digest else [])


def _announced(notice: Notice, catalog: Catalog, language: Language, refused_for: RefusedFor) -> str:
    refused = refused_for(notice.occurrence.event)
    view = view_occurrence(notice.occurrence, catalog, language, refused)
    label = view.event.heading.label
    title = f"{view.title} ({label})" if label else view.title
    return language.say("{title}, {when}", title=title, when=language.days_left(notice.days))


def _name(parts: LetterParts) -> str:
    return words(parts.catalog.calendar.name, parts.catalog, parts.language).text


def _letter(parts: LetterParts, name: str, subject: str, **values: object) -> EditionText:
    language, catalog = parts.language, parts.catalog
    shared = {
        "subject": subject,
        "calendar_name": words(catalog.calendar.name, catalog, language),
        "home_url": parts.base_url + addresses.home(language.tag),
        "sender": parts.sender,
        "postal_lines": [line.strip() for line in (parts.postal_address or "").splitlines() if line.strip()],
    }
    text = parts.templates.render(f"email/{name}.txt", language, **shared, **values)
    html = parts.templates.render(f"email/{name}.html", language, **shared, **values)
    return EditionText(subject=subject, text=wrapped(text), html=inlined(html), language=language.tag)
