"""What messages are made with: the calendar, words and templates, and what settings say of the sender."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from notifier.content.mailboxes import ascii_address
from notifier.content.message_head import MessageHead
from notifier.content.places import PLACES, Purpose
from notifier.content.wording import words
from notifier.domain.deliveries import DeliveryKind
from notifier.domain.errors import AddressError
from notifier.domain.preferences import parse_mailbox
from notifier.domain.translations import refused_languages
from notifier.settings import ByLanguage, Settings, SettingsError
from notifier.usecases.letters import personal_tokens
from notifier.usecases.sending.press import Press, SenderIn

if TYPE_CHECKING:
    from notifier.bounce_addresses import BounceAddresses
    from notifier.content.language import Language
    from notifier.services.base import Base
    from notifier.storage.claims import ClaimedDelivery
    from notifier.tokens import AddressHash

_NOBODY = "notifier@localhost"
"""Who sends where settings do not say: on one's own machine."""


class Pressing:
    """Puts a press together from the calendar and settings as they are now."""

    def __init__(
        self, base: Base, return_addresses: Callable[[], BounceAddresses | None], hashes: Callable[[], AddressHash]
    ) -> None:
        _look_at(base.settings, base.languages)
        self._base = base
        self._return_addresses = return_addresses
        self._hashes = hashes

    def press(self) -> Press:
        """Return what messages are made with now."""
        base, settings, catalog = self._base, self._base.settings, self._base.catalog
        signed = self._return_addresses()
        return Press(
            catalog=catalog,
            languages=base.languages.__getitem__,
            templates=base.templates,
            head=MessageHead(
                from_name="",
                from_address=address_of(str(settings.mail_from)) or _NOBODY,
                reply_to=None,
                calendar_id=catalog.calendar.id,
                base_url=base.base_url,
                owner=address_of(settings.operator),
                unsubscribe_mailbox=address_of(settings.bounce_address) if settings.bounce_mailbox else None,
            ),
            sender_in=self._sender_in,
            refused_for=lambda event: refused_languages(event, settings.accept_unreviewed),
            own_tokens=self._own_tokens,
            places=tuple(PLACES.values()),
            envelope_from=None if signed is None else signed.make,
        )

    def _sender_in(self, language: Language) -> SenderIn:
        """Return who sends, for readers of a language; without a name in settings it is the calendar's."""
        settings, catalog = self._base.settings, self._base.catalog
        sender, answers = settings.mail_from.of(language.tag), settings.mail_reply_to.of(language.tag)
        name = parse_mailbox(sender)[0] if sender else ""
        return SenderIn(
            name=name or words(catalog.calendar.name, catalog, language).text,
            reply_to=parse_mailbox(answers) if answers else None,
            postal_address=settings.postal_address.of(language.tag) or None,
        )

    def _own_tokens(self, delivery: ClaimedDelivery, now: datetime) -> Mapping[str, str]:
        """Return what stands in one reader's copy: in announcements the link to leave alone."""
        tokens, key = self._base.tokens, delivery.subscriber_key
        if delivery.kind is not DeliveryKind.SERVICE:
            return {PLACES[Purpose.UNSUBSCRIBE]: tokens.unsubscribe(key)}
        made = personal_tokens(tokens, self._hashes(), key, delivery.email, delivery.nonce, now)
        return {PLACES[purpose]: token for purpose, token in made.items()}


def address_of(mailbox: str) -> str | None:
    """Return the address of a mailbox that may have a name before it; None for an empty one."""
    return parse_mailbox(mailbox)[1] if mailbox else None


def _look_at(settings: Settings, languages: Mapping[str, Language]) -> None:
    """Refuse at the start what would stop every message: an address that no header takes, a language nobody reads."""
    named: dict[str, ByLanguage] = {
        "NOTIFIER_MAIL_FROM": settings.mail_from,
        "NOTIFIER_MAIL_REPLY_TO": settings.mail_reply_to,
        "NOTIFIER_POSTAL_ADDRESS": settings.postal_address,
        "NOTIFIER_OPERATOR": ByLanguage(settings.operator),
        "NOTIFIER_BOUNCE_ADDRESS": ByLanguage(settings.bounce_address),
    }
    for variable, value in named.items():
        for tag in value.others:
            if tag not in languages:
                remedy = f'"{tag}" is not a language of the service; it has {", ".join(languages)}'
                raise SettingsError(variable=_of_language(variable, tag), remedy=remedy)
        if value is settings.postal_address:
            continue
        try:
            value.checked(lambda mailbox: ascii_address(parse_mailbox(mailbox)[1]))
        except AddressError as error:
            raise SettingsError(variable=variable, remedy=str(error)) from error
    _one_address(settings.mail_from)


def _one_address(sender: ByLanguage) -> None:
    """Refuse an address of its own for one language: what signs, and what comes back, go by the one for all."""
    for tag, mailbox in sender.others.items():
        if address_of(mailbox) != address_of(sender.everybody):
            remedy = f"only the name can be another one; use the address of NOTIFIER_MAIL_FROM (it is {mailbox})"
            raise SettingsError(variable=_of_language("NOTIFIER_MAIL_FROM", tag), remedy=remedy)


def _of_language(variable: str, tag: str) -> str:
    return f"{variable}_{tag.upper().replace('-', '_')}"
