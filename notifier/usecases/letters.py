"""Messages on request: when one may be asked for, and what it is made with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from notifier.content.choices import RefusedFor
from notifier.content.editions import EditionText
from notifier.content.language import Language
from notifier.content.letters import LetterParts, confirm_letter, manage_letter, welcome_letter
from notifier.content.places import Purpose
from notifier.content.templates import Templates
from notifier.domain.deliveries import EditionKey, EditionKind
from notifier.domain.events import Catalog
from notifier.domain.mailings import mailings, mails_a_year
from notifier.domain.preferences import Preference, parse_preference
from notifier.storage.service_messages import ask_for, asked_before
from notifier.storage.subscribers import Subscriber
from notifier.tokens import CONFIRM_FOR, MANAGE_FOR, AddressHash, Tokens

GOOD_FOR = {
    EditionKind.CONFIRM: CONFIRM_FOR,
    EditionKind.WELCOME: timedelta(days=1),
    EditionKind.MANAGE: MANAGE_FOR,
}
"""How long after it was asked for a message is of use to anybody."""

COOL_DOWN = {EditionKind.CONFIRM: timedelta(minutes=15), EditionKind.MANAGE: timedelta(minutes=1)}
"""How long after the first message on request the next one of its kind may follow; the wait doubles with each."""

REMEMBERED_FOR = timedelta(days=3)
"""How long a message on request counts towards the wait for the next one."""

SUBSCRIBED_ALREADY = "subscribed"
"""What a message with a link to the manage page is about where somebody asked to subscribe who is subscribed."""

_LOOK_AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class Letters:
    """What service messages are made with."""

    catalog: Catalog
    languages: Callable[[str], Language]
    templates: Templates
    base_url: str
    sender_name: Callable[[Language], str]
    postal_address: str | None
    refused_for: RefusedFor


def render_letter(of: EditionKey, letters: Letters) -> EditionText:
    """Render a service message, without personal parts. Raises ValueError for an edition that is none."""
    language = letters.languages(of.language)
    parts = LetterParts(
        catalog=letters.catalog,
        language=language,
        templates=letters.templates,
        base_url=letters.base_url,
        sender=letters.sender_name(language),
        postal_address=letters.postal_address,
        refused_for=letters.refused_for,
    )
    if of.kind is EditionKind.MANAGE:
        return manage_letter(parts, already=of.about == SUBSCRIBED_ALREADY)
    if of.kind is EditionKind.CONFIRM:
        preference = parse_preference(of.about)
        return confirm_letter(parts, preference, mails_a_year(letters.catalog, preference, of.day))
    if of.kind is EditionKind.WELCOME:
        first, _, wanted = of.about.partition(" ")
        preference = parse_preference(wanted)
        end = of.day + _LOOK_AHEAD
        return welcome_letter(
            parts, preference, mailings(letters.catalog, preference, of.day, end, date.fromisoformat(first))
        )
    raise ValueError(of.kind)


def personal_tokens(  # noqa: PLR0913, PLR0917  # what the tokens of one recipient are made from
    tokens: Tokens, address_hash: AddressHash, key: str, email: str, nonce: str | None, now: datetime
) -> Mapping[Purpose, str]:
    """Return the tokens that stand in one recipient's copy, for each purpose; none to confirm with without a nonce."""
    made = {
        Purpose.UNSUBSCRIBE: tokens.unsubscribe(key),
        Purpose.NEVER: tokens.never(key, address_hash.of(email)),
        Purpose.MANAGE: tokens.manage(key, now),
    }
    return made if nonce is None else made | {Purpose.CONFIRM: tokens.confirm(key, nonce)}


def write_letter(  # noqa: PLR0913, PLR0917  # which message to whom, and when
    db: Connection, person: Subscriber, language: str, kind: EditionKind, about: str, day: date, now: datetime
) -> None:
    """Let a service message of `day` leave at once."""
    wanted = EditionKey(language, day, kind=kind, about=about)
    ask_for(db, person.id, wanted, person.covered_through, now, now + GOOD_FOR[kind])


def may_write(db: Connection, person: Subscriber, kind: EditionKind, now: datetime) -> bool:
    """Whether somebody may be sent another message of a kind: whoever asks for many in their name floods nobody."""
    since = now - REMEMBERED_FOR
    asked = [closes_at - GOOD_FOR[kind] for of, closes_at in asked_before(db, person.id, since) if of is kind]
    recent = [at for at in asked if at > since]
    if not recent:
        return True
    wait: timedelta = COOL_DOWN[kind] * 2 ** min(len(recent) - 1, 12)
    return max(recent) + wait <= now


def about_welcome(preference: Preference, first: date) -> str:
    """Return what a welcome speaks of: what was chosen, and the first local date on which a message can come."""
    return f"{first.isoformat()} {preference.key}"


def first_day(preference: Preference, now: datetime, send_until: int) -> date:
    """Return the first local date on which a message can still come."""
    today = preference.window(now, send_until)
    return today.day if now < today.closes else preference.window(now, send_until, days=1).day
