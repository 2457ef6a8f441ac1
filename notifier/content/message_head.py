"""What the headers of a message say; apart from what writes them, which is imported with the first message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessageHead:
    """What the headers of an edition say.

    Names may have any letters; addresses are plain. `reply_to` is a name, which may be empty, and an address.
    `calendar_id` becomes the List-Id. `unsubscribe_mailbox` is the address whose mail is read for tokens in the
    subject, `owner` a person's; both may be missing. `feedback_id` names the campaign (campaign:sort:sender), never a
    person. `base_url` has no slash at its end.
    """

    from_name: str
    from_address: str
    reply_to: tuple[str, str] | None
    calendar_id: str
    base_url: str
    owner: str | None = None
    unsubscribe_mailbox: str | None = None
    feedback_id: str | None = None
