"""Rules as tokens: names of several words, words, numbers, times, other events and signs, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from notifier.domain.rules.gregorian import MONTHS
from notifier.domain.rules.names import months, named_days


class Token(NamedTuple):
    """A piece of a rule, and where it begins in the text, counted from 0. The kind is a group of the expression."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a rule, and an empty one of the kind `end` behind them."""
    for match in _expression().finditer(text):
        if match.lastgroup is not None and match.lastgroup != "space":
            yield Token(match.lastgroup, match[0], match.start())
    yield Token("end", "", len(text))


@lru_cache(maxsize=1)
def _expression() -> re.Pattern[str]:
    kinds = {
        "space": r"\s+",
        "event": r"event:[^\s,]*",
        "time": r"\d\d?:\d\d(?!\d)",
        "number": r"\d+",
        "name": rf"(?:{_one_of([*MONTHS, *months(), *named_days()])})(?![\w'’-])",
        "word": r"[^\W\d_]+(?:['’-][^\W\d_]+)*",
        "sign": r"[,+-]",
        "other": r"[\s\S]",
    }
    return re.compile("|".join(f"(?P<{kind}>{expression})" for kind, expression in kinds.items()), re.ASCII)


def _one_of(names: Iterable[str]) -> str:
    """Return an expression for any of the names, the longer before those they begin with."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
