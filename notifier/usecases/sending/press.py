"""What messages are made with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from notifier.content.editions import TOKEN_PLACE, EditionText, render_edition
from notifier.content.language import Language
from notifier.content.mime import MessageHead, MessageTemplate, build_template
from notifier.content.templates import Templates
from notifier.domain.deliveries import DeliveryKind, EditionKey, EditionKind
from notifier.domain.events import Catalog, Event
from notifier.storage.claims import ClaimedDelivery
from notifier.usecases.announcements import notices_of
from notifier.usecases.letters import Letters, render_letter

OwnTokens = Callable[[ClaimedDelivery, datetime], Mapping[str, str]]
"""Makes one reader's tokens at the moment of sending: for each place in the edition, what stands there."""


@dataclass(frozen=True)
class Press:
    """The calendar, words, templates, who sends, and each reader's own parts.

    `places` are what may stand in an edition where readers' tokens go. `envelope_from` makes, of a
    delivery's id and its reader's key, the address that what comes back is sent to; without it, the sender's own.
    """

    catalog: Catalog
    languages: Callable[[str], Language]
    templates: Templates
    head: MessageHead
    sender_name: Callable[[Language], str]
    postal_address: str | None
    refused_for: Callable[[Event], Collection[str]]
    own_tokens: OwnTokens
    places: tuple[str, ...] = (TOKEN_PLACE,)
    envelope_from: Callable[[int, str], str] | None = None

    def render(self, wanted: EditionKey) -> EditionText | None:
        """Render an edition from the calendar as it is now; None when nothing of it is left to say.

        A correction is never rendered here: it is kept in the words it was given.
        """
        if wanted.kind.delivery is DeliveryKind.SERVICE:
            return render_letter(wanted, self._letters())
        if wanted.kind is EditionKind.CORRECTION:
            message = "a correction without its text"
            raise ValueError(message)
        notices = notices_of(self.catalog, wanted.notices, wanted.day)
        outlook = notices_of(self.catalog, wanted.outlook, wanted.day)
        if not notices and not outlook:
            return None
        language = self.languages(wanted.language)
        return render_edition(
            notices,
            wanted.day,
            outlook=outlook,
            catalog=self.catalog,
            language=language,
            templates=self.templates,
            base_url=self.head.base_url,
            sender=self.sender_name(language),
            postal_address=self.postal_address,
            refused_for=self.refused_for,
        )

    def encode(self, text: EditionText, of: EditionKey) -> MessageTemplate:
        """Return an edition as bytes, with places left for its readers' own parts."""
        return build_template(text, self.head_of(of), self.places)

    def head_of(self, of: EditionKey) -> MessageHead:
        """Return what the headers of an edition say; the sender's name is in the reader's language."""
        campaign = f"{of.day.isoformat()}:{of.kind}:{self.catalog.calendar.id}"
        sender = self.sender_name(self.languages(of.language))
        return replace(self.head, from_name=sender, feedback_id=campaign)

    def _letters(self) -> Letters:
        return Letters(
            catalog=self.catalog,
            languages=self.languages,
            templates=self.templates,
            base_url=self.head.base_url,
            sender_name=self.sender_name,
            postal_address=self.postal_address,
            refused_for=self.refused_for,
        )
