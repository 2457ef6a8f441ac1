"""Making one reader's message: the edition is rendered and encoded once, whoever gets it."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from notifier.content.editions import EditionText
from notifier.content.mailboxes import wire_address
from notifier.delivery.outcomes import Outcome
from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKind
from notifier.domain.errors import AddressError, NotifierError
from notifier.storage.claims import ClaimedDelivery
from notifier.storage.editions import Edition, EditionContent, edition, keep_content
from notifier.storage.engine import reading, writing
from notifier.usecases.sending.press import Press

if TYPE_CHECKING:
    from notifier.content.mime import MessageTemplate

_KEPT_BYTES = 16_000_000
"""How much of encoded editions is kept; the one used longest ago is encoded anew from its row when it is needed."""

# Without space, < and >; what is not ASCII is for servers that take it.
_IN_BRACKETS = re.compile(r"[!-;=?-~\x80-\U0010ffff]+")

_GONE = Outcome.of(DeliveryState.EXPIRED, "what it announced is no longer in the calendar")
_CONFIRMED = Outcome.of(DeliveryState.EXPIRED, "there is nothing left to confirm")


class EditionUnmadeError(NotifierError):
    """An edition of which no message can be made; others can."""

    sentence = "edition {edition} of {day} cannot be made and waits: {cause}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, with the two addresses of its envelope."""

    envelope_from: str
    to: str
    message_id: str
    content: bytes


class Composer:
    """Makes the messages of one pass."""

    def __init__(self, engine: Engine, press: Press) -> None:
        self._engine = engine
        self._press = press
        self._kept: OrderedDict[int, MessageTemplate | None] = OrderedDict()
        self._bytes = 0

    @cached_property
    def _sender(self) -> str:
        return _path(self._press.head.from_address)

    def letter(self, delivery: ClaimedDelivery, now: datetime) -> Letter | Outcome:
        """Return somebody's message, dated `now`; or what became of it, where there is none to send.

        Raises EditionUnmadeError where the fault is not the reader's.
        """
        template = self._template(delivery)
        if template is None:
            return _GONE
        if delivery.edition_kind is EditionKind.CONFIRM and delivery.nonce is None:
            return _CONFIRMED
        press = self._press
        message_id = f"<{delivery.edition_key}.{delivery.id}.{_mark(delivery)}@{press.head.calendar_id}>"
        try:
            to = _path(delivery.email)
        except AddressError as error:
            return Outcome.of(DeliveryState.REFUSED, str(error))
        with _making(delivery):
            envelope_from = self._sender
            if press.envelope_from is not None:
                envelope_from = press.envelope_from(delivery.id, delivery.subscriber_key)
            content = template.personal(to, message_id, press.own_tokens(delivery, now), now)
        return Letter(envelope_from, to, message_id, content)

    def _template(self, delivery: ClaimedDelivery) -> MessageTemplate | None:
        """Return the edition as bytes; it is rendered when the first of its messages leaves, and kept.

        Nobody else waits for the database meanwhile.
        """
        id_ = delivery.edition_id
        if id_ not in self._kept:
            self._keep(id_, self._make(delivery))
        self._kept.move_to_end(id_)
        return self._kept[id_]

    def _keep(self, id_: int, template: MessageTemplate | None) -> None:
        self._kept[id_] = template
        self._bytes += 0 if template is None else len(template)
        while self._bytes > _KEPT_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= 0 if oldest is None else len(oldest)

    def _make(self, delivery: ClaimedDelivery) -> MessageTemplate | None:
        with reading(self._engine) as db:
            found = edition(db, delivery.edition_id)
        with _making(delivery):
            text = self._text(found)
            template = None if text is None else self._press.encode(text, found.of)
        if text is not None and found.content is None:
            with writing(self._engine) as db:
                keep_content(db, found.id, EditionContent(text.subject, text.text, text.html))
        return template

    def _text(self, found: Edition) -> EditionText | None:
        if found.content is None:
            return self._press.render(found.of)
        return EditionText(found.content.subject, found.content.text, found.content.html, found.of.language)


def _mark(delivery: ClaimedDelivery) -> str:
    """Return what tells a delivery from another that has its number after a restore; the same at every attempt.

    A person gets an edition once, but for what they ask for, whose closing is never put off.
    """
    asked = delivery.kind is DeliveryKind.SERVICE
    fixed = delivery.closes_at.astimezone(UTC).isoformat() if asked else delivery.day.isoformat()
    # A hash, since the key itself stands in links.
    return hashlib.sha256(f"{delivery.subscriber_key} {fixed}".encode()).hexdigest()[:12]


def _path(address: str) -> str:
    """Return an address as it stands between the brackets of MAIL and RCPT. Raises AddressError."""
    path = wire_address(address)
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
