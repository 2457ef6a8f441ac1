"""Sending: what is due leaves, one message after the other, and what became of each is kept before the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from notifier.content.editions import EditionText, render_edition
from notifier.content.language import Language
from notifier.content.mailboxes import ascii_address
from notifier.content.mime import MessageHead, MessageTemplate, build_template
from notifier.content.templates import Templates
from notifier.delivery.outcomes import Outcome, Sender, SenderStoppedError
from notifier.domain.deliveries import DeliveryState, EditionKey, retry_at
from notifier.domain.errors import AddressError, NotifierError
from notifier.domain.events import Catalog, Event
from notifier.domain.notices import Notice
from notifier.domain.occurrences import occurrences_between
from notifier.storage.deliveries import (
    ClaimedDelivery,
    claim_batch,
    claim_tokens,
    count_held,
    put_off,
    reasons_put_off,
    record_outcome,
    release_claims,
    still_wanted,
)
from notifier.storage.editions import Edition, EditionContent, edition, keep_content
from notifier.storage.engine import DatabaseError, reading, writing
from notifier.storage.locks import Held, SenderLockLostError, sender_lock
from notifier.tokens import Tokens

_BATCH = 100
_LEASE = timedelta(minutes=30)
_RESEND_UNKNOWN_AFTER = timedelta(hours=1)
_A_YEAR_AND_A_MONTH = timedelta(days=400)

# Printable ASCII without space, < and >.
_IN_BRACKETS = re.compile(r"[!-;=?-~]+", re.ASCII)

_OPEN_TO_RENDERING = {DeliveryState.DEFERRED, DeliveryState.EXPIRED}
"""What nobody has got. A message that was unknown never becomes that: it may have arrived."""


class EditionUnmadeError(NotifierError):
    """An edition of which no message can be made; others can."""

    sentence = "edition {edition} of {day} cannot be made and waits: {cause}"


@dataclass(frozen=True, slots=True)
class SendReport:
    """How many messages came to which end, how many are held, and why sending stopped, when it did.

    `problems` did not stop it: editions that cannot be made and wait, outcomes that could not be recorded.
    """

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    unknown: int = 0
    expired: int = 0
    held: int = 0
    stopped: str | None = None
    problems: tuple[str, ...] = ()

    @property
    def trouble(self) -> str | None:
        """Why not everything went out; None when nothing stands in the way."""
        return "; ".join(filter(None, (self.stopped, *self.problems))) or None


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
    now: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    *,
    began: datetime | None = None,
    resend_unknown: bool = True,
) -> SendReport:
    """Send what is due, until nothing is left or `stopping` says so; `now` is asked before each message.

    One process at a time sends on one database; another one that calls this meanwhile finds nothing to do. `began` is
    the instant of the pass this is a part of, where that is not now.
    """
    with sender_lock(engine) as held:
        if held is None:
            return SendReport()
        with writing(engine) as db:
            for dead in claim_tokens(db):
                release_claims(db, dead, died=True)
        run = _Run(engine, sender, press, now, began or now(), resend_unknown=resend_unknown)
        return run.until(stopping, held)


@dataclass
class _Run:
    """One pass of one sender."""

    engine: Engine
    sender: Sender
    press: Press
    now: Callable[[], datetime]
    began: datetime
    resend_unknown: bool
    token: UUID = field(default_factory=uuid4)
    report: SendReport = field(default_factory=SendReport)
    _begun: dict[int, MessageTemplate | None] = field(default_factory=dict)
    _problems: list[str] = field(default_factory=list)
    _unrecorded: int = 0

    def until(self, stopping: Callable[[], bool], held: Held) -> SendReport:
        try:
            self._send(stopping, held)
        except (SenderStoppedError, SenderLockLostError) as error:
            self.report = replace(self.report, stopped=str(error))
        except BaseException:
            # What cannot be given back now, the next pass gives back; the error to tell of is this one.
            with suppress(DatabaseError, SQLAlchemyError), writing(self.engine) as db:
                release_claims(db, self.token, died=True)
            raise
        with writing(self.engine) as db:
            release_claims(db, self.token)
            if self._unrecorded:
                problem = "the outcome of a message could not be recorded, and it may go out again"
                self._problems.append(f"{problem} ({self._unrecorded} in this pass)")
            problems = dict.fromkeys((*self._problems, *reasons_put_off(db)))
            return replace(self.report, held=count_held(db), problems=tuple(problems))

    def _send(self, stopping: Callable[[], bool], held: Held) -> None:
        while not stopping():
            if not held():
                raise SenderLockLostError
            with writing(self.engine) as db:
                now = self.now()
                batch = claim_batch(db, _BATCH, self.token, now, now + _LEASE, self.began)
            if not batch:
                break
            for delivery in batch:
                if stopping():
                    break
                self._deliver(delivery)

    def _deliver(self, delivery: ClaimedDelivery) -> None:
        with reading(self.engine) as db:
            if delivery.id not in still_wanted(db, self.token, [delivery.id], self.now()):
                return
        try:
            template = self._template(delivery)
            if template is None:
                outcome = Outcome.of(DeliveryState.EXPIRED, "what it announced is no longer in the calendar")
            else:
                outcome = self._hand_over(delivery, template)
        except EditionUnmadeError as error:
            self._put_off(delivery.edition_id, str(error))
            return
        if delivery.state is DeliveryState.UNKNOWN and outcome.state in _OPEN_TO_RENDERING:
            outcome = replace(outcome, state=DeliveryState.UNKNOWN)
        self._record(delivery, outcome)

    def _hand_over(self, delivery: ClaimedDelivery, template: MessageTemplate) -> Outcome:
        head = self.press.head
        message_id = f"<{delivery.edition_key}.{delivery.id}@{head.calendar_id}>"
        try:
            to = _path(delivery.email)
        except AddressError as error:
            return Outcome.of(DeliveryState.REFUSED, str(error))
        with _making(delivery):
            sender = _path(head.from_address)
            token = self.press.tokens.unsubscribe(delivery.subscriber_key)
            message = template.personal(to, message_id, token, self.now())
        return self.sender.send(sender, to, message_id, message)

    def _record(self, delivery: ClaimedDelivery, outcome: Outcome) -> None:
        now = self.now()
        next_at = self._next_at(delivery, outcome.state, now)
        with writing(self.engine) as db:
            kept = record_outcome(db, delivery.id, self.token, outcome.state, outcome.detail, now, next_at)
        if kept:
            self._count(outcome.state, 1)
        else:
            self._unrecorded += 1

    def _next_at(self, delivery: ClaimedDelivery, state: DeliveryState, now: datetime) -> datetime | None:
        if state is DeliveryState.DEFERRED:
            return retry_at(now, delivery.attempts + 1)
        first_doubt = state is DeliveryState.UNKNOWN and delivery.state is not DeliveryState.UNKNOWN
        return now + _RESEND_UNKNOWN_AFTER if first_doubt and self.resend_unknown else None

    def _put_off(self, edition_id: int, reason: str) -> None:
        """Let everybody wait who is to get this edition, and go on with the others."""
        detail, now = Outcome.of(DeliveryState.DEFERRED, reason).detail, self.now()
        with writing(self.engine) as db:
            people = put_off(db, edition_id, self.token, detail, now, retry_at(now, 1))
        self._count(DeliveryState.DEFERRED, people)
        self._problems.append(detail)

    def _template(self, delivery: ClaimedDelivery) -> MessageTemplate | None:
        """Return the edition as bytes; it is rendered when the first of its messages leaves, and kept.

        Nobody else waits for the database meanwhile. Raises EditionUnmadeError.
        """
        id_ = delivery.edition_id
        if id_ not in self._begun:
            with reading(self.engine) as db:
                found = edition(db, id_)
            with _making(delivery):
                text = self._text(found)
                template = None if text is None else self._build(text, found)
            if text is not None and found.content is None:
                with writing(self.engine) as db:
                    keep_content(db, id_, EditionContent(text.subject, text.text, text.html))
            self._begun[id_] = template
        return self._begun[id_]

    def _build(self, text: EditionText, found: Edition) -> MessageTemplate:
        return build_template(text, self.press.head_of(self.press.languages(found.of.language), found.of.day))

    def _text(self, found: Edition) -> EditionText | None:
        if found.content is None:
            return self.press.render(found.of)
        return EditionText(found.content.subject, found.content.text, found.content.html, found.of.language)

    def _count(self, state: DeliveryState, people: int) -> None:
        self.report = replace(self.report, **{state.value: getattr(self.report, state.value) + people})


def _path(address: str) -> str:
    """Return an address as it stands between the brackets of MAIL and RCPT. Raises AddressError."""
    path = ascii_address(address)
    if not _IN_BRACKETS.fullmatch(path):
        raise AddressError(address=address)
    return path


@contextmanager
def _making(delivery: ClaimedDelivery) -> Iterator[None]:
    """Turn whatever goes wrong while a message is made into the one error that says so."""
    try:
        yield
    except Exception as error:
        raise EditionUnmadeError(edition=delivery.edition_key, day=delivery.day, cause=_cause(error)) from error


def _cause(error: Exception) -> str:
    """Return what went wrong, and where: for a template its file and line."""
    if isinstance(error, NotifierError):
        return str(error)
    place = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
