"""What is wrong in a calendar file, where, and what to do about it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from notifier.catalog.codes import Code

__all__ = ["Code", "Place", "Problem", "Severity", "counted", "did_you_mean", "listed", "near", "visible"]

_LONGEST_NAME = 100
_LONGEST_MESSAGE = 600
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
"""Persian words hold them."""


class Severity(StrEnum):
    """An error keeps the file from being used or says what is surely wrong; a note only tells, and counts nowhere."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(NamedTuple):
    """A position in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def seen_from(self, file: str) -> str:
        """Return where this is for a reader of `file`: `line 7`, or `other.yaml:7`."""
        return f"line {self.line}" if file == self.file else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding."""

    place: Place
    severity: Severity
    message: str
    code: Code = Code.VALUE

    def __str__(self) -> str:
        """Return the line that compilers and editors know: `file:line:column: error: message`."""
        place = self.place
        return f"{visible(place.file)}:{place.line}:{place.column}: {self.severity}: {visible(self.message)}"

    @property
    def line(self) -> str:
        """The same with the code at its end, by which docs/checks.md tells more."""
        return f"{self} [{self.code}]"


def visible(text: str) -> str:
    r"""Return a text of one line in which everything is seen as it is, of no more than some hundred characters.

    What moves the cursor, turns the direction of writing or is not seen is written as \u{202e}: a finding quotes what
    anybody may have put into a file, and is printed on an operator's terminal.
    """
    if len(text) > _LONGEST_MESSAGE:
        text = f"{text[: _LONGEST_MESSAGE // 2]}…{text[-_LONGEST_MESSAGE // 2 :]}"
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_seen, text))


def _seen(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _UNSEEN:
        return character
    return f"\\u{{{ord(character):x}}}"


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return the known name that is nearest, if any is near. Comparing takes the square of the length."""
    return difflib.get_close_matches(name, sorted(known), n=1) if len(name) <= _LONGEST_NAME else []


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint at the nearest known name, or nothing."""
    found = near(name, known)
    return f'; did you mean "{found[0]}"?' if found else ""


def listed(names: Iterable[str]) -> str:
    """Return `a`, `a and b`, or `a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def counted(problems: Sequence[Problem]) -> str:
    """Return how many errors and warnings there are: `2 errors, 1 warning`."""
    said = []
    for severity in (Severity.ERROR, Severity.WARNING):
        number = sum(problem.severity is severity for problem in problems)
        said.append(f"{number} {severity}{'' if number == 1 else 's'}")
    return ", ".join(said)
