"""Tokens in links: signed, each opening one purpose, valid for as long as the secret they were made with is kept.

All have the same length, so that a message's encoding cannot shift from one reader to the next. Those that end carry
the second at which they were made; how long they are good is said where they are read.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from notifier.domain.errors import NotifierError
from notifier.domain.preferences import address_key

if TYPE_CHECKING:
    from itsdangerous import Signer

KEY_LENGTH = 32
"""The longest key of a subscriber; a UUID in hexadecimal has it exactly. Shorter ones are padded."""

PART_LENGTH = 16
"""The length of a subscriber's key, of a nonce and of an address's hash: two of them share a token."""

_SIGNATURE_LENGTH = 43  # HMAC-SHA-256 in base64 without padding
TOKEN_LENGTH = KEY_LENGTH + 1 + _SIGNATURE_LENGTH
"""Every token has this length: a message's encoding cannot shift from one reader to the next."""

CONFIRM_FOR = timedelta(days=3)
"""How long somebody has to confirm."""

MANAGE_FOR = timedelta(minutes=30)
"""How long a link to the manage page is good."""

SESSION_FOR = timedelta(minutes=30)
"""How long the cookie is that such a link is exchanged for. Nothing prolongs it."""

UNDO_FOR = timedelta(minutes=30)
"""How long leaving can be taken back on the page that says one has left."""

_PADDING = "~"  # unreserved in an address (RFC 3986 §2.3), and in no key
_KEY = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
_PART = re.compile(rf"[A-Za-z0-9_-]{{1,{PART_LENGTH}}}", re.ASCII)

_STAMP_LENGTH = 8
"""Seconds since 1970 in hexadecimal: to the year 2106."""


class TokenError(NotifierError):
    """A token that was not made here, or for something else, or with a secret that is gone."""

    sentence: ClassVar[str] = "This link is not valid."


class TokenTooOldError(TokenError):
    """A token whose time is over."""

    sentence: ClassVar[str] = "This link has expired."


class Tokens:
    """Makes and reads tokens with a ring of secrets, newest first: it signs with the newest and accepts all.

    A ring without secrets, or with an empty one, raises ValueError. Every `read_` raises TokenError for what it did
    not make, and those of tokens that end TokenTooOldError; instants are aware.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets or not all(secrets):
            raise ValueError("secrets")
        self._secrets = tuple(secrets)

    def unsubscribe(self, subscriber_key: str) -> str:
        """Return the token that takes this subscriber off, and does nothing else; it has TOKEN_LENGTH characters.

        The key has 1 to KEY_LENGTH ASCII letters, digits, - and _; another raises ValueError.
        """
        if not _KEY.fullmatch(subscriber_key):
            raise ValueError("subscriber_key")
        return _sign(self._unsubscribe, subscriber_key)

    def read_unsubscribe(self, token: str) -> str:
        """Return the key the token was made for, or raise TokenError."""
        return _read(self._unsubscribe, token)

    def confirm(self, subscriber_key: str, nonce: str) -> str:
        """Return the token that confirms what was asked for when the nonce was made."""
        return _sign(self._confirm, _part(subscriber_key) + _part(nonce))

    def read_confirm(self, token: str) -> tuple[str, str]:
        """Return the key and the nonce. Whether the nonce is still open, and how old, is for who keeps it to say."""
        return _halves(_read(self._confirm, token))

    def never(self, subscriber_key: str, address_hash: str) -> str:
        """Return the token that has this address never written to again; it outlasts the row the key stands for."""
        return _sign(self._never, _part(subscriber_key) + _part(address_hash))

    def read_never(self, token: str) -> tuple[str, str]:
        """Return the key and the address's hash."""
        return _halves(_read(self._never, token))

    def manage(self, subscriber_key: str, now: datetime) -> str:
        """Return the token that opens the manage page until MANAGE_FOR after `now`."""
        return _sign(self._manage, _part(subscriber_key) + _stamp(now))

    def read_manage(self, token: str, now: datetime) -> str:
        """Return the key."""
        return _fresh(_read(self._manage, token), now, MANAGE_FOR)[0]

    def session(self, subscriber_key: str, now: datetime) -> str:
        """Return what the cookie of the manage page holds until SESSION_FOR after `now`."""
        return _sign(self._session, _part(subscriber_key) + _stamp(now))

    def read_session(self, token: str, now: datetime) -> str:
        """Return the key."""
        return _fresh(_read(self._session, token), now, SESSION_FOR)[0]

    def undo(self, subscriber_key: str, left_at: datetime) -> str:
        """Return the token that takes back what happened at `left_at`, until UNDO_FOR after it."""
        return _sign(self._undo, _part(subscriber_key) + _stamp(left_at))

    def read_undo(self, token: str, now: datetime) -> tuple[str, datetime]:
        """Return the key, and the second in which it left."""
        return _fresh(_read(self._undo, token), now, UNDO_FOR)

    @cached_property
    def _unsubscribe(self) -> Signer:
        return _signer(self._secrets, "unsubscribe")

    @cached_property
    def _confirm(self) -> Signer:
        return _signer(self._secrets, "confirm")

    @cached_property
    def _never(self) -> Signer:
        return _signer(self._secrets, "never")

    @cached_property
    def _manage(self) -> Signer:
        return _signer(self._secrets, "manage")

    @cached_property
    def _session(self) -> Signer:
        return _signer(self._secrets, "session")

    @cached_property
    def _undo(self) -> Signer:
        return _signer(self._secrets, "undo")


class AddressHash:
    """Keyed hashes of addresses that are never written to again: without the secret nobody can try addresses on them.

    80 bits of HMAC-SHA-256: with a million of them, one address in 10^18 would be refused by mistake.
    """

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("secret")
        self._secret = secret.encode()

    def of(self, email: str) -> str:
        """Return an address's hash, the same however it is written: PART_LENGTH characters of base32, lower case."""
        digest = hmac.new(self._secret, address_key(email).encode("utf-8", "surrogatepass"), hashlib.sha256)
        return b32encode(digest.digest())[:PART_LENGTH].decode("ascii").lower()


def _sign(signer: Signer, content: str) -> str:
    return signer.sign(content.ljust(KEY_LENGTH, _PADDING)).decode("ascii")


def _read(signer: Signer, token: str) -> str:
    from itsdangerous import BadSignature

    if len(token) != TOKEN_LENGTH or not token.isascii():
        raise TokenError
    try:
        return signer.unsign(token).decode("ascii").rstrip(_PADDING)
    except BadSignature as error:
        raise TokenError from error


def _part(text: str) -> str:
    if not _PART.fullmatch(text):
        raise ValueError("part")
    return text.ljust(PART_LENGTH, _PADDING)


def _halves(content: str) -> tuple[str, str]:
    return content[:PART_LENGTH].rstrip(_PADDING), content[PART_LENGTH:]


def _stamp(at: datetime) -> str:
    return f"{int(at.timestamp()):0{_STAMP_LENGTH}x}"


def _fresh(content: str, now: datetime, good_for: timedelta) -> tuple[str, datetime]:
    """Return the key and the instant of a token that has not ended, to the second."""
    key, stamp = _halves(content)
    made = datetime.fromtimestamp(int(stamp, 16), UTC)
    if not made <= now < made + good_for:
        raise TokenTooOldError
    return key, made


def _signer(secrets: Sequence[str], purpose: str) -> Signer:
    from itsdangerous import Signer

    # itsdangerous takes the oldest first, and signs with the last.
    return Signer(
        list(reversed(secrets)), salt=f"notifier.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256
    )
