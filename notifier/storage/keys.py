"""Random keys that stand for rows in public addresses."""

from __future__ import annotations

import secrets

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
"""RFC 4648 §6 in lower case: survives being read aloud, and addresses that lose their case."""


def random_key(length: int) -> str:
    """Return so many base32 characters of five random bits each."""
    return "".join(secrets.choice(_BASE32) for _ in range(length))
