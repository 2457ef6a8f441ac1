"""What the web answers with and what is written to files: bytes, a type and headers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """Something finished, ready to be served or written to a file. What may be kept carries a strong ETag."""

    body: bytes
    media_type: str
    headers: Headers


def with_etag(resource: Resource) -> Resource:
    """Return the resource with its strong ETag (RFC 9110 §8.8.3): SHA-256 of the body."""
    etag = f'"{hashlib.sha256(resource.body).hexdigest()}"'
    return replace(resource, headers=(("ETag", etag), *resource.headers))
