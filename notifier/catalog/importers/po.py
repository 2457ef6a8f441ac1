"""Units as gettext's PO files: `msgctxt` is the key, `msgid` the source text, `msgstr` the wording."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from notifier.catalog.importers.imported import ImportSourceError
from notifier.catalog.importers.returned import MOST_UNITS, Returned
from notifier.catalog.importers.units import Unit

if TYPE_CHECKING:
    from babel.messages.catalog import Message


def po_of(units: Iterable[Unit], language: str, title: str, now: datetime) -> bytes:
    """Return a PO file of these units; `now` stands in its head."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    catalog = Catalog(
        locale=language,
        project=title,
        version="-",
        header_comment=f"# Texts of {title}; what is returned is taken line by line.",
        msgid_bugs_address="-",
        last_translator="-",
        language_team=language,
        charset="utf-8",
        creation_date=now,
        revision_date=now,
        fuzzy=False,
    )
    for unit in units:
        told = [f"{unit.owner}: {unit.path}", *([f"state: {unit.state}"] if unit.state else [])]
        message = catalog.add(
            unit.source, unit.wording, locations=[(unit.file, unit.line)], auto_comments=told, context=unit.key
        )
        # Texts are for people: a per cent sign in them is no format.
        message.flags.clear()
    out = BytesIO()
    write_po(out, catalog, width=0)
    return out.getvalue()


def read_po(data: bytes, name: str, language: str) -> list[Returned]:
    """Return the units of a PO file. Raises ImportSourceError where it is none, or is in another language."""
    from babel.messages.pofile import PoFileError
    from babel.messages.pofile import read_po as read

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ImportSourceError(source=name, cause=f"line {line} is not UTF-8; save it as UTF-8") from error
    if "\0" in text:
        raise ImportSourceError(source=name, cause="it is no text")
    try:
        catalog = read(StringIO(text, newline=None), abort_invalid=True)
    except PoFileError as error:
        raise ImportSourceError(
            source=name, cause=f"line {error.lineno + 1} is not as PO files are ({error})"
        ) from error
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise ImportSourceError(source=name, cause=f"it is not as PO files are ({error})") from error
    own = str(catalog.locale_identifier or "").replace("_", "-")
    if own and own.lower().partition("-")[0] != language.partition("-")[0]:
        raise ImportSourceError(source=name, cause=f"its head says that it is in {own[:20]}, not in {language}")
    if len(catalog) > MOST_UNITS:
        raise ImportSourceError(source=name, cause=f"it has more than {MOST_UNITS:,} texts")
    return [_returned(name, message) for message in catalog if message.id]


def _returned(name: str, message: Message) -> Returned:
    place, context = f"{name}:{message.lineno or 1}", message.context or ""
    id_, string = message.id, message.string
    if not isinstance(id_, str) or not isinstance(string, str | None):
        return Returned(place, context, "", "", "it has plural forms, which no text of a calendar has")
    problem = ""
    if not context:
        problem = "it has no msgctxt, so nothing says which text it is"
    elif message.fuzzy:
        problem = "it is marked fuzzy; take the mark away when it is right"
    return Returned(place, context, id_.strip(), (string or "").strip(), problem)
