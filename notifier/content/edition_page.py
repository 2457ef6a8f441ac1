"""The page of one message as it was released, without what was personal in it, and with its corrections above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.mail_text import unwrapped
from notifier.content.pages import PASSING, page_of
from notifier.content.resources import Resource
from notifier.content.site import SiteDay
from notifier.tokens import TOKEN_LENGTH

# A token's place, or an address that holds one; nobody's link works here.
_PERSONAL = re.compile(rf"\S*[a-z0-9~.-]{{{TOKEN_LENGTH},}}\S*")
# As the text of a message has its headings: a line of signs below them.
_HEADING = re.compile(r"^(.+)\n[=-]{3,}\n", re.MULTILINE)
_URL = re.compile(r"https?://[^\s<>\"]+")
_MARK = "- "


@dataclass(frozen=True, slots=True)
class ReleasedEdition:
    """A message: its language, the local date it was for, its subject and plain text, and each correction's text."""

    language: str
    day: date
    subject: str
    text: str
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or an address that may be followed."""

    text: str
    is_link: bool


class Block(NamedTuple):
    """A list with an item for each of its `lines`, or where it is not `listed` one line: paragraphs as they stand."""

    lines: Sequence[Sequence[Piece]]
    listed: bool


class Part(NamedTuple):
    """A part of a message: its heading, empty where it has none, and what stands below it."""

    heading: str
    body: Sequence[Block]

    @property
    def length(self) -> int:
        """How many characters stand below the heading."""
        return sum(len(piece.text) for block in self.body for line in block.lines for piece in line)


def edition_page(site: SiteDay, language: Language, edition: ReleasedEdition) -> Resource:
    """Return the page. It is listed nowhere and kept by nobody: only who was sent a correction knows its address."""
    return page_of(
        site,
        language,
        "web/edition.html",
        Head(edition.subject),
        PASSING,
        edition=edition,
        sent=language.plain_date(edition.day),
        corrections=[impersonal(text, language) for text in edition.corrections],
        passages=list(parts_of(edition.text, language)),
    )


def parts_of(text: str, language: Language) -> Iterator[Part]:
    """Yield a message's text part by part, its paragraphs whole again, up to where it speaks of its reader."""
    before, *rest = _HEADING.split(text)
    for heading, body in zip(["", *rest[::2]], [before, *rest[1::2]], strict=True):
        if heading == language.say("About this message"):
            return
        if heading or body.strip():
            shown = _until_reader("\n".join(unwrapped(body.strip("\n"))), language)
            yield Part(heading, list(_blocks(shown)))


def impersonal(text: str, language: Language) -> Sequence[Piece]:
    """Return the text up to where it speaks of its reader, in pieces: plain ones and web addresses."""
    return _pieces(_until_reader(text, language))


def _until_reader(text: str, language: Language) -> str:
    return text.partition(f"\n{language.say('About this message')}\n")[0].rstrip()


def _blocks(text: str) -> Iterator[Block]:
    """Yield the lists of a text, each item of which is on one line, and what stands between them."""
    for listed, lines in groupby(text.split("\n"), key=lambda line: line.startswith(_MARK)):
        if listed:
            yield Block([_pieces(line.removeprefix(_MARK)) for line in lines], listed)
        elif between := "\n".join(lines).strip("\n"):
            yield Block([_pieces(between)], listed)


def _pieces(shown: str) -> Sequence[Piece]:
    pieces, end = [], 0
    for url in _URL.finditer(shown):
        pieces.append(Piece(shown[end : url.start()], is_link=False))
        personal = _PERSONAL.fullmatch(url.group()) is not None
        pieces.append(Piece("…" if personal else url.group(), is_link=not personal))
        end = url.end()
    pieces.append(Piece(shown[end:], is_link=False))
    return [piece for piece in pieces if piece.text]
