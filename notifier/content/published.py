"""Public addresses as the service answers them, and the rules by which another server would answer the same.

A rule is what a server's configuration can say: all addresses below one first segment that end alike have the same
headers. What differs from its neighbours gets a rule of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

Headers = tuple[tuple[str, str], ...]

OWN: Final = "{own}"
"""Stands in a rule's headers for the path of whatever is asked for, which a feed names as its own (`rel=self`)."""

# What the server that has the file says by itself.
_OF_THE_SERVER: Final = frozenset({"content-length", "content-encoding", "date", "etag", "last-modified", "server"})


@dataclass(frozen=True, slots=True)
class Published:
    """One public address and its answer; header names are lower case, `path` is below the path of the base address.

    `status` is 200, that of a redirect, or 404: then `path` ends with a slash, and it is the answer for whatever below
    it does not exist. `gzip` is the body in that coding, where the service has it. `pinned` is the value of the
    query's `v` under which the content never changes, with the Cache-Control it then has.
    """

    path: str
    status: int
    headers: Headers
    body: bytes
    gzip: bytes | None = None
    pinned: tuple[str, str] | None = None

    def header(self, name: str) -> str | None:
        """Return a header's value; `name` is lower case."""
        return dict(self.headers).get(name)

    @property
    def last_modified(self) -> datetime | None:
        """When it last changed (UTC, whole seconds), where the service says so."""
        value = self.header("last-modified")
        return None if value is None else parsedate_to_datetime(value)

    @property
    def lasting_headers(self) -> Headers:
        """The headers that a server has to be told: all but those it makes from the file."""
        told = ((name, value) for name, value in self.headers if name not in _OF_THE_SERVER)
        return tuple(
            (name, value.replace(f"{self.path}>", f"{OWN}>") if name == "link" else value) for name, value in told
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """Headers of one address, or of all below `/{segment}/` that end with `suffix` where `path` is None.

    `dated` ones have a Last-Modified, `packed` ones a gzip form.
    """

    path: str | None
    segment: str
    suffix: str
    headers: Headers
    dated: bool
    packed: bool
    pinned: tuple[str, str] | None = None


def rules(published: Iterable[Published]) -> tuple[Rule, ...]:
    """Return the rules of everything that is answered with 200, in the order of their paths, wide ones first."""
    groups: dict[tuple[str, str], list[Published]] = {}
    for one in published:
        if one.status == 200:
            groups.setdefault((segment_of(one.path), suffix_of(one.path)), []).append(one)
    found: list[Rule] = []
    for (segment, suffix), members in sorted(groups.items()):
        common = None
        if all(one.path.count("/") > 1 and one.pinned is None for one in members):
            common = _common(members, segment, suffix)
            found.append(common)
        own = (_own(one, segment, suffix) for one in members)
        found += [rule for rule in own if not _covers(common, rule)]
    return tuple(sorted(found, key=lambda rule: (rule.path is not None, rule.segment, rule.path or "", rule.suffix)))


def segment_of(path: str) -> str:
    """Return a path's first segment: `en` of `/en/events/black-january`."""
    return path.split("/", 2)[1]


def suffix_of(path: str) -> str:
    """Return the end that tells a path's kind: `.ics`, or nothing for a page."""
    name = path.rpartition("/")[2]
    return f".{name.rpartition('.')[2]}" if "." in name else ""


def file_of(path: str) -> str:
    """Return the path of the file an address is served from: `black-january.html`, or `index.html` after a slash."""
    if path.endswith("/"):
        return f"{path}index.html"
    return path if suffix_of(path) else f"{path}.html"


def missing_file(one: Published) -> str:
    """Return the path of the file that says what is not there; `404.html` is the name that static hosts look for."""
    return f"{one.path}404.{'html' if (one.header('content-type') or '').startswith('text/html') else 'txt'}"


def _own(one: Published, segment: str, suffix: str) -> Rule:
    dated, packed = one.header("last-modified") is not None, one.gzip is not None
    return Rule(one.path, segment, suffix, one.lasting_headers, dated, packed, one.pinned)


def _common(members: Sequence[Published], segment: str, suffix: str) -> Rule:
    shapes = Counter((one.lasting_headers, one.header("last-modified") is not None) for one in members)
    (headers, dated), _ = shapes.most_common(1)[0]
    return Rule(None, segment, suffix, headers, dated, any(one.gzip is not None for one in members))


def _covers(common: Rule | None, own: Rule) -> bool:
    return common is not None and (common.headers, common.dated) == (own.headers, own.dated)
