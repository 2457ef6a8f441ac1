"""What a WebSub hub was last told of: Last-Modified of each feed, by the feed's whole address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from notifier.storage.tables import insert_into, pings


def told(db: Connection, base_url: str) -> dict[str, datetime]:
    """Return what the hub was told of feeds below an address."""
    query = select(pings.c.topic, pings.c.last_modified).where(
        pings.c.topic.startswith(f"{base_url}/", autoescape=True)
    )
    return {row.topic: row.last_modified for row in db.execute(query)}


def keep_told(db: Connection, topics: Mapping[str, datetime]) -> None:
    """Keep what the hub was told of these feeds now."""
    if topics:
        statement = insert_into(db, pings)
        replaced = {"last_modified": statement.excluded.last_modified}
        rows = [{"topic": topic, "last_modified": last_modified} for topic, last_modified in topics.items()]
        db.execute(statement.on_conflict_do_update(index_elements=["topic"], set_=replaced), rows)


def forget_told(db: Connection, topics: Collection[str]) -> None:
    """Forget feeds that there are no more."""
    if topics:
        db.execute(delete(pings).where(pings.c.topic == bindparam("gone")), [{"gone": topic} for topic in topics])
