"""The history of what was published as a file: a database without one adopts it, and goes on where another stopped."""

from __future__ import annotations

import json

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from notifier.domain.errors import NotifierError
from notifier.storage.engine import reading, writing
from notifier.storage.history import has_history, history_rows, save_history

FORMAT = 1


class HistoryUnreadableError(NotifierError):
    """Not what `write_history` returned."""

    sentence = "{place} is not a history that this version can read: {cause}"


class OtherCalendarError(NotifierError):
    """The entries have other identities."""

    sentence = "{place} is the history of {found}, and this calendar is {expected}"


class HistoryThereError(NotifierError):
    """A history is never mixed with another."""

    sentence = "the database has a history of its own, and keeps it; {place} is for one that has published nothing yet"


def write_history(engine: Engine, calendar_id: str) -> bytes:
    """Return every revision and feed state as canonical JSON: sorted, one row a line, the same from each database."""
    with reading(engine) as db:
        history = history_rows(db)
    parts = {name: "[\n" + ",\n".join(map(_json, rows)) + "\n]" for name, rows in history.items()}
    parts |= {"calendar": _json(calendar_id), "format": _json(FORMAT)}
    return ("{" + ",\n".join(f"{_json(name)}:{parts[name]}" for name in sorted(parts)) + "}\n").encode()


def adopt_history(engine: Engine, content: bytes, calendar_id: str, place: str) -> None:
    """Keep a written history in a database that has none; `place` names it in errors.

    Raises HistoryUnreadableError, OtherCalendarError, and HistoryThereError.
    """
    try:
        history = json.loads(content)
        form, calendar = history["format"], history["calendar"]
    except (ValueError, LookupError, TypeError) as error:
        raise HistoryUnreadableError(place=place, cause="it is not of the form that publish writes") from error
    if form != FORMAT:
        raise HistoryUnreadableError(place=place, cause=f"its format is {form}, and {FORMAT} is known")
    if calendar != calendar_id:
        raise OtherCalendarError(place=place, found=calendar, expected=calendar_id)
    with writing(engine) as db:
        if has_history(db):
            raise HistoryThereError(place=place)
        try:
            save_history(db, history)
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError, DBAPIError) as error:
            raise HistoryUnreadableError(place=place, cause="a row is not of this version's form") from error


def lacks_history(engine: Engine) -> bool:
    """Whether nothing was ever published from this database."""
    with reading(engine) as db:
        return not has_history(db)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
