"""How long the texts of an event are: nothing of them is cut off, so its page is as long as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from notifier.catalog.findings import Findings
from notifier.catalog.lint.texts import child
from notifier.catalog.nodes import Node
from notifier.catalog.problems import Code
from notifier.domain.events import Event, FigureClaim, NameClaim, Statement, Update
from notifier.domain.texts import Text

MOST: Final = 95_000
"""Bytes of a page: what is counted here is near enough, and pages stay below 100,000."""

LONGEST_HEADING: Final = 400
"""Bytes: with it as many days as are listed or offered together still fit on a page."""

_FRAME, _CLAIM, _SAID, _SOURCE = 16_000, 700, 350, 400
"""Bytes of a page without texts, and beside the texts of a figure's claim, of what else is said, and of a document."""

_HEADING, _COUNTS = 27, 6
"""How many times more than other texts these two stand on the page and in its links, there in three signs a byte."""


def look_at_lengths(findings: Findings, event: Event, node: Node, languages: Sequence[str]) -> None:
    """Note an event whose page would weigh too much in one of the languages, and a heading too long for lists."""
    length, tag = max((_bytes(event.heading, tag), tag) for tag in languages or event.heading.languages())
    if length > LONGEST_HEADING:
        message = (
            f'the heading of "{event.id}" has {length:,} bytes in {tag}, and lists and forms hold many of them; '
            f"shorten it to {LONGEST_HEADING}, and write the rest into summary:"
        )
        findings.warning((child(node, "heading") or node).place, message, Code.LONG_TEXTS)
    size, tag = max((page_bytes(event, tag), tag) for tag in languages or event.heading.languages())
    if size > MOST:
        message = (
            f'the page of "{event.id}" may weigh more than 100,000 bytes in {tag} (by its texts about {size:,}); '
            "shorten them, or leave parts of them to the documents they are from"
        )
        findings.warning(node.place, message, Code.LONG_TEXTS)


def page_bytes(event: Event, tag: str) -> int:
    """Return about how many bytes the page of an event has in a language, with the fullest of its years."""
    years = (_sum((year.note, *(item.text for item in year.programme)), tag) for year in event.years.values())
    claims = [claim for figure in event.figures for claim in figure.claims]
    names = [*event.called, *((event.official_name,) if event.official_name else ())]
    statements: list[Statement | Update] = [*event.summary, *event.remembered, *event.updates]
    said: list[FigureClaim | NameClaim | Statement | Update] = [*claims, *names, *statements]
    texts = [
        *(one.text for one in statements),
        *(name.term for name in names),
        *(figure.label for figure in event.figures),
        *(claim.note for claim in claims),
    ]
    documents = {source for one in said for source in one.sources}
    around = _FRAME + _CLAIM * len(claims) + _SAID * len(said) + _SOURCE * len(documents)
    repeated = _HEADING * _bytes(event.heading, tag) + _COUNTS * _sum((event.counts,), tag)
    return around + repeated + _sum(texts, tag) + max(years, default=0)


def _sum(texts: Iterable[Text | None], tag: str) -> int:
    return sum(_bytes(text, tag) for text in texts if text is not None)


def _bytes(text: Text, tag: str) -> int:
    """Return how long a text is in a language, or in the one that is shown instead."""
    return len(escape(text.wording((tag,)).text).encode())
