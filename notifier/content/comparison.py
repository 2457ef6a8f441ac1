"""What is new in a message against that of the year before, with what every year changes left aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from difflib import unified_diff

from notifier.content.language import Language
from notifier.content.mail_text import unwrapped
from notifier.domain.notices import Notice


def changes(before: str, after: str, said: Iterable[tuple[Notice, Notice]], language: Language) -> Sequence[str]:
    """Return the lines of a unified diff of two plain texts; none where they differ only in what every year changes.

    `said` pairs what the earlier message speaks of with what the later one does: dates, ordinals and days left of the
    one are read as those of the other. Paragraphs are compared as
    wholes, so that it does not matter where lines were wrapped.
    """
    earlier = before
    for words, now in _yearly(said, language):
        earlier = "\n".join(line.replace(words, now) for line in unwrapped(earlier))
    lines = unified_diff(unwrapped(earlier), unwrapped(after), "last year", "this year", lineterm="", n=1)
    return [line for line in lines if not line.startswith("@@")]


def _yearly(said: Iterable[tuple[Notice, Notice]], language: Language) -> Iterator[tuple[str, str]]:
    """Yield what the earlier message says in words that the later one says in others, the longest first."""
    pairs: set[tuple[str, str]] = set()
    for earlier, later in said:
        for old, new in zip(_words(earlier, language), _words(later, language), strict=True):
            if old and new and old != new:
                pairs.add((old, new))
    # What holds another one in it goes first; equals in a fixed order.
    yield from sorted(pairs, key=lambda pair: (-len(pair[0]), pair))


def _words(notice: Notice, language: Language) -> list[str]:
    """Return what is said of one anniversary and of no other, in a fixed order; empty where it is not said."""
    one = notice.occurrence
    days = (one.first, one.last, one.first - timedelta(days=1))
    begins, ordinal = notice.begins, one.ordinal
    return [
        *(language.date(day) for day in days),
        *(language.plain_date(day) for day in days),
        "" if ordinal is None else language.anniversary(ordinal),
        "" if ordinal is None else _counted(ordinal, language),
        language.days_left(notice.days),
        "" if begins is None else language.time(begins),
        f"/{one.event.id}/{one.year}",
    ]


def _counted(ordinal: int, language: Language) -> str:
    """Return how the sentence that says what an ordinal counts goes on, or begins, around what that is."""
    said = language.say_many("Counted from: {what}, {n} year", "Counted from: {what}, {n} years", ordinal, what="\0")
    begins, _, ends = said.partition("\0")
    return ends or begins
