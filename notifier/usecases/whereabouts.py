"""Whether the database is where it was: a copied server, or a restored file, sends nothing until it is told to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from notifier.storage.engine import writing
from notifier.storage.holds import hold_everything
from notifier.storage.keys import random_key
from notifier.storage.place import MarkFile, has_people, keep_place, kept_place, mark_file, place_of

_MARK = 32

COPIED = "this is a copy of another server, or it was moved or restored: notifier release all"
"""Why everything is held."""


def settle_in(engine: Engine, machine: str, now: datetime) -> bool:
    """Hold everything where the database is not what was last started from here; return whether it is held for that.

    From now on it belongs here, so that `notifier release all` lets it go on. Nothing is held at the first start, nor
    where nobody could be written to. A kill at any instant leaves it as it was or as it is to be.
    """
    place, file = place_of(engine, machine), mark_file(engine)
    with writing(engine) as db:
        before, mark = kept_place(db), random_key(_MARK)
        marks = None if file is None else file.read()
        copied = _is_copy(before, place, file, marks) and has_people(db)
        if copied:
            hold_everything(db, COPIED, now)
        if file is not None:
            # Both, until the database says the new one.
            file.write([mark] if before is None else [before[1], mark])
        keep_place(db, place, mark)
    if file is not None and not _only(file, mark):
        file.write([mark])
    return copied


def _is_copy(before: tuple[str, str] | None, place: str, file: MarkFile | None, marks: list[str] | None) -> bool:
    if before is None:
        return marks is not None  # the file knows of a database that had a mark
    if before[0] != place:
        return True
    return file is not None and before[1] not in (marks or [])


def _only(file: MarkFile, mark: str) -> bool:
    return file.read() == [mark]
