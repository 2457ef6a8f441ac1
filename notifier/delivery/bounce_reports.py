"""What a message in the bounce mailbox says: delivery failed or is delayed, somebody complains or leaves, or nothing.

Only what the report itself says is judged. The message it returns is never searched for words, or for reports in it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from enum import StrEnum

JUDGED_BY_WORDS = 32_000
"""Octets in which reports in no standard form are looked for by wording: a hundred patterns, each on each line."""

_LONGEST_DETAIL = 500
_MOST_ADDRESSES = 50
_LONGEST_HEADER = 10_000

# RFC 5322 §3.2.3 dot-atoms, without requiring that the dots stand well.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_.~-]{40,120}", re.ASCII)

_RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "to", "cc")
"""Where a mailbox tells whom a message was for; the first are its own words, the last the sender's."""

_COMPLAINTS = {"abuse", "fraud", "virus", "other", "opt-out"}
"""Feedback types of people (RFC 5965 §7.3); `not-spam` (RFC 6430) and `auth-failure` (RFC 6591) complain of nothing."""

_STATUS = {"message/delivery-status", "message/global-delivery-status"}


class Verdict(StrEnum):
    """What a message is. `other` are answers of programs, receipts, notes of success: nothing follows from them.

    `leaving` is what a mail program sends for the mailto: of List-Unsubscribe (RFC 2369 §3.2).
    """

    FAILED = "failed"
    DELAYED = "delayed"
    COMPLAINT = "complaint"
    LEAVING = "leaving"
    OTHER = "other"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class BounceReport:
    """A verdict, and what may tell whom it is about: nothing of that is to be believed without its signature.

    `addresses` are those it was sent to, and for a complaint those the message in question came from; `tokens` what
    may be tokens of links for leaving. `detail` is one line for operators.
    """

    verdict: Verdict
    detail: str
    addresses: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()


def read_report(raw: bytes) -> BounceReport:
    """Judge a message as it came, whatever is in it; one whose end is missing is judged by what is there."""
    try:
        message = message_from_bytes(raw)
        return _feedback(message) or _delivery_status(message) or _leaving(message) or _by_words(raw, message)
    except Exception as error:  # noqa: BLE001 -- RecursionError, IndexError, LookupError …: strangers write what they like
        return BounceReport(Verdict.UNREADABLE, f"it cannot be taken apart: {type(error).__name__}")


def _feedback(message: Message) -> BounceReport | None:
    """Read a complaint in the Abuse Reporting Format (RFC 5965)."""
    parts = list(_own_parts(message))
    feedback = next((part for part in parts if part.get_content_type() == "message/feedback-report"), None)
    if feedback is None:
        return None
    fields = _headers_in(feedback)
    kind = str(fields.get("feedback-type", "")).strip().lower()
    if kind not in _COMPLAINTS:
        return BounceReport(Verdict.OTHER, _line(f"feedback of the type {kind or 'none'}"))
    original = next((_headers_in(part) for part in parts if _holds_headers(part)), Message())
    said = [*_values(original, "return-path"), *_values(fields, "original-mail-from"), *_recipients(message)]
    agent = fields.get("user-agent", "an unnamed program")
    return BounceReport(
        Verdict.COMPLAINT,
        _line(f"{kind}, reported by {agent}"),
        _addresses_in(said),
        tuple(token for value in _values(original, "list-unsubscribe") for token in _TOKEN.findall(value)),
    )


def _delivery_status(message: Message) -> BounceReport | None:
    """Read a delivery status notification (RFC 3464)."""
    blocks = [
        block
        for part in _own_parts(message)
        if part.get_content_type() in _STATUS and part.is_multipart()
        for block in part.get_payload()
        if isinstance(block, Message)
    ]
    if not blocks:
        return None
    temporary, permanent = _failures(_bare(blocks))
    actions = {str(block.get("action", "")).strip().lower() for block in blocks}
    # An address that is not ASCII is none to flufl.bounce; whom it is about we know from our own address.
    if permanent or any(action.startswith(("fail", "error")) for action in actions):
        return BounceReport(Verdict.FAILED, _cause(blocks, "fail"), _addresses_in(_recipients(message)))
    if temporary or any(action.startswith("delay") for action in actions):
        return BounceReport(Verdict.DELAYED, _cause(blocks, "delay"), _addresses_in(_recipients(message)))
    if actions & {"delivered", "relayed", "expanded"}:
        return BounceReport(Verdict.OTHER, "a note of success")
    return BounceReport(Verdict.UNREADABLE, "a delivery status that says neither failed nor delayed")


def _leaving(message: Message) -> BounceReport | None:
    """Read a subject that is nothing but what may be a token."""
    subject = str(message.get("subject", ""))[:_LONGEST_HEADER].strip()
    return BounceReport(Verdict.LEAVING, "leaves by mail", (), (subject,)) if _TOKEN.fullmatch(subject) else None


def _by_words(raw: bytes, message: Message) -> BounceReport:
    """Judge what has no standard form: by the headers of programs that answer, then by known wordings."""
    if message.get_content_type() == "multipart/report" and _parameter(message) == "disposition-notification":
        return BounceReport(Verdict.OTHER, "a receipt")
    # Exim says of its reports too that they are answers.
    if _is_answer(message) and "x-failed-recipients" not in message:
        return BounceReport(Verdict.OTHER, "an answer by a program")
    shorter = message if len(raw) <= JUDGED_BY_WORDS else message_from_bytes(raw[:JUDGED_BY_WORDS])
    temporary, permanent = _failures(_without_returned(shorter))
    if permanent:
        return BounceReport(Verdict.FAILED, "failed, by its wording", _addresses_in(_recipients(message)))
    if temporary:
        return BounceReport(Verdict.DELAYED, "delayed, by its wording", _addresses_in(_recipients(message)))
    return BounceReport(Verdict.UNREADABLE, "neither a report nor a program's answer that is known here")


def _failures(message: Message) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Return the addresses of temporary and of permanent failures, as flufl.bounce finds them."""
    # It logs each detector it tries, and with a traceback whatever one stumbles over.
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    from flufl.bounce import all_failures

    temporary, permanent = all_failures(message)
    return temporary - {b""}, permanent - {b""}


def _own_parts(message: Message) -> Iterator[Message]:
    """Yield the parts that are the report's own, in their order, and the whole where it has none.

    What is within a message that is returned or attached is somebody else's.
    """
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _own_parts(part)
    else:
        yield message


def _bare(blocks: list[Message]) -> Message:
    """Return the status blocks alone, so that nothing else is taken for one."""
    status, bare = Message(), Message()
    status["Content-Type"] = "message/delivery-status"
    status.set_payload(list[Message | str](blocks))
    bare["Content-Type"] = "multipart/report; report-type=delivery-status"
    bare.set_payload([status])
    return bare


def _without_returned(message: Message) -> Message:
    """Take out whatever is returned or attached as a message of its own."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        kept = [p for p in message.get_payload() if isinstance(p, Message) and p.get_content_maintype() != "message"]
        message.set_payload(list[Message | str](map(_without_returned, kept)))
    return message


def _is_answer(message: Message) -> bool:
    """Whether a program answered in somebody's stead (RFC 3834 §5, and what was usual before)."""
    submitted = str(message.get("auto-submitted", "")).partition(";")[0].partition("(")[0].strip().lower()
    suppress = str(message.get("x-auto-response-suppress", "")).lower()
    return (
        submitted in {"auto-replied", "auto-notified"}
        or str(message.get("precedence", "")).strip().lower() == "auto_reply"
        or any(name in message for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-vacation"))
        # Exchange marks an absence note so, and calls it auto-generated.
        or (submitted == "auto-generated" and ("oof" in suppress or "all" in suppress))
    )


def _headers_in(part: Message) -> Message:
    """Return the headers that a part holds as its content."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload[0] if payload and isinstance(payload[0], Message) else Message()
    content = part.get_payload(decode=True)
    return message_from_string(content.decode("latin-1")) if isinstance(content, bytes) else Message()


def _holds_headers(part: Message) -> bool:
    return part.get_content_type() in {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
    }


def _parameter(message: Message) -> str:
    return str(message.get_param("report-type", "")).lower()


def _recipients(message: Message) -> list[str]:
    return [value for name in _RECIPIENT_HEADERS for value in _values(message, name)]


def _values(message: Message, name: str) -> list[str]:
    return [re.sub(r"\s+", " ", str(value)[:_LONGEST_HEADER]) for value in message.get_all(name, [])]


def _addresses_in(values: list[str]) -> tuple[str, ...]:
    found = dict.fromkeys(match for value in values for match in _ADDRESS.findall(value))
    return tuple(found)[:_MOST_ADDRESSES]


def _cause(blocks: list[Message], action: str) -> str:
    """Return the status and the diagnosis of the first recipient with this action."""
    for block in blocks:
        if str(block.get("action", "")).strip().lower().startswith(action):
            status, diagnosis = (str(block.get(name, "")) for name in ("status", "diagnostic-code"))
            return _line(f"{status} {diagnosis.partition(';')[2] or diagnosis}") or f"{action}ed without a reason"
    return "without a reason"


def _line(text: str) -> str:
    """Return one line of printable characters."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.split())[:_LONGEST_DETAIL]
