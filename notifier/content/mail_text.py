"""The text of messages: plain, and fitting a window of 78 columns (RFC 5322 §2.1.1)."""

from __future__ import annotations

import re
import textwrap

WIDTH = 78

_MARKER = re.compile(r" *(?:- |\[\d+\] )?")
# Every character that ends a line or that nobody sees, with the spaces around; a no-break space stays.
_ENDS = re.compile(r"[ \x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_GAPS = re.compile(r"\n{3,}")


def mail_line(text: object) -> str:
    """Return the text on one line, so that what an event says cannot pass for a heading, nor for a header."""
    return _ENDS.sub(" ", str(text)).strip(" ")


def wrapped(text: str) -> str:
    """Wrap every long line, with what follows indented under a list's mark.

    An address is never broken: it stands on a line of its own, however long. Several empty lines become one.
    """
    lines = "\n".join(_wrapped_line(line.rstrip()) for line in text.splitlines())
    return _GAPS.sub("\n\n", lines.strip("\n")) + "\n"


def _wrapped_line(line: str) -> str:
    if len(line) <= WIDTH:
        return line
    marker = _MARKER.match(line)
    indent = " " * (marker.end() if marker else 0)
    return textwrap.fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
