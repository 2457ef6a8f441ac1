r"""Content lines of iCalendar: what a text may hold, its escapes, where a line is folded (RFC 5545 §3.1, §3.3.11).

The icalendar library (7.3) folds between the two halves of an escaped backslash, and takes `\N` in a text for a line
end, so lines are escaped and folded here, and the library reads them back in the tests.
"""

from __future__ import annotations

import re

LONGEST_LINE = 75
"""Octets, without the line end."""

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What is left of C0, C1 and DEL; a byte order mark; halves of surrogate pairs, which UTF-8 cannot hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_BACKSLASH = ord("\\")
_SEPARATORS = re.compile(r"[,;\\]")


def plain(text: str) -> str:
    r"""Return the text without control characters, its line ends as `\n`, without white space around it.

    Tabs become spaces: programmes that unfold with care for spaces alone exist. What other readers take for a line
    end (NEL, U+2028, U+2029) becomes one.
    """
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " ")).strip()


def one_line(text: str) -> str:
    """Return the text as `plain`, on one line."""
    return " ".join(plain(text).split())


def plain_name(name: str) -> str:
    r"""Return a name on one line, without what would be escaped: comma, semicolon and backslash.

    ical.js shows a feed's name as it is written, with the backslashes of its escapes; Home Assistant's reader divides a
    category at an escaped comma too.
    """
    return one_line(_SEPARATORS.sub(" ", name))


def escaped(text: str) -> str:
    """Return the text as a TEXT value."""
    # str.translate looks every letter up that is not ASCII: twenty times as slow.
    return text.replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")


def text_line(name: str, text: str) -> bytes:
    """Return a property whose value is a text, folded, with its line end."""
    return folded(f"{name}:{escaped(text)}")


def folded(line: str) -> bytes:
    """Return the line in pieces of at most 75 octets, with CRLF after each; a character or an escape is never cut."""
    octets = line.encode()
    if len(octets) <= LONGEST_LINE:
        return octets + b"\r\n"
    pieces = []
    start, room = 0, LONGEST_LINE
    while len(octets) - start > room:
        end = _last_cut(octets, start, start + room)
        pieces.append(octets[start:end])
        start, room = end, LONGEST_LINE - 1  # the space that begins a folded line counts
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def _last_cut(octets: bytes, start: int, end: int) -> int:
    """Return the last place at or before `end` where the octets may be cut; `start` is such a place."""
    while octets[end] & 0b1100_0000 == 0b1000_0000:  # within a character
        end -= 1
    first = end
    while first > start and octets[first - 1] == _BACKSLASH:
        first -= 1
    return end - (end - first) % 2
