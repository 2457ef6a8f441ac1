"""Messages as bytes: an edition is built with `email` once, and each reader's copy is its bytes joined.

Building each copy with `email` would be what limits sending: it takes milliseconds, joining takes microseconds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache

from notifier.content.editions import TOKEN_PLACE, EditionText
from notifier.content.mail_text import mail_line
from notifier.content.mailboxes import ascii_address, wire_address
from notifier.content.message_head import MessageHead
from notifier.domain import addresses

_TOKEN = re.compile(r"[A-Za-z0-9_.~-]+", re.ASCII)
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>", re.ASCII)
_URL = re.compile(r"https?://[!-;=?-~]+", re.ASCII)

# Between any two characters of an encoded body quoted-printable may break the line (RFC 2045 §6.7, rule 5).
_SOFT_BREAK = b"=\r\n"

_LONGEST_LINE = 998  # RFC 5322 §2.1.1


class _Policy(EmailPolicy):
    """SMTP's policy, which folds only headers with words in them.

    `email` encodes what is too long for a line and cannot be folded, and nobody reads an encoded List-Unsubscribe or
    Message-ID. A line may have 998 characters (RFC 5322 §2.1.1).
    """

    _WORDS = frozenset({"subject", "from", "reply-to"})

    def fold_binary(self, name: str, value: str) -> bytes:
        """Write one header."""
        if name.lower() not in self._WORDS:
            return _ONE_LINE.fold_binary(name, value)
        if not str(value).isascii() or any(len(word) > _LONGEST_LINE - 20 for word in value.split()):
            return _encoded_words(name, value)
        return _folded(name, value) if name.lower() == "subject" else SMTP.fold_binary(name, value)


def _folded(name: str, value: str) -> bytes:
    """Write plain words in lines of 78 characters, as far as they can be parted (RFC 5322 §2.2.3).

    The newer half of `email` leaves the first line empty where they fit on the second, and its own reader then finds a
    space before them, as of Python 3.13.
    """
    lines = Header(value, "us-ascii", maxlinelen=78, header_name=name).encode(linesep="\r\n")
    return f"{name}: {lines}\r\n".encode("ascii")


def _encoded_words(name: str, value: str) -> bytes:
    """Write a header of words as encoded words, their spaces among them (RFC 2047 §6.2).

    The newer half of `email` loses the space where it begins a new line between two of them, as of Python 3.13.
    """
    words, address = value, ""
    for mailbox in getattr(value, "addresses", ()):
        words, address = mailbox.display_name, f"\r\n <{mailbox.addr_spec}>"
    encoded = Header(words, "utf-8", maxlinelen=76, header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}{address}\r\n".encode("ascii")


_ONE_LINE = SMTP.clone(max_line_length=_LONGEST_LINE)
# `email` breaks quoted-printable at the policy's width, and RFC 2045 §6.7 allows it 76 characters, not 78.
POLICY = _Policy(linesep="\r\n", cte_type="7bit", max_line_length=76)


Piece = bytes | tuple[str, slice]
"""Bytes that are the same for everybody, or a slice of the token that goes to a place."""


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One edition, encoded: bytes, and between them the slices of a reader's tokens that stand there."""

    unsubscribe_url: bytes
    unsubscribe_mailbox: bytes | None
    pieces: tuple[Piece, ...]

    def personal(self, to: str, message_id: str, tokens: Mapping[str, str], date: datetime) -> bytes:
        """Return one reader's message, lines ending in CRLF, all of it ASCII but for a local part that is not.

        `message_id` has its angle brackets; `tokens` has one for each place that stands in the edition, of the place's
        length; `date` is aware. Raises AddressError for an address that cannot be written to, and ValueError for an id
        of another form and for a token that is missing or of another form.
        """
        if len(message_id) > 900 or not _MESSAGE_ID.fullmatch(message_id):
            raise ValueError(message_id)
        own = {place: _token(place, token) for place, token in tokens.items()}
        head = f"Date: {_written(date)}\r\nTo: {wire_address(to)}\r\nMessage-ID: {message_id}\r\n"
        try:
            parts = [head.encode("utf-8"), self._unsubscribe(own[TOKEN_PLACE])]
            parts += [piece if isinstance(piece, bytes) else own[piece[0]][piece[1]] for piece in self.pieces]
        except KeyError as missing:
            message = "token"
            raise ValueError(message) from missing
        return b"".join(parts)

    def __len__(self) -> int:
        """Return about how many bytes it takes."""
        return sum(len(piece) if isinstance(piece, bytes) else 100 for piece in self.pieces)

    def _unsubscribe(self, token: bytes) -> bytes:
        page = b"List-Unsubscribe: <" + self.unsubscribe_url + token + b">"
        if self.unsubscribe_mailbox is None:
            return page + b"\r\n"
        return page + b", <mailto:" + self.unsubscribe_mailbox + b"?subject=" + token + b">\r\n"


def build_template(edition: EditionText, head: MessageHead, places: Iterable[str] = (TOKEN_PLACE,)) -> MessageTemplate:
    """Encode an edition for everybody. `places` are what may stand in it where each reader's own tokens go.

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
        pieces=tuple(_split(message.as_bytes(), tuple(places))),
    )


def write_head(message: EmailMessage, edition: EditionText, head: MessageHead) -> None:
    """Write the headers that are the same for everybody."""
    message["From"] = _mailbox(head.from_address, head.from_name)
    if head.reply_to is not None:
        name, address = head.reply_to
        message["Reply-To"] = _mailbox(address, name)
    message["Subject"] = mail_line(edition.subject)
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058 §3.1
    message["List-Id"] = f"<{mail_line(head.calendar_id)}>"  # RFC 2919
    message["List-Help"] = f"<{head.base_url + addresses.subscribe(edition.language)}>"  # RFC 2369
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


def _token(place: str, token: str) -> bytes:
    if len(token) != len(place) or not _TOKEN.fullmatch(token):
        message = "token"
        raise ValueError(message)
    return token.encode("ascii")


@lru_cache(maxsize=64)
def _written(date: datetime) -> str:
    return format_datetime(date.astimezone(UTC))


def _split(encoded: bytes, places: tuple[str, ...]) -> list[Piece]:
    """Cut the bytes where tokens stand, and a token where a soft line break stands in it."""
    pieces: list[Piece] = []
    end = 0
    for found in _anywhere(places).finditer(encoded):
        pieces.append(encoded[end : found.start()])
        whole = found.group()
        place = whole.replace(_SOFT_BREAK, b"").decode("ascii")
        position = 0
        for part in whole.split(_SOFT_BREAK):
            if position:
                pieces.append(_SOFT_BREAK)
            pieces.append((place, slice(position, position + len(part))))
            position += len(part)
        end = found.end()
    pieces.append(encoded[end:])
    return pieces


@lru_cache(maxsize=8)
def _anywhere(places: tuple[str, ...]) -> re.Pattern[bytes]:
    """Return what finds each of the places, with the soft line breaks that may stand in it."""
    return re.compile(
        b"|".join(rb"(?:=\r\n)?".join(re.escape(letter).encode() for letter in place) for place in places)
    )
