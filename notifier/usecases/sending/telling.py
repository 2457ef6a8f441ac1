"""Telling the operator, once, that nothing can be sent."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from uuid import uuid4

from sqlalchemy import Engine

from notifier.content.mail_text import mail_line
from notifier.content.mailboxes import ascii_address
from notifier.content.mime import POLICY
from notifier.delivery.outcomes import SenderStoppedError, Stop
from notifier.domain.deliveries import DeliveryState
from notifier.domain.errors import AddressError
from notifier.storage.engine import reading, writing
from notifier.storage.sending import count_waiting, note_told, was_told
from notifier.usecases.sending.post import Post

_ONCE_IN = timedelta(hours=24)
_ENGLISH = "en"


def tell_of_stop(  # noqa: PLR0913 -- who is told what, and since when
    engine: Engine,
    post: Post,
    operator: str,
    stop: Stop,
    reason: str,
    *,
    since: datetime,
    now: datetime,
) -> bool:
    """Write to the operator that sending stopped; return whether that left.

    Not again for a reason of the same sort within 24 hours. It takes the way of every message and may be stopped as
    they are; then it is tried again after the next stop. Log and `/readyz` tell of it in any case.
    """
    what = f"sending stopped: {stop}"
    with reading(engine) as db:
        if was_told(db, what, _ONCE_IN, now):
            return False
        waiting = count_waiting(db, now)
    values = {"reason": reason, "since": since.astimezone(UTC).isoformat(" ", "minutes"), "waiting": waiting}
    text = post.press.templates.render("email/stopped.txt", post.press.languages(_ENGLISH), **values)
    first, _, rest = text.partition("\n")
    if not tell_operator(post, operator, first.rstrip(".").lower(), rest.lstrip("\n"), now):
        return False
    with writing(engine) as db:
        note_told(db, what, now)
    return True


def tell_operator(post: Post, operator: str, subject: str, text: str, now: datetime) -> bool:
    """Write to the operator by the way that every message takes; return whether that left."""
    with suppress(SenderStoppedError, AddressError):
        return _sent(post, operator, subject, text, now)
    return False


def _sent(post: Post, operator: str, subject: str, text: str, now: datetime) -> bool:
    press = post.press
    to, origin = ascii_address(operator), ascii_address(press.head.from_address)
    message = EmailMessage(policy=POLICY)
    message["Date"] = now.astimezone(UTC).replace(microsecond=0)
    message["From"] = Address(addr_spec=origin)
    message["To"] = Address(addr_spec=to)
    message_id = f"<{uuid4().hex}@{press.head.calendar_id}>"
    message["Message-ID"] = message_id
    message["Subject"] = mail_line(f"{press.head.calendar_id}: {subject}")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5
    message.set_content(text, cte="quoted-printable")
    with post.open_sender() as sender:
        return sender.send(origin, to, message_id, message.as_bytes()).state is DeliveryState.SENT
