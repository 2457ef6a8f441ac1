"""The text of messages: plain, and fitting a window of 78 columns (RFC 5322 §2.1.1)."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

WIDTH = 78

_MARKER = re.compile(r" *(?:- |\[\d+\] )?")
# Every character that ends a line or that nobody sees, with the spaces around; a no-break space stays.
_ENDS = re.compile(r"[ \x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# First strong isolate, and pop directional isolate.
_BEGINS, _ENDS_ISOLATE = "\u2068", "\u2069"
_MARKED = re.compile(r" *(?:- |\[\d+\] )")
_RULE = re.compile(r"[=-]+")
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


def unwrapped(text: str) -> list[str]:
    """Return a text with each paragraph and each item of a list on one line, wherever it was wrapped.

    An address ends its line. What was isolated on either side of a line's end is isolated as a whole again.
    """
    lines: list[str] = []
    goes_on = False
    for line in (line.rstrip() for line in text.splitlines()):
        alone = not line or _RULE.fullmatch(line) is not None
        if goes_on and not alone and not _MARKED.match(line):
            lines[-1] = f"{lines[-1]} {line.strip()}".replace(f"{_ENDS_ISOLATE} {_BEGINS}", " ")
        else:
            lines.append(line)
        goes_on = not alone and "://" not in line
    return lines


def _wrapped_line(line: str) -> str:
    if len(line) <= WIDTH:
        return line
    marker = _MARKER.match(line)
    indent = " " * (marker.end() if marker else 0)
    isolated = _BEGINS in line
    lines = textwrap.wrap(
        line,
        WIDTH - 2 * isolated,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(_isolated_on_each(lines, len(indent)) if isolated else lines)


def _isolated_on_each(lines: list[str], indent: int) -> Iterator[str]:
    """Yield the lines, with what is isolated across a line end isolated on either side: it ends with a paragraph.

    (Unicode Standard Annex 9, §2.4.)
    """
    opened = 0
    for line in lines:
        begun = f"{line[:indent]}{_BEGINS * opened}{line[indent:]}" if opened else line
        opened += line.count(_BEGINS) - line.count(_ENDS_ISOLATE)
        yield begun + _ENDS_ISOLATE * opened
