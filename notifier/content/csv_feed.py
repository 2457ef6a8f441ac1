"""Anniversaries as a table: one row each, for spreadsheets (RFC 4180).

There is no byte order mark: the type says the coding, and RFC 3629 (§6) wants none where something else does. With a
mark, programmes that read by the header would not find the first column.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from notifier.content.contentlines import one_line
from notifier.content.language import Language
from notifier.content.wording import title_of, words
from notifier.domain import addresses
from notifier.domain.events import Catalog
from notifier.domain.occurrences import Occurrence
from notifier.domain.windows import FeedYears

CSV_TYPE = "text/csv; charset=utf-8; header=present"

COLUMNS = (
    "event", "year", "date", "until", "ordinal", "title", "kind", "collections", "place", "estimated", "url",
)  # fmt: skip
"""As in the API's JSON, with kind and place; `until` is the last day, inclusive; between collections is a space."""

# What spreadsheets take for the beginning of a formula, in both widths; tabs and line ends never begin a cell here.
_FORMULA = tuple("=+-@＝＋－＠")


def csv_feed(
    occurrences: Iterable[Occurrence],
    catalog: Catalog,
    language: Language,
    base_url: str,
    years: FeedYears | None = None,
) -> bytes:
    """Return the table, by first day, then by event id. `base_url` has no slash at its end.

    Where `years` are given, what falls outside them leads to its event: it has no page of its own.
    """
    table = StringIO()
    writer = csv.writer(table)  # separated by commas, ended with CRLF, quoted where it has to be
    writer.writerow(COLUMNS)
    for occurrence in sorted(occurrences, key=lambda one: (one.first, one.event.id)):
        writer.writerow([cell(value) for value in _row(occurrence, catalog, language, base_url, years)])
    return table.getvalue().encode()


def _row(
    occurrence: Occurrence, catalog: Catalog, language: Language, base_url: str, years: FeedYears | None
) -> tuple[str, ...]:
    event, tag = occurrence.event, language.tag
    has_page = years is None or occurrence.first in years
    place = None if event.place is None or event.place.name is None else words(event.place.name, catalog, language)
    return (
        event.id,
        str(occurrence.year),
        occurrence.first.isoformat(),
        occurrence.last.isoformat(),
        "" if occurrence.ordinal is None else str(occurrence.ordinal),
        title_of(occurrence, catalog, language),
        event.kind.value,
        " ".join(event.collections),
        "" if place is None else place.bare,
        "true" if occurrence.estimated else "false",
        base_url
        + (addresses.occurrence(tag, event.id, occurrence.year) if has_page else addresses.event(tag, event.id)),
    )


def cell(text: str) -> str:
    """Return the text on one line; what a spreadsheet would calculate begins with an apostrophe."""
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line
