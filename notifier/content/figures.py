"""Figures as a picture: each claim in a row of its own, on one scale that begins at zero.

Nothing is averaged and no claim is joined to another: what differs is seen to differ, and by how much of the whole.
Here is where everything stands; `web/plot.html` draws it. Lengths are in the units of the picture's own system.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import log10

from notifier.content.language import Language
from notifier.content.views import ClaimView, FigureView
from notifier.domain.events import Figure, Qualifier

WIDTH = 360
_EDGE = 12
"""Left free on both sides, so that a dot at either end is whole."""
_ROW, _AXIS = 46, 30
_LABEL, _DOT = 17, 32
"""How far below a row's top its words stand, and its dot."""
_MOST_TICKS = 4
_DIGIT, _BETWEEN, _APART = 7, 4, 8
"""How wide a digit on the scale is, and what stands between digits; and the least room between two numbers."""
_LINE = 42
"""About how many letters there is room for in a line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One claim: who says it and what, and where its dot lies; `language` is set where the name is in another one.

    `filled` for an exact figure; `more` where it is a lower bound, with an arrow that ends at `reach`; `about` where it
    is rounded, with a short line to either side.
    """

    by: str
    language: str | None
    value: str
    x: float
    label_y: float
    dot_y: float
    filled: bool
    more: bool
    about: bool
    reach: float


@dataclass(frozen=True, slots=True)
class Sign:
    """How a figure that is meant so is drawn, and how it is meant, in words."""

    filled: bool
    more: bool
    about: bool
    means: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale, and its number; without words where there is no room for all numbers."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The picture of one figure; `start` and `end` are where a line of words begins and ends.

    `key` explains the signs, where any figure is not meant exactly.
    """

    id: str
    title: str
    description: str
    width: int
    height: int
    start: int
    end: int
    base: int
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    key: tuple[Sign, ...]


def plots(figures: tuple[Figure, ...], views: tuple[FigureView, ...], language: Language) -> tuple[Plot | None, ...]:
    """Return the picture of each figure, None for one of a single claim: a lone dot says no more than its number."""
    pairs = enumerate(zip(figures, views, strict=True), start=1)
    return tuple(
        plot(f"plot-{n}", figure, view, language) if len(figure.claims) > 1 else None for n, (figure, view) in pairs
    )


def plot(id_: str, figure: Figure, view: FigureView, language: Language) -> Plot:
    """Return where everything stands in the picture of one figure. In right-to-left languages zero is at the right."""
    step, last = scale(max(claim.value for claim in figure.claims))
    mirrored = language.direction == "rtl"
    base = _ROW * len(figure.claims) + 6
    return Plot(
        id=id_,
        title=language.say("Figures by source: {what}", what=_isolated(str(view.what))),
        description=f"{language.semicolon} ".join(_sentences(view.claims, language)),
        width=WIDTH,
        height=base + _AXIS,
        start=WIDTH - _EDGE if mirrored else _EDGE,
        end=_EDGE if mirrored else WIDTH - _EDGE,
        base=base,
        marks=tuple(
            _mark(row, claim.qualifier, _place(claim.value, last, mirrored=mirrored), words, mirrored=mirrored)
            for row, (claim, words) in enumerate(zip(figure.claims, view.claims, strict=True))
        ),
        ticks=_ticks(step, last, language, mirrored=mirrored),
        key=_key({claim.qualifier for claim in figure.claims}, language),
    )


def scale(greatest: int) -> tuple[int, int]:
    """Return the step between numbers on the scale and the last of them: 1, 2 or 5 times a power of ten.

    There is room beyond the greatest value for the arrow of "more than".
    """
    wanted = max(1, greatest) * 1.1
    power = 10 ** max(0, int(log10(wanted)) - 1)
    steps = (factor * power * scale_ for scale_ in (1, 10, 100) for factor in (1, 2, 5))
    step = next(one for one in steps if one * _MOST_TICKS >= wanted)
    return step, step * -(-int(wanted + 0.999) // step)


def _ticks(step: int, last: int, language: Language, *, mirrored: bool) -> tuple[Tick, ...]:
    """Return the lines of a scale, with as many of their numbers, evenly spread, as do not touch each other."""
    spaces, widest = last // step, _width(language.number(last))
    # The first and the last number stand within the picture, all others around their lines.
    apart = next(
        (n for n in range(1, spaces) if spaces % n == 0 and (WIDTH - 2 * _EDGE) * n / spaces >= 1.5 * widest + _APART),
        spaces,
    )
    return tuple(
        Tick(_place(n * step, last, mirrored=mirrored), language.number(n * step) if n % apart == 0 else "")
        for n in range(spaces + 1)
    )


def _width(number: str) -> int:
    return sum(_DIGIT if character.isdigit() else _BETWEEN for character in number)


def _key(meant: Collection[Qualifier], language: Language) -> tuple[Sign, ...]:
    if set(meant) == {Qualifier.EXACTLY}:
        return ()
    means = {
        Qualifier.EXACTLY: language.say("this number"),
        Qualifier.AT_LEAST: language.say("at least this number"),
        Qualifier.MORE_THAN: language.say("more than this number"),
        Qualifier.ABOUT: language.say("about this number"),
    }
    return tuple(Sign(*_drawn(one), says) for one, says in means.items() if one in meant)


def _drawn(qualifier: Qualifier) -> tuple[bool, bool, bool]:
    """Return whether a dot is filled, has an arrow, has a line to either side."""
    return (
        qualifier in {Qualifier.EXACTLY, Qualifier.AT_LEAST},
        qualifier in {Qualifier.AT_LEAST, Qualifier.MORE_THAN},
        qualifier is Qualifier.ABOUT,
    )


def _mark(row: int, qualifier: Qualifier, x: float, claim: ClaimView, *, mirrored: bool) -> Mark:
    onwards = -1 if mirrored else 1
    filled, more, about = _drawn(qualifier)
    value, by = claim.value, claim.by
    return Mark(
        by=_isolated(_fitting(by.text, _LINE - len(value)), by.direction if by.label else None),
        language=by.language if by.label else None,
        value=value,
        x=x,
        label_y=row * _ROW + _LABEL,
        dot_y=row * _ROW + _DOT,
        filled=filled,
        more=more,
        about=about,
        reach=round(min(WIDTH - 2.0, max(2.0, x + onwards * 26)), 1),
    )


def _place(value: int, last: int, *, mirrored: bool) -> float:
    along = _EDGE + (WIDTH - 2 * _EDGE) * max(0, value) / last
    return round(WIDTH - along if mirrored else along, 1)


def _sentences(claims: tuple[ClaimView, ...], language: Language) -> Iterator[str]:
    for claim in claims:
        yield f"{_isolated(claim.by.text)}{language.colon} {claim.value}"


def _isolated(text: str, direction: str | None = None) -> str:
    """Return a name that may run the other way than the words around it (Unicode's LRI, RLI, else FSI; and PDI)."""
    opening = {"ltr": "\u2066", "rtl": "\u2067"}.get(direction or "", "\u2068")
    return f"{opening}{text}\u2069"


def _fitting(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: max(1, most - 1)].rstrip()}…"
