"""A feed as it is sent: its forms in the two content codings, and what tells who has one of them already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

from notifier.content.feeds import Feed

Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, Headers, bytes]
"""A status, headers and a body."""

CACHE_CONTROL = b"public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"

_CODING = re.compile(rb"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")


class Wishes(NamedTuple):
    """The request headers that matter for a feed."""

    accept_encoding: bytes | None
    if_none_match: bytes | None
    if_modified_since: bytes | None

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]]) -> Wishes:
        """Pick them out; ASGI gives names in lower case. The lines of one list are joined."""
        coding = tags = since = None
        for name, value in headers:
            if name == b"accept-encoding":
                coding = value if coding is None else coding + b"," + value
            elif name == b"if-none-match":
                tags = value if tags is None else tags + b"," + value
            elif name == b"if-modified-since":
                since = value
        return cls(coding, tags, since)

    @property
    def packed(self) -> bool:
        """Whether the compressed form is wanted."""
        return self.accept_encoding is not None and wants_gzip(self.accept_encoding)


class Validators(NamedTuple):
    """What tells whether a client has a feed in one content coding already, and the headers that say so."""

    etag: bytes
    last_modified: datetime
    headers: Headers

    @classmethod
    def of(cls, feed: Feed, constant: Headers, *, packed: bool) -> Validators:
        """Return those of a feed; `constant` are headers that every answer has."""
        etag = (feed.gzip_etag if packed else feed.etag).encode("ascii")
        headers = [
            (b"etag", etag),
            (b"last-modified", feed.http_date.encode("ascii")),
            (b"cache-control", CACHE_CONTROL),
            (b"vary", b"Accept-Encoding"),
            *constant,
        ]
        return cls(etag, feed.last_modified, headers)

    def hold_for(self, wishes: Wishes) -> bool:
        """Whether the client has this form already (RFC 9110 §13.2.2: entity tags beat dates)."""
        if wishes.if_none_match is not None:
            # A tag holds no quotation mark, so a list holds ours, strong or weak, or does not have it in it.
            return self.etag in wishes.if_none_match or wishes.if_none_match.strip() == b"*"
        since = None if wishes.if_modified_since is None else _instant(wishes.if_modified_since)
        return since is not None and self.last_modified <= since


class Form(NamedTuple):
    """A feed in one content coding, as it is sent."""

    validators: Validators
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, feed: Feed, validators: Validators, *, packed: bool) -> Form:
        """Make it; the compressed one takes some milliseconds."""
        body = feed.gzip if packed else feed.identity
        content = [
            (b"content-type", feed.media_type.encode("ascii")),
            (b"content-disposition", feed.disposition.encode("ascii")),
            (b"content-length", b"%d" % len(body)),
            *([(b"content-encoding", b"gzip")] if packed else []),
            *((name.lower().encode("ascii"), value.encode("ascii")) for name, value in feed.headers),
        ]
        return cls(validators, content + validators.headers, body)


@lru_cache(maxsize=256)
def wants_gzip(accept_encoding: bytes) -> bool:
    """Whether Accept-Encoding prefers gzip to the bytes as they are (RFC 9110 §12.5.3).

    gzip goes to those who take it, by name or by `*`, and to those who refuse identity without a word on gzip; when
    both are refused, identity is sent rather than nothing.
    """
    weights: dict[bytes, float] = {}
    for item in accept_encoding.split(b","):
        match = _CODING.fullmatch(item)
        if match is not None:
            coding = match[1].lower()
            weights[b"gzip" if coding == b"x-gzip" else coding] = float(match[2] or 1)
    gzip, identity = weights.get(b"gzip", weights.get(b"*")), weights.get(b"identity")
    if gzip is None:
        return identity == 0
    # Identity that is not named is acceptable, and nobody's first choice.
    return gzip > 0 and gzip >= (identity or 0)


def sentence(status: int, body: bytes, headers: Headers) -> Answer:
    """Return an answer that is one plain sentence."""
    content = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    return status, content + headers, body


def _instant(http_date: bytes) -> datetime | None:
    try:
        instant = parsedate_to_datetime(http_date.decode("latin-1"))
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
