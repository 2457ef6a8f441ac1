"""A picture of each anniversary, shown where somebody shares its page: its name, its day, whose calendar it is.

It is drawn from SVG by resvg, which shapes Arabic letters and orders words that run both ways by itself. The font comes
with the templates, so that the picture is the same on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from notifier.content.frame import Picture
from notifier.content.language import Language
from notifier.content.resources import Resource, with_etag
from notifier.content.site import SiteDay
from notifier.content.views import OccurrenceView
from notifier.content.wording import view_occurrence, words
from notifier.domain import addresses
from notifier.domain.occurrences import Occurrence

PNG = "image/png"
WIDTH, HEIGHT = 1200, 630
_EDGE = 84
FONT = Path("web", "fonts", "notifier-serif.ttf")

# The letters that the font has: Latin, Cyrillic, Armenian, Arabic, and the marks between them.
_DRAWN = re.compile(
    "[ -~\u00a0-\u024f\u0300-\u030f\u0400-\u045f\u0490-\u0493\u04ae-\u04b3\u04d8\u04d9\u04e8\u04e9\u0531-\u0556"
    "\u0559-\u055f\u0561-\u0587\u0589\u058a\u060c\u061b\u061f\u0620-\u0657\u0660-\u06d3\u06f0-\u06f9"
    "\u200c-\u200f\u2010-\u2015\u2018-\u201e\u2026\u202f\u2030\u2032\u2033\u2039\u203a\u2066-\u2069\u2116]*"
)
_SIZES = ((76, 3), (62, 4), (50, 5))
"""Heights of letters, and how many lines of each there is room for."""

_ISOLATES = {"ltr": "\u2066", "rtl": "\u2067"}
_KEPT = ("Cache-Control", "public, no-cache")
_NARROW, _WIDE = frozenset("iIlj.,:;'!|()‘’-ıՙ "), frozenset("mwMWШЩЖЮФшщжюфՃՊՓՖ—")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the name: its words, and how far down it stands."""

    text: str
    y: int


def picture(site: SiteDay, language: Language, occurrence: Occurrence, title: str, day: str) -> Picture:
    """Return where a published anniversary's picture is, and what it says."""
    path = addresses.occurrence_picture(language.tag, occurrence.event.id, occurrence.year)
    return Picture(site.absolute(path), f"{title}{language.comma} {day}")


def picture_svg(site: SiteDay, language: Language, occurrence: Occurrence) -> str:
    """Return the picture as SVG. A name with letters that the font lacks is left out; the day is always there."""
    view = view_occurrence(occurrence, site.catalog, language)
    calendar = words(site.catalog.calendar.name, site.catalog, language).text
    width, mirrored = WIDTH - 2 * _EDGE, language.direction == "rtl"
    size, texts = _set(_kept_together(view, language), width) if can_be_drawn(view.title) else (0, ())
    top = 300 - round(len(texts) * size * 0.62)
    return site.templates.render(
        "web/picture.xml",
        language,
        kind=view.event.kind,
        size=size,
        lines=[Line(_directed(text, language), top + round((n + 0.8) * size * 1.25)) for n, text in enumerate(texts)],
        day=_directed(_cut(view.day, 38, width), language),
        calendar=_directed(_cut(calendar, 30, width), language) if can_be_drawn(calendar) else "",
        x=WIDTH - _EDGE if mirrored else _EDGE,
        anchor="end" if mirrored else "start",
    )


def _kept_together(view: OccurrenceView, language: Language) -> str:
    """Return the title with what is counted on one line: "36th anniversary"."""
    if view.ordinal is None:
        return view.title
    counted = language.anniversary(view.ordinal)
    return view.title.replace(counted, counted.replace(" ", "\u00a0"))


def can_be_drawn(text: str) -> bool:
    """Whether the font has every letter."""
    return _DRAWN.fullmatch(text) is not None


def drawn(svg: str, templates: Path) -> Resource:
    """Return an SVG as a PNG; `templates` is the folder in which the font lies. It takes some 40 ms."""
    import resvg_py

    font = str(templates / FONT)
    return with_etag(
        Resource(bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[font])), PNG, (_KEPT,))
    )


def _directed(text: str, language: Language) -> str:
    """Return a line that runs as its language does, whatever letters it begins with (Unicode's RLI, LRI and PDI)."""
    return f"{_ISOLATES[language.direction]}{text}\u2069"


def _set(text: str, width: int) -> tuple[int, Sequence[str]]:
    """Return the height of letters at which a text fits, and its lines; the end of one too long is left out."""
    for size, most in _SIZES:
        lines = list(_lines(text, size, width))
        if len(lines) <= most and all(_width(line, size) <= width for line in lines):
            return size, lines
    size, most = _SIZES[-1]
    shown = list(_lines(text, size, width))[:most]
    return size, [_cut(line if n < most - 1 else f"{line} …", size, width) for n, line in enumerate(shown)]


def _lines(text: str, size: int, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):  # a no-break space does not divide
        longer = f"{line} {word}".strip()
        if line and _width(longer, size) > width:
            yield line
            line = word
        else:
            line = longer
    yield line


def _cut(text: str, size: int, width: int) -> str:
    if _width(text, size) <= width:
        return text
    while text and _width(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _width(text: str, size: int) -> float:
    """Return about how wide a text is, rather too wide than too narrow."""
    return size * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if character in _NARROW:
        return 0.37
    if character in _WIDE:
        return 1.02
    if "\u200b" <= character <= "\u200f" or "\u2066" <= character <= "\u2069":
        return 0
    return 0.76 if character.isupper() or "\u0530" <= character <= "\u058f" else 0.62
