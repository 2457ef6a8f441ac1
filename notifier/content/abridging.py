"""Texts made shorter, between paragraphs where they can be.

Of figures that differ, all or none are shown, each beside who says it.
"""

from __future__ import annotations

import re
import unicodedata

# Figures, names and documents, a line each.
_LISTED = re.compile(r"^(?:- |\[\d)", re.MULTILINE)
# Who says it and in which documents: `… (according to official data) [1] [3]`.
_ATTRIBUTION = re.compile(r"(?: \([^()\n]{1,80}\))?(?: \[\d{1,3}\]){0,9}$")
_LONGEST_ATTRIBUTION = 140
_JOINER = "\u200d"

_LEAST = 60
"""Characters that a cut paragraph has at least; of less nobody has any use."""


def brief(text: str, most: int, kept: str = "") -> str:
    """Return the first paragraphs of a text, in about `most` characters; lists stay whole or go.

    The sentence `kept` stays wherever it is one of the text's lines.
    """
    shown: list[str] = []
    room = most
    for paragraph in text.split("\n\n") if most else ():
        if len(paragraph) <= room:
            shown.append(paragraph)
            room -= len(paragraph) + 2
        elif room >= _LEAST and not _LISTED.search(paragraph):
            shown.append(_begun(paragraph, room))
            room = 0
    if kept and kept in text.split("\n") and kept not in "\n".join(shown).split("\n"):
        shown.append(kept)
    return "\n\n".join(shown)


def _begun(paragraph: str, room: int) -> str:
    """Return a paragraph's first lines, whole; where not even one fits, its beginning and who says it."""
    lines = paragraph.split("\n")
    fitting: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        fitting.append(line)
    if fitting:
        return "\n".join([*fitting, "…"])
    attribution = _ATTRIBUTION.search(lines[0][-_LONGEST_ATTRIBUTION:])
    by = "" if attribution is None else attribution[0]
    return f"{cut(lines[0].removesuffix(by), room + len(lines[0]))}{by}"


def cut(text: str, most: int) -> str:
    """Return the text's beginning, after a word where there is one, with an ellipsis; no character is torn apart."""
    if len(text) <= most:
        return text
    end = most
    while end > 1 and (unicodedata.category(text[end])[0] == "M" or _JOINER in text[end - 1 : end + 1]):
        end -= 1
    space = text.rfind(" ", max(1, end - _LEAST), end + 1)
    return f"{text[: space if space > 0 else end].rstrip()}…"
