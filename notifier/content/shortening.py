"""Entries made shorter where a feed would be longer than programmes take: their texts, never their dates."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import NamedTuple

from notifier.content.abridging import brief, cut
from notifier.content.contentlines import escaped, folded
from notifier.content.feeds import WrittenEntry

_END = b"END:VEVENT\r\n"
# A line that was folded goes on with a space (RFC 5545 §3.1), so what begins a line is a property's name.
_VALUE = rb":([^\r]*\r\n(?: [^\r]*\r\n)*)"
_DESCRIPTION = re.compile(rb"^DESCRIPTION" + _VALUE, re.MULTILINE)
_SUMMARY = re.compile(rb"^SUMMARY" + _VALUE, re.MULTILINE)
_SPARED = re.compile(rb"^(?:LOCATION|GEO|CATEGORIES)" + _VALUE, re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")

_LONGEST_TITLE = 200
_WORTH = 150
"""Characters: what would save no more than an address takes is left as it is."""


@dataclass(frozen=True, slots=True)
class Length:
    """How much text entries have: at most so many characters of their description, all of it for None.

    A `bare` one has no place, no collections and no reminders either, and at most 200 characters of its title.
    """

    description: int | None
    bare: bool = False


WHOLE = Length(None)
SHORTER = (WHOLE, Length(10_000), Length(3_000), Length(1_000), Length(300), Length(0))
"""The longest first. Few fixed ones: so a small edit seldom changes how long all others are."""
BARE = Length(0, bare=True)


class Shortened(NamedTuple):
    """An entry with less text: its content lines, which the page's address divides where it is `addressed`."""

    written: WrittenEntry
    before: bytes
    after: bytes = b""
    addressed: bool = False
    bare: bool = False

    def octets(self, host: int) -> int:
        """Return how many octets it has, with a host of that length."""
        written, url = self.written, f"{'x' * host}{self.written.entry.path}"
        address = len(_address(url)) if self.addressed else 0
        alarms = 0 if self.bare else written.alarms
        content = len(self.before) + address + len(self.after)
        return len(written.parts[0]) + content + len(folded(f"URL:{url}")) + alarms + len(_END)

    def write(self, base_url: str) -> WrittenEntry:
        """Return the entry as it stands in a feed; the same one where nothing of it was cut."""
        written = self.written
        stamp, content, tail = written.parts
        bare = self.bare and written.alarms
        if self.before == content and not bare:
            return written
        address = _address(f"{base_url}{written.entry.path}") if self.addressed else b""
        if bare:
            tail = tail[: -len(_END) - written.alarms] + _END
        digest = hashlib.sha256(written.said + self.before + self.after).hexdigest()
        return WrittenEntry.of(
            written.entry, (stamp, self.before + address + self.after, tail), digest, 0 if bare else written.alarms
        )


def shorten(written: WrittenEntry, length: Length, kept: str = "") -> Shortened:
    """Return an entry with so much text. The sentence `kept` stays wherever it is a line of the description."""
    content = written.parts[1]
    if length.description is None or len(content) <= length.description:
        return Shortened(written, content)
    if length.bare:
        content = _SUMMARY.sub(_short_title, _SPARED.sub(b"", content))
    found = _DESCRIPTION.search(content)
    if found is None:
        return Shortened(written, content, bare=length.bare)
    text = _read(found[1])
    if length.description and len(text) <= length.description + _WORTH:
        return Shortened(written, content)
    said = brief(text, length.description, kept)
    before, after = content[: found.start()], content[found.end() :]
    if length.description == 0:
        line = folded(f"DESCRIPTION:{escaped(said)}") if said else b""
        return Shortened(written, before + line + after, bare=length.bare)
    begun = f"DESCRIPTION:{escaped(said)}\\n\\n" if said else "DESCRIPTION:"
    return Shortened(written, before + folded(begun), after, addressed=True)


def _short_title(found: re.Match[bytes]) -> bytes:
    return folded(f"SUMMARY:{escaped(cut(_read(found[1]), _LONGEST_TITLE))}")


def _read(value: bytes) -> str:
    """Return a TEXT value as it was before it was escaped and folded."""
    unfolded = value.replace(b"\r\n ", b"")[:-2].decode()
    return _ESCAPE.sub(lambda escape: "\n" if escape[1] in "nN" else escape[1], unfolded)


def _address(url: str) -> bytes:
    """Return an address as the rest of a folded line, on lines of its own: hosts then move no other octet."""
    return folded(f" {url}")
