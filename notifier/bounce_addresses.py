"""Addresses that what comes back is sent to: each names the one delivery it is about, and cannot be made up.

`bounces@example.org` becomes `bounces+{delivery}.{signature}@example.org`, in small letters, since a local part's case
may be lost on the way. What is signed is the delivery's number together with the key of the person it goes to: after a
person was erased, or a backup restored, a number may stand for another delivery.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from notifier.domain.errors import NotifierError

_SIGNATURE_LENGTH = 16
"""80 bits of HMAC-SHA-256, in base32."""

_LONGEST_NUMBER = 19  # of a 64-bit id
_LONGEST_LOCAL_PART = 64  # RFC 5321 §4.5.3.1.1
_NAME = re.compile(r"[a-z0-9!#$%&'*/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*/=?^_`{|}~-]+)*", re.ASCII)
_SIGNED = re.compile(rf"(?P<delivery>[1-9][0-9]{{0,{_LONGEST_NUMBER - 1}}})\.(?P<signature>[a-z2-7]{{16}})", re.ASCII)

LONGEST_NAME = _LONGEST_LOCAL_PART - len("+.") - _LONGEST_NUMBER - _SIGNATURE_LENGTH
"""How many characters may stand before the @ of the address that signed ones are made from."""


class BounceAddressError(NotifierError):
    """An address that no signed ones can be made from."""

    wrong_use = True
    sentence: ClassVar[str] = (
        '"{address}" cannot take what comes back; use an address with at most {most} plain letters and digits, and no '
        "+, before the @"
    )


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """What an address of this form says; it counts only where it `was_made_for` whom the delivery goes to."""

    delivery_id: int
    _signature: str = field(repr=False)
    _keys: Sequence[bytes] = field(repr=False)

    def was_made_for(self, subscriber_key: str) -> bool:
        """Whether this service made the address, of this delivery to the person with that key."""
        right = [_signed(key, self.delivery_id, subscriber_key) for key in self._keys]
        # All of them are compared: how long it takes tells nothing.
        return sum(hmac.compare_digest(self._signature, one) for one in right) > 0


class BounceAddresses:
    """Makes and reads the signed forms of one address; signs with the newest secret of a ring and accepts all.

    Raises BounceAddressError for an address they cannot be made from, and ValueError for a ring without secrets.
    """

    def __init__(self, address: str, secrets: Sequence[str]) -> None:
        if not secrets or not all(secrets):
            message = "secrets"
            raise ValueError(message)
        self._name, _, self._domain = address.strip().lower().rpartition("@")
        usable = _NAME.fullmatch(self._name) and len(self._name) <= LONGEST_NAME
        if not usable or not self._domain.isascii() or not self._domain:
            raise BounceAddressError(address=address, most=LONGEST_NAME)
        self._keys = tuple(hmac.digest(secret.encode(), b"notifier.bounce", hashlib.sha256) for secret in secrets)

    def make(self, delivery_id: int, subscriber_key: str) -> str:
        """Return the address of one delivery, whose id is positive, to the person with this key."""
        return f"{self._name}+{delivery_id}.{_signed(self._keys[0], delivery_id, subscriber_key)}@{self._domain}"

    def read(self, address: str) -> ReturnAddress | None:
        """Return what an address says, true or not; None for one of another form."""
        local, _, domain = address.strip().strip("<>").lower().rpartition("@")
        name, _, signed = local.partition("+")
        found = _SIGNED.fullmatch(signed)
        if found is None or (name, domain) != (self._name, self._domain):
            return None
        return ReturnAddress(int(found["delivery"]), found["signature"], self._keys)


def _signed(key: bytes, delivery_id: int, subscriber_key: str) -> str:
    digest = hmac.digest(key, f"{delivery_id}.{subscriber_key}".encode(), "sha256")
    return b32encode(digest)[:_SIGNATURE_LENGTH].decode("ascii").lower()
