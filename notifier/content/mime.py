"""Messages as bytes: an edition is built with `email` once, and each reader's copy is its bytes joined.

Building each copy with `email` would be what limits sending: it takes milliseconds, joining takes microseconds.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from notifier.content.editions import TOKEN_PLACE, EditionText
from notifier.content.mail_text import mail_line
from notifier.content.mailboxes import ascii_address
from notifier.domain import addresses
from notifier.tokens import TOKEN_LENGTH

_TOKEN = re.compile(r"[A-Za-z0-9_.~-]+", re.ASCII)
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>", re.ASCII)
_URL = re.compile(r"https?://[!-;=?-~]+", re.ASCII)

# Between any two characters of an encoded body quoted-printable may break the line (RFC 2045 §6.7, rule 5).
_SOFT_BREAK = b"=\r\n"
_TOKEN_PLACE = re.compile(
    rb"(?:=\r\n)?".join(re.escape(bytes([character])) for character in TOKEN_PLACE.encode("ascii"))
)


class _Policy(EmailPolicy):
    """SMTP's policy, which folds only headers with words in them.

    `email` encodes what is too long for a line and cannot be folded, and nobody reads an encoded List-Unsubscribe or
    Message-ID. A line may have 998 characters (RFC 5322 §2.1.1).
    """

    _WORDS = frozenset({"subject", "from"})

    def fold_binary(self, name: str, value: str) -> bytes:
        """Write one header."""
        if name.lower() in self._WORDS:
            return SMTP.fold_binary(name, value)
        return _ONE_LINE.fold_binary(name, value)


_ONE_LINE = SMTP.clone(max_line_length=998)
# `email` breaks quoted-printable at the policy's width, and RFC 2045 §6.7 allows it 76 characters, not 78.
POLICY = _Policy(linesep="\r\n", cte_type="7bit", max_line_length=76)


@dataclass(frozen=True, slots=True)
class MessageHead:
    """What the headers of an edition say.

    `from_name` may have any letters; addresses are plain. `calendar_id` becomes the List-Id. `unsubscribe_mailbox` is
    the address whose mail is read for tokens in the subject, `owner` a person's; both may be missing. `feedback_id`
    names the campaign (campaign:sort:sender), never a person. `base_url` has no slash at its end.
    """

    from_name: str
    from_address: str
    reply_to: str | None
    calendar_id: str
    base_url: str
    owner: str | None = None
    unsubscribe_mailbox: str | None = None
    feedback_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One edition, encoded: bytes, and between them the slices of a reader's token that stand there."""

    unsubscribe_url: bytes
    unsubscribe_mailbox: bytes | None
    pieces: tuple[bytes | slice, ...]

    def personal(self, to: str, message_id: str, token: str, date: datetime) -> bytes:
        """Return one reader's message, lines ending in CRLF, all of it ASCII.

        `message_id` has its angle brackets; `date` is aware. Raises AddressError for an address that cannot be written
        to, and ValueError for a token or an id of another form.
        """
        if len(token) != TOKEN_LENGTH or not _TOKEN.fullmatch(token):
            raise ValueError("token")
        if len(message_id) > 900 or not _MESSAGE_ID.fullmatch(message_id):
            raise ValueError(message_id)
        own = token.encode("ascii")
        head = (
            f"Date: {format_datetime(date.astimezone(UTC))}\r\n"
            f"To: {ascii_address(to)}\r\n"
            f"Message-ID: {message_id}\r\n"
            "List-Unsubscribe: "
        ).encode("ascii")
        body = [own[piece] if isinstance(piece, slice) else piece for piece in self.pieces]
        return b"".join((head, self._unsubscribe(own), b"\r\n", *body))

    def _unsubscribe(self, token: bytes) -> bytes:
        page = b"<" + self.unsubscribe_url + token + b">"
        if self.unsubscribe_mailbox is None:
            return page
        return page + b", <mailto:" + self.unsubscribe_mailbox + b"?subject=" + token + b">"


def build_template(edition: EditionText, head: MessageHead) -> MessageTemplate:
    """Encode an edition for everybody.

    Names and texts with line ends or other unseen characters are written without them; an address that has any raises
    AddressError, and such a `base_url` ValueError.
    """
    if not _URL.fullmatch(head.base_url):
        raise ValueError(head.base_url)
    message = EmailMessage(policy=POLICY)
    # The body first: `email` moves a Content-Language that is already there into the first part.
    write_body(message, edition)
    write_head(message, edition, head)
    mailbox = head.unsubscribe_mailbox
    return MessageTemplate(
        unsubscribe_url=(head.base_url + addresses.unsubscribe("")).encode("ascii"),
        unsubscribe_mailbox=None if mailbox is None else ascii_address(mailbox).encode("ascii"),
        pieces=tuple(_split(message.as_bytes())),
    )


def write_head(message: EmailMessage, edition: EditionText, head: MessageHead) -> None:
    """Write the headers that are the same for everybody."""
    message["From"] = _mailbox(head.from_address, head.from_name)
    if head.reply_to is not None:
        message["Reply-To"] = _mailbox(head.reply_to)
    message["Subject"] = mail_line(edition.subject)
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058 §3.1
    message["List-Id"] = f"<{mail_line(head.calendar_id)}>"  # RFC 2919
    message["List-Help"] = f"<{head.base_url + addresses.subscribing(edition.language)}>"  # RFC 2369
    message["List-Post"] = "NO"
    if head.owner is not None:
        message["List-Owner"] = f"<mailto:{ascii_address(head.owner)}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5
    message["Content-Language"] = edition.language
    if head.feedback_id is not None:
        message["Feedback-ID"] = mail_line(head.feedback_id)


def write_body(message: EmailMessage, edition: EditionText) -> None:
    """Write both parts in quoted-printable, whose line breaks do not depend on what a token's characters are."""
    message.set_content(edition.text, cte="quoted-printable")
    message.add_alternative(edition.html, subtype="html", cte="quoted-printable")
    digest = hashlib.sha256(f"{edition.text}\0{edition.html}".encode("utf-8", "replace")).hexdigest()
    # "=_" cannot occur in quoted-printable, so no text can end a part early (RFC 2045 §6.7).
    message.set_boundary(f"=_{digest[:32]}")


def _mailbox(address: str, name: str = "") -> Address:
    return Address(display_name=mail_line(name), addr_spec=ascii_address(address))


def _split(encoded: bytes) -> list[bytes | slice]:
    """Cut the bytes where the token stands, and the token where a soft line break stands in it."""
    pieces: list[bytes | slice] = []
    end = 0
    for place in _TOKEN_PLACE.finditer(encoded):
        pieces.append(encoded[end : place.start()])
        position = 0
        for part in place.group().split(_SOFT_BREAK):
            if position:
                pieces.append(_SOFT_BREAK)
            pieces.append(slice(position, position + len(part)))
            position += len(part)
        end = place.end()
    pieces.append(encoded[end:])
    return pieces
