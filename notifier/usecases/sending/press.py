"""What messages are made with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from notifier.content.editions import TOKEN_PLACE, EditionText, render_edition
from notifier.content.language import Language
from notifier.content.message_head import MessageHead
from notifier.content.templates import Templates
from notifier.domain.deliveries import DeliveryKind, EditionKey, EditionKind
from notifier.domain.events import Catalog, Event
from notifier.storage.claims import ClaimedDelivery
from notifier.usecases.announcements import notices_of
from notifier.usecases.letters import Letters, render_letter

if TYPE_CHECKING:
    from notifier.content.mime import MessageTemplate


@dataclass(frozen=True, slots=True)
class SenderIn:
    """Who sends, for readers of one language. `reply_to` is a name, which may be empty, and an address."""

    name: str
    reply_to: tuple[str, str] | None = None
    postal_address: str | None = None


OwnTokens = Callable[[ClaimedDelivery, datetime], Mapping[str, str]]
"""Makes one reader's tokens at the moment of sending: for each place in the edition, what stands there."""


@dataclass(frozen=True)
class Press:
    """The calendar, words, templates, who sends, and each reader's own parts.

    `head` is what all editions say; names, and where answers go, are those in the reader's language. `places` are what
    may stand in an edition where readers' tokens go. `envelope_from` makes, of a delivery's id and its reader's key,
    the address that what comes back is sent to; without it, the sender's own.
    """

    catalog: Catalog
    languages: Callable[[str], Language]
    templates: Templates
    head: MessageHead
    sender_in: Callable[[Language], SenderIn]
    refused_for: Callable[[Event], Collection[str]]
    own_tokens: OwnTokens
    places: tuple[str, ...] = (TOKEN_PLACE,)
    envelope_from: Callable[[int, str], str] | None = None

    def render(self, wanted: EditionKey) -> EditionText | None:
        """Render an edition from the calendar as it is now; None when nothing of it is left to say.

        A correction is never rendered here: it is kept in the words it was given.
        """
        if wanted.kind.delivery is DeliveryKind.SERVICE:
            return render_letter(wanted, self._letters(self.sender_in(self.languages(wanted.language))))
        if wanted.kind is EditionKind.CORRECTION:
            message = "a correction without its text"
            raise ValueError(message)
        notices = notices_of(self.catalog, wanted.notices, wanted.day)
        outlook = notices_of(self.catalog, wanted.outlook, wanted.day)
        if not notices and not outlook:
            return None
        language = self.languages(wanted.language)
        sender = self.sender_in(language)
        return render_edition(
            notices,
            wanted.day,
            outlook=outlook,
            catalog=self.catalog,
            language=language,
            templates=self.templates,
            base_url=self.head.base_url,
            sender=sender.name,
            postal_address=sender.postal_address,
            refused_for=self.refused_for,
        )

    def encode(self, text: EditionText, of: EditionKey) -> MessageTemplate:
        """Return an edition as bytes, with places left for its readers' own parts."""
        from notifier.content.mime import build_template

        return build_template(text, self.head_of(of), self.places)

    def head_of(self, of: EditionKey) -> MessageHead:
        """Return what the headers of an edition say."""
        campaign = f"{of.day.isoformat()}:{of.kind}:{self.catalog.calendar.id}"
        sender = self.sender_in(self.languages(of.language))
        return replace(self.head, from_name=sender.name, reply_to=sender.reply_to, feedback_id=campaign)

    def _letters(self, sender: SenderIn) -> Letters:
        return Letters(
            catalog=self.catalog,
            languages=self.languages,
            templates=self.templates,
            base_url=self.head.base_url,
            sender_name=lambda _: sender.name,
            postal_address=sender.postal_address,
            refused_for=self.refused_for,
        )
