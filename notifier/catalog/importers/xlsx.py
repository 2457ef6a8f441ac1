"""Units as a sheet: one row a text, of which only the column of translations can be written in.

What comes back is looked at before it is opened: a small file can unpack to a very large one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from notifier.catalog.importers.imported import ImportSourceError
from notifier.catalog.importers.returned import LONGEST, MOST_UNITS, Returned
from notifier.catalog.importers.units import Unit

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("key", "where", "state", "source", "translation")
_WIDTHS = (12, 30, 14, 70, 70)
_KEY, _SOURCE, _TRANSLATION = 0, 3, 4
_MOST_PARTS = 200
_MOST_OCTETS = 100_000_000
_DECLARATION = b"<!DOCTYPE"


def xlsx_of(units: Iterable[Unit], language: str, title: str, now: datetime) -> bytes:
    """Return a workbook of these units; `now` stands in its properties, in UTC."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title = book.properties.creator = title
    book.properties.created = book.properties.modified = now.replace(tzinfo=None)
    book.properties.language = language
    sheet = book.active
    if sheet is None or not hasattr(sheet, "append"):  # a new workbook has one
        raise TypeError(book)
    sheet.title = language
    _fill(sheet, units)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, units: Iterable[Unit]) -> None:  # noqa: ANN401 -- openpyxl has a union of three sheets
    rows: list[Sequence[str]] = [HEADER]
    rows += [(one.key, f"{one.owner}: {one.path}", one.state, one.source, one.wording) for one in units]
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            _write(sheet, number, column, text, is_open=number > 1 and column == _TRANSLATION + 1)
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    # Without a password: against slips, not against people.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def _write(sheet: Worksheet, row: int, column: int, text: str, *, is_open: bool) -> None:
    from openpyxl.styles import Alignment, Protection

    cell = sheet.cell(row, column)
    cell.value = _without_controls(text)
    # A text that begins with = + - or @ stays a text: when it is opened, and when it is edited.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = True
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.protection = Protection(locked=not is_open)


def _without_controls(text: str) -> str:
    """Return a text without the characters that XML cannot hold; no calendar has them but in escapes."""
    return "".join(one for one in text if one >= " " or one in "\n\t")


def read_xlsx(data: bytes, name: str) -> list[Returned]:
    """Return the units of a workbook. Raises ImportSourceError where it is none."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _look_inside(data, name)
    try:
        book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        rows = list(_rows(book.worksheets[0] if book.worksheets else None, name))
        book.close()
    except ImportSourceError:
        raise
    except (InvalidFileException, zipfile.BadZipFile, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ImportSourceError(source=name, cause="it is not as .xlsx files are") from error
    except (OSError, EOFError, SyntaxError, NotImplementedError, ArithmeticError) as error:
        raise ImportSourceError(source=name, cause="it is damaged, or is no .xlsx file") from error
    return rows


def _look_inside(data: bytes, name: str) -> None:
    """Refuse what is no workbook, unpacks to too much, or declares entities."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_OCTETS:
                raise ImportSourceError(source=name, cause="it unpacks to more than a sheet of texts would")
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _look_at_part(archive, part, name)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ImportSourceError(source=name, cause="it is damaged, or is no .xlsx file") from error


def _look_at_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    with archive.open(part) as file:
        # Declarations stand before the first element; XML in another coding than UTF-8 is not of a sheet's making.
        begin = file.read(4096)
    if b"\0" in begin[:4] or _DECLARATION in begin.upper():
        raise ImportSourceError(source=name, cause=f"{part.filename[:60]} in it has declarations, which no sheet needs")


def _rows(sheet: Any, name: str) -> Iterator[Returned]:  # noqa: ANN401 -- openpyxl has a union of sheets
    if sheet is None or not hasattr(sheet, "iter_rows"):
        raise ImportSourceError(source=name, cause="it has no sheet")
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # what the file says of its own size is not believed
    for number, row in enumerate(sheet.iter_rows(max_col=len(HEADER)), start=1):
        if number > MOST_UNITS:
            raise ImportSourceError(source=name, cause=f"it has more than {MOST_UNITS:,} rows")
        texts = [_text(cell) for cell in row] + [""] * (len(HEADER) - len(row))
        if number == 1:
            if tuple(texts) != HEADER:
                raise ImportSourceError(source=name, cause=f"row 1 is not {', '.join(HEADER)}; export it anew")
            continue
        if any(one is None or one for one in texts):
            yield _returned(f"{name}: row {number}", texts)


def _text(cell: Any) -> str | None:  # noqa: ANN401 -- a cell is of several classes
    """Return a cell's text, None for what is no text."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) and cell.data_type != "e" else None


def _returned(place: str, texts: Sequence[str | None]) -> Returned:
    key, source, wording = texts[_KEY], texts[_SOURCE], texts[_TRANSLATION]
    if not key or source is None:
        return Returned(place, key or "", source or "", wording or "", "its key or source text was taken away")
    if wording is None:
        return Returned(place, key, source, "", "the translation is a formula, a date or an error, not a text")
    if len(wording) > LONGEST:
        return Returned(place, key, source, "", f"the translation has more than {LONGEST:,} characters")
    return Returned(place, key, source, wording)
