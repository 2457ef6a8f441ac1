"""Sending: what is due leaves, one message after the other, and what became of each is kept before the next."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine

from notifier.content.editions import EditionText, render_edition
from notifier.content.language import Language
from notifier.content.mailboxes import ascii_address
from notifier.content.mime import MessageHead, MessageTemplate, build_template
from notifier.content.templates import Templates
from notifier.delivery.outcomes import Outcome, Sender, SenderStoppedError
from notifier.domain.deliveries import DeliveryState, EditionKey, retry_at
from notifier.domain.errors import AddressError
from notifier.domain.events import Catalog, Event
from notifier.domain.notices import Notice
from notifier.domain.occurrences import occurrences_between
from notifier.storage.deliveries import (
    ClaimedDelivery,
    claim_batch,
    claim_tokens,
    count_held,
    record_outcome,
    release_claims,
    still_wanted,
)
from notifier.storage.editions import Edition, EditionContent, edition, keep_content
from notifier.storage.engine import reading, writing
from notifier.storage.locks import sender_lock
from notifier.tokens import Tokens

_BATCH = 100
_LEASE = timedelta(minutes=30)
_RESEND_UNKNOWN_AFTER = timedelta(hours=1)
_A_YEAR_AND_A_MONTH = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class SendReport:
    """How many messages came to which end, how many are held, and why sending stopped, when it did."""

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    unknown: int = 0
    expired: int = 0
    held: int = 0
    stopped: str | None = None


@dataclass(frozen=True)
class Press:
    """What messages are made with: the calendar, words, templates, and who sends."""

    catalog: Catalog
    languages: Callable[[str], Language]
    templates: Templates
    tokens: Tokens
    head: MessageHead
    sender_name: Callable[[Language], str]
    postal_address: str | None
    refused_for: Callable[[Event], Collection[str]]

    def render(self, wanted: EditionKey) -> EditionText | None:
        """Render an edition from the calendar as it is now; None when nothing of it is left to announce."""
        notices = [n for key in wanted.notices if (n := self._notice(key.event, key.year, wanted.day)) is not None]
        if not notices:
            return None
        language = self.languages(wanted.language)
        return render_edition(
            notices,
            wanted.day,
            catalog=self.catalog,
            language=language,
            templates=self.templates,
            base_url=self.head.base_url,
            sender=self.sender_name(language),
            postal_address=self.postal_address,
            refused_for=self.refused_for,
        )

    def head_of(self, language: Language, day: date) -> MessageHead:
        """Return what the headers of an edition say; the sender's name is in the reader's language."""
        campaign = f"{day.isoformat()}:notice:{self.catalog.calendar.id}"
        return replace(self.head, from_name=self.sender_name(language), feedback_id=campaign)

    def _notice(self, event_id: str, year: int, on: date) -> Notice | None:
        for event in self.catalog.events:
            if event.permanent_id == event_id:
                for occurrence in occurrences_between((event,), on, on + _A_YEAR_AND_A_MONTH):
                    if occurrence.year == year:
                        return Notice(occurrence, (occurrence.first - on).days)
        return None


def send_due(  # noqa: PLR0913 -- who sends what of whose, when
    engine: Engine,
    sender: Sender,
    press: Press,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
    *,
    resend_unknown: bool = True,
) -> SendReport:
    """Send what is due at `now`, until nothing is left or `stopping` says so.

    One process at a time sends on one database; another one that calls this meanwhile finds nothing to do.
    """
    with sender_lock(engine) as alone:
        if not alone:
            return SendReport()
        with writing(engine) as db:
            for dead in claim_tokens(db):
                release_claims(db, dead)
        return _Run(engine, sender, press, now, resend_unknown=resend_unknown).until(stopping)


@dataclass
class _Run:
    """One pass of one sender."""

    engine: Engine
    sender: Sender
    press: Press
    now: datetime
    resend_unknown: bool
    token: UUID = field(default_factory=uuid4)
    report: SendReport = field(default_factory=SendReport)
    _begun: dict[int, MessageTemplate | None] = field(default_factory=dict)

    def until(self, stopping: Callable[[], bool]) -> SendReport:
        try:
            while not stopping():
                with writing(self.engine) as db:
                    batch = claim_batch(db, _BATCH, self.token, self.now, self.now + _LEASE)
                if not batch:
                    break
                for delivery in batch:
                    if stopping():
                        break
                    self._deliver(delivery)
        except SenderStoppedError as error:
            self.report = replace(self.report, stopped=str(error))
        with writing(self.engine) as db:
            release_claims(db, self.token)
            return replace(self.report, held=count_held(db))

    def _deliver(self, delivery: ClaimedDelivery) -> None:
        with reading(self.engine) as db:
            if delivery.id not in still_wanted(db, self.token, [delivery.id]):
                return
        template = self._template(delivery.edition_id)
        if template is None:
            outcome = Outcome.of(DeliveryState.EXPIRED, "what it announced is no longer in the calendar")
        else:
            outcome = self._hand_over(delivery, template)
        next_at = self._next_at(delivery, outcome.state)
        with writing(self.engine) as db:
            record_outcome(db, delivery.id, self.token, outcome.state, outcome.detail, self.now, next_at)
        self._count(outcome.state)

    def _hand_over(self, delivery: ClaimedDelivery, template: MessageTemplate) -> Outcome:
        head = self.press.head
        message_id = f"<{delivery.edition_key}.{delivery.id}@{head.calendar_id}>"
        try:
            to, sender = ascii_address(delivery.email), ascii_address(head.from_address)
        except AddressError as error:
            return Outcome.of(DeliveryState.REFUSED, str(error))
        token = self.press.tokens.unsubscribe(delivery.subscriber_key)
        message = template.personal(to, message_id, token, self.now)
        return self.sender.send(sender, to, message_id, message)

    def _next_at(self, delivery: ClaimedDelivery, state: DeliveryState) -> datetime | None:
        if state is DeliveryState.DEFERRED:
            return retry_at(self.now, delivery.attempts + 1)
        first_doubt = state is DeliveryState.UNKNOWN and delivery.state is not DeliveryState.UNKNOWN
        return self.now + _RESEND_UNKNOWN_AFTER if first_doubt and self.resend_unknown else None

    def _template(self, edition_id: int) -> MessageTemplate | None:
        """Return the edition as bytes; it is rendered when the first of its messages leaves, and kept."""
        if edition_id not in self._begun:
            with writing(self.engine) as db:
                found = edition(db, edition_id)
                text = self._text(found)
                if text is not None and found.content is None:
                    keep_content(db, edition_id, EditionContent(text.subject, text.text, text.html))
            head = self.press.head_of(self.press.languages(found.of.language), found.of.day)
            self._begun[edition_id] = None if text is None else build_template(text, head)
        return self._begun[edition_id]

    def _text(self, found: Edition) -> EditionText | None:
        if found.content is None:
            return self.press.render(found.of)
        return EditionText(found.content.subject, found.content.text, found.content.html, found.of.language)

    def _count(self, state: DeliveryState) -> None:
        self.report = replace(self.report, **{state.value: getattr(self.report, state.value) + 1})
