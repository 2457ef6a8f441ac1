"""Editions: the content of messages, each kept once however many people get it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, update

from notifier.domain.deliveries import DeliveryState, EditionKey, EditionKind, EditionState, NoticeKey
from notifier.storage.keys import random_key
from notifier.storage.tables import deliveries, editions, insert_into

_AT_ONCE = 500
"""How many editions one statement asks for: databases take only so many values."""


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


def keep_editions(
    db: Connection,
    wanted: Iterable[EditionKey],
    at: datetime,
    state_of: Callable[[EditionKey], EditionState] = lambda _: EditionState.RELEASED,
) -> dict[EditionKey, int]:
    """Return the ids of these editions; those that are not there yet are made, in the state that `state_of` says."""
    by_digest = {key.digest: key for key in wanted}
    digests = sorted(by_digest)
    ids = {}
    for start in range(0, len(digests), _AT_ONCE):
        some = digests[start : start + _AT_ONCE]
        rows = [_new_row(by_digest[digest], digest, state_of(by_digest[digest]), at) for digest in some]
        db.execute(insert_into(db, editions).on_conflict_do_nothing(index_elements=["digest"]), rows)
        there = select(editions.c.digest, editions.c.id).where(editions.c.digest.in_(some))
        ids.update({by_digest[digest]: id_ for digest, id_ in db.execute(there)})
    return ids


def _new_row(key: EditionKey, digest: str, state: EditionState, at: datetime) -> dict[str, object]:
    return {
        "key": random_key(26),
        "digest": digest,
        "kind": key.kind,
        "language": key.language,
        "day": key.day,
        "notices": _notices_text(key.notices),
        "outlook": _notices_text(key.outlook),
        "about": key.about,
        "state": state,
        "created_at": at,
    }


def edition(db: Connection, id_: int) -> Edition:
    """Return the edition with this id; a delivery's own is always there."""
    return _edition(db.execute(select(editions).where(editions.c.id == id_)).one())


def edition_by_key(db: Connection, key: str) -> Edition | None:
    """Return the edition this public key stands for."""
    row = db.execute(select(editions).where(editions.c.key == key)).one_or_none()
    return None if row is None else _edition(row)


def editions_there(db: Connection, keys: Iterable[EditionKey]) -> dict[EditionKey, tuple[EditionState, str]]:
    """Return the state and the public key of those of these editions that were made already."""
    by_digest = {key.digest: key for key in keys}
    days = {key.day for key in by_digest.values()}
    if not days:
        return {}
    query = select(editions.c.digest, editions.c.state, editions.c.key).where(
        editions.c.kind == EditionKind.NOTICE, editions.c.day.between(min(days), max(days))
    )
    return {by_digest[digest]: (state, key) for digest, state, key in db.execute(query) if digest in by_digest}


def edition_before(db: Connection, key: EditionKey) -> Edition | None:
    """Return what was last said, a year before, of the same events in the same language; None for nothing.

    Of several the one with the same days left is meant, else the latest.
    """
    wanted = {(notice.event, notice.year - 1): notice.days for notice in key.notices}
    query = (
        select(editions)
        .where(editions.c.kind == EditionKind.NOTICE, editions.c.language == key.language)
        .where(editions.c.day.between(key.day - timedelta(days=400), key.day - timedelta(days=330)))
        .where(editions.c.text.is_not(None), editions.c.state != EditionState.DRAFT)
        .order_by(editions.c.day.desc(), editions.c.id.desc())
    )
    found = [_edition(row) for row in db.execute(query)]
    of_these = [one for one in found if {(n.event, n.year) for n in one.of.notices} == set(wanted)]
    same = (one for one in of_these if {(n.event, n.year): n.days for n in one.of.notices} == wanted)
    return next(same, next(iter(of_these), None))


def instead_of(db: Connection, one: Edition) -> Edition | None:
    """Return the edition that stands in the place of a corrected one; None for one that stands itself."""
    row = db.execute(select(editions).where(editions.c.digest == one.of.digest)).one_or_none()
    return None if row is None or row.id == one.id else _edition(row)


def corrected_before(db: Connection, one: Edition) -> list[Edition]:
    """Return the corrected editions in whose place this one stands."""
    alike = and_(editions.c.kind == one.of.kind, editions.c.language == one.of.language, editions.c.day == one.of.day)
    rows = db.execute(select(editions).where(alike, editions.c.id != one.id).order_by(editions.c.id))
    return [_edition(row) for row in rows if key_of(row) == one.of]


def cancelled_among(db: Connection, ids: Collection[int]) -> frozenset[int]:
    """Return which of these editions were cancelled."""
    query = select(editions.c.id).where(editions.c.id.in_(ids), editions.c.state == EditionState.CANCELLED)
    return frozenset(db.scalars(query))


def held_since(db: Connection, day: date) -> list[Edition]:
    """Return the editions of notices that are held, those of `day` and later ones.

    None that was corrected: another one stands in its place.
    """
    held = and_(editions.c.state == EditionState.HELD, editions.c.kind == EditionKind.NOTICE, editions.c.day >= day)
    rows = db.execute(select(editions).where(held).order_by(editions.c.id))
    return [_edition(row) for row in rows if row.digest == key_of(row).digest]


def speaks_of(edition: Edition, event: str) -> bool:
    """Whether an edition names an event, by its first id."""
    return any(notice.event == event for notice in (*edition.of.notices, *edition.of.outlook))


def keep_content(db: Connection, id_: int, content: EditionContent) -> None:
    """Keep what an edition was rendered to."""
    db.execute(update(editions).where(editions.c.id == id_).values(asdict(content)))


def forget_unread(db: Connection, ids: Collection[int]) -> None:
    """Forget the text of those of these editions that were held or cancelled before anything of them was tried.

    They are rendered from the calendar as it stands once their first message leaves.
    """
    begun = select(deliveries.c.edition_id).where(
        or_(deliveries.c.attempts > 0, deliveries.c.state.in_([DeliveryState.CLAIMED, DeliveryState.SENT]))
    )
    stopped = editions.c.state.in_([EditionState.HELD, EditionState.CANCELLED])
    unread = and_(editions.c.id.in_(ids), editions.c.kind == EditionKind.NOTICE, stopped, editions.c.id.not_in(begun))
    db.execute(update(editions).where(unread).values(subject=None, text=None, html=None))


def read_notices(text: str) -> tuple[NoticeKey, ...]:
    """Read the notices of an edition as its row keeps them."""
    return tuple(NoticeKey(**notice) for notice in json.loads(text))


def _notices_text(notices: Iterable[NoticeKey]) -> str:
    rows = [{name: value for name, value in asdict(notice).items() if value != ""} for notice in notices]
    return json.dumps(rows, sort_keys=True, separators=(",", ":"))


def key_of(row: Row[Any]) -> EditionKey:
    """Read what makes an edition what it is from a row that has its columns."""
    notices, outlook = read_notices(row.notices), read_notices(row.outlook)
    return EditionKey(row.language, row.day, notices, outlook, row.kind, row.about)


def _edition(row: Row[Any]) -> Edition:
    content = None if row.subject is None else EditionContent(row.subject, row.text, row.html)
    return Edition(row.id, row.key, key_of(row), row.state, content)
