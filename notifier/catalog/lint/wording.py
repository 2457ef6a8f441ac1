"""What is said, in each language: contested words, numbers that differ, and characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from notifier.catalog.findings import Findings
from notifier.catalog.lint.numbers import differing, numbers_in
from notifier.catalog.lint.texts import PlacedText, PlacedWording, wordings_of
from notifier.catalog.lint.voice import contested_in
from notifier.catalog.problems import Code, listed

_OVERRIDES = frozenset("\u202d\u202e")
"""They turn letters around; isolates and marks, which Persian needs among Latin, do not."""
_OPENING, _CLOSING = frozenset("\u2066\u2067\u2068\u202a\u202b"), frozenset("\u2069\u202c")
_HARMLESS = frozenset("\u00ad\u200c\u200d\u200e\u200f\u061c\n\t") | _OPENING | _CLOSING
_LOST = "\ufffd"
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn"})
# Pictographs, dingbats and what is shown as one of them (Unicode Technical Standard #51).
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2705-\u2757\u2763-\u2767\u2795-\u27bf\u2b50-\u2b59]|.\ufe0f")


def look_at_text(findings: Findings, text: PlacedText, served: Collection[str], *, mourning: bool) -> None:
    """Note what is wrong with a text's wordings in the languages that are `served`."""
    wordings = [wording for wording in wordings_of(text) if wording.language in served]
    for wording in wordings:
        if text.own_voice:
            _contested(findings, text.what, wording)
        _unseen(findings, text.what, wording)
        if mourning and (found := _EMOJI.search(wording.node.text)):
            message = f'{text.what} in {wording.language} has the emoji "{found[0]}" on a day of mourning; take it out'
            findings.warning(wording.node.place, message, Code.EMOJI)
    _numbers(findings, text.what, wordings)


def _contested(findings: Findings, what: str, wording: PlacedWording) -> None:
    if words := contested_in(wording.language, wording.node.text):
        quoted = listed([f'"{word}"' for word in words])
        message = (
            f"{what} in {wording.language} says {quoted} in the service's own voice; say who calls it so "
            "(by:, called: or official_name:), or use a plain word"
        )
        findings.warning(wording.node.place, message, Code.CONTESTED)


def _unseen(findings: Findings, what: str, wording: PlacedWording) -> None:
    text = wording.node.text
    bad = sorted({character for character in text if _is_bad(character)})
    if _LOST in text:
        message = f"{what} in {wording.language} has U+FFFD, which stands for a lost character; write what was there"
        findings.warning(wording.node.place, message, Code.UNSEEN)
    if bad:
        codes = listed([f"U+{ord(character):04X}" for character in bad[:5]])
        message = f"{what} in {wording.language} has what nobody sees and readers stumble over: {codes}; take it out"
        findings.warning(wording.node.place, message, Code.UNSEEN)
    elif sum(c in _OPENING for c in text) != sum(c in _CLOSING for c in text):
        message = f"{what} in {wording.language} turns the direction of writing and does not turn it back; add U+2069"
        findings.warning(wording.node.place, message, Code.UNSEEN)


def _is_bad(character: str) -> bool:
    if character in _OVERRIDES:
        return True
    return character not in _HARMLESS and unicodedata.category(character) in _UNSEEN


def _numbers(findings: Findings, what: str, wordings: list[PlacedWording]) -> None:
    """Compare every wording with the author's first."""
    if len(wordings) < 2:
        return
    first, *others = wordings
    expected = numbers_in(first.language, first.node.text)
    for wording in others:
        more, less = differing(numbers_in(wording.language, wording.node.text), expected)
        if more or less:
            has = f"{_said(more)} instead of {_said(less)}" if more and less else ""
            has = has or (f"{_said(more)} beside them" if more else f"not {_said(less)}")
            message = (
                f"{what} in {wording.language} has other numbers or dates than {first.language}: {has}; compare them"
            )
            findings.warning(wording.node.place, message, Code.NUMBERS_DIFFER)


def _said(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:5]))
