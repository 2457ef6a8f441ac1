"""The round anniversaries as a workbook: equal calendars make equal bytes.

openpyxl writes the present instant into a workbook and its archive; both are put right here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from notifier.content.choices import collection_name
from notifier.content.csv_feed import cell
from notifier.content.language import Language
from notifier.content.site import SiteDay
from notifier.content.wording import title_of, words
from notifier.domain.occurrences import Occurrence

_WIDTHS = (13, 13, 56, 12, 28, 24, 14, 64)
_BEGINNING_OF_ARCHIVES = (1980, 1, 1, 0, 0, 0)
_INSTANT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def planners_workbook(occurrences: Iterable[Occurrence], site: SiteDay, language: Language) -> bytes:
    """Return the workbook: a head, then one row each. No cell begins a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet: Any = book.active
    sheet.title = cell(language.say("Round anniversaries"))[:31]
    sheet.sheet_view.rightToLeft = language.direction == "rtl"
    sheet.freeze_panes = "A2"
    sheet.append(_head(language))
    for occurrence in occurrences:
        sheet.append(_row(occurrence, site, language))
    for number, width in enumerate(_WIDTHS):
        column = chr(ord("A") + number)
        sheet.column_dimensions[column].width = width
        sheet[f"{column}1"].font = Font(bold=True)
    for line in sheet.iter_rows(min_row=2):
        for one in line:
            one.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.auto_filter.ref = sheet.dimensions
    written = BytesIO()
    book.save(written)
    return _without_instants(written.getvalue(), site.catalog.calendar.published)


def _head(language: Language) -> Sequence[str]:
    say = language.say
    return [
        say("Date"),
        say("Last day"),
        say("Event"),
        say("Ordinal"),
        say("Where"),
        say("Collections"),
        say("Date estimated"),
        say("Page"),
    ]


def _row(occurrence: Occurrence, site: SiteDay, language: Language) -> Sequence[object]:
    event, catalog = occurrence.event, site.catalog
    place = None if event.place is None or event.place.name is None else words(event.place.name, catalog, language)
    collections = (collection_name(id_, site.catalog, language).text for id_ in event.collections)
    return [
        occurrence.first,
        occurrence.last,
        cell(title_of(occurrence, catalog, language)),
        occurrence.ordinal,
        cell(place.text) if place else None,
        cell(f"{language.comma} ".join(collections)) or None,
        language.say("yes") if occurrence.estimated else None,
        site.base_url + site.page_of(language.tag, occurrence),
    ]


def _without_instants(book: bytes, published: date) -> bytes:
    """Return the archive with the day the calendar was published as every instant in it."""
    instant = f"{published.isoformat()}T00:00:00Z".encode("ascii")
    written = BytesIO()
    with ZipFile(BytesIO(book)) as source, ZipFile(written, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/core.xml":
                body = _INSTANT.sub(rb"\g<1>" + instant + rb"\g<2>", body)
            part = ZipInfo(name, _BEGINNING_OF_ARCHIVES)
            part.compress_type = ZIP_DEFLATED
            target.writestr(part, body)
    return written.getvalue()
