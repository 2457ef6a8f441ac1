"""Digests of several things at once, none of which runs into the next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest_of(parts: Iterable[bytes]) -> str:
    """Return SHA-256 over the parts, each behind its length, in hexadecimal."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()


def digest_of_texts(*texts: str) -> str:
    """Return the digest of texts in UTF-8; half a character that a text may hold is taken as it is."""
    return digest_of(text.encode("utf-8", "surrogatepass") for text in texts)
