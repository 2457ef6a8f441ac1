"""Editions: the content of messages, each kept once however many people get it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from notifier.domain.deliveries import EditionKey, EditionState, NoticeKey
from notifier.storage.keys import random_key
from notifier.storage.tables import editions, insert_into


@dataclass(frozen=True, slots=True)
class EditionContent:
    """An edition's rendered text, in both forms."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One message as everybody gets it. `key` stands for it in public addresses; `content` is None until rendered."""

    id: int
    key: str
    of: EditionKey
    state: EditionState
    content: EditionContent | None


def keep_editions(db: Connection, wanted: Iterable[EditionKey], at: datetime) -> dict[EditionKey, int]:
    """Return the ids of these editions; those that are not there yet are made, and released."""
    ids = {}
    for key in wanted:
        values = {
            "key": random_key(26),
            "digest": key.digest,
            "kind": key.kind,
            "language": key.language,
            "day": key.day,
            "notices": _notices_text(key.notices),
            "outlook": _notices_text(key.outlook),
            "about": key.about,
            "state": EditionState.RELEASED,
            "created_at": at,
        }
        db.execute(insert_into(db, editions).values(values).on_conflict_do_nothing(index_elements=["digest"]))
        ids[key] = int(db.execute(select(editions.c.id).where(editions.c.digest == key.digest)).scalar_one())
    return ids


def edition(db: Connection, id_: int) -> Edition:
    """Return the edition with this id; a delivery's own is always there."""
    return _edition(db.execute(select(editions).where(editions.c.id == id_)).one())


def edition_by_key(db: Connection, key: str) -> Edition | None:
    """Return the edition this public key stands for."""
    row = db.execute(select(editions).where(editions.c.key == key)).one_or_none()
    return None if row is None else _edition(row)


def keep_content(db: Connection, id_: int, content: EditionContent) -> None:
    """Keep what an edition was rendered to."""
    db.execute(update(editions).where(editions.c.id == id_).values(asdict(content)))


def read_notices(text: str) -> tuple[NoticeKey, ...]:
    """Read the notices of an edition as its row keeps them."""
    return tuple(NoticeKey(**notice) for notice in json.loads(text))


def _notices_text(notices: Iterable[NoticeKey]) -> str:
    return json.dumps([asdict(notice) for notice in notices], sort_keys=True, separators=(",", ":"))


def _edition(row: Row[Any]) -> Edition:
    content = None if row.subject is None else EditionContent(row.subject, row.text, row.html)
    outlook = read_notices(row.outlook)
    of = EditionKey(row.language, row.day, read_notices(row.notices), outlook, row.kind, row.about)
    return Edition(row.id, row.key, of, row.state, content)
