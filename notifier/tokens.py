"""Tokens in links: signed, each opening one purpose, valid for as long as the secret they were made with is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from notifier.domain.errors import NotifierError

if TYPE_CHECKING:
    from itsdangerous import Signer

KEY_LENGTH = 32
"""The longest key of a subscriber; a UUID in hexadecimal has it exactly. Shorter ones are padded."""

_SIGNATURE_LENGTH = 43  # HMAC-SHA-256 in base64 without padding
TOKEN_LENGTH = KEY_LENGTH + 1 + _SIGNATURE_LENGTH
"""Every token has this length: a message's encoding cannot shift from one reader to the next."""

_PADDING = "~"  # unreserved in an address (RFC 3986 §2.3), and in no key
_KEY = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)


class TokenError(NotifierError):
    """A token that was not made here, or for something else, or with a secret that is gone."""

    sentence: ClassVar[str] = "This link is not valid."


class Tokens:
    """Makes and reads tokens with a ring of secrets, newest first: it signs with the newest and accepts all.

    A ring without secrets, or with an empty one, raises ValueError.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets or not all(secrets):
            raise ValueError("secrets")
        self._secrets = tuple(secrets)

    @cached_property
    def _unsubscribe(self) -> Signer:
        return _signer(self._secrets, "unsubscribe")

    def unsubscribe(self, subscriber_key: str) -> str:
        """Return the token that takes this subscriber off, and does nothing else; it has TOKEN_LENGTH characters.

        The key has 1 to KEY_LENGTH ASCII letters, digits, - and _; another raises ValueError.
        """
        if not _KEY.fullmatch(subscriber_key):
            raise ValueError("subscriber_key")
        return self._unsubscribe.sign(subscriber_key.ljust(KEY_LENGTH, _PADDING)).decode("ascii")

    def read_unsubscribe(self, token: str) -> str:
        """Return the key the token was made for, or raise TokenError."""
        from itsdangerous import BadSignature

        if len(token) != TOKEN_LENGTH or not token.isascii():
            raise TokenError
        try:
            return self._unsubscribe.unsign(token).decode("ascii").rstrip(_PADDING)
        except BadSignature as error:
            raise TokenError from error


def _signer(secrets: Sequence[str], purpose: str) -> Signer:
    from itsdangerous import Signer

    # itsdangerous takes the oldest first, and signs with the last.
    return Signer(
        list(reversed(secrets)), salt=f"notifier.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256
    )
